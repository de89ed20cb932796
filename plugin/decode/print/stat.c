/*
 * Printers of what is told about files and file systems.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/stat.h>

#include "decode/print/members.h"
#include "decode/print/stat.h"
#include "decode/print/time.h"

/* What the four layouts have in common. */
typedef struct Stat {
    uint64_t dev, ino, nlink, mode, uid, gid, rdev, size, blksize, blocks;
    struct {
        int64_t sec;
        uint64_t nsec;
    } time[3];              /* of access, modification, change */
    bool has_nsec;
} Stat;

void print_st_mode(Printer *p, unsigned mode)
{
    const char *type = xlat_name(&xlat_mode_types, mode & S_IFMT);

    if (type) {
        text_str(p->out, type);
        text_char(p->out, '|');
        mode &= ~S_IFMT;
    }
    if (mode & S_ISUID) {
        text_str(p->out, "S_ISUID|");
    }
    if (mode & S_ISGID) {
        text_str(p->out, "S_ISGID|");
    }
    if (mode & S_ISVTX) {
        text_str(p->out, "S_ISVTX|");
    }
    text_mode(p->out, mode & ~(S_ISUID | S_ISGID | S_ISVTX));
}

static void stat_times(Printer *p, const Stat *s)
{
    static const char name[3][9] = { "st_atime", "st_mtime", "st_ctime" };

    for (unsigned i = 0; i < 3; i++) {
        text_str(p->out, ", ");
        text_str(p->out, name[i]);
        text_char(p->out, '=');
        text_dec(p->out, s->time[i].sec);
        print_date_comment(p, s->time[i].sec, s->time[i].nsec, 9);
        if (s->has_nsec) {
            text_str(p->out, ", ");
            text_str(p->out, name[i]);
            text_str(p->out, "_nsec=");
            text_udec(p->out, s->time[i].nsec);
        }
    }
}

static void stat_number(Printer *p, const char *name, uint64_t value)
{
    text_str(p->out, ", ");
    text_str(p->out, name);
    text_char(p->out, '=');
    text_udec(p->out, value);
}

static void print_any_stat(Printer *p, const Stat *s)
{
    bool all = p->opts->verbose;

    text_char(p->out, '{');
    if (all) {
        text_str(p->out, "st_dev=");
        print_dev(p, s->dev);
        stat_number(p, "st_ino", s->ino);
        text_str(p->out, ", ");
    }
    text_str(p->out, "st_mode=");
    print_st_mode(p, s->mode);
    if (all) {
        stat_number(p, "st_nlink", s->nlink);
        stat_number(p, "st_uid", s->uid);
        stat_number(p, "st_gid", s->gid);
        stat_number(p, "st_blksize", s->blksize);
        stat_number(p, "st_blocks", s->blocks);
    }
    if ((s->mode & S_IFMT) == S_IFCHR || (s->mode & S_IFMT) == S_IFBLK) {
        text_str(p->out, ", st_rdev=");
        print_dev(p, s->rdev);
    } else {
        stat_number(p, "st_size", s->size);
    }
    if (all) {
        stat_times(p, s);
    } else {
        text_str(p->out, ", ...");
    }
    text_char(p->out, '}');
}

static void take_times(Members *m, Stat *s, bool narrow)
{
    for (unsigned i = 0; i < 3; i++) {
        s->time[i].sec = narrow ? take_signed(m, SIZE_32) :
                         take_signed(m, SIZE_64);
        s->time[i].nsec = take(m, narrow ? SIZE_32 : SIZE_64);
    }
    s->has_nsec = true;
}

/* x32 has the layout of x86-64. */
static void stat_wide(Members *m, Stat *s)
{
    s->dev = take(m, SIZE_64);
    s->ino = take(m, SIZE_64);
    s->nlink = take(m, SIZE_64);
    s->mode = take(m, SIZE_32);
    s->uid = take(m, SIZE_32);
    s->gid = take(m, SIZE_32);
    s->rdev = take(m, SIZE_64);
    s->size = take(m, SIZE_64);
    s->blksize = take(m, SIZE_64);
    s->blocks = take(m, SIZE_64);
    take_times(m, s, false);
}

