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
 * vCPU stands still and others run on.  No lock is held, but QEMU's RCU read
 * section is: a callback that sleeps keeps the monitor from whatever waits
 * for a grace period, and the guest from its CPU.  A FrailCall is valid
 * during the callback only.  Functions that can fail return a negative errno.
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
typedef struct FrailSignal FrailSignal;
typedef struct FrailExit FrailExit;
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

/*
 * The call is over: it has returned, and frail_call_result() has the value;
 * or its return will not be seen, and there is no value.  Nearly always its
 * task was killed in it, which is found out when the task's kernel stack is
 * used again: late, and on any vCPU; or, if somebody has on_exit or on_signal,
 * when its parent learns of it.  Too many open calls, and guests that do
 * not show their tasks, are the other cause.  exit and exit_group have no
 * return, and nothing comes for calls that were open when the guest was reset.
 */
typedef void FrailReturnFn(const FrailCall *call, void *opaque);

/*
 * A call that on_call was given as FRAIL_MATCH_LATER has returned, and is not
 * what was asked for: forget it.
 */
typedef void FrailDropFn(const FrailCall *call, void *opaque);

/*
 * A signal's handler is about to run in the guest, in a task that this analyzer
 * has been given a call of before.  The signal came in a call, which has been
 * told to be over by then, or between two.  Signals that are ignored, and those
 * that end, stop or continue a process, leave no trace in user mode and are not
 * told.  Nor is one that comes in exactly the state that the task's last one
 * came in, without a call of that task in between.
 */
typedef void FrailSignalFn(const FrailSignal *signal, void *opaque);

/*
 * A task (thread) has ended that this analyzer has been given a call of: told
 * once for each.  For one that exits by itself at its exit call, behind
 * on_call; for one that was killed when its parent learns of it (by a wait call,
 * or SIGCHLD's handler), or at the latest when its kernel stack is used again.
 * The call that it was in has been told to be over without a value before.
 * Without the guest's own description (see frail_call_process()) only exits are
 * told.
 */
typedef void FrailExitFn(const FrailExit *exit, void *opaque);

typedef struct FrailAnalyzerOptions {
    size_t sz;              /* sizeof(FrailAnalyzerOptions) */
    const char *name;       /* for messages; copied */
    FrailCallFn *on_call;   /* or NULL */
    FrailReturnFn *on_return;   /* or NULL */
    void *opaque;           /* for all of them, as it is */
    /*
     * Names or numbers of calls, classes as strace has them and regular
     * expressions for names, separated by ':'; "!" in front for all others,
     * NULL for all: "openat:openat2", "%file:/^exec", "!futex:clock_gettime".
     * Numbers mean x86-64.  Copied.
     */
    const char *filter;
    /*
     * An expression that the calls must match as well, NULL for all: see
     * "Filters" below.  It is evaluated before a callback is called; neither
     * the caller nor arguments are looked at if the number says no already.
     * What it says at entry holds for the return, too.  Copied.
     */
    const char *where;
    /*
     * Or NULL.  An analyzer that keeps something from on_call to on_return
     * needs it, because @where may ask for what only the return tells.
     * Without on_return what is not known at entry does not match.
     */
    FrailDropFn *on_drop;
    FrailSignalFn *on_signal;   /* or NULL */
    FrailExitFn *on_exit;       /* or NULL */
} FrailAnalyzerOptions;

/*
 * Register an analyzer; for qemu_plugin_install() only.  The machine owns what
 * is returned, for as long as it lives.  Returns NULL and one sentence in
 * *@err (static or owned by the library, valid until the next call) when QEMU
 * runs without frail=on or an option is wrong.
 */
FrailAnalyzer *frail_analyzer_register(const FrailAnalyzerOptions *opts,
                                       const char **err);

/*
 * --- Filters ---------------------------------------------------------------
 * Expressions that choose calls: comm == "sshd" and not uid < 1000.  The
 * language is described in frail-filter(7).
 */
typedef struct FrailFilter FrailFilter;

typedef enum FrailMatch {
    FRAIL_MATCH_NO,
    FRAIL_MATCH_YES,
    /*
     * At entry: what the call returns decides; or memory of the caller's,
     * which cannot be read before its kernel has paged it in.
     */
    FRAIL_MATCH_LATER,
} FrailMatch;

