/*
 * The writer for an analyzer's text: a ring that any thread fills and one
 * thread empties, so that no vCPU waits for a disk unless the ring is full.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/output.h"

#define RING_SIZE       ((size_t)4 << 20)
#define RING_MIN        ((size_t)4 << 10)
/* Do not wake the thread for less than this, nor let it lie for longer. */
#define ENOUGH          ((size_t)64 << 10)
#define LONGEST_US      INT64_C(100000)
/* How much is written at once: what it takes up is free only afterwards. */
#define CHUNK           ((size_t)256 << 10)
/* How long the thread looks at its output before it looks round. */
#define SLICE_MS        100
#define SOCKET_STALL_MS 30000
#define SOCKET_LINGER   (INT64_C(10) * 1000000)
#define MARKS           4
#define RECORD_SIZE     512

/* Lines are missing at @pos of the stream. */
typedef struct Mark {
    size_t pos;
    FrailLoss loss;
} Mark;

struct FrailWriter {
    Output *output;
    bool prompt;            /* somebody is watching: write at once */
    bool colour;
    FrailOverflow overflow;
    int64_t stall_us;       /* 0: for ever */
    FrailLossFn *on_loss;
    void *opaque;
    size_t size;            /* of the ring */
    GThread *thread;

    GMutex lock;            /* protects everything below */
    GCond filled;           /* the thread waits here */
    GCond emptied;          /* those who put wait here */
    char *ring;
    size_t head;            /* bytes ever put; head - tail <= size */
    /*
     * Bytes ever written, and those of them that are whole lines: a line that
     * a consumer took half of is kept for the next one.
     */
    size_t sent;
    size_t tail;
    bool headless;          /* the line at tail is longer than the ring */
    bool skip;              /* and its consumer is gone: throw it away */
    bool thread_waits;
    bool busy;              /* somebody waits for room, or is in a long put */
    bool dropping;          /* until there is room; the last mark counts */
    bool closing;
    bool failed;
    uint64_t lost;          /* lines */
    uint64_t told;          /* of them, those that the output tells of */
    unsigned n_marks;
    Mark marks[MARKS];

    /* The thread's own: a line that tells of a loss, on its way. */
    size_t record_len, record_sent;
    char record[RECORD_SIZE];
};

static uint64_t count_lines(const char *text, size_t len)
{
    const char *end = text + len;
    uint64_t lines = 0;

    while (text < end && (text = memchr(text, '\n', end - text))) {
        lines++;
        text++;
    }
    return lines;
}

/* How much of the ring lies in one piece from @pos on, up to @end. */
static size_t piece(const FrailWriter *w, size_t pos, size_t end)
{
    return MIN(end - pos, w->size - pos % w->size);
}

static uint64_t count_ring(const FrailWriter *w, size_t pos, size_t end)
{
    uint64_t lines = 0;

    while (pos < end) {
        size_t n = piece(w, pos, end);

        lines += count_lines(w->ring + pos % w->size, n);
        pos += n;
    }
    return lines;
}

/* Length of the line that begins at tail, or all up to @head if it is open. */
static size_t first_line(const FrailWriter *w, size_t head)
{
    size_t pos = w->tail;

    while (pos < head) {
        size_t n = piece(w, pos, head);
        const char *text = w->ring + pos % w->size;
        const char *end = memchr(text, '\n', n);

        if (end) {
            return pos + (end + 1 - text) - w->tail;
        }
        pos += n;
    }
    return pos - w->tail;
}

/* --- Losses; with the lock held ------------------------------------------ */

static void wake_thread(FrailWriter *w)
{
    if (w->thread_waits) {
        g_cond_signal(&w->filled);
    }
}

/* Not before half of the ring is free: it would only be full again. */
static void stop_dropping(FrailWriter *w)
{
    if (w->dropping && w->head - w->tail <= w->size / 2 &&
        w->n_marks < MARKS) {
        w->dropping = false;
    }
}

/* Lines that were to be put at head are lost. */
static void note_lost(FrailWriter *w, uint64_t lines)
{
    int64_t now = g_get_real_time() * 1000;
    FrailLoss *loss;

    if (!lines) {
        return;
    }
    w->lost += lines;
    if (!w->n_marks || w->marks[w->n_marks - 1].pos != w->head) {
        /* There is one free: see stop_dropping(). */
        w->marks[w->n_marks++] = (Mark) {
            .pos = w->head, .loss.from_ns = now,
        };
        wake_thread(w);
    }
    loss = &w->marks[w->n_marks - 1].loss;
    loss->lines += lines;
    loss->to_ns = now;
    w->dropping = true;
    stop_dropping(w);       /* only this one was too long */
}

