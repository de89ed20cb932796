/*
 * Structures of the caller's, member by member.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <endian.h>
#include <limits.h>

#include "decode/print/members.h"

void members_init(Members *m, Printer *p, const void *buf, unsigned len)
{
    *m = (Members) {
        .p = p,
        .buf = buf,
        .len = len,
        .word = printer_word(p),
        .klong = p->call->abi == CALL_ABI_I386 ? 4 : 8,
        .align64 = p->call->abi == CALL_ABI_I386 ? 4 : 8,
    };
}

bool members_read(Members *m, Printer *p, uint64_t addr, void *buf,
                  unsigned len)
{
    if (!printer_fetch(p, addr)) {
        return false;
    }
    if (!printer_read(p, addr, buf, len)) {
        print_addr(p, addr);
        return false;
    }
    members_init(m, p, buf, len);
    return true;
}

void take_align(Members *m, unsigned align)
{
    m->at = (m->at + align - 1) & ~(align - 1);
}

static unsigned size_in_bytes(const Members *m, MemberSize size)
{
    switch (size) {
    case SIZE_WORD:
        return m->word;
    case SIZE_KLONG:
        return m->klong;
    default:
        return size;
    }
}

static unsigned alignment(const Members *m, unsigned size)
{
    if (size > 8) {
        return 4;               /* struct in6_addr */
    }
    return size == 8 ? m->align64 : size;
}

uint64_t take(Members *m, MemberSize size)
{
    unsigned n = size_in_bytes(m, size);
    uint64_t value = 0;

    take_align(m, alignment(m, n));
    if (m->at > m->len || m->len - m->at < n) {
        m->at = m->len;
        return 0;
    }
    memcpy(&value, m->buf + m->at, n);
    m->at += n;
    return value;
}

int64_t take_signed(Members *m, MemberSize size)
{
    unsigned shift = 64 - 8 * size_in_bytes(m, size);

    return (int64_t)(take(m, size) << shift) >> shift;
}

const uint8_t *take_bytes(Members *m, unsigned count)
{
    if (m->at > m->len || m->len - m->at < count) {
        m->at = m->len;
        return NULL;
    }
    m->at += count;
    return m->buf + m->at - count;
}

void member_name(Members *m, const char *name)
{
    if (!m->begun) {
        text_char(m->p->out, '{');
        m->begun = true;
    }
    print_member(m->p, name);
}

static int64_t sign_extend(uint64_t value, size_t size)
{
    unsigned unused = size < 8 ? 64 - 8 * size : 0;

    return (int64_t)(value << unused) >> unused;
}

static void in_htons(Printer *p, const char *how, uint64_t value)
{
    text_str(p->out, how);
    text_udec(p->out, value);
    text_char(p->out, ')');
}

