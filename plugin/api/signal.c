/*
 * What an analyzer may ask of a signal, and of a task's end.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>

#include "frail-plugin.h"

#include "decode/print/signal.h"
#include "decode/printer.h"
#include "trap/call.h"

#define SIGINFO_SIZE    128

/* --- Signals ------------------------------------------------------------- */

int frail_signal_number(const FrailSignal *s)
{
    return s->number;
}

FrailAbi frail_signal_abi(const FrailSignal *s)
{
    return (FrailAbi)s->call.abi;
}

uint64_t frail_signal_handler(const FrailSignal *s)
{
    return s->call.user_rip;
}

uint64_t frail_signal_user_rsp(const FrailSignal *s)
{
    return s->call.user_rsp;
}

const FrailProcess *frail_signal_process(const FrailSignal *s)
{
    return frail_call_process(&s->call);
}

unsigned frail_signal_vcpu(const FrailSignal *s)
{
    return s->call.vcpu;
}

int64_t frail_signal_time_ns(const FrailSignal *s)
{
    return s->call.entered_ns;
}

uint64_t frail_signal_cr3(const FrailSignal *s)
{
    return s->call.space.cr3;
}

uint64_t frail_signal_task(const FrailSignal *s)
{
    return s->call.task;
}

ssize_t frail_signal_text(const FrailSignal *s, const FrailDecodeOptions *opts,
                          char *buf, size_t size)
{
    FrailDecodeOptions o = { 0 };
    FrailText t;
    Printer p = {
        .out = &t,
        .call = &s->call,
        .opts = &o,
        .guest = s->call.guest,
        .process = frail_signal_process(s),
    };

    if (!size) {
        return -E2BIG;
    }
    memcpy(&o, opts, opts->sz < sizeof(o) ? opts->sz : sizeof(o));
    text_init(&t, buf, size - 1);
    if (s->info) {
        print_siginfo(&p, s->info);
    }
    /* Without one, or when its page has just gone. */
    if (!s->info || p.unreadable) {
        t.len = 0;
        t.cut = false;
        text_str(&t, "{si_signo=");
        print_signal_name(&p, s->number);
        text_str(&t, ", ...}");
    }
    buf[t.len] = '\0';
    return t.cut ? -E2BIG : (ssize_t)t.len;
}

int frail_signal_info(const FrailSignal *s, void *buf, size_t len)
{
    return s->info && len <= SIGINFO_SIZE &&
           call_read_user(&s->call, s->info, buf, len) == len ? 0 : -ENODATA;
}

/* --- Ends ---------------------------------------------------------------- */

FrailExitHow frail_exit_how(const FrailExit *e)
{
    return (FrailExitHow)e->how;
}

int frail_exit_value(const FrailExit *e)
{
    return e->value;
}

bool frail_exit_core_dumped(const FrailExit *e)
{
    return e->core;
}

const FrailProcess *frail_exit_process(const FrailExit *e)
{
    return e->process;
}

uint64_t frail_exit_task(const FrailExit *e)
{
    return e->task;
}

int64_t frail_exit_time_ns(const FrailExit *e)
{
    return e->time_ns;
}

unsigned frail_exit_vcpu(const FrailExit *e)
{
    return e->vcpu;
}

uint64_t frail_exit_cr3(const FrailExit *e)
{
    return e->cr3;
}
