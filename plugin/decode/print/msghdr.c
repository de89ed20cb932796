/*
 * struct msghdr and mmsghdr (sendmsg, recvmsg, sendmmsg, recvmmsg).
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <sys/socket.h>

#include "decode/print/members.h"
#include "decode/print/iovec.h"
#include "decode/print/msghdr.h"
#include "decode/print/netlink.h"
#include "decode/print/sockaddr.h"

/* The members, from either layout. */
typedef struct Message {
    uint64_t name;
    int32_t namelen;
    uint64_t iov;
    uint64_t iovlen;
    uint64_t control;
    uint64_t controllen;
    uint32_t flags;
    uint32_t len;           /* of mmsghdr */
} Message;

/* struct mmsghdr, 64 bits: padded to a multiple of 8. */
#define MESSAGE_MAX 64

static size_t message_size(const Printer *p, bool multiple)
{
    if (printer_word(p) == 8) {
        return multiple ? 64 : 56;
    }
    /* x32 has the layout of i386: struct compat_msghdr. */
    return multiple ? 32 : 28;
}

static Message message_of(const Printer *p, const uint8_t *data, bool multiple)
{
    unsigned word = printer_word(p);
    /* namelen is an int, padded to a word; the others are words. */
    Message m = {
        .name = load_uint(data, word),
        .namelen = (int32_t)load_uint(data + word, 4),
        .iov = load_uint(data + 2 * word, word),
        .iovlen = load_uint(data + 3 * word, word),
        .control = load_uint(data + 4 * word, word),
        .controllen = load_uint(data + 5 * word, word),
        .flags = load_uint(data + 6 * word, 4),
    };

    if (multiple) {
        m.len = load_uint(data + 7 * word, 4);
    }
    return m;
}

static bool read_message(Printer *p, uint64_t addr, bool multiple, Message *m)
{
    uint8_t data[MESSAGE_MAX];

    if (!addr || !printer_read(p, addr, data, message_size(p, multiple))) {
        return false;
    }
    *m = message_of(p, data, multiple);
    return true;
}

typedef struct Way {
    int family;             /* of a netlink socket */
    IovecData kind;
    bool receive;
} Way;

static Way way_of(Printer *p, int fd, bool receive)
{
    Way way = { .kind = IOVEC_STRING, .receive = receive };

    if (fd_is_netlink(p, fd, &way.family)) {
        way.kind = IOVEC_NETLINK;
    }
    return way;
}

static bool is_netlink_addr(Printer *p, uint64_t addr, int32_t len)
{
    uint16_t family;

    return addr && len >= 2 && printer_read(p, addr, &family, 2) &&
           family == AF_NETLINK;
}

/* The members without braces; @bytes were sent or received. */
static void print_message(Printer *p, const Message *m, const Way *way,
                          int32_t entry_namelen, uint64_t bytes)
{
    int32_t namelen = m->namelen;
    IovecData kind = way->kind;

    if (way->receive && namelen > entry_namelen) {
        namelen = entry_namelen;
    }
    /* As strace has it: the address tells what the message is. */
    if (way->kind == IOVEC_NETLINK && !is_netlink_addr(p, m->name, namelen)) {
        kind = IOVEC_STRING;
    }
    print_member(p, "msg_name");
    print_sockaddr(p, m->name, namelen);
    print_member(p, "msg_namelen");
    if (way->receive && entry_namelen != m->namelen) {
        text_dec(p->out, entry_namelen);
        text_str(p->out, " => ");
    }
    text_dec(p->out, m->namelen);
    print_member(p, "msg_iov");
    print_iovec(p, m->iov, m->iovlen, kind, bytes, way->family);
    print_member(p, "msg_iovlen");
    text_udec(p->out, m->iovlen);
    if (m->controllen) {
        print_member(p, "msg_control");
        print_cmsgs(p, m->control, m->controllen);
    }
    print_member(p, "msg_controllen");
    text_udec(p->out, m->controllen);
    print_member(p, "msg_flags");
    print_flags(p->out, &xlat_msg_flags, m->flags);
}

