/*
 * Single values, as strace prints them: numbers with a meaning of their own,
 * addresses, texts, bytes; and what stands between the members of a structure.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_VALUES_H
#define FRAIL_VALUES_H

#include "decode/printer.h"

/* An unsigned number of 1, 2, 4 or 8 bytes. */
uint64_t load_uint(const void *data, size_t size);

/* ", " unless a brace or a bracket has just been opened. */
void print_next(Printer *p);
/* The same, and "name=". */
void print_member(Printer *p, const char *name);
/* The next element of a list: ", " but for the first. */
static inline void print_comma(Printer *p, uint64_t i)
{
    if (i) {
        text_str(p->out, ", ");
    }
}

/* -1 is "-1", others unsigned. */
void print_id(Printer *p, uint32_t id);
/* "makedev(0x8, 0x1)"; the kernel's encoding of 32 or 64 bits. */
void print_dev(Printer *p, uint64_t dev);
void print_in_addr(Printer *p, const void *addr);       /* inet_addr("...") */
void print_in6_addr(Printer *p, const void *addr, const char *name);
void print_ifindex(Printer *p, uint32_t index);
void print_mac(Printer *p, const void *bytes, size_t len);
void print_byte(Printer *p, uint8_t byte);      /* 0x7, 00 */
void print_hex_bytes(Printer *p, const void *bytes, size_t len);
void print_hex_string(Printer *p, const void *bytes, size_t len);
/* "quoted", at most the options' string_limit, then "...". */
void print_bytes(Printer *p, const void *bytes, size_t len);
/* Text of @size bytes up to its zero, quoted; "..." if there is none. */
void print_text(Printer *p, const void *bytes, size_t size);

#endif /* FRAIL_VALUES_H */
