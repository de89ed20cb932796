/*
 * The trap engine's own view of a machine and its vCPUs.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ENGINE_H
#define FRAIL_ENGINE_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <time.h>

#include "frail-host.h"
#include "guest/guest.h"
#include "mem/mem.h"
#include "trap/call.h"
#include "trap/open.h"
#include "trap/scan.h"

#define EFER_SCE        (1ull << 0)
#define EFER_LME        (1ull << 8)
#define EFER_LMA        (1ull << 10)

#define RFLAGS_FIXED    (1ull << 1)
#define RFLAGS_TF       (1ull << 8)
#define RFLAGS_NT       (1ull << 14)
#define RFLAGS_RF       (1ull << 16)
#define RFLAGS_SYSRET   0x3c7fd7ull     /* SDM vol. 2, SYSRET: bits it loads */

#define CR0_PG          (1ull << 31)
#define CR4_LA57        (1ull << 12)

#define RPL(selector)   ((selector) & 3)

/* The user's selectors, SDM vol. 2, SYSRET. */
static inline uint64_t star_user_cs(uint64_t star, bool wide)
{
    return (((star >> 48) + (wide ? 16 : 0)) & 0xffff) | 3;
}

static inline uint64_t star_user_ss(uint64_t star)
{
    return (((star >> 48) + 8) & 0xffff) | 3;
}

typedef enum VcpuState {
    VCPU_IDLE,          /* LSTAR is not set */
    VCPU_WAITING,       /* breakpoint on LSTAR: armed by the first call */
    VCPU_ARMED,
    VCPU_UNFIT,         /* this guest cannot be traced; it runs freely */
} VcpuState;

/* Which breakpoint is for what. */
typedef enum BreakUse {
    BREAK_NONE,
    BREAK_LSTAR,
    BREAK_UD,
    BREAK_UD_LATE,
    BREAK_SYSRETL,
    BREAK_SYSRETQ,
    BREAK_IRETQ,
} BreakUse;

#define BREAKS  4

#define SIGNALS_SHOWN   4096u   /* a power of two */

struct FrailVM {
    FrailHostOps ops;
    void *host;
    FrailVMOptions opts;
    uint32_t generation;        /* of the memory map; atomic */
    uint64_t sequence;          /* atomic */
    const FrailSink *sink;
    void *sink_opaque;
    FrailOpen *open;            /* NULL until returns are wanted; atomic */
    FrailGuest *guest;
    struct FrailEvents *events;
    /* Set while analyzers are loaded; signals are of tasks, too. */
    bool wants_signals, wants_tasks;
    uint64_t shown[SIGNALS_SHOWN];      /* signal.c; atomic */
};

struct FrailVCPU {
    FrailVM *vm;
    void *host;
    unsigned index;
    uint64_t efer_valid;
    bool compat_syscall;
    VcpuState state;
    FrailMem mem;
    FrailGuestCpu *guest;

    /* The guest's view of the MSRs. */
    uint64_t star, lstar, cstar, sfmask;
    bool guest_sce;

    /* Valid while armed. */
    uint64_t bp[BREAKS];
    BreakUse use[BREAKS];
    FrailSites sites;
    uint64_t ud_handler;
    /* Where this CPU says which task it runs; NULL when not known. */
    const uint64_t *stack_slot;
    uint64_t percpu;            /* linear base of the per-CPU area */
    bool slot_tried;

    /* Pages Linux never moves (cpu_entry_area): stack and TSS. */
    struct {
        uint64_t page;
        uint8_t *host;
    } fixed[2];

    /* A genuine #UD passed DR0 and is about to pass the second breakpoint. */
    bool late_is_genuine;
    FrailRegs passed;           /* behind the last breakpoint */
    uint64_t retry_rip;
    unsigned retries;

    FrailStats stats;
};

/* The frame of an interrupt in 64-bit mode (SDM vol. 3, 6.14.2). */
typedef struct IretFrame {
    uint64_t rip, cs, rflags, rsp, ss;
} IretFrame;

static inline void stat_inc(uint64_t *counter)
{
    __atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
}

static inline FrailSpace space_of(const FrailSregs *s)
{
    return (FrailSpace) { .cr3 = s->cr3, .la57 = s->cr4 & CR4_LA57 };
}

/* arm.c */
void vcpu_wait(FrailVCPU *v);
/* Tell the monitor, and the counters, of a change of state. */
void vcpu_report(FrailVCPU *v, FrailDisarmReason why);
void vcpu_disarm(FrailVCPU *v, FrailDisarmReason why);
bool vcpu_arm(FrailVCPU *v, const FrailSregs *sregs);

/* access.c: what the engine reads of, and writes to, the guest's memory */
void vcpu_refresh(FrailVCPU *v);
bool vcpu_read_frame(FrailVCPU *v, FrailSpace space, uint64_t rsp,
                     IretFrame *frame);
bool vcpu_write_frame(FrailVCPU *v, FrailSpace space, uint64_t rsp,
                      const IretFrame *frame);
/* Where an interrupt from user mode puts its frame; false: unreadable TSS. */
bool vcpu_frame_below_rsp0(FrailVCPU *v, const FrailSregs *sregs,
                           uint64_t *rsp);
/* Read the entry text and find its sites.  False when it is unreadable. */
bool vcpu_scan(FrailVCPU *v, FrailSpace space);
/* The task that runs, as the top of its kernel stack; 0: not known. */
uint64_t vcpu_task(FrailVCPU *v, const FrailSregs *sregs);

/*
 * pair.c: a call is entered, and the guest goes back to user mode.
 *
 * @regs holds number and arguments where the instruction left them; they are
 * changed when another call takes the place of this one.  Returns the verdict;
 * *@want_return says that the return must be seen.
 */
int vcpu_enter(FrailVCPU *v, FrailInsn insn, FrailRegs *regs,
               uint64_t user_rip, uint64_t user_rsp, const FrailSregs *sregs,
               bool *want_return);
/* @user: all registers, as user mode will have them. */
void vcpu_leave(FrailVCPU *v, const FrailSregs *sregs, const FrailRegs *user);
/* The callbacks to come are about what runs on this vCPU now. */
void vcpu_bind(FrailVCPU *v, FrailCall *call, const FrailSregs *sregs);
/* A call that was open will not be seen to return: tell so. */
void vcpu_give_up(FrailVCPU *v, FrailCall *call);
int64_t vcpu_now(clockid_t clock);

/*
 * signal.c, with wants_signals: @call is made, of which only the task, the
 * number and where it comes from are filled in; @task goes to user mode, and
 * sigframe_is_entry(@user).
 */
void vcpu_signals_call(FrailVCPU *v, FrailSpace space, const FrailCall *call);
void vcpu_signals(FrailVCPU *v, const FrailSregs *sregs, uint64_t task,
                  const FrailRegs *user);

/*
 * tasks.c, with wants_tasks: @call, which is bound, is entered, has been given
 * to who wants it, is an exit that happens, has returned.
 */
void vcpu_note_call(FrailVCPU *v, FrailCall *call);
void vcpu_note_told(FrailVCPU *v, const FrailCall *call);
void vcpu_exits(FrailVCPU *v, const FrailCall *call);
void vcpu_note_return(FrailVCPU *v, const FrailCall *call);
/* The task of @call, which is bound, was told so; maybe of @pid. */
void vcpu_child_ended(FrailVCPU *v, const FrailCall *call, int32_t pid);
/* Must this call be seen, and its return, though nobody asks for it? */
bool vcpu_watches(unsigned abi, int64_t nr);

#endif /* FRAIL_ENGINE_H */