static void stat_i386(Members *m, Stat *s)
{
    s->dev = take(m, SIZE_32);
    s->ino = take(m, SIZE_32);
    s->mode = take(m, SIZE_16);
    s->nlink = take(m, SIZE_16);
    s->uid = take(m, SIZE_16);
    s->gid = take(m, SIZE_16);
    s->rdev = take(m, SIZE_32);
    s->size = take(m, SIZE_32);
    s->blksize = take(m, SIZE_32);
    s->blocks = take(m, SIZE_32);
    take_times(m, s, true);
}

void print_stat(Printer *p, uint64_t addr)
{
    uint8_t buf[144];
    Stat s = { 0 };
    Members m;

    if (!members_read(&m, p, addr, buf,
                      abi_size(p, (AbiSize) { 144, 144, 64 }))) {
        return;
    }
    if (p->call->abi == CALL_ABI_I386) {
        stat_i386(&m, &s);
    } else {
        stat_wide(&m, &s);
    }
    print_any_stat(p, &s);
}

void print_stat64(Printer *p, uint64_t addr)
{
    uint8_t buf[96];
    Stat s = { 0 };
    Members m;

    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    s.dev = take(&m, SIZE_64);
    take_bytes(&m, 8);                  /* half an inode number among it */
    s.mode = take(&m, SIZE_32);
    s.nlink = take(&m, SIZE_32);
    s.uid = take(&m, SIZE_32);
    s.gid = take(&m, SIZE_32);
    s.rdev = take(&m, SIZE_64);
    take_bytes(&m, 4);
    s.size = take(&m, SIZE_64);
    s.blksize = take(&m, SIZE_32);
    s.blocks = take(&m, SIZE_64);
    take_times(&m, &s, true);
    s.ino = take(&m, SIZE_64);
    print_any_stat(p, &s);
}

void print_oldstat(Printer *p, uint64_t addr)
{
    uint8_t buf[32];
    Stat s = { 0 };
    Members m;

    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    s.dev = take(&m, SIZE_16);
    s.ino = take(&m, SIZE_16);
    s.mode = take(&m, SIZE_16);
    s.nlink = take(&m, SIZE_16);
    s.uid = take(&m, SIZE_16);
    s.gid = take(&m, SIZE_16);
    s.rdev = take(&m, SIZE_16);
    s.size = take(&m, SIZE_32);
    for (unsigned i = 0; i < 3; i++) {
        s.time[i].sec = take_signed(&m, SIZE_32);
    }
    print_any_stat(p, &s);
}

static void statx_time(Members *m, const char *name)
{
    int64_t sec = take_signed(m, SIZE_64);
    uint32_t nsec = take(m, SIZE_32);

    take_bytes(m, 4);
    member_name(m, name);
    text_str(m->p->out, "{tv_sec=");
    text_dec(m->p->out, sec);
    text_str(m->p->out, ", tv_nsec=");
    text_udec(m->p->out, nsec);
    text_char(m->p->out, '}');
    print_date_comment(m->p, sec, nsec, 9);
}

static void statx_all(Members *m, uint32_t mask)
{
    static const Member attributes =
        MEMBER_FLAGS("stx_attributes_mask", 64, statx_attrs);
    static const Member devices[] = {
        MEMBER("stx_rdev_major", 32, UINT),
        MEMBER("stx_rdev_minor", 32, UINT),
        MEMBER("stx_dev_major", 32, UINT),
        MEMBER("stx_dev_minor", 32, UINT),
    };
    static const struct {
        const char *name;
        uint32_t mask;
    } times[] = {
        { "stx_atime", STATX_ATIME },
        { "stx_btime", STATX_BTIME },
        { "stx_ctime", STATX_CTIME },
        { "stx_mtime", STATX_MTIME },
    };
    uint64_t blocks = take(m, SIZE_64);

    if (mask & STATX_BLOCKS) {
        member_name(m, "stx_blocks");
        text_udec(m->p->out, blocks);
    }
    members_print(m, &attributes, 1);
    for (unsigned i = 0; i < 4; i++) {
        if (mask & times[i].mask) {
            statx_time(m, times[i].name);
        } else {
            take_bytes(m, 16);
        }
    }
    MEMBERS_PRINT(m, devices);
    if (mask & STATX_MNT_ID) {
        member_name(m, "stx_mnt_id");
        text_hex(m->p->out, take(m, SIZE_64));
    }
}

