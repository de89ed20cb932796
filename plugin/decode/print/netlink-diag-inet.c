/*
 * What messages of NETLINK_SOCK_DIAG carry about internet sockets.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/inet_diag.h>
#include <sys/socket.h>

#include "decode/print/netlink-diag.h"

/* --- Parts -------------------------------------------------------------- */

/* Extensions that are asked for: a bit for each of the first attributes. */
static void print_ext(Printer *p, uint8_t ext)
{
    bool first = true;

    print_member(p, "idiag_ext");
    for (unsigned i = 0; i < 8; i++) {
        const char *name = xlat_name(&xlat_inet_diag_attrs, i + 1);

        if (ext & 1u << i && name) {
            text_str(p->out, first ? "1<<(" : "|1<<(");
            text_str(p->out, name);
            text_str(p->out, "-1)");
            first = false;
        }
    }
    if (first) {
        text_char(p->out, '0');
    }
}

/* struct inet_diag_sockid */
static void print_sockid(Printer *p, const struct inet_diag_sockid *id,
                         unsigned family)
{
    static const Member ports[] = {
        FIELD(struct inet_diag_sockid, idiag_sport, HTONS),
        FIELD(struct inet_diag_sockid, idiag_dport, HTONS),
        MEMBER_END
    };
    static const Member v4[] = {
        FIELD(struct inet_diag_sockid, idiag_src, IN),
        FIELD(struct inet_diag_sockid, idiag_dst, IN),
        MEMBER_END
    };
    static const Member v6[] = {
        FIELD(struct inet_diag_sockid, idiag_src, IN6),
        FIELD(struct inet_diag_sockid, idiag_dst, IN6),
        MEMBER_END
    };
    static const Member device[] = {
        FIELD(struct inet_diag_sockid, idiag_if, IFINDEX), MEMBER_END
    };

    print_member(p, "id");
    text_char(p->out, '{');
    print_fields(p, id, sizeof(*id), ports);
    print_fields(p, id, sizeof(*id), family == AF_INET6 ? v6 : v4);
    print_fields(p, id, sizeof(*id), device);
    diag_cookie(p, "idiag_cookie", id->idiag_cookie);
    text_char(p->out, '}');
}

/* --- Attributes --------------------------------------------------------- */

/* A number of as many bytes as there are. */
static void print_protocol(Printer *p, const uint8_t *data, size_t len)
{
    if (len > 8) {
        netlink_hex(p, data, len);
    } else {
        print_enum(p->out, &xlat_inet_protocols, load_uint(data, len));
    }
}

/* Likewise: 0x1, and the names in a comment. */
static void print_inet_shutdown(Printer *p, const uint8_t *data, size_t len)
{
    if (len > 8) {
        netlink_hex(p, data, len);
        return;
    }
    text_hex(p->out, data[0]);
    if (data[0]) {
        bool first = true;

        text_str(p->out, " /* ");
        print_flags_known(p->out, &xlat_socket_shutdown_flags, data[0],
                          &first);
        text_str(p->out, first ? xlat_socket_shutdown_flags.label : "");
        text_str(p->out, " */");
    }
}

/* struct inet_diag_sockopt is one of bits. */
static void print_sockopts(Printer *p, const uint8_t *data, size_t len)
{
    static const char *const names[] = {
        "recverr", "is_icsk", "freebind", "hdrincl", "mc_loop", "transparent",
        "mc_all", "nodefrag", "bind_address_no_port", "recverr_rfc4884",
        "defer_connect",
    };
    unsigned bits = load_uint(data, 2);

    text_char(p->out, '{');
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (bits & 1u << i) {
            print_member(p, names[i]);
            text_char(p->out, '1');
        }
    }
    text_char(p->out, '}');
    if (len > 2) {
        text_str(p->out, ", /* bytes 2..");
        text_udec(p->out, len - 1);
        text_str(p->out, " */ ");
        netlink_hex(p, data + 2, len - 2);
    }
}

#define U(type, member) FIELD(struct type, member, UINT)

