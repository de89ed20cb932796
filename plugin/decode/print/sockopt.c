/*
 * setsockopt(2) and getsockopt(2).
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <sys/socket.h>

#include "decode/print/members.h"
#include "decode/print/bpf.h"
#include "decode/print/sockaddr.h"
#include "decode/print/sockopt.h"
#include "decode/names/print.h"

void print_sockopt_level(Printer *p, int level)
{
    if (level == 40 /* AF_VSOCK */ ||
        xlat_name(&xlat_socket_levels, (uint32_t)level)) {
        write_sockopt_level(p->out, level);
    } else {
        /* One "?" less than a control message's level has. */
        text_hex(p->out, (uint32_t)level);
        text_str(p->out, " /* SOL_?" "? */");
    }
}

void print_sockopt_name(Printer *p, int level, int name, bool set)
{
    write_sockopt_name(p->out, level, name, set);
}

/* Is it an int, and more bytes are of no account? */
static bool is_int(int level, int name)
{
    static const uint8_t socket[] = {
        1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 18, 19, 27, 29, 30, 32,
        33, 34, 35, 36, 37, 40, 41, 42, 43, 44, 45, 46, 49, 53, 56, 60, 63, 64,
        65, 68, 69, 70, 73, 75
    };

    if (level == 270) {
        return true;
    }
    return level == SOL_SOCKET && name > 0 && name < 256 &&
           memchr(socket, name, sizeof(socket));
}

static const Member linger_fields[] = {
    { .name = "l_onoff", .offset = 0, .size = 4, .kind = AS_INT },
    { .name = "l_linger", .offset = 4, .size = 4, .kind = AS_INT },
    MEMBER_END
};
static const Member ucred_fields[] = {
    { .name = "pid", .offset = 0, .size = 4, .kind = AS_INT },
    { .name = "uid", .offset = 4, .size = 4, .kind = AS_ID },
    { .name = "gid", .offset = 8, .size = 4, .kind = AS_ID },
    MEMBER_END
};
static const Member stats_fields[] = {
    FIELD(struct tpacket_stats_v3, tp_packets, UINT),
    FIELD(struct tpacket_stats_v3, tp_drops, UINT),
    FIELD(struct tpacket_stats_v3, tp_freeze_q_cnt, UINT),
    MEMBER_END
};
static const Member mreq_fields[] = {
    FIELD(struct ip_mreq, imr_multiaddr, IN),
    FIELD(struct ip_mreq, imr_interface, IN),
    MEMBER_END
};
static const Member mreq6_fields[] = {
    FIELD(struct ipv6_mreq, ipv6mr_multiaddr, IN6),
    { .name = "ipv6mr_interface", .offset = 16, .size = 4,
      .kind = AS_IFINDEX },
    MEMBER_END
};
static const Member ring_fields[] = {
    FIELD(struct tpacket_req, tp_block_size, UINT),
    FIELD(struct tpacket_req, tp_block_nr, UINT),
    FIELD(struct tpacket_req, tp_frame_size, UINT),
    FIELD(struct tpacket_req, tp_frame_nr, UINT),
    MEMBER_END
};

/* A structure of which at least @size bytes are there. */
static void whole(Printer *p, uint64_t addr, int32_t len, int32_t size,
                  const Member *fields)
{
    if (len < size) {
        print_addr(p, addr);
    } else {
        print_fields_at(p, addr, size, fields);
    }
}

static void print_packet_mreq(Printer *p, uint64_t addr)
{
    static const Member fields[] = {
        FIELD(struct packet_mreq, mr_ifindex, IFINDEX),
        FIELD_X(struct packet_mreq, mr_type, ENUM, packet_mreq_types),
        FIELD(struct packet_mreq, mr_alen, UINT),
        MEMBER_END
    };
    struct packet_mreq m;

    if (!printer_read(p, addr, &m, sizeof(m))) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '{');
    print_fields(p, &m, sizeof(m), fields);
    print_member(p, "mr_address");
    print_mac(p, m.mr_address, m.mr_alen < sizeof(m.mr_address) ?
                               m.mr_alen : sizeof(m.mr_address));
    text_char(p->out, '}');
}

static void print_group_req(Printer *p, uint64_t addr, int32_t len)
{
    /* The address is aligned to a word. */
    unsigned at = printer_word(p) == 8 ? 8 : 4;
    uint8_t data[8 + SOCKADDR_MAX];

    if (len < (int32_t)(at + SOCKADDR_MAX) ||
        !printer_read(p, addr, data, at + SOCKADDR_MAX)) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{gr_interface=");
    print_ifindex(p, load_uint(data, 4));
    print_member(p, "gr_group");
    print_sockaddr_data(p, data + at, SOCKADDR_MAX);
    text_char(p->out, '}');
}

/* A set of bits with names; more than half of them: what is not in it. */
static void print_icmp_filter(Printer *p, uint64_t addr, int32_t len)
{
    uint32_t bits = 0;
    bool not;

    if (len <= 0 ||
        !printer_read(p, addr, &bits, len < 4 ? (size_t)len : 4)) {
        print_addr(p, addr);
        return;
    }
    not = __builtin_popcount(bits) > 16;
    if (not) {
        bits = ~bits;
        text_char(p->out, '~');
    }
    text_char(p->out, '[');
    for (unsigned i = 0, n = 0; i < 32; i++) {
        if (bits & 1u << i) {
            text_str(p->out, n++ ? " " : "");
            print_enum(p->out, &xlat_icmp_types, i);
        }
    }
    text_char(p->out, ']');
}

static void print_int(Printer *p, uint64_t addr, const Xlat *x)
{
    int32_t value;

    if (!addr || !printer_read(p, addr, &value, sizeof(value))) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '[');
    if (x) {
        print_enum_dec(p->out, x, value);
    } else {
        text_dec(p->out, value);
    }
    text_char(p->out, ']');
}