static void statx_owner(Members *m, uint32_t mask)
{
    uint32_t nlink = take(m, SIZE_32);
    uint32_t uid = take(m, SIZE_32);
    uint32_t gid = take(m, SIZE_32);

    if (!m->p->opts->verbose) {
        return;
    }
    if (mask & STATX_NLINK) {
        member_name(m, "stx_nlink");
        text_udec(m->p->out, nlink);
    }
    if (mask & STATX_UID) {
        member_name(m, "stx_uid");
        print_id(m->p, uid);
    }
    if (mask & STATX_GID) {
        member_name(m, "stx_gid");
        print_id(m->p, gid);
    }
}

void print_statx(Printer *p, uint64_t addr)
{
    static const Member attributes =
        MEMBER_FLAGS("stx_attributes", 64, statx_attrs);
    uint8_t buf[256];
    uint32_t mask, blksize, mode;
    uint64_t ino, size;
    Members m;

    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    mask = take(&m, SIZE_32);
    member_name(&m, "stx_mask");
    print_flags(p->out, &xlat_statx_masks, mask);
    blksize = take(&m, SIZE_32);
    if (p->opts->verbose) {
        member_name(&m, "stx_blksize");
        text_udec(p->out, blksize);
    }
    members_print(&m, &attributes, 1);
    statx_owner(&m, mask);
    mode = take(&m, SIZE_16);
    ino = take(&m, SIZE_64);
    size = take(&m, SIZE_64);
    if (mask & (STATX_TYPE | STATX_MODE)) {
        member_name(&m, "stx_mode");
        print_st_mode(p, mode);
    }
    if (p->opts->verbose && (mask & STATX_INO)) {
        member_name(&m, "stx_ino");
        text_udec(p->out, ino);
    }
    if (mask & STATX_SIZE) {
        member_name(&m, "stx_size");
        text_udec(p->out, size);
    }
    if (p->opts->verbose) {
        statx_all(&m, mask);
    } else {
        text_str(p->out, ", ...");
    }
    text_char(p->out, '}');
}

static void print_fs_type(Members *m, uint64_t type)
{
    const char *name = xlat_name(&xlat_statfs_magics, type);

    if (name) {
        text_str(m->p->out, name);
    } else {
        text_hex(m->p->out, type);
    }
}

static void statfs_type(Members *m)
{
    print_fs_type(m, take(m, SIZE_WORD));
}

static void statfs_type64(Members *m)
{
    print_fs_type(m, take(m, SIZE_32));
}

static void statfs_fsid(Members *m)
{
    text_str(m->p->out, "{val=[");
    text_hex(m->p->out, take(m, SIZE_32));
    text_str(m->p->out, ", ");
    text_hex(m->p->out, take(m, SIZE_32));
    text_str(m->p->out, "]}");
}

void print_statfs(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER_CALL("f_type", statfs_type),
        MEMBER("f_bsize", WORD, UINT),
        MEMBER("f_blocks", WORD, UINT),
        MEMBER("f_bfree", WORD, UINT),
        MEMBER("f_bavail", WORD, UINT),
        MEMBER("f_files", WORD, UINT),
        MEMBER("f_ffree", WORD, UINT),
        MEMBER_CALL("f_fsid", statfs_fsid),
        MEMBER("f_namelen", WORD, UINT),
        MEMBER("f_frsize", WORD, UINT),
        MEMBER_FLAGS("f_flags", WORD, statfs_flags),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 120, 64, 64 }), list);
}

void print_statfs64(Printer *p, uint64_t addr, uint64_t size)
{
    static const Member list[] = {
        MEMBER_CALL("f_type", statfs_type64),
        MEMBER("f_bsize", 32, UINT),
        MEMBER("f_blocks", 64, UINT),
        MEMBER("f_bfree", 64, UINT),
        MEMBER("f_bavail", 64, UINT),
        MEMBER("f_files", 64, UINT),
        MEMBER("f_ffree", 64, UINT),
        MEMBER_CALL("f_fsid", statfs_fsid),
        MEMBER("f_namelen", 32, UINT),
        MEMBER("f_frsize", 32, UINT),
        MEMBER_FLAGS("f_flags", 32, statfs_flags),
    };

    if (size == 84) {
        PRINT_MEMBERS(p, addr, ((AbiSize) { 88, 88, 84 }), list);
    } else {
        print_addr(p, addr);
    }
}

void print_ustat(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("f_tfree", 32, INT),
        MEMBER("f_tinode", KLONG, UINT),
        MEMBER_TEXT("f_fname", 6),
        MEMBER_TEXT("f_fpack", 6),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 32, 32, 20 }), list);
}
