/*
 * Calls to compare with strace: sockets, their addresses, messages, options.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "decode/print/members.h"
#include "decode/print/iovec.h"
#include "decode/print/msghdr.h"
#include "decode/print/sockaddr.h"
#include "decode/print/sockopt.h"
#include "strace-net.h"

#define ADDR(x) ((uint64_t)(uintptr_t)(x))

static void print_connect(Printer *p, Case *k)
{
    print_fd(p, k->arg[0]);
    print_next(p);
    print_sockaddr(p, k->arg[1], (int32_t)k->arg[2]);
    print_next(p);
    text_dec(p->out, (int32_t)k->arg[2]);
}

static void connect_bytes(const void *bytes, size_t len)
{
    case_add(SYS_connect, "connect", print_connect, NULL, -1,
             ADDR(case_bytes(bytes, len)), len, 0, 0);
}

/* @family, then the bytes of a string literal. */
#define CONNECT(family, literal) do { \
        static const char rest[] = literal; \
        uint8_t all[256] = { (family) & 0xff, (family) >> 8 }; \
        memcpy(all + 2, rest, sizeof(rest) - 1); \
        connect_bytes(all, 2 + sizeof(rest) - 1); \
    } while (0)

static void addresses(void)
{
    uint8_t bytes[256];

    /* Every family with every length that decides how it is shown. */
    for (unsigned family = 0; family < 50; family++) {
        static const uint8_t lens[] = {
            2, 3, 4, 6, 8, 10, 12, 14, 15, 16, 17, 18, 20, 22, 23, 24, 25, 28,
            30, 50, 88, 95, 96, 110, 128, 140
        };

        for (unsigned i = 0; i < sizeof(lens); i++) {
            for (unsigned j = 0; j < sizeof(bytes); j++) {
                bytes[j] = j - 1;
            }
            bytes[0] = family;
            bytes[1] = 0;
            connect_bytes(bytes, lens[i]);
            memset(bytes + 2, 0, sizeof(bytes) - 2);
            connect_bytes(bytes, lens[i]);
        }
    }
    CONNECT(AF_UNIX, "/tmp/x");
    CONNECT(AF_UNIX, "/tmp/x\0");
    CONNECT(AF_UNIX, "/tmp/x\0abc");
    CONNECT(AF_UNIX, "\0abc\0de\1");
    CONNECT(AF_UNIX, "\0");
    CONNECT(AF_INET, "\x1f\x90\x7f\0\0\1\0\0\0\0\0\0\0\0");
    CONNECT(AF_INET6, "\x1f\x90\0\0\0\3\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1"
                      "\1\0\0\0");
    CONNECT(AF_INET6, "\x1f\x90\0\0\0\3\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\1"
                      "\115\0\0\0");
    CONNECT(AF_INET6, "\x1f\x90\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\1\2\3\4"
                      "\7\0\0\0");
    CONNECT(AF_PACKET, "\3\0\1\0\0\0\1\0\4\6abcdef\0\0");
    CONNECT(AF_PACKET, "\0\3\115\0\0\0\1\0\0\24abcdef\0\0");
    CONNECT(AF_ALG, "hash\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0sha1\0\0\0\0\0");
    CONNECT(AF_VSOCK, "\0\0\1\0\0\0\2\0\0\0\1\0\0\0");
    CONNECT(AF_VSOCK, "\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0");
    CONNECT(AF_QIPCRTR, "\0\0\xff\xff\xff\xff\xfe\xff\xff\xff");
    CONNECT(AF_XDP, "\2\0\1\0\0\0\7\0\0\0\3\0\0\0");
    CONNECT(AF_MCTP, "\0\0\1\0\0\0\xff\1\2\0");
    CONNECT(AF_BLUETOOTH, "\3\20\1\2\3\4\5\6\100\0\2\0");
    CONNECT(AF_BLUETOOTH, "\17\0\1\2\3\4\5\6\4\0\0\0");
    CONNECT(AF_BLUETOOTH, "\231\0\1\2\3\4\5\6\101\0\1\0");
    CONNECT(AF_AX25, "\x82\x84\x62\x86\x88\x40\6\0\2\0\0\0\0\0");
    CONNECT(AF_AX25, "\x82\x84\x62\x86\x88\x40\6\0\0\0\0\0\0\0");
    CONNECT(AF_IEEE802154, "\0\0\2\0\0\0\10\0\x34\x12\0\0\0\0\0\0\0\0");
    case_add(SYS_connect, "connect", print_connect, NULL, -1, 0, 16, 0, 0);
    case_add(SYS_connect, "connect", print_connect, NULL, -1, 8, 16, 0, 0);
    case_add(SYS_connect, "connect", print_connect, NULL, -1,
             ADDR(case_bytes("\2\0", 2)), -1, 0, 0);
}

