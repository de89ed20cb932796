/*
 * Printers of what a caller waits for: poll, select, epoll.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/members.h"
#include "decode/print/poll.h"
#include "decode/print/signal.h"
#include "decode/print/time.h"

#define POLLFD_SIZE         8
#define POLL_SCAN_MAX       4096u       /* descriptors looked at */
/* strace has so much room for what it prints behind the result (observed). */
#define POLL_TEXT_MAX       1000
#define FD_SET_BITS         1024        /* __FD_SETSIZE */
#define EPOLL_EVENT_SIZE    12          /* packed in the three ABIs */

/* --- What is left of the time ------------------------------------------- */

/* Behind @separator; nothing when the call has no timeout. */
static void print_time_left(Printer *p, const char *separator,
                            uint64_t timeout, WaitTime kind)
{
    if (!timeout || kind == WAIT_NO_TIME) {
        return;
    }
    text_str(p->out, separator);
    text_str(p->out, "left ");
    switch (kind) {
    case WAIT_TIMEVAL:
        print_timeval(p, timeout);
        break;
    case WAIT_TIMESPEC:
        print_timespec(p, timeout);
        break;
    default:
        print_timespec64(p, timeout);
        break;
    }
}

/* --- poll --------------------------------------------------------------- */

typedef struct PollFd {
    int32_t fd;
    uint16_t events, revents;
} PollFd;

static void print_pollfd(Printer *p, const uint8_t *elem, void *opaque)
{
    PollFd f;

    (void)opaque;
    memcpy(&f, elem, sizeof(f));
    text_str(p->out, "{fd=");
    print_fd(p, f.fd);
    if (f.fd >= 0) {
        text_str(p->out, ", events=");
        print_flags(p->out, &xlat_poll_events, f.events);
    }
    text_char(p->out, '}');
}

void print_pollfds(Printer *p, uint64_t addr, uint64_t count)
{
    print_array(p, addr, (uint32_t)count, POLLFD_SIZE, print_pollfd, NULL);
}

void print_poll_result(Printer *p, uint64_t addr, uint64_t count,
                       uint64_t timeout, WaitTime kind)
{
    uint64_t shown = 0;
    FrailText *t = p->out;
    size_t start = t->len, before;

    if (p->result == 0) {
        text_str(t, "(Timeout)");
        return;
    }
    if (p->failed || p->result < 0) {
        return;
    }
    text_str(t, "([");
    count = (uint32_t)count;
    for (uint64_t i = 0; i < count && i < POLL_SCAN_MAX; i++) {
        PollFd f;

        if (!printer_read(p, addr + i * POLLFD_SIZE, &f, sizeof(f))) {
            print_comma(p, shown);
            print_addr(p, addr + i * POLLFD_SIZE);
            break;
        }
        if (!f.revents) {
            continue;
        }
        print_comma(p, shown);
        before = t->len;
        text_str(t, "{fd=");
        print_fd(p, f.fd);
        text_str(t, ", revents=");
        print_flags(t, &xlat_poll_events, f.revents);
        text_char(t, '}');
        if (t->len - start > POLL_TEXT_MAX) {
            t->len = before;
            text_str(t, "...");
            break;
        }
        shown++;
    }
    text_char(t, ']');
    print_time_left(p, ", ", timeout, kind);
    text_char(t, ')');
}

/* --- select ------------------------------------------------------------- */

/* The set's bytes as far as @nfds goes; false when there are none. */
static bool read_fd_set(Printer *p, uint64_t addr, unsigned nfds,
                        uint8_t *bits)
{
    unsigned word = printer_word(p);
    unsigned len = ((nfds + 7) / 8 + word - 1) & ~(word - 1);

    return printer_read(p, addr, bits, len);
}

static unsigned clamp_nfds(uint64_t nfds)
{
    int32_t n = nfds;

    return n < 0 ? 0 : n > FD_SET_BITS ? FD_SET_BITS : n;
}

