/*
 * A made-up virtual machine over a byte array, for the tests of the engine:
 * guest memory with real page tables, an IDT, a TSS, Linux-like entry text,
 * and a processor that knows the few instructions a system call takes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_VMM_H
#define FAKE_VMM_H

#include <glib.h>
#include <string.h>

#include "frail-plugin.h"
#include "frail-host.h"

#include "trap/engine.h"

/* Guest-physical: RAM from 0 and, for 1 GiB pages, a piece higher up. */
#define FAKE_RAM            (4u << 20)
#define FAKE_HIGH           0x40000000ull
#define FAKE_HIGH_SIZE      0x10000u

/* Linear addresses, as Linux has them. */
#define USER_TEXT           0x401000ull         /* 2 pages */
#define USER_STACK          0x7fffffffa000ull   /* 4 pages */
#define USER_RSP            (USER_STACK + 0x2000)
#define ENTRY_TEXT          0xffffffff81e00000ull   /* 6 pages */
#define LSTAR               (ENTRY_TEXT + 0x80)
#define CSTAR               (ENTRY_TEXT + 0x1900)
#define UD_HANDLER          (ENTRY_TEXT + 0x1000)
#define ENTRY_AREA          0xfffffe0000000000ull   /* IDT, then each CPU's */
#define CPU_AREA(i)         (ENTRY_AREA + 0x1000 + (i) * 0x10000ull)
#define PERCPU(i)           (0xffff888007c00000ull + (i) * 0x10000ull)
#define STACK_SLOT          0x1f00ull
#define KERNEL_STACKS       0xffffc90000000000ull
#define STACK_TOP(n)        (KERNEL_STACKS + ((n) + 1) * 0x4000ull)

#define STAR_LINUX          0x0023001000000000ull
#define SFMASK_LINUX        0x47700ull
#define KERNEL_CS           0x10
#define USER_CS             0x33
#define USER_CS32           0x23
#define USER_SS             0x2b
#define EFER_NXE            (1ull << 11)
#define EFER_VALID          (EFER_SCE | EFER_LME | EFER_NXE)
#define RFLAGS_IF           (1ull << 9)
#define RFLAGS_NT           (1ull << 14)

typedef struct FakeOptions {
    FrailTrap trap;
    bool inexact, intel, la57, kpti;
    bool rip_slot;              /* the stack slot is RIP-relative */
    bool no_slot;               /* the entry text shows no stack slot */
    unsigned cpus;              /* 0 is 1 */
} FakeOptions;

typedef struct FakeVM FakeVM;
typedef struct FakeCPU FakeCPU;

/* What the guest's kernel remembers of a task. */
typedef struct FakeTask {
    uint64_t top;               /* of its kernel stack */
    FrailRegs saved;            /* user's registers, RIP and RFLAGS too */
    uint64_t cs, ss;
} FakeTask;

struct FakeCPU {
    FakeVM *vm;
    FrailVCPU *frail;
    unsigned index;
    FrailRegs r;
    uint64_t cs, ss, cr3;
    bool kernel_gs;             /* SWAPGS has been executed */
    /* The MSRs as the hardware has them. */
    uint64_t efer, star, lstar, cstar, sfmask, gs_base;
    uint64_t bp[4];
    unsigned bp_mask;
    FrailSregs sregs;           /* the rest of them */
    FakeTask *task;
    bool skip_ud_break;         /* enter the #UD handler with RF set, once */
    void (*after_ud)(FakeCPU *c);   /* runs when the frame is pushed */
    bool nmi;

    /* Failures, and what was asked. */
    uint32_t fail_get, fail_set;    /* an MSR, or 0 */
    bool fail_breaks;
    unsigned n_sregs, n_get, n_set, n_breaks, n_state, exits;
    bool armed;
    FrailDisarmReason why;
};

struct FakeVM {
    FrailVM *frail;
    FakeOptions opts;
    uint8_t *ram, *high;
    uint64_t next;              /* free guest-physical memory */
    uint64_t root;              /* page tables; the user's half follows */
    uint64_t hole;              /* this page is no RAM; 0: none */
    uint64_t rom;               /* this page must not be written; 0: none */
    uint64_t iretq, sysretq, sysretl;
    unsigned n_map, n_written;
    uint64_t written_gpa;
    size_t written_len;
    FakeCPU cpu[4];
    FakeTask boot_task[4];
    unsigned n_pending, n_pause;
    FakeCPU *paused;            /* by the last pause */
    GArray *log;                /* of FakeEvent */
    int verdict;
    int64_t verdict_nr;         /* -1: for all */
};

