/*
 * Shared by the printers of messages of NETLINK_SOCK_DIAG only.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_NETLINK_DIAG_H
#define FRAIL_NETLINK_DIAG_H

#include "decode/print/netlink-payload.h"

/* --- netlink-diag.c: members and attributes that several families have ---- */

/* name=[1, 2] */
void diag_cookie(Printer *p, const char *name, const uint32_t *cookie);
/* A set of states of sockets: name=1<<TCP_LISTEN */
void diag_states(Printer *p, const char *name, uint32_t states);
/* [[SK_MEMINFO_RMEM_ALLOC]=0, ...] */
void diag_meminfo(Printer *p, const uint8_t *data, size_t len);

/*
 * --- netlink-diag-inet.c: what stands behind the family of a structure, all
 * of which is at @data ------------------------------------------------------
 */

void diag_inet_request(Printer *p, const uint8_t *data);
/* TCPDIAG_GETSOCK */
void diag_inet_old_request(Printer *p, const uint8_t *data);
void diag_inet_answer(Printer *p, const uint8_t *data);

extern const AttrSet diag_inet_attrs, diag_inet_request_attrs;

#endif /* FRAIL_NETLINK_DIAG_H */
