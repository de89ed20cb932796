/*
 * Words of several fields: files, mounts, devices.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/names/print.h"

#include "decode/names/fields.h"

void write_field_and_flags(FrailText *t, const Xlat *fields, uint64_t field,
                           const Xlat *flags, uint64_t rest)
{
    const char *name = xlat_name(fields, field);
    bool first = !name;

    if (name) {
        text_str(t, name);
    }
    rest = print_flags_known(t, flags, rest, &first);
    if (!name) {
        rest |= field;
    }
    if (rest) {
        if (!first) {
            text_char(t, '|');
        }
        text_hex(t, rest);
        if (first) {
            print_xlat_label(t, fields);
        }
    } else if (first) {
        text_char(t, '0');
    }
}

#define OPEN_ACCESS     03

void write_open_flags(FrailText *t, uint32_t flags)
{
    print_enum(t, &xlat_open_access, flags & OPEN_ACCESS);
    print_flags_after(t, &xlat_open_flags, flags & ~OPEN_ACCESS);
}

#define MODE_TYPE       0170000
#define MODE_SET        07000

void write_mode(FrailText *t, uint32_t mode)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } set[] = {
        { 04000, "|S_ISUID" }, { 02000, "|S_ISGID" }, { 01000, "|S_ISVTX" },
    };
    const char *type = xlat_name(&xlat_mode_types, mode & MODE_TYPE);

    if (!type) {
        text_mode(t, mode);
        return;
    }
    text_str(t, type);
    for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++) {
        if (mode & set[i].bit) {
            text_str(t, set[i].name);
        }
    }
    text_char(t, '|');
    text_mode(t, mode & ~(MODE_TYPE | MODE_SET));
}

void write_dev(FrailText *t, uint64_t dev)
{
    text_str(t, "makedev(");
    text_hex(t, (dev >> 8 & 0xfff) | (dev >> 32 & ~UINT64_C(0xfff)));
    text_str(t, ", ");
    text_hex(t, (dev & 0xff) | (dev >> 12 & 0xffffff00));
    text_char(t, ')');
}

#define STATX_SYNC      0x6000

void write_statx_flags(FrailText *t, uint32_t flags)
{
    print_flags(t, &xlat_statx_sync, flags & STATX_SYNC);
    print_flags_after(t, &xlat_statx_flags, flags & ~STATX_SYNC);
}

#define MOUNT_MAGIC         0xc0ed0000
#define MOUNT_MAGIC_MASK    UINT64_C(0xffff0000)

void write_mount_flags(FrailText *t, uint64_t flags)
{
    if ((flags & MOUNT_MAGIC_MASK) == MOUNT_MAGIC) {
        text_str(t, "MS_MGC_VAL");
        print_flags_after(t, &xlat_mount_flags, flags & ~MOUNT_MAGIC_MASK);
    } else {
        print_flags(t, &xlat_mount_flags, flags);
    }
}

#define FANOTIFY_CLASS      0xc

void write_fanotify_init_flags(FrailText *t, uint32_t flags)
{
    print_enum(t, &xlat_fanotify_classes, flags & FANOTIFY_CLASS);
    print_flags_after(t, &xlat_fanotify_init_flags, flags & ~FANOTIFY_CLASS);
}

#define SWAP_PRIORITY       0x7fff

void write_swap_flags(FrailText *t, uint32_t flags)
{
    if (flags & ~SWAP_PRIORITY) {
        print_flags(t, &xlat_swap_flags, flags & ~SWAP_PRIORITY);
        text_char(t, '|');
    }
    text_udec(t, flags & SWAP_PRIORITY);
}

void write_quota_cmd(FrailText *t, uint32_t cmd)
{
    text_str(t, "QCMD(");
    print_enum(t, &xlat_quota_cmds, quota_cmd(cmd));
    text_str(t, ", ");
    print_enum(t, &xlat_quota_types, cmd & 0xff);
    text_char(t, ')');
}
