/*
 * Printers of Linux's own asynchronous I/O.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/aio_abi.h>

#include "decode/print/members.h"
#include "decode/print/aio.h"
#include "decode/print/poll.h"

static bool read_iocb(Printer *p, uint64_t addr, struct iocb *io)
{
    if (!printer_fetch(p, addr)) {
        return false;
    }
    if (!printer_read(p, addr, io, sizeof(*io))) {
        print_addr(p, addr);
        return false;
    }
    return true;
}

/* The members that all commands have. */
static void iocb_members(Members *m, const struct iocb *io)
{
    FrailText *t = m->p->out;

    member_name(m, "aio_data");
    text_hex(t, io->aio_data);
    if (io->aio_key) {
        member_name(m, "aio_key");
        text_udec(t, io->aio_key);
    }
    if (io->aio_rw_flags) {
        member_name(m, "aio_rw_flags");
        print_flags(t, &xlat_rwf_flags, (uint32_t)io->aio_rw_flags);
    }
    member_name(m, "aio_lio_opcode");
    print_enum_dec(t, &xlat_aio_cmds, io->aio_lio_opcode);
    if (io->aio_reqprio) {
        member_name(m, "aio_reqprio");
        text_dec(t, io->aio_reqprio);
    }
    member_name(m, "aio_fildes");
    print_fd(m->p, (int32_t)io->aio_fildes);
}

typedef struct IovecKind {
    bool write;             /* show what it points to */
} IovecKind;

static void iocb_iovec(Printer *p, const uint8_t *elem, void *opaque)
{
    IovecKind *kind = opaque;
    uint64_t base, len;
    Members m;

    members_init(&m, p, elem, 2 * printer_word(p));
    base = take(&m, SIZE_WORD);
    len = take(&m, SIZE_WORD);
    member_name(&m, "iov_base");
    if (kind->write) {
        print_buffer(p, base, len);
    } else {
        print_addr(p, base);
    }
    member_name(&m, "iov_len");
    text_udec(p->out, len);
    text_char(p->out, '}');
}

/* What is read or written, by command. */
static void iocb_data(Members *m, const struct iocb *io)
{
    FrailText *t = m->p->out;
    bool vector = io->aio_lio_opcode == IOCB_CMD_PREADV ||
                  io->aio_lio_opcode == IOCB_CMD_PWRITEV;
    IovecKind kind = {
        .write = io->aio_lio_opcode == IOCB_CMD_PWRITE ||
                 io->aio_lio_opcode == IOCB_CMD_PWRITEV,
    };

    member_name(m, "aio_buf");
    if (vector) {
        print_array(m->p, io->aio_buf, io->aio_nbytes, 2 * printer_word(m->p),
                    iocb_iovec, &kind);
    } else if (kind.write) {
        print_buffer(m->p, io->aio_buf, io->aio_nbytes);
    } else {
        print_addr(m->p, io->aio_buf);
    }
    if (!vector) {
        member_name(m, "aio_nbytes");
        text_udec(t, io->aio_nbytes);
    }
    member_name(m, "aio_offset");
    text_dec(t, io->aio_offset);
}

/* Inlined, GCC 12 takes its pointers for dangling ones. */
static __attribute__((noinline))
void iocb_rest(Members *m, const struct iocb *io)
{
    FrailText *t = m->p->out;

    switch (io->aio_lio_opcode) {
    case IOCB_CMD_PREAD:
    case IOCB_CMD_PWRITE:
    case IOCB_CMD_PREADV:
    case IOCB_CMD_PWRITEV:
        iocb_data(m, io);
        break;
    case IOCB_CMD_POLL:
        member_name(m, "aio_buf");
        print_flags(t, &xlat_poll_events, io->aio_buf);
        return;
    default:
        return;
    }
    if (io->aio_flags) {
        member_name(m, "aio_flags");
        print_flags(t, &xlat_aio_flags, io->aio_flags);
        if (io->aio_flags & IOCB_FLAG_RESFD) {
            member_name(m, "aio_resfd");
            print_fd(m->p, (int32_t)io->aio_resfd);
        }
    }
}

static void print_any_iocb(Printer *p, uint64_t addr, bool all)
{
    struct iocb io;
    Members m;

    if (!read_iocb(p, addr, &io)) {
        return;
    }
    members_init(&m, p, NULL, 0);       /* for the names only */
    iocb_members(&m, &io);
    if (all) {
        iocb_rest(&m, &io);
    }
    text_char(p->out, '}');
}

static void iocb_element(Printer *p, const uint8_t *elem, void *opaque)
{
    uint64_t addr = 0;

    (void)opaque;
    memcpy(&addr, elem, printer_word(p));
    print_any_iocb(p, addr, true);
}

void print_iocbs(Printer *p, uint64_t addr, uint64_t count)
{
    print_array(p, addr, count, printer_word(p), iocb_element, NULL);
}

void print_iocb(Printer *p, uint64_t addr)
{
    print_any_iocb(p, addr, false);
}

static void event_element(Printer *p, const uint8_t *elem, void *opaque)
{
    static const Member list[] = {
        MEMBER("data", 64, HEX),
        MEMBER("obj", 64, HEX),
        MEMBER("res", 64, INT),
        MEMBER("res2", 64, INT),
    };
    Members m;

    (void)opaque;
    members_init(&m, p, elem, sizeof(struct io_event));
    MEMBERS_PRINT(&m, list);
    text_char(p->out, '}');
}

void print_io_events(Printer *p, uint64_t addr, uint64_t count)
{
    print_array(p, addr, count, sizeof(struct io_event), event_element, NULL);
}

void print_io_event(Printer *p, uint64_t addr)
{
    uint8_t buf[sizeof(struct io_event)];
    Members m;

    if (members_read(&m, p, addr, buf, sizeof(buf))) {
        event_element(p, buf, NULL);
    }
}

void print_aio_sigset(Printer *p, uint64_t addr)
{
    print_pselect_sigset(p, addr);
}
