/*
 * Printers of the structures of ioctl: files, block and loop devices.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/members.h"
#include "decode/print/block.h"

#define LOOP_NAME_SIZE      64      /* LO_NAME_SIZE */
#define LOOP_KEY_SIZE       32      /* LO_KEY_SIZE */
#define BLKPG_ADD           1       /* BLKPG_ADD_PARTITION */
#define BLKPG_DEL           2
#define BLKPG_RESIZE        3

/* --- Files -------------------------------------------------------------- */

void print_inode_flags(Printer *p, uint64_t addr)
{
    uint8_t buf[4];
    Members m;

    if (members_read(&m, p, addr, buf, sizeof(buf))) {
        text_char(p->out, '[');
        print_flags(p->out, &xlat_inode_flags, take(&m, SIZE_32));
        text_char(p->out, ']');
    }
}

void print_fsxattr(Printer *p, uint64_t addr)
{
    static const Member before[] = {
        MEMBER_FLAGS("fsx_xflags", 32, file_attr_flags),
        MEMBER("fsx_extsize", 32, UINT),
    };
    static const Member extents = MEMBER("fsx_nextents", 32, UINT);
    static const Member after[] = {
        MEMBER("fsx_projid", 32, HEX),
        MEMBER("fsx_cowextsize", 32, UINT),
    };
    uint8_t buf[28];
    Members m;

    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    MEMBERS_PRINT(&m, before);
    /* Only told, never set. */
    if (p->at_return) {
        members_print(&m, &extents, 1);
    } else {
        take(&m, SIZE_32);
    }
    MEMBERS_PRINT(&m, after);
    text_char(p->out, '}');
}

void print_clone_range(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        /* 64 bits, of which the kernel takes an int. */
        MEMBER("src_fd", 32, FD),
        MEMBER_GAP(4),
        MEMBER("src_offset", 64, UINT),
        MEMBER("src_length", 64, UINT),
        MEMBER("dest_offset", 64, UINT),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 32, 32, 32 }), list);
}

static void dedupe_in(Printer *p, const uint8_t *elem, void *opaque)
{
    static const Member list[] = {
        MEMBER("dest_fd", 32, FD),
        MEMBER_GAP(4),
        MEMBER("dest_offset", 64, UINT),
    };
    Members m;

    (void)opaque;
    members_init(&m, p, elem, 32);
    MEMBERS_PRINT(&m, list);
    text_char(p->out, '}');
}

static void dedupe_out(Printer *p, const uint8_t *elem, void *opaque)
{
    static const Member list[] = {
        MEMBER("bytes_deduped", 64, UINT),
        MEMBER("status", 32, INT),
    };
    Members m;

    (void)opaque;
    members_init(&m, p, elem + 16, 16);
    MEMBERS_PRINT(&m, list);
    text_char(p->out, '}');
}

void print_dedupe(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("src_offset", 64, UINT),
        MEMBER("src_length", 64, UINT),
    };
    uint8_t buf[24];
    uint16_t count;
    Members m;

    if (p->at_return) {
        if (p->failed || !addr || !printer_read(p, addr, buf, sizeof(buf))) {
            return;
        }
        memcpy(&count, buf + 16, sizeof(count));
        text_str(p->out, " => {info=");
        print_array(p, addr + 24, count, 32, dedupe_out, NULL);
        text_char(p->out, '}');
        return;
    }
    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    MEMBERS_PRINT(&m, list);
    count = take(&m, SIZE_16);
    member_name(&m, "dest_count");
    text_udec(p->out, count);
    member_name(&m, "info");
    print_array(p, addr + 24, count, 32, dedupe_in, NULL);
    text_char(p->out, '}');
}

static void fiemap_extent(Printer *p, const uint8_t *elem, void *opaque)
{
    static const Member list[] = {
        MEMBER("fe_logical", 64, UINT),
        MEMBER("fe_physical", 64, UINT),
        MEMBER("fe_length", 64, UINT),
        MEMBER_GAP(16),
        MEMBER_FLAGS("fe_flags", 32, fiemap_extent_flags),
    };
    Members m;

    (void)opaque;
    members_init(&m, p, elem, 56);
    MEMBERS_PRINT(&m, list);
    text_char(p->out, '}');
}

