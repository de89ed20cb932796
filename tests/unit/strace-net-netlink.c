/*
 * Calls to compare with strace: netlink messages of all protocols that this
 * machine has.  None is sent.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <glib.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decode/print/members.h"
#include "decode/print/msghdr.h"
#include "decode/print/netlink.h"
#include "decode/print/sockaddr.h"
#include "strace-net.h"

#define ADDR(x) ((uint64_t)(uintptr_t)(x))

int case_netlink_fd = -1;

static struct {
    int protocol, fd;
    const char *name;
    uint32_t pid;
} sockets[] = {
    { NETLINK_ROUTE, -1, "ROUTE", 0 },
    { NETLINK_SOCK_DIAG, -1, "SOCK_DIAG", 0 },
    { NETLINK_XFRM, -1, "XFRM", 0 },
    { NETLINK_SELINUX, -1, "SELINUX", 0 },
    { NETLINK_AUDIT, -1, "AUDIT", 0 },
    { NETLINK_NETFILTER, -1, "NETFILTER", 0 },
    { NETLINK_KOBJECT_UEVENT, -1, "KOBJECT_UEVENT", 0 },
    { NETLINK_GENERIC, -1, "GENERIC", 0 },
};

static uint8_t pattern[256];

void case_netlink_open(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(sockets); i++) {
        struct sockaddr_nl nl = { .nl_family = AF_NETLINK };
        socklen_t len = sizeof(nl);
        int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
                        sockets[i].protocol);

        if (fd >= 0) {
            g_assert_cmpint(bind(fd, (void *)&nl, len), ==, 0);
            getsockname(fd, (void *)&nl, &len);
            sockets[i].fd = fd;
            sockets[i].pid = nl.nl_pid;
        }
    }
    case_netlink_fd = sockets[0].fd;
}

bool case_netlink_text(int fd, FrailText *out)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(sockets); i++) {
        if (fd >= 0 && fd == sockets[i].fd) {
            text_str(out, "<NETLINK:[");
            text_str(out, sockets[i].name);
            text_char(out, ':');
            text_udec(out, sockets[i].pid);
            text_str(out, "]>");
            return true;
        }
    }
    return false;
}

/* -1: this machine does not have it. */
static int socket_of(int protocol)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(sockets); i++) {
        if (sockets[i].protocol == protocol) {
            return sockets[i].fd;
        }
    }
    return -1;
}

static void print_sendto(Printer *p, Case *k)
{
    int family;

    print_fd(p, k->arg[0]);
    print_next(p);
    if (fd_is_netlink(p, k->arg[0], &family)) {
        print_netlink(p, k->arg[1], k->arg[2], family);
    } else {
        print_buffer(p, k->arg[1], k->arg[2]);
    }
    print_next(p);
    text_udec(p->out, k->arg[2]);
    print_next(p);
    print_flags(p->out, &xlat_msg_flags, k->arg[3]);
    print_next(p);
    print_sockaddr(p, k->arg[4], 0);
    print_next(p);
    text_udec(p->out, 0);
}

/*
 * A message of @len bytes with @type and @flags, to an address that is none:
 * it is not sent.
 */
static void message_case(int fd, unsigned type, unsigned flags,
                         const void *payload, size_t len, size_t said)
{
    uint8_t bytes[512] = { 0 };
    struct nlmsghdr *h = (void *)bytes;

    h->nlmsg_len = said ? said : NLMSG_LENGTH(len);
    h->nlmsg_type = type;
    h->nlmsg_flags = flags;
    h->nlmsg_seq = 5;
    memcpy(NLMSG_DATA(h), payload, len);
    /*
     * MSG_OOB is refused by netlink sockets before anything else; and of the
     * interface that the payloads name there is none.
     */
    case_add(SYS_sendto, "sendto", print_sendto, NULL, fd,
             ADDR(case_bytes(bytes, NLMSG_SPACE(len))), NLMSG_SPACE(len),
             MSG_OOB, 0);
}

static void netlink_case(unsigned type, unsigned flags, const void *payload,
                         size_t len, size_t said)
{
    message_case(case_netlink_fd, type, flags, payload, len, said);
}

