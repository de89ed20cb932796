/*
 * What is kept from one call to another, in tables of fixed size.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "policy-wait.h"

/* A process that has been told to end has done so by then. */
#define FORGET_NS   (INT64_C(10) * 1000000000)

void policy_wait_init(PolicyWait *w)
{
    g_mutex_init(&w->lock);
}

void policy_wait_put(PolicyWait *w, uint64_t seq, const Policy *p,
                     const PolicyBits *rules)
{
    PolicySlot *slot = &w->slot[seq % POLICY_SLOTS];

    g_mutex_lock(&w->lock);
    if (atomic_load(&slot->seq)) {
        atomic_fetch_add(&w->forgotten, 1);
    }
    slot->serial = p->serial;
    slot->rules = *rules;
    atomic_store(&slot->seq, seq);
    g_mutex_unlock(&w->lock);
}

bool policy_wait_take(PolicyWait *w, uint64_t seq, const Policy *p,
                      PolicyBits *rules)
{
    PolicySlot *slot = &w->slot[seq % POLICY_SLOTS];
    bool taken = false;

    /* Nearly all calls end here. */
    if (atomic_load_explicit(&slot->seq, memory_order_relaxed) != seq) {
        return false;
    }
    g_mutex_lock(&w->lock);
    if (atomic_load(&slot->seq) == seq) {
        taken = slot->serial == p->serial;
        *rules = slot->rules;
        if (!taken) {
            atomic_fetch_add(&w->forgotten, 1);
        }
        atomic_store(&slot->seq, 0);
    }
    g_mutex_unlock(&w->lock);
    return taken;
}

static void remove_mark(PolicyWait *w, PolicyMark *mark)
{
    mark->pid = 0;
    atomic_fetch_sub(&w->marks, 1);
}

static PolicyMark *find(PolicyWait *w, const FrailProcess *process)
{
    int32_t pid = frail_process_pid(process);
    uint64_t start = frail_process_start_ns(process);

    for (unsigned i = 0; i < POLICY_MARKS; i++) {
        if (w->mark[i].pid == pid && w->mark[i].start_ns == start) {
            return &w->mark[i];
        }
    }
    return NULL;
}

void policy_mark(PolicyWait *w, const FrailProcess *process, const char *rule)
{
    g_mutex_lock(&w->lock);
    if (frail_process_pid(process) > 0 && !find(w, process)) {
        PolicyMark *mark = &w->mark[w->next_mark];

        w->next_mark = (w->next_mark + 1) % POLICY_MARKS;
        if (mark->pid) {
            atomic_fetch_add(&w->lost_marks, 1);
        } else {
            atomic_fetch_add(&w->marks, 1);
        }
        mark->pid = frail_process_pid(process);
        mark->killed_ns = 0;
        mark->start_ns = frail_process_start_ns(process);
        g_strlcpy(mark->rule, rule, sizeof(mark->rule));
    }
    g_mutex_unlock(&w->lock);
}

bool policy_is_marked(PolicyWait *w, const FrailProcess *process, int64_t now,
                      char rule[POLICY_NAME_MAX + 1])
{
    PolicyMark *mark;

    g_mutex_lock(&w->lock);
    for (unsigned i = 0; i < POLICY_MARKS; i++) {
        if (w->mark[i].pid && w->mark[i].killed_ns &&
            now - w->mark[i].killed_ns > FORGET_NS) {
            remove_mark(w, &w->mark[i]);
        }
    }
    mark = find(w, process);
    if (mark) {
        mark->killed_ns = mark->killed_ns ? mark->killed_ns : now;
        g_strlcpy(rule, mark->rule, POLICY_NAME_MAX + 1);
    }
    g_mutex_unlock(&w->lock);
    return mark;
}

void policy_unmark(PolicyWait *w, const FrailProcess *process)
{
    PolicyMark *mark;

    g_mutex_lock(&w->lock);
    mark = find(w, process);
    if (mark) {
        remove_mark(w, mark);
    }
    g_mutex_unlock(&w->lock);
}
