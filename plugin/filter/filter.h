/*
 * Filters: expressions that choose calls.  What analyzers see of them is in
 * frail-plugin.h, the language in docs/filters.md.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_FILTER_H
#define FRAIL_FILTER_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "frail-plugin.h"
#include "trap/call.h"

/* What is wrong with an expression; both are to be freed. */
typedef struct FilterError {
    char *line;             /* "column 7: ..." */
    char *caret;            /* two lines: the text, and a mark below */
} FilterError;

/* NULL and *@err when @text is wrong.  Any thread. */
FrailFilter *filter_new(const char *text, FilterError *err);
/* NULL is allowed. */
void filter_free(FrailFilter *f);

const char *filter_text(const FrailFilter *f);
/* A number of its own, never 0. */
uint32_t filter_serial(const FrailFilter *f);
/* Is there a term that only the return decides? */
bool filter_needs_return(const FrailFilter *f);
/* Does it ask for process trees?  Then FrailCall.family should be there. */
bool filter_needs_family(const FrailFilter *f);
/* Can it be true for this call, whoever makes it? */
bool filter_can_match(const FrailFilter *f, FrailAbi abi, int64_t nr);

/*
 * At entry.  With FRAIL_MATCH_LATER what is known by then is in *@saved, for
 * filter_leave(): the caller may be somebody else when it returns from an
 * exec, or nobody.  On the vCPU's thread.
 */
FrailMatch filter_enter(const FrailFilter *f, const FrailCall *call,
                        uint64_t *saved);
/* At return; @saved may be NULL: then all is asked for now. */
bool filter_leave(const FrailFilter *f, const FrailCall *call,
                  const uint64_t *saved);

#endif /* FRAIL_FILTER_H */
