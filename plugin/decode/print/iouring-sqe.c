/*
 * Entries of io_uring's submission queue: each is a call of its own, whose
 * arguments stand where its operation wants them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/io_uring.h>

#include "decode/names/print.h"
#include "decode/print/members.h"
#include "decode/print/file.h"
#include "decode/print/iouring.h"
#include "decode/print/iovec.h"
#include "decode/print/msghdr.h"
#include "decode/print/poll.h"
#include "decode/print/sockaddr.h"
#include "decode/print/time.h"

/* Debian 12's struct io_uring_sqe has no name for it. */
#define SQE_ADDR3       48
#define SQE_ADDR_LEN    44
/* IORING_SEND_VECTORIZED, in ioprio */
#define SEND_VECTORIZED 32u

typedef enum SqeKind {
    SQE_ANY,            /* a number, left out when it is 0 */
    SQE_FD,
    SQE_DIRFD,
    SQE_NO_FD,          /* left out when it is -1, too */
    SQE_INT,
    SQE_UINT,
    SQE_HEX,
    SQE_ADDR,
    SQE_FLAGS,          /* of xlat */
    SQE_ENUM,
    SQE_FLAGS_SET,      /* of xlat; left out when there are none */
    SQE_OPEN_FLAGS,
    SQE_MODE,
    SQE_STATX_FLAGS,
    SQE_SOCKET_TYPE,
    SQE_PROTOCOL,       /* of the domain in fd */
    SQE_PATH,
    SQE_STR,
    SQE_BUFFER,         /* len bytes of it */
    SQE_DATA,           /* likewise, or as many elements of struct iovec */
    SQE_IOVEC,          /* len elements */
    SQE_IOVEC_DATA,
    SQE_SOCKADDR,       /* off bytes */
    SQE_SEND_TO,        /* addr_len bytes */
    SQE_MSGHDR,
    SQE_TIMESPEC,
    SQE_EPOLL_EVENT,
    SQE_OPEN_HOW,       /* len bytes */
} SqeKind;

typedef struct SqeMember {
    const char *name;   /* NULL: that of the structure */
    SqeKind kind;
    const Xlat *xlat;
} SqeMember;

typedef struct SqeOp {
    SqeMember ioprio, fd, off, addr, len, flags, index, addr3;
} SqeOp;

