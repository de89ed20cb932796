/*
 * The guest's threads, and where in its sequence of calls each one is.
 *
 * A fixed number of places in sets, each with a lock of its own: a thread's
 * calls come one after another, so two vCPUs wait for each other only when
 * their threads share a set, and only for as long as one call is looked at.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_PH_TASKS_H
#define FRAIL_ANALYZER_PH_TASKS_H

#include <glib.h>
#include <stdatomic.h>

#include "ph-profile.h"

#define PH_TASK_WAYS    16
#define PH_TASK_SETS    1024    /* 16384 threads */

typedef struct PhTask {
    int32_t tid;            /* 0: a free place */
    uint64_t start_ns;      /* of its process */
    uint64_t stack;         /* of the kernel's: another one is another thread */
    uint64_t space;         /* page tables: other ones are another program */
    uint64_t used;          /* when, in calls of the set */
    void *program;          /* the user's, NULL: calls are not looked at */
    bool begun;             /* its program was started before our eyes */
    uint64_t calls;         /* of this thread, since its program began */
    PhSequence sequence;
    PhFrame frame;
} PhTask;

typedef struct PhTaskSet {
    GMutex lock;
    uint64_t calls;
    PhTask task[PH_TASK_WAYS];
} PhTaskSet;

typedef struct PhTasks {
    PhTaskSet set[PH_TASK_SETS];
    _Atomic uint64_t evicted;   /* live ones, for want of room */
} PhTasks;

/* What a thread does that makes a call. */
typedef enum PhArrival {
    PH_ARRIVAL_GOES_ON,
    PH_ARRIVAL_BEGINS,      /* a program: the thread has made an execve() */
    PH_ARRIVAL_JOINS,       /* not seen before */
} PhArrival;

PhTasks *ph_tasks_new(void);
void ph_tasks_free(PhTasks *t);

/*
 * The place of a thread, a new one if need be, and its set's lock with it.
 * Unless it goes on, all but who it is is zero.  @page_tables is CR3.
 */
PhTask *ph_tasks_lock(PhTasks *t, int32_t tid, uint64_t start_ns,
                      uint64_t stack, uint64_t page_tables,
                      PhArrival *arrival);
void ph_tasks_unlock(PhTasks *t, PhTask *task);
/* The same when the thread ends. */
void ph_tasks_remove(PhTasks *t, PhTask *task);

#endif /* FRAIL_ANALYZER_PH_TASKS_H */
