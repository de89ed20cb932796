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
    int lock;
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

static void lock(Bucket *b)
{
    while (__atomic_exchange_n(&b->lock, 1, __ATOMIC_ACQUIRE)) {
        while (__atomic_load_n(&b->lock, __ATOMIC_RELAXED)) {
            __builtin_ia32_pause();
        }
    }
}

static void unlock(Bucket *b)
{
    __atomic_store_n(&b->lock, 0, __ATOMIC_RELEASE);
}

bool frail_open_put(FrailOpen *open, uint64_t key, const FrailCall *call,
                    FrailCall *displaced)
{
    Bucket *b = bucket_of(open, key);
    Entry *free_entry = NULL, *oldest = &b->entry[0], *e = NULL;
    bool kept = true;

    lock(b);
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
    unlock(b);
    return kept;
}

bool frail_open_take(FrailOpen *open, uint64_t key, FrailCall *call)
{
    Bucket *b = bucket_of(open, key);
    bool found = false;

    lock(b);
    for (unsigned i = 0; i < WAYS; i++) {
        if (b->entry[i].key == key) {
            *call = b->entry[i].call;
            b->entry[i].key = 0;
            found = true;
            break;
        }
    }
    unlock(b);
    return found;
}

void frail_open_clear(FrailOpen *open)
{
    for (unsigned i = 0; i < BUCKETS; i++) {
        Bucket *b = &open->bucket[i];

        lock(b);
        for (unsigned j = 0; j < WAYS; j++) {
            b->entry[j].key = 0;
        }
        unlock(b);
    }
}
