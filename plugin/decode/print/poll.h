/*
 * Printers of what a caller waits for: poll, select, epoll.
 *
 * On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_POLL_H
#define FRAIL_PRINT_POLL_H

#include "decode/printer.h"

/* What the timeout of the call points to. */
typedef enum WaitTime {
    WAIT_NO_TIME,           /* poll: a number */
    WAIT_TIMEVAL,           /* select */
    WAIT_TIMESPEC,          /* ppoll, pselect6 */
    WAIT_TIMESPEC64,        /* ppoll_time64, pselect6_time64 */
} WaitTime;

/* At entry: [{fd=3, events=POLLIN}], @count of them. */
void print_pollfds(Printer *p, uint64_t addr, uint64_t count);
/*
 * At return, what stands behind the number: ([{fd=3, revents=POLLIN}]),
 * (Timeout), with "left" and what is left of @timeout; nothing for an error.
 */
void print_poll_result(Printer *p, uint64_t addr, uint64_t count,
                       uint64_t timeout, WaitTime kind);

/* At entry: [3 5]; @nfds is the call's first argument. */
void print_fd_set(Printer *p, uint64_t addr, uint64_t nfds);
/* At return, behind the number: (in [3], left {...}), (Timeout). */
void print_select_result(Printer *p, uint64_t nfds, const uint64_t set[3],
                         uint64_t timeout, WaitTime kind);
/* pselect6's sixth argument: {sigmask=[], sigsetsize=8} */
void print_pselect_sigset(Printer *p, uint64_t addr);

/* epoll_ctl, but for EPOLL_CTL_DEL. */
void print_epoll_event(Printer *p, uint64_t addr);
/* epoll_wait and its like at return: @count is the result. */
void print_epoll_events(Printer *p, uint64_t addr, uint64_t count);

#endif /* FRAIL_PRINT_POLL_H */