static void route(void)
{
    static const uint8_t link[] =
        "\0\0\1\0\115\0\0\0\103\0\1\0\xff\xff\xff\xff"
        "\7\0\3\0xy\0\0\10\0\4\0\xdc\5\0\0\12\0\1\0abcdef\0\0abc";
    static const uint8_t addr[] =
        "\2\10\200\0\115\0\0\0\10\0\1\0\x7f\0\0\1\7\0\3\0xy\0\0"
        "\7\0\143\0abc\0";
    static const uint8_t routes[] =
        "\2\30\0\0\376\2\0\1\0\0\0\0\10\0\1\0\12\0\0\0\10\0\17\0\376\0\0\0"
        "\10\0\6\0\144\0\0\0\10\0\4\0\115\0\0\0";
    static const uint8_t neigh[] =
        "\2\0\0\0\115\0\0\0\2\0\0\1\10\0\1\0\x7f\0\0\1\12\0\2\0abcdef\0\0";
    static const uint8_t error[] =
        "\xfe\xff\xff\xff\24\0\0\0\22\0\5\0\1\0\0\0\0\0\0\0abcd";

    if (case_netlink_fd < 0) {
        return;
    }
    for (unsigned type = 1; type < 5; type++) {
        netlink_case(type, 2, "\0\0\0\0", 4, 0);
        netlink_case(type, 0, "", 0, 0);
        netlink_case(type, 0, error, 24, 0);
        netlink_case(type, 2, error, 4, 0);
        netlink_case(type, 2, error + 4, 4, 0);
    }
    for (unsigned flags = 0; flags < 0x10; flags++) {
        netlink_case(RTM_NEWLINK, flags << 8 | 5, link, 16, 0);
        netlink_case(RTM_DELADDR, flags << 8 | 5, addr, 8, 0);
        netlink_case(RTM_GETROUTE, flags << 8 | 5, routes, 12, 0);
        netlink_case(RTM_SETLINK, flags << 8, link, 16, 0);
    }
    for (size_t n = 0; n < sizeof(link); n++) {
        netlink_case(RTM_NEWLINK, 5, link, n, 0);
    }
    for (size_t n = 0; n < sizeof(addr); n++) {
        netlink_case(RTM_NEWADDR, 5, addr, n, 0);
    }
    netlink_case(RTM_NEWROUTE, 5, routes, sizeof(routes) - 1, 0);
    netlink_case(RTM_NEWNEIGH, 5, neigh, sizeof(neigh) - 1, 0);
    netlink_case(RTM_GETLINK, 0x301, link, 1, 0);
    netlink_case(RTM_GETLINK, 0x301, link, 16, 5);
    netlink_case(RTM_GETLINK, 0x301, link, 16, 500);
    netlink_case(RTM_GETLINK, 0x301, link, 16, 0xffffffff);
    netlink_case(NLMSG_ERROR, 0x100, error, 20, 0);
    netlink_case(200, 0xffff, "abcd", 4, 0);
    case_add(SYS_sendto, "sendto", print_sendto, NULL, case_netlink_fd,
             ADDR(case_bytes("abc", 3)), 3, MSG_OOB, 0);
    case_add(SYS_sendto, "sendto", print_sendto, NULL, case_netlink_fd,
             8, 30, MSG_OOB, 0);
}

/* --- sock_diag ------------------------------------------------------------ */

static const uint8_t unix_answer[] =
    "\1\1\12\0\115\0\0\0\1\0\0\0\2\0\0\0";
#define SOCKID \
    "\0\120\1\273\x7f\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0" \
    "\12\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\2\0\0\0"
static const uint8_t inet_answer[] = "\2\12\2\3" SOCKID
    "\4\0\0\0\5\0\0\0\6\0\0\0\7\0\0\0\10\0\0\0";
static const uint8_t inet_request[] = "\2\6\0\0\0\4\0\0" SOCKID;
static const uint8_t netlink_answer[] =
    "\20\3\0\1\5\0\0\0\6\0\0\0\7\0\0\0\10\0\0\0\1\0\0\0\2\0\0\0";
static const uint8_t packet_answer[] =
    "\21\3\0\3\5\0\0\0\1\0\0\0\2\0\0\0";

/* @base and behind it an attribute of each of @types, of each length. */
static void attributes(int fd, unsigned flags, const uint8_t *base,
                       size_t size, unsigned types, size_t most)
{
    for (unsigned type = 0; type < types; type++) {
        for (size_t n = 0; n <= most; n += n < 20 ? 1 : 4) {
            uint8_t bytes[480] = { 0 };
            struct nlattr a = { .nla_len = 4 + n, .nla_type = type };

            memcpy(bytes, base, size);
            memcpy(bytes + size, &a, sizeof(a));
            memcpy(bytes + size + sizeof(a), pattern + 1, n);
            message_case(fd, SOCK_DIAG_BY_FAMILY, flags, bytes,
                         size + sizeof(a) + n, 0);
        }
    }
}

