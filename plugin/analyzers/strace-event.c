/*
 * The strace analyzer's lines that are no calls: signals, and how tasks end.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "strace.h"

/* Of a siginfo; a descriptor's path may be in it. */
#define INFO_SIZE   5000

static void put_signal(Strace *s, const FrailSignal *signal, const char *info)
{
    const char *name = frail_signal_name(frail_signal_number(signal));
    OpenCall c = {
        .task = frail_signal_task(signal),
        .cr3 = frail_signal_cr3(signal),
        .vcpu = frail_signal_vcpu(signal),
    };

    call_set_process(&c, frail_signal_process(signal));
    show_interrupt(s, NULL);
    show_begin(s, &c, frail_signal_time_ns(signal));
    text_str(&s->line, "--- ");
    text_str(&s->line, name ? name : "?");
    text_str(&s->line, " ");
    text_str(&s->line, info);
    text_str(&s->line, " ---");
    line_put(s);
}

void strace_on_signal(const FrailSignal *signal, void *opaque)
{
    Strace *s = opaque;
    char info[INFO_SIZE];

    if (s->status != STATUS_ALL) {
        return;
    }
    frail_signal_text(signal, &s->decode, info, sizeof(info));
    g_mutex_lock(&s->lock);
    put_signal(s, signal, info);
    g_mutex_unlock(&s->lock);
}

static void put_exit(Strace *s, const FrailExit *end)
{
    int value = frail_exit_value(end);
    OpenCall c = {
        .task = frail_exit_task(end),
        .cr3 = frail_exit_cr3(end),
        .vcpu = frail_exit_vcpu(end),
    };
    FrailText *l = &s->line;
    const char *name;

    call_set_process(&c, frail_exit_process(end));
    show_interrupt(s, NULL);
    show_begin(s, &c, frail_exit_time_ns(end));
    switch (frail_exit_how(end)) {
    case FRAIL_EXIT_EXITED:
        text_str(l, "+++ exited with ");
        text_dec(l, value);
        break;
    case FRAIL_EXIT_KILLED:
        name = frail_signal_name(value);
        text_str(l, "+++ killed by ");
        text_str(l, name ? name : "?");
        text_str(l, frail_exit_core_dumped(end) ? " (core dumped)" : "");
        break;
    case FRAIL_EXIT_SUPERSEDED:
        text_str(l, "+++ superseded by execve in pid ");
        text_dec(l, value);
        break;
    default:
        text_str(l, "+++ gone");
        break;
    }
    text_str(l, " +++");
    line_put(s);
}

void strace_on_exit(const FrailExit *end, void *opaque)
{
    Strace *s = opaque;

    if (s->status != STATUS_ALL && s->status != STATUS_UNFINISHED) {
        return;
    }
    g_mutex_lock(&s->lock);
    put_exit(s, end);
    g_mutex_unlock(&s->lock);
}
