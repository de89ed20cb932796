/*
 * Signals whose handlers start.
 *
 * A handler always starts by IRET, from a call or from an interrupt, with
 * registers and a frame that only the kernel makes.  User code can make them,
 * too, but not pass for a signal: the kernel itself must know its code as the
 * handler of that signal, where the kernel can be asked.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "trap/abi.h"
#include "trap/engine.h"
#include "trap/sigframe.h"

#define FLAG_SIGINFO    0x00000004u     /* uapi/asm-generic/signal-defs.h */
#define FLAG_RESETHAND  0x80000000u
#define NR_SIGCHLD      17

/* --- Which have been told ------------------------------------------------ */

/*
 * An interrupt at a handler's first instruction, such as the page fault of its
 * code, goes back there with all as it was: it would be a second start.  So
 * would be the end of another handler whose frame was made in front of it.  What
 * was told last of a task is kept until its next call, as one word, so that
 * there is nothing to lock; tasks that share one may lose theirs.
 */
static uint64_t *shown(FrailVM *vm, uint64_t task)
{
    return &vm->shown[(task * UINT64_C(0x9e3779b97f4a7c15)) >> 52 &
                      (SIGNALS_SHOWN - 1)];
}

void vcpu_signals_call(FrailVCPU *v, FrailSpace space, const FrailCall *call)
{
    uint64_t *word = shown(v->vm, call->task), mark = 0;

    if (abi_is_sigreturn(call->abi, call->nr)) {
        mark = sigframe_returns_to(&v->mem, space, call);
    }
    if (mark) {
        __atomic_store_n(word, mark ^ call->task, __ATOMIC_RELAXED);
    } else if (__atomic_load_n(word, __ATOMIC_RELAXED)) {
        __atomic_store_n(word, 0, __ATOMIC_RELAXED);
    }
}

/* --- Telling ------------------------------------------------------------- */

/*
 * 64-bit frames always have a place for siginfo, which is written only for a
 * handler with SA_SIGINFO; else what an older frame has left may be there.
 */
static bool describe(FrailVCPU *v, const SigFrame *f, FrailSignal *s)
{
    const FrailProcess *p = guest_process(v->guest);
    bool has_info = f->always_info, known;
    GuestAction action = { 0 };
    int32_t number;

    known = p && guest_signal_action(v->guest, p, f->sig, &action);
    if (known) {
        /* SA_RESETHAND has taken the handler away already. */
        if (action.handler != f->handler &&
            !(action.flags & FLAG_RESETHAND)) {
            return false;
        }
        has_info = f->info && (action.flags & FLAG_SIGINFO);
    } else if (!f->info) {
        return false;           /* this frame has little to know it by */
    }
    s->call.abi = f->abi;
    s->call.user_rip = f->handler;
    s->call.user_rsp = f->at;
    s->number = f->sig;
    s->info = has_info &&
        call_read_user(&s->call, f->info, &number, sizeof(number)) ==
        sizeof(number) && number == f->sig ? f->info : 0;
    return true;
}

void vcpu_signals(FrailVCPU *v, const FrailSregs *sregs, uint64_t task,
                  const FrailRegs *user)
{
    FrailVM *vm = v->vm;
    SigFrame list[SIGFRAMES_MAX];
    uint64_t *word = shown(vm, task);
    /* Of this task only; a mark of another one's is as good as none. */
    uint64_t known = __atomic_load_n(word, __ATOMIC_RELAXED) ^ task;
    unsigned n = sigframe_walk(&v->mem, space_of(sregs), user, known, list);

    if (!n) {
        return;
    }
    __atomic_store_n(word, list[0].mark ^ task, __ATOMIC_RELAXED);
    while (n--) {
        FrailSignal s = { .call = { .task = task } };

        vcpu_bind(v, &s.call, sregs);
        s.call.entered_ns = vcpu_now(CLOCK_REALTIME);
        if (!describe(v, &list[n], &s)) {
            continue;
        }
        if (s.number == NR_SIGCHLD) {
            vcpu_child_ended(v, &s.call, 0);
        }
        if (!guest_task_marks(v->guest, task, &s.told)) {
            s.told = TOLD_UNKNOWN;
        }
        vm->sink->signal(vm->sink_opaque, v->host, &s);
    }
}
