/*
 * The calls that have been entered and have not returned, one per task.
 * Fixed in size; a call that finds no room is not kept.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_STRACE_CALLS_H
#define FRAIL_STRACE_CALLS_H

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
    uint64_t cr3;
    int64_t nr;
    int64_t time_ns;
    FrailDecoded *decoded;  /* or NULL: there was no room */
    uint64_t args[6];       /* for then */
    int32_t tid, pid;       /* 0: not known */
    uint16_t vcpu;
    uint8_t abi;
    uint8_t arg_count;
    bool later;             /* only its return tells if it is shown */
    bool unfinished;        /* the first part of its line is out: */
    uint8_t shown;          /* so many arguments */
    uint32_t shown_len;     /* and of the last one so many bytes */
} OpenCall;

static inline void call_set_process(OpenCall *c, const FrailProcess *p)
{
    if (p) {
        c->tid = frail_process_tid(p);
        c->pid = frail_process_pid(p);
    }
}

/* Its task ended in it: nothing more is known of @call. */
static inline bool call_is_unseen(const FrailCall *call)
{
    int64_t value;

    return frail_call_result(call, &value) && !frail_call_restarts(call) &&
           !frail_call_killed(call);
}

typedef struct Calls {
    OpenCall slots[OPEN_BUCKETS][OPEN_SLOTS];
} Calls;

static inline OpenCall *calls_bucket(Calls *o, uint64_t task)
{
    /* Kernel stacks are pages apart: mix the upper bits down. */
    uint64_t hash = task * UINT64_C(0x9e3779b97f4a7c15);

    return o->slots[hash >> 54];
}

G_STATIC_ASSERT(OPEN_BUCKETS == 1 << (64 - 54));

/*
 * The slot of @task, which may be in use: after a reset nobody tells that a
 * stack is used again.  NULL when there is none.
 */
static inline OpenCall *calls_slot(Calls *o, uint64_t task)
{
    OpenCall *bucket = calls_bucket(o, task), *slot = NULL;

    for (unsigned i = 0; task && i < OPEN_SLOTS; i++) {
        if (bucket[i].seq && bucket[i].task == task) {
            return &bucket[i];
        }
        if (!slot && !bucket[i].seq) {
            slot = &bucket[i];
        }
    }
    return slot;
}

/* The call numbered @seq; NULL when it was not kept. */
static inline OpenCall *calls_find(Calls *o, uint64_t task, uint64_t seq)
{
    OpenCall *bucket = calls_bucket(o, task);

    for (unsigned i = 0; i < OPEN_SLOTS; i++) {
        if (bucket[i].seq == seq) {
            return &bucket[i];
        }
    }
    return NULL;
}

static inline void calls_drop(OpenCall *c)
{
    frail_decoded_free(c->decoded);
    c->decoded = NULL;
    c->seq = 0;
}

static inline int calls_order(const void *a, const void *b)
{
    const OpenCall *x = *(OpenCall *const *)a, *y = *(OpenCall *const *)b;

    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* All open calls, or (@pid not 0) those of a process, oldest first. */
static inline GPtrArray *calls_list(Calls *o, int32_t pid)
{
    GPtrArray *list = g_ptr_array_new();

    for (unsigned i = 0; i < OPEN_BUCKETS; i++) {
        for (unsigned j = 0; j < OPEN_SLOTS; j++) {
            OpenCall *c = &o->slots[i][j];

            if (c->seq && (!pid || c->pid == pid)) {
                g_ptr_array_add(list, c);
            }
        }
    }
    g_ptr_array_sort(list, calls_order);
    return list;
}

#endif /* FRAIL_STRACE_CALLS_H */
