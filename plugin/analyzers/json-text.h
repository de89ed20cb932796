/*
 * JSON put together in a FrailText, for every system call.  Whoever calls sees
 * to it that there is room for all of it.
 *
 * A string out of the guest can hold any bytes.  If it is valid UTF-8 it is
 * written as that.  If not, each byte of it is written as the character of
 * that number (U+0000 to U+00FF, as in ISO 8859-1), and whoever writes it is
 * told, to list the member under "latin1".  Both ways can be turned back.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_JSON_TEXT_H
#define FRAIL_ANALYZER_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "text/text.h"

/* What json_string() had to do. */
#define JSON_LATIN1 (1u << 0)
#define JSON_CUT    (1u << 1)       /* there was more than @limit */

/* "0x1f", with its quotes: a double has no room for 64 bits. */
static inline void json_hex(FrailText *j, uint64_t value)
{
    text_str(j, "\"0x");
    text_digits(j, value);
    text_char(j, '"');
}

/* "2023-11-14T22:13:20.123456789Z"; @ns since 1970. */
static inline void json_time(FrailText *j, int64_t ns)
{
    static __thread int64_t cached = INT64_MIN;
    static __thread char text[32];
    int64_t seconds = ns / 1000000000;

    ns %= 1000000000;
    if (ns < 0) {
        ns += 1000000000;
        seconds--;
    }
    if (seconds != cached) {
        time_t t = seconds;
        struct tm tm;

        gmtime_r(&t, &tm);
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S.", &tm);
        cached = seconds;
    }
    text_str(j, "\"");
    text_str(j, text);
    text_padded(j, ns, 9);
    text_str(j, "Z\"");
}

/*
 * The length of the UTF-8 character at @s of @len bytes: 1 to 4; 0 when it is
 * none, by the letter of RFC 3629.
 */
static inline unsigned json_utf8(const uint8_t *s, size_t len)
{
    uint8_t min = 0x80, max = 0xbf;
    unsigned n;

    if (s[0] < 0x80) {
        return 1;
    } else if (s[0] >= 0xc2 && s[0] <= 0xdf) {
        n = 2;
    } else if (s[0] >= 0xe0 && s[0] <= 0xef) {
        n = 3;
        min = s[0] == 0xe0 ? 0xa0 : 0x80;       /* no overlong ones */
        max = s[0] == 0xed ? 0x9f : 0xbf;       /* no surrogates */
    } else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
        n = 4;
        min = s[0] == 0xf0 ? 0x90 : 0x80;
        max = s[0] == 0xf4 ? 0x8f : 0xbf;       /* up to U+10FFFF */
    } else {
        return 0;
    }
    if (n > len || s[1] < min || s[1] > max) {
        return 0;
    }
    for (unsigned i = 2; i < n; i++) {
        if (s[i] < 0x80 || s[i] > 0xbf) {
            return 0;
        }
    }
    return n;
}

static inline bool json_is_utf8(const uint8_t *s, size_t len)
{
    for (size_t i = 0, n; i < len; i += n) {
        n = json_utf8(s + i, len - i);
        if (!n) {
            return false;
        }
    }
    return true;
}

/* Character @c below U+0100 as JSON; its length.  @out has 6 bytes. */
static inline unsigned json_escape(char *out, uint8_t c)
{
    const char *hex = "0123456789abcdef";

    if (c == '"' || c == '\\') {
        out[0] = '\\';
        out[1] = c;
        return 2;
    }
    if (c >= 0x20 && c < 0x7f) {
        out[0] = c;
        return 1;
    }
    /* Controls, of 8 bits too: no terminal shall obey them. */
    memcpy(out, "\\u00", 4);
    out[4] = hex[c >> 4];
    out[5] = hex[c & 15];
    return 6;
}

/*
 * @len bytes, which are UTF-8 or taken as ISO 8859-1, as a string of at most
 * @limit bytes (at least 2), with its quotes.  Returns JSON_LATIN1 and
 * JSON_CUT, if so.
 */
static inline unsigned json_string_as(FrailText *j, const char *text,
                                      size_t len, size_t limit, bool utf8)
{
    const uint8_t *s = (const uint8_t *)text;
    unsigned flags = utf8 ? 0 : JSON_LATIN1;
    size_t used = 2, plain = 0, i = 0;

    text_str(j, "\"");
    while (i < len) {
        unsigned n = utf8 ? json_utf8(s + i, len - i) : 1;
        /* U+0080 to U+009F are controls. */
        bool control = n == 2 && s[i] == 0xc2 && s[i + 1] < 0xa0;
        char escaped[6];
        unsigned size = n;

        if (n == 1 || control) {
            size = json_escape(escaped, control ? s[i + 1] : s[i]);
        }
        if (used + size > limit) {
            flags |= JSON_CUT;
            break;
        }
        used += size;
        if (size == n && !control) {
            plain += n;         /* copied with its neighbours */
        } else {
            text_bytes(j, text + i - plain, plain);
            text_bytes(j, escaped, size);
            plain = 0;
        }
        i += n;
    }
    text_bytes(j, text + i - plain, plain);
    text_str(j, "\"");
    return flags;
}

/* The same; whether they are UTF-8 is found out. */
static inline unsigned json_string(FrailText *j, const char *text, size_t len,
                                   size_t limit)
{
    return json_string_as(j, text, len, limit,
                          json_is_utf8((const uint8_t *)text, len));
}

#endif /* FRAIL_ANALYZER_JSON_TEXT_H */