/* @data has @size bytes. */
static void print_value(Printer *p, const void *data, size_t size,
                        const Member *f)
{
    uint64_t value = load_uint(data, size);

    switch ((MemberKind)f->kind) {
    case AS_UINT:
        text_udec(p->out, value);
        break;
    case AS_INT:
        text_dec(p->out, sign_extend(value, size));
        break;
    case AS_HEX:
        text_hex(p->out, value);
        break;
    case AS_OCT:
        text_octal(p->out, value);
        break;
    case AS_FLAGS:
        print_flags(p->out, f->xlat, value);
        break;
    case AS_ENUM:
        print_enum(p->out, f->xlat, value);
        break;
    case AS_ID:
        if (sign_extend(value, size) == -1) {
            print_id(p, UINT32_MAX);
        } else {
            text_udec(p->out, value);
        }
        break;
    case AS_DEV:
        print_dev(p, value);
        break;
    case AS_FD:
        print_fd(p, (int)value);
        break;
    case AS_ADDR:
        print_addr(p, value);
        break;
    case AS_IFINDEX:
        print_ifindex(p, value);
        break;
    case AS_HTONS:
        in_htons(p, "htons(", be16toh((uint16_t)value));
        break;
    case AS_HTONL_HEX:
        text_str(p->out, "htonl(");
        text_hex(p->out, be32toh((uint32_t)value));
        text_char(p->out, ')');
        break;
    case AS_IN:
        print_in_addr(p, data);
        break;
    case AS_IN6:
        print_in6_addr(p, data, f->name);
        break;
    case AS_CSTR:
        print_text(p, data, size);
        break;
    case AS_STRING:
        text_quoted(p->out, data, size);
        break;
    case AS_MAC:
        print_mac(p, data, size);
        break;
    case AS_BYTE:
        print_byte(p, (uint8_t)value);
        break;
    case AS_BYTES:
        print_hex_bytes(p, data, size);
        break;
    case AS_HEX_STRING:
        print_hex_string(p, data, size);
        break;
    case AS_HEX_NAME:
        if (xlat_name(f->xlat, value)) {
            text_hex(p->out, value);
            text_str(p->out, " /* ");
            text_str(p->out, xlat_name(f->xlat, value));
            text_str(p->out, " */");
        } else {
            print_enum(p->out, f->xlat, value);
        }
        break;
    case AS_NAMED_HEX:
    case AS_NAMED_UINT:
        if (xlat_name(f->xlat, value)) {
            text_str(p->out, xlat_name(f->xlat, value));
        } else if (f->kind == AS_NAMED_HEX) {
            text_hex(p->out, value);
        } else {
            text_udec(p->out, value);
        }
        break;
    case AS_ETH_P:
        text_str(p->out, "htons(");
        print_enum(p->out, f->xlat, be16toh((uint16_t)value));
        text_char(p->out, ')');
        break;
    case AS_GAP:
    case AS_CALL:
        break;
    }
}

void print_field(Printer *p, const void *data, const Member *f)
{
    print_value(p, data, f->size, f);
}

static bool all_zero(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i]) {
            return false;
        }
    }
    return true;
}

/* Bytes without an order, which need no alignment either. */
static bool is_bytes(MemberKind kind)
{
    switch (kind) {
    case AS_CSTR:
    case AS_STRING:
    case AS_MAC:
    case AS_BYTES:
    case AS_HEX_STRING:
    case AS_GAP:
        return true;
    default:
        return false;
    }
}

bool members_print(Members *m, const Member *list, unsigned count)
{
    for (const Member *f = list; count && f->name; f++, count--) {
        unsigned n = size_in_bytes(m, f->size);
        const uint8_t *data;

        if (f->kind == AS_CALL) {
            member_name(m, f->name);
            f->print(m);
            continue;
        }
        if (f->offset != MEMBER_NEXT) {
            m->at = f->offset;
        } else if (!is_bytes(f->kind)) {
            take_align(m, alignment(m, n));
        }
        data = take_bytes(m, n);
        if (!data) {
            return false;
        }
        if (f->kind == AS_GAP ||
            ((f->flags & MEMBER_IF_SET) && all_zero(data, n))) {
            continue;
        }
        if (f->kind == AS_IN6) {
            print_next(m->p);
        } else {
            member_name(m, f->name);
        }
        print_value(m->p, data, n, f);
    }
    return true;
}

bool print_fields(Printer *p, const void *data, size_t len,
                  const Member *fields)
{
    Members m;

    members_init(&m, p, data, len);
    m.begun = true;
    return members_print(&m, fields, UINT_MAX);
}

bool print_fields_at(Printer *p, uint64_t addr, size_t size,
                     const Member *fields)
{
    uint8_t data[FIELDS_STRUCT_MAX];

    if (!addr || size > sizeof(data) || !printer_read(p, addr, data, size)) {
        print_addr(p, addr);
        return false;
    }
    text_char(p->out, '{');
    print_fields(p, data, size, fields);
    text_char(p->out, '}');
    return true;
}

unsigned abi_size(const Printer *p, AbiSize size)
{
    switch (p->call->abi) {
    case CALL_ABI_I386:
        return size.i386;
    case CALL_ABI_X32:
        return size.x32;
    default:
        return size.x86_64;
    }
}

void print_members(Printer *p, uint64_t addr, AbiSize size,
                   const Member *list, unsigned count)
{
    uint8_t buf[1024];
    unsigned len = abi_size(p, size);
    Members m;

    if (len <= sizeof(buf) && members_read(&m, p, addr, buf, len)) {
        members_print(&m, list, count);
        text_char(p->out, '}');
    }
}