/*
 * Make a filter of @text.  Returns NULL and one sentence in *@err, which
 * begins with "column N: "; valid until this thread's next call.  Any thread.
 * With the term "tree": for qemu_plugin_install() only, so that the machine
 * can begin to note who forks; made elsewhere it knows only living parents.
 */
FrailFilter *frail_filter_new(const char *text, const char **err);
/* Nobody uses it any more.  NULL is allowed.  Any thread. */
void frail_filter_free(FrailFilter *f);
/*
 * Of this thread's last failure to make a filter, by whichever function, two
 * lines for people: the text, and a mark below what is wrong.  NULL when
 * nothing failed.
 */
const char *frail_filter_error_caret(void);
/* The text that it was made of; valid as long as @f. */
const char *frail_filter_text(const FrailFilter *f);
/*
 * Has it a term that only the return decides?  Then nothing can be refused
 * by it.
 */
bool frail_filter_needs_return(const FrailFilter *f);
/*
 * Can it match this call, whoever makes it?  For any number; takes one look
 * at a bit.  Any thread.
 */
bool frail_filter_can_match(const FrailFilter *f, FrailAbi abi, int64_t nr);
/*
 * Does @call match?  During a callback, on its thread.  At return
 * never FRAIL_MATCH_LATER; the caller is then who it is by now, nobody if
 * the return is not seen.
 */
FrailMatch frail_filter_match(const FrailFilter *f, const FrailCall *call);

/*
 * Of a callback: how the analyzer's @where has chosen the call.  In on_call
 * FRAIL_MATCH_YES or FRAIL_MATCH_LATER; in on_return FRAIL_MATCH_LATER if
 * the return has decided; in on_drop FRAIL_MATCH_NO.
 */
FrailMatch frail_call_match(const FrailCall *call);

/*
 * Replace the analyzer's @where by @text, NULL or "" for all calls, while the
 * guest runs.  It is true for calls that are entered from now on, and for
 * those that wait for their return to decide.  Returns 0; or -EINVAL and one
 * sentence in *@err, valid until this thread's next call, and nothing has
 * changed.  What needs returns (also "tree") is refused if the analyzers
 * were loaded without.  Any thread, never waits for a vCPU; not after the
 * machine's end.
 */
int frail_analyzer_set_where(FrailAnalyzer *a, const char *text,
                             const char **err);
/*
 * Copy the present @where, "" for all calls, into @buf of @size bytes, always
 * terminated unless @size is 0.  Returns its whole length.  Any thread.
 */
size_t frail_analyzer_get_where(FrailAnalyzer *a, char *buf, size_t size);

/*
 * --- A call, during a callback, on its thread ------------------------------
 * None of these can fail but where it says so.
 */

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
/* Nanoseconds from entry to return, of a steady clock; 0 at entry. */
int64_t frail_call_duration_ns(const FrailCall *call);
/*
 * Where the call goes back to in user mode, 0 when that is not known (a 32-bit
 * call that the vDSO did not make); user mode's stack pointer; CR3.
 */
uint64_t frail_call_user_rip(const FrailCall *call);
uint64_t frail_call_user_rsp(const FrailCall *call);
uint64_t frail_call_cr3(const FrailCall *call);
/*
 * The guest task (thread) as the address of the top of its kernel stack;
 * unique among the tasks alive, used again for another when it is dead.  0
 * when this guest does not show it.
 */
uint64_t frail_call_task(const FrailCall *call);
/* The errno (positive) with which an analyzer refused this call, or 0. */
int frail_call_refused(const FrailCall *call);

/*
 * At return: the value in *@result.  0, or -ENODATA when there is none: at
 * entry, for a call that restarts, and for one whose return is not seen.
 */
int frail_call_result(const FrailCall *call, int64_t *result);
/* The value is one of the kernel's own restart codes: the call runs again. */
bool frail_call_restarts(const FrailCall *call);

/*
 * At entry, for on_call: the call does not happen; its caller's process ends,
 * all of its threads, before another instruction of it is run.  The guest's
 * own kernel does it, for the call is turned into kill(SIGKILL) of the caller,
 * or into exit_group(137) where a process cannot kill itself or its id is not
 * known: the first process of a container, a guest that does not describe
 * itself.  A verdict counts for nothing then.  on_return follows at once,
 * without a result.
 *
 * A process that has forbidden itself both calls with seccomp lives on, and so
 * does one whose tracer in the guest undoes it; what it asked for has not
 * happened.
 *
 * 0; -EPERM: it is the guest's init, whose end would be the guest's; -EINVAL:
 * this is not on_call.
 */
