/*
 * Arguments of System V and POSIX IPC.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/fcntl.h>
#include <linux/ipc.h>
#include <linux/sem.h>

#include "decode/kinds/kinds.h"
#include "decode/print/ipc.h"
#include "decode/print/mq.h"

void arg_ipc_key(Arg *a)
{
    if ((uint32_t)a->value == IPC_PRIVATE) {
        text_str(a->p->out, "IPC_PRIVATE");
    } else {
        arg_hex32(a);
    }
}

/* Flags and, behind them, permissions in octal. */
static void get_flags(Arg *a, const Xlat *x)
{
    uint32_t flags = a->value & ~0777u;

    if (flags) {
        print_flags(a->p->out, x, flags);
        text_char(a->p->out, '|');
    }
    text_mode(a->p->out, a->value & 0777);
}

void arg_ipc_get_flags(Arg *a)
{
    get_flags(a, &xlat_ipc_flags);
}

void arg_shmget_flags(Arg *a)
{
    get_flags(a, &xlat_shmget_flags);
}

/* i386 asks with a flag for structures of today's size. */
static void command(Arg *a, const Xlat *x)
{
    uint32_t value = a->value;

    if (value & IPC_64) {
        text_str(a->p->out, "IPC_64|");
        value &= ~IPC_64;
    }
    print_enum(a->p->out, x, value);
}

void arg_semctl_cmd(Arg *a)
{
    command(a, &xlat_semctl_cmds);
}

void arg_shmctl_cmd(Arg *a)
{
    command(a, &xlat_shmctl_cmds);
}

void arg_msgctl_cmd(Arg *a)
{
    command(a, &xlat_msgctl_cmds);
}

#define IPC_SET_    1

/* What IPC_SET gives is known at entry, what the others return is not. */
static void control(Arg *a, void (*print)(Printer *p, int cmd, uint64_t addr))
{
    int cmd = (uint32_t)arg_ref(a) & ~IPC_64;

    if (cmd == IPC_SET_ || arg_written(a)) {
        print(a->p, cmd, a->value);
    }
}

/* A number, a pointer or nothing at all: strace shows the word. */
void arg_semctl(Arg *a)
{
    switch ((uint32_t)arg_ref(a) & ~IPC_64) {
    case SETVAL:
        arg_hex(a);
        break;
    case GETVAL:
    case GETPID:
    case GETNCNT:
    case GETZCNT:
    case IPC_RMID:
        arg_addr(a);
        break;
    default:
        control(a, print_semctl);
    }
}

void arg_shmctl(Arg *a)
{
    if (((uint32_t)arg_ref(a) & ~IPC_64) == IPC_RMID) {
        arg_addr(a);
    } else {
        control(a, print_shmctl);
    }
}

void arg_msgctl(Arg *a)
{
    if (((uint32_t)arg_ref(a) & ~IPC_64) == IPC_RMID) {
        arg_addr(a);
    } else {
        control(a, print_msgctl);
    }
}

void arg_msgbuf_in(Arg *a)
{
    print_msgbuf(a->p, a->value, arg_ref(a));
}

void arg_msgbuf_out(Arg *a)
{
    if (arg_written(a)) {
        print_msgbuf(a->p, a->value, a->p->result);
    }
}

void print_mq_attr(Printer *p, uint64_t addr)
{
    static const char *const names[] = {
        ", mq_maxmsg=", ", mq_msgsize=", ", mq_curmsgs=",
    };
    unsigned word = printer_word(p);
    uint64_t flags, value;

    if (!addr || !printer_read_word(p, addr, &flags)) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{mq_flags=");
    print_open_flags(p, flags);
    for (unsigned i = 0; i < 3; i++) {
        if (!printer_read_word(p, addr + (i + 1) * word, &value)) {
            text_str(p->out, ", ...");
            break;
        }
        text_str(p->out, names[i]);
        text_dec(p->out, word == 4 ? (int32_t)value : (int64_t)value);
    }
    text_char(p->out, '}');
}

void arg_mq_attr(Arg *a)
{
    if (arg_ref(a) & O_CREAT) {
        print_mq_attr(a->p, a->value);
    } else {
        a->absent = true;
    }
}