#define M(name_, kind_)         { .name = name_, .kind = SQE_##kind_ }
#define K(kind_)                M(NULL, kind_)
#define X(name_, kind_, table) \
    { .name = name_, .kind = SQE_##kind_, .xlat = &xlat_##table }
#define RECVSEND    X(NULL, FLAGS_SET, io_uring_recvsend_flags)
#define MSG_FLAGS   X("msg_flags", FLAGS, msg_flags)
#define RW_FLAGS    X("rw_flags", FLAGS_SET, rwf_flags)
#define POLL_EVENTS X("poll32_events", FLAGS, poll_events)
#define POLL_LEN    X(NULL, FLAGS_SET, io_uring_poll_flags)
#define TIMEOUT     X("timeout_flags", FLAGS_SET, io_uring_timeout_flags)
#define FILE_INDEX  M("file_index", ANY)

/*
 * By number: the installed headers may lack the newer ones.  What the prep
 * functions of Linux 7.3's io_uring/ take from where.
 */
static const SqeOp ops[] = {
    [0 /* NOP */] = { .fd = K(NO_FD), .flags = M("nop_flags", ANY) },
    [1 /* READV */] = { .off = K(INT), .addr = K(IOVEC), .len = K(UINT),
        .flags = RW_FLAGS },
    [2 /* WRITEV */] = { .off = K(INT), .addr = K(IOVEC_DATA),
        .len = K(UINT), .flags = RW_FLAGS },
    [3 /* FSYNC */] = {
        .flags = X("fsync_flags", FLAGS_SET, io_uring_fsync_flags) },
    [4 /* READ_FIXED */] = { .off = K(INT), .addr = K(ADDR), .len = K(UINT),
        .flags = RW_FLAGS },
    [5 /* WRITE_FIXED */] = { .off = K(INT), .addr = K(BUFFER),
        .len = K(UINT), .flags = RW_FLAGS },
    [6 /* POLL_ADD */] = { .len = POLL_LEN, .flags = POLL_EVENTS },
    [7 /* POLL_REMOVE */] = { .fd = K(NO_FD), .addr = K(HEX),
        .len = POLL_LEN, .flags = X("poll32_events", FLAGS_SET,
        poll_events) },
    [8 /* SYNC_FILE_RANGE */] = { .off = K(INT), .len = K(UINT),
        .flags = X("sync_range_flags", FLAGS, sync_file_range_flags) },
    [9 /* SENDMSG */] = { .ioprio = RECVSEND, .addr = K(MSGHDR),
        .flags = MSG_FLAGS },
    [10 /* RECVMSG */] = { .ioprio = RECVSEND, .addr = K(ADDR),
        .flags = MSG_FLAGS },
    [11 /* TIMEOUT */] = { .fd = K(NO_FD), .addr = K(TIMESPEC),
        .flags = TIMEOUT },
    [12 /* TIMEOUT_REMOVE */] = { .fd = K(NO_FD), .off = M("addr2", ANY),
        .addr = K(HEX), .flags = TIMEOUT },
    [13 /* ACCEPT */] = {
        .ioprio = X(NULL, FLAGS_SET, io_uring_accept_flags),
        .off = M("addr2", ADDR), .addr = K(ADDR),
        .flags = X("accept_flags", FLAGS, socket_flags),
        .index = FILE_INDEX },
    [14 /* ASYNC_CANCEL */] = { .fd = K(NO_FD), .addr = K(HEX),
        .flags = X("cancel_flags", FLAGS_SET, io_uring_cancel_flags) },
    [15 /* LINK_TIMEOUT */] = { .fd = K(NO_FD), .addr = K(TIMESPEC),
        .flags = TIMEOUT },
    [16 /* CONNECT */] = { .off = K(UINT), .addr = K(SOCKADDR) },
    [17 /* FALLOCATE */] = { .off = K(INT), .addr = K(UINT),
        .len = X(NULL, FLAGS, fallocate_flags) },
    [18 /* OPENAT */] = { .fd = K(DIRFD), .addr = K(PATH), .len = K(MODE),
        .flags = M("open_flags", OPEN_FLAGS), .index = FILE_INDEX },
    [19 /* CLOSE */] = { .index = FILE_INDEX },
    [20 /* FILES_UPDATE */] = { .fd = K(NO_FD), .addr = K(ADDR),
        .len = K(UINT) },
    [21 /* STATX */] = { .fd = K(DIRFD), .off = M("addr2", ADDR),
        .addr = K(PATH), .len = X(NULL, FLAGS, statx_masks),
        .flags = M("statx_flags", STATX_FLAGS) },
    [22 /* READ */] = { .off = K(INT), .addr = K(ADDR), .len = K(UINT),
        .flags = RW_FLAGS },
    [23 /* WRITE */] = { .off = K(INT), .addr = K(BUFFER), .len = K(UINT),
        .flags = RW_FLAGS },
    [24 /* FADVISE */] = { .off = K(INT), .len = K(UINT),
        .flags = X("fadvise_advice", ENUM, fadvise) },
    [25 /* MADVISE */] = { .fd = K(NO_FD), .addr = K(ADDR), .len = K(UINT),
        .flags = X("fadvise_advice", ENUM, madvise) },
    [26 /* SEND */] = { .ioprio = RECVSEND, .off = M("addr2", SEND_TO),
        .addr = K(DATA), .len = K(UINT), .flags = MSG_FLAGS },
    [27 /* RECV */] = { .ioprio = RECVSEND, .addr = K(ADDR), .len = K(UINT),
        .flags = MSG_FLAGS },
    [28 /* OPENAT2 */] = { .fd = K(DIRFD), .off = M("addr2", OPEN_HOW),
        .addr = K(PATH), .len = K(UINT), .index = FILE_INDEX },
    [29 /* EPOLL_CTL */] = { .off = K(FD), .addr = K(EPOLL_EVENT),
        .len = X(NULL, ENUM, epoll_ctl) },
    [30 /* SPLICE */] = { .off = K(INT), .addr = M("splice_off_in", INT),
        .len = K(UINT), .flags = X("splice_flags", FLAGS_SET, splice_flags),
        .index = M("splice_fd_in", FD) },
    [31 /* PROVIDE_BUFFERS */] = { .fd = K(UINT), .addr = K(ADDR),
        .len = K(UINT) },
    [32 /* REMOVE_BUFFERS */] = { .fd = K(UINT) },
    [33 /* TEE */] = { .len = K(UINT),
        .flags = X("splice_flags", FLAGS_SET, splice_flags),
        .index = M("splice_fd_in", FD) },
    [34 /* SHUTDOWN */] = { .len = X(NULL, ENUM, shutdown_how) },
    [35 /* RENAMEAT */] = { .fd = K(DIRFD), .off = M("addr2", PATH),
        .addr = K(PATH), .len = K(DIRFD),
        .flags = X("rename_flags", FLAGS_SET, rename_flags) },
    [36 /* UNLINKAT */] = { .fd = K(DIRFD), .addr = K(PATH),
        .flags = X("unlink_flags", FLAGS_SET, at_flags) },
    [37 /* MKDIRAT */] = { .fd = K(DIRFD), .addr = K(PATH), .len = K(MODE) },
    [38 /* SYMLINKAT */] = { .fd = K(DIRFD), .off = M("addr2", PATH),
        .addr = K(PATH) },
    [39 /* LINKAT */] = { .fd = K(DIRFD), .off = M("addr2", PATH),
        .addr = K(PATH), .len = K(DIRFD),
        .flags = X("hardlink_flags", FLAGS_SET, at_flags) },
    [40 /* MSG_RING */] = { .off = K(HEX),
        .addr = X(NULL, ENUM, io_uring_msg_ops), .len = K(UINT),
        .flags = X("msg_ring_flags", FLAGS_SET, io_uring_msg_flags),
        .index = FILE_INDEX },
    [41 /* FSETXATTR */] = { .off = M("addr2", BUFFER), .addr = K(STR),
        .len = K(UINT), .flags = X("xattr_flags", FLAGS_SET, xattr_flags) },
    [42 /* SETXATTR */] = { .fd = K(NO_FD), .off = M("addr2", BUFFER),
        .addr = K(STR), .len = K(UINT),
        .flags = X("xattr_flags", FLAGS_SET, xattr_flags),
        .addr3 = K(PATH) },
    [43 /* FGETXATTR */] = { .off = M("addr2", ADDR), .addr = K(STR),
        .len = K(UINT) },
    [44 /* GETXATTR */] = { .fd = K(NO_FD), .off = M("addr2", ADDR),
        .addr = K(STR), .len = K(UINT), .addr3 = K(PATH) },
    [45 /* SOCKET */] = { .fd = X(NULL, ENUM, socket_domains),
        .off = K(SOCKET_TYPE), .len = K(PROTOCOL), .index = FILE_INDEX },
    [46 /* URING_CMD */] = { .off = M("cmd_op", HEX),
        .flags = M("uring_cmd_flags", ANY) },
    [47 /* SEND_ZC */] = { .ioprio = RECVSEND, .off = M("addr2", SEND_TO),
        .addr = K(DATA), .len = K(UINT), .flags = MSG_FLAGS },
    [48 /* SENDMSG_ZC */] = { .ioprio = RECVSEND, .addr = K(MSGHDR),
        .flags = MSG_FLAGS },
    [49 /* READ_MULTISHOT */] = { .off = K(INT), .addr = K(ADDR),
        .len = K(UINT), .flags = RW_FLAGS },
    [50 /* WAITID */] = { .fd = K(INT), .off = M("addr2", ADDR),
        .len = X(NULL, ENUM, waitid_types),
        .flags = M("waitid_flags", ANY),
        .index = X("file_index", FLAGS, wait_flags) },
    [51 /* FUTEX_WAIT */] = { .fd = X(NULL, FLAGS, futex2_flags),
        .off = M("addr2", HEX), .addr = K(ADDR),
        .flags = M("futex_flags", ANY), .addr3 = K(HEX) },
    [52 /* FUTEX_WAKE */] = { .fd = X(NULL, FLAGS, futex2_flags),
        .off = M("addr2", HEX), .addr = K(ADDR),
        .flags = M("futex_flags", ANY), .addr3 = K(HEX) },
    [53 /* FUTEX_WAITV */] = { .fd = K(NO_FD), .addr = K(ADDR),
        .len = K(UINT), .flags = M("futex_flags", ANY) },
    [54 /* FIXED_FD_INSTALL */] = { .flags = M("install_fd_flags", ANY) },
    [55 /* FTRUNCATE */] = { .off = K(INT) },
    [56 /* BIND */] = { .off = M("addr2", UINT), .addr = K(SOCKADDR) },
    [57 /* LISTEN */] = { .len = K(INT) },
    [58 /* RECV_ZC */] = { .ioprio = RECVSEND, .len = K(UINT),
        .flags = MSG_FLAGS, .index = M("zcrx_ifq_idx", UINT) },
    [59 /* EPOLL_WAIT */] = { .addr = K(ADDR), .len = K(UINT) },
    [60 /* READV_FIXED */] = { .off = K(INT), .addr = K(IOVEC),
        .len = K(UINT), .flags = RW_FLAGS },
    [61 /* WRITEV_FIXED */] = { .off = K(INT), .addr = K(IOVEC_DATA),
        .len = K(UINT), .flags = RW_FLAGS },
    [62 /* PIPE */] = { .fd = K(NO_FD), .addr = K(ADDR),
        .flags = M("pipe_flags", OPEN_FLAGS), .index = FILE_INDEX },
    [63 /* NOP128 */] = { .fd = K(NO_FD), .flags = M("nop_flags", ANY) },
    [64 /* URING_CMD128 */] = { .off = M("cmd_op", HEX),
        .flags = M("uring_cmd_flags", ANY) },
};

static bool left_out(SqeKind kind, uint64_t value)
{
    switch (kind) {
    case SQE_ANY:
    case SQE_FLAGS_SET:
    case SQE_SEND_TO:
        return !value;
    case SQE_NO_FD:
        return !value || (int32_t)value == -1;
    default:
        return false;
    }
}

/* What @value of @width bytes means in the entry @sqe. */
static void value_of(Printer *p, const struct io_uring_sqe *sqe,
                     const SqeMember *m, uint64_t value, unsigned width)
{
    uint16_t addr_len;

    switch (m->kind) {
    case SQE_ANY:
    case SQE_HEX:
        text_hex(p->out, value);
        break;
    case SQE_FD:
        if (sqe->flags & IOSQE_FIXED_FILE) {
            /* An index of the registered files, no descriptor. */
            text_dec(p->out, (int32_t)value);
        } else {
            print_fd(p, (int)value);
        }
        break;
    case SQE_DIRFD:
        print_dirfd(p, (int)value);
        break;
    case SQE_NO_FD:
    case SQE_INT:
        text_dec(p->out, width == 4 ? (int32_t)value : (int64_t)value);
        break;
    case SQE_UINT:
        text_udec(p->out, value);
        break;
    case SQE_ADDR:
        print_addr(p, value);
        break;
    case SQE_FLAGS:
    case SQE_FLAGS_SET:
        print_flags(p->out, m->xlat, value);
        break;
    case SQE_ENUM:
        print_enum(p->out, m->xlat, value);
        break;
    case SQE_OPEN_FLAGS:
        write_open_flags(p->out, value);
        break;
    case SQE_MODE:
        text_mode(p->out, value);
        break;
    case SQE_STATX_FLAGS:
        write_statx_flags(p->out, value);
        break;
    case SQE_SOCKET_TYPE:
        write_socket_type(p->out, value);
        break;
    case SQE_PROTOCOL:
        write_socket_protocol(p->out, sqe->fd, value);
        break;
    case SQE_PATH:
        print_path(p, value);
        break;
    case SQE_STR:
        print_string(p, value, p->opts->string_limit);
        break;
    case SQE_DATA:
        if (sqe->ioprio & SEND_VECTORIZED) {
            print_iovec(p, value, sqe->len, IOVEC_STRING, UINT64_MAX, -1);
            break;
        }
        /* fall through */
    case SQE_BUFFER:
        print_buffer(p, value, sqe->len);
        break;
    case SQE_IOVEC:
        print_iovec(p, value, sqe->len, IOVEC_ADDR, 0, -1);
        break;
    case SQE_IOVEC_DATA:
        print_iovec(p, value, sqe->len, IOVEC_STRING, UINT64_MAX, -1);
        break;
    case SQE_SOCKADDR:
        print_sockaddr(p, value, (int32_t)sqe->off);
        break;
    case SQE_SEND_TO:
        memcpy(&addr_len, (const uint8_t *)sqe + SQE_ADDR_LEN,
               sizeof(addr_len));
        print_sockaddr(p, value, addr_len);
        break;
    case SQE_MSGHDR:
        print_msghdr_send(p, sqe->flags & IOSQE_FIXED_FILE ? -1 : sqe->fd,
                          value);
        break;
    case SQE_TIMESPEC:
        /* struct __kernel_timespec, in every ABI */
        print_timespec64(p, value);
        break;
    case SQE_EPOLL_EVENT:
        print_epoll_event(p, value);
        break;
    case SQE_OPEN_HOW:
        print_open_how(p, value, sqe->len);
        break;
    }
}

static void member(Printer *p, const struct io_uring_sqe *sqe,
                   const SqeMember *m, const char *name, uint64_t value,
                   unsigned width)
{
    if (!left_out(m->kind, value)) {
        print_member(p, m->name ? m->name : name);
        value_of(p, sqe, m, value, width);
    }
}

void print_io_uring_sqe(Printer *p, const uint8_t *data, size_t len)
{
    static const SqeOp unknown;
    static const SqeMember number = M(NULL, ANY), file = M(NULL, FD);
    static const SqeMember hex = M(NULL, HEX);
    const SqeOp *op = &unknown;
    struct io_uring_sqe sqe;
    uint64_t addr3;

    memcpy(&sqe, data, sizeof(sqe));
    memcpy(&addr3, data + SQE_ADDR3, sizeof(addr3));
    if (sqe.opcode < sizeof(ops) / sizeof(ops[0])) {
        op = &ops[sqe.opcode];
    }
    text_str(p->out, "{opcode=");
    print_enum_dec(p->out, &xlat_io_uring_ops, sqe.opcode);
    print_member(p, "flags");
    print_flags(p->out, &xlat_io_uring_sqe_flags, sqe.flags);
    member(p, &sqe, &op->ioprio, "ioprio", sqe.ioprio, 2);
    member(p, &sqe, op->fd.kind ? &op->fd : &file, "fd", (uint32_t)sqe.fd, 4);
    member(p, &sqe, &op->addr, "addr", sqe.addr, 8);
    member(p, &sqe, &op->len, "len", sqe.len, 4);
    member(p, &sqe, &op->off, "off", sqe.off, 8);
    member(p, &sqe, &op->flags, "op_flags", (uint32_t)sqe.rw_flags, 4);
    member(p, &sqe, &number, sqe.flags & IOSQE_BUFFER_SELECT ? "buf_group" :
           "buf_index", sqe.buf_index, 2);
    member(p, &sqe, &number, "personality", sqe.personality, 2);
    member(p, &sqe, &op->index, "file_index", sqe.file_index, 4);
    if (sqe.opcode == 46 || sqe.opcode == 64) {
        /* The command's own bytes. */
        print_member(p, "cmd");
        print_hex_string(p, data + SQE_ADDR3, len - SQE_ADDR3);
    } else {
        member(p, &sqe, &op->addr3, "addr3", addr3, 8);
    }
    member(p, &sqe, &hex, "user_data", sqe.user_data, 8);
    text_char(p->out, '}');
}
