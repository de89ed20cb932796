/*
 * Text in a buffer of fixed size: what is written, and that nothing is
 * written past the end.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/text.h"

#define GUARD 0x5a

typedef struct Buffer {
    char bytes[512];
    FrailText t;
} Buffer;

static FrailText *start(Buffer *b, size_t size)
{
    g_assert_cmpuint(size, <=, sizeof(b->bytes));
    memset(b->bytes, GUARD, sizeof(b->bytes));
    text_init(&b->t, b->bytes, size);
    return &b->t;
}

#define EXPECT(b, text) \
    g_assert_cmpstr(text_terminate(&(b)->t), ==, (text))

/* Everything that printf can do as well, against printf. */
static void numbers(void)
{
    static const uint64_t values[] = {
        0, 1, 7, 8, 9, 10, 15, 16, 63, 64, 77, 511, 512, 0644, 01777, 0x1234,
        INT32_MAX, UINT32_MAX, INT64_MAX, (uint64_t)INT64_MIN, UINT64_MAX,
        UINT64_C(9999999999999999999), UINT64_C(10000000000000000000),
    };
    Buffer b;
    char expect[64];

#define CHECK(call, format, ...) do { \
        call; \
        snprintf(expect, sizeof(expect), format, __VA_ARGS__); \
        EXPECT(&b, expect); \
    } while (0)

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        uint64_t v = values[i];

        CHECK(text_dec(start(&b, 64), v), "%" G_GINT64_FORMAT, (int64_t)v);
        CHECK(text_udec(start(&b, 64), v), "%" G_GUINT64_FORMAT, v);
        CHECK(text_digits(start(&b, 64), v), "%" G_GINT64_MODIFIER "x", v);
        CHECK(text_hex(start(&b, 64), v), "%#" G_GINT64_MODIFIER "x", v);
        CHECK(text_octal(start(&b, 64), v), "%#" G_GINT64_MODIFIER "o", v);
        CHECK(text_mode(start(&b, 64), v), "%#03" G_GINT64_MODIFIER "o", v);
        for (unsigned width = 0; width <= 20; width++) {
            CHECK(text_padded(start(&b, 64), v, width),
                  "%0*" G_GINT64_MODIFIER "u", width, v);
        }
        for (unsigned width = 1; width <= 16; width++) {
            CHECK(text_hex_padded(start(&b, 64), v, width),
                  "0x%0*" G_GINT64_MODIFIER "x", width, v);
        }
    }
#undef CHECK
}

static void widths_beyond(void)
{
    Buffer b;

    /* More than there are digits: as many as there is room for inside. */
    text_padded(start(&b, 64), 5, 1000);
    EXPECT(&b, "00000000000000000005");
    text_hex_padded(start(&b, 64), 5, 1000);
    g_assert_cmpuint(b.t.len, <=, 26);
}

static void quoting(void)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *text;
    } cases[] = {
        { "", 0, "\"\"" },
        { "plain ~ text", 12, "\"plain ~ text\"" },
        { "a\tb\nc\vd\fe\rf", 11, "\"a\\tb\\nc\\vd\\fe\\rf\"" },
        { "\"\\", 2, "\"\\\"\\\\\"" },
        { "\0", 1, "\"\\0\"" },
        /* An octal number takes three digits when an octal one follows... */
        { "\0001", 2, "\"\\0001\"" },
        { "\0337", 2, "\"\\0337\"" },
        { "\0070", 2, "\"\\0070\"" },
        /* ... and as few as it has when none does. */
        { "\0019", 2, "\"\\19\"" },
        { "\0338", 2, "\"\\338\"" },
        { "\001a", 2, "\"\\1a\"" },
        { "\033[0m", 4, "\"\\33[0m\"" },
        { "\007\007", 2, "\"\\7\\7\"" },
        { "\377", 1, "\"\\377\"" },
        { "\200x", 2, "\"\\200x\"" },
        { "\177", 1, "\"\\177\"" },
        { "\xc3\xa4", 2, "\"\\303\\244\"" },
        { "'", 1, "\"'\"" },
        { "a\0b", 3, "\"a\\0b\"" },
    };
    Buffer b;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        text_quoted(start(&b, 64), cases[i].bytes, cases[i].len);
        EXPECT(&b, cases[i].text);
        g_assert_false(b.t.cut);
    }
}