static const Member meminfo_fields[] = {
    U(inet_diag_meminfo, idiag_rmem), U(inet_diag_meminfo, idiag_wmem),
    U(inet_diag_meminfo, idiag_fmem), U(inet_diag_meminfo, idiag_tmem),
    MEMBER_END
};
static const Member vegas_fields[] = {
    U(tcpvegas_info, tcpv_enabled), U(tcpvegas_info, tcpv_rttcnt),
    U(tcpvegas_info, tcpv_rtt), U(tcpvegas_info, tcpv_minrtt), MEMBER_END
};
static const Member dctcp_fields[] = {
    U(tcp_dctcp_info, dctcp_enabled), U(tcp_dctcp_info, dctcp_ce_state),
    U(tcp_dctcp_info, dctcp_alpha), U(tcp_dctcp_info, dctcp_ab_ecn),
    U(tcp_dctcp_info, dctcp_ab_tot), MEMBER_END
};
static const Member bbr_fields[] = {
    FIELD(struct tcp_bbr_info, bbr_bw_lo, HEX),
    FIELD(struct tcp_bbr_info, bbr_bw_hi, HEX),
    U(tcp_bbr_info, bbr_min_rtt), U(tcp_bbr_info, bbr_pacing_gain),
    U(tcp_bbr_info, bbr_cwnd_gain), MEMBER_END
};
static const Member inet_attrs[] = {
    ATTR(INET_DIAG_CONG, CSTR),
    ATTR(INET_DIAG_TOS, UINT, .size = 1),
    ATTR(INET_DIAG_TCLASS, UINT, .size = 1),
    ATTR(INET_DIAG_SKV6ONLY, UINT, .size = 1),
    ATTR(INET_DIAG_MARK, UINT, .size = 4),
    ATTR(INET_DIAG_CLASS_ID, UINT, .size = 4),
    ATTR(INET_DIAG_CGROUP_ID, UINT, .size = 8),
};
static const AttrValue inet_values[] = {
    { INET_DIAG_MEMINFO, sizeof(struct inet_diag_meminfo), meminfo_fields,
      NULL },
    { INET_DIAG_VEGASINFO, sizeof(struct tcpvegas_info), vegas_fields, NULL },
    { INET_DIAG_SKMEMINFO, 4, NULL, diag_meminfo },
    { INET_DIAG_SHUTDOWN, 1, NULL, print_inet_shutdown },
    { INET_DIAG_DCTCPINFO, sizeof(struct tcp_dctcp_info), dctcp_fields,
      NULL },
    { INET_DIAG_PROTOCOL, 1, NULL, print_protocol },
    { INET_DIAG_BBRINFO, sizeof(struct tcp_bbr_info), bbr_fields, NULL },
    { INET_DIAG_SOCKOPT, 2, NULL, print_sockopts },
    { 0 }
};
const AttrSet diag_inet_attrs = SET(inet_diag_attrs, inet_attrs,
                                    .values = inet_values);

/* --- The filter of a question about internet sockets ---------------------- */

static const Member op_fields[] = {
    FIELD_X(struct inet_diag_bc_op, code, ENUM, inet_diag_ops),
    FIELD(struct inet_diag_bc_op, yes, UINT),
    FIELD(struct inet_diag_bc_op, no, UINT),
    MEMBER_END
};

/* struct inet_diag_hostcond and an address of its family. */
static void print_hostcond(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        FIELD_X(struct inet_diag_hostcond, family, ENUM, socket_domains),
        FIELD(struct inet_diag_hostcond, prefix_len, UINT),
        U(inet_diag_hostcond, port),
        MEMBER_END
    };
    size_t size = sizeof(struct inet_diag_hostcond);

    if (len < size) {
        netlink_hex(p, data, len);
        return;
    }
    text_char(p->out, '{');
    print_fields(p, data, len, fields);
    if (data[0] == AF_INET6 && len - size >= 16) {
        print_next(p);
        print_in6_addr(p, data + size, "addr");
    } else if (len > size) {
        print_member(p, "addr");
        if (data[0] == AF_INET && len - size >= 4) {
            print_in_addr(p, data + size);
        } else {
            netlink_hex(p, data + size, len - size);
        }
    }
    text_char(p->out, '}');
}

