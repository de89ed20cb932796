/*
 * Room for decoded arguments, without an allocation per call.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_POOL_H
#define FRAIL_POOL_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest block, and so the longest text of a call. */
#define POOL_BLOCK_MAX  65536u

/* One for a machine. */
typedef struct DecodePool DecodePool;

/* A piece of memory of @size bytes, for as long as its owner wants it. */
typedef struct PoolBlock {
    struct PoolBlock *next;
    uint32_t size;
    uint32_t bucket;
    char data[];
} PoolBlock;

DecodePool *pool_new(void);
/* All blocks must have been given back.  NULL is allowed. */
void pool_free(DecodePool *pool);

/*
 * A block of at least @size bytes, at most POOL_BLOCK_MAX; NULL when too much
 * is in use.  Any thread; allocates only while more is in use than ever.
 */
PoolBlock *pool_get(DecodePool *pool, size_t size);
/* NULL is allowed. */
void pool_put(DecodePool *pool, PoolBlock *block);

/*
 * What the arguments of the guest's calls point to, as long as @guest, or
 * NULL, has the same BTF.  Any thread.
 */
struct BtfArgs;
struct FrailGuestCpu;
struct BtfArgs *pool_btf_args(DecodePool *pool, struct FrailGuestCpu *guest);

#endif /* FRAIL_POOL_H */
