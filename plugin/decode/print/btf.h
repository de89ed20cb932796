/*
 * Printer of any structure that the guest's own BTF describes: for pointers
 * that have no printer of their own.
 *
 * Not libbpf's btf_dump__dump_type_data(): its text is a C initializer with a
 * cast before each value, made by printf, which takes five times as long
 * (test-print-btf -m perf); its state is one thread's, and takes an allocation
 * for each type of the kernel; and it follows types to any depth.
 *
 * BTF comes from the guest: a type may refer to anything.  The walk is bounded
 * in depth, in values and in bytes, and reads its copy of the structure only.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_BTF_H
#define FRAIL_PRINT_BTF_H

#include "decode/printer.h"

struct btf;

/*
 * The structure or union that a C type like "const struct timex *" or "struct
 * timex __user *" points to: its id, or 0 when it is no pointer to one or BTF
 * does not have it.  Looks at all types, a millisecond: keep the answer.  Any
 * thread.
 */
uint32_t btf_struct_of_pointer(const struct btf *btf, const char *c_type);

/*
 * The structure of type @id at @addr: {member=value, ...}; NULL, or the bare
 * pointer when it cannot be read, is larger than BTF_STRUCT_MAX, or, at
 * return, the call has failed.  On the vCPU's thread.
 */
#define BTF_STRUCT_MAX  4096
void print_btf(Printer *p, const struct btf *btf, uint32_t id, uint64_t addr);
/* The same for @len bytes at hand, which may be fewer than it has. */
void print_btf_bytes(Printer *p, const struct btf *btf, uint32_t id,
                     const void *bytes, size_t len);

/*
 * What the arguments of the guest's calls point to: found out at the first
 * use, kept until the guest is reset.  Zeroed at the start and then; any
 * thread, and several at once.
 */
#define BTF_ARGS_CALLS  600
typedef struct BtfArgs {
    uint32_t id[BTF_ARGS_CALLS][6];     /* 0: not looked up */
} BtfArgs;

/*
 * Argument @arg of p->call, which is @addr, by the guest's own table of its
 * calls.  False, with nothing printed, when that does not say: no guest, no
 * such call, no pointer to a structure, or a 32-bit caller, whose layout is
 * another.
 */
bool print_btf_arg(Printer *p, BtfArgs *args, unsigned arg, uint64_t addr);

#endif /* FRAIL_PRINT_BTF_H */