int frail_call_kill(const FrailCall *call);
/* An analyzer has ended the caller in place of this call. */
bool frail_call_killed(const FrailCall *call);

/*
 * Read @len bytes of the caller's memory at @addr.  Returns 0, or -EFAULT
 * when user mode has no present page there (then the first bytes may have
 * been copied), and always when the call's return is not seen.
 */
int frail_call_read(const FrailCall *call, uint64_t addr, void *buf,
                    size_t len);
/*
 * Read a string with its terminating zero into @buf of @size bytes; it is
 * always terminated, unless @size is 0.  Returns its length, -E2BIG when it
 * was cut, -EFAULT as above.
 */
ssize_t frail_call_read_string(const FrailCall *call, uint64_t addr,
                               char *buf, size_t size);

/*
 * --- Who makes the call ----------------------------------------------------
 * Read out of the guest's memory, during a callback, on its thread.
 */

/* A process of the guest: the task that makes a call. */
typedef struct FrailProcess FrailProcess;

/*
 * The caller; NULL when it is not known: the guest's kernel does not describe
 * itself, or what it says contradicts itself.  Never a guess.  At the return
 * of a call whose return is not seen always NULL.
 */
const FrailProcess *frail_call_process(const FrailCall *call);

/* gettid() and getpid() in the guest's first pid namespace. */
int32_t frail_process_tid(const FrailProcess *p);
int32_t frail_process_pid(const FrailProcess *p);
/* Process id of the parent; 0 when it has none. */
int32_t frail_process_ppid(const FrailProcess *p);
/* The thread's id in its own pid namespace. */
int32_t frail_process_ns_tid(const FrailProcess *p);
/*
 * Nanoseconds from the guest's boot to the start of the process; with its pid
 * a key that no other process of this boot has.
 */
uint64_t frail_process_start_ns(const FrailProcess *p);
/* At most 15 bytes, any but 0; valid during the callback. */
const char *frail_process_comm(const FrailProcess *p);

typedef enum FrailId {
    FRAIL_ID_REAL,
    FRAIL_ID_EFFECTIVE,
    FRAIL_ID_SAVED,
    FRAIL_ID_FS,
} FrailId;
/* In the guest's first user namespace; (uint32_t)-1 for another @which. */
uint32_t frail_process_uid(const FrailProcess *p, FrailId which);
uint32_t frail_process_gid(const FrailProcess *p, FrailId which);

typedef enum FrailCapSet {
    FRAIL_CAP_EFFECTIVE,
    FRAIL_CAP_PERMITTED,
    FRAIL_CAP_INHERITABLE,
    FRAIL_CAP_BOUNDING,
    FRAIL_CAP_AMBIENT,
} FrailCapSet;
/* Bit n is capability n of capabilities(7). */
uint64_t frail_process_caps(const FrailProcess *p, FrailCapSet which);

/* SCHED_OTHER and so on; -20 to 19; 1 to 99, or 0. */
int frail_process_sched_policy(const FrailProcess *p);
int frail_process_nice(const FrailProcess *p);
int frail_process_rt_priority(const FrailProcess *p);
bool frail_process_is_kernel_thread(const FrailProcess *p);

typedef enum FrailNamespace {
    FRAIL_NS_CGROUP,
    FRAIL_NS_IPC,
    FRAIL_NS_MNT,
    FRAIL_NS_NET,
    FRAIL_NS_PID,
    FRAIL_NS_TIME,
    FRAIL_NS_USER,
    FRAIL_NS_UTS,
} FrailNamespace;
/* The number in "pid:[4026531836]"; 0 when not known. */
uint64_t frail_process_namespace(const FrailProcess *p, FrailNamespace which);

/*
 * Longer texts, valid until the same one is asked for again, and during the
 * callback; NULL when not known.  Paths are those that somebody sees in /proc
 * who is in no chroot: what a process's own root directory is does not matter.
 */
const char *frail_process_exe(const FrailProcess *p);
const char *frail_process_cwd(const FrailProcess *p);
const char *frail_process_root(const FrailProcess *p);
/* As /proc/PID/cgroup has it: "/system.slice/ssh.service". */
const char *frail_process_cgroup(const FrailProcess *p);
/*
 * The container's id as its engine's name for the cgroup has it: Docker,
 * containerd, CRI-O, Podman, Kubernetes; NULL when it is in none.
 */
