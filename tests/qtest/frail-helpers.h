/*
 * The guest of frail-test, and what its tests share
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef FRAIL_HELPERS_H
#define FRAIL_HELPERS_H

#include "libqtest.h"
#include "qobject/qdict.h"
#include "guest/frail-guest-layout.h"
#include "frail-guest.h"

#define FLAG_CF     (1u << 0)
#define FLAG_FIXED  (1u << 1)
#define FLAG_PF     (1u << 2)
#define FLAG_AF     (1u << 4)
#define FLAG_ZF     (1u << 6)
#define FLAG_SF     (1u << 7)
#define FLAG_TF     (1u << 8)
#define FLAG_IF     (1u << 9)
#define FLAG_DF     (1u << 10)
#define FLAG_OF     (1u << 11)
#define FLAG_RF     (1u << 16)
#define FLAG_AC     (1u << 18)
#define FLAG_ID     (1u << 21)

#define FLAGS_ALL   (FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF | \
                     FLAG_IF | FLAG_DF | FLAG_OF | FLAG_AC | FLAG_ID)

#define EFER_SCE    1ull

/* A number of Linux for the analyzers to know: getpid */
#define NR          39
#define USER_AT(symbol) (USER_VA + SYM_##symbol - SYM_user_start)
#define SYSCALL_LEN 2

/* Needs no firmware and no option ROM */
#define MACHINE \
    "-machine pc -nodefaults -vga none -m 16 -global apic-common.vapic=off"

/* Seconds for one case: a guest that hangs must not hang the test. */
#define PATIENCE    300

typedef enum Trap {
    TRAP_NONE,
    TRAP_EMULATOR,
    TRAP_LSTAR,
    TRAP_SCE,
    TRAP_SCE_INEXACT,
} Trap;

typedef struct Mode {
    const char *name;
    Trap trap;
    const char *accel;
    const char *control;        /* the same without frail */
    const char *plugin;
} Mode;

typedef struct Result {
    uint64_t status;
    uint64_t records;
    uint64_t (*record)[RECORD_SIZE / 8];
    uint64_t calls, exceptions, nmis, loops, bad;
} Result;

void free_result(Result *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Result, free_result)

typedef struct Case {
    char name[32];
    unsigned number;
    uint64_t args[3];
} Case;

/* All cases in one guest, and what query-frail says at the end */
typedef struct Battery {
    Result **result;
    uint64_t calls, calls32, invalid;   /* over all */
    QDict *frail;                       /* NULL: off */
} Battery;

extern GArray *cases;

/* The guest's firmware image, a temporary file */
void write_rom(void);
void remove_rom(void);

/* Does QEMU start with this accelerator?  What it says, when it does not. */
bool starts(const char *accel, char **says);

uint64_t control(QTestState *qts, unsigned word);
void cont(QTestState *qts);
void wait_stop(QTestState *qts);
QTestState *start_guest(const char *accel, const char *extra);

/* User mode begins a case with these, in the order of a record. */
uint64_t start_value(unsigned word);
void begin_case(QTestState *qts, unsigned number, const uint64_t args[3]);
Result *end_case(QTestState *qts);
Result *run_case(QTestState *qts, unsigned number, uint64_t arg0,
                 uint64_t arg1, uint64_t arg2);

void add_cases(void);
/* Each battery runs once and serves all tests of its mode. */
const Battery *battery(const char *accel, const char *extra, bool frail);

QDict *query_frail(QTestState *qts);
/* A counter of the only vCPU */
uint64_t counter(const QDict *frail, const char *name);
bool is_armed(const QDict *frail);

/* The plugin of a mode as an argument for QEMU; NULL when there is none */
char *plugin_args(const char *plugin, const char *options);
/* The same for a mode that may have none; false: the test has been skipped */
bool mode_args(const Mode *m, char **extra);

/* frail-checks.c */
void compare(const Mode *m, const Case *c, const Result *off,
             const Result *on);
void check_call(const Result *r, uint64_t rflags);
void check_all(const Battery *b, bool strict);
void tell_exceptions(const Result *r);

/* frail-entries.c: @data is a Mode; of TCG, the second */
void test_entries(const void *data);
void test_entries_refused(const void *data);

/* frail-exits.c: @data is a Mode of KVM; -accel's value without frail */
void test_exits(const void *data);
void test_exits_off(const void *data);

#endif /* FRAIL_HELPERS_H */
