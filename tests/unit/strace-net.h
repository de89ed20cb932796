/*
 * The calls that test-strace-net.c compares: who makes them and prints them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef STRACE_NET_H
#define STRACE_NET_H

#include "decode/printer.h"

typedef struct Case Case;
/* Prints the arguments without parentheses, as at return. */
typedef void CasePrint(Printer *p, Case *k);
/* What has to be remembered at entry, into @k->saved. */
typedef void CaseEntry(Printer *p, Case *k);

struct Case {
    long nr;
    const char *name;
    CasePrint *print;
    CaseEntry *entry;
    uint64_t arg[6];
    int32_t saved[8];
    bool first;             /* print it before it is made */
};

void case_add(long nr, const char *name, CasePrint *print, CaseEntry *entry,
              uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e);
/* A copy of @len bytes for a call; never freed. */
void *case_bytes(const void *bytes, size_t len);

extern int case_netlink_fd;         /* a bound NETLINK_ROUTE socket, or -1 */
/* Open that one and those of other protocols; what strace calls them. */
void case_netlink_open(void);
bool case_netlink_text(int fd, FrailText *out);

/* Adds all of them. */
void cases_build(void);
void cases_build_socket(void);
void cases_build_netlink(void);
void cases_build_other(void);

#endif /* STRACE_NET_H */