const char *frail_process_container(const FrailProcess *p);
/*
 * The command line as /proc/PID/cmdline has it: arguments, each ended by a
 * zero byte; *@len bytes, at most 4096.
 */
const char *frail_process_cmdline(const FrailProcess *p, size_t *len);
/* What open file @fd is, as /proc/PID/fd has it; NULL when not known. */
const char *frail_process_fd(const FrailProcess *p, int fd);

/*
 * --- Decoded arguments ------------------------------------------------------
 */

typedef enum FrailFdStyle {
    FRAIL_FD_NUMBER,        /* 3 */
    FRAIL_FD_PATH,          /* 3</etc/passwd>, as strace -y */
    FRAIL_FD_DETAILS,       /* 3<TCP:[127.0.0.1:80->...]>, as strace -yy */
} FrailFdStyle;

typedef struct FrailDecodeOptions {
    size_t sz;              /* sizeof(FrailDecodeOptions) */
    /* Bytes of a string or a buffer that are shown; paths are whole. */
    unsigned string_limit;
    FrailFdStyle fd_style;
    /* Show all members and elements, as strace -v. */
    bool verbose;
    /*
     * Show the entries that io_uring_enter() submits, which strace does not:
     * a comment behind their number (docs/decode.md).
     */
    bool io_uring;
} FrailDecodeOptions;

/*
 * A call's arguments in the syntax of strace.  Made at entry, because what an
 * argument points to may be gone at return; completed at return with what the
 * kernel has written.  Owned by whoever made it, from any thread.
 */
typedef struct FrailDecoded FrailDecoded;

/*
 * At entry: decode what is known now.  @opts is copied.  NULL when too many
 * are in use at once (FRAIL_DECODED_MAX for a machine).  To be freed before
 * the machine is.
 */
#define FRAIL_DECODED_MAX 16384
FrailDecoded *frail_call_decode(const FrailCall *call,
                                const FrailDecodeOptions *opts);
/*
 * At return: decode the rest, and again what could not be read at entry.
 * @call is the return of the call @d was made of.
 */
void frail_decoded_finish(FrailDecoded *d, const FrailCall *call);
/* NULL is allowed. */
void frail_decoded_free(FrailDecoded *d);

/*
 * The call's name, NULL when it is unknown: that of frail_call_name() but for
 * i386's socketcall() and ipc(), where it is that of what they stand for.
 */
const char *frail_decoded_name(const FrailDecoded *d);
/*
 * As many arguments as this call uses: open() has two without O_CREAT.
 * The name is static; the text valid until @d is finished or freed.
 */
unsigned frail_decoded_arg_count(const FrailDecoded *d);
const char *frail_decoded_arg_name(const FrailDecoded *d, unsigned i);
const char *frail_decoded_arg_text(const FrailDecoded *d, unsigned i);
/*
 * What was passed: of a 64-bit argument in two registers both, of a call that
 * socketcall() or ipc() stand for what its own argument is.
 */
uint64_t frail_decoded_arg_raw(const FrailDecoded *d, unsigned i);

#define FRAIL_ARG_UNREADABLE    (1u << 0)   /* a pointer led nowhere */
#define FRAIL_ARG_OUT           (1u << 1)   /* known only at return */
#define FRAIL_ARG_CUT           (1u << 2)   /* longer than the decoder's room */
#define FRAIL_ARG_RAW           (1u << 3)   /* no type is known: a number */
#define FRAIL_ARG_NAMED         (1u << 4)   /* strace puts "name=" before it */
#define FRAIL_ARG_GROWS         (1u << 5)   /* has text added at return */
unsigned frail_decoded_arg_flags(const FrailDecoded *d, unsigned i);
/*
 * After frail_decoded_finish(): the result as strace prints it behind "= ":
 * "3</etc/passwd>", "-1 ENOENT (No such file or directory)", "0x7f12",
 * "1 ([{fd=3, revents=POLLIN}])", "?".
 */
const char *frail_decoded_result(const FrailDecoded *d);

/*
 * --- Signals and ends, during their callback, on its thread ----------------
 */

