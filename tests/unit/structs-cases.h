/*
 * Calls whose structures are printed: by us, and by strace.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef STRUCTS_CASES_H
#define STRUCTS_CASES_H

#include "print-guest.h"

typedef struct StructsCase {
    unsigned abi;
    const char *name;       /* of the call */
    const char *args;
    int64_t result;
    const char *memory;
} StructsCase;

/*
 * Who prints an argument (-1: the text behind the result, -2: the last one) of
 * a call.
 */
typedef struct StructsPrinter {
    const char *name;
    int arg;
    char when;              /* 'i': it is printed at entry; 'o': at return */
    void (*print)(Printer *p, uint64_t arg);    /* or, if NULL: */
    void (*print_with)(Printer *p, const uint64_t *args);
} StructsPrinter;

extern const StructsPrinter structs_printers[];
extern const unsigned structs_printers_count;
extern const StructsCase structs_cases[];
extern const unsigned structs_cases_count;

#endif /* STRUCTS_CASES_H */