/* Attributes that are shown as bytes, and not as strace has them. */
static void inet_attributes(int fd)
{
    static const unsigned ranges[][3] = {
        { 0, 18, 124 }, { 21, 24, 124 },
        /* LOCALS and PEERS, MD5SIG, ULP_INFO, BPF_STORAGES: the short ones */
        { 18, 19, 96 }, { 19, 21, 3 },
    };

    for (unsigned r = 0; r < G_N_ELEMENTS(ranges); r++) {
        for (unsigned type = ranges[r][0]; type < ranges[r][1]; type++) {
            for (size_t n = 0; n <= ranges[r][2]; n += n < 20 ? 1 : 4) {
                uint8_t bytes[256] = { 0 };
                struct nlattr a = { .nla_len = 4 + n, .nla_type = type };

                memcpy(bytes, inet_answer, 72);
                memcpy(bytes + 72, &a, sizeof(a));
                memcpy(bytes + 76, pattern + 1, n);
                message_case(fd, SOCK_DIAG_BY_FAMILY, 2, bytes, 76 + n, 0);
            }
        }
    }
    for (unsigned bits = 0; bits < 2048; bits += 37) {
        uint8_t bytes[82] = { 0 };
        struct nlattr a = { .nla_len = 6, .nla_type = 22 };

        memcpy(bytes, inet_answer, 72);
        memcpy(bytes + 72, &a, sizeof(a));
        memcpy(bytes + 76, &bits, 2);
        message_case(fd, SOCK_DIAG_BY_FAMILY, 2, bytes, 78, 0);
    }
}

/* With a zero at each place. */
static void unix_names(int fd)
{
    for (size_t len = 1; len < 36; len++) {
        for (size_t zero = 0; zero < len; zero++) {
            uint8_t bytes[64] = { 0 };
            struct nlattr a = { .nla_len = 4 + len, .nla_type = 0 };

            memcpy(bytes, unix_answer, 16);
            memcpy(bytes + 16, &a, sizeof(a));
            memcpy(bytes + 20, pattern + 64, len);
            bytes[20 + zero] = 0;
            message_case(fd, SOCK_DIAG_BY_FAMILY, 2, bytes, 20 + len, 0);
        }
    }
}

static void bytecodes(int fd)
{
    static const uint8_t conds[][24] = {
        "\2\30\0\0\120\0\0\0\x7f\0\0\1", "\12\100\0\0\xff\xff\xff\xff\1",
        "\0\0\0\0\xff\xff\xff\xff",
    };

    for (unsigned code = 0; code < 16; code++) {
        for (unsigned c = 0; c < G_N_ELEMENTS(conds); c++) {
            for (size_t n = 0; n <= 24; n++) {
                uint8_t bytes[100] = { 0 };
                struct nlattr a = { .nla_len = 8 + n, .nla_type = 1 };
                struct inet_diag_bc_op op = { code, 4, 9 };

                memcpy(bytes, inet_request, 56);
                memcpy(bytes + 56, &a, sizeof(a));
                memcpy(bytes + 60, &op, sizeof(op));
                memcpy(bytes + 64, conds[c], n);
                message_case(fd, SOCK_DIAG_BY_FAMILY, 0x301, bytes, 64 + n,
                             0);
            }
        }
    }
}

