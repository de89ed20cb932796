/*
 * What an analyzer of a guest's system calls includes.
 *
 * An analyzer is a QEMU plugin: it exports qemu_plugin_version,
 * qemu_plugin_install() and, to use what is declared here,
 * frail_plugin_version.  It runs unchanged under -accel kvm,frail=on and
 * -accel tcg,frail=on.
 *
 *     #include <qemu-plugin.h>
 *     #include <frail-plugin.h>
 *
 *     QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;
 *     FRAIL_PLUGIN_EXPORT int frail_plugin_version = FRAIL_PLUGIN_VERSION;
 *
 * Callbacks run on the thread of the vCPU that makes the call, while that
 * vCPU stands still and others run on; no lock is held.  A FrailCall is
 * valid during the callback only.  Functions that can fail return a negative
 * errno.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PLUGIN_H
#define FRAIL_PLUGIN_H

#if defined(FRAIL_HOST_H) && !defined(FRAIL_LIBRARY)
#error "an analyzer includes frail-plugin.h only, not frail-host.h"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FRAIL_PLUGIN_EXPORT __attribute__((visibility("default")))

/* The interface described here; the library refuses a newer one. */
#define FRAIL_PLUGIN_VERSION 1

typedef struct FrailCall FrailCall;
typedef struct FrailAnalyzer FrailAnalyzer;

/* Which table the call's number belongs to. */
typedef enum FrailAbi {
    FRAIL_ABI_X86_64,
    FRAIL_ABI_X32,          /* numbers without the 0x40000000 bit */
    FRAIL_ABI_I386,
} FrailAbi;

/* A verdict: 0 lets the call go on, a negative errno refuses it. */
#define FRAIL_CONTINUE 0

/*
 * The guest enters a system call.  Return FRAIL_CONTINUE, or a negative
 * errno (-1 to -4095): the guest's kernel then never sees the call, and its
 * caller gets that error.  When several analyzers refuse, the first one
 * loaded decides; all are told.
 */
typedef int FrailCallFn(const FrailCall *call, void *opaque);

/* The call has returned; frail_call_result() has the value. */
typedef void FrailReturnFn(const FrailCall *call, void *opaque);

typedef struct FrailAnalyzerOptions {
    size_t sz;              /* sizeof(FrailAnalyzerOptions) */
    const char *name;       /* for messages; copied */
    FrailCallFn *on_call;   /* or NULL */
    FrailReturnFn *on_return;   /* or NULL: then returns cost nothing */
    void *opaque;
    /*
     * Names or numbers of calls, separated by ':', "!" in front for all
     * others, NULL for all: "openat:openat2", "!futex:clock_gettime".
     * Numbers mean x86-64.  Copied.
     */
    const char *filter;
} FrailAnalyzerOptions;

/*
 * Register an analyzer; call it in qemu_plugin_install().  Returns NULL and
 * one sentence in *@err (static or owned by the library, valid until the
 * next call) when QEMU runs without frail=on or an option is wrong.
 */
FrailAnalyzer *frail_analyzer_register(const FrailAnalyzerOptions *opts,
                                       const char **err);

/* --- A call, during a callback ---------------------------------------- */

FrailAbi frail_call_abi(const FrailCall *call);
int64_t frail_call_number(const FrailCall *call);
/* "openat", or NULL when the table does not know the number. */
const char *frail_call_name(const FrailCall *call);
/* Argument @i, 0 to 5; 0 for any other @i. */
uint64_t frail_call_arg(const FrailCall *call, unsigned i);
/* How many arguments the call has, 0 to 6; 6 when it is unknown. */
unsigned frail_call_arg_count(const FrailCall *call);
unsigned frail_call_vcpu(const FrailCall *call);
/* A number of its own for every call of this machine, from 1. */
uint64_t frail_call_sequence(const FrailCall *call);
/* Host's wall clock at entry, nanoseconds since 1970. */
int64_t frail_call_time_ns(const FrailCall *call);
/* Nanoseconds from entry to return; 0 at entry. */
int64_t frail_call_duration_ns(const FrailCall *call);
/* User mode's instruction after the call, its stack pointer, and CR3. */
uint64_t frail_call_user_rip(const FrailCall *call);
uint64_t frail_call_user_rsp(const FrailCall *call);
uint64_t frail_call_cr3(const FrailCall *call);
/*
 * The guest task (thread) as the address of the top of its kernel stack;
 * unique among the tasks alive.  0 when this guest does not show it.
 */
uint64_t frail_call_task(const FrailCall *call);
/* The errno (positive) with which an analyzer refused this call, or 0. */
int frail_call_refused(const FrailCall *call);

/*
 * At return: the value in *@result.  0, or -ENODATA when it cannot be known
 * (at entry always).
 */
int frail_call_result(const FrailCall *call, int64_t *result);
/* The value is one of the kernel's own restart codes: the call runs again. */
bool frail_call_restarts(const FrailCall *call);

/*
 * Read @len bytes of the caller's memory at @addr.  Returns 0, or -EFAULT
 * when a page is not present (then the first bytes may have been copied).
 */
int frail_call_read(const FrailCall *call, uint64_t addr, void *buf,
                    size_t len);
/*
 * Read a string of at most @size - 1 bytes; always terminated.  Returns its
 * length, -E2BIG when it was cut, -EFAULT when a page is not present.
 */
ssize_t frail_call_read_string(const FrailCall *call, uint64_t addr,
                               char *buf, size_t size);

/* --- Names -------------------------------------------------------------- */

/* NULL when unknown.  Static strings, any thread. */
const char *frail_syscall_name(FrailAbi abi, int64_t nr);
/* The number, or -ENOENT. */
int64_t frail_syscall_number(FrailAbi abi, const char *name);
/* "ENOENT" for 2; NULL when unknown. */
const char *frail_errno_name(int err);

/* --- Output ------------------------------------------------------------- */

/*
 * One writer for the text of an analyzer: whole lines, in the order in which
 * they were given, from any thread.  @path NULL or "-" is standard error.
 * Returns NULL and one sentence in *@err when the file cannot be made.
 */
typedef struct FrailWriter FrailWriter;
FrailWriter *frail_writer_open(const char *path, const char **err);
/* Take @len bytes; a line must end with a newline.  Blocks when full. */
void frail_writer_put(FrailWriter *w, const char *text, size_t len);
/* Is the output a terminal that shows colour? */
bool frail_writer_is_terminal(const FrailWriter *w);
/* Write out what is left and close.  NULL is allowed. */
void frail_writer_close(FrailWriter *w);

#ifdef __cplusplus
}
#endif
#endif /* FRAIL_PLUGIN_H */
