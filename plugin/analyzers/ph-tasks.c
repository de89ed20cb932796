/*
 * The guest's threads, and where in its sequence of calls each one is.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ph-tasks.h"

/* CR3 without PCID and what else is no address (SDM vol. 3, 4.5). */
#define CR3_ADDRESS     UINT64_C(0x000ffffffffff000)

PhTasks *ph_tasks_new(void)
{
    PhTasks *t = g_new0(PhTasks, 1);

    for (unsigned i = 0; i < PH_TASK_SETS; i++) {
        g_mutex_init(&t->set[i].lock);
    }
    return t;
}

void ph_tasks_free(PhTasks *t)
{
    for (unsigned i = 0; i < PH_TASK_SETS; i++) {
        g_mutex_clear(&t->set[i].lock);
    }
    g_free(t);
}

/* Threads of one process, and processes one after another, in other sets. */
static PhTaskSet *set_of(PhTasks *t, int32_t tid)
{
    return &t->set[(uint32_t)tid % PH_TASK_SETS];
}

/* Where there is none, a free place or the one not used for longest. */
static PhTask *find(PhTasks *t, PhTaskSet *set, int32_t tid,
                    uint64_t start_ns)
{
    PhTask *best = &set->task[0];

    for (unsigned i = 0; i < PH_TASK_WAYS; i++) {
        PhTask *one = &set->task[i];

        if (one->tid == tid && one->start_ns == start_ns) {
            return one;
        }
        if (one->tid && one->tid == tid) {
            best = one;         /* the number is used again: it is dead */
            best->tid = 0;
        } else if (best->tid && (!one->tid || one->used < best->used)) {
            best = one;
        }
    }
    if (best->tid) {
        atomic_fetch_add_explicit(&t->evicted, 1, memory_order_relaxed);
    }
    *best = (PhTask) { .start_ns = start_ns };
    return best;
}

PhTask *ph_tasks_lock(PhTasks *t, int32_t tid, uint64_t start_ns,
                      uint64_t stack, uint64_t page_tables,
                      PhArrival *arrival)
{
    PhTaskSet *set = set_of(t, tid);
    uint64_t space = page_tables & CR3_ADDRESS;
    PhTask *task;

    g_mutex_lock(&set->lock);
    task = find(t, set, tid, start_ns);
    if (!task->tid) {
        *arrival = PH_ARRIVAL_JOINS;
    } else if (task->space != space) {
        /* Nothing but execve() gives a process other page tables. */
        *arrival = PH_ARRIVAL_BEGINS;
    } else if (task->stack != stack) {
        *arrival = PH_ARRIVAL_JOINS;
    } else {
        *arrival = PH_ARRIVAL_GOES_ON;
    }
    if (*arrival != PH_ARRIVAL_GOES_ON) {
        *task = (PhTask) {
            .tid = tid, .start_ns = start_ns, .stack = stack, .space = space,
        };
    }
    task->used = ++set->calls;
    return task;
}

void ph_tasks_unlock(PhTasks *t, PhTask *task)
{
    g_mutex_unlock(&set_of(t, task->tid)->lock);
}

void ph_tasks_remove(PhTasks *t, PhTask *task)
{
    PhTaskSet *set = set_of(t, task->tid);

    task->tid = 0;
    g_mutex_unlock(&set->lock);
}
