/*
 * QEMU can end while vCPUs still run.  A callback passes this gate, and
 * whoever closes it knows that none is inside any more.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_GATE_H
#define FRAIL_ANALYZER_GATE_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct Gate {
    GRWLock lock;
    atomic_bool closed;
} Gate;

static inline bool gate_enter(Gate *g)
{
    if (atomic_load(&g->closed)) {
        return false;
    }
    g_rw_lock_reader_lock(&g->lock);
    if (atomic_load(&g->closed)) {
        g_rw_lock_reader_unlock(&g->lock);
        return false;
    }
    return true;
}

static inline void gate_leave(Gate *g)
{
    g_rw_lock_reader_unlock(&g->lock);
}

static inline void gate_close(Gate *g)
{
    atomic_store(&g->closed, true);
    g_rw_lock_writer_lock(&g->lock);
    g_rw_lock_writer_unlock(&g->lock);
}

#endif /* FRAIL_ANALYZER_GATE_H */
