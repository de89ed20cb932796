/*
 * Arrays of the caller's.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ARRAY_H
#define FRAIL_ARRAY_H

#include "decode/printer.h"

/* The largest element. */
#define ELEMENT_MAX 512

/* Prints one element, a copy of which is at @elem. */
typedef void ElementFn(Printer *p, const uint8_t *elem, void *opaque);

/*
 * @count elements of @size bytes (at most ELEMENT_MAX) at @addr, in brackets:
 * as many as print_array_limit() says, then "..."; at the first one that cannot
 * be read comes "... /" and its address, or, if it is the first of all, the
 * bare pointer.
 */
void print_elements(Printer *p, uint64_t addr, uint64_t count, size_t size,
                    ElementFn *element, void *opaque);
/* The same for what a call fills: the bare pointer when it has failed. */
void print_array(Printer *p, uint64_t addr, uint64_t count, size_t size,
                 ElementFn *element, void *opaque);
/* How many elements of an array are shown. */
uint64_t print_array_limit(const Printer *p);

/* Elements: an int, an unsigned int (32 bits). */
void print_element_int(Printer *p, const uint8_t *elem, void *opaque);
void print_element_uint(Printer *p, const uint8_t *elem, void *opaque);

/*
 * True when what is at @addr can be shown: it is not NULL and, at return,
 * the call has not failed.  Else the bare pointer is printed.
 */
bool printer_fetch(Printer *p, uint64_t addr);

#endif /* FRAIL_ARRAY_H */
