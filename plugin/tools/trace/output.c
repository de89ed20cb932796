/*
 * A file that is made whole or not at all.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>

#include "tools/trace/output.h"

struct TraceOutput {
    FILE *f;
    char *name;
    char *temporary;        /* NULL: it is written to as it is */
};

void trace_output_error(const TraceOutput *o, GError **err)
{
    g_set_error(err, G_IO_ERROR, g_io_error_from_errno(errno),
                "cannot write to %s: %s", o->name, g_strerror(errno));
}

TraceOutput *trace_output_new(const char *name, GError **err)
{
    TraceOutput *o = g_new0(TraceOutput, 1);
    struct stat st;
    mode_t mask;
    int fd;

    if (!strcmp(name, "-")) {
        o->name = g_strdup("standard output");
        o->f = stdout;
        return o;
    }
    o->name = g_strdup(name);
    if (!stat(name, &st) && !S_ISREG(st.st_mode)) {
        o->f = fopen(name, "we");       /* a pipe, a device */
    } else {
        o->temporary = g_strdup_printf("%s.XXXXXX", name);
        fd = g_mkstemp(o->temporary);
        if (fd >= 0) {
            mask = umask(0);
            umask(mask);
            if (fchmod(fd, 0666 & ~mask) == 0) {
                o->f = fdopen(fd, "w");
            }
        }
    }
    if (!o->f) {
        trace_output_error(o, err);
        trace_output_drop(o);
        return NULL;
    }
    return o;
}

FILE *trace_output_file(TraceOutput *o)
{
    return o->f;
}

bool trace_output_finish(TraceOutput *o, GError **err)
{
    bool good = !fflush(o->f) && !ferror(o->f);

    if (good && o->f != stdout) {
        good = !fclose(o->f);
        o->f = NULL;
    }
    if (good && o->temporary) {
        good = !rename(o->temporary, o->name);
        if (good) {
            g_clear_pointer(&o->temporary, g_free);
        }
    }
    if (!good) {
        trace_output_error(o, err);
    }
    trace_output_drop(o);
    return good;
}

void trace_output_drop(TraceOutput *o)
{
    if (!o) {
        return;
    }
    if (o->f && o->f != stdout) {
        fclose(o->f);
    }
    if (o->temporary) {
        unlink(o->temporary);
    }
    g_free(o->temporary);
    g_free(o->name);
    g_free(o);
}

char *trace_output_name(const char *input, const char *suffix)
{
    size_t len = strlen(input);

    if (g_str_has_suffix(input, ".json")) {
        len -= strlen(".json");
    } else if (g_str_has_suffix(input, ".jsonl")) {
        len -= strlen(".jsonl");
    }
    return g_strdup_printf("%.*s%s", (int)len, input, suffix);
}
