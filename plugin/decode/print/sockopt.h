/*
 * setsockopt(2) and getsockopt(2).
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_SOCKOPT_H
#define FRAIL_PRINT_SOCKOPT_H

#include "decode/printer.h"

/* The second and the third argument: SOL_SOCKET, SO_REUSEADDR. */
void print_sockopt_level(Printer *p, int level);
void print_sockopt_name(Printer *p, int level, int name, bool set);

/* The value of setsockopt, at entry: @len bytes at @addr. */
void print_sockopt_set(Printer *p, int level, int name, uint64_t addr,
                       int32_t len);
/*
 * The value of getsockopt, at return: @len_addr points to its length, which
 * was @entry_len (printer_socklen()) at entry.  The length itself is printed
 * with print_sockopt_len().
 */
void print_sockopt_get(Printer *p, int level, int name, uint64_t addr,
                       uint64_t len_addr, int32_t entry_len);
void print_sockopt_len(Printer *p, uint64_t len_addr, int32_t entry_len);

#endif /* FRAIL_PRINT_SOCKOPT_H */
