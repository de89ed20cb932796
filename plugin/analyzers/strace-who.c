/*
 * The strace analyzer's choice of processes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "strace.h"

/* @text, separated by ':', as numbers of 32 bits; NULL if one is none. */
static GArray *parse_numbers(const char *option, const char *text,
                             char **err)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_auto(GStrv) items = g_strsplit(text, ":", -1);

    for (char **item = items; *item; item++) {
        guint64 value;
        uint32_t narrow;

        if (!g_ascii_string_to_unsigned(*item, 10, 0, UINT32_MAX, &value,
                                        NULL)) {
            *err = g_strdup_printf("%s=%s: '%s' is not a number", option,
                                   text, *item);
            g_array_free(list, TRUE);
            return NULL;
        }
        narrow = value;
        g_array_append_val(list, narrow);
    }
    return list;
}

bool who_parse(Who *w, const char *pids, const char *comms,
               const char *uids, char **err)
{
    if (pids && !(w->pids = parse_numbers("pid", pids, err))) {
        return false;
    }
    if (uids && !(w->uids = parse_numbers("uid", uids, err))) {
        return false;
    }
    w->comms = comms ? g_strsplit(comms, ":", -1) : NULL;
    return true;
}

static bool has(const GArray *list, uint32_t value)
{
    for (unsigned i = 0; i < list->len; i++) {
        if (g_array_index(list, uint32_t, i) == value) {
            return true;
        }
    }
    return false;
}

bool who_chooses(const Who *w)
{
    return w->pids || w->uids || w->comms;
}

bool who_match(const Who *w, const FrailProcess *p)
{
    if (!who_chooses(w)) {
        return true;
    }
    if (!p) {
        return false;
    }
    if (w->pids && !has(w->pids, frail_process_pid(p)) &&
        !has(w->pids, frail_process_tid(p))) {
        return false;
    }
    if (w->uids && !has(w->uids, frail_process_uid(p, FRAIL_ID_EFFECTIVE))) {
        return false;
    }
    return !w->comms ||
           g_strv_contains((const char *const *)w->comms,
                           frail_process_comm(p));
}

void who_clear(Who *w)
{
    g_clear_pointer(&w->pids, g_array_unref);
    g_clear_pointer(&w->uids, g_array_unref);
    g_clear_pointer(&w->comms, g_strfreev);
}
