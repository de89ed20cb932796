/*
 * Expressions and the calls that they are tried with, for the tests of
 * filters.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FILTER_CASES_H
#define FILTER_CASES_H

#include "fake-caller.h"
#include "filter/expr.h"

static inline FrailFilter *make(const char *text)
{
    FilterError err = { 0 };
    FrailFilter *f = filter_new(text, &err);

    if (!f) {
        g_error("%s\n%s", err.line, err.caret);
    }
    g_assert_cmpstr(filter_text(f), ==, text);
    return f;
}

static inline FrailCall new_call(unsigned abi, const char *name)
{
    FrailCall call = { .abi = abi, .nr = frail_syscall_number(abi, name) };

    g_assert_cmpint(call.nr, >=, 0);
    return call;
}

static inline FrailMatch enter(const char *text, const FrailCall *call)
{
    FrailFilter *f = make(text);
    FrailMatch match = filter_enter(f, call, NULL);

    /* What cannot match does not. */
    if (match != FRAIL_MATCH_NO) {
        g_assert_true(filter_can_match(f, call->abi, call->nr));
    }
    filter_free(f);
    return match;
}

typedef struct Case {
    const char *text;
    char result;            /* 'y', 'n' */
} Case;

/* Each of them; and with "not" in front: 'n' may be unknown, 'N' is not. */
static inline void check(const FrailCall *call, const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_autofree char *not = g_strdup_printf("not (%s)", cases[i].text);
        FrailMatch match = enter(cases[i].text, call);

        if ((match == FRAIL_MATCH_YES) != (cases[i].result == 'y')) {
            g_error("%s: %d", cases[i].text, match);
        }
        match = enter(not, call);
        if ((match == FRAIL_MATCH_YES) != (cases[i].result == 'N')) {
            g_error("%s: %d", not, match);
        }
    }
}

#define CHECK(call, cases) check(&(call), cases, G_N_ELEMENTS(cases))

/* It returns. */
static inline void leave(FrailCall *c, int64_t result)
{
    c->over = true;
    c->has_result = true;
    c->result = result;
    c->duration_ns = 10000000;
}

#endif /* FILTER_CASES_H */
