/*
 * A call's way in, and its return.
 *
 * Calls are paired with their return by task, never by vCPU or CR3: a task
 * sleeps on one CPU and wakes on another, and page tables are shared and
 * swapped.  A task shows itself by the top of its kernel stack.  A guest
 * that does not tell is paired by address space, user stack pointer and
 * return address.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>
#include <time.h>

#include "trap/engine.h"

/*
 * Linux's frame for a signal handler, struct rt_sigframe and sigcontext of
 * arch/x86/include/uapi/asm/sigcontext.h, as offsets from the handler's
 * stack pointer.  Unchanged since x86-64 exists: it is user ABI.
 */
#define SIGFRAME_RAX        152
#define SIGFRAME_RSP        168
#define SIGFRAME_RIP        176
#define SIGFRAME_DEPTH      8       /* handlers of several pending signals */

/*
 * How far arch_do_signal_or_restart() goes back for a restart, whatever
 * prefixes the instruction had.
 */
#define RESTART_BACK        2

static int64_t now_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* Calls that do not come back to their caller; numbers are user ABI. */
static bool never_returns(unsigned abi, int64_t nr)
{
    if (abi == CALL_ABI_I386) {
        return nr == 1 || nr == 252;            /* exit, exit_group */
    }
    return nr == 60 || nr == 231;
}

/* Calls that come back somewhere else. */
static bool returns_elsewhere(unsigned abi, int64_t nr)
{
    switch (abi) {
    case CALL_ABI_I386:         /* execve, execveat, (rt_)sigreturn */
        return nr == 11 || nr == 358 || nr == 119 || nr == 173;
    case CALL_ABI_X32:
        return nr == 520 || nr == 545 || nr == 513;
    default:
        return nr == 59 || nr == 322 || nr == 15;
    }
}

static void read_number(FrailCall *call, FrailInsn insn, const FrailRegs *r)
{
    /*
     * Linux looks at EAX only (entry_64.S, 5.13 and later), so the upper half
     * must not hide a call from a filter.
     */
    call->nr = (int32_t)r->rax;
    if (insn == FRAIL_INSN_SYSCALL64) {
        call->abi = CALL_ABI_X86_64;
        if (call->nr >= 0 && (call->nr & CALL_X32_BIT)) {
            call->abi = CALL_ABI_X32;
            call->nr &= ~CALL_X32_BIT;
        }
    } else {
        call->abi = CALL_ABI_I386;
    }
}

static void read_args(FrailVCPU *v, FrailCall *call, FrailInsn insn,
                      const FrailRegs *r)
{
    uint32_t sixth = r->rbp;

    if (insn == FRAIL_INSN_SYSCALL64) {
        const uint64_t args[6] = { r->rdi, r->rsi, r->rdx, r->r10, r->r8,
                                   r->r9 };

        memcpy(call->args, args, sizeof(args));
        return;
    }
    /*
     * entry_64_compat.S: SYSCALL overwrites ECX, whose argument is in EBP;
     * the sixth is on the stack, to which SYSENTER's EBP points as well.
     */
    if (insn == FRAIL_INSN_SYSCALL32) {
        frail_mem_read(&v->mem, call->space, (uint32_t)call->user_rsp, &sixth,
                       sizeof(sixth));
    } else if (insn == FRAIL_INSN_SYSENTER) {
        frail_mem_read(&v->mem, call->space, (uint32_t)r->rbp, &sixth,
                       sizeof(sixth));
    }
    call->args[0] = (uint32_t)r->rbx;
    call->args[1] = (uint32_t)(insn == FRAIL_INSN_SYSCALL32 ? r->rbp : r->rcx);
    call->args[2] = (uint32_t)r->rdx;
    call->args[3] = (uint32_t)r->rsi;
    call->args[4] = (uint32_t)r->rdi;
    call->args[5] = sixth;
}

static uint64_t pair_key(uint64_t task, uint64_t cr3, uint64_t rsp,
                         uint64_t rip)
{
    if (task) {
        return task;
    }
    /* KPTI's halves and the PCID must not tell an address space from itself */
    return ((cr3 & ~0x1fffull) ^ (rsp << 20) ^ rip * 0x9e3779b97f4a7c15ull) |
        1;
}

