/*
 * Who makes a call, and the list of processes, of a guest that is changed.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"

#define BOUND   8000000     /* map_page calls: 65,536 tasks, 4 times */

static void look(const FrailProcessInfo *p, void *opaque)
{
    size_t *sum = opaque;

    g_assert_cmpuint(strlen(p->name), <, 64);
    g_assert_cmpuint(p->cmdline_len, <=, 128 << 10);
    g_assert_cmpint(p->pid, >, 0);
    *sum += p->cmdline ? (uint8_t)p->cmdline[p->cmdline_len] : 0;
    *sum += p->container ? strlen(p->container) : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FakeGuest *g = fuzz_guest();
    FuzzInput in = { data, size };
    const FrailProcess *p;
    const char *why = NULL;
    size_t len = 0, sum = 0;

    g->n_map = 0;
    /* First as it is, then with changes and what was kept, then changed. */
    g_assert_nonnull(fg_ask(g));
    fuzz_change(g, &in, 8);
    fg_ask(g);
    p = fg_ask(g);
    if (p) {
        g_assert_cmpint(frail_process_tid(p), >, 0);
        g_assert_cmpuint(strlen(frail_process_comm(p)), <, 16);
        if (frail_process_cmdline(p, &len)) {
            g_assert_cmpuint(len, <=, 4096);
        }
        frail_process_start_ns(p);
        for (int i = 0; i <= FRAIL_NS_UTS; i++) {
            frail_process_namespace(p, i);
        }
    }
    guest_list_processes(g->cpu, &g->state, 0, look, &sum, &why);
    g_assert_cmpuint(g->n_map, <, BOUND);
    fuzz_undo(g);
    p = fg_ask(g);
    g_assert_nonnull(p);
    return 0;
}
