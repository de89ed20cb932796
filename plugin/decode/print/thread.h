/*
 * Printers of capabilities and of what threads are made of.
 *
 * All print NULL, or the bare pointer when nothing can be read there or, at
 * return, the call has failed.  On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_THREAD_H
#define FRAIL_PRINT_THREAD_H

#include "decode/printer.h"

/* capget, capset; @header is their first argument: it has the version. */
void print_cap_header(Printer *p, uint64_t addr);
void print_cap_data(Printer *p, uint64_t addr, uint64_t header);

/* set_thread_area, get_thread_area; modify_ldt if its third argument is 16. */
void print_user_desc(Printer *p, uint64_t addr);
/* set_thread_area's result: (entry_number=6) */
void print_user_desc_result(Printer *p, uint64_t addr);
/* kcmp with KCMP_EPOLL_TFD: its fifth argument. */
void print_kcmp_slot(Printer *p, uint64_t addr);
/*
 * clone3: @size is its second argument.  At return, behind what was printed
 * at entry, the thread's ids that the kernel has written: " => {...}".
 */
void print_clone_args(Printer *p, uint64_t addr, uint64_t size);
void print_clone_args_result(Printer *p, uint64_t addr, uint64_t size);

/* futex_waitv; futex_requeue with a count of 2. */
void print_futex_waiters(Printer *p, uint64_t addr, uint64_t count);

#endif /* FRAIL_PRINT_THREAD_H */