void print_fiemap(Printer *p, uint64_t addr)
{
    static const Member in[] = {
        MEMBER("fm_start", 64, UINT),
        MEMBER("fm_length", 64, UINT),
        MEMBER_FLAGS("fm_flags", 32, fiemap_flags),
        MEMBER_GAP(4),
        MEMBER("fm_extent_count", 32, UINT),
    };
    static const Member out[] = {
        MEMBER_FLAGS("fm_flags", 32, fiemap_flags),
        MEMBER("fm_mapped_extents", 32, UINT),
    };
    uint32_t mapped;
    uint8_t buf[32];
    Members m;

    if (!p->at_return) {
        if (members_read(&m, p, addr, buf, sizeof(buf))) {
            MEMBERS_PRINT(&m, in);
            text_char(p->out, '}');
        }
        return;
    }
    if (p->failed || !addr || !printer_read(p, addr, buf, sizeof(buf))) {
        return;
    }
    text_str(p->out, " => ");
    members_init(&m, p, buf, sizeof(buf));
    take_bytes(&m, 16);
    MEMBERS_PRINT(&m, out);
    memcpy(&mapped, buf + 20, sizeof(mapped));
    if (p->opts->verbose) {
        member_name(&m, "fm_extents");
        print_array(p, addr + sizeof(buf), mapped, 56, fiemap_extent, NULL);
        text_char(p->out, '}');
    } else {
        text_str(p->out, ", ...}");
    }
}

/* --- Block devices ------------------------------------------------------ */

void print_hd_geometry(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("heads", 8, UINT),
        MEMBER("sectors", 8, UINT),
        MEMBER("cylinders", 16, UINT),
        MEMBER("start", WORD, UINT),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 16, 8, 8 }), list);
}

static void print_partition(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("start", 64, INT),
        MEMBER("length", 64, INT),
        MEMBER("pno", 32, INT),
        MEMBER_TEXT("devname", 64),
        MEMBER_TEXT("volname", 64),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 152, 152, 148 }), list);
}

void print_blkpg(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("flags", 32, INT),
        MEMBER("datalen", 32, INT),
    };
    uint8_t buf[24];
    uint32_t op;
    uint64_t data;
    Members m;

    if (!members_read(&m, p, addr, buf,
                      abi_size(p, (AbiSize) { 24, 16, 16 }))) {
        return;
    }
    op = take(&m, SIZE_32);
    member_name(&m, "op");
    print_enum(p->out, &xlat_blkpg_ops, op);
    MEMBERS_PRINT(&m, list);
    data = take(&m, SIZE_WORD);
    member_name(&m, "data");
    if (op == BLKPG_ADD || op == BLKPG_DEL || op == BLKPG_RESIZE) {
        print_partition(p, data);
    } else {
        print_addr(p, data);
    }
    text_char(p->out, '}');
}

/* @count numbers of @size bytes. */
static void print_numbers(Printer *p, uint64_t addr, unsigned count,
                          MemberSize size)
{
    uint8_t buf[16];
    Members m;

    if (!members_read(&m, p, addr, buf, count * size)) {
        return;
    }
    text_char(p->out, '[');
    for (unsigned i = 0; i < count; i++) {
        print_comma(p, i);
        text_udec(p->out, take(&m, size));
    }
    text_char(p->out, ']');
}

void print_two_u64(Printer *p, uint64_t addr)
{
    print_numbers(p, addr, 2, SIZE_64);
}

void print_short_pointer(Printer *p, uint64_t addr)
{
    print_numbers(p, addr, 1, SIZE_16);
}

void print_u64_pointer(Printer *p, uint64_t addr)
{
    print_numbers(p, addr, 1, SIZE_64);
}

/* --- Loop devices ------------------------------------------------------- */

/* The key is as long as its size says. */
static void loop_key(Members *m, uint32_t key_size)
{
    const uint8_t *key = take_bytes(m, LOOP_KEY_SIZE);

    member_name(m, "lo_encrypt_key");
    if (key) {
        text_quoted(m->p->out, key, key_size < LOOP_KEY_SIZE ? key_size :
                    LOOP_KEY_SIZE);
    }
}

static void loop_init(Members *m, MemberSize size)
{
    member_name(m, "lo_init");
    text_char(m->p->out, '[');
    text_hex(m->p->out, take(m, size));
    text_str(m->p->out, ", ");
    text_hex(m->p->out, take(m, size));
    text_char(m->p->out, ']');
}

/* struct loop_info64 behind its names. */
static void loop_secrets(Members *m, uint32_t key_size, MemberSize size)
{
    static const Member name = MEMBER_TEXT("lo_crypt_name", LOOP_NAME_SIZE);

    members_print(m, &name, 1);
    loop_key(m, key_size);
    loop_init(m, size);
}

