/*
 * frail-report: a trace as a page for a browser.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>

#include "tools/report/html.h"
#include "tools/report/report.h"
#include "tools/trace/input.h"
#include "tools/trace/output.h"
#include "tools/trace/strings.h"

#define TOOL "frail-report"

enum {
    DONE = 0,
    FAILED = 1,
    USAGE = 2,
};

static int fail(GError *err)
{
    fprintf(stderr, TOOL ": %s\n", err->message);
    g_error_free(err);
    return FAILED;
}

static bool read_all(TraceInput *in, Model *m, GError **err)
{
    TraceRecord r;
    int got;

    while ((got = trace_input_next(in, &r, err)) > 0) {
        if (r.kind == TRACE_CALL) {
            model_add(m, &r.call);
        } else if (r.kind == TRACE_SIGNAL || r.kind == TRACE_EXIT) {
            model_add_event(m, r.kind, &r.event);
        }
    }
    return !got;
}

static bool write_page(TraceInput *in, Model *m, const char *name,
                       const char *title, GError **err)
{
    TraceOutput *out = trace_output_new(name, err);

    if (!out) {
        return false;
    }
    if (!html_write(trace_output_file(out), m, trace_input_stats(in), title)) {
        trace_output_error(out, err);
        trace_output_drop(out);
        return false;
    }
    return trace_output_finish(out, err);
}

static char *title_of(const char *const *files)
{
    GString *s = g_string_new(NULL);
    g_autofree char *base = NULL;

    if (strcmp(files[0], "-")) {
        base = g_path_get_basename(files[0]);
        trace_display(s, base, strlen(base));
    } else {
        g_string_append(s, "standard input");
    }
    if (files[1]) {
        g_string_append_printf(s, " and %u more",
                               g_strv_length((char **)files) - 1);
    }
    return g_string_free(s, false);
}

static int report(const char *const *files, const char *output,
                  const char *title, bool quiet)
{
    g_autofree char *name = NULL, *made_title = NULL;
    TraceInput *in = trace_input_new(files, !quiet);
    Model *m = model_new();
    GError *err = NULL;
    int status = FAILED;

    if (!output) {
        name = strcmp(files[0], "-") ? trace_output_name(files[0], ".html")
                                     : g_strdup("-");
        output = name;
    }
    if (!title) {
        title = made_title = title_of(files);
    }
    if (!read_all(in, m, &err)) {
        status = fail(err);
    } else if (trace_input_complain(in, TOOL)) {
        if (!write_page(in, m, output, title, &err)) {
            status = fail(err);
        } else {
            status = DONE;
        }
    }
    if (status == DONE && !quiet && strcmp(output, "-")) {
        fprintf(stderr, "%s: %" PRIu64 " calls of %u processes\n", output,
                m->sum.calls, g_hash_table_size(m->processes->things));
    }
    model_free(m);
    trace_input_free(in);
    return status;
}

int report_main(int argc, char **argv)
{
    g_autofree char *output = NULL, *title = NULL;
    g_auto(GStrv) files = NULL;
    gboolean quiet = false;
    const GOptionEntry options[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
          "where to write to; - is standard output (the name of the first "
          "FILE with .html)", "FILE" },
        { "title", 0, 0, G_OPTION_ARG_STRING, &title,
          "what the report is of (the name of the FILE)", "TEXT" },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet,
          "neither progress nor what was written", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files,
          NULL, "FILE..." },
        G_OPTION_ENTRY_NULL
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    GError *err = NULL;

    g_option_context_add_main_entries(context, options, NULL);
    g_option_context_set_summary(context,
        "Make a page for a browser of a trace of the json analyzer: time "
        "lines, calls,\nprocesses, files, addresses, and what stands out.  "
        "One file that needs no network.\nSeveral FILEs are one trace, "
        "oldest first; - is standard input.");
    g_option_context_set_description(context,
        "Examples:\n"
        "  frail-report calls.json                    calls.html\n"
        "  frail-report -o boot.html --title='Boot' calls.json.1 calls.json\n"
        "  zcat old.json.gz | frail-report -o old.html -\n"
        "\nThe manual page, frail-report(1), has the details.\n");
    if (!g_option_context_parse(context, &argc, &argv, &err)) {
        fprintf(stderr, TOOL ": %s (see --help)\n", err->message);
        g_error_free(err);
        return USAGE;
    }
    if (!files) {
        fputs(TOOL ": which FILE? (- is standard input; --help has examples)"
              "\n", stderr);
        return USAGE;
    }
    if (title && !g_utf8_validate(title, -1, NULL)) {
        fputs(TOOL ": --title= is not UTF-8\n", stderr);
        return USAGE;
    }
    return report((const char *const *)files, output, title, quiet);
}
