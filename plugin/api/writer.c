/*
 * The writer for an analyzer's text: a ring that any thread fills and one
 * thread empties, so that no vCPU waits for a disk unless the ring is full.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frail-plugin.h"

#define RING_SIZE       (4u << 20)
/* Do not wake the thread for less than this, nor let it lie for longer. */
#define ENOUGH          (64u << 10)
#define LONGEST_US      INT64_C(100000)

struct FrailWriter {
    int fd;
    bool prompt;            /* somebody is watching: write at once */
    bool colour;
    char *path;
    GThread *thread;

    GMutex lock;            /* protects everything below */
    GCond filled;           /* the thread waits here */
    GCond emptied;          /* those who put wait here */
    char *ring;
    size_t head;            /* bytes ever put; head - tail <= RING_SIZE */
    size_t tail;            /* bytes ever taken out */
    bool thread_waits;
    bool busy;              /* somebody is in the middle of a long put */
    bool closing;
    bool failed;
    uint64_t lost;          /* lines */
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

/* Write all; 0 or the errno.  QEMU may have made a terminal non-blocking. */
static int write_all(int fd, const char *text, size_t len, size_t *done)
{
    *done = 0;
    while (*done < len) {
        ssize_t n = write(fd, text + *done, len - *done);

        if (n > 0) {
            *done += n;
        } else if (n < 0 && errno == EAGAIN) {
            struct pollfd p = { .fd = fd, .events = POLLOUT };

            poll(&p, 1, -1);
        } else if (!n) {
            return EIO;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

/* Called with the lock held: wait until there is something to write. */
static void writer_wait(FrailWriter *w)
{
    gint64 deadline = 0;

    for (;;) {
        size_t used = w->head - w->tail;

        if (w->closing || used >= ENOUGH || (used && w->prompt)) {
            return;
        }
        w->thread_waits = true;
        if (!used) {
            g_cond_wait(&w->filled, &w->lock);
        } else {
            if (!deadline) {
                deadline = g_get_monotonic_time() + LONGEST_US;
            }
            if (!g_cond_wait_until(&w->filled, &w->lock, deadline)) {
                w->thread_waits = false;
                return;
            }
        }
        w->thread_waits = false;
    }
}

static void writer_fail(FrailWriter *w, int err)
{
    fprintf(stderr, "frail: cannot write to %s: %s; the rest of this output "
            "is lost\n", w->path, g_strerror(err));
    w->failed = true;
}

static void *writer_thread(void *opaque)
{
    FrailWriter *w = opaque;
    sigset_t all;

    /* QEMU's signals are for its own threads; SIGPIPE stays pending here. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);

    g_mutex_lock(&w->lock);
    for (;;) {
        size_t start, n, done = 0;
        int err = 0;

        writer_wait(w);
        n = w->head - w->tail;
        if (!n) {
            break;      /* closing */
        }
        start = w->tail % RING_SIZE;
        n = MIN(n, RING_SIZE - start);

        if (!w->failed) {
            /* Nobody else touches what lies between tail and head. */
            g_mutex_unlock(&w->lock);
            err = write_all(w->fd, w->ring + start, n, &done);
            g_mutex_lock(&w->lock);
        }
        if (err) {
            writer_fail(w, err);
        }
        if (w->failed) {
            w->lost += count_lines(w->ring + start + done, n - done);
        }
        w->tail += n;
        g_cond_broadcast(&w->emptied);
    }
    if (w->lost) {
        fprintf(stderr, "frail: %s: %" PRIu64 " lines lost\n",
                w->path, w->lost);
    }
    g_mutex_unlock(&w->lock);
    return NULL;
}

/* The sentence for frail_writer_open(), valid until the thread's next one. */
static const char *describe(const char *what, const char *path, int err)
{
    static __thread char text[512];

    snprintf(text, sizeof(text), "cannot %s %s: %s", what, path,
             g_strerror(err));
    return text;
}

static bool shows_colour(int fd)
{
    const char *term = getenv("TERM");
    const char *no_colour = getenv("NO_COLOR");

    return isatty(fd) && term && *term && strcmp(term, "dumb") &&
           !(no_colour && *no_colour);
}

FrailWriter *frail_writer_open(const char *path, const char **err)
{
    bool to_stderr = !path || !strcmp(path, "-");
    FrailWriter *w;
    GError *error = NULL;
    int fd;

    if (to_stderr) {
        path = "standard error";
        fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    } else {
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    }
    if (fd < 0) {
        *err = describe(to_stderr ? "use" : "create", path, errno);
        return NULL;
    }

    w = g_new0(FrailWriter, 1);
    w->fd = fd;
    w->prompt = isatty(fd);
    w->colour = shows_colour(fd);
    w->path = g_strdup(path);
    w->ring = g_malloc(RING_SIZE);
    g_mutex_init(&w->lock);
    g_cond_init(&w->filled);
    g_cond_init(&w->emptied);
    w->thread = g_thread_try_new("frail-writer", writer_thread, w, &error);
    if (!w->thread) {
        *err = describe("start a thread for", path, EAGAIN);
        g_error_free(error);
        frail_writer_close(w);
        return NULL;
    }
    *err = NULL;
    return w;
}

/* Called with the lock held. */
static void ring_copy(FrailWriter *w, const char *text, size_t len)
{
    size_t start = w->head % RING_SIZE;
    size_t first = MIN(len, RING_SIZE - start);
    size_t before = w->head - w->tail;

    memcpy(w->ring + start, text, first);
    memcpy(w->ring, text + first, len - first);
    w->head += len;

    /* Wake it for the first byte, and when there is enough. */
    if (w->thread_waits &&
        (!before || (before < ENOUGH && before + len >= ENOUGH))) {
        g_cond_signal(&w->filled);
    }
}

void frail_writer_put(FrailWriter *w, const char *text, size_t len)
{
    g_mutex_lock(&w->lock);
    while (w->busy) {
        g_cond_wait(&w->emptied, &w->lock);
    }
    if (w->failed) {
        w->lost += count_lines(text, len);
    } else if (len <= RING_SIZE - (w->head - w->tail)) {
        ring_copy(w, text, len);
    } else {
        /* Keep the others out, so that the line stays whole. */
        w->busy = true;
        while (len) {
            size_t room = RING_SIZE - (w->head - w->tail);
            size_t n = MIN(len, room);

            if (!n) {
                g_cond_wait(&w->emptied, &w->lock);
                continue;
            }
            ring_copy(w, text, n);
            text += n;
            len -= n;
        }
        w->busy = false;
        g_cond_broadcast(&w->emptied);
    }
    g_mutex_unlock(&w->lock);
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
    if (close(w->fd) < 0 && errno != EINTR && !w->failed) {
        fprintf(stderr, "frail: closing %s: %s\n", w->path,
                g_strerror(errno));
    }
    g_mutex_clear(&w->lock);
    g_cond_clear(&w->filled);
    g_cond_clear(&w->emptied);
    g_free(w->ring);
    g_free(w->path);
    g_free(w);
}
