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
#include "trap/abi.h"
#include "trap/engine.h"
#include "trap/events.h"
#include "trap/sigframe.h"

/*
 * The PCID must not tell an address space from itself.  KPTI's halves need no
 * mask: at both ends of a call the user's is in use.
 */
#define CR3_SPACE   (~0xfffull)

int64_t vcpu_now(clockid_t clock)
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
void vcpu_give_up(FrailVCPU *v, FrailCall *call)
{
    if (!call->wants_return) {
        return;
    }
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
        vcpu_give_up(v, &older);
    }
}

static void keep(FrailVCPU *v, uint64_t key, const FrailCall *call)
{
    FrailCall displaced;

    if (!frail_open_put(open_calls(v->vm), key, call, &displaced)) {
        stat_inc(&v->stats.returns_lost);
        event_lost(v->vm, FRAIL_LOSS_RETURNS, 1);
        vcpu_give_up(v, &displaced);
    }
}

void vcpu_bind(FrailVCPU *v, FrailCall *call, const FrailSregs *sregs)
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

/*
 * Somebody wants @call.  Returns the verdict; *@over: the call is, for whoever
 * wants it.
 */
static int deliver(FrailVCPU *v, FrailInsn insn, FrailCall *call,
                   FrailRegs *regs, bool *over)
{
    FrailVM *vm = v->vm;
    int verdict;

    stat_inc(&v->stats.delivered);
    call->entering = true;
    verdict = vm->sink->call(vm->sink_opaque, v->host, call);
    call->entering = false;
    *over = call->killed || verdict;
    if (call->killed) {
        kill_caller(v, insn, call, regs);
        return 0;
    }
    if (verdict) {
        stat_inc(&v->stats.refused);
        call->refused = -verdict;
        call->result = verdict;
        call->has_result = true;
        if (call->wants_return) {
            vm->sink->ret(vm->sink_opaque, v->host, call);
        }
    }
    return verdict;
}

int vcpu_enter(FrailVCPU *v, FrailInsn insn, FrailRegs *regs,
               uint64_t user_rip, uint64_t user_rsp, const FrailSregs *sregs,
               bool *want_return)
{
    FrailVM *vm = v->vm;
    FrailCall call = {
        .task = vcpu_task(v, sregs),
        .user_rip = user_rip,
        .user_rsp = user_rsp,
    };
    uint64_t key = pair_key(call.task, sregs->cr3, user_rsp, user_rip);
    bool wanted, watched;

    *want_return = false;
    stat_inc(&v->stats.calls);
    abi_read_number(&call, insn, regs);
    wanted = vm->sink && vm->sink->wants(vm->sink_opaque, call.abi, call.nr);
    watched = vm->wants_tasks && vcpu_watches(call.abi, call.nr);
    if (vm->wants_signals) {
        vcpu_signals_call(v, space_of(sregs), &call);
    }
    if (!wanted && !watched) {
        forget_older(v, key);
        return 0;
    }
    vcpu_bind(v, &call, sregs);
    if (wanted) {
        call.entered_ns = vcpu_now(CLOCK_REALTIME);
        call.seq = __atomic_add_fetch(&vm->sequence, 1, __ATOMIC_RELAXED);
    }
    if (vm->wants_tasks) {
        /* Before forget_older(): who had this stack before may have died. */
        vcpu_note_call(v, &call);
    }
    forget_older(v, key);
    abi_read_args(&call, insn, regs);
    if (wanted) {
        bool over;
        int verdict = deliver(v, insn, &call, regs, &over);

        if (vm->wants_tasks) {
            vcpu_note_told(v, &call);
        }
        if (over) {
            return verdict;
        }
    }
    if (abi_never_returns(call.abi, call.nr)) {
        if (vm->wants_tasks) {
            vcpu_exits(v, &call);
        }
    } else if (call.wants_return || watched) {
        *want_return = true;
        call.steady_ns = vcpu_now(CLOCK_MONOTONIC);
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
    if (sigframe_ends_call(&v->mem, space_of(sregs), call, rsp)) {
        return true;
    }
    if (abi_returns_elsewhere(call->abi, call->nr)) {
        abi_take_result(call, rax);
        return true;
    }
    return false;
}

/* The call of @key, if one is open, is over. */
static void end_call(FrailVCPU *v, const FrailSregs *sregs, uint64_t key,
                     const FrailRegs *user)
{
    FrailVM *vm = v->vm;
    FrailOpen *open = __atomic_load_n(&vm->open, __ATOMIC_ACQUIRE);
    FrailCall call;

    if (!open || !frail_open_take(open, key, &call)) {
        return;
    }
    if (!ends_call(v, &call, sregs, user->rip, user->rsp, user->rax)) {
        /* A stack used again by another task after its own was killed. */
        stat_inc(&v->stats.returns_unpaired);
        vcpu_give_up(v, &call);
        return;
    }
    vcpu_bind(v, &call, sregs);
    call.duration_ns = vcpu_now(CLOCK_MONOTONIC) - call.steady_ns;
    if (vm->wants_tasks) {
        vcpu_note_return(v, &call);
    }
    if (call.wants_return) {
        stat_inc(&v->stats.returns);
        vm->sink->ret(vm->sink_opaque, v->host, &call);
        if (vm->wants_tasks) {
            vcpu_note_told(v, &call);
        }
    }
}

void vcpu_leave(FrailVCPU *v, const FrailSregs *sregs, const FrailRegs *user)
{
    FrailVM *vm = v->vm;
    bool handler = vm->wants_signals && sigframe_is_entry(user);
    uint64_t task;

    if (!handler && !__atomic_load_n(&vm->open, __ATOMIC_ACQUIRE)) {
        return;
    }
    task = vcpu_task(v, sregs);
    end_call(v, sregs, pair_key(task, sregs->cr3, user->rsp, user->rip), user);
    if (handler && task) {
        vcpu_signals(v, sregs, task, user);
    }
}
