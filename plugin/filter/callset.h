/*
 * Sets of system calls, as FrailAnalyzerOptions.filter describes them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_CALLSET_H
#define FRAIL_CALLSET_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <stdbool.h>
#include <stdint.h>

#include "decode/decode.h"
#include "frail-plugin.h"

/* Numbers a set can tell apart; all tables are smaller. */
#define CALLSET_NUMBERS     1024

typedef struct CallSet {
    bool all_unknown;       /* the verdict for every other number */
    uint64_t bits[FRAIL_ABIS][CALLSET_NUMBERS / 64];
} CallSet;

/*
 * Make a set of FrailAnalyzerOptions.filter; NULL is all calls.  Returns
 * false and in *@err a sentence, to be freed with g_free(), when @text is
 * wrong; then *@set is empty.
 */
bool callset_parse(const char *text, CallSet *set, char **err);
/*
 * Add the calls of one item of such a list: a name, a number, "%class" or
 * "/regular expression".  Errors as above, but *@set is as it was.
 */
bool callset_add(CallSet *set, const char *item, char **err);
/* Add one call; a number that a set cannot tell apart adds nothing. */
void callset_add_call(CallSet *set, unsigned abi, int64_t nr);

static inline bool callset_has(const CallSet *set, FrailAbi abi, int64_t nr)
{
    if ((uint64_t)nr >= CALLSET_NUMBERS || (unsigned)abi >= FRAIL_ABIS) {
        return set->all_unknown;
    }
    return set->bits[abi][nr / 64] >> (nr % 64) & 1;
}

#endif /* FRAIL_CALLSET_H */
