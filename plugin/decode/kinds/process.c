/*
 * Arguments that have to do with processes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "decode/kinds/kinds.h"
#include "decode/print/proc.h"
#include "decode/print/thread.h"

/* --- clone --------------------------------------------------------------- */

static uint64_t clone_flags(const Arg *a)
{
    return a->p->call->args[0];
}

/* The lowest byte is the signal at the child's end. */
void arg_clone_flags(Arg *a)
{
    FrailText *t = a->p->out;
    uint64_t flags = a->value & ~(uint64_t)CSIGNAL;
    unsigned signal = a->value & CSIGNAL;

    if (flags) {
        print_flags(t, &xlat_clone_flags, flags);
        if (signal) {
            text_char(t, '|');
            print_signal(a->p, signal);
        }
    } else if (signal) {
        print_signal(a->p, signal);
    } else {
        text_char(t, '0');
    }
}

void arg_clone_ptid(Arg *a)
{
    if (!(clone_flags(a) & (CLONE_PARENT_SETTID | CLONE_PIDFD))) {
        a->absent = true;
    } else if (clone_flags(a) & CLONE_PIDFD) {
        int32_t fd;

        if (!arg_written(a)) {
            return;
        }
        if (!printer_read(a->p, a->value, &fd, sizeof(fd))) {
            print_addr(a->p, a->value);
            return;
        }
        text_char(a->p->out, '[');
        print_fd(a->p, fd);
        text_char(a->p->out, ']');
    } else {
        arg_int_out(a);
    }
}

void arg_clone_tls(Arg *a)
{
    if (!(clone_flags(a) & CLONE_SETTLS)) {
        a->absent = true;
    } else if (a->p->call->abi == CALL_ABI_I386) {
        /* A struct user_desc; for the others an address. */
        print_user_desc(a->p, a->value);
    } else {
        arg_hex(a);
    }
}

void arg_clone_ctid(Arg *a)
{
    if (clone_flags(a) & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)) {
        arg_addr(a);
    } else {
        a->absent = true;
    }
}

void arg_clone_args(Arg *a)
{
    if (a->p->at_return) {
        print_clone_args_result(a->p, a->value, arg_ref(a));
    } else {
        print_clone_args(a->p, a->value, arg_ref(a));
        a->more = true;
    }
}

/* --- execve -------------------------------------------------------------- */

#define STRINGS_MAX     65536u

void arg_argv(Arg *a)
{
    Printer *p = a->p;
    uint64_t limit = array_limit(p), at = a->value, string;
    unsigned word = printer_word(p);

    if (!at || !printer_read_word(p, at, &string)) {
        print_addr(p, at);
        return;
    }
    text_char(p->out, '[');
    for (uint64_t i = 0; string; i++) {
        if (i) {
            text_str(p->out, ", ");
        }
        if (i == limit) {
            text_str(p->out, "...");
            break;
        }
        print_string(p, string, p->opts->string_limit);
        at += word;
        if (!printer_read_word(p, at, &string)) {
            text_str(p->out, ", ... /* ");
            print_addr(p, at);
            text_str(p->out, " */");
            break;
        }
    }
    text_char(p->out, ']');
}

/* Only how many there are. */
void arg_envp(Arg *a)
{
    Printer *p = a->p;
    uint64_t string;
    unsigned word = printer_word(p), n = 0;
    bool broken = false;

    if (p->opts->verbose) {
        arg_argv(a);
        return;
    }
    print_addr(p, a->value);
    if (!a->value) {
        return;
    }
    while (n < STRINGS_MAX) {
        if (!printer_read_word(p, a->value + (uint64_t)n * word, &string)) {
            broken = true;
            break;
        }
        if (!string) {
            break;
        }
        n++;
    }
    if (broken && !n) {
        return;
    }
    text_str(p->out, " /* ");
    text_udec(p->out, n);
    text_str(p->out, n == 1 ? " var" : " vars");
    text_str(p->out, broken ? ", unterminated */" : " */");
}

/* --- wait ---------------------------------------------------------------- */

/* Without a child, nothing is written. */
void arg_wait_status(Arg *a)
{
    if (!arg_written(a)) {
        return;
    }
    if (!a->p->result) {
        print_addr(a->p, a->value);
    } else {
        print_wait_status(a->p, a->value);
    }
}

void arg_wait_rusage(Arg *a)
{
    if (!arg_written(a)) {
        return;
    }
    if (!a->p->result) {
        print_addr(a->p, a->value);
    } else {
        print_rusage(a->p, a->value);
    }
}

void arg_waitid_id(Arg *a)
{
    if ((uint32_t)arg_ref(a) == 3 /* P_PIDFD */) {
        arg_fd(a);
    } else {
        arg_int(a);
    }
}

/* --- Others -------------------------------------------------------------- */

#define ARCH_GET_FS             0x1003
#define ARCH_GET_GS             0x1004
#define ARCH_GET_CPUID          0x1011
#define ARCH_GET_XCOMP_SUPP     0x1021
#define ARCH_GET_XCOMP_PERM     0x1022

void arg_arch_prctl(Arg *a)
{
    switch ((uint32_t)arg_ref(a)) {
    case ARCH_GET_FS:
    case ARCH_GET_GS:
        arg_addr_out(a);
        break;
    case ARCH_GET_CPUID:
        a->absent = true;
        break;
    case ARCH_GET_XCOMP_SUPP:
    case ARCH_GET_XCOMP_PERM:
        if (arg_written(a)) {
            uint64_t mask;

            if (!printer_read(a->p, a->value, &mask, sizeof(mask))) {
                print_addr(a->p, a->value);
                break;
            }
            text_char(a->p->out, '[');
            text_hex(a->p->out, mask);
            text_char(a->p->out, ']');
        }
        break;
    default:
        arg_hex(a);
    }
}

#define PER_MASK        0xffu

void print_personality(Printer *p, unsigned value)
{
    const char *name = xlat_name(&xlat_personality_types, value);
    bool first = false;
    uint64_t rest;

    if (name) {
        text_str(p->out, name);
        return;
    }
    print_enum(p->out, &xlat_personality_types, value & PER_MASK);
    rest = print_flags_known(p->out, &xlat_personality_flags,
                             value & ~PER_MASK, &first);
    if (rest) {
        text_char(p->out, '|');
        text_hex(p->out, rest);
    }
}

void arg_personality(Arg *a)
{
    if ((uint32_t)a->value == UINT32_MAX) {
        text_str(a->p->out, "0xffffffff");
    } else {
        print_personality(a->p, a->value);
    }
}

void print_ioprio(Printer *p, unsigned value)
{
    text_str(p->out, "IOPRIO_PRIO_VALUE(");
    print_enum(p->out, &xlat_ioprio_classes, value >> 13);
    text_str(p->out, ", ");
    text_udec(p->out, value & 0x1fff);
    text_char(p->out, ')');
}

void arg_ioprio(Arg *a)
{
    print_ioprio(a->p, (uint32_t)a->value);
}