/* What is in the ring will not be written. */
static void give_up(FrailWriter *w)
{
    output_take_back(w->output, w->record_len ? w->record_sent :
                                                w->sent - w->tail);
    w->record_len = 0;
    w->lost += count_ring(w, w->tail, w->head);
    w->tail = w->sent = w->head;
    w->n_marks = 0;
    w->dropping = w->skip = w->headless = false;
    g_cond_broadcast(&w->emptied);
}

static void writer_fail(FrailWriter *w, int err)
{
    fprintf(stderr, "frail: cannot write to %s: %s; the rest of this output "
            "is lost\n", output_name(w->output), g_strerror(err));
    w->failed = true;
    give_up(w);
}

static void make_record(FrailWriter *w, const FrailLoss *loss)
{
    w->record_sent = 0;
    w->record_len = w->on_loss ? w->on_loss(loss, w->record,
                                            sizeof(w->record), w->opaque) : 0;
    w->record_len = MIN(w->record_len, sizeof(w->record));
}

/* --- The thread; with the lock held -------------------------------------- */

static bool mark_is_due(const FrailWriter *w)
{
    return w->n_marks && w->marks[0].pos == w->sent && w->sent == w->tail;
}

/* Wait until there is something to do; false: closed, and nothing is left. */
static bool writer_next(FrailWriter *w)
{
    gint64 deadline = 0;

    for (;;) {
        size_t left = w->head - w->sent;

        if (w->closing || w->record_len || mark_is_due(w) ||
            left >= MIN(ENOUGH, w->size / 2) || (left && w->prompt)) {
            return left || w->record_len || mark_is_due(w);
        }
        w->thread_waits = true;
        if (!left) {
            g_cond_wait(&w->filled, &w->lock);
        } else {
            if (!deadline) {
                deadline = g_get_monotonic_time() + LONGEST_US;
            }
            if (!g_cond_wait_until(&w->filled, &w->lock, deadline)) {
                w->thread_waits = false;
                return true;
            }
        }
        w->thread_waits = false;
    }
}

/* A line that tells of lost ones, when it is its turn. */
static void next_record(FrailWriter *w)
{
    Mark mark = w->marks[0];

    if (w->record_len || !mark_is_due(w)) {
        return;
    }
    w->n_marks--;
    memmove(w->marks, w->marks + 1, w->n_marks * sizeof(*w->marks));
    w->dropping &= w->n_marks > 0;
    w->told += mark.loss.lines;
    mark.loss.total = w->told;
    make_record(w, &mark.loss);
}

/* A new consumer: it begins with a whole line. */
static void begin_anew(FrailWriter *w)
{
    FrailLoss loss = { .reconnected = true, .total = w->told };

    if (w->headless) {
        w->headless = false;
        w->skip = true;
    } else {
        w->sent = w->tail;
    }
    if (w->record_len) {
        w->record_sent = 0;
    } else if (!w->skip) {
        make_record(w, &loss);
    }
}

/* @n bytes at sent are gone. */
static void advance(FrailWriter *w, size_t n)
{
    const char *text = w->ring + w->sent % w->size;
    const char *last = memrchr(text, '\n', n);

    w->sent += n;
    if (last) {
        w->tail = w->sent - n + (last + 1 - text);
        w->headless = false;
    } else if (w->head - w->tail == w->size && w->sent == w->head) {
        w->tail = w->sent;
        w->headless = true;
    }
    stop_dropping(w);
    g_cond_broadcast(&w->emptied);
}

/* The end of a line whose beginning went to another consumer. */
static void skip_line(FrailWriter *w)
{
    const char *text = w->ring + w->sent % w->size;
    size_t n = piece(w, w->sent, w->head);
    const char *end = memchr(text, '\n', n);

    if (end) {
        n = end + 1 - text;
        w->skip = false;
        w->lost++;
    }
    w->sent += n;
    w->tail = w->sent;
    g_cond_broadcast(&w->emptied);
}

/*
 * What is to be written next of all up to @end, and how much of it.  Without
 * the lock: nobody else touches what lies between tail and head.
 */
