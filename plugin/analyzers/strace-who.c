/*
 * The strace analyzer's choice of processes, as an expression.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "strace.h"

static void append_and(GString *where)
{
    if (where->len) {
        g_string_append(where, " and ");
    }
}

/* "(euid in (0, 33))" of "0:33", for each of @terms; false: not numbers. */
static bool append_numbers(GString *where, const char *option,
                           const char *text, const char *const *terms,
                           char **err)
{
    g_auto(GStrv) items = g_strsplit(text, ":", -1);
    g_autofree char *list = g_strjoinv(", ", items);

    for (char **item = items; *item; item++) {
        if (!g_ascii_string_to_unsigned(*item, 10, 0, UINT32_MAX, NULL,
                                        NULL)) {
            *err = g_strdup_printf("%s=%s: '%s' is not a number", option,
                                   text, *item);
            return false;
        }
    }
    append_and(where);
    for (unsigned i = 0; terms[i]; i++) {
        g_string_append_printf(where, "%s%s in (%s)", i ? " or " : "(",
                               terms[i], list);
    }
    g_string_append_c(where, ')');
    return true;
}

/* Any byte may be in a name: those that mean something are written so. */
static void append_names(GString *where, const char *text)
{
    append_and(where);
    g_string_append(where, "comm in (\"");
    for (const char *c = text; *c; c++) {
        if (*c == ':') {
            g_string_append(where, "\", \"");
        } else if (*c == '"' || *c == '\\' || g_ascii_iscntrl(*c)) {
            g_string_append_printf(where, "\\x%02x", (unsigned char)*c);
        } else {
            g_string_append_c(where, *c);
        }
    }
    g_string_append(where, "\")");
}

bool who_expression(const char *pids, const char *comms, const char *uids,
                    const char *where, char **expression, char **err)
{
    static const char *const pid_terms[] = { "pid", "tid", NULL };
    static const char *const uid_terms[] = { "euid", NULL };
    GString *all = g_string_new(NULL);
    bool good = (!pids || append_numbers(all, "pid", pids, pid_terms,
                                          err)) &&
                (!uids || append_numbers(all, "uid", uids, uid_terms, err));

    if (comms) {
        append_names(all, comms);
    }
    if (where && all->len) {
        g_string_append_printf(all, " and (%s)", where);
    } else if (where) {
        g_string_append(all, where);
    }
    *expression = g_string_free(all, !good || !all->len);
    return good;
}
