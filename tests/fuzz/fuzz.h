/*
 * What the fuzzers of libfrail share.
 *
 * Each fuzz-NAME.c is one libFuzzer target (LLVMFuzzerTestOneInput).  With
 * replay.c in place of libFuzzer it is a unit test that needs no clang: the
 * corpus, and a number of changes to it.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "../unit/fake-guest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Input is eaten from its beginning; when there is none left, it is zeros. */
typedef struct FuzzInput {
    const uint8_t *data;
    size_t size;
} FuzzInput;

void fuzz_take(FuzzInput *in, void *buf, size_t len);
uint64_t fuzz_take64(FuzzInput *in);

/*
 * A whole guest in which everything that is asked for is right.  By default
 * the made-up one; with FRAIL_FUZZ_RAM=FILE, and FRAIL_FUZZ_REGS="cr3=...
 * cr4=... gs=... kgs=... lstar=..." as of tests/offline/frail-offline, one
 * that was real.  Made at the first call.
 */
FakeGuest *fuzz_guest(void);

/*
 * What an input is to a guest: changes to its memory, 12 bytes each, that are
 * undone when its turn is over.
 */
typedef struct FuzzChange {
    uint8_t where;              /* FUZZ_POINTER... modulo FUZZ_PLACES */
    uint8_t how;                /* see fuzz.c */
    uint16_t index;             /* of the word there */
    uint64_t value;
} FuzzChange;

#define FUZZ_CHANGE_SIZE    12

enum { FUZZ_POINTER, FUZZ_OBJECTS, FUZZ_DATA, FUZZ_USER, FUZZ_PLACES };

/* Takes as many as there are, at most @max. */
void fuzz_change(FakeGuest *g, FuzzInput *in, unsigned max);
void fuzz_undo(FakeGuest *g);

#endif /* FUZZ_H */
