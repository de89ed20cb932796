/*
 * struct msghdr and mmsghdr (sendmsg, recvmsg, sendmmsg, recvmmsg).
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_MSGHDR_H
#define FRAIL_PRINT_MSGHDR_H

#include "decode/printer.h"

/* Of sendmsg, at entry.  @fd says whether it carries netlink messages. */
void print_msghdr_send(Printer *p, int fd, uint64_t addr);

/*
 * Of recvmsg, at return.  @entry_namelen is msghdr_namelen() at entry.  When
 * the call failed its length is all that is shown.
 */
void print_msghdr_recv(Printer *p, int fd, uint64_t addr,
                       int32_t entry_namelen);
int32_t msghdr_namelen(Printer *p, uint64_t addr);

/*
 * Of sendmmsg: at return, with the lengths sent, or at entry.  @count is the
 * call's vlen.
 */
void print_mmsghdr_send(Printer *p, int fd, uint64_t addr, uint32_t count);

/*
 * Of recvmmsg, at return: as many as the result says.  @entry_namelen has
 * what mmsghdr_namelens() has filled in, @entries of them; of further
 * messages the length at entry is taken to be that at return.
 */
void print_mmsghdr_recv(Printer *p, int fd, uint64_t addr,
                        const int32_t *entry_namelen, unsigned entries);
unsigned mmsghdr_namelens(Printer *p, uint64_t addr, uint32_t count,
                          int32_t *namelen, unsigned max);

/* The control messages, @len bytes of them at @addr. */
void print_cmsgs(Printer *p, uint64_t addr, uint64_t len);

/*
 * Is @fd a netlink socket?  Then its protocol (NETLINK_ROUTE is 0) in
 * *@family, or -1 there when it is not known which.
 */
bool fd_is_netlink(Printer *p, int fd, int *family);

#endif /* FRAIL_PRINT_MSGHDR_H */
