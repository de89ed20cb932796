/*
 * What messages of NETLINK_SOCK_DIAG carry: questions about sockets, and the
 * answers.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>

#include "decode/names/print.h"
#include "decode/print/netlink-diag.h"

#define U(type, member) FIELD(struct type, member, UINT)

void diag_cookie(Printer *p, const char *name, const uint32_t *cookie)
{
    print_member(p, name);
    text_char(p->out, '[');
    text_udec(p->out, cookie[0]);
    text_str(p->out, ", ");
    text_udec(p->out, cookie[1]);
    text_char(p->out, ']');
}

void diag_states(Printer *p, const char *name, uint32_t states)
{
    print_member(p, name);
    print_flags(p->out, &xlat_tcp_state_flags, states);
}

/* --- Arrays --------------------------------------------------------------- */

/* As many whole elements of @size bytes as there are. */
static void print_list(Printer *p, const uint8_t *data, size_t len,
                        size_t size,
                        void (*element)(Printer *, const uint8_t *, size_t))
{
    uint64_t limit = print_array_limit(p);

    text_char(p->out, '[');
    for (size_t i = 0; i < len / size; i++) {
        print_next(p);
        if (i >= limit) {
            text_str(p->out, "...");
            break;
        }
        element(p, data + i * size, i);
    }
    text_char(p->out, ']');
}

static void put_inode(Printer *p, const uint8_t *data, size_t i)
{
    (void)i;
    text_udec(p->out, load_uint(data, 4));
}

/* [67, 8] */
static void print_inodes(Printer *p, const uint8_t *data, size_t len)
{
    print_list(p, data, len, 4, put_inode);
}

static void put_meminfo(Printer *p, const uint8_t *data, size_t i)
{
    text_char(p->out, '[');
    print_enum_dec(p->out, &xlat_sk_meminfo, i);
    text_str(p->out, "]=");
    text_udec(p->out, load_uint(data, 4));
}

void diag_meminfo(Printer *p, const uint8_t *data, size_t len)
{
    print_list(p, data, len, 4, put_meminfo);
}

static void put_groups(Printer *p, const uint8_t *data, size_t i)
{
    (void)i;
    text_hex(p->out, load_uint(data, 8));
}

/* [0x1]: the groups that are listened to, 64 in each. */
static void print_groups(Printer *p, const uint8_t *data, size_t len)
{
    print_list(p, data, len, 8, put_groups);
}

static void put_mclist(Printer *p, const uint8_t *data, size_t i)
{
    static const Member fields[] = {
        FIELD(struct packet_diag_mclist, pdmc_index, IFINDEX),
        U(packet_diag_mclist, pdmc_count), U(packet_diag_mclist, pdmc_type),
        U(packet_diag_mclist, pdmc_alen),
        FIELD(struct packet_diag_mclist, pdmc_addr, HEX_STRING),
        MEMBER_END
    };

    (void)i;
    text_char(p->out, '{');
    print_fields(p, data, sizeof(struct packet_diag_mclist), fields);
    text_char(p->out, '}');
}

static void print_mclist(Printer *p, const uint8_t *data, size_t len)
{
    print_list(p, data, len, sizeof(struct packet_diag_mclist), put_mclist);
}

/* --- Unix sockets -------------------------------------------------------- */

/*
 * An abstract name has zeros: only at the end is one no part of it.  As strace
 * has it, the end is that of what is shown.
 */
static void print_unix_name(Printer *p, const uint8_t *data, size_t len)
{
    size_t limit = p->opts->string_limit;
    size_t n = len < limit ? len : limit;
    bool ended = n && !data[n - 1];

    text_quoted(p->out, (const char *)data, ended ? n - 1 : n);
    text_str(p->out, ended ? "" : "...");
}

static const Member vfs_fields[] = {
    FIELD(struct unix_diag_vfs, udiag_vfs_ino, UINT), MEMBER_END
};

