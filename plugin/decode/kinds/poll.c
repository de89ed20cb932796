/*
 * Arguments of calls that wait for descriptors, and what those return.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "decode/decode.h"
#include "decode/kinds/kinds.h"
#include "decode/print/poll.h"
#include "decode/result.h"

void arg_pollfds(Arg *a)
{
    print_pollfds(a->p, a->value, (uint32_t)arg_ref(a));
}

void arg_fd_set(Arg *a)
{
    print_fd_set(a->p, a->value, arg_ref(a));
}

#define EPOLL_DEL   2

void arg_epoll_ctl_event(Arg *a)
{
    if ((uint32_t)arg_ref(a) == EPOLL_DEL) {
        print_addr(a->p, a->value);
    } else {
        print_epoll_event(a->p, a->value);
    }
}

/* i386's 64-bit seconds have calls of their own. */
static WaitTime time_kind(const Printer *p, WaitTime plain)
{
    const char *name = frail_syscall_name((FrailAbi)p->call->abi,
                                          p->call->nr);

    return name && strstr(name, "_time64") ? WAIT_TIMESPEC64 : plain;
}

/*
 * "NUMBER", then a space and what @print adds, if it does.  Descriptors are
 * plain numbers there.
 */
static void result(Printer *p, void (*print)(Printer *p))
{
    FrailDecodeOptions plain = *p->opts;
    const FrailDecodeOptions *opts = p->opts;
    size_t start;

    text_dec(p->out, p->result);
    start = p->out->len;
    text_char(p->out, ' ');
    plain.fd_style = FRAIL_FD_NUMBER;
    p->opts = &plain;
    print(p);
    p->opts = opts;
    if (p->out->len == start + 1) {
        p->out->len = start;
    }
}

static void poll_result(Printer *p)
{
    const uint64_t *args = p->call->args;

    print_poll_result(p, args[0], (uint32_t)args[1], 0, WAIT_NO_TIME);
}

void res_poll(Printer *p)
{
    result(p, poll_result);
}

static void ppoll_result(Printer *p)
{
    const uint64_t *args = p->call->args;

    print_poll_result(p, args[0], (uint32_t)args[1], args[2],
                      time_kind(p, WAIT_TIMESPEC));
}

void res_ppoll(Printer *p)
{
    result(p, ppoll_result);
}

static void select_result(Printer *p)
{
    const uint64_t *args = p->call->args;

    print_select_result(p, args[0], args + 1, args[4], WAIT_TIMEVAL);
}

void res_select(Printer *p)
{
    result(p, select_result);
}

static void pselect_result(Printer *p)
{
    const uint64_t *args = p->call->args;

    print_select_result(p, args[0], args + 1, args[4],
                        time_kind(p, WAIT_TIMESPEC));
}

void res_pselect(Printer *p)
{
    result(p, pselect_result);
}
