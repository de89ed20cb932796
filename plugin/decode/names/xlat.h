/*
 * The names of constants: flags and enumerations of Linux's interface.
 *
 * A table is one file xlat/NAME.in, and is called xlat_NAME here; how to add
 * one is in xlat/README.  Text is that of strace 6.1.
 *
 * Nothing here allocates, locks or fails, and every function may be called by
 * any thread.  A value is given as the kernel sees it: of an int argument the
 * lower 32 bits, so cast it: print_enum(t, &xlat_seek_whence, (uint32_t)arg).
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_XLAT_H
#define FRAIL_XLAT_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/text.h"

typedef struct XlatName {
    uint64_t value;
    const char *name;
} XlatName;

/* Look into it through the functions below only. */
typedef struct Xlat {
    const char *label;          /* "O_???", of what has no name */
    const XlatName *names;
    unsigned count;
    bool sorted;                /* by value, each only once: an enumeration */
    bool dense;                 /* value n is names[n] */
} Xlat;

/* extern const Xlat xlat_NAME, one for each table. */
#include "xlat-tables.h"

/* All tables, by name: for tests. */
typedef struct XlatTable {
    const char *name;
    const Xlat *xlat;
} XlatTable;

extern const XlatTable xlat_tables[];
extern const size_t xlat_tables_count;

/* The name of exactly @value, or NULL. */
const char *xlat_name(const Xlat *x, uint64_t value);

/*
 * SEEK_SET, or 0x7 followed by a comment with the table's label.  Returns
 * whether the name is known.
 */
bool print_enum(FrailText *t, const Xlat *x, uint64_t value);
/* The same, with an unknown value in decimal, as of an int: 7, -1 */
bool print_enum_dec(FrailText *t, const Xlat *x, int64_t value);

/*
 * PROT_READ|PROT_EXEC|0x40, in the table's order.  Without a known bit: 0x40
 * followed by a comment with the label.  Zero: the table's name of zero, or 0.
 */
void print_flags(FrailText *t, const Xlat *x, uint64_t value);
/*
 * The parts of print_flags(), for words that are made of several fields.
 * print_flags_known(): the names, each behind a "|" unless *@first, which is
 * cleared by the first one; returns the bits without a name.
 * print_flags_after(): nothing for zero, else the names and the rest, each
 * behind a "|".
 */
uint64_t print_flags_known(FrailText *t, const Xlat *x, uint64_t value,
                           bool *first);
void print_flags_after(FrailText *t, const Xlat *x, uint64_t value);

/* " " and the label as a comment, behind a number that has no name. */
void print_xlat_label(FrailText *t, const Xlat *x);

#endif /* FRAIL_XLAT_H */
