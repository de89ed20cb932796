/*
 * Text put together in a buffer of fixed size.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text/text.h"

/* The digits of @value with base 1 << @shift, @width at least. */
static void power_digits(FrailText *t, uint64_t value, unsigned shift,
                         unsigned width)
{
    char digits[24];
    unsigned at = sizeof(digits);

    do {
        digits[--at] = "0123456789abcdef"[value & ((1u << shift) - 1)];
        value >>= shift;
    } while (at && (value || sizeof(digits) - at < width));
    text_bytes(t, digits + at, sizeof(digits) - at);
}

void text_padded(FrailText *t, uint64_t value, unsigned width)
{
    char digits[20];
    unsigned at = sizeof(digits);

    do {
        digits[--at] = '0' + value % 10;
        value /= 10;
    } while (at && (value || sizeof(digits) - at < width));
    text_bytes(t, digits + at, sizeof(digits) - at);
}

void text_udec(FrailText *t, uint64_t value)
{
    text_padded(t, value, 1);
}

void text_dec(FrailText *t, int64_t value)
{
    if (value < 0) {
        text_char(t, '-');
        text_padded(t, -(uint64_t)value, 1);
    } else {
        text_padded(t, value, 1);
    }
}

void text_digits(FrailText *t, uint64_t value)
{
    power_digits(t, value, 4, 1);
}

void text_hex(FrailText *t, uint64_t value)
{
    if (value) {
        text_str(t, "0x");
    }
    power_digits(t, value, 4, 1);
}

void text_hex_padded(FrailText *t, uint64_t value, unsigned width)
{
    text_str(t, "0x");
    power_digits(t, value, 4, width);
}

void text_octal(FrailText *t, uint64_t value)
{
    if (value) {
        text_char(t, '0');
    }
    power_digits(t, value, 3, 1);
}

void text_mode(FrailText *t, uint64_t value)
{
    /* "%#03o": three characters with the leading zero. */
    if (value < 0100) {
        power_digits(t, value, 3, 3);
    } else {
        text_char(t, '0');
        power_digits(t, value, 3, 1);
    }
}

static bool is_octal(uint8_t c)
{
    return c >= '0' && c <= '7';
}

static void escaped_byte(FrailText *t, uint8_t c, bool digit_follows)
{
    text_char(t, '\\');
    /* An octal number ends after three digits or at one that is none. */
    power_digits(t, c, 3, digit_follows ? 3 : 1);
}

static const char *named_escape(uint8_t c)
{
    switch (c) {
    case '\\':
        return "\\\\";
    case '\t':
        return "\\t";
    case '\n':
        return "\\n";
    case '\v':
        return "\\v";
    case '\f':
        return "\\f";
    case '\r':
        return "\\r";
    default:
        return NULL;
    }
}

void text_escaped(FrailText *t, const void *bytes, size_t len,
                  const char *escape)
{
    const uint8_t *p = bytes;
    size_t from = 0;

    for (size_t i = 0; i < len; i++) {
        const char *named;
        bool plain = p[i] >= ' ' && p[i] <= '~' && p[i] != '\\' &&
                     !(escape && strchr(escape, p[i]));

        if (plain) {
            continue;
        }
        text_bytes(t, p + from, i - from);
        from = i + 1;
        named = named_escape(p[i]);
        if (named) {
            text_str(t, named);
        } else if (p[i] == '"' && escape && strchr(escape, '"')) {
            text_str(t, "\\\"");
        } else {
            escaped_byte(t, p[i], i + 1 < len && is_octal(p[i + 1]));
        }
    }
    text_bytes(t, p + from, len - from);
}

void text_quoted(FrailText *t, const void *bytes, size_t len)
{
    text_char(t, '"');
    text_escaped(t, bytes, len, "\"");
    text_char(t, '"');
}

const char *text_terminate(FrailText *t)
{
    if (!t->size) {
        return "";
    }
    if (t->len == t->size) {
        t->len--;
        t->cut = true;
    }
    t->buf[t->len] = '\0';
    return t->buf;
}
