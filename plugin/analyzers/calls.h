/*
 * What several analyzers ask of a system call.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_CALLS_H
#define FRAIL_ANALYZER_CALLS_H

#include <frail-plugin.h>

/* How many values FrailAbi has. */
#define CALL_ABIS   3

/* "x86-64"; "?" for an @abi that is none. */
static inline const char *call_abi_name(unsigned abi)
{
    static const char *const names[CALL_ABIS] = { "x86-64", "x32", "i386" };

    return abi < CALL_ABIS ? names[abi] : "?";
}

/* A result that is an errno. */
static inline bool call_is_error(int64_t result)
{
    return result < 0 && result >= -4095;
}

/* A few calls, whatever their numbers are. */
#define CALL_SET_MAX    4

typedef struct CallSet {
    int64_t nr[CALL_ABIS][CALL_SET_MAX];    /* negative: not in this ABI */
} CallSet;

/* @names: up to CALL_SET_MAX, or a NULL behind the last. */
static inline void call_set_init(CallSet *set,
                                 const char *const names[CALL_SET_MAX])
{
    for (unsigned abi = 0; abi < CALL_ABIS; abi++) {
        bool end = false;

        for (unsigned i = 0; i < CALL_SET_MAX; i++) {
            end = end || !names[i];
            set->nr[abi][i] = end ? -1 : frail_syscall_number(abi, names[i]);
        }
    }
}

static inline bool call_set_has(const CallSet *set, unsigned abi, int64_t nr)
{
    for (unsigned i = 0; abi < CALL_ABIS && nr >= 0 && i < CALL_SET_MAX;
         i++) {
        if (set->nr[abi][i] == nr) {
            return true;
        }
    }
    return false;
}

#endif /* FRAIL_ANALYZER_CALLS_H */