/* Nothing is known of it but its size. */
static void print_plain(Printer *p, uint64_t addr, int32_t len)
{
    if (len == 4) {
        print_int(p, addr, NULL);
    } else {
        print_buffer(p, addr, (uint64_t)(int64_t)len);
    }
}

#define SO_TXREHASH_    74

static const Xlat *int_names(int level, int name)
{
    return level == SOL_SOCKET && name == SO_TXREHASH_ ? &xlat_sock_txrehash :
                                                         NULL;
}

void print_sockopt_set(Printer *p, int level, int name, uint64_t addr,
                       int32_t len)
{
    if (!addr) {
        print_addr(p, addr);
    } else if (is_int(level, name) ||
               (level == SOL_SOCKET && name == SO_TXREHASH_)) {
        if (len < 4) {
            print_addr(p, addr);
        } else {
            print_int(p, addr, int_names(level, name));
        }
    } else if (level == SOL_SOCKET && name == SO_LINGER) {
        whole(p, addr, len, 8, linger_fields);
    } else if (level == SOL_SOCKET &&
               (name == 26 /* SO_ATTACH_FILTER */ ||
                name == 51 /* SO_ATTACH_REUSEPORT_CBPF */)) {
        if (len == (int32_t)(2 * printer_word(p))) {
            print_sock_fprog(p, addr);
        } else {
            print_addr(p, addr);
        }
    } else if (level == 0 && (name == IP_ADD_MEMBERSHIP ||
                              name == IP_DROP_MEMBERSHIP)) {
        whole(p, addr, len, 8, mreq_fields);
    } else if (level == 41 && (name == IPV6_ADD_MEMBERSHIP ||
                               name == IPV6_DROP_MEMBERSHIP ||
                               name == IPV6_JOIN_ANYCAST ||
                               name == IPV6_LEAVE_ANYCAST)) {
        whole(p, addr, len, 20, mreq6_fields);
    } else if ((level == 0 || level == 41) && (name == MCAST_JOIN_GROUP ||
                                               name == MCAST_LEAVE_GROUP)) {
        print_group_req(p, addr, len);
    } else if (level == SOL_PACKET && (name == PACKET_ADD_MEMBERSHIP ||
                                       name == PACKET_DROP_MEMBERSHIP)) {
        if (len == sizeof(struct packet_mreq)) {
            print_packet_mreq(p, addr);
        } else {
            print_addr(p, addr);
        }
    } else if (level == SOL_PACKET && (name == PACKET_RX_RING ||
                                       name == PACKET_TX_RING)) {
        if (len == sizeof(struct tpacket_req)) {
            print_fields_at(p, addr, len, ring_fields);
        } else {
            print_addr(p, addr);
        }
    } else if (level == 255 && name == 1 /* ICMP_FILTER */) {
        print_icmp_filter(p, addr, len);
    } else {
        print_plain(p, addr, len);
    }
}

/* As many members as @len bytes hold; of the one they cut, the bytes. */
static void partial(Printer *p, uint64_t addr, int32_t len, int32_t size,
                    const Member *fields)
{
    uint8_t data[16];
    int32_t n = len < size ? len : size;

    if (!printer_read(p, addr, data, n)) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '{');
    for (const Member *f = fields; f->name && f->offset < n; f++) {
        print_member(p, f->name);
        if (f->offset + f->size <= n) {
            print_field(p, data + f->offset, f);
        } else {
            print_hex_string(p, data + f->offset, n - f->offset);
        }
    }
    text_char(p->out, '}');
}

void print_sockopt_get(Printer *p, int level, int name, uint64_t addr,
                       uint64_t len_addr, int32_t entry_len)
{
    int32_t len = p->at_return && !p->failed ? printer_socklen(p, len_addr) :
                                               0;
    uint8_t few[4];

    if (len > entry_len) {
        len = entry_len;
    }
    if (!addr || len <= 0) {
        print_addr(p, addr);
    } else if (is_int(level, name) ||
               (level == SOL_SOCKET && (name == SO_TXREHASH_ ||
                                        name == SO_ERROR))) {
        if (len >= 4) {
            print_int(p, addr, int_names(level, name));
        } else if (printer_read(p, addr, few, len)) {
            print_hex_string(p, few, len);
        } else {
            print_addr(p, addr);
        }
    } else if (level == SOL_SOCKET && name == SO_LINGER) {
        partial(p, addr, len, 8, linger_fields);
    } else if (level == SOL_SOCKET && name == SO_PEERCRED) {
        partial(p, addr, len, 12, ucred_fields);
    } else if (level == SOL_PACKET && name == PACKET_STATISTICS) {
        partial(p, addr, len, 12, stats_fields);
    } else if (level == 255 && name == 1 /* ICMP_FILTER */) {
        print_icmp_filter(p, addr, len);
    } else {
        print_plain(p, addr, len);
    }
}

void print_sockopt_len(Printer *p, uint64_t len_addr, int32_t entry_len)
{
    print_socklen(p, len_addr, len_addr, entry_len);
}
