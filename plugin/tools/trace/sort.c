/*
 * Pieces of output in the order of time: a merge sort.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>

#include "tools/trace/sort.h"

/* Each open file has a buffer, and is one of some 1000 a process may have. */
#define MAX_RUNS 256

typedef struct Head {
    int64_t time;
    uint64_t number;        /* in the order of trace_sorter_add() */
    uint64_t at;            /* in memory: where the piece is */
    uint32_t len;
} Head;

/* A sorted part of it all, in a file. */
typedef struct Run {
    FILE *f;
    Head head;              /* of the piece that comes next */
    GByteArray *piece;
} Run;

struct TraceSorter {
    size_t memory;
    uint64_t number;
    GArray *heads;          /* Head */
    GByteArray *pieces;
    GPtrArray *runs;        /* Run */
    bool reading;
    unsigned next;          /* of heads */
    Run *taken;             /* its piece is with the caller */
};

static void free_run(Run *r)
{
    if (r->f) {
        fclose(r->f);
    }
    g_byte_array_free(r->piece, true);
    g_free(r);
}

TraceSorter *trace_sorter_new(size_t memory)
{
    TraceSorter *s = g_new0(TraceSorter, 1);

    s->memory = memory;
    s->heads = g_array_new(false, false, sizeof(Head));
    s->pieces = g_byte_array_new();
    s->runs = g_ptr_array_new_with_free_func((GDestroyNotify)free_run);
    return s;
}

void trace_sorter_free(TraceSorter *s)
{
    if (s) {
        g_array_free(s->heads, true);
        g_byte_array_free(s->pieces, true);
        g_ptr_array_free(s->runs, true);
        g_free(s);
    }
}

static int compare(const Head *a, const Head *b)
{
    if (a->time != b->time) {
        return a->time < b->time ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

static int compare_heads(const void *a, const void *b)
{
    return compare(a, b);
}

static bool failed(GError **err)
{
    g_set_error(err, G_IO_ERROR, g_io_error_from_errno(errno),
                "temporary file in %s: %s (TMPDIR names another directory)",
                g_get_tmp_dir(), g_strerror(errno));
    return false;
}

static FILE *temporary(GError **err)
{
    g_autofree char *name = g_build_filename(g_get_tmp_dir(),
                                             "frail-XXXXXX", NULL);
    int fd = g_mkstemp(name);
    FILE *f;

    if (fd < 0) {
        failed(err);
        return NULL;
    }
    unlink(name);
    f = fdopen(fd, "w+");
    if (!f) {
        failed(err);
        close(fd);
    }
    return f;
}

static bool write_piece(FILE *f, const Head *h, const void *piece,
                        GError **err)
{
    return (fwrite(h, sizeof(*h), 1, f) == 1 &&
            fwrite(piece, 1, h->len, f) == h->len) || failed(err);
}

/* The next piece of a run: 1, its end: 0, an error: -1. */
static int read_piece(Run *r, GError **err)
{
    if (fread(&r->head, sizeof(r->head), 1, r->f) != 1) {
        return feof(r->f) ? 0 : (failed(err), -1);
    }
    g_byte_array_set_size(r->piece, r->head.len);
    if (fread(r->piece->data, 1, r->head.len, r->f) != r->head.len) {
        failed(err);
        return -1;
    }
    return 1;
}

/* What is written to a run is to be read now. */
static bool rewind_run(Run *r, GError **err)
{
    if (fflush(r->f) || fseek(r->f, 0, SEEK_SET)) {
        return failed(err);
    }
    return true;
}

static Run *new_run(TraceSorter *s, GError **err)
{
    FILE *f = temporary(err);
    Run *r;

    if (!f) {
        return NULL;
    }
    r = g_new0(Run, 1);
    r->f = f;
    r->piece = g_byte_array_new();
    g_ptr_array_add(s->runs, r);
    return r;
}

/* The run whose piece comes first; NULL: there is no run. */
static Run *first_run(TraceSorter *s)
{
    Run *best = NULL;

    for (unsigned i = 0; i < s->runs->len; i++) {
        Run *r = s->runs->pdata[i];

        if (!best || compare(&r->head, &best->head) < 0) {
            best = r;
        }
    }
    return best;
}

static bool advance(TraceSorter *s, Run *r, GError **err)
{
    int got = read_piece(r, err);

    if (!got) {
        g_ptr_array_remove_fast(s->runs, r);
    }
    return got >= 0;
}

static bool begin_reading(TraceSorter *s, GError **err)
{
    for (unsigned i = 0; i < s->runs->len; i++) {
        Run *r = s->runs->pdata[i];

        if (!rewind_run(r, err) || read_piece(r, err) < 0) {
            return false;
        }
    }
    return true;
}

/* All runs become one. */
static bool merge_runs(TraceSorter *s, GError **err)
{
    g_autoptr(GPtrArray) old = s->runs;
    Run *to, *from;
    bool good;

    s->runs = g_ptr_array_new_with_free_func((GDestroyNotify)free_run);
    to = new_run(s, err);
    if (!to) {
        return false;
    }
    {
        TraceSorter all = { .runs = old };

        good = begin_reading(&all, err);
        while (good && (from = first_run(&all))) {
            good = write_piece(to->f, &from->head, from->piece->data, err) &&
                   advance(&all, from, err);
        }
    }
    return good;
}

/* What is in memory becomes a run. */
static bool spill(TraceSorter *s, GError **err)
{
    Run *r;

    if (s->runs->len == MAX_RUNS && !merge_runs(s, err)) {
        return false;
    }
    r = new_run(s, err);
    if (!r) {
        return false;
    }
    g_array_sort(s->heads, compare_heads);
    for (unsigned i = 0; i < s->heads->len; i++) {
        Head *h = &g_array_index(s->heads, Head, i);

        if (!write_piece(r->f, h, s->pieces->data + h->at, err)) {
            return false;
        }
    }
    g_array_set_size(s->heads, 0);
    g_byte_array_set_size(s->pieces, 0);
    return true;
}

bool trace_sorter_add(TraceSorter *s, int64_t time, const void *piece,
                      uint32_t len, GError **err)
{
    Head h = {
        .time = time, .number = s->number++, .at = s->pieces->len, .len = len,
    };

    g_array_append_val(s->heads, h);
    g_byte_array_append(s->pieces, piece, len);
    if (s->pieces->len + s->heads->len * sizeof(Head) < s->memory) {
        return true;
    }
    return spill(s, err);
}

int trace_sorter_next(TraceSorter *s, int64_t *time, const void **piece,
                      uint32_t *len, GError **err)
{
    Head *h = NULL;
    Run *r;

    if (!s->reading) {
        s->reading = true;
        g_array_sort(s->heads, compare_heads);
        if (!begin_reading(s, err)) {
            return -1;
        }
    }
    if (s->taken && !advance(s, s->taken, err)) {
        return -1;
    }
    s->taken = NULL;
    if (s->next < s->heads->len) {
        h = &g_array_index(s->heads, Head, s->next);
    }
    r = first_run(s);
    if (r && (!h || compare(&r->head, h) < 0)) {
        s->taken = r;
        *time = r->head.time;
        *piece = r->piece->data;
        *len = r->head.len;
        return 1;
    }
    if (!h) {
        return 0;
    }
    s->next++;
    *time = h->time;
    *piece = s->pieces->data + h->at;
    *len = h->len;
    return 1;
}
