/*
 * The printers of sockets and the like with what a hostile guest gives them:
 * memory that ends, pointers that lead nowhere, lengths and counts without
 * bounds, little room; and the layouts of 32-bit callers.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include "fake-user.h"

#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/sockios.h>
#include <sys/socket.h>

#include "decode/print/members.h"
#include "decode/print/bpf.h"
#include "decode/print/ifreq.h"
#include "decode/print/iouring.h"
#include "decode/print/iovec.h"
#include "decode/print/ipc.h"
#include "decode/print/msghdr.h"
#include "decode/print/netlink.h"
#include "decode/print/perf.h"
#include "decode/print/sockaddr.h"
#include "decode/print/sockopt.h"

static char room[1 << 16];
static size_t room_size = sizeof(room);
static FrailText text;
static FrailCall call = { .abi = CALL_ABI_X86_64 };
static FrailDecodeOptions options = {
    .sz = sizeof(options), .string_limit = 32,
};

static Printer printer(void)
{
    text_init(&text, room, room_size);
    return (Printer) {
        .out = &text, .call = &call, .opts = &options, .at_return = true,
    };
}

#define PRINTS(expected, print) do { \
        Printer p = printer(); \
        print; \
        g_assert_cmpstr(text_terminate(&text), ==, expected); \
    } while (0)

static uint64_t low(const void *bytes, size_t len)
{
    char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

    g_assert_true(map != MAP_FAILED);
    memcpy(map, bytes, len);
    return (uintptr_t)map;
}

static void test_narrow(void)
{
    static const uint8_t abis[] = { CALL_ABI_I386, CALL_ABI_X32 };
    uint64_t data = low("hello", 5);

    for (unsigned i = 0; i < sizeof(abis); i++) {
        uint32_t iov[4] = { data, 5, data, 2 };
        uint32_t rights[] = { 16, 1 /* SOL_SOCKET */, 1 /* SCM_RIGHTS */, 7,
                              20, 1, 29 /* SO_TIMESTAMP_OLD */, 5, 0, 0, 0 };
        uint32_t mh[8] = {
            0, 0, low(iov, sizeof(iov)), 2,
            low(rights, sizeof(rights)), 36, 0, 9
        };
        uint32_t prog[2] = { 3, 0x1234 };

        call.abi = abis[i];
        PRINTS("[{iov_base=\"hello\", iov_len=5}, "
               "{iov_base=\"he\", iov_len=2}]",
               print_iovec(&p, low(iov, sizeof(iov)), 2, IOVEC_STRING,
                           UINT64_MAX, -1));
        /* A timeval is of two longs, but x32's are 64 bits wide. */
        PRINTS(abis[i] == CALL_ABI_I386 ?
               "{msg_name=NULL, msg_namelen=0, "
               "msg_iov=[{iov_base=\"hello\", iov_len=5}, "
               "{iov_base=\"he\", iov_len=2}], msg_iovlen=2, "
               "msg_control=[{cmsg_len=16, cmsg_level=SOL_SOCKET, "
               "cmsg_type=SCM_RIGHTS, cmsg_data=[7]}, {cmsg_len=20, "
               "cmsg_level=SOL_SOCKET, cmsg_type=SO_TIMESTAMP_OLD, "
               "cmsg_data={tv_sec=5, tv_usec=0}}], msg_controllen=36, "
               "msg_flags=0}" :
               "{msg_name=NULL, msg_namelen=0, "
               "msg_iov=[{iov_base=\"hello\", iov_len=5}, "
               "{iov_base=\"he\", iov_len=2}], msg_iovlen=2, "
               "msg_control=[{cmsg_len=16, cmsg_level=SOL_SOCKET, "
               "cmsg_type=SCM_RIGHTS, cmsg_data=[7]}, {cmsg_len=20, "
               "cmsg_level=SOL_SOCKET, cmsg_type=SO_TIMESTAMP_OLD, "
               "cmsg_data=\?\?\?}], msg_controllen=36, msg_flags=0}",
               print_msghdr_send(&p, -1, low(mh, sizeof(mh))));
        PRINTS("{len=3, filter=0x1234}",
               print_sock_fprog(&p, low(prog, sizeof(prog))));
    }
    call.abi = CALL_ABI_X86_64;
}

