/*
 * Which name somebody meant who has made a slip of the finger.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "text/near.h"

#define NAME_MAX_LEN 32

/* How many letters to insert, drop or change to make @a out of @b. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[NAME_MAX_LEN + 1];
    size_t la = strlen(a), lb = strlen(b);

    if (la > NAME_MAX_LEN || lb > NAME_MAX_LEN) {
        return NAME_MAX_LEN;
    }
    for (unsigned j = 0; j <= lb; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; i <= la; i++) {
        unsigned diagonal = row[0];

        row[0] = i;
        for (unsigned j = 1; j <= lb; j++) {
            unsigned best = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            if (best > row[j] + 1) {
                best = row[j] + 1;
            }
            if (best > row[j - 1] + 1) {
                best = row[j - 1] + 1;
            }
            row[j] = best;
        }
    }
    return row[lb];
}

void near_begin(Near *n, const char *word)
{
    /* Farther than this, and it is not a slip of the finger. */
    *n = (Near) { .word = word, .distance = strlen(word) / 3 + 1 };
}

void near_try(Near *n, const char *name)
{
    unsigned d = distance(n->word, name);

    if (d < n->distance || (d == n->distance && !n->name)) {
        n->distance = d;
        n->name = name;
    }
}
