/*
 * A table of things by name that holds so many and no more.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tools/report/bounded.h"

Bounded *bounded_new(unsigned max, BoundedWeightFn *weight,
                     GDestroyNotify free)
{
    Bounded *b = g_new0(Bounded, 1);

    b->things = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free);
    b->max = max;
    b->weight = weight;
    return b;
}

void bounded_free(Bounded *b)
{
    g_hash_table_destroy(b->things);
    g_free(b);
}

void *bounded_find(const Bounded *b, const char *name)
{
    return g_hash_table_lookup(b->things, name);
}

static int compare_weights(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void forget_quarter(Bounded *b)
{
    g_autoptr(GArray) weights = g_array_new(false, false, sizeof(uint64_t));
    unsigned quarter = MAX(b->max / 4, 1), gone = 0;
    GHashTableIter iter;
    uint64_t limit;
    void *thing;

    g_hash_table_iter_init(&iter, b->things);
    while (g_hash_table_iter_next(&iter, NULL, &thing)) {
        uint64_t weight = b->weight(thing);

        g_array_append_val(weights, weight);
    }
    g_array_sort(weights, compare_weights);
    limit = g_array_index(weights, uint64_t, quarter - 1);
    g_hash_table_iter_init(&iter, b->things);
    while (gone < quarter && g_hash_table_iter_next(&iter, NULL, &thing)) {
        if (b->weight(thing) <= limit) {
            g_hash_table_iter_remove(&iter);
            gone++;
        }
    }
    b->forgotten += gone;
}

void bounded_add(Bounded *b, const char *name, void *thing)
{
    if (g_hash_table_size(b->things) >= b->max) {
        forget_quarter(b);
    }
    g_hash_table_insert(b->things, g_strdup(name), thing);
}

static int compare_things(const void *a, const void *b, void *table)
{
    BoundedWeightFn *weight = ((const Bounded *)table)->weight;
    uint64_t x = weight(*(void *const *)a), y = weight(*(void *const *)b);

    return x > y ? -1 : x < y;
}

GPtrArray *bounded_sorted(const Bounded *b)
{
    GPtrArray *all = g_ptr_array_new();
    GHashTableIter iter;
    void *thing;

    g_hash_table_iter_init(&iter, b->things);
    while (g_hash_table_iter_next(&iter, NULL, &thing)) {
        g_ptr_array_add(all, thing);
    }
    g_ptr_array_sort_with_data(all, compare_things, (void *)b);
    return all;
}
