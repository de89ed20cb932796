/*
 * Which calls an analyzer wants to see.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_FILTER_H
#define FRAIL_FILTER_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <stdbool.h>
#include <stdint.h>

#include "decode/decode.h"
#include "frail-plugin.h"

/* Numbers a filter can tell apart; all tables are smaller. */
#define FRAIL_FILTER_NUMBERS    1024

typedef struct FrailFilter {
    bool all_unknown;       /* the verdict for every other number */
    uint64_t bits[FRAIL_ABIS][FRAIL_FILTER_NUMBERS / 64];
} FrailFilter;

/*
 * Make a filter of FrailAnalyzerOptions.filter; NULL lets all through.
 * Returns false and in *@err a sentence, to be freed with g_free(), when
 * @text is wrong; then *@f lets nothing through.
 */
bool frail_filter_parse(const char *text, FrailFilter *f, char **err);

static inline bool frail_filter_match(const FrailFilter *f, FrailAbi abi,
                                      int64_t nr)
{
    if ((uint64_t)nr >= FRAIL_FILTER_NUMBERS || (unsigned)abi >= FRAIL_ABIS) {
        return f->all_unknown;
    }
    return f->bits[abi][nr / 64] >> (nr % 64) & 1;
}

#endif /* FRAIL_FILTER_H */