static void test_recv(void)
{
    uint8_t name[128] = { 2, 0, 0, 80, 127, 0, 0, 1 };
    struct iovec v[2] = { { "hello", 3 }, { "world", 5 } };
    struct msghdr m = { name, 16, v, 2, NULL, 0, 0 };
    Printer p = printer();

    p.result = 5;
    print_msghdr_recv(&p, -1, (uintptr_t)&m, 128);
    g_assert_cmpstr(text_terminate(&text), ==,
                    "{msg_name={sa_family=AF_INET, sin_port=htons(80), "
                    "sin_addr=inet_addr(\"127.0.0.1\")}, "
                    "msg_namelen=128 => 16, msg_iov=[{iov_base=\"hel\", "
                    "iov_len=3}, {iov_base=\"wo\", iov_len=5}], msg_iovlen=2, "
                    "msg_controllen=0, msg_flags=0}");
    p = printer();
    p.failed = true;
    print_msghdr_recv(&p, -1, (uintptr_t)&m, 128);
    g_assert_cmpstr(text_terminate(&text), ==, "{msg_namelen=128}");
}

/* An entry in one line, without opcode and flags when they are plain. */
static char *sqe_text(const struct io_uring_sqe *sqe)
{
    Printer p = printer();

    print_io_uring_sqe(&p, (const uint8_t *)sqe, sizeof(*sqe));
    return g_strdup(text_terminate(&text));
}

#define SQE(expected, ...) do { \
        struct io_uring_sqe sqe_ = { __VA_ARGS__ }; \
        g_autofree char *text_ = sqe_text(&sqe_); \
        g_assert_cmpstr(text_, ==, "{opcode=IORING_OP_" expected "}"); \
    } while (0)

static void test_sqe(void)
{
    static const char path[] = "/etc/passwd", other[] = "new", data[] = "abc";
    uint8_t sa[16] = { 2, 0, 0, 80, 127, 0, 0, 1 };
    struct iovec v[2] = { { "hello", 5 }, { "you", 3 } };
    uint64_t how[3] = { O_CREAT | O_WRONLY, 0600, 8 };
    int64_t ts[2] = { 1, 500 };

    SQE("NOP, flags=0, user_data=0x1", .fd = -1, .user_data = 1);
    SQE("READ, flags=0, fd=3, addr=0x10, len=9, off=-1, user_data=0x2",
        .opcode = IORING_OP_READ, .fd = 3, .addr = 0x10, .len = 9, .off = -1,
        .user_data = 2);
    SQE("WRITE, flags=IOSQE_IO_LINK, fd=1, addr=\"ab\", len=2, off=4096, "
        "rw_flags=RWF_APPEND, user_data=0", .opcode = IORING_OP_WRITE,
        .flags = IOSQE_IO_LINK, .fd = 1, .addr = (uintptr_t)data, .len = 2,
        .off = 4096, .rw_flags = 0x10);
    SQE("WRITEV, flags=IOSQE_FIXED_FILE, fd=7, "
        "addr=[{iov_base=\"hello\", iov_len=5}, {iov_base=\"you\", "
        "iov_len=3}], len=2, off=0, user_data=0",
        .opcode = IORING_OP_WRITEV, .flags = IOSQE_FIXED_FILE, .fd = 7,
        .addr = (uintptr_t)v, .len = 2);
    SQE("OPENAT, flags=0, fd=AT_FDCWD, addr=\"/etc/passwd\", len=0640, "
        "open_flags=O_WRONLY|O_CREAT, file_index=0x3, user_data=0x5",
        .opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t)path,
        .len = 0640, .open_flags = O_WRONLY | O_CREAT, .file_index = 3,
        .user_data = 5);
    SQE("OPENAT2, flags=0, fd=4, addr=\"/etc/passwd\", len=24, "
        "addr2={flags=O_WRONLY|O_CREAT, mode=0600, "
        "resolve=RESOLVE_BENEATH}, user_data=0", .opcode = IORING_OP_OPENAT2,
        .fd = 4, .addr = (uintptr_t)path, .len = 24,
        .addr2 = (uintptr_t)how);
    SQE("RENAMEAT, flags=0, fd=AT_FDCWD, addr=\"/etc/passwd\", "
        "len=AT_FDCWD, addr2=\"new\", rename_flags=RENAME_NOREPLACE, "
        "user_data=0", .opcode = IORING_OP_RENAMEAT, .fd = AT_FDCWD,
        .addr = (uintptr_t)path, .len = (uint32_t)AT_FDCWD,
        .addr2 = (uintptr_t)other, .rename_flags = 1);
    SQE("CONNECT, flags=0, fd=5, addr={sa_family=AF_INET, "
        "sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, "
        "off=16, user_data=0",
        .opcode = IORING_OP_CONNECT, .fd = 5, .addr = (uintptr_t)sa,
        .off = 16);
    SQE("SEND, flags=0, fd=5, addr=\"abc\", len=3, addr2={sa_family=AF_INET, "
        "sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, "
        "msg_flags=MSG_NOSIGNAL, file_index=0x10, user_data=0",
        .opcode = IORING_OP_SEND, .fd = 5, .addr = (uintptr_t)data, .len = 3,
        .addr2 = (uintptr_t)sa, .msg_flags = MSG_NOSIGNAL,
        .file_index = 16);
    SQE("SEND, flags=0, ioprio=IORING_RECVSEND_POLL_FIRST|"
        "IORING_SEND_VECTORIZED, fd=5, addr=[{iov_base=\"hello\", "
        "iov_len=5}], len=1, msg_flags=0, user_data=0",
        .opcode = IORING_OP_SEND, .ioprio = 33, .fd = 5,
        .addr = (uintptr_t)v, .len = 1);
    SQE("TIMEOUT, flags=0, addr={tv_sec=1, tv_nsec=500}, len=0x1, off=0x2, "
        "timeout_flags=IORING_TIMEOUT_ABS, user_data=0",
        .opcode = IORING_OP_TIMEOUT, .fd = -1, .addr = (uintptr_t)ts,
        .len = 1, .off = 2, .timeout_flags = 1);
    SQE("READ, flags=IOSQE_BUFFER_SELECT, fd=3, addr=NULL, len=0, off=0, "
        "buf_group=0x9, personality=0x1, user_data=0",
        .opcode = IORING_OP_READ, .flags = IOSQE_BUFFER_SELECT, .fd = 3,
        .buf_group = 9, .personality = 1);
    SQE("SOCKET, flags=0, fd=AF_INET, len=IPPROTO_TCP, "
        "off=SOCK_STREAM|SOCK_CLOEXEC, user_data=0",
        .opcode = IORING_OP_SOCKET, .fd = AF_INET, .len = 6,
        .off = SOCK_STREAM | SOCK_CLOEXEC);
    /* Of an operation that nobody knows nothing is left out that is set. */
    {
        struct io_uring_sqe sqe = { .opcode = 200, .flags = 0x80, .fd = 3,
                                    .addr = 1, .len = 2, .off = 3,
                                    .rw_flags = 4 };
        g_autofree char *line = sqe_text(&sqe);

        g_assert_cmpstr(line, ==, "{opcode=200 /* IORING_OP_??? */, "
                        "flags=0x80 /* IOSQE_??? */, fd=3, addr=0x1, "
                        "len=0x2, off=0x3, op_flags=0x4, user_data=0}");
    }
}