/* struct loop_info64, with its closing brace. */
static void loop_members64(Members *m)
{
    static const Member ids[] = {
        MEMBER("lo_device", 64, DEV),
        MEMBER("lo_inode", 64, UINT),
        MEMBER("lo_rdevice", 64, DEV),
    };
    static const Member offset = MEMBER("lo_offset", 64, HEX);
    static const Member limit = MEMBER("lo_sizelimit", 64, UINT);
    static const Member number = MEMBER("lo_number", 32, UINT);
    static const Member crypt[] = {
        MEMBER_ENUM("lo_encrypt_type", 32, loop_crypt),
        MEMBER("lo_encrypt_key_size", 32, UINT),
    };
    static const Member names[] = {
        MEMBER_FLAGS("lo_flags", 32, loop_flags),
        MEMBER_TEXT("lo_file_name", LOOP_NAME_SIZE),
    };
    bool all = m->p->opts->verbose;
    uint32_t key_size;

    if (all) {
        MEMBERS_PRINT(m, ids);
    } else {
        take_bytes(m, 24);
    }
    members_print(m, &offset, 1);
    if (all) {
        members_print(m, &limit, 1);
    } else {
        take_bytes(m, 8);
    }
    members_print(m, &number, 1);
    memcpy(&key_size, m->buf + m->at + 4, sizeof(key_size));
    if (all) {
        MEMBERS_PRINT(m, crypt);
    } else {
        take_bytes(m, 8);
    }
    MEMBERS_PRINT(m, names);
    if (all) {
        loop_secrets(m, key_size, SIZE_64);
    } else {
        text_str(m->p->out, ", ...");
    }
    text_char(m->p->out, '}');
}

void print_loop_info64(Printer *p, uint64_t addr)
{
    uint8_t buf[232];
    Members m;

    if (members_read(&m, p, addr, buf, sizeof(buf))) {
        loop_members64(&m);
    }
}

void print_loop_info(Printer *p, uint64_t addr)
{
    static const Member crypt[] = {
        MEMBER_ENUM("lo_encrypt_type", 32, loop_crypt),
        MEMBER("lo_encrypt_key_size", 32, UINT),
    };
    static const Member list[] = {
        MEMBER_FLAGS("lo_flags", 32, loop_flags),
        MEMBER_TEXT("lo_name", LOOP_NAME_SIZE),
    };
    /* __kernel_old_dev_t */
    MemberSize dev_size = p->call->abi == CALL_ABI_I386 ? SIZE_16 :
                          SIZE_KLONG;
    bool all = p->opts->verbose;
    uint64_t dev, inode, rdev;
    uint32_t key_size;
    uint8_t buf[168];
    Members m;

    if (!members_read(&m, p, addr, buf,
                      abi_size(p, (AbiSize) { 168, 168, 140 }))) {
        return;
    }
    member_name(&m, "lo_number");
    text_dec(p->out, take_signed(&m, SIZE_32));
    dev = take(&m, dev_size);
    inode = take(&m, SIZE_KLONG);
    rdev = take(&m, dev_size);
    if (all) {
        member_name(&m, "lo_device");
        print_dev(p, dev);
        member_name(&m, "lo_inode");
        text_udec(p->out, inode);
        member_name(&m, "lo_rdevice");
        print_dev(p, rdev);
    }
    member_name(&m, "lo_offset");
    text_hex(p->out, take(&m, SIZE_32));
    memcpy(&key_size, m.buf + m.at + 4, sizeof(key_size));
    if (all) {
        MEMBERS_PRINT(&m, crypt);
    } else {
        take_bytes(&m, 8);
    }
    MEMBERS_PRINT(&m, list);
    if (all) {
        loop_key(&m, key_size);
        loop_init(&m, SIZE_KLONG);
        member_name(&m, "reserved");
        for (unsigned i = 0; i < 4; i++) {
            text_str(p->out, i ? ", " : "[");
            text_hex(p->out, take(&m, SIZE_8));
        }
        text_char(p->out, ']');
    } else {
        text_str(p->out, ", ...");
    }
    text_char(p->out, '}');
}

void print_loop_config(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("fd", 32, FD),
        MEMBER("block_size", 32, UINT),
    };
    uint8_t buf[304];
    Members m, info;

    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    MEMBERS_PRINT(&m, list);
    member_name(&m, "info");
    members_init(&info, p, buf + 8, 232);
    loop_members64(&info);
    text_char(p->out, '}');
}
