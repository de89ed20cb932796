/*
 * fcntl: its third argument and its result, by the command.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/fcntl.h>

#include "decode/kinds/kinds.h"
#include "decode/result.h"

#define GETLK64     12      /* i386 */
#define SETLK64     13
#define SETLKW64    14

static void owner(Arg *a)
{
    Printer *p = a->p;
    int32_t owner[2];

    if (!a->value || !printer_read(p, a->value, owner, sizeof(owner))) {
        print_addr(p, a->value);
        return;
    }
    text_str(p->out, "{type=");
    print_enum(p->out, &xlat_owner_types, (uint32_t)owner[0]);
    text_str(p->out, ", pid=");
    text_dec(p->out, owner[1]);
    text_char(p->out, '}');
}

/*
 * struct flock, with offsets of long (@wide: of 64 bits).  l_pid is shown
 * of a lock that was asked for.
 */
static void lock(Arg *a, bool wide, bool with_pid)
{
    Printer *p = a->p;
    bool i386 = p->call->abi == CALL_ABI_I386;
    unsigned size = i386 && !wide ? 4 : 8;
    /* i386 aligns 64 bits to 4 bytes. */
    unsigned start = i386 ? 4 : 8, at_pid = start + 2 * size;
    int16_t head[2];
    int64_t range[2];
    int32_t narrow[2], pid;
    uint8_t buf[8 + 16 + 4];

    if (!a->value || !printer_read(p, a->value, buf, at_pid + sizeof(pid))) {
        print_addr(p, a->value);
        return;
    }
    memcpy(head, buf, sizeof(head));
    memcpy(&pid, buf + at_pid, sizeof(pid));
    if (size == 4) {
        memcpy(narrow, buf + start, sizeof(narrow));
        range[0] = narrow[0];
        range[1] = narrow[1];
    } else {
        memcpy(range, buf + start, sizeof(range));
    }
    text_str(p->out, "{l_type=");
    print_enum(p->out, &xlat_lock_types, (uint16_t)head[0]);
    text_str(p->out, ", l_whence=");
    print_enum(p->out, &xlat_seek_whence, (uint16_t)head[1]);
    text_str(p->out, ", l_start=");
    text_dec(p->out, range[0]);
    text_str(p->out, ", l_len=");
    text_dec(p->out, range[1]);
    if (with_pid) {
        text_str(p->out, ", l_pid=");
        text_dec(p->out, pid);
    }
    text_char(p->out, '}');
}

static void hint(Arg *a)
{
    Printer *p = a->p;
    uint64_t value;

    if (!a->value || !printer_read(p, a->value, &value, sizeof(value))) {
        print_addr(p, a->value);
        return;
    }
    text_char(p->out, '[');
    print_enum(p->out, &xlat_rw_hints, value);
    text_char(p->out, ']');
}

#define F_GET_RW_HINT_      1035
#define F_SET_RW_HINT_      1036
#define F_GET_FILE_RW_HINT_ 1037
#define F_SET_FILE_RW_HINT_ 1038

void arg_fcntl(Arg *a)
{
    Printer *p = a->p;
    uint32_t value = a->value;

    switch ((uint32_t)arg_ref(a)) {
    case F_SETFD:
        print_flags(p->out, &xlat_fd_flags, value);
        break;
    case F_SETFL:
        print_open_flags(p, value);
        break;
    case F_SETOWN:
    case F_SETPIPE_SZ:
        arg_int(a);
        break;
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        arg_int(a);
        break;
    case F_SETLK:
    case F_SETLKW:
        lock(a, false, false);
        break;
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
        lock(a, true, false);
        break;
    case SETLK64:
    case SETLKW64:
        lock(a, true, false);
        break;
    case F_GETLK:
        if (arg_written(a)) {
            lock(a, false, true);
        }
        break;
    case F_OFD_GETLK:
    case GETLK64:
        if (arg_written(a)) {
            lock(a, true, true);
        }
        break;
    case F_SETOWN_EX:
        owner(a);
        break;
    case F_GETOWN_EX:
        if (arg_written(a)) {
            owner(a);
        }
        break;
    case F_NOTIFY:
        print_flags(p->out, &xlat_notify_flags, value);
        break;
    case F_SETLEASE:
        print_enum(p->out, &xlat_lock_types, value);
        break;
    case F_ADD_SEALS:
        print_flags(p->out, &xlat_seal_flags, value);
        break;
    case F_SETSIG:
        print_signal(p, value);
        break;
    case F_SET_RW_HINT_:
    case F_SET_FILE_RW_HINT_:
        hint(a);
        break;
    case F_GET_RW_HINT_:
    case F_GET_FILE_RW_HINT_:
        if (arg_written(a)) {
            hint(a);
        }
        break;
    case F_GETFD:
    case F_GETFL:
    case F_GETOWN:
    case F_GETSIG:
    case F_GETLEASE:
    case F_GET_SEALS:
    case F_GETPIPE_SZ:
        a->absent = true;
        break;
    default:
        a->raw = true;
        arg_hex(a);
    }
}

static void with_flags(Printer *p, const char *before)
{
    text_hex(p->out, p->result);
    text_str(p->out, before);
}

void res_fcntl(Printer *p)
{
    switch ((uint32_t)p->call->args[1]) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        print_fd(p, p->result);
        return;
    case F_GETFD:
        if (p->result) {
            with_flags(p, " (flags ");
            print_flags(p->out, &xlat_fd_flags, p->result);
            text_char(p->out, ')');
            return;
        }
        break;
    case F_GETFL:
        with_flags(p, " (flags ");
        print_open_flags(p, p->result);
        text_char(p->out, ')');
        return;
    case F_GETLEASE:
        with_flags(p, " (");
        print_enum(p->out, &xlat_lock_types, p->result);
        text_char(p->out, ')');
        return;
    case F_GET_SEALS:
        if (p->result) {
            with_flags(p, " (seals ");
            print_flags(p->out, &xlat_seal_flags, p->result);
            text_char(p->out, ')');
            return;
        }
        break;
    case F_GETSIG:
        if (p->result) {
            text_dec(p->out, p->result);
            text_str(p->out, " (");
            print_signal(p, p->result);
            text_char(p->out, ')');
            return;
        }
        break;
    }
    text_dec(p->out, p->result);
}
