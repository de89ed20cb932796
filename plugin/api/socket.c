/*
 * A connection to a consumer that may go away and come back.
 *
 * A consumer that closes its end, or the half of it that it sends on, is
 * gone; what it sends is thrown away.  To look for that before each write
 * keeps lines from being given to a connection that is known to be dead.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/output.h"
#include "api/socket.h"

#define CONNECT_MS      2000        /* for each address of a host */
#define DELAY_MIN       (INT64_C(100) * 1000)
#define DELAY_MAX       (INT64_C(1000) * 1000)
/* A consumer that comes and goes must not fill the log. */
#define MESSAGE_EVERY   (INT64_C(10) * 1000000)

bool socket_is_name(const char *out)
{
    return g_str_has_prefix(out, "unix:") || g_str_has_prefix(out, "tcp:");
}

/* Connect within CONNECT_MS: the descriptor, or a negative errno. */
static int connect_to(const struct sockaddr *addr, socklen_t len)
{
    int fd = socket(addr->sa_family,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1, err = 0;
    socklen_t size = sizeof(err);

    if (fd < 0) {
        return -errno;
    }
    if (connect(fd, addr, len) < 0) {
        err = errno;
    }
    if (err == EINPROGRESS) {
        struct pollfd p = { .fd = fd, .events = POLLOUT };
        int n;

        do {
            n = poll(&p, 1, CONNECT_MS);
        } while (n < 0 && errno == EINTR);
        if (n <= 0) {
            err = n ? errno : ETIMEDOUT;
        } else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size) < 0) {
            err = errno;
        }
    }
    if (err) {
        close(fd);
        return -err;
    }
    /* A host that vanished is noticed, if late. */
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    return fd;
}

/* Fill @s->fd; 0 or a negative errno. */
static int socket_connect(Socket *s)
{
    int err = -EADDRNOTAVAIL;

    if (!s->list) {
        s->fd = connect_to((struct sockaddr *)&s->un, sizeof(s->un));
        return MIN(s->fd, 0);
    }
    for (struct addrinfo *a = s->list; a; a = a->ai_next) {
        s->fd = connect_to(a->ai_addr, a->ai_addrlen);
        if (s->fd >= 0) {
            return 0;
        }
        err = s->fd;
    }
    return err;
}

/* Split "HOST:PORT" and look it up. */
static const char *tcp_lookup(Socket *s, const char *address)
{
    static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    const char *colon = strrchr(address, ':');
    g_autofree char *host = NULL;
    size_t len;
    int err;

    if (!colon || colon == address || !colon[1]) {
        return "it must be tcp:HOST:PORT";
    }
    len = colon - address;
    if (len > 2 && *address == '[' && colon[-1] == ']') {
        address++;      /* an IPv6 address */
        len -= 2;
    }
    host = g_strndup(address, len);
    err = getaddrinfo(host, colon + 1, &hints, &s->list);
    return err ? gai_strerror(err) : NULL;
}

const char *socket_open(Socket *s, const char *name)
{
    const char *why;
    int err;

    s->name = name;
    s->fd = -1;
    s->list = NULL;
    if (g_str_has_prefix(name, "unix:")) {
        const char *path = name + strlen("unix:");

        s->un.sun_family = AF_UNIX;
        if (!*path || strlen(path) >= sizeof(s->un.sun_path)) {
            return "a socket's path has 1 to 107 bytes";
        }
        strcpy(s->un.sun_path, path);
    } else {
        why = tcp_lookup(s, name + strlen("tcp:"));
        if (why) {
            return why;
        }
    }
    err = socket_connect(s);
    return err < 0 ? g_strerror(-err) : NULL;
}

void socket_close(Socket *s)
{
    if (s->fd >= 0) {
        close(s->fd);
    }
    if (s->list) {
        freeaddrinfo(s->list);
    }
    s->fd = -1;
    s->list = NULL;
}

static void socket_lost(Socket *s, const char *why)
{
    int64_t now = g_get_monotonic_time();

    close(s->fd);
    s->fd = -1;
    s->delay = DELAY_MIN;
    s->next_try = now + s->delay;
    s->told = now >= s->next_message;
    if (s->told) {
        fprintf(stderr, "frail: %s: connection lost: %s\n", s->name, why);
        s->next_message = now + MESSAGE_EVERY;
    }
}

/* False when the consumer has closed its end. */
static bool consumer_is_there(Socket *s)
{
    char unused[4096];

    for (;;) {
        ssize_t n = recv(s->fd, unused, sizeof(unused), MSG_DONTWAIT);

        if (!n) {
            socket_lost(s, "closed by the consumer");
            return false;
        }
        if (n > 0 || errno == EINTR) {
            continue;
        }
        if (errno != EAGAIN) {
            socket_lost(s, g_strerror(errno));
            return false;
        }
        return true;
    }
}

static int socket_again(Socket *s, int ms)
{
    int64_t now = g_get_monotonic_time();

    if (now < s->next_try) {
        g_usleep(MIN(s->next_try - now, ms * INT64_C(1000)));
        return OUTPUT_NOT_YET;
    }
    if (socket_connect(s) < 0) {
        s->fd = -1;
        s->next_try = g_get_monotonic_time() + s->delay;
        s->delay = MIN(s->delay * 2, DELAY_MAX);
        return OUTPUT_NOT_YET;
    }
    if (s->told) {
        fprintf(stderr, "frail: %s: connected again\n", s->name);
    }
    return OUTPUT_ANEW;
}

int socket_wait(Socket *s, int ms)
{
    struct pollfd p = { .fd = s->fd, .events = POLLIN | POLLOUT };

    if (s->fd < 0) {
        return socket_again(s, ms);
    }
    if (poll(&p, 1, ms) <= 0) {
        return OUTPUT_NOT_YET;
    }
    if (p.revents & ~POLLOUT && !consumer_is_there(s)) {
        return OUTPUT_NOT_YET;
    }
    return p.revents & POLLOUT ? OUTPUT_READY : OUTPUT_NOT_YET;
}

ssize_t socket_write(Socket *s, const char *text, size_t len)
{
    ssize_t n = send(s->fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (n >= 0) {
        return n;
    }
    if (errno != EAGAIN && errno != EINTR) {
        socket_lost(s, g_strerror(errno));
    }
    return 0;
}