static void print_getsockname(Printer *p, Case *k)
{
    print_fd(p, k->arg[0]);
    print_next(p);
    print_sockaddr_out(p, k->arg[1], k->arg[2], k->saved[0]);
    print_next(p);
    print_socklen(p, k->arg[1], k->arg[2], k->saved[0]);
}

static void enter_getsockname(Printer *p, Case *k)
{
    k->saved[0] = printer_socklen(p, k->arg[2]);
}

static void names(void)
{
    static const int32_t lens[] = { -1, 0, 1, 2, 3, 6, 16, 100, 128, 200 };

    for (unsigned i = 0; i < G_N_ELEMENTS(lens); i++) {
        case_add(SYS_getsockname, "getsockname", print_getsockname,
                 enter_getsockname, case_netlink_fd, ADDR(g_malloc0(256)),
                 ADDR(case_bytes(&lens[i], 4)), 0, 0);
        case_add(SYS_getsockname, "getsockname", print_getsockname,
                 enter_getsockname, -1, ADDR(g_malloc0(256)),
                 ADDR(case_bytes(&lens[i], 4)), 0, 0);
    }
    case_add(SYS_getsockname, "getsockname", print_getsockname,
             enter_getsockname, case_netlink_fd, 0,
             ADDR(case_bytes("\20\0\0\0", 4)), 0, 0);
    case_add(SYS_getsockname, "getsockname", print_getsockname,
             enter_getsockname, -1, 8, 8, 0, 0);
    case_add(SYS_getsockname, "getsockname", print_getsockname,
             enter_getsockname, -1, 0, 0, 0, 0);
}

static void print_writev(Printer *p, Case *k)
{
    print_fd(p, k->arg[0]);
    print_next(p);
    print_iovec(p, k->arg[1], k->arg[2], IOVEC_STRING, UINT64_MAX, -1);
    print_next(p);
    text_udec(p->out, k->arg[2]);
}

static void writev_case(uint64_t addr, uint64_t count)
{
    case_add(SYS_writev, "writev", print_writev, NULL, -1, addr, count, 0, 0);
}

/* @len bytes that end where memory ends. */
static uint64_t at_end(const void *bytes, size_t len)
{
    size_t page = getpagesize();
    char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    g_assert_true(map != MAP_FAILED);
    mprotect(map + page, page, PROT_NONE);
    memcpy(map + page - len, bytes, len);
    return ADDR(map + page - len);
}

static void vectors(void)
{
    struct iovec v[40] = {
        { case_bytes("one", 3), 3 }, { (void *)8, 5 }, { NULL, 0 },
        { NULL, 7 },
        { case_bytes("0123456789012345678901234567890123456789", 40), 40 },
        { case_bytes("0123456789012345678901234567890123456789", 40), 32 },
    };

    for (unsigned i = 6; i < 40; i++) {
        v[i] = v[0];
    }
    for (unsigned i = 0; i <= 40; i += i < 6 ? 1 : 17) {
        writev_case(ADDR(case_bytes(v, sizeof(v))), i);
    }
    writev_case(ADDR(case_bytes(v, sizeof(v))), -1);
    writev_case(ADDR(case_bytes(v, sizeof(v))), 1ull << 60);
    writev_case(0, 3);
    writev_case(0, 0);
    writev_case(8, 3);
    writev_case(at_end(v, 24), 2);
    writev_case(at_end(v, 16), 100);
    writev_case(at_end(v, 16), 1u << 31);
}

static void print_sendmsg(Printer *p, Case *k)
{
    print_fd(p, k->arg[0]);
    print_next(p);
    print_msghdr_send(p, k->arg[0], k->arg[1]);
    print_next(p);
    print_flags(p->out, &xlat_msg_flags, k->arg[2]);
}

static void control_case(const void *control, size_t len)
{
    struct msghdr m = {
        .msg_control = case_bytes(control, len), .msg_controllen = len,
    };

    case_add(SYS_sendmsg, "sendmsg", print_sendmsg, NULL, -1,
             ADDR(case_bytes(&m, sizeof(m))), 0, 0, 0);
}

static size_t cmsg(void *to, int level, int type, size_t len)
{
    struct cmsghdr *c = to;

    c->cmsg_len = CMSG_LEN(len);
    c->cmsg_level = level;
    c->cmsg_type = type;
    for (size_t i = 0; i < len; i++) {
        CMSG_DATA(c)[i] = i + 1;
    }
    return CMSG_SPACE(len);
}

