/*
 * Signals, sets of them, and what a siginfo says of its cause.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/names/print.h"

#define SIGNAL_RT_MIN   32
#define SIGNAL_LAST     64

/* @prefix: whether "SIG" stands in front. */
static bool print_name(FrailText *t, int32_t signal, bool prefix)
{
    const char *name = xlat_name(&xlat_signals, (uint32_t)signal);

    if (name) {
        text_str(t, prefix ? name : name + strlen("SIG"));
    } else if (signal >= SIGNAL_RT_MIN && signal <= SIGNAL_LAST) {
        text_str(t, prefix ? "SIG" : "");
        if (signal == SIGNAL_RT_MIN) {
            text_str(t, "RTMIN");
        } else {
            text_str(t, "RT_");
            text_udec(t, signal - SIGNAL_RT_MIN);
        }
    } else {
        return false;
    }
    return true;
}

void write_signal(FrailText *t, int32_t signal)
{
    if (!print_name(t, signal, true)) {
        text_dec(t, signal);
    }
}

void write_sigset(FrailText *t, const void *set, size_t size)
{
    const uint8_t *bytes = set;
    unsigned bits = (size < 16 ? size : 16) * 8;
    unsigned count = 0;
    bool invert;
    bool first = true;

    for (unsigned i = 0; i < bits; i++) {
        count += bytes[i / 8] >> i % 8 & 1;
    }
    /* The shorter way to say it; two thirds is where strace changes. */
    invert = bits && count >= bits * 2 / 3;
    text_str(t, invert ? "~[" : "[");
    for (unsigned i = 0; i < bits; i++) {
        if ((bytes[i / 8] >> i % 8 & 1) == invert) {
            continue;
        }
        if (!first) {
            text_char(t, ' ');
        }
        first = false;
        if (!print_name(t, i + 1, false)) {
            text_udec(t, i + 1);
        }
    }
    text_char(t, ']');
}

void write_si_code(FrailText *t, int32_t signal, int32_t code)
{
    const char *name = xlat_name(&xlat_sicodes_any, (uint32_t)code);
    const Xlat *x = NULL;

    if (!name) {
        const char *signal_name = xlat_name(&xlat_signals, (uint32_t)signal);
        static const struct {
            const char *signal;
            const Xlat *codes;
        } of[] = {
            { "SIGTRAP", &xlat_sicodes_trap },
            { "SIGCHLD", &xlat_sicodes_chld },
            { "SIGIO", &xlat_sicodes_poll },
            { "SIGPROF", &xlat_sicodes_prof },
            { "SIGILL", &xlat_sicodes_ill },
            { "SIGFPE", &xlat_sicodes_fpe },
            { "SIGSEGV", &xlat_sicodes_segv },
            { "SIGBUS", &xlat_sicodes_bus },
            { "SIGSYS", &xlat_sicodes_sys },
        };

        for (size_t i = 0; signal_name && i < sizeof(of) / sizeof(of[0]);
             i++) {
            if (!strcmp(of[i].signal, signal_name)) {
                x = of[i].codes;
            }
        }
        name = x ? xlat_name(x, (uint32_t)code) : NULL;
    }
    if (name) {
        text_str(t, name);
    } else {
        text_hex(t, (uint32_t)code);
    }
}
