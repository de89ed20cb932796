/*
 * Arrays of struct iovec, and what they point to.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_IOVEC_H
#define FRAIL_PRINT_IOVEC_H

#include "decode/printer.h"

typedef enum IovecData {
    IOVEC_ADDR,         /* pointers only: nothing is there yet */
    IOVEC_STRING,       /* quoted */
    IOVEC_NETLINK,      /* netlink messages */
} IovecData;

/*
 * @count elements at @addr; of what they point to @bytes in all are valid
 * (UINT64_MAX: all; at the return of readv: the result).  @family is the
 * netlink protocol with IOVEC_NETLINK.
 */
void print_iovec(Printer *p, uint64_t addr, uint64_t count, IovecData kind,
                 uint64_t bytes, int family);

#endif /* FRAIL_PRINT_IOVEC_H */
