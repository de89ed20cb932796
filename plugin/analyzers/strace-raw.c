/*
 * The strace analyzer's format for programs.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "strace.h"

void raw_call(Strace *s, const FrailCall *call)
{
    FrailText *l = &s->line;
    FrailAbi abi = frail_call_abi(call);
    const char *name = frail_syscall_name(abi, frail_call_number(call));

    line_begin(s);
    text_str(l, "C seq=");
    text_dec(l, frail_call_sequence(call));
    text_str(l, " ns=");
    text_dec(l, frail_call_time_ns(call));
    text_str(l, " vcpu=");
    text_dec(l, frail_call_vcpu(call));
    text_str(l, " task=");
    text_digits(l, frail_call_task(call));
    text_str(l, " cr3=");
    text_digits(l, frail_call_cr3(call));
    text_str(l, " abi=");
    text_str(l, call_abi_name(abi));
    text_str(l, " nr=");
    text_dec(l, frail_call_number(call));
    text_str(l, " name=");
    text_str(l, name ? name : "?");
    text_str(l, " rip=");
    text_hex_padded(l, frail_call_user_rip(call), 1);
    text_str(l, " rsp=");
    text_hex_padded(l, frail_call_user_rsp(call), 1);
    text_str(l, " a=");
    for (unsigned i = 0; i < 6; i++) {
        if (i) {
            text_str(l, ",");
        }
        text_hex_padded(l, frail_call_arg(call, i), 1);
    }
    line_put(s);
}

void raw_return(Strace *s, const FrailCall *call)
{
    FrailText *l = &s->line;
    int64_t result;

    line_begin(s);
    text_str(l, "R seq=");
    text_dec(l, frail_call_sequence(call));
    text_str(l, " nr=");
    text_dec(l, frail_call_number(call));
    text_str(l, " ret=");
    if (frail_call_result(call, &result) < 0) {
        text_str(l, "?");
    } else {
        text_dec(l, result);
    }
    text_str(l, " task=");
    text_digits(l, frail_call_task(call));
    text_str(l, " ns=");
    text_dec(l, frail_call_time_ns(call) + frail_call_duration_ns(call));
    if (frail_call_refused(call)) {
        text_str(l, " refused=1");
    }
    if (frail_call_killed(call)) {
        text_str(l, " killed=1");
    }
    if (frail_call_restarts(call)) {
        text_str(l, " restart=1");
    }
    line_put(s);
}
