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
 * An entry of a submission queue, of which @data has a copy of @len bytes, 64
 * or 128.  strace has no such text; members are named as in struct
 * io_uring_sqe, and those that are zero and do not matter are left out.
 */
void print_io_uring_sqe(Printer *p, const uint8_t *data, size_t len);
/*
 * The entries that io_uring_enter() is about to submit, @count at most, of the
 * ring that is descriptor @fd, or that one of the registered: a comment behind
 * their number, nothing if there are none or they are not known.
 */
void print_io_uring_submitted(Printer *p, int fd, bool registered,
                              uint32_t count);

#endif /* FRAIL_PRINT_IOURING_H */
