/*
 * Names and options of sockets.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <sys/socket.h>

#include "decode/names/print.h"

#include "decode/names/fields.h"

#define SOCKET_TYPE     0xf

void write_socket_type(FrailText *t, uint32_t type)
{
    /* A type that is none is what is left without the flags. */
    uint32_t flags = type & (02000000 | 04000);
    uint32_t bare = type & ~flags;

    if ((bare & ~SOCKET_TYPE) && xlat_name(&xlat_socket_types,
                                           bare & SOCKET_TYPE)) {
        text_str(t, xlat_name(&xlat_socket_types, bare & SOCKET_TYPE));
        print_flags_after(t, &xlat_socket_flags, type & ~SOCKET_TYPE);
        return;
    }
    write_field_and_flags(t, &xlat_socket_types, bare,
                          &xlat_socket_flags, flags);
}

static uint16_t swap16(uint32_t value)
{
    return (value & 0xff) << 8 | (value >> 8 & 0xff);
}

typedef struct Protocols {
    unsigned domain;
    const Xlat *xlat;
} Protocols;

static const Protocols protocols[] = {
    { 2, &xlat_inet_protocols },
    { 3, &xlat_ax25_protocols },
    { 10, &xlat_inet_protocols },
    { 16, &xlat_netlink_protocols },
    { 17, &xlat_eth_protocols },
    { 23, &xlat_irda_protocols },
    { 29, &xlat_can_protocols },
    { 31, &xlat_bt_protocols },
    { 34, &xlat_isdn_protocols },
    { 35, &xlat_pn_protocols },
    { 37, &xlat_caif_protocols },
    { 39, &xlat_nfc_socket_protocols },
    { 41, &xlat_kcm_protocols },
    { 43, &xlat_smc_protocols },
};

#define DOMAIN_AX25     3
#define DOMAIN_PACKET   17

void write_socket_protocol(FrailText *t, uint32_t domain, uint32_t protocol)
{
    const Xlat *x = NULL;

    for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
        if (protocols[i].domain == domain) {
            x = protocols[i].xlat;
        }
    }
    if (!x) {
        text_udec(t, protocol);
    } else if (domain == DOMAIN_PACKET) {
        text_str(t, "htons(");
        print_enum(t, x, swap16(protocol));
        text_char(t, ')');
    } else if (domain == DOMAIN_AX25) {
        const char *name = xlat_name(x, protocol);

        text_hex(t, protocol);
        text_str(t, " /* ");
        text_str(t, name ? name : x->label);
        text_str(t, " */");
    } else {
        print_enum(t, x, protocol);
    }
}

void write_sockopt_level(FrailText *t, uint32_t level)
{
    const char *name = xlat_name(&xlat_socket_levels, level);

    /* Not the table's label, which strace has for cmsg_level only. */
    if (name) {
        text_str(t, name);
    } else {
        text_hex(t, level);
        text_str(t, " /* SOL_?? */");
    }
}

typedef struct Options {
    unsigned level;
    const Xlat *both;
    const Xlat *get;            /* asked first */
    const Xlat *set;
} Options;

static const Options options[] = {
    { 0, &xlat_sockopt_ip, &xlat_sockopt_ip_get, &xlat_sockopt_ip_set },
    { 1, &xlat_sockopt_socket, &xlat_sockopt_socket_get, NULL },
    { 6, &xlat_sockopt_tcp, NULL, NULL },
    { 17, &xlat_sockopt_udp, NULL, NULL },
    { 40, &xlat_sockopt_vsock, NULL, NULL },
    { 41, &xlat_sockopt_ipv6, &xlat_sockopt_ipv6_get,
      &xlat_sockopt_ipv6_set },
    { 101, &xlat_sockopt_can_raw, NULL, NULL },
    { 132, &xlat_sockopt_sctp, NULL, NULL },
    { 255, &xlat_sockopt_raw, NULL, NULL },
    { 256, &xlat_sockopt_ipx, NULL, NULL },
    { 257, &xlat_sockopt_ax25, NULL, NULL },
    { 263, &xlat_sockopt_packet, NULL, NULL },
    { 268, &xlat_sockopt_llc, NULL, NULL },
    { 270, &xlat_sockopt_netlink, NULL, NULL },
    { 271, &xlat_sockopt_tipc, NULL, NULL },
    { 272, &xlat_sockopt_rxrpc, NULL, NULL },
    { 273, &xlat_sockopt_pppol2tp, NULL, NULL },
    { 274, &xlat_sockopt_bluetooth, NULL, NULL },
    { 276, &xlat_sockopt_rds, NULL, NULL },
    { 279, &xlat_sockopt_alg, NULL, NULL },
    { 280, &xlat_sockopt_nfc, NULL, NULL },
    { 281, &xlat_sockopt_kcm, NULL, NULL },
    { 282, &xlat_sockopt_tls, NULL, NULL },
    { 283, &xlat_sockopt_xdp, NULL, NULL },
    { 284, &xlat_sockopt_mptcp, NULL, NULL },
    { 286, &xlat_sockopt_smc, NULL, NULL },
};

void write_sockopt_name(FrailText *t, uint32_t level, uint32_t name,
                        bool set)
{
    if (!set && level == SOL_SOCKET && name == SO_ATTACH_FILTER) {
        /* One number, two names. */
        text_str(t, "SO_GET_FILTER");
        return;
    }
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        const Options *o = &options[i];
        const Xlat *first = set ? o->set : o->get;

        if (o->level != level) {
            continue;
        }
        if (first && xlat_name(first, name)) {
            text_str(t, xlat_name(first, name));
        } else {
            print_enum(t, o->both, name);
        }
        return;
    }
    text_dec(t, (int32_t)name);
}
