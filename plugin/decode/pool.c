/*
 * Room for decoded arguments: lists of free blocks, one for each size.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "decode/pool.h"
#include "decode/print/btf.h"

/* 256 bytes to 64 KiB. */
#define SHIFT_MIN   8
#define BUCKETS     9
G_STATIC_ASSERT(POOL_BLOCK_MAX == 1u << (SHIFT_MIN + BUCKETS - 1));

/*
 * What may be in use, and what is kept when it is not: 16384 calls with long
 * texts fit into the first, some hundreds of them into the second.
 */
#define USED_MAX    (64u << 20)
#define KEPT_MAX    (8u << 20)

struct DecodePool {
    GMutex lock;
    PoolBlock *free[BUCKETS];
    size_t used, kept;      /* bytes */
    const struct btf *btf;  /* whose ids @btf_args has */
    BtfArgs btf_args;
};

DecodePool *pool_new(void)
{
    DecodePool *pool = g_new0(DecodePool, 1);

    g_mutex_init(&pool->lock);
    return pool;
}

void pool_free(DecodePool *pool)
{
    if (!pool) {
        return;
    }
    for (unsigned i = 0; i < BUCKETS; i++) {
        while (pool->free[i]) {
            PoolBlock *block = pool->free[i];

            pool->free[i] = block->next;
            g_free(block);
        }
    }
    g_mutex_clear(&pool->lock);
    g_free(pool);
}

static unsigned bucket_of(size_t size)
{
    unsigned i = 0;

    while (size > (size_t)1 << (SHIFT_MIN + i)) {
        i++;
    }
    return i;
}

PoolBlock *pool_get(DecodePool *pool, size_t size)
{
    unsigned i;
    uint32_t bytes;
    PoolBlock *block;

    if (size > POOL_BLOCK_MAX) {
        return NULL;
    }
    i = bucket_of(size);
    bytes = 1u << (SHIFT_MIN + i);
    g_mutex_lock(&pool->lock);
    if (pool->used + bytes > USED_MAX) {
        g_mutex_unlock(&pool->lock);
        return NULL;
    }
    pool->used += bytes;
    block = pool->free[i];
    if (block) {
        pool->free[i] = block->next;
        pool->kept -= bytes;
    }
    g_mutex_unlock(&pool->lock);
    if (!block) {
        block = g_malloc(sizeof(*block) + bytes);
        block->size = bytes;
        block->bucket = i;
    }
    return block;
}

void pool_put(DecodePool *pool, PoolBlock *block)
{
    bool keep;

    if (!block) {
        return;
    }
    g_mutex_lock(&pool->lock);
    pool->used -= block->size;
    keep = pool->kept + block->size <= KEPT_MAX;
    if (keep) {
        block->next = pool->free[block->bucket];
        pool->free[block->bucket] = block;
        pool->kept += block->size;
    }
    g_mutex_unlock(&pool->lock);
    if (!keep) {
        g_free(block);
    }
}

BtfArgs *pool_btf_args(DecodePool *pool, FrailGuestCpu *guest)
{
    const struct btf *btf = guest ? guest_btf(guest) : NULL;

    g_mutex_lock(&pool->lock);
    if (pool->btf != btf) {
        memset(&pool->btf_args, 0, sizeof(pool->btf_args));
        pool->btf = btf;
    }
    g_mutex_unlock(&pool->lock);
    return &pool->btf_args;
}
