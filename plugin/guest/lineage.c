/*
 * Whose child a process is.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "guest/internal.h"

/* Of one thread; the newest come first. */
#define CHILDREN_MAX    256u

/* The process that the thread @task belongs to. */
static bool process_key(FrailGuestCpu *c, uint64_t task, GuestProcessKey *key)
{
    uint64_t leader, tgid;

    if (!kread_field(c, task, F_task_tgid, &tgid) || (int32_t)tgid <= 0 ||
        !kread_pointer(c, task, F_task_leader, &leader) ||
        !kread_field(c, leader, F_task_start, &key->start_ns)) {
        return false;
    }
    key->pid = tgid;
    return true;
}

unsigned guest_lineage(const FrailProcess *p, GuestProcessKey *keys,
                       unsigned max)
{
    FrailGuestCpu *c = p->cpu;
    uint64_t task = p->task;
    unsigned n = 0;

    while (n < max && process_key(c, task, &keys[n])) {
        n++;
        if (!kread_pointer(c, task, F_task_parent, &task)) {
            break;
        }
    }
    return n;
}

/* How deep in its pid namespaces the thread is: ns_of_pid() of its own. */
static bool pid_level(FrailGuestCpu *c, uint64_t task, uint64_t *level)
{
    uint64_t pid;

    return kread_pointer(c, task, F_task_thread_pid, &pid) &&
        kread_field(c, pid, F_pid_level, level) && *level <= GUEST_PID_LEVELS;
}

/* The number of @task in the namespace that is @level deep. */
static int32_t number_at(FrailGuestCpu *c, uint64_t task, uint64_t level)
{
    const GuestField *numbers = guest_field(c, F_pid_numbers);
    uint64_t pid, own, nr;

    if (!numbers->size || !c->k->types.sizeof_upid ||
        !kread_pointer(c, task, F_task_thread_pid, &pid) ||
        !kread_field(c, pid, F_pid_level, &own) || level > own ||
        !kread_field(c, pid + numbers->offset +
                     level * c->k->types.sizeof_upid, F_upid_nr, &nr)) {
        return 0;
    }
    return nr;
}

/*
 * Look through the children of @parent from the end of the list, where
 * copy_process() in kernel/fork.c (6.12) puts the new ones.
 */
static uint64_t child_of(FrailGuestCpu *c, uint64_t parent, uint64_t level,
                         int32_t nr)
{
    uint64_t head = parent + guest_field(c, F_task_children)->offset;
    uint64_t at = head;

    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        uint64_t task;

        /* struct list_head: next, prev */
        if (!kread(c, at + 8, &at, sizeof(at)) || at == head ||
            !guest_is_kernel(at)) {
            return 0;
        }
        task = at - guest_field(c, F_task_sibling)->offset;
        if (number_at(c, task, level) == nr) {
            return task;
        }
    }
    return 0;
}

bool guest_find_child(const FrailProcess *p, int32_t nr,
                      GuestProcessKey *child, bool *brother)
{
    FrailGuestCpu *c = p->cpu;
    uint64_t level, task;

    if (nr <= 0 || !guest_has(c, F_task_children) ||
        !guest_has(c, F_task_sibling) || !pid_level(c, p->task, &level)) {
        return false;
    }
    task = child_of(c, p->task, level, nr);
    *brother = !task;
    if (!task && guest_is_kernel(p->key.parent)) {
        task = child_of(c, p->key.parent, level, nr);
    }
    return task && process_key(c, task, child);
}
