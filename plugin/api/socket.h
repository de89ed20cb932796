/*
 * A connection to a consumer that may go away and come back.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_SOCKET_H
#define FRAIL_SOCKET_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

typedef struct Socket {
    const char *name;           /* for messages; the owner's */
    struct sockaddr_un un;      /* used when @list is NULL */
    struct addrinfo *list;      /* where TCP connects to, as found at first */
    int fd;                     /* -1 while there is no connection */
    int64_t next_try;           /* microseconds of the steady clock */
    int64_t delay;              /* until the try after that */
    int64_t next_message;
    bool told;                  /* that the connection was lost */
} Socket;

/* "unix:PATH" or "tcp:HOST:PORT"? */
bool socket_is_name(const char *out);
/*
 * Connect to @name, which must live as long as @s.  NULL, or what went wrong:
 * static, or valid until this thread's next call.
 */
const char *socket_open(Socket *s, const char *name);
void socket_close(Socket *s);
/* As output_wait() and output_write(); they never fail for good. */
int socket_wait(Socket *s, int ms);
ssize_t socket_write(Socket *s, const char *text, size_t len);

#endif /* FRAIL_SOCKET_H */