static size_t next_piece(FrailWriter *w, size_t end, const char **text)
{
    const char *newline;
    size_t n;

    if (w->record_len) {
        *text = w->record + w->record_sent;
        n = w->record_len - w->record_sent;
        return w->record_sent ? n : output_fit(w->output, *text, n, n);
    }
    *text = w->ring + w->sent % w->size;
    n = MIN(piece(w, w->sent, end), CHUNK);
    if (w->sent == w->tail && !w->headless) {
        return output_fit(w->output, *text, n, first_line(w, end));
    }
    /* In the middle of a line: to its end, where a new file may begin. */
    newline = memchr(*text, '\n', n);
    return newline ? (size_t)(newline + 1 - *text) : n;
}

/* Write something.  The lock is released while the output has its time. */
static void writer_step(FrailWriter *w)
{
    const char *text;
    ssize_t done = 0;
    size_t end, n;
    int state;

    if (w->skip) {
        skip_line(w);
        return;
    }
    next_record(w);
    end = w->n_marks ? w->marks[0].pos : w->head;
    g_mutex_unlock(&w->lock);
    state = output_wait(w->output, SLICE_MS);
    if (state == OUTPUT_READY) {
        n = next_piece(w, end, &text);
        done = n ? output_write(w->output, text, n) : 0;
    } else if (state < 0) {
        done = state;
    }
    g_mutex_lock(&w->lock);
    if (state == OUTPUT_ANEW) {
        begin_anew(w);
        return;
    }
    if (done < 0) {
        writer_fail(w, -done);
    } else if (done && w->record_len) {
        w->record_sent += done;
        if (w->record_sent == w->record_len) {
            w->record_len = 0;
        }
    } else if (done) {
        advance(w, done);
    }
}