/* The first instruction, and what it takes from those behind it. */
static void print_bytecode(Printer *p, const uint8_t *data, size_t len)
{
    static const Member mark[] = {
        { .name = "mark", .offset = 0, .size = 4, .kind = AS_UINT },
        { .name = "mask", .offset = 4, .size = 4, .kind = AS_UINT },
        MEMBER_END
    };
    size_t size = sizeof(struct inet_diag_bc_op);
    unsigned code = data[0];

    text_char(p->out, '{');
    print_fields(p, data, len, op_fields);
    text_char(p->out, '}');
    if (len <= size) {
        return;
    }
    data += size;
    len -= size;
    text_str(p->out, ", ");
    if (code >= INET_DIAG_BC_S_GE && code <= INET_DIAG_BC_D_LE &&
        len >= size) {
        text_char(p->out, '{');
        print_fields(p, data, len, op_fields);
        text_char(p->out, '}');
    } else if (code == INET_DIAG_BC_S_COND || code == INET_DIAG_BC_D_COND) {
        print_hostcond(p, data, len);
    } else if (code == INET_DIAG_BC_DEV_COND && len >= 4) {
        print_ifindex(p, load_uint(data, 4));
    } else if (code == INET_DIAG_BC_MARK_COND && len >= 8) {
        text_char(p->out, '{');
        print_fields(p, data, len, mark);
        text_char(p->out, '}');
    } else {
        netlink_hex(p, data, len);
    }
}

static const AttrValue request_values[] = {
    { INET_DIAG_REQ_BYTECODE, sizeof(struct inet_diag_bc_op), NULL,
      print_bytecode },
    { INET_DIAG_REQ_PROTOCOL, 1, NULL, print_protocol },
    { 0 }
};
const AttrSet diag_inet_request_attrs = {
    .types = &xlat_inet_diag_req_attrs, .values = request_values,
};

/* --- Questions and answers ----------------------------------------------- */

void diag_inet_request(Printer *p, const uint8_t *data)
{
    struct inet_diag_req_v2 r;

    memcpy(&r, data, sizeof(r));
    print_member(p, "sdiag_protocol");
    print_enum(p->out, &xlat_inet_protocols, r.sdiag_protocol);
    print_ext(p, r.idiag_ext);
    diag_states(p, "idiag_states", r.idiag_states);
    print_sockid(p, &r.id, r.sdiag_family);
}

void diag_inet_old_request(Printer *p, const uint8_t *data)
{
    static const Member lens[] = {
        U(inet_diag_req, idiag_src_len), U(inet_diag_req, idiag_dst_len),
        MEMBER_END
    };
    static const Member dump[] = { U(inet_diag_req, idiag_dbs), MEMBER_END };
    struct inet_diag_req r;

    memcpy(&r, data, sizeof(r));
    print_fields(p, data, sizeof(r), lens);
    print_ext(p, r.idiag_ext);
    print_sockid(p, &r.id, r.idiag_family);
    diag_states(p, "idiag_states", r.idiag_states);
    print_fields(p, data, sizeof(r), dump);
}

void diag_inet_answer(Printer *p, const uint8_t *data)
{
    static const Member state[] = {
        FIELD_X(struct inet_diag_msg, idiag_state, ENUM, tcp_states),
        U(inet_diag_msg, idiag_timer), U(inet_diag_msg, idiag_retrans),
        MEMBER_END
    };
    static const Member rest[] = {
        U(inet_diag_msg, idiag_expires), U(inet_diag_msg, idiag_rqueue),
        U(inet_diag_msg, idiag_wqueue),
        U(inet_diag_msg, idiag_uid),
        U(inet_diag_msg, idiag_inode), MEMBER_END
    };
    struct inet_diag_msg m;

    memcpy(&m, data, sizeof(m));
    print_fields(p, data, sizeof(m), state);
    print_sockid(p, &m.id, m.idiag_family);
    print_fields(p, data, sizeof(m), rest);
}
