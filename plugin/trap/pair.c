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
#include <time.h>

#include "trap/abi.h"
#include "trap/engine.h"
#include "trap/events.h"

/*
 * The PCID must not tell an address space from itself.  KPTI's halves need no
 * mask: at both ends of a call the user's is in use.
 */
#define CR3_SPACE   (~0xfffull)

static int64_t now_ns(clockid_t clock)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static uint64_t pair_key(uint64_t task, uint64_t cr3, uint64_t rsp,
                         uint64_t rip)
{
    if (task) {
        return task;
    }
    return ((cr3 & CR3_SPACE) ^ (rsp << 20) ^ rip * 0x9e3779b97f4a7c15ull) | 1;
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
 * A call whose return will not be seen any more: whoever asked for it is told
 * so.  Its memory is not there to be read: its task may be gone.
 */
static void give_up(FrailVCPU *v, FrailCall *call)
{
    call->mem = NULL;
    call->guest = NULL;
    call->host = v->host;
    call->vcpu = v->index;
    call->has_result = false;
    v->vm->sink->ret(v->vm->sink_opaque, v->host, call);
}

/*
 * A task that enters a call has no other one open: what is left under its key
 * is of a task that was killed, and must not get this call's return value.
 */
static void forget_older(FrailVCPU *v, uint64_t key)
{
    FrailOpen *open = __atomic_load_n(&v->vm->open, __ATOMIC_ACQUIRE);
    FrailCall older;

    if (open && frail_open_take(open, key, &older)) {
        stat_inc(&v->stats.returns_unpaired);
        give_up(v, &older);
    }
}

static void keep(FrailVCPU *v, uint64_t key, const FrailCall *call)
{
    FrailCall displaced;

    if (!frail_open_put(open_calls(v->vm), key, call, &displaced)) {
        stat_inc(&v->stats.returns_lost);
        event_lost(v->vm, FRAIL_LOSS_RETURNS, 1);
        give_up(v, &displaced);
    }
}

/* The callbacks to come are about what runs on this vCPU now. */
static void bind(FrailVCPU *v, FrailCall *call, const FrailSregs *sregs)
{
    GuestCpuState state = {
        .cr3 = sregs->cr3,
        .lstar = v->lstar,
        .percpu = v->percpu,
        .la57 = sregs->cr4 & CR4_LA57,
    };

    call->mem = &v->mem;
    call->space = space_of(sregs);
    call->vcpu = v->index;
    call->guest = v->guest;
    call->host = v->host;
    guest_begin(v->guest, &state);
}

/*
 * The caller is to end in place of its call.  A process cannot send SIGKILL to
 * itself where it is the first one (SIGNAL_UNKILLABLE in sig_task_ignored(),
 * kernel/signal.c, 6.12): that of a container can still exit.
 */
static void kill_caller(FrailVCPU *v, FrailInsn insn, FrailCall *call,
                        FrailRegs *regs)
{
    const FrailProcess *p = guest_process(v->guest);

    stat_inc(&v->stats.killed);
    call->refused = 0;
    if (call->wants_return) {
        v->vm->sink->ret(v->vm->sink_opaque, v->host, call);
    }
    abi_write_kill(call, insn, p ? guest_kill_id(p) : 0, regs);
}

int vcpu_enter(FrailVCPU *v, FrailInsn insn, FrailRegs *regs,
               uint64_t user_rip, uint64_t user_rsp, const FrailSregs *sregs,
               bool *want_return)
{
    FrailVM *vm = v->vm;
    FrailCall call = { .task = vcpu_task(v, sregs) };
    uint64_t key = pair_key(call.task, sregs->cr3, user_rsp, user_rip);
    bool wanted;
    int verdict = 0;

    *want_return = false;
    stat_inc(&v->stats.calls);
    abi_read_number(&call, insn, regs);
    wanted = vm->sink && vm->sink->wants(vm->sink_opaque, call.abi, call.nr);
    forget_older(v, key);
    if (!wanted) {
        return 0;
    }
    bind(v, &call, sregs);
    call.user_rip = user_rip;
    call.user_rsp = user_rsp;
    call.entered_ns = now_ns(CLOCK_REALTIME);
    call.seq = __atomic_add_fetch(&vm->sequence, 1, __ATOMIC_RELAXED);
    abi_read_args(&call, insn, regs);

    stat_inc(&v->stats.delivered);
    call.entering = true;
    verdict = vm->sink->call(vm->sink_opaque, v->host, &call);
    call.entering = false;
    if (call.killed) {
        kill_caller(v, insn, &call, regs);
        return 0;
    }
    if (verdict) {
        stat_inc(&v->stats.refused);
        call.refused = -verdict;
        call.result = verdict;
        call.has_result = true;
        if (call.wants_return) {
            vm->sink->ret(vm->sink_opaque, v->host, &call);
        }
        return verdict;
    }
    if (call.wants_return && !abi_never_returns(call.abi, call.nr)) {
        *want_return = true;
        call.steady_ns = now_ns(CLOCK_MONOTONIC);
        keep(v, key, &call);
    }
    return 0;
}

/*
 * Does going to @rip and @rsp in user mode end @call?  If so, its result is
 * filled in as far as it is known.
 */
static bool ends_call(FrailVCPU *v, FrailCall *call, const FrailSregs *sregs,
                      uint64_t rip, uint64_t rsp, uint64_t rax)
{
    if (!call->user_rip || (rip == call->user_rip && rsp == call->user_rsp)) {
        abi_take_result(call, rax);
        return true;
    }
    if (rip == call->user_rip - ABI_RESTART_BACK && rsp == call->user_rsp) {
        call->restarts = true;
        return true;
    }
    if (abi_is_exec(call->abi, call->nr) &&
        ((sregs->cr3 ^ call->space.cr3) & CR3_SPACE)) {
        abi_take_result(call, rax);
        return true;
    }
    if (abi_read_sigframe(&v->mem, space_of(sregs), call, rsp)) {
        return true;
    }
    if (abi_returns_elsewhere(call->abi, call->nr)) {
        abi_take_result(call, rax);
        return true;
    }
    return false;
}

void vcpu_leave(FrailVCPU *v, const FrailSregs *sregs, uint64_t user_rip,
                uint64_t user_rsp, uint64_t rax)
{
    FrailVM *vm = v->vm;
    FrailOpen *open = __atomic_load_n(&vm->open, __ATOMIC_ACQUIRE);
    FrailCall call;
    uint64_t key;

    if (!open) {
        return;
    }
    key = pair_key(vcpu_task(v, sregs), sregs->cr3, user_rsp, user_rip);
    if (!frail_open_take(open, key, &call)) {
        return;
    }
    if (!ends_call(v, &call, sregs, user_rip, user_rsp, rax)) {
        /* A stack used again by another task after its own was killed. */
        stat_inc(&v->stats.returns_unpaired);
        give_up(v, &call);
        return;
    }
    bind(v, &call, sregs);
    call.duration_ns = now_ns(CLOCK_MONOTONIC) - call.steady_ns;
    stat_inc(&v->stats.returns);
    vm->sink->ret(vm->sink_opaque, v->host, &call);
}
