/*
 * Files of rules of the policy analyzer.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "fuzz.h"

#include "analyzers/policy-rules.h"

/* What is wrong is in the text, and said in one line. */
static void check_error(const char *text, size_t size, PolicyError *err)
{
    const char *line = text, *end = text + size, *next;

    g_assert_cmpuint(err->line, >=, 1);
    g_assert_cmpuint(err->column, >=, 1);
    for (unsigned i = 1; i < err->line; i++) {
        next = memchr(line, '\n', end - line);
        g_assert_nonnull(next);
        line = next + 1;
    }
    next = memchr(line, '\n', end - line);
    g_assert_cmpuint(err->column, <=, (next ? next : end) - line + 1);
    for (const char *c = err->text; *c; c++) {
        g_assert_false(g_ascii_iscntrl(*c));
    }
    g_free(err->text);
}

static void check_rules(const Policy *p)
{
    g_autofree char *where = policy_where(p);
    const char *err;
    FrailFilter *f = where ? frail_filter_new(where, &err) : NULL;

    g_assert_true(!where || f);
    for (int64_t nr = -1; nr <= POLICY_NUMBERS; nr++) {
        const uint16_t *list = policy_list(p, nr & 1 ? 2 : 0, nr);

        for (; *list != POLICY_LIST_END; list++) {
            g_assert_cmpuint(*list, <, p->n);
            /* Numbers beyond all tables have rules that say no when asked. */
            g_assert_true(!f || nr < 0 || nr >= POLICY_NUMBERS ||
                          frail_filter_can_match(f, nr & 1 ? 2 : 0, nr));
        }
    }
    for (unsigned i = 0; i < p->n; i++) {
        const PolicyRule *r = p->rule[i];
        unsigned ends = r->acts & POLICY_ENDS;

        g_assert_true(r->acts && !(ends & (ends - 1)));
        g_assert_true(r->n_when || r->opened);
        g_assert_true(!(r->acts & POLICY_REFUSE) == !r->refuse_errno);
        g_assert_false(r->late && ends && ends != POLICY_KILL);
    }
    frail_filter_free(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    PolicyError err;
    Policy *p = policy_parse((const char *)data, size, &err);

    if (p) {
        check_rules(p);
        policy_free(p);
    } else {
        check_error((const char *)data, size, &err);
    }
    return 0;
}