static void controls(void)
{
    static const int levels[] = { SOL_SOCKET, 0, 41, 17, 6, 270, 999 };
    static const uint8_t lens[] = {
        0, 1, 3, 4, 8, 12, 15, 16, 20, 24, 32, 36, 40, 48, 130, 200
    };
    uint8_t bytes[1024] = { 0 };
    size_t n;

    for (unsigned l = 0; l < G_N_ELEMENTS(levels); l++) {
        for (int type = 0; type < (l < 2 ? 70 : 4); type++) {
            for (unsigned i = 0; i < (l < 2 ? sizeof(lens) : 2u); i++) {
                if (levels[l] == SOL_SOCKET &&
                    (type == 4 || type == 40 || type == 54 || type == 58 ||
                     type == 61)) {
                    continue;   /* newer than strace 6.1 */
                }
                control_case(bytes, cmsg(bytes, levels[l], type, lens[i]));
            }
        }
    }
    n = cmsg(bytes, SOL_SOCKET, SCM_RIGHTS, 8);
    n += cmsg(bytes + n, SOL_SOCKET, SCM_CREDENTIALS, 12);
    control_case(bytes, n);
    control_case(bytes, n + 3);
    control_case(bytes, n - 8);
    control_case(bytes, 15);
    control_case(bytes, 3);
    for (unsigned i = 0; i < 50; i++) {
        cmsg(bytes + 16 * i, SOL_SOCKET, SCM_RIGHTS, 0);
    }
    control_case(bytes, 800);
    memset(bytes, 'a', sizeof(bytes));
    control_case(bytes, 100);
    cmsg(bytes, SOL_SOCKET, SCM_RIGHTS, 4);
    ((struct cmsghdr *)bytes)->cmsg_len = 5;
    control_case(bytes, 24);
    ((struct cmsghdr *)bytes)->cmsg_len = 0;
    control_case(bytes, 16);
    ((struct cmsghdr *)bytes)->cmsg_len = 100;
    control_case(bytes, 24);
}

static void messages(void)
{
    struct iovec v[2] = {
        { case_bytes("one", 3), 3 }, { case_bytes("second", 6), 6 }
    };
    struct msghdr m = {
        .msg_name = case_bytes("\2\0\x1f\x90\x7f\0\0\1\0\0\0\0\0\0\0\0", 16),
        .msg_namelen = 16,
        .msg_iov = case_bytes(v, sizeof(v)), .msg_iovlen = 2,
        .msg_flags = MSG_DONTWAIT,
    };
    static const uint32_t lens[] = { 0, 1, 2, 15, 16, 200, -1u };

    for (unsigned i = 0; i < G_N_ELEMENTS(lens); i++) {
        m.msg_namelen = lens[i];
        case_add(SYS_sendmsg, "sendmsg", print_sendmsg, NULL, -1,
                 ADDR(case_bytes(&m, sizeof(m))), MSG_NOSIGNAL, 0, 0);
    }
    m.msg_name = (void *)8;
    m.msg_control = (void *)8;
    m.msg_controllen = 64;
    case_add(SYS_sendmsg, "sendmsg", print_sendmsg, NULL, -1,
             ADDR(case_bytes(&m, sizeof(m))), 0, 0, 0);
    case_add(SYS_sendmsg, "sendmsg", print_sendmsg, NULL, -1, 0, 0, 0, 0);
    case_add(SYS_sendmsg, "sendmsg", print_sendmsg, NULL, -1, 8, 0, 0, 0);
    case_add(SYS_sendmsg, "sendmsg", print_sendmsg, NULL, -1,
             at_end(&m, 40), 0, 0, 0);
}

static void print_sendmmsg(Printer *p, Case *k)
{
    print_fd(p, k->arg[0]);
    print_next(p);
    print_mmsghdr_send(p, k->arg[0], k->arg[1], k->arg[2]);
    print_next(p);
    text_udec(p->out, (uint32_t)k->arg[2]);
    print_next(p);
    print_flags(p->out, &xlat_msg_flags, k->arg[3]);
}

static void multiples(void)
{
    struct iovec v = { case_bytes("one", 3), 3 };
    struct mmsghdr m[3] = { 0 };

    for (unsigned i = 0; i < 3; i++) {
        m[i].msg_hdr.msg_iov = case_bytes(&v, sizeof(v));
        m[i].msg_hdr.msg_iovlen = 1;
        m[i].msg_len = 9;
    }
    for (unsigned i = 0; i < 4; i++) {
        case_add(SYS_sendmmsg, "sendmmsg", print_sendmmsg, NULL, -1,
                 ADDR(case_bytes(m, sizeof(m))), i, 0, 0);
    }
    case_add(SYS_sendmmsg, "sendmmsg", print_sendmmsg, NULL, -1, 8, 2, 0, 0);
    case_add(SYS_sendmmsg, "sendmmsg", print_sendmmsg, NULL, -1, 0, 2, 0, 0);
    case_add(SYS_sendmmsg, "sendmmsg", print_sendmmsg, NULL, -1,
             at_end(m, 100), 2, 0, 0);
}