/* The bytes of a command, of short entries and of long ones. */
static void test_sqe_command(void)
{
    uint8_t sqe[128] = { [0] = IORING_OP_URING_CMD, [4] = 3, [8] = 0x12,
                         [48] = 1, [63] = 2, [127] = 3 };

    PRINTS("{opcode=IORING_OP_URING_CMD, flags=0, fd=3, cmd_op=0x12, "
           "cmd=\"\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
           "\\x00\\x00\\x00\\x00\\x02\", user_data=0}",
           print_io_uring_sqe(&p, sqe, 64));
    {
        Printer p = printer();

        print_io_uring_sqe(&p, sqe, 128);
        g_assert_true(g_str_has_suffix(text_terminate(&text),
                                       "\\x00\\x03\", user_data=0}"));
    }
}

/* An entry of each operation, full of addresses and numbers. */
static void hostile_sqes(Printer *p, uint64_t addr, uint64_t n)
{
    for (unsigned op = 0; op < 80; op++) {
        struct io_uring_sqe sqe = {
            .opcode = op, .flags = n, .ioprio = n, .fd = n, .off = addr,
            .addr = addr, .len = n, .rw_flags = n, .file_index = n,
        };
        uint8_t data[128] = { 0 };

        memcpy(data, &sqe, sizeof(sqe));
        memcpy(data + 48, &addr, sizeof(addr));
        p->out->len = 0;
        p->out->cut = false;
        print_io_uring_sqe(p, data, n & 1 ? 128 : 64);
    }
}