static void *writer_thread(void *opaque)
{
    FrailWriter *w = opaque;
    gint64 deadline = 0;
    sigset_t all;

    /* QEMU's signals are for its own threads; SIGPIPE stays pending here. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);

    g_mutex_lock(&w->lock);
    while (writer_next(w)) {
        if (w->closing && !deadline) {
            int64_t linger = w->stall_us;

            if (output_is_socket(w->output)) {
                linger = MIN(linger ? linger : SOCKET_LINGER, SOCKET_LINGER);
            }
            deadline = linger ? g_get_monotonic_time() + linger : G_MAXINT64;
        }
        writer_step(w);
        if (w->closing && (output_is_full(w->output) ||
                           (deadline && g_get_monotonic_time() > deadline))) {
            give_up(w);
        }
    }
    if (w->lost) {
        fprintf(stderr, "frail: %s: %" PRIu64 " lines lost\n",
                output_name(w->output), w->lost);
    }
    g_mutex_unlock(&w->lock);
    return NULL;
}

/* --- Opening ------------------------------------------------------------- */

static bool shows_colour(const FrailWriter *w)
{
    const char *term = getenv("TERM");
    const char *no_colour = getenv("NO_COLOR");

    return w->prompt && term && *term && strcmp(term, "dumb") &&
           !(no_colour && *no_colour);
}

static int64_t stall_of(const FrailWriterOptions *opts, const Output *output)
{
    if (opts->stall_ms < 0) {
        return 0;
    }
    if (!opts->stall_ms && output_is_socket(output)) {
        return SOCKET_STALL_MS * INT64_C(1000);
    }
    return MIN(opts->stall_ms, G_MAXINT32) * INT64_C(1000);
}

FrailWriter *frail_writer_open_with(const FrailWriterOptions *opts,
                                    const char **err)
{
    FrailWriterOptions o = { 0 };
    g_autoptr(GError) error = NULL;
    Output *output;
    FrailWriter *w;

    if (opts->sz < offsetof(FrailWriterOptions, opaque) + sizeof(o.opaque) ||
        opts->sz > sizeof(o)) {
        *err = "FrailWriterOptions has a size that this libfrail does not "
               "know; set .sz to sizeof(FrailWriterOptions) and build again";
        return NULL;
    }
    memcpy(&o, opts, opts->sz);     /* what an older one has not is 0 */
    output = output_open(&o, err);
    if (!output) {
        return NULL;
    }
    w = g_new0(FrailWriter, 1);
    w->output = output;
    w->prompt = output_is_terminal(output);
    w->colour = shows_colour(w);
    w->overflow = o.overflow;
    w->stall_us = stall_of(&o, output);
    w->on_loss = o.on_loss;
    w->opaque = o.opaque;
    w->size = o.buffer_size ? MAX(o.buffer_size, RING_MIN) : RING_SIZE;
    g_mutex_init(&w->lock);
    g_cond_init(&w->filled);
    g_cond_init(&w->emptied);
    w->ring = g_try_malloc(w->size);
    if (!w->ring) {
        *err = "there is no memory for a buffer of this size";
        frail_writer_close(w);
        return NULL;
    }
    w->thread = g_thread_try_new("frail-writer", writer_thread, w, &error);
    if (!w->thread) {
        *err = "cannot start a thread for the output";
        frail_writer_close(w);
        return NULL;
    }
    *err = NULL;
    return w;
}

FrailWriter *frail_writer_open(const char *out, const char **err)
{
    FrailWriterOptions opts = { .sz = sizeof(opts), .out = out };

    return frail_writer_open_with(&opts, err);
}

/* --- Putting; with the lock held ----------------------------------------- */

static size_t room(const FrailWriter *w)
{
    return w->size - (w->head - w->tail);
}

static void ring_copy(FrailWriter *w, const char *text, size_t len)
{
    size_t enough = MIN(ENOUGH, w->size / 2);
    size_t start = w->head % w->size;
    size_t first = MIN(len, w->size - start);
    size_t before = w->head - w->sent;

    memcpy(w->ring + start, text, first);
    memcpy(w->ring, text + first, len - first);
    w->head += len;

    /* Wake it for the first byte, and when there is enough. */
    if (!before || (before < enough && before + len >= enough)) {
        wake_thread(w);
    }
}

/*
 * Wait for a place in the row, then for @len bytes of room.  False: they are
 * lost.  With true, w->busy is set, and keeps the others out.
 */
static bool wait_for_room(FrailWriter *w, size_t len)
{
    gint64 deadline = w->stall_us && len <= w->size ?
                      g_get_monotonic_time() + w->stall_us : 0;
    size_t wanted = MIN(len, w->size);
    bool mine = false;

    while (!w->failed && !w->dropping) {
        if (mine || !w->busy) {
            w->busy = mine = true;
            /* A long one goes in piece by piece. */
            if (room(w) >= wanted || len > w->size) {
                return true;
            }
        }
        if (!deadline) {
            g_cond_wait(&w->emptied, &w->lock);
        } else if (!g_cond_wait_until(&w->emptied, &w->lock, deadline)) {
            break;
        }
    }
    if (mine) {
        w->busy = false;
        g_cond_broadcast(&w->emptied);
    }
    return false;
}

/* Longer than the ring: in pieces, while nobody else comes between. */
static void put_pieces(FrailWriter *w, const char *text, size_t len)
{
    while (len) {
        size_t n = MIN(len, room(w));

        if (w->failed) {
            w->lost += count_lines(text, len);
            return;
        }
        if (!n) {
            g_cond_wait(&w->emptied, &w->lock);
            continue;
        }
        ring_copy(w, text, n);
        text += n;
        len -= n;
    }
}

void frail_writer_put(FrailWriter *w, const char *text, size_t len)
{
    g_mutex_lock(&w->lock);
    if (w->failed) {
        w->lost += count_lines(text, len);
    } else if (!w->busy && !w->dropping && len <= room(w)) {
        ring_copy(w, text, len);
    } else if (w->overflow == FRAIL_OVERFLOW_BLOCK && wait_for_room(w, len)) {
        put_pieces(w, text, len);
        w->busy = false;
        g_cond_broadcast(&w->emptied);
    } else if (w->failed) {
        w->lost += count_lines(text, len);
    } else {
        note_lost(w, count_lines(text, len));
    }
    g_mutex_unlock(&w->lock);
}

uint64_t frail_writer_lost(FrailWriter *w)
{
    uint64_t lost;

    g_mutex_lock(&w->lock);
    lost = w->lost;
    g_mutex_unlock(&w->lock);
    return lost;
}

bool frail_writer_is_terminal(const FrailWriter *w)
{
    return w->colour;
}

void frail_writer_close(FrailWriter *w)
{
    if (!w) {
        return;
    }
    if (w->thread) {
        g_mutex_lock(&w->lock);
        w->closing = true;
        g_cond_signal(&w->filled);
        g_mutex_unlock(&w->lock);
        g_thread_join(w->thread);
    }
    output_close(w->output);
    g_mutex_clear(&w->lock);
    g_cond_clear(&w->filled);
    g_cond_clear(&w->emptied);
    g_free(w->ring);
    g_free(w);
}
