/*
 * Arguments that have to do with memory: mmap and its like, futexes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/futex.h>
#include <linux/mman.h>

#include "decode/kinds/kinds.h"
#include "decode/names/print.h"
#include "decode/print/thread.h"
#include "decode/print/time.h"

#define HUGE_SHIFT      26
#define HUGE_MASK       0x3fu

void arg_mmap_flags(Arg *a)
{
    FrailText *t = a->p->out;
    uint32_t flags = a->value, huge = flags >> HUGE_SHIFT & HUGE_MASK;

    if (flags & MAP_TYPE) {
        print_enum(t, &xlat_mmap_types, flags & MAP_TYPE);
    } else {
        text_str(t, "MAP_FILE");
    }
    print_flags_after(t, &xlat_mmap_flags,
                      flags & ~(MAP_TYPE | HUGE_MASK << HUGE_SHIFT));
    if (huge) {
        text_char(t, '|');
        text_udec(t, huge);
        text_str(t, "<<MAP_HUGE_SHIFT");
    }
}

/* mmap2 counts in pages of 4 KiB whatever they are. */
void arg_pgoff(Arg *a)
{
    text_hex(a->p->out, (uint64_t)(uint32_t)a->value * FRAIL_PAGE_SIZE);
}

void arg_mremap_addr(Arg *a)
{
    if (arg_ref(a) & (MREMAP_FIXED | MREMAP_DONTUNMAP)) {
        arg_hex(a);
    } else {
        a->absent = true;
    }
}

/* The kernel adds "memfd:", and the whole must fit into a file's name. */
void arg_memfd_name(Arg *a)
{
    unsigned limit = a->p->opts->string_limit;

    print_string(a->p, a->value, limit < 249 ? limit : 249);
}

/* --- Futexes ------------------------------------------------------------- */

#define FLAGS (FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)

static unsigned futex_command(const Arg *a)
{
    return (uint32_t)a->p->call->args[1] & ~FLAGS;
}

void arg_futex_op(Arg *a)
{
    FrailText *t = a->p->out;
    uint32_t op = a->value;
    const char *name = xlat_name(&xlat_futex_ops, futex_command(a));

    if (!name) {
        print_enum(t, &xlat_futex_ops, op);
        return;
    }
    text_str(t, name);
    if (op & FUTEX_PRIVATE_FLAG) {
        text_str(t, "_PRIVATE");
    }
    if (op & FUTEX_CLOCK_REALTIME) {
        text_str(t, "|FUTEX_CLOCK_REALTIME");
    }
}

void arg_futex_val(Arg *a)
{
    switch (futex_command(a)) {
    case FUTEX_LOCK_PI:
    case FUTEX_LOCK_PI2:
    case FUTEX_UNLOCK_PI:
    case FUTEX_TRYLOCK_PI:
        a->absent = true;
        break;
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
    case FUTEX_WAKE_OP:
        arg_int(a);
        break;
    default:
        arg_uint(a);
    }
}

static void futex_timeout(Arg *a, StructFn *print)
{
    switch (futex_command(a)) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
    case FUTEX_WAIT_REQUEUE_PI:
    case FUTEX_LOCK_PI:
    case FUTEX_LOCK_PI2:
        print(a->p, a->value);
        break;
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
    case FUTEX_WAKE_OP:
        arg_int(a);             /* here it is a number */
        break;
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
    case FUTEX_FD:
    case FUTEX_UNLOCK_PI:
    case FUTEX_TRYLOCK_PI:
        a->absent = true;
        break;
    default:
        arg_hex(a);
    }
}

void arg_futex_timeout(Arg *a)
{
    futex_timeout(a, print_timespec);
}

void arg_futex_timeout64(Arg *a)
{
    futex_timeout(a, print_timespec64);
}

void arg_futex_addr2(Arg *a)
{
    unsigned command = futex_command(a);

    switch (command) {
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_WAKE_OP:
    case FUTEX_WAIT_REQUEUE_PI:
    case FUTEX_CMP_REQUEUE_PI:
        arg_addr(a);
        break;
    default:
        if (xlat_name(&xlat_futex_ops, command)) {
            a->absent = true;
        } else {
            arg_hex(a);
        }
    }
}

/* Two operations, each with its operand, in one word. */
static void futex_wake_op(FrailText *t, uint32_t op)
{
    if (op >> 28 & 8) {
        text_str(t, "FUTEX_OP_OPARG_SHIFT<<28|");
    }
    print_enum(t, &xlat_futex_wake_ops, op >> 28 & 7);
    text_str(t, "<<28|");
    text_hex(t, op >> 12 & 0xfff);
    text_str(t, "<<12|");
    print_enum(t, &xlat_futex_wake_cmps, op >> 24 & 15);
    text_str(t, "<<24|");
    text_hex(t, op & 0xfff);
}

void arg_futex_val3(Arg *a)
{
    unsigned command = futex_command(a);
    uint32_t value = a->value;

    switch (command) {
    case FUTEX_WAIT_BITSET:
    case FUTEX_WAKE_BITSET:
        if (value == UINT32_MAX) {
            text_str(a->p->out, "FUTEX_BITSET_MATCH_ANY");
        } else {
            text_hex(a->p->out, value);
        }
        break;
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
        text_udec(a->p->out, value);
        break;
    case FUTEX_WAKE_OP:
        futex_wake_op(a->p->out, value);
        break;
    default:
        if (xlat_name(&xlat_futex_ops, command)) {
            a->absent = true;
        } else {
            text_hex(a->p->out, value);
        }
    }
}

/* futex_requeue: from one to another. */
void arg_futex_pair(Arg *a)
{
    print_futex_waiters(a->p, a->value, 2);
}

/* --- NUMA ---------------------------------------------------------------- */

#define MPOL_FLAGS  0xe000u

void arg_mempolicy(Arg *a)
{
    uint32_t mode = a->value;

    print_enum(a->p->out, &xlat_mpol_modes, mode & ~MPOL_FLAGS);
    print_flags_after(a->p->out, &xlat_mpol_mode_flags, mode & MPOL_FLAGS);
}

void arg_memfd_flags(Arg *a)
{
    write_memfd_flags(a->p->out, a->value);
}