void print_msghdr_send(Printer *p, int fd, uint64_t addr)
{
    Way way = way_of(p, fd, false);
    Message m;

    if (!read_message(p, addr, false, &m)) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '{');
    print_message(p, &m, &way, m.namelen, UINT64_MAX);
    text_char(p->out, '}');
}

int32_t msghdr_namelen(Printer *p, uint64_t addr)
{
    Message m;

    return read_message(p, addr, false, &m) ? m.namelen : 0;
}

void print_msghdr_recv(Printer *p, int fd, uint64_t addr,
                       int32_t entry_namelen)
{
    Way way = way_of(p, fd, true);
    Message m;

    if (!read_message(p, addr, false, &m)) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '{');
    if (p->failed || !p->at_return) {
        print_member(p, "msg_namelen");
        text_dec(p->out, p->at_return ? entry_namelen : m.namelen);
    } else {
        print_message(p, &m, &way, entry_namelen, p->result);
    }
    text_char(p->out, '}');
}

typedef struct Messages {
    Way way;
    uint64_t done;              /* messages whose msg_len is valid */
    uint64_t index;
    const int32_t *namelen;     /* at entry */
    unsigned entries;
} Messages;

static void message_element(Printer *p, const uint8_t *data, void *opaque)
{
    Messages *ms = opaque;
    Message m = message_of(p, data, true);
    int32_t namelen = ms->index < ms->entries ? ms->namelen[ms->index] :
                                                m.namelen;

    text_str(p->out, "{msg_hdr={");
    print_message(p, &m, &ms->way, namelen,
                  ms->way.receive ? m.len : UINT64_MAX);
    text_char(p->out, '}');
    if (ms->index < ms->done) {
        print_member(p, "msg_len");
        text_udec(p->out, m.len);
    }
    text_char(p->out, '}');
    ms->index++;
}

void print_mmsghdr_send(Printer *p, int fd, uint64_t addr, uint32_t count)
{
    Messages ms = { .way = way_of(p, fd, false) };

    if (p->at_return && !p->failed && p->result > 0) {
        ms.done = p->result;
    }
    print_elements(p, addr, count, message_size(p, true), message_element, &ms);
}

void print_mmsghdr_recv(Printer *p, int fd, uint64_t addr,
                        const int32_t *entry_namelen, unsigned entries)
{
    Messages ms = {
        .way = way_of(p, fd, true),
        .done = UINT64_MAX,
        .namelen = entry_namelen,
        .entries = entries,
    };

    if (p->failed || !p->at_return || p->result < 0) {
        print_addr(p, addr);
        return;
    }
    print_elements(p, addr, p->result, message_size(p, true), message_element,
                &ms);
}

unsigned mmsghdr_namelens(Printer *p, uint64_t addr, uint32_t count,
                          int32_t *namelen, unsigned max)
{
    size_t size = message_size(p, true);
    unsigned n = count < max ? count : max;

    for (unsigned i = 0; i < n; i++) {
        Message m;

        if (!read_message(p, addr + i * size, true, &m)) {
            return i;
        }
        namelen[i] = m.namelen;
    }
    return n;
}

bool fd_is_netlink(Printer *p, int fd, int *family)
{
    static const char mark[] = "<NETLINK:[";
    char buf[256];
    FrailText text;
    const char *s;

    *family = -1;
    if (fd < 0 || !p->guest || !p->process) {
        return false;
    }
    text_init(&text, buf, sizeof(buf));
    if (!guest_fd_text(p->guest, p->process, fd, true, &text)) {
        return false;
    }
    s = text_terminate(&text);
    if (strncmp(s, mark, sizeof(mark) - 1)) {
        return false;
    }
    /* "NETLINK:[ROUTE:1234]", or "NETLINK:[5678]" of an unbound one. */
    *family = netlink_family(s + sizeof(mark) - 1);
    return true;
}
