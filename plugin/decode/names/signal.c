/*
 * Signals, sets of them, and what a siginfo says of its cause.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frail-plugin.h"

#include "decode/names/print.h"

#define SIGNAL_RT_MIN   32
#define SIGNAL_LAST     64

static const char *const rt_names[] = {
    "SIGRTMIN", "SIGRT_1", "SIGRT_2", "SIGRT_3", "SIGRT_4", "SIGRT_5",
    "SIGRT_6", "SIGRT_7", "SIGRT_8", "SIGRT_9", "SIGRT_10", "SIGRT_11",
    "SIGRT_12", "SIGRT_13", "SIGRT_14", "SIGRT_15", "SIGRT_16", "SIGRT_17",
    "SIGRT_18", "SIGRT_19", "SIGRT_20", "SIGRT_21", "SIGRT_22", "SIGRT_23",
    "SIGRT_24", "SIGRT_25", "SIGRT_26", "SIGRT_27", "SIGRT_28", "SIGRT_29",
    "SIGRT_30", "SIGRT_31", "SIGRT_32",
};

_Static_assert(sizeof(rt_names) / sizeof(*rt_names) ==
               SIGNAL_LAST - SIGNAL_RT_MIN + 1, "a name each");

const char *frail_signal_name(int number)
{
    const char *name = xlat_name(&xlat_signals, (uint32_t)number);

    if (name) {
        return name;
    }
    return number >= SIGNAL_RT_MIN && number <= SIGNAL_LAST ?
        rt_names[number - SIGNAL_RT_MIN] : NULL;
}

/* @prefix: whether "SIG" stands in front. */
static bool print_name(FrailText *t, int32_t signal, bool prefix)
{
    const char *name = frail_signal_name(signal);

    if (name) {
        text_str(t, prefix ? name : name + strlen("SIG"));
    }
    return name;
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
