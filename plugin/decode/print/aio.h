/*
 * Printers of Linux's own asynchronous I/O (io_submit and its like).
 *
 * All print NULL, or the bare pointer when nothing can be read there or, at
 * return, the call has failed.  On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_AIO_H
#define FRAIL_PRINT_AIO_H

#include "decode/printer.h"

/* io_submit: pointers to @count requests, with what they read or write. */
void print_iocbs(Printer *p, uint64_t addr, uint64_t count);
/* io_cancel: one request, without that. */
void print_iocb(Printer *p, uint64_t addr);
/* io_getevents and its like at return: @count is the result. */
void print_io_events(Printer *p, uint64_t addr, uint64_t count);
void print_io_event(Printer *p, uint64_t addr);
/* io_pgetevents's last argument: {sigmask=[], sigsetsize=8} */
void print_aio_sigset(Printer *p, uint64_t addr);

#endif /* FRAIL_PRINT_AIO_H */
