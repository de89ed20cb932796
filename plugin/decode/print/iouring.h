/*
 * io_uring.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_IOURING_H
#define FRAIL_PRINT_IOURING_H

#include "decode/printer.h"

/*
 * The second argument of io_uring_setup: what is asked for at entry, and at
 * return what the kernel answers too.
 */
void print_io_uring_params(Printer *p, uint64_t addr);

/* The third argument of io_uring_register, of @count elements, by opcode. */
void print_io_uring_register(Printer *p, unsigned opcode, uint64_t addr,
                             uint32_t count);

/*
 * An entry of the submission queue at @addr, and @count of them in a ring of
 * @entries (a power of two) whose first one to be submitted is @head.  strace
 * has no such text; members that are zero are left out.
 */
void print_io_uring_sqe(Printer *p, uint64_t addr);
void print_io_uring_sqes(Printer *p, uint64_t sqes, uint32_t entries,
                         uint32_t head, uint32_t count);

#endif /* FRAIL_PRINT_IOURING_H */
