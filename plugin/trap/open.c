/*
 * Open calls by task.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "trap/open.h"

#define BUCKETS     1024u       /* a power of two */
#define WAYS        16u

typedef struct Entry {
    uint64_t key;               /* 0: free */
    FrailCall call;
} Entry;

typedef struct Bucket {
    int lock;                   /* bit 0, of g_bit_lock() */
    Entry entry[WAYS];
} Bucket;

struct FrailOpen {
    Bucket bucket[BUCKETS];
};

FrailOpen *frail_open_new(void)
{
    return g_new0(FrailOpen, 1);
}

void frail_open_free(FrailOpen *open)
{
    g_free(open);
}

/* Kernel stacks are 16 KiB apart: mix before taking the low bits. */
static Bucket *bucket_of(FrailOpen *open, uint64_t key)
{
    return &open->bucket[(key * 0x9e3779b97f4a7c15ull) >> 54 & (BUCKETS - 1)];
}

bool frail_open_put(FrailOpen *open, uint64_t key, const FrailCall *call,
                    FrailCall *displaced)
{
    Bucket *b = bucket_of(open, key);
    Entry *free_entry = NULL, *oldest = &b->entry[0], *e = NULL;
    bool kept = true;

    g_bit_lock(&b->lock, 0);
    for (unsigned i = 0; i < WAYS; i++) {
        Entry *x = &b->entry[i];

        if (x->key == key) {
            e = x;
            break;
        }
        if (!x->key && !free_entry) {
            free_entry = x;
        }
        if (x->call.seq < oldest->call.seq) {
            oldest = x;
        }
    }
    if (!e) {
        e = free_entry ? free_entry : oldest;
    }
    if (e->key) {
        *displaced = e->call;
        kept = false;
    }
    e->key = key;
    e->call = *call;
    g_bit_unlock(&b->lock, 0);
    return kept;
}

/* @seq: that call only; NULL: whichever it is. */
static bool take(FrailOpen *open, uint64_t key, const uint64_t *seq,
                 FrailCall *call)
{
    Bucket *b = bucket_of(open, key);
    bool found = false;

    g_bit_lock(&b->lock, 0);
    for (unsigned i = 0; i < WAYS; i++) {
        Entry *e = &b->entry[i];

        if (e->key == key) {
            found = !seq || e->call.seq == *seq;
            if (found) {
                *call = e->call;
                e->key = 0;
            }
            break;
        }
    }
    g_bit_unlock(&b->lock, 0);
    return found;
}

bool frail_open_take(FrailOpen *open, uint64_t key, FrailCall *call)
{
    return take(open, key, NULL, call);
}

bool frail_open_take_only(FrailOpen *open, uint64_t key, uint64_t seq,
                          FrailCall *call)
{
    return take(open, key, &seq, call);
}

void frail_open_clear(FrailOpen *open)
{
    for (unsigned i = 0; i < BUCKETS; i++) {
        Bucket *b = &open->bucket[i];

        g_bit_lock(&b->lock, 0);
        for (unsigned j = 0; j < WAYS; j++) {
            b->entry[j].key = 0;
        }
        g_bit_unlock(&b->lock, 0);
    }
}
