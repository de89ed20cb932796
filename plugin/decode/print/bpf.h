/*
 * bpf(2) and classic BPF programs.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_BPF_H
#define FRAIL_PRINT_BPF_H

#include "decode/printer.h"

/*
 * The second argument of bpf: union bpf_attr, of which @size bytes are given,
 * by command.
 */
void print_bpf_attr(Printer *p, int cmd, uint64_t addr, uint32_t size);

/* struct sock_fprog of seccomp and SO_ATTACH_FILTER: its program's address. */
void print_sock_fprog(Printer *p, uint64_t addr);

/*
 * The third argument of seccomp(2), by operation; of GET_NOTIF_SIZES and
 * GET_ACTION_AVAIL at return.
 */
void print_seccomp_args(Printer *p, unsigned op, uint64_t addr);

#endif /* FRAIL_PRINT_BPF_H */
