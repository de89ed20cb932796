/*
 * The calls that have been entered and have not yet returned.
 *
 * A task enters on one vCPU and may return on another, so the table belongs
 * to the machine; its locks are per bucket.  It has a fixed size: when a
 * bucket is full the oldest call in it gives way and its return is lost.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_OPEN_H
#define FRAIL_OPEN_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "trap/call.h"

typedef struct FrailOpen FrailOpen;

FrailOpen *frail_open_new(void);
void frail_open_free(FrailOpen *open);

/*
 * Keep a copy of @call under @key.  False when an older call had to give way:
 * that of the same key, or the oldest one in a full bucket; it is copied to
 * @displaced.
 */
bool frail_open_put(FrailOpen *open, uint64_t key, const FrailCall *call,
                    FrailCall *displaced);

/* Take the call of @key out of the table; false when there is none. */
bool frail_open_take(FrailOpen *open, uint64_t key, FrailCall *call);

/* The same, if it is the call numbered @seq. */
bool frail_open_take_only(FrailOpen *open, uint64_t key, uint64_t seq,
                          FrailCall *call);

/* Forget them all. */
void frail_open_clear(FrailOpen *open);

#endif /* FRAIL_OPEN_H */
