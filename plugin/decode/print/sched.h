/*
 * Printers of what the scheduler and the memory's nodes are told.
 *
 * All print NULL, or the bare pointer when nothing can be read there or, at
 * return, the call has failed.  On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_SCHED_H
#define FRAIL_PRINT_SCHED_H

#include "decode/printer.h"

/* sched_setparam, sched_getparam, sched_setscheduler: [5] */
void print_sched_param(Printer *p, uint64_t addr);
/* sched_setattr: as long as its own member "size" says. */
void print_sched_attr(Printer *p, uint64_t addr);
/*
 * sched_setattr at return, behind what was printed at entry: " => {size=56}"
 * when the kernel has refused the size and told its own, else nothing.
 */
void print_sched_attr_size(Printer *p, uint64_t addr);
/* sched_getattr: @size is its third argument. */
void print_sched_attr_of(Printer *p, uint64_t addr, uint64_t size);
/* @len bytes of bits: the argument of sched_setaffinity, a getter's result. */
void print_cpu_mask(Printer *p, uint64_t addr, uint64_t len);

/*
 * Masks of memory nodes: get_mempolicy, set_mempolicy, mbind, migrate_pages.
 * @maxnode as the call has it.
 */
void print_node_mask(Printer *p, uint64_t addr, uint64_t maxnode);
/* get_mempolicy's first argument: [MPOL_BIND] */
void print_mempolicy_pointer(Printer *p, uint64_t addr);
/* mincore: a byte for each page of @len bytes; its lowest bit. */
void print_mincore(Printer *p, uint64_t addr, uint64_t len);
/* move_pages: addresses, nodes, and, at return, what became of them. */
void print_move_pages(Printer *p, uint64_t addr, uint64_t count);
void print_move_nodes(Printer *p, uint64_t addr, uint64_t count);
void print_move_status(Printer *p, uint64_t addr, uint64_t count);

#endif /* FRAIL_PRINT_SCHED_H */
