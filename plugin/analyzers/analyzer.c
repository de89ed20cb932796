/*
 * What the analyzers of Frail have in common: from the options to the
 * registration, and the end.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer.h"

static int on_call(const FrailCall *call, void *opaque)
{
    AnalyzerState *s = opaque;
    int verdict;

    if (!gate_enter(&s->gate)) {
        return FRAIL_CONTINUE;
    }
    verdict = s->analyzer->on_call(call, s);
    gate_leave(&s->gate);
    return verdict;
}

static void on_return(const FrailCall *call, void *opaque)
{
    AnalyzerState *s = opaque;

    if (gate_enter(&s->gate)) {
        s->analyzer->on_return(call, s);
        gate_leave(&s->gate);
    }
}

static void on_drop(const FrailCall *call, void *opaque)
{
    AnalyzerState *s = opaque;

    if (gate_enter(&s->gate)) {
        s->analyzer->on_drop(call, s);
        gate_leave(&s->gate);
    }
}

static void on_signal(const FrailSignal *signal, void *opaque)
{
    AnalyzerState *s = opaque;

    if (gate_enter(&s->gate)) {
        s->analyzer->on_signal(signal, s);
        gate_leave(&s->gate);
    }
}

static void on_task_exit(const FrailExit *end, void *opaque)
{
    AnalyzerState *s = opaque;

    if (gate_enter(&s->gate)) {
        s->analyzer->on_exit(end, s);
        gate_leave(&s->gate);
    }
}

/* @s is not freed: a vCPU may still come and find the gate closed. */
static void on_exit_of_qemu(qemu_plugin_id_t id G_GNUC_UNUSED, void *opaque)
{
    AnalyzerState *s = opaque;

    gate_close(&s->gate);
    if (s->analyzer->finish) {
        s->analyzer->finish(s);
    }
    frail_writer_close(s->writer);
    s->writer = NULL;
}

static bool wants_colour(const AnalyzerState *s, const Option *opts)
{
    int color = options_find(opts, s->analyzer->option_count, "color");

    return color >= 0 && strcmp(opts[color].value, "auto") ?
           option_is_on(&opts[color]) : frail_writer_is_terminal(s->writer);
}

/* Is where= an expression?  If not, with a mark below it for people. */
static bool check_where(AnalyzerState *s, const char *where, char **err)
{
    const char *why;
    FrailFilter *f = where ? frail_filter_new(where, &why) : NULL;

    if (where && !f) {
        *err = isatty(STDERR_FILENO) ?
            g_strdup_printf("where=: %s\n%s", why,
                            frail_filter_error_caret()) :
            g_strdup_printf("where=: %s", why);
        return false;
    }
    s->by_return = f && frail_filter_needs_return(f);
    frail_filter_free(f);
    return true;
}

static bool start(AnalyzerState *s, const Option *opts, char **err)
{
    const Analyzer *a = s->analyzer;
    bool returns;
    FrailAnalyzerOptions registration = {
        .sz = sizeof(registration),
        .name = a->name,
        .on_call = !a->on_call || a->ungated ? a->on_call : on_call,
        .opaque = s,
        .filter = opts[OPT_TRACE].value,
    };
    const char *why = NULL;

    if (!check_where(s, opts[OPT_WHERE].value, err)) {
        return false;
    }
    if (a->start && !a->start(s, opts, err)) {
        return false;
    }
    s->writer = output_open_writer(opts, a->on_loss, s, &why);
    if (!s->writer) {
        *err = g_strdup(why);
        return false;
    }
    s->colour = wants_colour(s, opts);
    returns = a->on_return && !s->no_returns;
    registration.on_return = !returns ? NULL :
                             a->ungated ? a->on_return : on_return;
    registration.on_drop = !returns || !a->on_drop ? NULL :
                           a->ungated ? a->on_drop : on_drop;
    registration.on_signal = a->on_signal && !s->no_signals ? on_signal : NULL;
    registration.on_exit = a->on_exit && !s->no_exits ? on_task_exit : NULL;
    registration.where = s->where ? s->where : opts[OPT_WHERE].value;
    s->handle = frail_analyzer_register(&registration, &why);
    if (!s->handle) {
        *err = g_strdup(why);
        return false;
    }
    g_clear_pointer(&s->where, g_free);
    return true;
}

int analyzer_install(const Analyzer *a, qemu_plugin_id_t id, int argc,
                     char **argv)
{
    g_autofree Option *opts = g_memdup2(a->options, a->option_count *
                                        sizeof(*opts));
    g_autofree char *err = options_parse(a->name, opts, a->option_count, argc,
                                         argv);
    AnalyzerState *s = NULL;

    if (!err) {
        s = g_malloc0(a->state_size);
        s->analyzer = a;
        g_rw_lock_init(&s->gate.lock);
        if (start(s, opts, &err)) {
            qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, s);
            return 0;
        }
        g_clear_pointer(&s->writer, frail_writer_close);
        if (a->clear) {
            a->clear(s);
        }
        g_rw_lock_clear(&s->gate.lock);
        g_free(s->where);
        g_free(s);
    }
    fprintf(stderr, "%s: %s\n", a->name, err);
    return -1;
}