static FrailOpen *open_calls(FrailVM *vm)
{
    FrailOpen *open = __atomic_load_n(&vm->open, __ATOMIC_ACQUIRE);

    if (!open) {
        FrailOpen *fresh = frail_open_new();

        if (__atomic_compare_exchange_n(&vm->open, &open, fresh, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            return fresh;
        }
        frail_open_free(fresh);
    }
    return open;
}

/*
 * A task that enters a call has no other one open: what is left under its key
 * is of a task that was killed, and must not get this call's return value.
 */
static void forget_older(FrailVCPU *v, const FrailSregs *sregs,
                         uint64_t user_rip, uint64_t user_rsp)
{
    FrailOpen *open = __atomic_load_n(&v->vm->open, __ATOMIC_ACQUIRE);
    FrailCall older;

    if (open) {
        frail_open_take(open, pair_key(vcpu_task(v, sregs), sregs->cr3,
                                       user_rsp, user_rip), &older);
    }
}

int vcpu_enter(FrailVCPU *v, FrailInsn insn, const FrailRegs *regs,
               uint64_t user_rip, uint64_t user_rsp, const FrailSregs *sregs,
               bool *want_return)
{
    FrailVM *vm = v->vm;
    FrailCall call = { 0 };
    unsigned wants;
    int verdict = 0;

    *want_return = false;
    stat_inc(&v->stats.calls);
    read_number(&call, insn, regs);
    wants = vm->sink ? vm->sink->wants(vm->sink_opaque, call.abi, call.nr) : 0;
    if (!(wants & SINK_RETURN)) {
        forget_older(v, sregs, user_rip, user_rsp);
    }
    if (!wants) {
        return 0;
    }
    call.mem = &v->mem;
    call.space = space_of(sregs);
    call.user_rip = user_rip;
    call.user_rsp = user_rsp;
    call.vcpu = v->index;
    call.task = vcpu_task(v, sregs);
    call.entered_ns = now_ns();
    call.seq = __atomic_add_fetch(&vm->sequence, 1, __ATOMIC_RELAXED);
    read_args(v, &call, insn, regs);

    stat_inc(&v->stats.delivered);
    verdict = vm->sink->call(vm->sink_opaque, v->host, &call);
    if (verdict) {
        stat_inc(&v->stats.refused);
        call.refused = -verdict;
        call.result = verdict;
        call.has_result = true;
        if (wants & SINK_RETURN) {
            vm->sink->ret(vm->sink_opaque, v->host, &call);
        }
        return verdict;
    }
    if ((wants & SINK_RETURN) && !never_returns(call.abi, call.nr)) {
        *want_return = true;
        if (!frail_open_put(open_calls(vm), pair_key(call.task, sregs->cr3,
                                                     user_rsp, user_rip),
                            &call)) {
            stat_inc(&v->stats.returns_lost);
        }
    }
    return 0;
}

/*
 * A signal handler runs before the caller sees its result: the result lies
 * in the frame that the kernel has put on the user's stack.  The frame is
 * the guest's; what it says is believed as far as a return value goes.
 */
static bool read_sigframe(FrailVCPU *v, FrailCall *call, uint64_t rsp)
{
    for (unsigned i = 0; i < SIGFRAME_DEPTH; i++) {
        uint64_t rax, rip;

        if (frail_mem_read(&v->mem, call->space, rsp + SIGFRAME_RIP, &rip, 8)
            != 8 ||
            frail_mem_read(&v->mem, call->space, rsp + SIGFRAME_RAX, &rax, 8)
            != 8) {
            return false;
        }
        if (rip == call->user_rip) {
            call->result = (int64_t)rax;
            call->has_result = true;
            return true;
        }
        if (rip == call->user_rip - RESTART_BACK) {
            call->restarts = true;
            return true;
        }
        if (frail_mem_read(&v->mem, call->space, rsp + SIGFRAME_RSP, &rsp, 8)
            != 8) {
            return false;
        }
    }
    return false;
}

static void take_result(FrailCall *call, uint64_t rax)
{
    call->result = call->abi == CALL_ABI_I386 ? (int32_t)rax : (int64_t)rax;
    call->has_result = true;
}

void vcpu_leave(FrailVCPU *v, const FrailSregs *sregs, uint64_t user_rip,
                uint64_t user_rsp, uint64_t rax)
{
    FrailVM *vm = v->vm;
    FrailOpen *open = __atomic_load_n(&vm->open, __ATOMIC_ACQUIRE);
    uint64_t task;
    FrailCall call;

    if (!open) {
        return;
    }
    task = vcpu_task(v, sregs);
    if (!frail_open_take(open, pair_key(task, sregs->cr3, user_rsp, user_rip),
                         &call)) {
        return;
    }
    call.mem = &v->mem;
    call.space = space_of(sregs);
    call.vcpu = v->index;
    call.duration_ns = now_ns() - call.entered_ns;
    if (user_rip == call.user_rip || !call.user_rip) {
        take_result(&call, rax);
    } else if (user_rip == call.user_rip - RESTART_BACK) {
        call.restarts = true;
    } else if (call.abi != CALL_ABI_I386 &&
               read_sigframe(v, &call, user_rsp)) {
        /* Before the next: an execve may fail with a signal pending. */
    } else if (returns_elsewhere(call.abi, call.nr)) {
        take_result(&call, rax);
    } else {
        /* A stack used again by another task after its own was killed. */
        stat_inc(&v->stats.returns_unpaired);
        return;
    }
    stat_inc(&v->stats.returns);
    vm->sink->ret(vm->sink_opaque, v->host, &call);
}
