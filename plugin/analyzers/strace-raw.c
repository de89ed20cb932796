/*
 * The strace analyzer's format for programs.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "strace.h"

static void put(Strace *s)
{
    line_end(&s->line);
    frail_writer_put(s->common.writer, s->line.text, s->line.len);
}

void raw_call(Strace *s, const FrailCall *call)
{
    Line *l = &s->line;
    FrailAbi abi = frail_call_abi(call);
    const char *name = frail_syscall_name(abi, frail_call_number(call));

    l->len = 0;
    line_str(l, "C seq=");
    line_dec(l, frail_call_sequence(call));
    line_str(l, " ns=");
    line_dec(l, frail_call_time_ns(call));
    line_str(l, " vcpu=");
    line_dec(l, frail_call_vcpu(call));
    line_str(l, " task=");
    line_digits(l, frail_call_task(call));
    line_str(l, " cr3=");
    line_digits(l, frail_call_cr3(call));
    line_str(l, " abi=");
    line_str(l, call_abi_name(abi));
    line_str(l, " nr=");
    line_dec(l, frail_call_number(call));
    line_str(l, " name=");
    line_str(l, name ? name : "?");
    line_str(l, " rip=");
    line_hex(l, frail_call_user_rip(call));
    line_str(l, " rsp=");
    line_hex(l, frail_call_user_rsp(call));
    line_str(l, " a=");
    for (unsigned i = 0; i < 6; i++) {
        if (i) {
            line_str(l, ",");
        }
        line_hex(l, frail_call_arg(call, i));
    }
    put(s);
}

void raw_return(Strace *s, const FrailCall *call)
{
    Line *l = &s->line;
    int64_t result;

    l->len = 0;
    line_str(l, "R seq=");
    line_dec(l, frail_call_sequence(call));
    line_str(l, " nr=");
    line_dec(l, frail_call_number(call));
    line_str(l, " ret=");
    if (frail_call_result(call, &result) < 0) {
        line_str(l, "?");
    } else {
        line_dec(l, result);
    }
    line_str(l, " task=");
    line_digits(l, frail_call_task(call));
    line_str(l, " ns=");
    line_dec(l, frail_call_time_ns(call) + frail_call_duration_ns(call));
    if (frail_call_refused(call)) {
        line_str(l, " refused=1");
    }
    if (frail_call_restarts(call)) {
        line_str(l, " restart=1");
    }
    put(s);
}
