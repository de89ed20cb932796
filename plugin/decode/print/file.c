/*
 * Printers of file handles, mount attributes, old directory entries and what
 * openat2 is given.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <linux/fcntl.h>

#include "decode/names/print.h"
#include "decode/print/members.h"
#include "decode/print/file.h"

#define HANDLE_MAX          128     /* MAX_HANDLE_SZ */
#define MOUNT_ATTR_SIZE_0   32
#define MOUNT_ATTR_LIMIT    4096
#define OLD_NAME_MAX        255

void print_hex_text(Printer *p, const uint8_t *bytes, size_t len, bool more)
{
    static const char hex[] = "0123456789abcdef";

    text_char(p->out, '"');
    for (size_t i = 0; i < len; i++) {
        text_str(p->out, "\\x");
        text_char(p->out, hex[bytes[i] >> 4]);
        text_char(p->out, hex[bytes[i] & 15]);
    }
    text_str(p->out, more ? "\"..." : "\"");
}

/* --- File handles ------------------------------------------------------- */

/* What stands behind the size. */
static void handle_rest(Printer *p, uint64_t addr, uint32_t bytes)
{
    uint8_t buf[HANDLE_MAX];
    unsigned n = bytes < HANDLE_MAX ? bytes : HANDLE_MAX;
    int32_t type;

    if (!printer_read(p, addr + 4, &type, sizeof(type))) {
        text_str(p->out, ", ???");
        return;
    }
    text_str(p->out, ", handle_type=");
    text_dec(p->out, type);
    text_str(p->out, ", f_handle=");
    if (printer_read(p, addr + 8, buf, n)) {
        print_hex_text(p, buf, n, bytes > HANDLE_MAX);
    } else {
        print_addr(p, addr + 8);
    }
}

void print_file_handle(Printer *p, uint64_t addr)
{
    uint32_t head[2];

    if (!addr || !printer_read(p, addr, head, sizeof(head))) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{handle_bytes=");
    text_udec(p->out, head[0]);
    handle_rest(p, addr, head[0]);
    text_char(p->out, '}');
}

/* The number that the text ends with. */
static uint64_t last_number(const FrailText *t)
{
    uint64_t value = 0, unit = 1;

    for (size_t i = t->len; i && g_ascii_isdigit(t->buf[i - 1]); i--) {
        value += unit * (t->buf[i - 1] - '0');
        unit *= 10;
    }
    return value;
}

void print_file_handle_out(Printer *p, uint64_t addr)
{
    uint32_t bytes;
    bool there = addr && printer_read(p, addr, &bytes, sizeof(bytes));

    if (!p->at_return) {
        if (there) {
            text_str(p->out, "{handle_bytes=");
            text_udec(p->out, bytes);
        } else {
            print_addr(p, addr);
        }
        return;
    }
    if (there && p->out->len) {
        if (bytes != last_number(p->out)) {
            text_str(p->out, " => ");
            text_udec(p->out, bytes);
        }
        if (!p->failed) {
            handle_rest(p, addr, bytes);
        }
        text_char(p->out, '}');
    }
}

/* --- Mounts ------------------------------------------------------------- */

static void mount_attr_rest(Members *m, uint64_t addr, uint64_t size)
{
    uint8_t buf[MOUNT_ATTR_LIMIT];
    unsigned n = size - MOUNT_ATTR_SIZE_0;
    unsigned limit = m->p->opts->string_limit;
    bool any = false;

    if (size > MOUNT_ATTR_LIMIT ||
        !printer_read(m->p, addr + MOUNT_ATTR_SIZE_0, buf, n)) {
        text_str(m->p->out, ", ???");
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        any |= buf[i];
    }
    if (any) {
        text_str(m->p->out, ", /* bytes 32..");
        text_udec(m->p->out, size - 1);
        text_str(m->p->out, " */ ");
        print_hex_text(m->p, buf, n < limit ? n : limit, n > limit);
    }
}

void print_mount_attr(Printer *p, uint64_t addr, uint64_t size)
{
    static const Member list[] = {
        MEMBER_FLAGS("attr_set", 64, mount_setattr_attrs),
        MEMBER_FLAGS("attr_clr", 64, mount_setattr_attrs),
        MEMBER_ENUM("propagation", 64, mount_propagation),
        MEMBER("userns_fd", 64, UINT),
    };
    uint8_t buf[MOUNT_ATTR_SIZE_0];
    Members m;

    if (size < MOUNT_ATTR_SIZE_0) {
        print_addr(p, addr);
        return;
    }
    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    MEMBERS_PRINT(&m, list);
    if (size > MOUNT_ATTR_SIZE_0) {
        mount_attr_rest(&m, addr, size);
    }
    text_char(p->out, '}');
}

/* --- Directories -------------------------------------------------------- */

void print_old_dirent(Printer *p, uint64_t addr)
{
    char name[OLD_NAME_MAX];
    uint8_t buf[10];
    uint32_t len;
    Members m;

    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    member_name(&m, "d_ino");
    text_udec(p->out, take(&m, SIZE_32));
    member_name(&m, "d_off");
    text_udec(p->out, take(&m, SIZE_32));
    len = take(&m, SIZE_16);
    member_name(&m, "d_reclen");
    text_udec(p->out, len);
    member_name(&m, "d_name");
    if (len > sizeof(name)) {
        len = sizeof(name);
    }
    if (printer_read(p, addr + sizeof(buf), name, len)) {
        text_quoted(p->out, name, strnlen(name, len));
    } else {
        print_addr(p, addr + sizeof(buf));
    }
    text_char(p->out, '}');
}

/* --- openat2 ------------------------------------------------------------ */

/* How much of it there is depends on the kernel that it was built for. */
void print_open_how(Printer *p, uint64_t addr, uint64_t size)
{
    uint64_t how[3];

    if (size < sizeof(how) || !addr ||
        !printer_read(p, addr, how, sizeof(how))) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{flags=");
    write_open_flags(p->out, how[0]);
    if (how[1] || (how[0] & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)))) {
        text_str(p->out, ", mode=");
        text_mode(p->out, how[1]);
    }
    text_str(p->out, ", resolve=");
    print_flags(p->out, &xlat_resolve_flags, how[2]);
    text_str(p->out, size > sizeof(how) ? ", ...}" : "}");
}