/* 1 to 64. */
int frail_signal_number(const FrailSignal *signal);
/* The ABI of the handler's frame. */
FrailAbi frail_signal_abi(const FrailSignal *signal);
/* The handler, and its stack pointer. */
uint64_t frail_signal_handler(const FrailSignal *signal);
uint64_t frail_signal_user_rsp(const FrailSignal *signal);
/* As those of a call. */
const FrailProcess *frail_signal_process(const FrailSignal *signal);
unsigned frail_signal_vcpu(const FrailSignal *signal);
int64_t frail_signal_time_ns(const FrailSignal *signal);
uint64_t frail_signal_cr3(const FrailSignal *signal);
uint64_t frail_signal_task(const FrailSignal *signal);
/*
 * The struct siginfo, as strace prints it, in @buf of @size bytes with a zero:
 * "{si_signo=SIGALRM, si_code=SI_KERNEL}".  Linux gives it only to handlers
 * that were set with SA_SIGINFO; of others there is "{si_signo=SIGALRM, ...}".
 * Returns its length, -E2BIG when it was cut.
 */
ssize_t frail_signal_text(const FrailSignal *signal,
                          const FrailDecodeOptions *opts, char *buf,
                          size_t size);
/*
 * Its first @len bytes, at most 128, in the layout of the ABI.  0, or -ENODATA
 * when the handler does not get it.
 */
int frail_signal_info(const FrailSignal *signal, void *buf, size_t len);

typedef enum FrailExitHow {
    FRAIL_EXIT_UNKNOWN,     /* it is gone, and nothing says how */
    FRAIL_EXIT_EXITED,      /* with the value 0 to 255 */
    FRAIL_EXIT_KILLED,      /* by the signal that is the value */
    FRAIL_EXIT_SUPERSEDED,  /* by an execve of the thread that is the value,
                               and has this one's number from now on */
} FrailExitHow;

FrailExitHow frail_exit_how(const FrailExit *exit);
int frail_exit_value(const FrailExit *exit);
/* Killed, and its memory was written to a file or a program. */
bool frail_exit_core_dumped(const FrailExit *exit);
/*
 * Who has ended, as it was at its last call; of the longer texts, namespaces
 * and capabilities nothing is known any more.  NULL as for a call.
 */
const FrailProcess *frail_exit_process(const FrailExit *exit);
/* The task; the time, the vCPU and the CR3 are of what has shown its end. */
uint64_t frail_exit_task(const FrailExit *exit);
int64_t frail_exit_time_ns(const FrailExit *exit);
unsigned frail_exit_vcpu(const FrailExit *exit);
uint64_t frail_exit_cr3(const FrailExit *exit);

/* --- What concerns the whole machine -------------------------------------- */

/* A member of an event. */
typedef struct FrailEventField {
    const char *name;       /* "path" */
    const char *text;       /* its value, any bytes; NULL: it is @number */
    int64_t number;
} FrailEventField;

#define FRAIL_EVENT_FIELDS  8
#define FRAIL_EVENT_BYTES   1024

/*
 * Tell whoever manages the machine: QMP's event FRAIL_REPORT, with the name
 * of the analyzer, @kind ("policy", "anomaly") and @n of @field.  @call is the
 * call it is about, during its callback, whose name and process are told too;
 * or NULL.  All is copied; of texts that make more than FRAIL_EVENT_BYTES, and
 * fields beyond FRAIL_EVENT_FIELDS, the rest is cut off, and the event says so.
 *
 * Never waits.  Any thread, with @call only that of the callback.  0;
 * -ENOBUFS: too many are on their way, and this one is lost and counted;
 * -ENOTSUP: nobody takes events.
 */
int frail_event_emit(FrailAnalyzer *a, const FrailCall *call,
                     const char *kind, const FrailEventField *field,
                     unsigned n);

/*
 * Pause the machine, as QMP's "stop" does; @reason is told with the event
 * FRAIL_PAUSED.  Does not wait for it.  In on_call, with its @call, the call
 * has not happened then: the vCPU stops before the guest's kernel runs, and
 * goes on from there; others stop soon.  @call may be NULL, on any thread.  0,
 * or -ENOTSUP: this machine cannot be paused.
 */
int frail_vm_pause(FrailAnalyzer *a, const FrailCall *call,
                   const char *reason);

/* --- Names -------------------------------------------------------------- */

/* NULL when unknown.  Static strings, any thread. */
const char *frail_syscall_name(FrailAbi abi, int64_t nr);
/* The number, or -ENOENT. */
int64_t frail_syscall_number(FrailAbi abi, const char *name);
/* "ENOENT" for 2; NULL when unknown. */
const char *frail_errno_name(int err);
/* "SIGKILL" for 9, "SIGRT_2" for 34; NULL when there is none. */
const char *frail_signal_name(int number);