static void print_vfs(Printer *p, const uint8_t *data, size_t len)
{
    struct unix_diag_vfs vfs;

    memcpy(&vfs, data, sizeof(vfs));
    text_str(p->out, "{udiag_vfs_dev=");
    write_dev(p->out, vfs.udiag_vfs_dev);
    print_fields(p, data, len, vfs_fields);
    text_char(p->out, '}');
}

static const Member rqlen_fields[] = {
    FIELD(struct unix_diag_rqlen, udiag_rqueue, UINT),
    FIELD(struct unix_diag_rqlen, udiag_wqueue, UINT),
    MEMBER_END
};
static const Member unix_attrs[] = {
    ATTR(UNIX_DIAG_PEER, UINT, .size = 4),
    ATTR(UNIX_DIAG_SHUTDOWN, UINT, .size = 1),
    ATTR(UNIX_DIAG_UID, ID, .size = 4),
};
static const AttrValue unix_values[] = {
    { UNIX_DIAG_NAME, 1, NULL, print_unix_name },
    { UNIX_DIAG_VFS, sizeof(struct unix_diag_vfs), NULL, print_vfs },
    { UNIX_DIAG_ICONS, 4, NULL, print_inodes },
    { UNIX_DIAG_RQLEN, sizeof(struct unix_diag_rqlen), rqlen_fields, NULL },
    { UNIX_DIAG_MEMINFO, 4, NULL, diag_meminfo },
    { 0 }
};
static const AttrSet unix_set = SET(unix_diag_attrs, unix_attrs,
                                    .values = unix_values);

static void unix_request(Printer *p, const uint8_t *data)
{
    static const Member first[] = {
        U(unix_diag_req, sdiag_protocol), MEMBER_END
    };
    static const Member rest[] = {
        U(unix_diag_req, udiag_ino),
        FIELD_X(struct unix_diag_req, udiag_show, FLAGS, unix_diag_show),
        MEMBER_END
    };
    struct unix_diag_req r;

    memcpy(&r, data, sizeof(r));
    print_fields(p, data, sizeof(r), first);
    diag_states(p, "udiag_states", r.udiag_states);
    print_fields(p, data, sizeof(r), rest);
    diag_cookie(p, "udiag_cookie", r.udiag_cookie);
}

static void unix_answer(Printer *p, const uint8_t *data)
{
    static const Member fields[] = {
        FIELD_X(struct unix_diag_msg, udiag_type, ENUM, socket_types),
        FIELD_X(struct unix_diag_msg, udiag_state, ENUM, tcp_states),
        U(unix_diag_msg, udiag_ino),
        MEMBER_END
    };
    struct unix_diag_msg m;

    memcpy(&m, data, sizeof(m));
    print_fields(p, data, sizeof(m), fields);
    diag_cookie(p, "udiag_cookie", m.udiag_cookie);
}

/* --- Netlink sockets ------------------------------------------------------ */

static const Member ring_fields[] = {
    U(netlink_diag_ring, ndr_block_size), U(netlink_diag_ring, ndr_block_nr),
    U(netlink_diag_ring, ndr_frame_size), U(netlink_diag_ring, ndr_frame_nr),
    MEMBER_END
};
static const Member netlink_attrs[] = {
    ATTR_X(NETLINK_DIAG_FLAGS, FLAGS, netlink_diag_flags, .size = 4),
};
static const AttrValue netlink_values[] = {
    { NETLINK_DIAG_MEMINFO, 4, NULL, diag_meminfo },
    { NETLINK_DIAG_GROUPS, 8, NULL, print_groups },
    { NETLINK_DIAG_RX_RING, sizeof(struct netlink_diag_ring), ring_fields,
      NULL },
    { NETLINK_DIAG_TX_RING, sizeof(struct netlink_diag_ring), ring_fields,
      NULL },
    { 0 }
};
static const AttrSet netlink_set = SET(netlink_diag_attrs, netlink_attrs,
                                       .values = netlink_values);

