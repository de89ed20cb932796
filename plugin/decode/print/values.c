/*
 * Single values.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>

#include "decode/print/values.h"

uint64_t load_uint(const void *data, size_t size)
{
    uint64_t value = 0;

    /* The guest's byte order is the host's: both are x86. */
    memcpy(&value, data, size < sizeof(value) ? size : sizeof(value));
    return value;
}

void print_next(Printer *p)
{
    const FrailText *t = p->out;

    if (t->len && t->buf[t->len - 1] != '{' && t->buf[t->len - 1] != '[') {
        text_str(p->out, ", ");
    }
}

void print_member(Printer *p, const char *name)
{
    print_next(p);
    text_str(p->out, name);
    text_char(p->out, '=');
}

void print_id(Printer *p, uint32_t id)
{
    if (id == UINT32_MAX) {
        text_str(p->out, "-1");
    } else {
        text_udec(p->out, id);
    }
}

void print_dev(Printer *p, uint64_t dev)
{
    uint32_t major = (dev >> 8 & 0xfff) | (dev >> 32 & 0xfffff000);
    uint32_t minor = (dev & 0xff) | (dev >> 12 & 0xffffff00);

    text_str(p->out, "makedev(");
    text_hex(p->out, major);
    text_str(p->out, ", ");
    text_hex(p->out, minor);
    text_char(p->out, ')');
}

void print_in_addr(Printer *p, const void *addr)
{
    char text[INET_ADDRSTRLEN];

    text_str(p->out, "inet_addr(\"");
    text_str(p->out, inet_ntop(AF_INET, addr, text, sizeof(text)));
    text_str(p->out, "\")");
}

void print_in6_addr(Printer *p, const void *addr, const char *name)
{
    char text[INET6_ADDRSTRLEN];

    text_str(p->out, "inet_pton(AF_INET6, \"");
    text_str(p->out, inet_ntop(AF_INET6, addr, text, sizeof(text)));
    text_str(p->out, "\", &");
    text_str(p->out, name);
    text_char(p->out, ')');
}

void print_ifindex(Printer *p, uint32_t index)
{
    /* Linux's loopback device is the first of every network namespace. */
    if (index == 1) {
        text_str(p->out, "if_nametoindex(\"lo\")");
    } else {
        text_udec(p->out, index);
    }
}

void print_mac(Printer *p, const void *bytes, size_t len)
{
    const uint8_t *b = bytes;

    for (size_t i = 0; i < len; i++) {
        if (i) {
            text_char(p->out, ':');
        }
        text_char(p->out, "0123456789abcdef"[b[i] >> 4]);
        text_char(p->out, "0123456789abcdef"[b[i] & 15]);
    }
}

void print_byte(Printer *p, uint8_t byte)
{
    /* As "%#02x": zero has two digits. */
    text_str(p->out, byte ? "0x" : "0");
    text_digits(p->out, byte);
}

void print_hex_bytes(Printer *p, const void *bytes, size_t len)
{
    const uint8_t *b = bytes;

    text_char(p->out, '[');
    for (size_t i = 0; i < len; i++) {
        print_next(p);
        print_byte(p, b[i]);
    }
    text_char(p->out, ']');
}

void print_hex_string(Printer *p, const void *bytes, size_t len)
{
    const uint8_t *b = bytes;

    text_char(p->out, '"');
    for (size_t i = 0; i < len; i++) {
        text_str(p->out, "\\x");
        print_mac(p, b + i, 1);
    }
    text_char(p->out, '"');
}

void print_bytes(Printer *p, const void *bytes, size_t len)
{
    size_t limit = p->opts->string_limit;

    text_quoted(p->out, bytes, len < limit ? len : limit);
    if (len > limit) {
        text_str(p->out, "...");
    }
}

void print_text(Printer *p, const void *bytes, size_t size)
{
    size_t len = size ? strnlen(bytes, size) : 0;
    bool ended = len < size || !size;

    text_quoted(p->out, bytes, ended ? len : size - 1);
    if (!ended) {
        text_str(p->out, "...");
    }
}
