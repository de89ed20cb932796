/*
 * Socket addresses: how they get here, and the commonest families.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <endian.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/un.h>
#include <sys/socket.h>

#include "decode/print/members.h"
#include "decode/print/sockaddr.h"
#include "decode/print/sockaddr-families.h"

static void print_unix(Printer *p, const uint8_t *data, size_t len)
{
    const uint8_t *path = data + 2;
    size_t room = len - 2 < UNIX_PATH_MAX ? len - 2 : UNIX_PATH_MAX;

    if (!room) {
        return;
    }
    print_member(p, "sun_path");
    if (path[0]) {
        text_quoted(p->out, path, strnlen((const char *)path, room));
    } else {
        /* An abstract name: all of its bytes count. */
        text_char(p->out, '@');
        text_quoted(p->out, path + 1, room - 1);
    }
}

static const Member in_fields[] = {
    FIELD(struct sockaddr_in, sin_port, HTONS),
    FIELD(struct sockaddr_in, sin_addr, IN),
    MEMBER_END
};

static void print_in(Printer *p, const uint8_t *data, size_t len)
{
    print_fields(p, data, len, in_fields);
}

static void print_in6(Printer *p, const uint8_t *data, size_t len)
{
    struct sockaddr_in6 sin6 = { 0 };

    memcpy(&sin6, data, len < sizeof(sin6) ? len : sizeof(sin6));
    print_member(p, "sin6_port");
    text_str(p->out, "htons(");
    text_udec(p->out, be16toh(sin6.sin6_port));
    text_char(p->out, ')');
    print_member(p, "sin6_flowinfo");
    text_str(p->out, "htonl(");
    text_udec(p->out, be32toh(sin6.sin6_flowinfo));
    text_char(p->out, ')');
    print_next(p);
    print_in6_addr(p, &sin6.sin6_addr, "sin6_addr");
    if (len <= 24) {
        return;
    }
    print_member(p, "sin6_scope_id");
    /* Only for link-local addresses is it an interface. */
    if ((data[8] == 0xfe && (data[9] & 0xc0) == 0x80) ||
        (data[8] == 0xff && (data[9] & 0x0f) == 0x02)) {
        print_ifindex(p, sin6.sin6_scope_id);
    } else {
        text_udec(p->out, sin6.sin6_scope_id);
    }
}

static void print_nl(Printer *p, const uint8_t *data, size_t len)
{
    static const Member pad[] = {
        FIELD(struct sockaddr_nl, nl_pad, HEX, .flags = MEMBER_IF_SET),
        FIELD(struct sockaddr_nl, nl_pid, INT),
        MEMBER_END
    };
    uint32_t groups;

    print_fields(p, data, len, pad);
    print_member(p, "nl_groups");
    groups = load_uint(data + 8, 4);
    if (groups) {
        /* As "%#08x". */
        text_hex_padded(p->out, groups, 6);
    } else {
        text_str(p->out, "00000000");
    }
}

/* The address below RxRPC's: an Internet one, or bytes. */
static void print_transport(Printer *p, const uint8_t *data, size_t len)
{
    unsigned family = load_uint(data, 2);
    const char *name = family == AF_INET ? "sin" :
                       family == AF_INET6 ? "sin6" : NULL;

    if (name) {
        text_str(p->out, name);
        text_str(p->out, "={");
        text_str(p->out, name);
        text_char(p->out, '_');
    }
    text_str(p->out, "family=");
    print_enum(p->out, &xlat_socket_domains, family);
    if (family == AF_INET && len >= sizeof(struct sockaddr_in)) {
        print_in(p, data, len);
    } else if (family == AF_INET6 && len >= 24) {
        print_in6(p, data, len);
    } else if (len > 2) {
        print_next(p);
        text_quoted(p->out, data + 2, len - 2);
    }
    if (name) {
        text_char(p->out, '}');
    }
}

