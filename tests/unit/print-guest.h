/*
 * A made-up caller for the tests of printers: a few pages of user memory,
 * written down as text, and a Printer over them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PRINT_GUEST_H
#define PRINT_GUEST_H

#include "fake-vmm.h"

#include "decode/printer.h"

/*
 * An area is what one argument points to.  It ends where its page ends, and
 * the page behind it is not mapped.
 */
#define AREAS           6
#define AREA_PAGE(i)    (0x10010000ull + (i) * 0x2000ull)

typedef struct Area {
    uint64_t addr;
    size_t len;
    uint8_t bytes[4096];
} Area;

/*
 * @text: areas separated by ';', each "B= ITEM...": SIZE:VALUE is a little-
 * endian integer of SIZE bytes ("w" for the ABI's word), s:TEXT a string with
 * its zero, c:TEXT one without, z:N N zeros, r:N N bytes that count up from
 * 0x11, &C the address of area C, as a word.  Aborts on errors of the test.
 */
void areas_parse(Area areas[AREAS], unsigned abi, const char *text);
/* "A,B+4,-1,0x10": numbers and addresses of areas. */
void args_parse(uint64_t args[6], const Area areas[AREAS], const char *text);

typedef struct PrintGuest {
    FakeVM *vm;
    uint64_t page[AREAS];           /* guest-physical */
    uint32_t generation;
    FrailMem mem;
    FrailCall call;
    FrailDecodeOptions opts;
    char buf[65536];
    FrailText text;
    Printer p;
} PrintGuest;

void print_guest_init(PrintGuest *g);
void print_guest_free(PrintGuest *g);
/* Lay down the areas; those without a byte are not mapped. */
void print_guest_memory(PrintGuest *g, const Area areas[AREAS]);
/* Forget what was printed. */
void print_guest_clear(PrintGuest *g);
/* A fresh Printer for a call of @abi; at return when @result is not NULL. */
Printer *print_guest_printer(PrintGuest *g, unsigned abi,
                             const int64_t *result);
/* What was printed. */
const char *print_guest_text(PrintGuest *g);

#endif /* PRINT_GUEST_H */
