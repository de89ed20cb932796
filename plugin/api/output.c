/*
 * Where a writer's bytes go.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/output.h"
#include "api/socket.h"

/* A full disk is tried again after so long. */
#define FULL_US         (100 * 1000)
#define ROTATE_KEEP     4

typedef enum OutputKind {
    OUTPUT_FILE,
    OUTPUT_STREAM,          /* a pipe, a terminal, a device */
    OUTPUT_SOCKET,
} OutputKind;

struct Output {
    OutputKind kind;
    char *name;
    int fd;
    bool shared;            /* others use the same open file: never block it */
    bool full;
    bool told_full;
    uint64_t size;          /* bytes written to this file */
    uint64_t rotate_size;   /* 0: never */
    uint64_t rotate_next;   /* try again at this size after an error */
    unsigned rotate_keep;
    Socket socket;
};

/* The sentence for output_open(), valid until the thread's next one. */
static const char *describe(const char *what, const char *path,
                            const char *why)
{
    static __thread char text[512];

    snprintf(text, sizeof(text), "cannot %s %s: %s", what, path, why);
    return text;
}

static int open_new(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

/* Fill @o; NULL, or what went wrong. */
static const char *open_path(Output *o, const char *path)
{
    bool to_stderr = !path || !strcmp(path, "-");
    struct stat st;

    o->name = g_strdup(to_stderr ? "standard error" : path);
    o->shared = to_stderr;
    o->fd = to_stderr ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) :
                        open_new(path);
    if (o->fd < 0 || fstat(o->fd, &st) < 0) {
        return describe(to_stderr ? "use" : "create", o->name,
                        g_strerror(errno));
    }
    o->kind = S_ISREG(st.st_mode) ? OUTPUT_FILE : OUTPUT_STREAM;
    if (o->kind == OUTPUT_STREAM && !o->shared) {
        fcntl(o->fd, F_SETFL, O_NONBLOCK);
    }
    return NULL;
}

static const char *open_socket(Output *o, const char *out)
{
    const char *why;

    o->name = g_strdup(out);
    o->kind = OUTPUT_SOCKET;
    why = socket_open(&o->socket, o->name);
    return why ? describe("connect to", o->name, why) : NULL;
}

Output *output_open(const FrailWriterOptions *opts, const char **err)
{
    Output *o = g_new0(Output, 1);

    o->fd = -1;
    o->socket.fd = -1;
    o->rotate_size = opts->rotate_size;
    o->rotate_keep = opts->rotate_keep ? opts->rotate_keep : ROTATE_KEEP;
    *err = opts->out && socket_is_name(opts->out) ?
           open_socket(o, opts->out) : open_path(o, opts->out);
    if (!*err && o->rotate_size && (o->kind != OUTPUT_FILE || o->shared)) {
        *err = describe("rotate", o->name, "it is no file");
    }
    if (*err) {
        output_close(o);
        return NULL;
    }
    return o;
}

void output_close(Output *o)
{
    if (!o) {
        return;
    }
    socket_close(&o->socket);
    if (o->fd >= 0 && close(o->fd) < 0 && errno != EINTR) {
        fprintf(stderr, "frail: closing %s: %s\n", o->name,
                g_strerror(errno));
    }
    g_free(o->name);
    g_free(o);
}

const char *output_name(const Output *o)
{
    return o->name;
}

bool output_is_terminal(const Output *o)
{
    return o->kind == OUTPUT_STREAM && isatty(o->fd);
}

bool output_is_socket(const Output *o)
{
    return o->kind == OUTPUT_SOCKET;
}

bool output_is_full(const Output *o)
{
    return o->full;
}

int output_wait(Output *o, int ms)
{
    struct pollfd p = { .fd = o->fd, .events = POLLOUT };

    switch (o->kind) {
    case OUTPUT_SOCKET:
        return socket_wait(&o->socket, ms);
    case OUTPUT_STREAM:
        /* Errors too: let the write tell which. */
        if (!o->full) {
            return poll(&p, 1, ms) > 0 ? OUTPUT_READY : OUTPUT_NOT_YET;
        }
        break;
    case OUTPUT_FILE:
        break;
    }
    if (o->full) {
        g_usleep(FULL_US);
    }
    return OUTPUT_READY;
}

/* The disk is full: somebody may make room, so wait and say so, once. */
static ssize_t full(Output *o, int err)
{
    o->full = true;
    if (!o->told_full) {
        fprintf(stderr, "frail: %s: %s; waiting for room\n", o->name,
                g_strerror(err));
        o->told_full = true;
    }
    return 0;
}

ssize_t output_write(Output *o, const char *text, size_t len)
{
    ssize_t n;

    if (o->kind == OUTPUT_SOCKET) {
        return socket_write(&o->socket, text, len);
    }
    if (o->kind == OUTPUT_STREAM && o->shared) {
        /* So much does not block where poll() said that there is room. */
        len = MIN(len, PIPE_BUF);
    }
    n = write(o->fd, text, len);
    if (n > 0) {
        o->size += n;
        o->full = false;
        return n;
    }
    if (!n) {
        return -EIO;
    }
    switch (errno) {
    case ENOSPC:
    case EDQUOT:
        return full(o, errno);
    case EAGAIN:
    case EINTR:
        return 0;
    default:
        return -errno;
    }
}

/* "calls.json" becomes "calls.json.1", which becomes "calls.json.2"... */
static bool rotate_names(const Output *o)
{
    for (unsigned i = o->rotate_keep; i; i--) {
        g_autofree char *to = g_strdup_printf("%s.%u", o->name, i);
        g_autofree char *from = i == 1 ? g_strdup(o->name) :
            g_strdup_printf("%s.%u", o->name, i - 1);

        if (rename(from, to) < 0 && errno != ENOENT) {
            return false;
        }
    }
    return true;
}

static void rotate(Output *o)
{
    int fd = rotate_names(o) ? open_new(o->name) : -1;

    if (fd < 0) {
        fprintf(stderr, "frail: cannot rotate %s: %s; it goes on growing\n",
                o->name, g_strerror(errno));
        o->rotate_next = o->size + o->rotate_size;
        return;
    }
    if (close(o->fd) < 0 && errno != EINTR) {
        fprintf(stderr, "frail: closing %s: %s\n", o->name,
                g_strerror(errno));
    }
    o->fd = fd;
    o->size = 0;
    o->rotate_next = 0;
}

size_t output_fit(Output *o, const char *text, size_t len, size_t line)
{
    uint64_t limit = MAX(o->rotate_size, o->rotate_next);
    const char *end;

    if (!o->rotate_size) {
        return len;
    }
    if (o->size && o->size + line > limit) {
        rotate(o);
        limit = MAX(o->rotate_size, o->rotate_next);
    }
    if (o->size + line > limit) {
        return MIN(line, len);      /* longer than a file: alone in one */
    }
    /*
     * As many whole lines as there is room for: one at least, of which the
     * rest may be missing here.
     */
    end = memrchr(text, '\n', MIN(limit - o->size, len));
    return end ? (size_t)(end + 1 - text) : MIN(line, len);
}

void output_take_back(Output *o, size_t len)
{
    if (o->kind == OUTPUT_FILE && !o->shared && len && len <= o->size &&
        !ftruncate(o->fd, o->size - len)) {
        o->size -= len;
    }
}
