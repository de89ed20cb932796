/*
 * Socket addresses of every family.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_SOCKADDR_H
#define FRAIL_PRINT_SOCKADDR_H

#include "decode/printer.h"

/* As much as the kernel takes: sizeof(struct sockaddr_storage). */
#define SOCKADDR_MAX    128

/* The address that the caller gives: @len bytes at @addr (bind, connect). */
void print_sockaddr(Printer *p, uint64_t addr, int64_t len);

/* The same of @len bytes (at most SOCKADDR_MAX) at @data. */
void print_sockaddr_data(Printer *p, const void *data, size_t len);

/*
 * The address that the kernel gives (accept, getsockname, recvfrom): @len_addr
 * points to its length, which was @entry_len when the call was made (see
 * printer_socklen()).  At return only; the bare address when the call failed.
 */
void print_sockaddr_out(Printer *p, uint64_t addr, uint64_t len_addr,
                        int32_t entry_len);

/*
 * That pointer to a length: [16], and [128 => 16] when it was changed;
 * as strace has it, the pointer itself where @addr is NULL.  When
 * the length at entry is not known @entry_len is that of printer_socklen().
 */
void print_socklen(Printer *p, uint64_t addr, uint64_t len_addr,
                   int32_t entry_len);

/* The length at @len_addr now; -1 when it cannot be read. */
int32_t printer_socklen(Printer *p, uint64_t len_addr);

#endif /* FRAIL_PRINT_SOCKADDR_H */
