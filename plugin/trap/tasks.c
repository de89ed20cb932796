/*
 * Tasks that end: what the guest's calls and signals say of it.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "trap/abi.h"
#include "trap/engine.h"

typedef struct Ender {
    FrailVCPU *v;
    FrailExit exit;             /* what is the same for all */
} Ender;

/* The call that the task is in, if any, does not return: that comes first. */
static void task_ended(const GuestEnd *end, void *opaque)
{
    const Ender *ender = opaque;
    FrailVCPU *v = ender->v;
    FrailVM *vm = v->vm;
    FrailOpen *open = __atomic_load_n(&vm->open, __ATOMIC_ACQUIRE);
    FrailExit exit = ender->exit;
    FrailCall call;

    if (open && frail_open_take_only(open, end->stack, end->seq, &call)) {
        stat_inc(&v->stats.returns_unpaired);
        vcpu_give_up(v, &call);
    }
    exit.time_ns = vcpu_now(CLOCK_REALTIME);
    exit.process = end->process;
    exit.task = end->stack;
    exit.how = end->how;
    exit.value = end->value;
    exit.core = end->core;
    exit.told = end->marks;
    vm->sink->exit(vm->sink_opaque, v->host, &exit);
}

static Ender ender_of(FrailVCPU *v, const FrailCall *call)
{
    return (Ender) {
        .v = v,
        .exit = {
            .cr3 = call->space.cr3,
            .vcpu = v->index,
        },
    };
}

void vcpu_note_call(FrailVCPU *v, FrailCall *call)
{
    Ender e = ender_of(v, call);

    call->noted = guest_note_call(v->guest, call->task, call->seq, task_ended,
                                  &e);
}

void vcpu_note_told(FrailVCPU *v, const FrailCall *call)
{
    if (call->told & ~call->noted) {
        guest_mark_task(v->guest, call->task, call->told);
    }
}

void vcpu_exits(FrailVCPU *v, const FrailCall *call)
{
    bool group = abi_is_exit_group(call->abi, call->nr);
    Ender e = ender_of(v, call);
    int code = call->args[0] & 0xff;

    if (!guest_note_exit(v->guest, call->task, group, code, task_ended, &e)) {
        /* Nobody known, but it says of itself that it ends. */
        GuestEnd end = {
            .how = GUEST_END_EXITED, .value = code, .stack = call->task,
            .seq = UINT64_MAX, .marks = call->told | TOLD_UNKNOWN,
        };

        task_ended(&end, &e);
    }
}

void vcpu_child_ended(FrailVCPU *v, const FrailCall *call, int32_t pid)
{
    Ender e = ender_of(v, call);

    guest_note_child(v->guest, pid, task_ended, &e);
}

void vcpu_note_return(FrailVCPU *v, const FrailCall *call)
{
    Ender e = ender_of(v, call);
    bool tells_pid;

    if (!call->has_result || call->refused || call->result < 0) {
        return;
    }
    if (abi_is_exec(call->abi, call->nr)) {
        guest_note_exec(v->guest, call->task, task_ended, &e);
    } else if (abi_is_wait(call->abi, call->nr, &tells_pid) &&
               (!tells_pid || call->result)) {
        vcpu_child_ended(v, call, tells_pid ? (int32_t)call->result : 0);
    }
}

bool vcpu_watches(unsigned abi, int64_t nr)
{
    bool unused;

    return abi_is_exec(abi, nr) || abi_is_wait(abi, nr, &unused) ||
           abi_never_returns(abi, nr);
}
