/*
 * Traces, read line by line.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>

#include "tools/trace/input.h"

/* A record has less than 400 KB, see docs/json.md. */
#define MAX_LINE        (4u << 20)
#define PROGRESS_FIRST  (2 * G_USEC_PER_SEC)
#define PROGRESS_EVERY  (G_USEC_PER_SEC / 2)

struct TraceInput {
    TraceParser *parser;
    const char *const *files;
    const char *name;       /* of the file that is open */
    int fd;                 /* -1: none is open */
    uint64_t line;          /* number, in this file */
    char *buf;
    size_t begin, end;      /* of what is in it and not yet taken */
    bool at_end;            /* of the file */
    bool too_long;          /* the rest of the line is to be skipped */
    int64_t total, done;    /* bytes; total 0: not known */
    int64_t next_progress;  /* 0: never */
    bool shown;
    TraceInputStats stats;
};

static int64_t total_size(const char *const *files)
{
    int64_t total = 0;

    for (; *files; files++) {
        struct stat st;

        if (stat(*files, &st) < 0 || !S_ISREG(st.st_mode)) {
            return 0;
        }
        total += st.st_size;
    }
    return total;
}

TraceInput *trace_input_new(const char *const *files, bool progress)
{
    TraceInput *in = g_new0(TraceInput, 1);

    in->parser = trace_parser_new();
    in->files = files;
    in->fd = -1;
    in->buf = g_malloc(MAX_LINE);
    in->total = total_size(files);
    if (progress && isatty(STDERR_FILENO)) {
        in->next_progress = g_get_monotonic_time() + PROGRESS_FIRST;
    }
    return in;
}

static void close_file(TraceInput *in)
{
    if (in->fd > STDIN_FILENO) {
        close(in->fd);
    }
    in->fd = -1;
}

void trace_input_free(TraceInput *in)
{
    if (in) {
        close_file(in);
        trace_parser_free(in->parser);
        g_free(in->buf);
        g_free(in->stats.first_bad);
        g_free(in);
    }
}

const TraceInputStats *trace_input_stats(const TraceInput *in)
{
    return &in->stats;
}

static void show_progress(TraceInput *in)
{
    int64_t now;

    if (!in->next_progress || in->stats.lines % 256) {
        return;
    }
    now = g_get_monotonic_time();
    if (now < in->next_progress) {
        return;
    }
    in->next_progress = now + PROGRESS_EVERY;
    in->shown = true;
    if (in->total) {
        fprintf(stderr, "\r%3d %%  ", (int)(in->done * 100 / in->total));
    } else {
        fprintf(stderr, "\r%" PRId64 " MB  ", in->done / 1000000);
    }
    fprintf(stderr, "%" PRIu64 " calls\033[K", in->stats.calls);
}

static void end_progress(TraceInput *in)
{
    if (in->shown) {
        fputs("\r\033[K", stderr);
        in->shown = false;
    }
}

static void bad_line(TraceInput *in, const char *why)
{
    if (!in->stats.bad++) {
        in->stats.first_bad = g_strdup_printf("%s:%" PRIu64 ": %s", in->name,
                                              in->line, why);
    }
}

static bool file_error(TraceInput *in, GError **err)
{
    g_set_error(err, G_IO_ERROR, g_io_error_from_errno(errno),
                "cannot read %s: %s", in->name, g_strerror(errno));
    end_progress(in);
    return false;
}

static bool open_next(TraceInput *in, GError **err)
{
    in->name = *in->files++;
    in->line = 0;
    in->begin = in->end = 0;
    in->at_end = in->too_long = false;
    if (!strcmp(in->name, "-")) {
        in->name = "standard input";
        in->fd = STDIN_FILENO;
        return true;
    }
    in->fd = open(in->name, O_RDONLY | O_CLOEXEC);
    return in->fd >= 0 || file_error(in, err);
}

/* More into the buffer; false: an error. */
static bool fill(TraceInput *in, GError **err)
{
    ssize_t n;

    if (in->begin) {
        memmove(in->buf, in->buf + in->begin, in->end - in->begin);
        in->end -= in->begin;
        in->begin = 0;
    }
    if (in->end == MAX_LINE) {
        in->line += !in->too_long;
        if (!in->too_long) {
            bad_line(in, "a line of more than 4 MiB");
        }
        in->too_long = true;
        in->end = 0;
    }
    do {
        n = read(in->fd, in->buf + in->end, MIN(MAX_LINE - in->end, 1u << 18));
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        return file_error(in, err);
    }
    in->at_end = !n;
    in->end += n;
    in->done += n;
    return true;
}

/* The next line of this file: 1, its end: 0, an error: -1. */
static int next_line(TraceInput *in, char **line, size_t *len, GError **err)
{
    size_t seen = 0;    /* of what is in the buffer: has no newline */

    for (;;) {
        char *start = in->buf + in->begin;
        char *newline = memchr(start + seen, '\n',
                               in->end - in->begin - seen);

        if (newline) {
            in->begin = newline + 1 - in->buf;
            seen = 0;
            if (in->too_long) {
                in->too_long = false;
                continue;
            }
            *line = start;
            *len = newline - start;
            break;
        }
        if (in->at_end) {
            *line = start;
            *len = in->end - in->begin;
            in->begin = in->end;
            if (!*len || in->too_long) {
                return 0;
            }
            break;
        }
        seen = in->end - in->begin;
        if (!fill(in, err)) {
            return -1;
        }
        seen = MIN(seen, in->end);
        if (in->too_long) {
            seen = 0;
        }
    }
    in->line++;
    in->stats.lines++;
    return 1;
}

int trace_input_next(TraceInput *in, TraceRecord *r, GError **err)
{
    for (;;) {
        const char *why;
        char *line;
        size_t len;
        int got;

        if (in->fd < 0) {
            if (!*in->files) {
                end_progress(in);
                return 0;
            }
            if (!open_next(in, err)) {
                return -1;
            }
        }
        got = next_line(in, &line, &len, err);
        if (got < 0) {
            return -1;
        }
        if (!got) {
            close_file(in);
            continue;
        }
        show_progress(in);
        if (!trace_parse(in->parser, line, len, r, &why)) {
            bad_line(in, why);
            continue;
        }
        switch (r->kind) {
        case TRACE_CALL:
            in->stats.calls++;
            break;
        case TRACE_SIGNAL:
        case TRACE_EXIT:
            break;
        case TRACE_LOST:
            in->stats.lost += r->lost;
            break;
        case TRACE_OTHER:
            in->stats.other++;
            break;
        }
        return 1;
    }
}

bool trace_input_complain(const TraceInput *in, const char *tool)
{
    const TraceInputStats *s = &in->stats;

    if (!s->calls) {
        fprintf(stderr, "%s: no system call in the input%s%s; it must be what "
                "the json analyzer writes (docs/json.md)\n", tool,
                s->first_bad ? "; " : "", s->first_bad ? s->first_bad : "");
        return false;
    }
    if (s->bad) {
        fprintf(stderr, "%s: skipped %" PRIu64 " line%s that %s no record; "
                "%s%s\n", tool, s->bad, s->bad == 1 ? "" : "s",
                s->bad == 1 ? "is" : "are", s->bad == 1 ? "" : "the first: ",
                s->first_bad);
    }
    return true;
}
