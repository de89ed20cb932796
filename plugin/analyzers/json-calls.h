/*
 * The calls that have been entered and have not returned: the first half of
 * their record, as it was then, and their arguments as decoded then.
 *
 * Of fixed size, in shards by task.  When a shard is full, its oldest call is
 * given up; a task's new call gives up its old one, whose return nobody will
 * see (the guest was reset).
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_JSON_CALLS_H
#define FRAIL_ANALYZER_JSON_CALLS_H

#include <frail-plugin.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "json-process.h"

/* The first half of a record: times, process, name. */
#define JSON_HEAD_SIZE  (JSON_PROCESS_SIZE + 1000)

#define HELD_SHARDS     64
#define HELD_SLOTS      128     /* of each shard */

/* What is known of a call beside its text. */
typedef struct HeldCall {
    uint64_t seq;
    FrailDecoded *decoded;  /* or NULL */
    uint64_t args[6];
    unsigned arg_count;
    size_t len;             /* of the text */
    bool later;             /* only its return tells if it is wanted */
} HeldCall;

typedef struct HeldShard {
    GMutex lock;
    unsigned used;          /* slots beyond have never been used */
    uint64_t key[HELD_SLOTS];       /* 0: free */
    HeldCall call[HELD_SLOTS];
    char (*text)[JSON_HEAD_SIZE];
} HeldShard;

typedef struct HeldCalls {
    HeldShard shard[HELD_SHARDS];
    char (*text)[JSON_HEAD_SIZE];
} HeldCalls;

#define HELD_TEXT_SIZE \
    ((size_t)HELD_SHARDS * HELD_SLOTS * JSON_HEAD_SIZE)

/* NULL when there is no memory. */
static inline HeldCalls *held_new(void)
{
    HeldCalls *h;
    /* Used from the front: most of its pages are never touched. */
    void *text = mmap(NULL, HELD_TEXT_SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (text == MAP_FAILED) {
        return NULL;
    }
    h = g_new0(HeldCalls, 1);
    h->text = text;
    for (unsigned i = 0; i < HELD_SHARDS; i++) {
        h->shard[i].text = h->text + (size_t)i * HELD_SLOTS;
    }
    return h;
}

static inline void held_free(HeldCalls *h)
{
    if (h) {
        munmap(h->text, HELD_TEXT_SIZE);
        g_free(h);
    }
}

/* A guest that does not show its tasks: every call for itself. */
static inline uint64_t held_key(uint64_t task, uint64_t seq)
{
    return task ? task : seq | UINT64_C(1) << 63;
}

static inline HeldShard *held_shard(HeldCalls *h, uint64_t key)
{
    /* Kernel stacks are pages apart: mix the upper bits down. */
    return &h->shard[key * UINT64_C(0x9e3779b97f4a7c15) >> 58];
}

G_STATIC_ASSERT(HELD_SHARDS == 1 << (64 - 58));

/*
 * Hold @call and its @text.  True when another one had to go, which is then in
 * *@old, its text in @old_text.
 */
static inline bool held_put(HeldCalls *h, uint64_t key, const HeldCall *call,
                            const char *text, HeldCall *old,
                            char old_text[JSON_HEAD_SIZE])
{
    HeldShard *s = held_shard(h, key);
    int slot = -1, oldest = 0;
    bool full;

    g_mutex_lock(&s->lock);
    for (unsigned i = 0; i < s->used; i++) {
        if (s->key[i] == key) {
            slot = i;
            break;
        }
        if (!s->key[i]) {
            slot = slot < 0 ? (int)i : slot;
        } else if (s->call[i].seq < s->call[oldest].seq) {
            oldest = i;
        }
    }
    if (slot < 0) {
        slot = s->used < HELD_SLOTS ? (int)s->used++ : oldest;
    }
    full = s->key[slot];
    if (full) {
        *old = s->call[slot];
        memcpy(old_text, s->text[slot], old->len);
    }
    s->key[slot] = key;
    s->call[slot] = *call;
    memcpy(s->text[slot], text, call->len);
    g_mutex_unlock(&s->lock);
    return full;
}

/* Take the call @seq of @key out; false when it is not held. */
static inline bool held_take(HeldCalls *h, uint64_t key, uint64_t seq,
                             HeldCall *call, char text[JSON_HEAD_SIZE])
{
    HeldShard *s = held_shard(h, key);
    bool found = false;

    g_mutex_lock(&s->lock);
    for (unsigned i = 0; i < s->used; i++) {
        if (s->key[i] == key) {
            found = s->call[i].seq == seq;
            if (found) {
                *call = s->call[i];
                memcpy(text, s->text[i], call->len);
                s->key[i] = 0;
            }
            break;
        }
    }
    g_mutex_unlock(&s->lock);
    return found;
}

/*
 * Take out the oldest of all, if there is one.  When nobody else puts or
 * takes any more.
 */
static inline bool held_take_oldest(HeldCalls *h, HeldCall *call,
                                    char text[JSON_HEAD_SIZE])
{
    HeldShard *shard = NULL;
    unsigned slot = 0;

    for (unsigned i = 0; i < HELD_SHARDS; i++) {
        HeldShard *s = &h->shard[i];

        for (unsigned k = 0; k < s->used; k++) {
            if (s->key[k] &&
                (!shard || s->call[k].seq < shard->call[slot].seq)) {
                shard = s;
                slot = k;
            }
        }
    }
    if (!shard) {
        return false;
    }
    *call = shard->call[slot];
    memcpy(text, shard->text[slot], call->len);
    shard->key[slot] = 0;
    return true;
}

#endif /* FRAIL_ANALYZER_JSON_CALLS_H */