/* --- Output ------------------------------------------------------------- */

/*
 * One writer for the text of an analyzer: whole lines, in the order in which
 * they were given, from any thread.  A buffer and a thread of its own stand
 * between the guest and a slow consumer.
 */
typedef struct FrailWriter FrailWriter;

/* What happens to a line that finds the buffer full. */
typedef enum FrailOverflow {
    FRAIL_OVERFLOW_BLOCK,   /* it waits, and whoever gave it */
    FRAIL_OVERFLOW_DROP,    /* it is lost */
} FrailOverflow;

/* Lines that a consumer does not get. */
typedef struct FrailLoss {
    uint64_t lines;         /* missing here; 0 is possible with reconnected */
    uint64_t total;         /* told so far, these included */
    int64_t from_ns, to_ns; /* host's wall clock, of the first and the last */
    bool reconnected;       /* this is the first line of a new connection */
} FrailLoss;

/*
 * Write a line, with its newline, that tells the consumer of a loss into @buf
 * of @size bytes; return its length, 0 for no line.  Runs on a thread of the
 * writer's.
 */
typedef size_t FrailLossFn(const FrailLoss *loss, char *buf, size_t size,
                           void *opaque);

typedef struct FrailWriterOptions {
    size_t sz;              /* sizeof(FrailWriterOptions) */
    /*
     * A file, which is emptied; NULL or "-": standard error; "unix:PATH" or
     * "tcp:HOST:PORT": a socket that somebody listens on.  Copied.
     */
    const char *out;
    FrailOverflow overflow;
    /*
     * How long a line waits for room under FRAIL_OVERFLOW_BLOCK, in
     * milliseconds; then it is lost, and those after it until half of the
     * buffer is free.  0 is 30 seconds for sockets and for ever for others;
     * negative is for ever.
     */
    int64_t stall_ms;
    size_t buffer_size;     /* bytes; 0 is 4 MiB, the least is 4 KiB */
    /*
     * A file that would grow beyond @rotate_size bytes (0: never) is renamed
     * to FILE.1, FILE.1 to FILE.2 and so on; @rotate_keep (0: 4) of them
     * are kept.  A line is in one file; a longer one has a file to itself.
     */
    uint64_t rotate_size;
    unsigned rotate_keep;
    FrailLossFn *on_loss;   /* or NULL: losses are not told in the output */
    void *opaque;           /* for on_loss */
} FrailWriterOptions;

/*
 * Returns NULL and one sentence in *@err, valid until this thread's next
 * call, when the output cannot be made.  May wait for a connection.
 */
FrailWriter *frail_writer_open_with(const FrailWriterOptions *opts,
                                    const char **err);
/* The same with @out, and 0 for all other members. */
FrailWriter *frail_writer_open(const char *out, const char **err);
/*
 * Take @len bytes, which are copied: one or more lines, each ended by a
 * newline.  They go into the buffer together, or are lost together.  Any
 * thread, but not after or during the close.  What is larger than the buffer
 * waits without limit, or is lost with FRAIL_OVERFLOW_DROP.
 *
 * What happens when the consumer fails:
 *   a full disk          is waited for, as a slow consumer is
 *   a closed socket      is connected to again, tried after 0.1 to 1 second;
 *                        the buffer takes lines in the meantime, and the line
 *                        that was cut off is sent again, whole
 *   a closed pipe, other errors    all later lines are lost
 * Each lost line is counted; standard error tells how many when the writer is
 * closed.  A line that the host's kernel took counts as written, whether a
 * consumer that died has read it or not.
 */
void frail_writer_put(FrailWriter *w, const char *text, size_t len);
/* Lines lost so far.  Any thread. */
uint64_t frail_writer_lost(FrailWriter *w);
/* Is the output a terminal that shows colour? */
bool frail_writer_is_terminal(const FrailWriter *w);
/*
 * Write out what is left, close and free.  NULL is allowed.  Any thread.
 * Waits for a consumer as long as a line would, for a socket's at most 10
 * seconds, for a full disk not at all; what is left then is lost.
 */
void frail_writer_close(FrailWriter *w);

#ifdef __cplusplus
}
#endif
#endif /* FRAIL_PLUGIN_H */
