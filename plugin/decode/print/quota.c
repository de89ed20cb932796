/*
 * Printers of quotactl's structures.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/members.h"
#include "decode/print/quota.h"

/* struct if_dqblk, and what if_nextdqblk has behind that. */
static void print_any_dqblk(Printer *p, uint64_t addr, AbiSize size, bool next)
{
    static const Member list[] = {
        MEMBER("dqb_bhardlimit", 64, UINT),
        MEMBER("dqb_bsoftlimit", 64, UINT),
        MEMBER("dqb_curspace", 64, UINT),
        MEMBER("dqb_ihardlimit", 64, UINT),
        MEMBER("dqb_isoftlimit", 64, UINT),
        MEMBER("dqb_curinodes", 64, UINT),
    };
    static const Member times[] = {
        MEMBER("dqb_btime", 64, UINT),
        MEMBER("dqb_itime", 64, UINT),
        MEMBER_FLAGS("dqb_valid", 32, quota_if_flags),
    };
    static const Member id = MEMBER("dqb_id", 32, UINT);
    uint8_t buf[72];
    Members m;

    if (!members_read(&m, p, addr, buf, abi_size(p, size))) {
        return;
    }
    MEMBERS_PRINT(&m, list);
    if (p->opts->verbose) {
        MEMBERS_PRINT(&m, times);
    } else {
        take_bytes(&m, 20);
    }
    if (next) {
        members_print(&m, &id, 1);
    }
    text_str(p->out, p->opts->verbose ? "}" : ", ...}");
}

void print_dqblk(Printer *p, uint64_t addr)
{
    print_any_dqblk(p, addr, (AbiSize) { 72, 72, 68 }, false);
}

void print_nextdqblk(Printer *p, uint64_t addr)
{
    print_any_dqblk(p, addr, (AbiSize) { 72, 72, 72 }, true);
}

void print_dqinfo(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("dqi_bgrace", 64, UINT),
        MEMBER("dqi_igrace", 64, UINT),
        MEMBER_FLAGS("dqi_flags", 32, quota_info_flags),
        MEMBER_FLAGS("dqi_valid", 32, quota_iif_flags),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 24, 24, 24 }), list);
}

void print_xfs_dqblk(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("d_version", 8, INT),
        MEMBER_FLAGS("d_flags", 8, xfs_dqblk_flags),
        MEMBER("d_fieldmask", 16, HEX),
        MEMBER("d_id", 32, UINT),
        MEMBER("d_blk_hardlimit", 64, UINT),
        MEMBER("d_blk_softlimit", 64, UINT),
        MEMBER("d_ino_hardlimit", 64, UINT),
        MEMBER("d_ino_softlimit", 64, UINT),
        MEMBER("d_bcount", 64, UINT),
        MEMBER("d_icount", 64, UINT),
    };
    static const Member more[] = {
        MEMBER("d_itimer", 32, INT),
        MEMBER("d_btimer", 32, INT),
        MEMBER("d_iwarns", 16, UINT),
        MEMBER("d_bwarns", 16, UINT),
        MEMBER_GAP(4),
        MEMBER("d_rtb_hardlimit", 64, UINT),
        MEMBER("d_rtb_softlimit", 64, UINT),
        MEMBER("d_rtbcount", 64, UINT),
        MEMBER("d_rtbtimer", 32, INT),
        MEMBER("d_rtbwarns", 16, UINT),
    };
    uint8_t buf[112];
    Members m;

    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    MEMBERS_PRINT(&m, list);
    if (p->opts->verbose) {
        MEMBERS_PRINT(&m, more);
        text_char(p->out, '}');
    } else {
        text_str(p->out, ", ...}");
    }
}

static void quota_file(Members *m, const char *name)
{
    static const Member list[] = {
        MEMBER("qfs_ino", 64, UINT),
        MEMBER("qfs_nblks", 64, UINT),
        MEMBER("qfs_nextents", 32, UINT),
    };

    member_name(m, name);
    m->begun = false;
    MEMBERS_PRINT(m, list);
    text_char(m->p->out, '}');
    take_align(m, m->align64);
}

static void quota_limits(Members *m)
{
    static const Member list[] = {
        MEMBER("qs_btimelimit", 32, INT),
        MEMBER("qs_itimelimit", 32, INT),
        MEMBER("qs_rtbtimelimit", 32, INT),
        MEMBER("qs_bwarnlimit", 16, UINT),
        MEMBER("qs_iwarnlimit", 16, UINT),
    };

    MEMBERS_PRINT(m, list);
}

/* struct fs_quota_stat, fs_quota_statv: version and flags are the same. */
static bool quota_head(Members *m, Printer *p, uint64_t addr, uint8_t *buf,
                       unsigned len)
{
    static const Member version = MEMBER("qs_version", 8, INT);
    static const Member flags = MEMBER_FLAGS("qs_flags", 16, xfs_quota_flags);

    if (!members_read(m, p, addr, buf, len)) {
        return false;
    }
    members_print(m, &version, 1);
    if (!p->opts->verbose) {
        text_str(p->out, ", ...}");
        return false;
    }
    take_align(m, 2);
    members_print(m, &flags, 1);
    take_align(m, 4);
    return true;
}

void print_xfs_dqstat(Printer *p, uint64_t addr)
{
    static const Member incore = MEMBER("qs_incoredqs", 32, UINT);
    uint8_t buf[80];
    Members m;

    if (!quota_head(&m, p, addr, buf,
                    abi_size(p, (AbiSize) { 80, 80, 68 }))) {
        return;
    }
    take(&m, SIZE_8);           /* qs_pad */
    take_align(&m, m.align64);
    quota_file(&m, "qs_uquota");
    quota_file(&m, "qs_gquota");
    members_print(&m, &incore, 1);
    quota_limits(&m);
    text_char(p->out, '}');
}

void print_xfs_dqstatv(Printer *p, uint64_t addr)
{
    static const Member incore = MEMBER("qs_incoredqs", 32, UINT);
    uint8_t buf[160];
    Members m;

    if (!quota_head(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    members_print(&m, &incore, 1);
    /* Padded to the same layout everywhere. */
    m.align64 = 8;
    quota_file(&m, "qs_uquota");
    quota_file(&m, "qs_gquota");
    quota_file(&m, "qs_pquota");
    quota_limits(&m);
    text_char(p->out, '}');
}
