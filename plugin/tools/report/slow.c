/*
 * Which calls took longest, of those that did not wait for somebody.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "tools/report/model.h"
#include "tools/report/rules.h"
#include "tools/trace/strings.h"

void model_free_slow(void *slow)
{
    ModelSlow *s = slow;

    g_free(s->who);
    g_free(s->what);
    g_free(s);
}

/* A call that waits for others to do something says nothing by being slow. */
static bool may_wait(const TraceCall *c, ModelClass class)
{
    static const char *const waits[] = {
        "wait4", "waitid", "waitpid", "flock", "fcntl", "io_uring_enter",
        "reboot", "mq_timedreceive", "msgrcv", "semop", "semtimedop",
    };

    if (class != CLASS_FILES && class != CLASS_MEMORY &&
        class != CLASS_PROCESSES && class != CLASS_OTHER) {
        return true;
    }
    for (unsigned i = 0; c->call && i < G_N_ELEMENTS(waits); i++) {
        if (!strcmp(c->call, waits[i])) {
            return true;
        }
    }
    for (unsigned i = 0; i < c->n_args; i++) {
        const char *at = c->args[i].text ? strchr(c->args[i].text, '<') : NULL;

        /* A pipe, a socket, a terminal. */
        if (at && (at[1] != '/' || strstr(at, "<char "))) {
            return true;
        }
    }
    return false;
}

static int compare_slow(const void *a, const void *b)
{
    const ModelSlow *x = *(ModelSlow *const *)a, *y = *(ModelSlow *const *)b;

    return x->ns > y->ns ? -1 : x->ns < y->ns;
}

void model_add_slow(Model *m, const TraceCall *c, ModelClass class)
{
    const ModelSlow *least = m->slow->len < MODEL_SLOW ? NULL :
                             m->slow->pdata[MODEL_SLOW - 1];
    ModelSlow *s;

    if (c->duration_ns <= (least ? least->ns : 0) || may_wait(c, class)) {
        return;
    }
    s = g_new0(ModelSlow, 1);
    s->time = c->time_ns;
    s->ns = c->duration_ns;
    g_string_truncate(m->s, 0);
    if (c->has_process && c->process.comm) {
        trace_display(m->s, c->process.comm,
                      MIN(strlen(c->process.comm), MODEL_COMM));
        g_string_append_printf(m->s, " %" G_GINT64_FORMAT, c->process.pid);
    } else {
        g_string_append_c(m->s, '?');
    }
    s->who = g_strdup(m->s->str);
    g_string_truncate(m->s, 0);
    rules_call_text(c, m->s);
    s->what = g_strdup(m->s->str);
    if (least) {
        g_ptr_array_set_size(m->slow, MODEL_SLOW - 1);
    }
    g_ptr_array_add(m->slow, s);
    g_ptr_array_sort(m->slow, compare_slow);
}
