/*
 * A lock for a few instructions, which may be all that a vCPU waits for.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_SPIN_H
#define FRAIL_SPIN_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

typedef int FrailSpin;          /* 0: free */

static inline void spin_lock(FrailSpin *s)
{
    while (__atomic_exchange_n(s, 1, __ATOMIC_ACQUIRE)) {
        while (__atomic_load_n(s, __ATOMIC_RELAXED)) {
            __builtin_ia32_pause();
        }
    }
}

static inline void spin_unlock(FrailSpin *s)
{
    __atomic_store_n(s, 0, __ATOMIC_RELEASE);
}

#endif /* FRAIL_SPIN_H */
