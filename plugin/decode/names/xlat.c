/*
 * The names of constants: flags and enumerations of Linux's interface.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/names/xlat.h"

const char *xlat_name(const Xlat *x, uint64_t value)
{
    size_t low = 0;
    size_t high = x->count;

    if (x->dense) {
        return value < x->count ? x->names[value].name : NULL;
    }
    if (!x->sorted) {
        for (size_t i = 0; i < x->count; i++) {
            if (x->names[i].value == value) {
                return x->names[i].name;
            }
        }
        return NULL;
    }
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (x->names[mid].value == value) {
            return x->names[mid].name;
        }
        if (x->names[mid].value < value) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return NULL;
}

void print_xlat_label(FrailText *t, const Xlat *x)
{
    text_str(t, " /* ");
    text_str(t, x->label);
    text_str(t, " */");
}

bool print_enum(FrailText *t, const Xlat *x, uint64_t value)
{
    const char *name = xlat_name(x, value);

    if (name) {
        text_str(t, name);
        return true;
    }
    text_hex(t, value);
    print_xlat_label(t, x);
    return false;
}

bool print_enum_dec(FrailText *t, const Xlat *x, int64_t value)
{
    const char *name = xlat_name(x, value);

    if (name) {
        text_str(t, name);
        return true;
    }
    text_dec(t, value);
    print_xlat_label(t, x);
    return false;
}

uint64_t print_flags_known(FrailText *t, const Xlat *x, uint64_t value,
                           bool *first)
{
    for (size_t i = 0; i < x->count && value; i++) {
        uint64_t bits = x->names[i].value;

        /* Of names that share bits the first one takes them. */
        if (!bits || (value & bits) != bits) {
            continue;
        }
        if (!*first) {
            text_char(t, '|');
        }
        *first = false;
        text_str(t, x->names[i].name);
        value &= ~bits;
    }
    return value;
}

void print_flags_after(FrailText *t, const Xlat *x, uint64_t value)
{
    bool first = false;
    uint64_t rest = print_flags_known(t, x, value, &first);

    if (rest) {
        text_char(t, '|');
        text_hex(t, rest);
    }
}

void print_flags(FrailText *t, const Xlat *x, uint64_t value)
{
    bool first = true;
    uint64_t rest;

    if (!value) {
        const char *name = xlat_name(x, 0);

        text_str(t, name ? name : "0");
        return;
    }
    rest = print_flags_known(t, x, value, &first);
    if (!rest) {
        return;
    }
    if (!first) {
        text_char(t, '|');
    }
    text_hex(t, rest);
    if (first) {
        print_xlat_label(t, x);
    }
}
