/*
 * Filters, as analyzers see them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "api/internal.h"

/* What was wrong on this thread, until something else is. */
static __thread FilterError last;

FrailFilter *filter_or_error(const char *text, const char **err)
{
    FrailFilter *f;

    g_clear_pointer(&last.line, g_free);
    g_clear_pointer(&last.caret, g_free);
    f = filter_new(text, &last);
    *err = last.line;
    return f;
}

FrailFilter *frail_filter_new(const char *text, const char **err)
{
    FrailFilter *f = filter_or_error(text, err);
    FrailApi *api = api_bound();

    if (f && api && filter_needs_family(f)) {
        where_need_family(api);
    }
    return f;
}

void frail_filter_free(FrailFilter *f)
{
    filter_free(f);
}

const char *frail_filter_error_caret(void)
{
    return last.caret;
}

const char *frail_filter_text(const FrailFilter *f)
{
    return filter_text(f);
}

bool frail_filter_needs_return(const FrailFilter *f)
{
    return filter_needs_return(f);
}

bool frail_filter_can_match(const FrailFilter *f, FrailAbi abi, int64_t nr)
{
    return filter_can_match(f, abi, nr);
}

FrailMatch frail_filter_match(const FrailFilter *f, const FrailCall *call)
{
    if (call->over) {
        return filter_leave(f, call, NULL) ? FRAIL_MATCH_YES :
                                             FRAIL_MATCH_NO;
    }
    return filter_enter(f, call, NULL);
}
