/*
 * Paths, open files, sockets and control groups of a guest that is changed.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"

#define BOUND   1000000

static size_t length(const char *text)
{
    return text ? strlen(text) : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FakeGuest *g = fuzz_guest();
    FuzzInput in = { data, size };
    const FrailProcess *p = fg_ask(g);
    char buf[512];

    g_assert_nonnull(p);
    g->n_map = 0;
    /*
     * The process is the one from before: as if the guest had changed the
     * rest just now.
     */
    fuzz_change(g, &in, 16);
    g_assert_cmpuint(length(frail_process_exe(p)), <, 4096 + 64);
    g_assert_cmpuint(length(frail_process_cwd(p)), <, 4096 + 64);
    g_assert_cmpuint(length(frail_process_root(p)), <, 4096 + 64);
    g_assert_cmpuint(length(frail_process_cgroup(p)), <, 4096);
    g_assert_cmpuint(length(frail_process_container(p)), <=, 64);
    for (int fd = 0; fd < 12; fd++) {
        for (unsigned details = 0; details < 2; details++) {
            size_t room = 1 + (size + fd) % sizeof(buf);
            FrailText t;
            bool ok;

            text_init(&t, buf, room);
            ok = guest_fd_text(g->cpu, p, fd, details, &t);
            g_assert_cmpuint(t.len, <=, room);
            g_assert_true(ok || !t.len);
        }
    }
    g_assert_cmpuint(g->n_map, <, BOUND);
    fuzz_undo(g);
    return 0;
}