/* At most *@max of them, which it takes off. */
static void print_fd_bits(Printer *p, const uint8_t *bits, unsigned nfds,
                          uint64_t *max)
{
    bool first = true;

    text_char(p->out, '[');
    for (unsigned i = 0; i < nfds && *max; i++) {
        if (!(bits[i / 8] >> i % 8 & 1)) {
            continue;
        }
        if (!first) {
            text_char(p->out, ' ');
        }
        first = false;
        print_fd(p, i);
        --*max;
    }
    text_char(p->out, ']');
}

void print_fd_set(Printer *p, uint64_t addr, uint64_t nfds)
{
    uint8_t bits[FD_SET_BITS / 8];
    unsigned n = clamp_nfds(nfds);
    uint64_t max = UINT64_MAX;

    if (!addr || !n || !read_fd_set(p, addr, n, bits)) {
        print_addr(p, addr);
    } else {
        print_fd_bits(p, bits, n, &max);
    }
}

static bool any_fd(const uint8_t *bits, unsigned nfds)
{
    for (unsigned i = 0; i < nfds; i++) {
        if (bits[i / 8] >> i % 8 & 1) {
            return true;
        }
    }
    return false;
}

void print_select_result(Printer *p, uint64_t nfds, const uint64_t set[3],
                         uint64_t timeout, WaitTime kind)
{
    static const char name[3][8] = { "in ", "out ", "except " };
    uint8_t bits[FD_SET_BITS / 8];
    unsigned n = clamp_nfds(nfds);
    uint64_t ready = p->result;
    size_t start = p->out->len;

    if (p->result == 0) {
        text_str(p->out, "(Timeout)");
        return;
    }
    if (p->failed || p->result < 0) {
        return;
    }
    /* The result says how many there are in all. */
    for (unsigned i = 0; i < 3 && ready; i++) {
        if (!set[i] || !n || !read_fd_set(p, set[i], n, bits) ||
            !any_fd(bits, n)) {
            continue;
        }
        text_str(p->out, p->out->len == start ? "(" : ", ");
        text_str(p->out, name[i]);
        print_fd_bits(p, bits, n, &ready);
    }
    print_time_left(p, p->out->len == start ? "(" : ", ", timeout, kind);
    if (p->out->len != start) {
        text_char(p->out, ')');
    }
}

void print_pselect_sigset(Printer *p, uint64_t addr)
{
    uint8_t buf[16];
    uint64_t set, size;
    Members m;

    if (!members_read(&m, p, addr, buf, 2 * printer_word(p))) {
        return;
    }
    set = take(&m, SIZE_WORD);
    size = take(&m, SIZE_WORD);
    member_name(&m, "sigmask");
    print_sigset(p, set, size);
    member_name(&m, "sigsetsize");
    text_udec(p->out, size);
    text_char(p->out, '}');
}

/* --- epoll -------------------------------------------------------------- */

static void print_event(Printer *p, const uint8_t *elem, void *opaque)
{
    uint32_t events, low;
    uint64_t data;

    (void)opaque;
    memcpy(&events, elem, sizeof(events));
    memcpy(&data, elem + 4, sizeof(data));
    low = data;
    text_str(p->out, "{events=");
    print_flags(p->out, &xlat_epoll_events, events);
    text_str(p->out, ", data={u32=");
    text_udec(p->out, low);
    text_str(p->out, ", u64=");
    text_udec(p->out, data);
    text_str(p->out, "}}");
}

void print_epoll_event(Printer *p, uint64_t addr)
{
    uint8_t buf[EPOLL_EVENT_SIZE];

    if (!printer_fetch(p, addr)) {
        return;
    }
    if (!printer_read(p, addr, buf, sizeof(buf))) {
        print_addr(p, addr);
        return;
    }
    print_event(p, buf, NULL);
}

void print_epoll_events(Printer *p, uint64_t addr, uint64_t count)
{
    print_array(p, addr, count, EPOLL_EVENT_SIZE, print_event, NULL);
}
