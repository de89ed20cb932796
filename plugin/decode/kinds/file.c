/*
 * Arguments that have to do with files.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>

#include "decode/kinds/kinds.h"
#include "decode/names/print.h"
#include "decode/print/proc.h"
#include "decode/print/stat.h"
#include "decode/print/file.h"

void print_open_flags(Printer *p, uint64_t flags)
{
    print_enum(p->out, &xlat_open_access, flags & O_ACCMODE);
    print_flags_after(p->out, &xlat_open_flags, flags & ~(uint64_t)O_ACCMODE);
}

void arg_open_flags(Arg *a)
{
    print_open_flags(a->p, (uint32_t)a->value);
}

void print_mode(Printer *p, unsigned mode)
{
    text_mode(p->out, (uint16_t)mode);
}

void arg_mode(Arg *a)
{
    print_mode(a->p, a->value);
}

/* Only a file that may be made has a mode. */
void arg_open_mode(Arg *a)
{
    uint32_t flags = arg_ref(a);

    if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {
        arg_mode(a);
    } else {
        a->absent = true;
    }
}

void arg_umask(Arg *a)
{
    arg_mode(a);
}

void arg_mode_type(Arg *a)
{
    print_st_mode(a->p, (uint16_t)a->value);
}

void arg_dev(Arg *a)
{
    uint32_t dev = a->value;
    FrailText *t = a->p->out;

    /* The encoding of 32 bits: the minor's upper bits are the topmost. */
    text_str(t, "makedev(");
    text_hex(t, (dev >> 8) & 0xfff);
    text_str(t, ", ");
    text_hex(t, (dev & 0xff) | ((dev >> 12) & 0xfff00));
    text_char(t, ')');
}

void arg_mknod_dev(Arg *a)
{
    uint32_t mode = arg_ref(a);

    if (S_ISCHR(mode) || S_ISBLK(mode)) {
        arg_dev(a);
    } else {
        a->absent = true;
    }
}

void arg_fan_dirfd(Arg *a)
{
    if ((int32_t)a->value == -1) {
        text_str(a->p->out, "FAN_NOFD");
    } else {
        print_dirfd(a->p, a->value);
    }
}

/* "0x7ffd0000 /" and "* 12 entries *" "/", from records of variable length. */
static void print_entries(Arg *a, bool wide)
{
    Printer *p = a->p;
    uint64_t at = 0, end, entries = 0;
    unsigned len_at = wide ? 16 : 2 * printer_word(p);

    if (!arg_written(a)) {
        return;
    }
    end = p->result;
    print_addr(p, a->value);
    while (at + len_at + 2 <= end && entries < 65536) {
        uint16_t len;

        if (!printer_read(p, a->value + at + len_at, &len, sizeof(len)) ||
            len < len_at + 2) {
            break;
        }
        entries++;
        at += len;
    }
    text_str(p->out, " /* ");
    text_udec(p->out, entries);
    text_str(p->out, " entries */");
}

void arg_dents(Arg *a)
{
    print_entries(a, false);
}

void arg_dents64(Arg *a)
{
    print_entries(a, true);
}

/* --- mount --------------------------------------------------------------- */

#define MS_REMOUNT      0x20
#define MS_BIND         0x1000
#define MS_MOVE         0x2000
#define MS_CHANGE_TYPE  (0x20000 | 0x40000 | 0x80000 | 0x100000)
#define MS_MGC_VAL      0xc0ed0000ull
#define MS_MGC_MSK      0xffff0000ull

void arg_mount_flags(Arg *a)
{
    uint64_t flags = a->value;
    bool first = true;

    if ((flags & MS_MGC_MSK) == MS_MGC_VAL) {
        text_str(a->p->out, "MS_MGC_VAL");
        flags &= ~MS_MGC_MSK;
        first = false;
    }
    if (first) {
        print_flags(a->p->out, &xlat_mount_flags, flags);
    } else {
        print_flags_after(a->p->out, &xlat_mount_flags, flags);
    }
}

static uint64_t mount_flags(const Arg *a)
{
    uint64_t flags = a->p->call->args[3];

    return (flags & MS_MGC_MSK) == MS_MGC_VAL ? flags & ~MS_MGC_MSK : flags;
}

/* The kernel does not look at the type when nothing new is mounted. */
void arg_mount_type(Arg *a)
{
    if (mount_flags(a) & (MS_REMOUNT | MS_BIND | MS_MOVE | MS_CHANGE_TYPE)) {
        print_addr(a->p, a->value);
    } else {
        print_string(a->p, a->value, a->p->opts->string_limit);
    }
}

void arg_mount_data(Arg *a)
{
    if (mount_flags(a) & (MS_BIND | MS_MOVE | MS_CHANGE_TYPE)) {
        print_addr(a->p, a->value);
    } else {
        print_string(a->p, a->value, a->p->opts->string_limit);
    }
}

/* --- openat2, statx ------------------------------------------------------ */

void arg_open_how(Arg *a)
{
    print_open_how(a->p, a->value, arg_ref(a));
}

#define STATX_SYNC  0x6000u

void arg_statx_flags(Arg *a)
{
    uint32_t flags = a->value;

    print_enum(a->p->out, &xlat_statx_sync, flags & STATX_SYNC);
    print_flags_after(a->p->out, &xlat_statx_flags, flags & ~STATX_SYNC);
}

void arg_swap_flags(Arg *a)
{
    write_swap_flags(a->p->out, a->value);
}

void arg_fanotify_init_flags(Arg *a)
{
    write_fanotify_init_flags(a->p->out, a->value);
}
