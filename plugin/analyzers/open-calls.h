/*
 * The calls that have been entered and have not returned, one per task, so
 * that they can be named when the machine ends.  Fixed in size; a task that
 * finds no room is left out.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_OPEN_CALLS_H
#define FRAIL_ANALYZER_OPEN_CALLS_H

#include <frail-plugin.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define OPEN_BUCKETS    1024
#define OPEN_SLOTS      8

typedef struct OpenCall {
    uint64_t seq;           /* 0 in an empty slot */
    uint64_t task;
    int64_t nr;
    int64_t time_ns;
    uint64_t args[6];
    unsigned vcpu;
    FrailAbi abi;
    uint8_t arg_count;
} OpenCall;

typedef struct OpenBucket {
    GMutex lock;
    OpenCall slots[OPEN_SLOTS];
} OpenBucket;

typedef struct OpenCalls {
    OpenBucket buckets[OPEN_BUCKETS];
} OpenCalls;

static inline OpenBucket *open_bucket(OpenCalls *o, uint64_t task)
{
    /* Kernel stacks are pages apart: mix the upper bits down. */
    uint64_t hash = task * UINT64_C(0x9e3779b97f4a7c15);

    return &o->buckets[hash >> 54];
}

G_STATIC_ASSERT(OPEN_BUCKETS == 1 << (64 - 54));

/*
 * A task has one open call; a new one of the same task replaces the old, as
 * happens after a reset.  True when it did: the old one is in @replaced.
 */
static inline bool open_calls_enter(OpenCalls *o, const OpenCall *call,
                                    OpenCall *replaced)
{
    OpenBucket *b = open_bucket(o, call->task);
    OpenCall *slot = NULL;
    bool found = false;

    if (!call->task) {
        return false;
    }
    g_mutex_lock(&b->lock);
    for (unsigned i = 0; i < OPEN_SLOTS; i++) {
        if (b->slots[i].seq && b->slots[i].task == call->task) {
            slot = &b->slots[i];
            break;
        }
        if (!slot && !b->slots[i].seq) {
            slot = &b->slots[i];
        }
    }
    if (slot) {
        found = slot->seq;
        *replaced = *slot;
        *slot = *call;
    }
    g_mutex_unlock(&b->lock);
    return found;
}

static inline void open_calls_leave(OpenCalls *o, uint64_t task, uint64_t seq)
{
    OpenBucket *b = open_bucket(o, task);

    g_mutex_lock(&b->lock);
    for (unsigned i = 0; i < OPEN_SLOTS; i++) {
        if (b->slots[i].seq == seq) {
            b->slots[i].seq = 0;
            break;
        }
    }
    g_mutex_unlock(&b->lock);
}

static inline int open_calls_order(const void *a, const void *b)
{
    uint64_t x = ((const OpenCall *)a)->seq, y = ((const OpenCall *)b)->seq;

    return x < y ? -1 : x > y;
}

/* All open calls, oldest first; an array of OpenCall.  Nobody else runs. */
static inline GArray *open_calls_list(const OpenCalls *o)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(OpenCall));

    for (unsigned i = 0; i < OPEN_BUCKETS; i++) {
        for (unsigned j = 0; j < OPEN_SLOTS; j++) {
            if (o->buckets[i].slots[j].seq) {
                g_array_append_val(list, o->buckets[i].slots[j]);
            }
        }
    }
    g_array_sort(list, open_calls_order);
    return list;
}

#endif /* FRAIL_ANALYZER_OPEN_CALLS_H */