static void print_setsockopt(Printer *p, Case *k)
{
    print_fd(p, k->arg[0]);
    print_next(p);
    print_sockopt_level(p, k->arg[1]);
    print_next(p);
    print_sockopt_name(p, k->arg[1], k->arg[2], true);
    print_next(p);
    print_sockopt_set(p, k->arg[1], k->arg[2], k->arg[3], k->arg[4]);
    print_next(p);
    text_dec(p->out, (int32_t)k->arg[4]);
}

static void print_getsockopt(Printer *p, Case *k)
{
    print_fd(p, k->arg[0]);
    print_next(p);
    print_sockopt_level(p, k->arg[1]);
    print_next(p);
    print_sockopt_name(p, k->arg[1], k->arg[2], false);
    print_next(p);
    print_sockopt_get(p, k->arg[1], k->arg[2], k->arg[3], k->arg[4],
                      k->saved[0]);
    print_next(p);
    print_sockopt_len(p, k->arg[4], k->saved[0]);
}

static void enter_getsockopt(Printer *p, Case *k)
{
    k->saved[0] = printer_socklen(p, k->arg[4]);
}

static void setsockopt_case(int level, int name, const void *bytes, size_t len)
{
    case_add(SYS_setsockopt, "setsockopt", print_setsockopt, NULL, -1, level,
             name, ADDR(case_bytes(bytes, len)), len);
}

static void options(void)
{
    static const int levels[] = {
        0, 1, 6, 17, 41, 255, 263, 270, 999
    };
    static const int32_t lens[] = { 0, 1, 4, 8, 16, 20, 136 };
    uint8_t bytes[144];

    for (unsigned i = 0; i < sizeof(bytes); i++) {
        bytes[i] = i + 1;
    }
    for (unsigned l = 0; l < G_N_ELEMENTS(levels); l++) {
        for (int name = 0; name < 76; name++) {
            if ((levels[l] == 0 || levels[l] == 41) &&
                (name == 41 || (name >= 49 && name < 52))) {
                continue;   /* newer than strace 6.1 */
            }
            for (unsigned i = 0; i < G_N_ELEMENTS(lens); i++) {
                if (levels[l] == 255 && name == 1 && lens[i] < 4) {
                    continue;   /* strace shows what is not there */
                }
                setsockopt_case(levels[l], name, bytes, lens[i]);
            }
            case_add(SYS_setsockopt, "setsockopt", print_setsockopt, NULL, -1,
                     levels[l], name, 8, 4);
            case_add(SYS_setsockopt, "setsockopt", print_setsockopt, NULL, -1,
                     levels[l], name, 0, 16);
            case_add(SYS_getsockopt, "getsockopt", print_getsockopt,
                     enter_getsockopt, -1, levels[l], name, 8,
                     ADDR(case_bytes("\4\0\0\0", 4)));
        }
    }
    setsockopt_case(SOL_SOCKET, SO_LINGER, "\1\0\0\0\5\0\0\0", 8);
    setsockopt_case(263, 1, "\1\0\0\0\1\0\6\0abcdef\0\0", 16);
    setsockopt_case(255, 1, "\xff\xff\xff\xff", 4);
    setsockopt_case(255, 1, "\0\0\0", 4);
    /* What a socket that is there gives. */
    for (int name = 1; name < 76; name++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(lens); i++) {
            if (name == 71 || name == 33 || name == 62) {
                continue;       /* not the same twice */
            }
            case_add(SYS_getsockopt, "getsockopt", print_getsockopt,
                     enter_getsockopt, case_netlink_fd, SOL_SOCKET, name,
                     ADDR(g_malloc0(256)), ADDR(case_bytes(&lens[i], 4)));
        }
    }
    case_add(SYS_getsockopt, "getsockopt", print_getsockopt, enter_getsockopt,
             case_netlink_fd, SOL_SOCKET, SO_TYPE, 0,
             ADDR(case_bytes("\4\0\0\0", 4)));
    case_add(SYS_getsockopt, "getsockopt", print_getsockopt, enter_getsockopt,
             case_netlink_fd, SOL_SOCKET, SO_TYPE, ADDR(g_malloc0(256)), 0);
    case_add(SYS_getsockopt, "getsockopt", print_getsockopt, enter_getsockopt,
             case_netlink_fd, SOL_SOCKET, SO_TYPE, ADDR(g_malloc0(256)), 8);
}

void cases_build_socket(void)
{
    addresses();
    names();
    vectors();
    messages();
    controls();
    multiples();
    options();
}

void cases_build(void)
{
    case_netlink_open();
    cases_build_socket();
    cases_build_netlink();
    cases_build_other();
}
