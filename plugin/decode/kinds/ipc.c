/*
 * Arguments of System V and POSIX IPC, and of the kernel's keys.
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

/* --- Keys ---------------------------------------------------------------- */

void arg_keyring(Arg *a)
{
    const char *name = xlat_name(&xlat_key_specs, (uint32_t)a->value);

    if (name) {
        text_str(a->p->out, name);
    } else {
        arg_int(a);
    }
}

typedef enum KeyKind {
    NONE, KEY, STR, BUFFER, OUT, LONG, USER, NUMBER, PERM, REQKEY, HEX,
} KeyKind;

/* The arguments behind the first one, and which is the length of a buffer. */
typedef struct KeyOption {
    uint8_t kind[4];
    uint8_t length;
} KeyOption;

static const KeyOption key_options[] = {
    [0] = { { KEY, LONG }, 0 },                 /* GET_KEYRING_ID */
    [1] = { { STR }, 0 },                       /* JOIN_SESSION_KEYRING */
    [2] = { { KEY, BUFFER, LONG }, 3 },         /* UPDATE */
    [3] = { { KEY }, 0 },                       /* REVOKE */
    [4] = { { KEY, USER, USER }, 0 },           /* CHOWN */
    [5] = { { KEY, PERM }, 0 },                 /* SETPERM */
    [6] = { { KEY, OUT, LONG }, 3 },            /* DESCRIBE */
    [7] = { { KEY }, 0 },                       /* CLEAR */
    [8] = { { KEY, KEY }, 0 },                  /* LINK */
    [9] = { { KEY, KEY }, 0 },                  /* UNLINK */
    [10] = { { KEY, STR, STR, KEY }, 0 },       /* SEARCH */
    [11] = { { KEY, OUT, LONG }, 3 },           /* READ */
    [12] = { { KEY, BUFFER, LONG, KEY }, 3 },   /* INSTANTIATE */
    [13] = { { KEY, NUMBER, KEY }, 0 },         /* NEGATE */
    [14] = { { REQKEY }, 0 },                   /* SET_REQKEY_KEYRING */
    [15] = { { KEY, NUMBER }, 0 },              /* SET_TIMEOUT */
    [16] = { { KEY }, 0 },                      /* ASSUME_AUTHORITY */
    [17] = { { KEY, OUT, LONG }, 3 },           /* GET_SECURITY */
    [18] = { { NONE }, 0 },                     /* SESSION_TO_PARENT */
    [19] = { { KEY, NUMBER, NUMBER, KEY }, 0 }, /* REJECT */
    [20] = { { KEY, HEX, LONG, KEY }, 0 },      /* INSTANTIATE_IOV */
    [21] = { { KEY }, 0 },                      /* INVALIDATE */
    [22] = { { USER, KEY }, 0 },                /* GET_PERSISTENT */
};

#define KEY_OPTIONS (sizeof(key_options) / sizeof(key_options[0]))

static void key_perms(Arg *a)
{
    uint32_t perms = a->value;

    print_flags(a->p->out, &xlat_key_perms, perms);
}

static void keyctl_arg(Arg *a, unsigned i)
{
    uint32_t option = arg_ref(a);
    const KeyOption *o;

    if (option >= KEY_OPTIONS) {
        a->raw = true;
        arg_hex(a);
        return;
    }
    o = &key_options[option];
    switch ((KeyKind)o->kind[i]) {
    case NONE:
        a->absent = true;
        break;
    case KEY:
        arg_keyring(a);
        break;
    case STR:
        arg_str(a);
        break;
    case BUFFER:
        print_buffer(a->p, a->value, a->p->call->args[o->length]);
        break;
    case OUT:
        if (arg_written(a)) {
            uint64_t len = a->p->call->args[o->length];

            /* The result is what there was to be had. */
            if (len > (uint64_t)a->p->result) {
                len = a->p->result;
            }
            print_buffer(a->p, a->value, len);
        }
        break;
    case LONG:
        arg_ulong(a);
        break;
    case USER:
        arg_uid(a);
        break;
    case NUMBER:
        arg_uint(a);
        break;
    case PERM:
        key_perms(a);
        break;
    case REQKEY:
        print_enum(a->p->out, &xlat_key_reqkeys, (uint32_t)a->value);
        break;
    case HEX:
        arg_hex(a);
        break;
    }
}

void arg_keyctl2(Arg *a)
{
    keyctl_arg(a, 0);
}

void arg_keyctl3(Arg *a)
{
    keyctl_arg(a, 1);
}

void arg_keyctl4(Arg *a)
{
    keyctl_arg(a, 2);
}

void arg_keyctl5(Arg *a)
{
    keyctl_arg(a, 3);
}
