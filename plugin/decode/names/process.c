/*
 * Words of several fields: processes, futexes, capabilities.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/names/print.h"

#define CLONE_SIGNAL    0xff

void write_clone_flags(FrailText *t, uint64_t flags)
{
    uint64_t rest = flags & ~(uint64_t)CLONE_SIGNAL;

    if (rest) {
        print_flags(t, &xlat_clone_flags, rest);
    }
    if (flags & CLONE_SIGNAL || !rest) {
        if (rest) {
            text_char(t, '|');
        }
        write_signal(t, flags & CLONE_SIGNAL);
    }
}

#define FUTEX_PRIVATE_FLAG      0x80
#define FUTEX_CLOCK_REALTIME    0x100
#define FUTEX_FLAGS             (FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)
#define FUTEX_WAIT              0
#define FUTEX_FD                2
#define FUTEX_WAIT_BITSET       9
#define FUTEX_WAIT_REQUEUE_PI   11

void write_futex_op(FrailText *t, uint32_t op)
{
    uint32_t bare = op & ~FUTEX_FLAGS;
    bool clock = op & FUTEX_CLOCK_REALTIME;
    const char *name = xlat_name(&xlat_futex_ops, bare);

    /* The clock is a flag of those that sleep until a time. */
    if (!name || (clock && bare != FUTEX_WAIT && bare != FUTEX_WAIT_BITSET &&
                  bare != FUTEX_WAIT_REQUEUE_PI)) {
        text_hex(t, op);
        print_xlat_label(t, &xlat_futex_ops);
        return;
    }
    text_str(t, name);
    if (op & FUTEX_PRIVATE_FLAG) {
        text_str(t, bare == FUTEX_FD ? "|FUTEX_PRIVATE_FLAG" : "_PRIVATE");
    }
    if (clock) {
        text_str(t, "|FUTEX_CLOCK_REALTIME");
    }
}

static void print_shifted(FrailText *t, const Xlat *x, uint32_t value,
                          const char *shift)
{
    const char *name = xlat_name(x, value);

    if (name) {
        text_str(t, name);
        text_str(t, shift);
    } else {
        text_hex(t, value);
        text_str(t, shift);
        print_xlat_label(t, x);
    }
}

void write_futex_wake_op(FrailText *t, uint32_t val3)
{
    if (val3 >> 31) {
        text_str(t, "FUTEX_OP_OPARG_SHIFT<<28|");
    }
    print_shifted(t, &xlat_futex_wake_ops, val3 >> 28 & 7, "<<28");
    text_char(t, '|');
    text_hex(t, val3 >> 12 & 0xfff);
    text_str(t, "<<12|");
    print_shifted(t, &xlat_futex_wake_cmps, val3 >> 24 & 0xf, "<<24");
    text_char(t, '|');
    text_hex(t, val3 & 0xfff);
}

#define PERSONALITY_TYPE    0xff

void write_personality(FrailText *t, uint32_t personality)
{
    if (personality == UINT32_MAX) {
        text_hex(t, personality);
        return;
    }
    print_enum(t, &xlat_personality_types, personality & PERSONALITY_TYPE);
    print_flags_after(t, &xlat_personality_flags,
                      personality & ~PERSONALITY_TYPE);
}

void write_clockid(FrailText *t, int32_t clock)
{
    print_enum(t, &xlat_clocks, (uint32_t)clock);
}

#define IOPRIO_CLASS_SHIFT  13

void write_ioprio(FrailText *t, uint32_t ioprio)
{
    text_str(t, "IOPRIO_PRIO_VALUE(");
    print_enum(t, &xlat_ioprio_classes, ioprio >> IOPRIO_CLASS_SHIFT);
    text_str(t, ", ");
    text_udec(t, ioprio & ((1u << IOPRIO_CLASS_SHIFT) - 1));
    text_char(t, ')');
}

#define KEXEC_ARCH          0xffff0000

void write_kexec_flags(FrailText *t, uint32_t flags)
{
    print_enum(t, &xlat_kexec_archs, flags & KEXEC_ARCH);
    print_flags_after(t, &xlat_kexec_flags, flags & ~KEXEC_ARCH);
}

void write_key_serial(FrailText *t, int32_t serial)
{
    const char *name = xlat_name(&xlat_key_specs, (uint32_t)serial);

    if (name) {
        text_str(t, name);
    } else {
        text_dec(t, serial);
    }
}

void write_cap(FrailText *t, uint32_t cap)
{
    print_enum(t, &xlat_caps, cap);
}

void write_capset(FrailText *t, uint64_t set)
{
    bool first = true;

    if (!set) {
        text_char(t, '0');
        return;
    }
    for (unsigned cap = 0; cap < 64 && set; cap++) {
        const char *name = xlat_name(&xlat_caps, cap);

        if (name && set & UINT64_C(1) << cap) {
            text_str(t, first ? "1<<" : "|1<<");
            text_str(t, name);
            set &= ~(UINT64_C(1) << cap);
            first = false;
        }
    }
    if (set) {
        text_str(t, first ? "" : "|");
        text_hex(t, set);
        if (first) {
            print_xlat_label(t, &xlat_caps);
        }
    }
}
