/*
 * The table of open calls.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "trap/open.h"

/* As in the tests of pairing: the top of a task's kernel stack. */
#define STACK_TOP(n)    (0xffffc90000000000ull + ((n) + 1) * 0x4000ull)

#define THREADS 4
#define ROUNDS  200000
#define KEYS    20

/* Keys of one bucket; were the hash another one, the tests would be weaker. */
static uint64_t key_of(unsigned n)
{
    uint64_t key = 0xffffc90000004000;

    for (;; key += 0x4000) {
        if ((key * 0x9e3779b97f4a7c15ull) >> 54 == 77 && !n--) {
            return key;
        }
    }
}

struct Keys {
    FrailOpen *open;
    uint64_t key[3];
};

static gint ready;

static gpointer put_and_take(gpointer data)
{
    struct Keys *arg = data;

    g_atomic_int_inc(&ready);
    while (g_atomic_int_get(&ready) < THREADS) {
        g_thread_yield();
    }
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t key = arg->key[i % 3];
        FrailCall in = { .seq = i + 1, .nr = key, .user_rip = ~key }, out;

        g_assert_true(frail_open_put(arg->open, key, &in, &out));
        g_assert_true(frail_open_take(arg->open, key, &out));
        g_assert_cmpuint(out.seq, ==, in.seq);
        g_assert_cmpint(out.nr, ==, in.nr);
        g_assert_cmphex(out.user_rip, ==, ~key);
        g_assert_false(frail_open_take(arg->open, key, &out));
    }
    return NULL;
}

static void test_open_threads(void)
{
    FrailOpen *open = frail_open_new();
    GThread *thread[THREADS];
    struct Keys arg[THREADS];

    for (unsigned i = 0; i < THREADS; i++) {
        arg[i].open = open;
        for (unsigned k = 0; k < 3; k++) {
            arg[i].key[k] = key_of(i * 3 + k);
        }
        thread[i] = g_thread_new("put", put_and_take, &arg[i]);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        g_thread_join(thread[i]);
    }
    frail_open_free(open);
}

static void test_open_full(void)
{
    FrailOpen *open = frail_open_new();
    unsigned lost = 0, found = 0, n = 20000;

    for (unsigned i = 1; i <= n; i++) {
        FrailCall call = { .seq = i }, older = { 0 };

        if (!frail_open_put(open, i * 0x4000ull, &call, &older)) {
            lost++;
            g_assert_cmpuint(older.seq, <, i);
            g_assert_cmpuint(older.seq, >, 0);
        }
        /* The newest call is never the one that gives way. */
        g_assert_true(frail_open_take(open, i * 0x4000ull, &call));
        g_assert_true(frail_open_put(open, i * 0x4000ull, &call, &older));
        g_assert_cmpuint(call.seq, ==, i);
        /* Its own older one does. */
        g_assert_false(frail_open_put(open, i * 0x4000ull, &call, &older));
        g_assert_cmpuint(older.seq, ==, i);
    }
    for (unsigned i = 1; i <= n; i++) {
        FrailCall call = { 0 };

        if (frail_open_take(open, i * 0x4000ull, &call)) {
            g_assert_cmpuint(call.seq, ==, i);
            found++;
        }
    }
    g_assert_cmpuint(lost, >, 0);
    g_assert_cmpuint(found, ==, n - lost);
    frail_open_free(open);
    /* The oldest call gives way. */
    open = frail_open_new();
    for (unsigned i = 0; i < KEYS; i++) {
        FrailCall call = { .seq = 100 + i }, older = { .seq = 0 };

        g_assert_true(frail_open_put(open, key_of(i), &call, &older) ==
                      (i < 16));
        g_assert_cmpuint(older.seq, ==, i < 16 ? 0 : 100 + i - 16);
    }
    for (unsigned i = 0; i < KEYS; i++) {
        FrailCall call;

        g_assert_true(frail_open_take(open, key_of(i), &call) ==
                      (i >= KEYS - 16));
    }
    /* Stacks of 16 KiB spread over all buckets: 10000 tasks fit. */
    lost = 0;
    for (unsigned i = 1; i <= 10000; i++) {
        FrailCall call = { .seq = i }, older;

        lost += !frail_open_put(open, STACK_TOP(i), &call, &older);
    }
    g_assert_cmpuint(lost, ==, 0);
    frail_open_clear(open);
    for (unsigned i = 1; i <= 10000; i++) {
        FrailCall call;

        g_assert_false(frail_open_take(open, STACK_TOP(i), &call));
    }
    frail_open_free(open);
    frail_open_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/open/threads", test_open_threads);
    g_test_add_func("/open/full", test_open_full);
    return g_test_run();
}