static void netlink_request(Printer *p, const uint8_t *data)
{
    static const Member fields[] = {
        U(netlink_diag_req, ndiag_ino),
        FIELD_X(struct netlink_diag_req, ndiag_show, FLAGS,
                netlink_diag_show),
        MEMBER_END
    };
    struct netlink_diag_req r;

    memcpy(&r, data, sizeof(r));
    print_member(p, "sdiag_protocol");
    if (r.sdiag_protocol == NDIAG_PROTO_ALL) {
        text_str(p->out, "NDIAG_PROTO_ALL");
    } else {
        print_enum(p->out, &xlat_netlink_protocols, r.sdiag_protocol);
    }
    print_fields(p, data, sizeof(r), fields);
    diag_cookie(p, "ndiag_cookie", r.ndiag_cookie);
}

static void netlink_answer(Printer *p, const uint8_t *data)
{
    static const Member fields[] = {
        FIELD_X(struct netlink_diag_msg, ndiag_type, ENUM, socket_types),
        FIELD_X(struct netlink_diag_msg, ndiag_protocol, ENUM,
                netlink_protocols),
        FIELD_X(struct netlink_diag_msg, ndiag_state, ENUM, netlink_states),
        U(netlink_diag_msg, ndiag_portid),
        U(netlink_diag_msg, ndiag_dst_portid),
        U(netlink_diag_msg, ndiag_dst_group),
        U(netlink_diag_msg, ndiag_ino),
        MEMBER_END
    };
    struct netlink_diag_msg m;

    memcpy(&m, data, sizeof(m));
    print_fields(p, data, sizeof(m), fields);
    diag_cookie(p, "ndiag_cookie", m.ndiag_cookie);
}

/* --- Packet sockets ------------------------------------------------------- */

static const Member info_fields[] = {
    FIELD(struct packet_diag_info, pdi_index, IFINDEX),
    FIELD_X(struct packet_diag_info, pdi_version, ENUM, packet_versions),
    U(packet_diag_info, pdi_reserve), U(packet_diag_info, pdi_copy_thresh),
    U(packet_diag_info, pdi_tstamp),
    FIELD_X(struct packet_diag_info, pdi_flags, FLAGS, packet_diag_flags),
    MEMBER_END
};
static const Member packet_ring_fields[] = {
    U(packet_diag_ring, pdr_block_size), U(packet_diag_ring, pdr_block_nr),
    U(packet_diag_ring, pdr_frame_size), U(packet_diag_ring, pdr_frame_nr),
    U(packet_diag_ring, pdr_retire_tmo), U(packet_diag_ring, pdr_sizeof_priv),
    U(packet_diag_ring, pdr_features), MEMBER_END
};

static const Member packet_attrs[] = {
    ATTR(PACKET_DIAG_FANOUT, UINT, .size = 4),
    ATTR(PACKET_DIAG_UID, ID, .size = 4),
};
static const AttrValue packet_values[] = {
    { PACKET_DIAG_INFO, sizeof(struct packet_diag_info), info_fields, NULL },
    { PACKET_DIAG_MCLIST, sizeof(struct packet_diag_mclist), NULL,
      print_mclist },
    { PACKET_DIAG_RX_RING, sizeof(struct packet_diag_ring),
      packet_ring_fields, NULL },
    { PACKET_DIAG_TX_RING, sizeof(struct packet_diag_ring),
      packet_ring_fields, NULL },
    { PACKET_DIAG_MEMINFO, 4, NULL, diag_meminfo },
    { 0 }
};
static const AttrSet packet_set = SET(packet_diag_attrs, packet_attrs,
                                      .values = packet_values);

