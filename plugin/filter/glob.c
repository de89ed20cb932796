/*
 * Patterns.  Not fnmatch(3): that one depends on the locale, in which a byte
 * of the guest's may be no character, and then matches nothing.  Nor GLib's,
 * which reads beyond the end of what is not UTF-8.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "filter/expr.h"

/* How long is the set "[...]" at @p?  0: there is no end, it is a letter. */
static size_t set_length(const char *p, size_t len)
{
    size_t i = 1;

    i += i < len && (p[i] == '!' || p[i] == '^');
    i += i < len;           /* a "]" in the first place is a member */
    while (i < len && p[i] != ']') {
        i++;
    }
    return i < len ? i + 1 : 0;
}

static bool in_set(const char *p, size_t len, unsigned char c)
{
    bool others = p[1] == '!' || p[1] == '^', found = false;

    for (size_t i = 1 + others; i < len - 1; i++) {
        unsigned char low = p[i], high = low;

        if (i + 2 < len - 1 && p[i + 1] == '-') {
            high = p[i + 2];
            i += 2;
        }
        found |= c >= low && c <= high;
    }
    return found != others;
}

/* Does the element of the pattern at @p take @c?  *@used: its length. */
static bool takes(const char *p, size_t len, unsigned char c, size_t *used)
{
    *used = 1;
    if (*p == '?') {
        return true;
    }
    if (*p == '[') {
        size_t n = set_length(p, len);

        if (n) {
            *used = n;
            return in_set(p, n, c);
        }
    }
    if (*p == '\\' && len > 1) {
        *used = 2;
        p++;
    }
    return (unsigned char)*p == c;
}

bool expr_glob(const char *pattern, size_t pattern_len, const char *text,
               size_t len)
{
    size_t p = 0, t = 0, star = SIZE_MAX, from = 0, used;

    while (t < len) {
        if (p < pattern_len && pattern[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern_len && takes(pattern + p, pattern_len - p,
                                            text[t], &used)) {
            p += used;
            t++;
        } else if (star != SIZE_MAX) {
            /* Only the last star has to be tried again. */
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern_len && pattern[p] == '*') {
        p++;
    }
    return p == pattern_len;
}
