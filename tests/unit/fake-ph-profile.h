/*
 * Profiles to try things with, for the tests of the ph analyzer.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_PH_PROFILE_H
#define FAKE_PH_PROFILE_H

#include "analyzers/ph-profile.h"

#define OPEN    257
#define READ    0
#define WRITE   1
#define CLOSE   3
#define EXECVE  59

/* Learn calls, -1 ends them, as a program's whole run. */
static inline void teach(PhProfile *p, const int *calls)
{
    PhSequence s;
    PhStep step;

    ph_sequence_begin(&s);
    for (; *calls >= 0; calls++) {
        ph_learn(p, &s, ph_id(0, *calls), &step);
    }
    p->runs++;
}

/* How many of the calls are anomalies by pairs, by windows. */
static inline void count(const PhProfile *p, const int *calls, bool joins,
                  unsigned *pairs, unsigned *windows)
{
    PhSequence s;
    PhStep step;

    *pairs = *windows = 0;
    if (joins) {
        ph_sequence_join(&s);
    } else {
        ph_sequence_begin(&s);
    }
    for (; *calls >= 0; calls++) {
        ph_test(p, &s, ph_id(0, *calls), &step);
        *pairs += step.pairs_new || step.alien;
        *windows += step.window_new || step.alien;
    }
}

static const int usual[] = { OPEN, READ, READ, WRITE, CLOSE, -1 };

/* A hostile program: more kinds of calls and windows than there is room. */
static inline PhProfile *full_profile(void)
{
    PhProfile *p = ph_profile_new("/bin/full", 4);
    PhSequence s;
    PhStep step;
    uint32_t random = 1;

    ph_sequence_begin(&s);
    for (unsigned i = 0; i < 60000; i++) {
        random = random * 1664525 + 1013904223;
        ph_learn(p, &s, (random >> 8) % 300, &step);
    }
    return p;
}

#endif /* FAKE_PH_PROFILE_H */
