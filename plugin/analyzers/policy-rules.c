/*
 * Rules that have been read: which of them a call is asked about.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "policy-build.h"

/* What an expression may have; a bit less than frail-filter(7) allows. */
#define WHERE_BYTES     4000u
#define WHERE_VALUES    500u

static bool can_match(const Policy *p, const PolicyRule *r, unsigned abi,
                      int64_t nr)
{
    if (r->opened && !call_set_has(&p->opens[0], abi, nr) &&
        !call_set_has(&p->opens[1], abi, nr)) {
        return false;
    }
    for (unsigned i = 0; i < r->n_when; i++) {
        if (!frail_filter_can_match(r->when[i], abi, nr)) {
            return false;
        }
    }
    return true;
}

FrailMatch policy_match(const PolicyRule *r, const FrailCall *call)
{
    FrailMatch all = FRAIL_MATCH_YES;

    for (unsigned i = 0; i < r->n_when; i++) {
        FrailMatch one;

        /* Those of a list for many numbers are not all for this one. */
        if (!frail_filter_can_match(r->when[i], frail_call_abi(call),
                                    frail_call_number(call))) {
            return FRAIL_MATCH_NO;
        }
        one = frail_filter_match(r->when[i], call);
        if (one == FRAIL_MATCH_NO) {
            return FRAIL_MATCH_NO;
        }
        if (one == FRAIL_MATCH_LATER) {
            all = FRAIL_MATCH_LATER;
        }
    }
    return all;
}

void policy_build_lists(Policy *p)
{
    static _Atomic uint64_t last_serial;
    GArray *all = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    uint16_t one[POLICY_RULES_MAX + 1];
    size_t last = 0;

    p->serial = atomic_fetch_add(&last_serial, 1) + 1;
    call_set_init(&p->opens[0], (const char *const[CALL_SET_MAX]) {
        "open", "openat", "openat2", "creat" });
    call_set_init(&p->opens[1], (const char *const[CALL_SET_MAX]) {
        "open_by_handle_at" });
    for (unsigned abi = 0; abi < CALL_ABIS; abi++) {
        for (unsigned nr = 0; nr <= POLICY_NUMBERS; nr++) {
            unsigned n = 0;

            for (unsigned i = 0; i < p->n; i++) {
                if (nr == POLICY_NUMBERS ? !p->rule[i]->opened :
                    can_match(p, p->rule[i], abi, nr)) {
                    one[n++] = i;
                }
            }
            one[n++] = POLICY_LIST_END;
            /* Neighbours often have the same. */
            if (!all->len || all->len - last != n ||
                memcmp(&g_array_index(all, uint16_t, last), one,
                       n * sizeof(*one))) {
                last = all->len;
                g_array_append_vals(all, one, n);
            }
            p->list[abi][nr] = last;
        }
    }
    p->lists = (uint16_t *)g_array_free(all, FALSE);
}

char *policy_where(const Policy *p)
{
    GString *text = g_string_new("call in (");
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    for (unsigned abi = 0; abi < CALL_ABIS; abi++) {
        for (unsigned nr = 0; nr < POLICY_NUMBERS; nr++) {
            const char *name = frail_syscall_name(abi, nr);

            if (*policy_list(p, abi, nr) == POLICY_LIST_END ||
                (name && !g_hash_table_add(names, (char *)name))) {
                continue;
            }
            if (!name || text->len + strlen(name) > WHERE_BYTES ||
                g_hash_table_size(names) > WHERE_VALUES) {
                /* A rule for calls that nobody knows, or for most. */
                g_string_free(text, TRUE);
                return NULL;
            }
            g_string_append_printf(text, "%s%s",
                                   g_hash_table_size(names) > 1 ? "," : "",
                                   name);
        }
    }
    if (!g_hash_table_size(names)) {
        g_string_assign(text, "not true");
    } else {
        g_string_append_c(text, ')');
    }
    return g_string_free(text, FALSE);
}

void policy_rule_free(PolicyRule *r)
{
    for (unsigned i = 0; r && i < r->n_when; i++) {
        frail_filter_free(r->when[i]);
    }
    if (r) {
        g_free(r->opened);
        g_free(r);
    }
}

void policy_free(Policy *p)
{
    for (unsigned i = 0; p && i < p->n; i++) {
        policy_rule_free(p->rule[i]);
    }
    if (p) {
        g_free(p->lists);
        g_free(p);
    }
}

char *policy_error_line(const char *path, const PolicyError *err)
{
    return err->line ? g_strdup_printf("%s:%u:%u: %s", path, err->line,
                                       err->column, err->text) :
                       g_strdup_printf("%s: %s", path, err->text);
}