static void escaping(void)
{
    Buffer b;

    text_escaped(start(&b, 64), "a<b>c", 5, "<>");
    EXPECT(&b, "a\\74b\\76c");
    text_escaped(start(&b, 64), "<1", 2, "<");
    EXPECT(&b, "\\0741");
    text_escaped(start(&b, 64), "say \"hi\"", 8, NULL);
    EXPECT(&b, "say \"hi\"");
    text_escaped(start(&b, 64), "\0end", 4, "<>");
    EXPECT(&b, "\\0end");
}

/* All bytes, read back as C reads them. */
static void quoting_is_c(void)
{
    Buffer b;

    for (unsigned next = 0; next < 256; next++) {
        for (unsigned c = 0; c < 256; c++) {
            char in[2] = { c, next };
            g_autofree char *out = NULL;
            const char *text;

            text_quoted(start(&b, 64), in, 2);
            text = text_terminate(&b.t);
            g_assert_cmpint(text[0], ==, '"');
            g_assert_cmpint(text[b.t.len - 1], ==, '"');
            if (!c || !next) {
                continue;       /* g_strcompress() would end there */
            }
            out = g_strndup(text + 1, b.t.len - 2);
            {
                g_autofree char *back = g_strcompress(out);

                g_assert_cmpint(back[0], ==, in[0]);
                g_assert_cmpint(back[1], ==, in[1]);
                g_assert_cmpint(back[2], ==, '\0');
            }
        }
    }
}

static void write_everything(FrailText *t)
{
    text_str(t, "open");
    text_char(t, '(');
    text_quoted(t, "a\0001\"\377", 5);
    text_escaped(t, "<x>\n", 4, "<>");
    text_dec(t, INT64_MIN);
    text_udec(t, UINT64_MAX);
    text_padded(t, 7, 6);
    text_digits(t, UINT64_MAX);
    text_hex(t, 0xabc);
    text_hex_padded(t, 1, 16);
    text_octal(t, UINT64_MAX);
    text_mode(t, 0);
    text_mode(t, 0644);
    text_bytes(t, "", 0);
}

/* At every size: the beginning of the whole text, and not a byte more. */
static void cuts(void)
{
    Buffer whole, b;
    size_t len;

    write_everything(start(&whole, sizeof(whole.bytes)));
    g_assert_false(whole.t.cut);
    len = whole.t.len;
    for (size_t size = 0; size <= len + 1; size++) {
        write_everything(start(&b, size));
        g_assert_cmpuint(b.t.len, ==, MIN(size, len));
        g_assert_cmpint(b.t.cut, ==, size < len);
        g_assert_cmpmem(b.bytes, b.t.len, whole.bytes, b.t.len);
        for (size_t i = size; i < sizeof(b.bytes); i++) {
            g_assert_cmpint(b.bytes[i], ==, GUARD);
        }
    }
}

static void terminating(void)
{
    Buffer b;

    start(&b, 0);
    EXPECT(&b, "");
    g_assert_cmpint(b.bytes[0], ==, GUARD);

    text_str(start(&b, 4), "abc");
    EXPECT(&b, "abc");
    g_assert_false(b.t.cut);

    /* The zero takes the place of the last byte, and that is told. */
    text_str(start(&b, 4), "abcd");
    g_assert_false(b.t.cut);
    EXPECT(&b, "abc");
    g_assert_true(b.t.cut);
    g_assert_cmpint(b.bytes[4], ==, GUARD);

    /* More can be added behind it. */
    text_str(start(&b, 8), "ab");
    text_terminate(&b.t);
    text_str(&b.t, "cd");
    EXPECT(&b, "abcd");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/numbers", numbers);
    g_test_add_func("/text/widths-beyond", widths_beyond);
    g_test_add_func("/text/quoting", quoting);
    g_test_add_func("/text/escaping", escaping);
    g_test_add_func("/text/quoting-is-c", quoting_is_c);
    g_test_add_func("/text/cuts", cuts);
    g_test_add_func("/text/terminating", terminating);
    return g_test_run();
}
