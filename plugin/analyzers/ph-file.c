/*
 * Profiles as files, written: text, a line for each fact.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <string.h>

#include "calls.h"
#include "ph-file.h"

const char *const ph_state_names[] = { "training", "frozen", "testing" };

void ph_quote(GString *to, const char *text)
{
    g_string_append_c(to, '"');
    for (; *text; text++) {
        unsigned char c = *text;

        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
            g_string_append_printf(to, "\\x%02x", c);
        } else {
            g_string_append_c(to, c);
        }
    }
    g_string_append_c(to, '"');
}

void ph_call_text(GString *to, unsigned id)
{
    unsigned abi = id / PH_NUMBERS, nr = id % PH_NUMBERS;
    const char *name = frail_syscall_name((FrailAbi)abi, nr);

    g_string_append_printf(to, "%s:%u %s", call_abi_name(abi), nr,
                           nr == PH_NUMBERS - 1 ? "other" :
                           name ? name : "unknown");
}

char *ph_file_name(const char *exe)
{
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256,
                                                         exe, -1);
    g_autofree char *readable = g_strndup(exe + (*exe == '/'), 100);

    for (char *c = readable; *c; c++) {
        if (!g_ascii_isalnum(*c) && !strchr("._-", *c)) {
            *c = *c == '/' ? '.' : '_';
        }
    }
    /* Two programs may look the same: the sum tells them apart. */
    return g_strdup_printf("%s-%.16s" PH_SUFFIX,
                           *readable == '.' ? "" : readable, sum);
}

static int window_order(const void *a, const void *b)
{
    const PhWindow *x = a, *y = b;

    return x->hi != y->hi ? (x->hi < y->hi ? -1 : 1) :
           x->lo != y->lo ? (x->lo < y->lo ? -1 : 1) : 0;
}

static unsigned put_windows(const PhProfile *p, GString *text)
{
    g_autoptr(GArray) all = g_array_sized_new(FALSE, FALSE, sizeof(PhWindow),
                                              p->n_windows);

    for (unsigned i = 0; i < p->slots; i++) {
        if (p->slot[i].lo) {
            g_array_append_val(all, p->slot[i]);
        }
    }
    g_array_sort(all, window_order);    /* equal profiles are equal files */
    for (unsigned i = 0; i < all->len; i++) {
        g_string_append(text, "seq");
        for (unsigned d = p->window; d-- > 0; ) {
            g_string_append_printf(text, " %u",
                ph_window_at(g_array_index(all, PhWindow, i), d));
        }
        g_string_append_c(text, '\n');
    }
    return all->len;
}

GString *ph_file_text(const PhProfile *p)
{
    GString *text = g_string_new("frail-ph 1\nexe ");
    unsigned lines = 0;

    ph_quote(text, p->exe);
    g_string_append_printf(text, "\nwindow %u\nstate %s\ncalls %" PRIu64
                           "\nchanged %" PRIu64 "\nruns %" PRIu64
                           "\nfrozen %" PRId64 "\nfull%s%s\n",
                           p->window, ph_state_names[p->state], p->calls,
                           p->changed, p->runs, p->frozen_ns,
                           p->full_calls ? " calls" : "",
                           p->full_windows ? " windows" : "");
    for (unsigned i = PH_FIRST; i < PH_FIRST + p->n_calls; i++) {
        g_string_append_printf(text, "call %u ", i);
        ph_call_text(text, p->id[i]);
        g_string_append_c(text, '\n');
        lines++;
    }
    for (unsigned c = PH_FIRST; c <= PH_OTHER; c++) {
        for (unsigned b = 0; b <= PH_OTHER; b++) {
            if (p->pair[c][b]) {
                g_string_append_printf(text, "pair %u %u 0x%x\n", c, b,
                                       p->pair[c][b]);
                lines++;
            }
        }
    }
    lines += put_windows(p, text);
    g_string_append_printf(text, "end %u\n", lines);
    return text;
}

bool ph_file_save(const PhProfile *p, const char *path, char **err)
{
    GString *text = ph_file_text(p);
    g_autoptr(GError) error = NULL;
    bool good = g_file_set_contents_full(path, text->str, text->len,
        G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
        &error);

    g_string_free(text, TRUE);
    if (!good) {
        *err = g_strdup_printf("cannot write %s: %s", path, error->message);
    }
    return good;
}
