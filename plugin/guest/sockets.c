/*
 * Sockets, as strace -yy names them: protocol and addresses.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "guest/internal.h"

/* The names of struct proto that are told apart; others are "socket". */
static const char *const protocols[] = {
    "TCP", "TCPv6", "UDP", "UDPv6", "UDP-Lite", "UDPLITEv6", "RAW", "RAWv6",
    "DCCP", "DCCPv6", "SCTP", "SCTPv6", "L2TP/IP", "L2TP/IPv6", "PING",
    "PINGv6", "UNIX", "UNIX-STREAM", "NETLINK",
};

static const char *const netlink_names[] = {
    "ROUTE", "UNUSED", "USERSOCK", "FIREWALL", "SOCK_DIAG", "NFLOG", "XFRM",
    "SELINUX", "ISCSI", "AUDIT", "FIB_LOOKUP", "CONNECTOR", "NETFILTER",
    "IP6_FW", "DNRTMSG", "KOBJECT_UEVENT", "GENERIC", NULL, "SCSITRANSPORT",
    "ECRYPTFS", "RDMA", "CRYPTO", "SMC",
};

static bool put_address(FrailGuestCpu *c, uint64_t sk, int family,
                        GuestFieldId v4, GuestFieldId v6, uint16_t port,
                        FrailText *out)
{
    const GuestField *f = guest_field(c, family == AF_INET ? v4 : v6);
    uint8_t address[16];
    char text[INET6_ADDRSTRLEN];
    size_t len = family == AF_INET ? 4 : 16;

    if (f->size != len || !kread(c, sk + f->offset, address, len) ||
        !inet_ntop(family, address, text, sizeof(text))) {
        return false;
    }
    if (family == AF_INET6) {
        text_char(out, '[');
    }
    text_str(out, text);
    if (family == AF_INET6) {
        text_char(out, ']');
    }
    text_char(out, ':');
    text_udec(out, port);
    return true;
}

static bool put_inet(FrailGuestCpu *c, uint64_t sk, int family,
                     FrailText *out)
{
    uint64_t num, dport;

    if (!kread_field(c, sk, F_sk_num, &num) || !num ||
        !kread_field(c, sk, F_sk_dport, &dport)) {
        return false;
    }
    if (!put_address(c, sk, family, F_sk_rcv_saddr, F_sk_v6_rcv_saddr, num,
                     out)) {
        return false;
    }
    if (dport) {
        text_str(out, "->");
        return put_address(c, sk, family, F_sk_daddr, F_sk_v6_daddr,
                           ntohs(dport), out);
    }
    return true;
}

/* The number of a socket's inode; struct socket_alloc has both. */
static bool socket_inode(FrailGuestCpu *c, uint64_t sk, uint64_t *ino)
{
    const GuestField *socket = guest_field(c, F_socket_alloc_socket);
    const GuestField *inode = guest_field(c, F_socket_alloc_inode);
    uint64_t at;

    return socket->size && inode->size &&
        kread_pointer(c, sk, F_sk_socket, &at) &&
        kread_field(c, at - socket->offset + inode->offset, F_inode_ino, ino);
}

static void put_unix_name(FrailGuestCpu *c, uint64_t sk, FrailText *out)
{
    const GuestField *name = guest_field(c, F_unix_addr_name);
    struct sockaddr_un sun = { 0 };
    uint64_t address, len;
    size_t n;

    if (!name->size || !kread_pointer(c, sk, F_unix_addr, &address) ||
        !kread_field(c, address, F_unix_addr_len, &len) ||
        len <= sizeof(sun.sun_family) || len > sizeof(sun) ||
        !kread(c, address + name->offset, &sun, len)) {
        return;
    }
    n = len - sizeof(sun.sun_family);
    text_char(out, ',');
    if (*sun.sun_path) {
        text_quoted(out, sun.sun_path, strnlen(sun.sun_path, n));
    } else {
        text_char(out, '@');
        text_quoted(out, sun.sun_path + 1, n - 1);
    }
}

static bool put_unix(FrailGuestCpu *c, uint64_t sk, FrailText *out)
{
    uint64_t ino, peer;

    if (!socket_inode(c, sk, &ino)) {
        return false;
    }
    text_udec(out, ino);
    if (kread_pointer(c, sk, F_unix_peer, &peer) &&
        socket_inode(c, peer, &ino)) {
        text_str(out, "->");
        text_udec(out, ino);
    }
    put_unix_name(c, sk, out);
    return true;
}

static bool put_netlink(FrailGuestCpu *c, uint64_t sk, FrailText *out)
{
    uint64_t protocol, port;

    if (!kread_field(c, sk, F_sk_protocol, &protocol) ||
        !kread_field(c, sk, F_netlink_portid, &port) || !port) {
        return false;
    }
    if (protocol < G_N_ELEMENTS(netlink_names) && netlink_names[protocol]) {
        text_str(out, netlink_names[protocol]);
    } else {
        text_udec(out, protocol);
    }
    text_char(out, ':');
    text_udec(out, port);
    return true;
}

static const char *protocol_name(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(protocols); i++) {
        if (!strcmp(name, protocols[i])) {
            return protocols[i];
        }
    }
    return NULL;
}

bool guest_socket_text(FrailGuestCpu *c, uint64_t file, uint64_t dentry,
                       FrailText *out)
{
    uint64_t socket, sk, family, inode, ino;
    char name[32];
    const char *protocol;
    FrailText start;
    bool done = false;

    /* sock_alloc_file() names the entry after the protocol. */
    if (!guest_dentry_name(c, dentry, name, sizeof(name)) ||
        !(protocol = protocol_name(name))) {
        return false;
    }
    text_char(out, '<');
    text_str(out, protocol);
    text_str(out, ":[");
    start = *out;
    if (kread_pointer(c, file, F_file_private, &socket) &&
        kread_pointer(c, socket, F_socket_sk, &sk) &&
        kread_field(c, sk, F_sk_family, &family)) {
        switch (family) {
        case AF_INET:
        case AF_INET6:
            done = put_inet(c, sk, family, out);
            break;
        case AF_UNIX:
            done = put_unix(c, sk, out);
            break;
        case AF_NETLINK:
            done = put_netlink(c, sk, out);
            break;
        }
    }
    if (!done) {
        *out = start;
        if (kread_pointer(c, dentry, F_dentry_inode, &inode) &&
            kread_field(c, inode, F_inode_ino, &ino)) {
            text_udec(out, ino);
        } else {
            text_char(out, '?');
        }
    }
    text_str(out, "]>");
    return true;
}
