/*
 * Printers of signals, their sets, handlers and what comes with them.
 *
 * All print NULL, or the bare pointer when nothing can be read there or, at
 * return, the call has failed.  On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_SIGNAL_H
#define FRAIL_PRINT_SIGNAL_H

#include "decode/printer.h"

/* SIGCHLD, SIGRT_2; a number if it is none. */
void print_signal_name(Printer *p, unsigned sig);

/* A set whose size, in bytes, is an argument of the call: rt_sig*, signalfd. */
void print_sigset(Printer *p, uint64_t addr, uint64_t size);
/* i386: sigprocmask, sigpending. */
void print_old_sigset(Printer *p, uint64_t addr);
/* A set of @size bytes (at most 8) that is at hand: [QUIT CHLD], ~[] */
void print_sigset_value(Printer *p, uint64_t set, unsigned size);

/* rt_sigaction; @size, its fourth argument, must be that of the kernel: 8. */
void print_sigaction(Printer *p, uint64_t addr);
/* i386: sigaction. */
void print_old_sigaction(Printer *p, uint64_t addr);
void print_stack_t(Printer *p, uint64_t addr);
void print_siginfo(Printer *p, uint64_t addr);
/* timer_create, mq_notify. */
void print_sigevent(Printer *p, uint64_t addr);

#endif /* FRAIL_PRINT_SIGNAL_H */
