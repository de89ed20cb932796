/*
 * What the guest kernel's entry text tells: where it goes back to user mode,
 * and where each CPU keeps the stack of the task it runs.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_SCAN_H
#define FRAIL_SCAN_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Linux 5.10 to 7.x: .entry.text is contiguous, and entry_SYSCALL_64 and
 * entry_SYSCALL_compat lie within 8 KiB of each other.  All of .text would
 * be wrong: SYSRET's bytes occur in it by chance.
 */
#define FRAIL_SCAN_SIZE     16384u
#define FRAIL_SCAN_SITES    4

typedef struct FrailSites {
    struct {
        uint64_t va;
        bool wide;              /* REX.W: to 64-bit mode */
        /*
         * Not 0: nothing but "mov $-ENOSYS,%eax" here leads to it, as in
         * Linux's ignore_sysret(), which is reached through CSTAR only.
         */
        uint64_t stub;
    } sysret[FRAIL_SCAN_SITES];
    unsigned n_sysret;          /* may exceed FRAIL_SCAN_SITES */
    uint64_t iretq;             /* the way back to user mode; 0: none */
    bool has_stack_slot;
    uint64_t stack_slot;        /* offset from the per-CPU base */
    bool has_scratch_slot;
    uint64_t scratch_slot;      /* where the user's stack pointer is saved */
} FrailSites;

/*
 * Disassemble @len bytes of @code, the guest's entry text from @lstar on.
 * False when the disassembler cannot be had.
 */
bool frail_scan_entry(const uint8_t *code, size_t len, uint64_t lstar,
                      FrailSites *sites);

/*
 * Leave out the SYSRETs of stubs that CSTAR, which is @cstar, does not lead to.
 */
void frail_scan_drop_stubs(FrailSites *sites, uint64_t cstar);

/*
 * Length of the first instruction at @va when it leaves RSP alone, so that
 * a breakpoint on the second one finds the same frame; else 0.
 */
size_t frail_scan_first(const uint8_t *code, size_t len, uint64_t va);

/*
 * Is there a SYSCALL at @code?  Returns its length, prefixes included; 0 when
 * it is something else; -1 when more than @len bytes are needed to tell.
 * SDM vol. 2: SYSCALL takes no LOCK, and instructions end at 15 bytes.
 */
int frail_scan_syscall(const uint8_t *code, size_t len, bool long_mode);

#endif /* FRAIL_SCAN_H */
