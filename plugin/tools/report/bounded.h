/*
 * A table of things by name that holds so many and no more: when it is full,
 * the quarter with the least weight is forgotten.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_REPORT_BOUNDED_H
#define FRAIL_REPORT_BOUNDED_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

typedef uint64_t BoundedWeightFn(const void *thing);

typedef struct Bounded {
    GHashTable *things;     /* name -> thing */
    unsigned max;
    BoundedWeightFn *weight;
    uint64_t forgotten;
} Bounded;

/* @free frees a thing; its name is the table's own. */
Bounded *bounded_new(unsigned max, BoundedWeightFn *weight,
                     GDestroyNotify free);
void bounded_free(Bounded *b);

void *bounded_find(const Bounded *b, const char *name);
/* Takes @thing; others may be gone after this. */
void bounded_add(Bounded *b, const char *name, void *thing);
/* All, the heaviest first.  The caller frees the array. */
GPtrArray *bounded_sorted(const Bounded *b);

#endif /* FRAIL_REPORT_BOUNDED_H */
