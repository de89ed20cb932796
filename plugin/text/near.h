/*
 * Which name somebody meant who has made a slip of the finger.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_NEAR_H
#define FRAIL_NEAR_H

/* A search: near_begin(), near_try() for each name, then @name. */
typedef struct Near {
    const char *word;       /* what was typed */
    const char *name;       /* the nearest name so far, NULL: none is near */
    unsigned distance;      /* letters to insert, drop or change */
} Near;

void near_begin(Near *n, const char *word);
void near_try(Near *n, const char *name);

#endif /* FRAIL_NEAR_H */
