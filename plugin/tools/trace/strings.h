/*
 * What the texts of arguments hold: they are in strace's syntax.
 *
 * Nothing here trusts the text: what does not look as expected is not taken.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_TRACE_STRINGS_H
#define FRAIL_TRACE_STRINGS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/*
 * The bytes of a quoted string at the beginning of @text, into @out, which is
 * emptied first.  False when there is none.  *@cut (unless NULL): "..." is
 * behind it.
 */
bool trace_unquote(const char *text, GString *out, bool *cut);

/*
 * A list of quoted strings, "["ls", "-l"]", as char *; NULL: it is none.  What
 * is behind "..." in it is not there.
 */
GPtrArray *trace_strings(const char *text);

/*
 * A descriptor with what it stands for: "3</etc/passwd>", "AT_FDCWD</tmp>",
 * "4<TCP:[10.0.0.1:1234->10.0.0.2:80]>".  *@fd is its number (-100 for
 * AT_FDCWD), @what gets what is between < and >, as bytes, or nothing.
 * False when @text is no descriptor.
 */
bool trace_fd(const char *text, int64_t *fd, GString *what);

typedef struct TraceAddress {
    int family;             /* AF_INET, AF_INET6, AF_UNIX; 0: another */
    uint16_t port;
    struct in_addr in;
    struct in6_addr in6;
    char path[109];         /* AF_UNIX; '@' in front: not in the file system */
} TraceAddress;

/* The text of a struct sockaddr, "{sa_family=AF_INET, sin_port=...}". */
bool trace_sockaddr(const char *text, TraceAddress *addr);

/*
 * The two ends of a socket, from trace_fd()'s @what: "TCP:[A:1->B:2]".
 * @peer's family is 0 when it has none.
 */
bool trace_socket(const char *what, TraceAddress *own, TraceAddress *peer);

/* "10.0.0.1:80", "[::1]:80", "/run/socket"; emptied first. */
void trace_address_text(const TraceAddress *addr, GString *out);

/*
 * @len bytes for people's eyes: valid UTF-8, in which control characters and
 * those that turn the direction of writing are spelled out, "\x1b", "\u202e".
 */
void trace_display(GString *out, const char *bytes, size_t len);

/* A JSON string with its quotes, fit to stand in an HTML script, too. */
void trace_json_string(GString *out, const char *s);

#endif /* FRAIL_TRACE_STRINGS_H */