static void diag(int fd)
{
    static const uint8_t families[] = {
        AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_XDP,
    };
    static const uint16_t types[] = { 17, 18, 19, 20, 21, 22 };
    uint8_t bytes[96];

    for (unsigned i = 0; i < G_N_ELEMENTS(families); i++) {
        for (unsigned t = 0; t < G_N_ELEMENTS(types); t++) {
            for (size_t n = 0; n <= 80; n++) {
                memcpy(bytes, pattern, sizeof(bytes));
                bytes[0] = families[i];
                message_case(fd, types[t], n & 1 ? 0x301 : 2, bytes, n, 0);
                message_case(fd, types[t], n & 1 ? 2 : 0x301, bytes, n, 0);
            }
            for (unsigned bit = 8; bit < 8 * 72; bit += 5) {
                /* Interfaces, of which strace knows the names */
                if (bit / 8 == 40 || bit / 8 == 44) {
                    continue;
                }
                memset(bytes, 0, sizeof(bytes));
                bytes[0] = families[i];
                bytes[bit / 8] = 1 << bit % 8;
                message_case(fd, types[t], 0x305, bytes, 72, 0);
                message_case(fd, types[t], 0, bytes, 72, 0);
            }
        }
        memset(bytes, 0xff, sizeof(bytes));
        bytes[0] = families[i];
        message_case(fd, SOCK_DIAG_BY_FAMILY, 0x301, bytes, 56, 0);
        message_case(fd, SOCK_DIAG_BY_FAMILY, 2, bytes, 72, 0);
    }
    attributes(fd, 2, unix_answer, 16, 10, 60);
    for (unsigned state = 0; state < 20; state++) {
        memcpy(bytes, netlink_answer, 28);
        bytes[3] = state;
        message_case(fd, SOCK_DIAG_BY_FAMILY, 2, bytes, 28, 0);
        memcpy(bytes, unix_answer, 16);
        bytes[2] = state;
        message_case(fd, SOCK_DIAG_BY_FAMILY, 2, bytes, 16, 0);
    }
    unix_names(fd);
    attributes(fd, 2, netlink_answer, 28, 7, 60);
    /* 7 is a socket filter, of which strace shows where it is. */
    attributes(fd, 2, packet_answer, 16, 7, 100);
    attributes(fd, 0x301, inet_request, 56, 1, 20);
    inet_attributes(fd);
    bytecodes(fd);
}

/* --- The others ----------------------------------------------------------- */

static void netfilter(int fd)
{
    static const uint8_t one[] =
        "\2\0\0\12\10\0\1\0abcd\10\0\2\200\5\0\1\0x\0\0\0";

    for (unsigned subsystem = 0; subsystem < 15; subsystem++) {
        for (unsigned message = 0; message < 34; message++) {
            unsigned type = subsystem << 8 | message;

            message_case(fd, type, 0xf01, one, 4, 0);
            message_case(fd, type, 0x502, one, 12, 0);
        }
    }
    for (size_t n = 0; n < sizeof(one); n++) {
        message_case(fd, 0xa00, 1, one, n, 0);
        message_case(fd, 0x100, 1, one, n, 0);
        message_case(fd, 16, 1, one, n, 0);
        message_case(fd, 17, 0xf05, pattern, n, 0);
        message_case(fd, 0xa00, 1, pattern, n, 0);
    }
}

static void others(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(sockets); i++) {
        int fd = sockets[i].fd;

        if (sockets[i].protocol == NETLINK_ROUTE ||
            sockets[i].protocol == NETLINK_SOCK_DIAG ||
            sockets[i].protocol == NETLINK_NETFILTER || fd < 0) {
            continue;
        }
        for (unsigned type = 0; type < 64; type++) {
            if (sockets[i].protocol == NETLINK_GENERIC && type > 16) {
                break;      /* strace asks this machine for their names */
            }
            message_case(fd, type, 0x701, pattern, 0, 0);
            message_case(fd, type, 0x502, pattern + 1, 3, 0);
            message_case(fd, type, 0xf05, pattern, 8, 0);
        }
    }
}

static void uevents(int fd)
{
    static const uint8_t udev[] =
        "libudev\0\xfe\xed\xca\xfe\50\0\0\0\50\0\0\0\4\0\0\0\1\2\3\4"
        "\0\0\0\1\0\0\0\0\0\0\0\0A=b\0SUBSYSTEM=net\0SEQNUM=4711\0MAJOR=1";
    static const char kernel[] = "add@/devices/x\0ACTION=add\0DEVPATH=/d";

    for (size_t n = 0; n < sizeof(udev); n++) {
        case_add(SYS_sendto, "sendto", print_sendto, NULL, fd,
                 ADDR(case_bytes(udev, n)), n, MSG_OOB, 0);
    }
    for (size_t n = 0; n < sizeof(kernel); n++) {
        case_add(SYS_sendto, "sendto", print_sendto, NULL, fd,
                 ADDR(case_bytes(kernel, n)), n, MSG_OOB, 0);
    }
}

void cases_build_netlink(void)
{
    for (unsigned i = 0; i < sizeof(pattern); i++) {
        pattern[i] = i;
    }
    route();
    if (socket_of(NETLINK_SOCK_DIAG) >= 0) {
        diag(socket_of(NETLINK_SOCK_DIAG));
    }
    if (socket_of(NETLINK_NETFILTER) >= 0) {
        netfilter(socket_of(NETLINK_NETFILTER));
    }
    if (socket_of(NETLINK_KOBJECT_UEVENT) >= 0) {
        uevents(socket_of(NETLINK_KOBJECT_UEVENT));
    }
    others();
}