/* All printers that take an address and one more number. */
static void all(uint64_t addr, uint64_t n, bool failed)
{
    for (unsigned abi = 0; abi < CALL_ABI_MAX; abi++) {
        Printer p = printer();

        call.abi = abi;
        p.failed = failed;
        p.result = n > INT64_MAX ? INT64_MAX : n;
#define TRY(print) do { text.len = 0; text.cut = false; print; \
        g_assert_cmpuint(text.len, <=, room_size); } while (0)
        TRY(print_sockaddr(&p, addr, n));
        TRY(print_sockaddr_out(&p, addr, addr, n));
        TRY(print_socklen(&p, addr, addr, n));
        TRY(print_iovec(&p, addr, n, IOVEC_STRING, n, 0));
        TRY(print_iovec(&p, addr, n, IOVEC_NETLINK, n, 0));
        TRY(print_msghdr_send(&p, -1, addr));
        TRY(print_msghdr_recv(&p, -1, addr, n));
        TRY(print_mmsghdr_send(&p, -1, addr, n));
        TRY(print_mmsghdr_recv(&p, -1, addr, NULL, 0));
        TRY(print_cmsgs(&p, addr, n));
        for (int family = -1; family < 22; family++) {
            TRY(print_netlink(&p, addr, n, family));
        }
        for (int level = 0; level < 290; level++) {
            for (int name = 0; name < 70; name++) {
                if (level > 1 && level != 41 && level != 263) {
                    name = 70;
                }
                TRY(print_sockopt_set(&p, level, name, addr, n));
                TRY(print_sockopt_get(&p, level, name, addr, addr, n));
            }
        }
        for (int cmd = -1; cmd < 40; cmd++) {
            TRY(print_bpf_attr(&p, cmd, addr, n));
            TRY(print_msgctl(&p, cmd, addr));
            TRY(print_shmctl(&p, cmd, addr));
            TRY(print_semctl(&p, cmd, addr));
            TRY(print_io_uring_register(&p, cmd, addr, n));
            TRY(print_seccomp_args(&p, cmd, addr));
        }
        for (uint32_t r = 0x8900; r < 0x8a00; r++) {
            TRY(print_ifreq_ioctl(&p, r, addr, n));
        }
        TRY(print_perf_attr(&p, addr));
        TRY(print_io_uring_params(&p, addr));
        TRY(hostile_sqes(&p, addr, n));
        TRY(print_sembufs(&p, addr, n));
        TRY(print_msgbuf(&p, addr, n));
    }
    call.abi = CALL_ABI_X86_64;
}

static void test_hostile(void)
{
    static const uint64_t numbers[] = {
        0, 1, 2, 15, 16, 17, 40, 128, 1000, 65536, 0x7fffffff, 0x80000000,
        0xffffffff, 1ull << 60, UINT64_MAX
    };
    static const uint64_t addrs[] = {
        0, 1, 4095, 0x7fffffffffff, 0x800000000000, UINT64_MAX,
        UINT64_MAX - 7
    };
    static const uint8_t lens[] = { 1, 2, 8, 15, 16, 17, 40, 57, 112, 200 };
    static const size_t rooms[] = { sizeof(room), 100, 1, 0 };
    uint8_t bytes[256];

    options.verbose = g_test_rand_bit();
    for (unsigned r = 0; r < G_N_ELEMENTS(rooms); r++) {
        room_size = rooms[r];
        for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
            for (unsigned j = 0; j < G_N_ELEMENTS(addrs); j++) {
                if (!r || i % 5 == 0) {
                    all(addrs[j], numbers[i], false);
                }
            }
        }
    }
    for (unsigned i = 0; i < sizeof(lens); i++) {
        for (unsigned fill = 0; fill < 4; fill++) {
            uint64_t addr;

            memset(bytes, fill == 1 ? 0xff : 0, sizeof(bytes));
            for (unsigned j = 0; fill > 1 && j < sizeof(bytes); j++) {
                bytes[j] = fill == 2 ? g_test_rand_int() : j % 8 == 0;
            }
            addr = fake_user_flush(bytes, lens[i]);
            room_size = sizeof(room);
            all(addr, lens[i], false);
            all(addr, lens[i] + 1, false);
            all(addr, UINT64_MAX, true);
            room_size = 50;
            all(addr, 0x80000000, false);
        }
    }
    room_size = sizeof(room);
    options.verbose = false;
}

/* A message that says it is nearly 4 GiB long; and a message in a message. */
static void test_netlink(void)
{
    uint32_t huge[8] = { 0xffffffff, 18, 1, 0, 7, 7, 7, 7 };
    uint32_t nest[64] = { 0 };

    PRINTS("[{nlmsg_len=4294967295, nlmsg_type=RTM_GETLINK, nlmsg_flags=0, "
           "nlmsg_seq=1, nlmsg_pid=0}, {ifi_family=AF_BRIDGE, ...}]",
           print_netlink(&p, (uintptr_t)huge, 28, 0));
    for (unsigned i = 0; i + 5 < 64; i += 5) {
        uint32_t message[5] = { (64 - i) * 4, 2, 0, 0, 0xffffffff };

        memcpy(nest + i, message, sizeof(message));
    }
    {
        Printer p = printer();
        unsigned depth = 0;

        print_netlink(&p, (uintptr_t)nest, sizeof(nest), 0);
        for (const char *s = text_terminate(&text);
             (s = strstr(s, "nlmsg_len=")); s++) {
            depth++;
        }
        /* The message within the message, and no further. */
        g_assert_cmpuint(depth, ==, 2);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/print-net/narrow", test_narrow);
    g_test_add_func("/print-net/recv", test_recv);
    g_test_add_func("/print-net/sqe", test_sqe);
    g_test_add_func("/print-net/sqe-command", test_sqe_command);
    g_test_add_func("/print-net/netlink", test_netlink);
    g_test_add_func("/print-net/hostile", test_hostile);
    return g_test_run();
}
