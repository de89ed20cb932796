/*
 * Every call of the three tables has a row of arguments, and most arguments a
 * type.  The figures are printed as "# decode-coverage abi=... ...".
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "decode/args.h"
#include "decode/decode.h"

static const char *const abis[FRAIL_ABIS] = { "x86-64", "x32", "i386" };

/* What is raw must be at most this much of all. */
#define RAW_PERCENT 5

static const CallSpec *spec_of(unsigned abi, unsigned nr)
{
    const CallSpec *spec = call_spec(abi, nr);

    return spec && spec->target ? spec->target : spec;
}

/* Registers that the arguments of @spec take. */
static unsigned registers(const CallSpec *spec)
{
    unsigned last = 0;

    for (unsigned i = 0; i < spec->n; i++) {
        const ArgSpec *a = &spec->args[i];
        unsigned end = a->reg + (a->wide ? 2 : 1);

        last = MAX(last, end);
    }
    return last;
}

/* What lives in no register: the frame of a signal, a call that is resumed. */
static bool is_special(const char *name)
{
    return !strcmp(name, "rt_sigreturn") || !strcmp(name, "sigreturn") ||
           !strcmp(name, "restart_syscall");
}

static void test_rows(void)
{
    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        for (unsigned nr = 0; nr < frail_syscall_table_size(abi); nr++) {
            const char *name = frail_syscall_name(abi, nr);
            const CallSpec *spec = call_spec(abi, nr);

            if (!name) {
                g_assert_null(spec);
                continue;
            }
            if (!spec) {
                g_error("%s of %s has no row in calls.in", name, abis[abi]);
            }
            g_assert_nonnull(spec->result);
            for (unsigned i = 0; i < spec->n; i++) {
                const ArgSpec *a = &spec->args[i];

                g_assert_nonnull(a->name);
                g_assert_nonnull(a->print);
                g_assert_cmpuint(a->reg, <, 6);
                g_assert_cmpuint(a->ref, <, 6);
            }
            if (spec->via || is_special(name)) {
                continue;
            }
            if (registers(spec) != frail_syscall_arg_count(abi, nr)) {
                g_error("%s of %s takes %u registers, its row %u", name,
                        abis[abi], frail_syscall_arg_count(abi, nr),
                        registers(spec));
            }
        }
        g_assert_null(call_spec(abi, frail_syscall_table_size(abi)));
    }
    g_assert_null(call_spec(0, -1));
    g_assert_null(call_spec(FRAIL_ABIS, 0));
}

typedef struct Sum {
    unsigned typed, raw;
} Sum;

static void print_kinds(GHashTable *kinds)
{
    GHashTableIter iter;
    void *name, *value;

    g_hash_table_iter_init(&iter, kinds);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        Sum *sum = value;

        printf("# kind=%s arguments=%u raw=%u\n", (char *)name,
               sum->typed + sum->raw, sum->raw);
    }
}

static void test_coverage(void)
{
    g_autoptr(GHashTable) kinds =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        unsigned calls = 0, arguments = 0, raw = 0;

        for (unsigned nr = 0; nr < frail_syscall_table_size(abi); nr++) {
            const CallSpec *spec = spec_of(abi, nr);

            if (!spec) {
                continue;
            }
            calls++;
            for (unsigned i = 0; i < spec->n; i++) {
                const ArgSpec *a = &spec->args[i];
                Sum *sum = g_hash_table_lookup(kinds, a->kind);

                if (!sum) {
                    sum = g_new0(Sum, 1);
                    g_hash_table_insert(kinds, (void *)a->kind, sum);
                }
                arguments++;
                raw += a->raw;
                sum->raw += a->raw;
                sum->typed += !a->raw;
            }
        }
        printf("# decode-coverage abi=%s calls=%u arguments=%u raw=%u\n",
               abis[abi], calls, arguments, raw);
        g_assert_cmpuint(calls, >, 360);
        g_assert_cmpuint(raw * 100, <=, arguments * RAW_PERCENT);
    }
    print_kinds(kinds);
}

/* The numbers that the installed headers have; what they lack is newer. */
typedef struct Known {
    unsigned abi;
    int nr;
    const char *name;
} Known;

static const Known headers[] = {
#include "known-calls.inc"
};

static void test_headers(void)
{
    g_assert_cmpuint(G_N_ELEMENTS(headers), >, 1000);
    for (unsigned i = 0; i < G_N_ELEMENTS(headers); i++) {
        const Known *k = &headers[i];
        const char *ours = frail_syscall_name(k->abi, k->nr);

        if (g_strcmp0(ours, k->name)) {
            g_error("linux-libc-dev's call %d of %s is %s, ours %s", k->nr,
                    abis[k->abi], k->name, ours ? ours : "unknown");
        }
        g_assert_nonnull(call_spec(k->abi, k->nr));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/decode/rows", test_rows);
    g_test_add_func("/decode/coverage", test_coverage);
    g_test_add_func("/decode/headers", test_headers);
    return g_test_run();
}
