/*
 * Netlink messages.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_NETLINK_H
#define FRAIL_PRINT_NETLINK_H

#include "decode/printer.h"

/*
 * What a netlink socket is sent or gives: @len bytes at @addr (sendto,
 * recvfrom,
 * an iovec of sendmsg and recvmsg).  @family is the protocol (NETLINK_ROUTE is
 * 0), or -1 when it is not known: then the types of messages have no names.
 */
void print_netlink(Printer *p, uint64_t addr, uint64_t len, int family);

/*
 * The protocol of "ROUTE:1234]", as strace names it within "NETLINK:[...]";
 * -1 when there is no name.
 */
int netlink_family(const char *name);


#endif /* FRAIL_PRINT_NETLINK_H */
