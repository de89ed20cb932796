/*
 * Who has made whom: process trees that outlive their members.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "filter/family.h"

#define BUCKETS     2048u       /* a power of two */
#define WAYS        8u
#define DEPTH       64u         /* of the line of living parents */
#define STEPS       256u        /* with those that are dead */

typedef struct Entry {
    GuestProcessKey child, parent;
    uint64_t age;               /* 0: free; else when it was made */
} Entry;

typedef struct Bucket {
    int lock;                   /* bit 0, of g_bit_lock() */
    Entry entry[WAYS];
} Bucket;

struct Family {
    uint64_t last_age;          /* atomic */
    uint32_t epoch;             /* atomic */
    Bucket bucket[BUCKETS];
};

Family *family_new(void)
{
    return g_new0(Family, 1);
}

void family_free(Family *f)
{
    g_free(f);
}

uint32_t family_epoch(const Family *f)
{
    return f ? __atomic_load_n(&f->epoch, __ATOMIC_ACQUIRE) : 0;
}

static bool same(const GuestProcessKey *a, const GuestProcessKey *b)
{
    return a->pid == b->pid && a->start_ns == b->start_ns;
}

static Bucket *lock_bucket(Family *f, const GuestProcessKey *child)
{
    uint64_t hash = (child->start_ns ^ (uint64_t)child->pid << 32) *
                    UINT64_C(0x9e3779b97f4a7c15);
    Bucket *b = &f->bucket[hash >> 53];

    g_bit_lock(&b->lock, 0);
    return b;
}

G_STATIC_ASSERT(BUCKETS == 1 << (64 - 53));

static bool find_parent(Family *f, const GuestProcessKey *child,
                        GuestProcessKey *parent)
{
    bool found = false;
    Bucket *b;

    if (!f) {
        return false;
    }
    b = lock_bucket(f, child);
    for (unsigned i = 0; i < WAYS && !found; i++) {
        if (b->entry[i].age && same(&b->entry[i].child, child)) {
            *parent = b->entry[i].parent;
            found = true;
        }
    }
    g_bit_unlock(&b->lock, 0);
    return found;
}

/* What is known already is older, and true. */
static void remember(Family *f, const GuestProcessKey *child,
                     const GuestProcessKey *parent)
{
    Bucket *b = lock_bucket(f, child);
    Entry *e = &b->entry[0];

    for (unsigned i = 0; i < WAYS; i++) {
        if (b->entry[i].age && same(&b->entry[i].child, child)) {
            e = NULL;
            break;
        }
        if (b->entry[i].age < e->age) {
            e = &b->entry[i];
        }
    }
    if (e) {
        *e = (Entry) {
            .child = *child, .parent = *parent,
            .age = __atomic_add_fetch(&f->last_age, 1, __ATOMIC_RELAXED),
        };
    }
    g_bit_unlock(&b->lock, 0);
}

void family_forked(Family *f, const FrailProcess *p, int32_t nr)
{
    GuestProcessKey line[DEPTH], child;
    unsigned n = guest_lineage(p, line, DEPTH);
    bool brother;

    if (!n || !guest_find_child(p, nr, &child, &brother)) {
        return;
    }
    remember(f, &child, &line[0]);
    /* Those above may end before anything is asked of the child. */
    for (unsigned i = 0; i + 1 < n; i++) {
        remember(f, &line[i], &line[i + 1]);
    }
    if (brother) {
        /* Its line did not say so: who has asked before is to ask again. */
        __atomic_add_fetch(&f->epoch, 1, __ATOMIC_RELEASE);
    }
}

int family_descends(Family *f, const FrailProcess *p, int32_t pid)
{
    GuestProcessKey line[DEPTH], at, parent;
    unsigned n = guest_lineage(p, line, DEPTH);

    if (!n) {
        return -1;
    }
    at = line[0];
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned i = 0;

        if (at.pid == pid) {
            return 1;
        }
        if (find_parent(f, &at, &parent)) {
            at = parent;
            continue;
        }
        while (i < n && !same(&line[i], &at)) {
            i++;
        }
        if (i + 1 >= n) {
            return 0;
        }
        at = line[i + 1];
    }
    return 0;
}
