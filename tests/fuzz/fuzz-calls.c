/*
 * The guest's own table of system calls: its records are the input.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"

#define BOUND   20000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = { "int", "const char *" };
    static const char *const args[] = { "fd", "path" };
    static FakeGuest *g;
    FuzzInput in = { data, size };

    if (!g) {
        g = fg_new((FgOptions) { 0 });
        fg_meta(g, 4096, "sys_openat", 257, 2, types, args);
        fg_meta(g, 4096 + 64, "sys_getpid", 39, 0, NULL, NULL);
    }
    fg_forget(g);
    g_assert_nonnull(fg_ask(g));
    fuzz_change(g, &in, 64);
    frail_mem_refresh(&g->mem);
    g->n_map = 0;
    for (int nr = 0; nr < 1024; nr++) {
        const GuestSyscall *s = guest_syscall(g->cpu, nr);

        if (s) {
            g_assert_cmpuint(s->nargs, <=, 6);
            g_assert_cmpuint(strlen(s->name), <, 64);
            for (unsigned i = 0; i < s->nargs; i++) {
                g_assert_cmpuint(strlen(s->type[i]), <, 64);
                g_assert_cmpuint(strlen(s->arg[i]), <, 64);
            }
        }
    }
    g_assert_cmpuint(g->n_map, <, BOUND);
    fuzz_undo(g);
    return 0;
}