/* What an analyzer saw. */
typedef struct FakeEvent {
    bool is_return, has_result, restarts;
    unsigned abi, vcpu;
    int refused;
    int64_t nr, result, duration;
    uint64_t args[6], seq, task, rip, rsp, cr3;
    bool killed;
} FakeEvent;

/* --- fake-vmm.c: the machine --------------------------------------------- */

FakeVM *fake_new(FakeOptions opts);
void fake_free(FakeVM *vm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeVM, fake_free)

/* Guest-physical pages, zeroed. */
uint64_t fake_alloc(FakeVM *vm, unsigned pages);
void *fake_phys(FakeVM *vm, uint64_t gpa);
/* @level 0, 1, 2: 4 KiB, 2 MiB, 1 GiB. */
void fake_map(FakeVM *vm, uint64_t root, uint64_t va, uint64_t gpa,
              unsigned level);
void fake_unmap(FakeVM *vm, uint64_t root, uint64_t va);
/* New page tables that map all that the first ones do. */
uint64_t fake_new_root(FakeVM *vm);
uint64_t fake_user_cr3(FakeVM *vm, uint64_t root);
uint64_t fake_kernel_cr3(FakeVM *vm, uint64_t root);
/* Host pointer behind @va in @cr3, or NULL: a second opinion on the walk. */
void *fake_ptr(FakeVM *vm, uint64_t cr3, uint64_t va);
/* The same for the kernel's half of the first page tables; must exist. */
void *fake_kernel_ptr(FakeVM *vm, uint64_t va);
void fake_put64(FakeVM *vm, uint64_t va, uint64_t value);
void fake_put_gate(FakeVM *vm, uint64_t handler, unsigned type, unsigned ist,
                   unsigned selector);
/* Lay down the entry text anew; empty: INT3 only. */
void fake_entry_text(FakeVM *vm);
void fake_entry_empty(FakeVM *vm);
extern const FrailHostOps fake_ops;

/* Register an analyzer that writes to vm->log. */
FrailAnalyzer *fake_listen(FakeVM *vm, const char *filter, bool returns);
const FakeEvent *fake_event(FakeVM *vm, unsigned i);

/* --- fake-cpu.c: the processor and the guest's kernel -------------------- */

typedef enum FakeStop {
    FAKE_USER,          /* in user mode */
    FAKE_ENTERED,       /* at LSTAR: the kernel got a system call */
    FAKE_ENTERED32,     /* at CSTAR */
    FAKE_UD,            /* the guest's own #UD handler runs */
    FAKE_PF,
    FAKE_GP,
    FAKE_DB,            /* a debug exception for the guest */
    FAKE_DEAD,          /* #UD in the kernel on the user's stack */
    FAKE_LOST,          /* an instruction we do not know */
    FAKE_STUCK,         /* a loop of debug exits */
} FakeStop;

/* The guest's kernel writes the MSRs as Linux does at start-up. */
void fake_boot(FakeCPU *c);
/* Go on until something happens. */
FakeStop fake_run(FakeCPU *c);
/* To user mode at @rip with recognisable registers and RAX = @nr. */
void fake_user(FakeCPU *c, uint64_t rip, uint64_t nr);
/* Write @bytes at @va in user memory; a SYSCALL is "\x0f\x05". */
void fake_code(FakeCPU *c, uint64_t va, const char *bytes, size_t len);
/* A plain SYSCALL number @nr from USER_TEXT. */
FakeStop fake_call(FakeCPU *c, uint64_t nr);
/* The kernel runs @task on @c from now on. */
void fake_switch(FakeCPU *c, FakeTask *task);
/* Back to user mode with task->saved, as Linux does it. */
FakeStop fake_leave(FakeCPU *c, uint64_t rax);
FakeStop fake_leave_sysret(FakeCPU *c, uint64_t rax);
FakeStop fake_leave_sysretl(FakeCPU *c, uint64_t rax);
FakeStop fake_leave_iret(FakeCPU *c, uint64_t rax);
FrailStats fake_stats(FakeCPU *c);
/* Boot, and make one call that arms; the log is emptied. */
void fake_arm(FakeCPU *c);

#endif /* FAKE_VMM_H */
