/*
 * One line of text, put together without printf: it is made for every
 * system call.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_LINE_H
#define FRAIL_ANALYZER_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef LINE_SIZE
#define LINE_SIZE   640
#endif

typedef struct Line {
    size_t len;
    size_t hidden;          /* how many of them a terminal does not show */
    char text[LINE_SIZE];   /* what does not fit is cut */
} Line;

static inline void line_bytes(Line *l, const char *text, size_t len)
{
    size_t room = sizeof(l->text) - 1 - l->len;   /* 1 for the newline */

    if (len > room) {
        len = room;
    }
    memcpy(l->text + l->len, text, len);
    l->len += len;
}

static inline void line_str(Line *l, const char *text)
{
    line_bytes(l, text, strlen(text));
}

/* Hexadecimal digits, without 0x. */
static inline void line_digits(Line *l, uint64_t value)
{
    char digits[16];
    unsigned at = sizeof(digits);

    do {
        digits[--at] = "0123456789abcdef"[value & 15];
        value >>= 4;
    } while (value);
    line_bytes(l, digits + at, sizeof(digits) - at);
}

static inline void line_hex(Line *l, uint64_t value)
{
    line_bytes(l, "0x", 2);
    line_digits(l, value);
}

/* Decimal, with zeros in front up to @width digits (at most 20). */
static inline void line_padded(Line *l, uint64_t value, unsigned width)
{
    char digits[20];
    unsigned at = sizeof(digits);

    do {
        digits[--at] = '0' + value % 10;
        value /= 10;
    } while (at && (value || sizeof(digits) - at < width));
    line_bytes(l, digits + at, sizeof(digits) - at);
}

static inline void line_dec(Line *l, int64_t value)
{
    if (value < 0) {
        line_bytes(l, "-", 1);
        line_padded(l, -(uint64_t)value, 1);
    } else {
        line_padded(l, value, 1);
    }
}

static inline void line_end(Line *l)
{
    l->text[l->len++] = '\n';
}

#endif /* FRAIL_ANALYZER_LINE_H */