static void print_rxrpc(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        { .name = "srx_service", .offset = 2, .size = 2,
          .kind = AS_HEX_NAME, .xlat = &xlat_rxrpc_services },
        { .name = "transport_type", .offset = 4, .size = 2,
          .kind = AS_ENUM, .xlat = &xlat_socket_types },
        { .name = "transport_len", .offset = 6, .size = 2,
          .kind = AS_UINT },
        MEMBER_END
    };
    size_t n = load_uint(data + 6, 2);

    print_fields(p, data, len, fields);
    text_str(p->out, ", transport={");
    print_transport(p, data + 8, n < len - 8 ? n : len - 8);
    text_char(p->out, '}');
}

typedef struct Family {
    uint16_t family;
    uint16_t min;           /* bytes; fewer are shown as they are */
    void (*print)(Printer *p, const uint8_t *data, size_t len);
} Family;

static const Family families[] = {
    { AF_UNIX, 2, print_unix },
    { AF_INET, sizeof(struct sockaddr_in), print_in },
    { AF_AX25, 16, sockaddr_ax25 },
    { AF_IPX, 16, sockaddr_ipx },
    { AF_X25, 18, sockaddr_x25 },
    { AF_INET6, 24, print_in6 },
    { AF_NETLINK, sizeof(struct sockaddr_nl), print_nl },
    { AF_RXRPC, 36, print_rxrpc },
    { AF_PACKET, 20, sockaddr_packet },
    { AF_BLUETOOTH, 4, sockaddr_bluetooth },
    { AF_IEEE802154, 20, sockaddr_ieee802154 },
    { AF_ALG, 25, sockaddr_alg },
    { AF_NFC, 16, sockaddr_nfc },
    { AF_VSOCK, 16, sockaddr_vsock },
    { 42 /* AF_QIPCRTR */, 12, sockaddr_qrtr },
    { 44 /* AF_XDP */, 16, sockaddr_xdp },
    { 45 /* AF_MCTP */, 12, sockaddr_mctp },
};

static bool takes(const Family *f, unsigned family, size_t len)
{
    /* The kinds of Bluetooth sockets are told by the length. */
    return f->family == family && len >= f->min &&
           (family != AF_BLUETOOTH || sockaddr_bluetooth_known(len));
}

void print_sockaddr_data(Printer *p, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    unsigned family = load_uint(data, 2);

    text_str(p->out, "{sa_family=");
    print_enum(p->out, &xlat_socket_domains, family);
    if (len > 2) {
        const Family *f = families;
        const Family *end = f + sizeof(families) / sizeof(families[0]);

        while (f < end && !takes(f, family, len)) {
            f++;
        }
        if (f < end) {
            f->print(p, bytes, len);
        } else {
            print_member(p, "sa_data");
            text_quoted(p->out, bytes + 2, len - 2);
        }
    }
    text_char(p->out, '}');
}

void print_sockaddr(Printer *p, uint64_t addr, int64_t len)
{
    /* Behind it a zero, whatever the length. */
    uint8_t data[SOCKADDR_MAX + 1] = { 0 };

    if (len > SOCKADDR_MAX) {
        len = SOCKADDR_MAX;
    }
    if (!addr || len < 2 || !printer_read(p, addr, data, len)) {
        print_addr(p, addr);
        return;
    }
    print_sockaddr_data(p, data, len);
}

int32_t printer_socklen(Printer *p, uint64_t len_addr)
{
    int32_t len;

    return len_addr && printer_read(p, len_addr, &len, sizeof(len)) ? len : -1;
}

void print_sockaddr_out(Printer *p, uint64_t addr, uint64_t len_addr,
                        int32_t entry_len)
{
    int32_t len = -1;

    if (addr && p->at_return && !p->failed) {
        len = printer_socklen(p, len_addr);
    }
    if (len > entry_len) {
        len = entry_len;
    }
    print_sockaddr(p, addr, len);
}

void print_socklen(Printer *p, uint64_t addr, uint64_t len_addr,
                   int32_t entry_len)
{
    int32_t len;

    if (!addr || !len_addr || !printer_read(p, len_addr, &len, sizeof(len))) {
        print_addr(p, len_addr);
        return;
    }
    text_char(p->out, '[');
    text_dec(p->out, entry_len);
    if (len != entry_len && p->at_return && !p->failed) {
        text_str(p->out, " => ");
        text_dec(p->out, len);
    }
    text_char(p->out, ']');
}