static void packet_request(Printer *p, const uint8_t *data)
{
    static const Member fields[] = {
        FIELD(struct packet_diag_req, sdiag_protocol, HEX),
        U(packet_diag_req, pdiag_ino),
        FIELD_X(struct packet_diag_req, pdiag_show, FLAGS, packet_diag_show),
        MEMBER_END
    };
    struct packet_diag_req r;

    memcpy(&r, data, sizeof(r));
    print_fields(p, data, sizeof(r), fields);
    diag_cookie(p, "pdiag_cookie", r.pdiag_cookie);
}

static void packet_answer(Printer *p, const uint8_t *data)
{
    static const Member fields[] = {
        FIELD_X(struct packet_diag_msg, pdiag_type, ENUM, socket_types),
        FIELD_X(struct packet_diag_msg, pdiag_num, ENUM, eth_protocols),
        U(packet_diag_msg, pdiag_ino),
        MEMBER_END
    };
    struct packet_diag_msg m;

    memcpy(&m, data, sizeof(m));
    print_fields(p, data, sizeof(m), fields);
    diag_cookie(p, "pdiag_cookie", m.pdiag_cookie);
}

/* --- All of them ---------------------------------------------------------- */

typedef struct DiagStruct {
    const char *family;         /* the name of the first member */
    uint16_t size;
    void (*print)(Printer *p, const uint8_t *data);     /* what follows it */
    const AttrSet *set;         /* NULL: no attributes */
} DiagStruct;

typedef struct DiagFamily {
    uint8_t family;
    DiagStruct request, answer;
} DiagFamily;

#define INET { "sdiag_family", sizeof(struct inet_diag_req_v2), \
               diag_inet_request, &diag_inet_request_attrs }, \
             { "idiag_family", sizeof(struct inet_diag_msg), \
               diag_inet_answer, &diag_inet_attrs }

static const DiagFamily families[] = {
    { AF_UNIX,
      { "sdiag_family", sizeof(struct unix_diag_req), unix_request, NULL },
      { "udiag_family", sizeof(struct unix_diag_msg), unix_answer,
        &unix_set } },
    { AF_INET, INET },
    { AF_INET6, INET },
    { AF_NETLINK,
      { "sdiag_family", sizeof(struct netlink_diag_req), netlink_request,
        NULL },
      { "ndiag_family", sizeof(struct netlink_diag_msg), netlink_answer,
        &netlink_set } },
    { AF_PACKET,
      { "sdiag_family", sizeof(struct packet_diag_req), packet_request,
        NULL },
      { "pdiag_family", sizeof(struct packet_diag_msg), packet_answer,
        &packet_set } },
};

static const DiagStruct old_request = {
    "idiag_family", sizeof(struct inet_diag_req), diag_inet_old_request,
    &diag_inet_request_attrs
};

static const DiagStruct *struct_of(unsigned type, bool request,
                                   unsigned family)
{
    if (request && (family == AF_INET || family == AF_INET6) &&
        (type == TCPDIAG_GETSOCK || type == DCCPDIAG_GETSOCK)) {
        return &old_request;
    }
    for (unsigned i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        if (families[i].family == family) {
            return request ? &families[i].request : &families[i].answer;
        }
    }
    return NULL;
}

bool netlink_diag_payload(Printer *p, unsigned type, unsigned flags,
                          const uint8_t *data, size_t len)
{
    const DiagStruct *d;
    size_t used;

    if (!len) {
        return false;
    }
    d = struct_of(type, flags & NLM_F_REQUEST, data[0]);
    if (!d || len == 1) {
        netlink_family_data(p, data, len);
        return true;
    }
    text_char(p->out, '{');
    print_member(p, d->family);
    print_enum(p->out, &xlat_socket_domains, data[0]);
    if (len < d->size) {
        text_str(p->out, ", ...}");
        return true;
    }
    d->print(p, data);
    text_char(p->out, '}');
    used = align4(d->size);
    if (d->set && len > used) {
        text_str(p->out, ", ");
        netlink_attributes(p, data + used, len - used, d->set, data[0]);
    }
    return true;
}
