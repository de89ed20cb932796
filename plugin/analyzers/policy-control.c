/*
 * Commands over a Unix socket, both sides.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE         /* accept4(), pipe2() */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "policy-control.h"

/* How long somebody may take who has connected, in milliseconds. */
#define PATIENCE_MS     5000
/* And how long an answer may take. */
#define ANSWER_S        60
#define ANSWER_MAX      (1u << 20)

struct PolicyControl {
    char *path;
    int socket;
    int wake[2];            /* a pipe: closed at the end */
    PolicyCommandFn *fn;
    void *opaque;
    GThread *thread;
};

static bool address_of(const char *path, struct sockaddr_un *address,
                       char **err)
{
    *address = (struct sockaddr_un) { .sun_family = AF_UNIX };
    if (!*path || strlen(path) >= sizeof(address->sun_path)) {
        *err = g_strdup_printf("%s: the path of a socket has 1 to %zu bytes",
                               path, sizeof(address->sun_path) - 1);
        return false;
    }
    strcpy(address->sun_path, path);
    return true;
}

static int new_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/* --- The analyzer's side -------------------------------------------------- */

/* Wait for @fd, or the end (false). */
static bool wait_for(const PolicyControl *c, int fd, short what, int ms)
{
    struct pollfd fds[2] = {
        { .fd = fd, .events = what },
        { .fd = c->wake[0], .events = POLLIN },
    };
    int n;

    do {
        n = poll(fds, 2, ms);
    } while (n < 0 && errno == EINTR);
    return n > 0 && !fds[1].revents;
}

static void answer(const PolicyControl *c, int fd, const char *text)
{
    size_t len = strlen(text);

    while (len && wait_for(c, fd, POLLOUT, PATIENCE_MS)) {
        ssize_t n = send(fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n < 0 && errno != EAGAIN && errno != EINTR) {
            return;
        }
        if (n > 0) {
            text += n;
            len -= n;
        }
    }
}

static void serve(const PolicyControl *c, int fd)
{
    int64_t until = g_get_monotonic_time() + PATIENCE_MS * INT64_C(1000);
    char line[POLICY_COMMAND_MAX];
    char *end = NULL;
    size_t len = 0;

    while (!end && len < sizeof(line)) {
        int64_t left = (until - g_get_monotonic_time()) / 1000;
        ssize_t n;

        if (left <= 0 || !wait_for(c, fd, POLLIN, left)) {
            return;
        }
        n = recv(fd, line + len, sizeof(line) - len, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
            return;
        }
        len += n > 0 ? n : 0;
        end = memchr(line, '\n', len);
    }
    if (!end) {
        answer(c, fd, POLICY_BAD " a command is one line of 63 bytes at "
               "most\n");
        shutdown(fd, SHUT_WR);
        /* What is not read would take the answer back. */
        while (g_get_monotonic_time() < until &&
               wait_for(c, fd, POLLIN, PATIENCE_MS) &&
               recv(fd, line, sizeof(line), MSG_DONTWAIT) > 0) {
        }
    } else {
        g_autofree char *text = NULL;

        *end = 0;
        text = c->fn(line, c->opaque);
        answer(c, fd, text);
    }
}

static void *run(void *opaque)
{
    const PolicyControl *c = opaque;

    while (wait_for(c, c->socket, POLLIN, -1)) {
        int fd = accept4(c->socket, NULL, NULL, SOCK_CLOEXEC);

        if (fd >= 0) {
            serve(c, fd);
            close(fd);
        } else if (errno != EINTR && errno != EAGAIN &&
                   errno != ECONNABORTED &&
                   !wait_for(c, -1, 0, 100) && errno == EBADF) {
            break;              /* it cannot become better */
        }
    }
    return NULL;
}

/* A socket that nobody listens on any more is in the way, nothing else. */
static bool remove_stale(const char *path, const struct sockaddr_un *address)
{
    int fd = new_socket();
    struct stat st;
    bool stale = fd >= 0 && !lstat(path, &st) && S_ISSOCK(st.st_mode) &&
        connect(fd, (const struct sockaddr *)address, sizeof(*address)) &&
        errno == ECONNREFUSED;

    if (fd >= 0) {
        close(fd);
    }
    return stale && !unlink(path);
}

static bool listen_at(PolicyControl *c, const struct sockaddr_un *address)
{
    const struct sockaddr *a = (const struct sockaddr *)address;

    /* Nobody else may say what this guest may do. */
    return c->socket >= 0 && !fchmod(c->socket, 0600) &&
           (!bind(c->socket, a, sizeof(*address)) ||
            (errno == EADDRINUSE && remove_stale(c->path, address) &&
             !bind(c->socket, a, sizeof(*address)))) &&
           !listen(c->socket, 8);
}

PolicyControl *policy_control_open(const char *path, PolicyCommandFn *fn,
                                   void *opaque, char **err)
{
    PolicyControl *c;
    struct sockaddr_un address;

    if (!address_of(path, &address, err)) {
        return NULL;
    }
    c = g_new0(PolicyControl, 1);
    c->path = g_strdup(path);
    c->fn = fn;
    c->opaque = opaque;
    c->socket = new_socket();
    c->wake[0] = c->wake[1] = -1;
    if (!listen_at(c, &address) || pipe2(c->wake, O_CLOEXEC)) {
        *err = g_strdup_printf("%s: %s", path, g_strerror(errno));
        if (c->socket >= 0) {
            close(c->socket);
        }
        g_free(c->path);
        g_free(c);
        return NULL;
    }
    c->thread = g_thread_new("frail-policy", run, c);
    return c;
}

void policy_control_close(PolicyControl *c)
{
    if (!c) {
        return;
    }
    close(c->wake[1]);          /* hangs up on wake[0] */
    g_thread_join(c->thread);
    close(c->wake[0]);
    unlink(c->path);
    close(c->socket);
    g_free(c->path);
    g_free(c);
}

/* --- The tool's side ------------------------------------------------------ */

static char *read_answer(int fd)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char buf[4096];
    ssize_t n;

    while ((n = recv(fd, buf, sizeof(buf), 0)) > 0 &&
           text->len < ANSWER_MAX) {
        g_string_append_len(text, buf, n);
    }
    return n < 0 || !text->len ? NULL :
           g_string_free(g_steal_pointer(&text), FALSE);
}

char *policy_control_ask(const char *path, const char *command, char **err)
{
    g_autofree char *line = g_strdup_printf("%s\n", command);
    struct timeval patience = { .tv_sec = ANSWER_S };
    struct sockaddr_un address;
    char *text = NULL;
    int fd;

    if (!address_of(path, &address, err)) {
        return NULL;
    }
    fd = new_socket();
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address))) {
        *err = g_strdup_printf("%s: %s; is QEMU running with control=%s?",
                               path, g_strerror(errno), path);
    } else if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
                          sizeof(patience)) ||
               send(fd, line, strlen(line), MSG_NOSIGNAL) < 0 ||
               !(text = read_answer(fd))) {
        *err = g_strdup_printf("%s: there is no answer", path);
    }
    if (fd >= 0) {
        close(fd);
    }
    return text;
}
