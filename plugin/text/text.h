/*
 * Text put together in a buffer of fixed size, without printf and without
 * an allocation: it is made for every system call.
 *
 * What does not fit is cut, and noted; nothing is written past the end.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_TEXT_H
#define FRAIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Not terminated by a zero; text_terminate() does that. */
typedef struct FrailText {
    char *buf;
    size_t size;
    size_t len;         /* at most @size */
    bool cut;           /* something did not fit */
} FrailText;

static inline void text_init(FrailText *t, char *buf, size_t size)
{
    *t = (FrailText) { .buf = buf, .size = size };
}

/* In line: most texts are literals, and their length is known then. */
static inline void text_bytes(FrailText *t, const void *bytes, size_t len)
{
    size_t room = t->size - t->len;

    if (len > room) {
        len = room;
        t->cut = true;
    }
    if (len) {
        memcpy(t->buf + t->len, bytes, len);
        t->len += len;
    }
}

static inline void text_str(FrailText *t, const char *s)
{
    text_bytes(t, s, strlen(s));
}

static inline void text_char(FrailText *t, char c)
{
    text_bytes(t, &c, 1);
}

/* Decimal. */
void text_dec(FrailText *t, int64_t value);
void text_udec(FrailText *t, uint64_t value);
/* Decimal with zeros in front, @width digits at least (at most 20). */
void text_padded(FrailText *t, uint64_t value, unsigned width);
/* As printf's "%x", "%#x" ("0" for zero, else 0x...) and "0x%0*x". */
void text_digits(FrailText *t, uint64_t value);
void text_hex(FrailText *t, uint64_t value);
void text_hex_padded(FrailText *t, uint64_t value, unsigned width);
/* Octal: as "%#o" ("0" for zero), and as "%#03o", which shows modes. */
void text_octal(FrailText *t, uint64_t value);
void text_mode(FrailText *t, uint64_t value);

/*
 * @len bytes as C text within quotes, as strace prints them: \t \n \v \f \r
 * \" \\ by name, other unprintable ones in octal, with as few digits as the
 * next byte allows.
 */
void text_quoted(FrailText *t, const void *bytes, size_t len);
/*
 * The same without quotes; bytes of @escape (or NULL) are escaped too, as
 * octal digits.
 */
void text_escaped(FrailText *t, const void *bytes, size_t len,
                  const char *escape);

/* Put a zero behind the text, in place of its last byte if there is no room. */
const char *text_terminate(FrailText *t);

#endif /* FRAIL_TEXT_H */
