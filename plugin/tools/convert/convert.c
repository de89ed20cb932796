/*
 * frail-convert: a trace in other programs' formats.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>

#include "text/near.h"
#include "tools/convert/convert.h"
#include "tools/convert/format.h"
#include "tools/trace/input.h"
#include "tools/trace/output.h"

#define TOOL "frail-convert"

/* What is sorted in memory at a time; more of it waits in files. */
#define SORT_MEMORY (64u << 20)

enum {
    DONE = 0,
    FAILED = 1,
    USAGE = 2,
};

static const Format *const formats[] = { &format_pcapng, &format_perfetto };

static int fail(GError *err)
{
    fprintf(stderr, TOOL ": %s\n", err->message);
    g_error_free(err);
    return FAILED;
}

static const Format *find_format(const char *name)
{
    Near near;

    if (!name) {
        fputs(TOOL ": --to= is missing: --to=pcapng or --to=perfetto "
              "(--help has examples)\n", stderr);
        return NULL;
    }
    near_begin(&near, name);
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (!strcmp(name, formats[i]->name)) {
            return formats[i];
        }
        near_try(&near, formats[i]->name);
    }
    fprintf(stderr, TOOL ": there is no format '%s'; %s%s\n", name,
            near.name ? "did you mean --to=" : "it is pcapng or perfetto",
            near.name ? near.name : "");
    return NULL;
}

static bool read_all(TraceInput *in, const Format *format, void *state,
                     GError **err)
{
    TraceRecord r;
    int got;

    while ((got = trace_input_next(in, &r, err)) > 0) {
        bool good = true;

        if (r.kind == TRACE_CALL) {
            good = format->call(state, &r.call, err);
        } else if (r.kind == TRACE_SIGNAL || r.kind == TRACE_EXIT) {
            good = format->event(state, r.kind, &r.event, err);
        } else if (r.kind == TRACE_LOST) {
            good = format->lost(state, r.lost, err);
        }
        if (!good) {
            return false;
        }
    }
    return !got;
}

static bool write_all(TraceSorter *sorter, const Format *format, void *state,
                      const char *name, GError **err)
{
    TraceOutput *out = trace_output_new(name, err);
    const void *piece;
    int64_t time;
    uint32_t len;
    int got;
    FILE *to;

    if (!out) {
        return false;
    }
    to = trace_output_file(out);
    if (!format->head(state, to)) {
        goto no_room;
    }
    while ((got = trace_sorter_next(sorter, &time, &piece, &len, err)) > 0) {
        if (!format->piece(state, time, piece, len, to)) {
            goto no_room;
        }
    }
    if (got < 0) {
        trace_output_drop(out);
        return false;
    }
    if (!format->end(state, to)) {
        goto no_room;
    }
    return trace_output_finish(out, err);

no_room:
    trace_output_error(out, err);
    trace_output_drop(out);
    return false;
}

static int convert(const char *const *files, const Format *format,
                   const char *output, bool quiet)
{
    g_autofree char *name = NULL;
    TraceInput *in = trace_input_new(files, !quiet);
    TraceSorter *sorter = trace_sorter_new(SORT_MEMORY);
    void *state = format->begin(sorter);
    GError *err = NULL;
    int status = FAILED;

    if (!output) {
        name = strcmp(files[0], "-")
             ? trace_output_name(files[0], format->suffix) : g_strdup("-");
        output = name;
    }
    if (!strcmp(output, "-") && format->binary && isatty(STDOUT_FILENO)) {
        fprintf(stderr, TOOL ": %s is not for a terminal: use -o FILE\n",
                format->name);
        status = USAGE;
    } else if (!read_all(in, format, state, &err)) {
        status = fail(err);
    } else if (!trace_input_complain(in, TOOL)) {
        status = FAILED;
    } else if (!write_all(sorter, format, state, output, &err)) {
        status = fail(err);
    } else {
        status = DONE;
        if (!quiet && strcmp(output, "-")) {
            fprintf(stderr, "%s: %" PRIu64 " calls\n", output,
                    trace_input_stats(in)->calls);
        }
    }
    format->free(state);
    trace_sorter_free(sorter);
    trace_input_free(in);
    return status;
}

int convert_main(int argc, char **argv)
{
    g_autofree char *to = NULL, *output = NULL;
    g_auto(GStrv) files = NULL;
    gboolean quiet = false;
    const GOptionEntry options[] = {
        { "to", 't', 0, G_OPTION_ARG_STRING, &to,
          "pcapng (tshark, Wireshark, sysdig, Falco) or perfetto "
          "(ui.perfetto.dev, chrome://tracing)", "FORMAT" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
          "where to write to; - is standard output (the name of the first "
          "FILE with another ending)", "FILE" },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet,
          "neither progress nor what was written", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files,
          NULL, "FILE..." },
        G_OPTION_ENTRY_NULL
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    const Format *format;
    GError *err = NULL;

    g_option_context_add_main_entries(context, options, NULL);
    g_option_context_set_summary(context,
        "Convert a trace of the json analyzer for other programs.  Several "
        "FILEs are one\ntrace, oldest first; - is standard input.");
    g_option_context_set_description(context,
        "Examples:\n"
        "  frail-convert --to=pcapng calls.json && tshark -r calls.pcapng\n"
        "  frail-convert --to=perfetto calls.json.1 calls.json -o boot.json\n"
        "  zcat old.json.gz | frail-convert --to=pcapng -o - - | tshark -r -\n"
        "\nThe manual page, frail-convert(1), has the details.\n");
    if (!g_option_context_parse(context, &argc, &argv, &err)) {
        fprintf(stderr, TOOL ": %s (see --help)\n", err->message);
        g_error_free(err);
        return USAGE;
    }
    format = find_format(to);
    if (!format) {
        return USAGE;
    }
    if (!files) {
        fputs(TOOL ": which FILE? (- is standard input)\n", stderr);
        return USAGE;
    }
    return convert((const char *const *)files, format, output, quiet);
}
