/*
 * Filters: an expression, and the call that it is asked about.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include "fuzz.h"

#include "decode/pool.h"
#include "filter/filter.h"

/* What is wrong is said in one line, and shown within the text. */
static void check_error(const char *text, FilterError *err)
{
    unsigned column = 0;

    g_assert_cmpint(sscanf(err->line, "column %u: ", &column), ==, 1);
    g_assert_cmpuint(column, >=, 1);
    g_assert_cmpuint(column, <=, strlen(text) + 1);
    for (const char *c = err->line; *c; c++) {
        g_assert_false(g_ascii_iscntrl(*c));
    }
    g_assert_nonnull(strchr(err->caret, '^'));
    g_free(err->line);
    g_free(err->caret);
}

static void make_call(FakeGuest *g, DecodePool *pool, FuzzInput *in,
                      FrailCall *call)
{
    uint8_t abi;
    uint16_t nr, args;

    fuzz_take(in, &abi, 1);
    fuzz_take(in, &nr, 2);
    fuzz_take(in, &args, 2);
    *call = (FrailCall) {
        .mem = &g->mem, .guest = g->cpu, .pool = pool, .abi = abi % 3,
        .space = { .cr3 = g->state.cr3, .la57 = g->state.la57 },
        .nr = nr % 1100,
    };
    for (unsigned i = 0; i < 6; i++) {
        call->args[i] = args >> i & 1 ? FG_USER + i * 64 :
            (uint64_t)args >> (i + 4);
    }
}

/* What is true now is true when the call returns; and so on. */
static void check_match(const FrailFilter *f, const FrailFilter *opposite,
                        const FrailCall *entry)
{
    FrailCall leave = *entry;
    uint64_t saved = 0;
    FrailMatch match = filter_enter(f, entry, &saved);
    bool yes;

    leave.over = leave.has_result = true;
    /* Not 0: a successful exec would have another memory. */
    leave.result = (int16_t)entry->args[0] | 1;
    yes = filter_leave(f, &leave, NULL);
    if (match == FRAIL_MATCH_LATER) {
        g_assert_cmpint(filter_leave(f, &leave, &saved), ==, yes);
    } else {
        g_assert_cmpint(match == FRAIL_MATCH_YES, ==, yes);
    }
    if (match != FRAIL_MATCH_NO) {
        g_assert_true(filter_can_match(f, entry->abi, entry->nr));
    }
    if (opposite) {
        g_assert_false(yes && filter_leave(opposite, &leave, NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static DecodePool *pool;
    FakeGuest *g = fuzz_guest();
    FuzzInput in = { data, size };
    FilterError err = { 0 };
    FrailFilter *f, *opposite;
    g_autofree char *text = NULL, *not = NULL;
    FrailCall call;

    if (!pool) {
        pool = pool_new();
    }
    make_call(g, pool, &in, &call);
    text = in.size ? g_strndup((const char *)in.data, in.size) : g_strdup("");
    f = filter_new(text, &err);
    if (!f) {
        check_error(text, &err);
        return 0;
    }
    g_assert_cmpstr(filter_text(f), ==, text);
    not = g_strdup_printf("not (%s)", text);
    opposite = filter_new(not, &err);   /* it may be too long, or too deep */
    if (!opposite) {
        check_error(not, &err);
    }
    g_assert_nonnull(fg_ask(g));
    check_match(f, opposite, &call);
    filter_free(opposite);
    filter_free(f);
    return 0;
}
