/*
 * Structures of the caller's, member by member.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/members.h"

#define ARRAY_VERBOSE_MAX   4096
#define ELEMENT_MAX         256

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

bool printer_fetch(Printer *p, uint64_t addr)
{
    if (!addr || (p->at_return && p->failed)) {
        print_addr(p, addr);
        return false;
    }
    return true;
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

uint64_t take(Members *m, MemberSize size)
{
    unsigned n = size_in_bytes(m, size);
    uint64_t value = 0;

    take_align(m, n == 8 ? m->align64 : n);
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
    const uint8_t *bytes = m->buf + m->at;

    if (m->at > m->len || m->len - m->at < count) {
        m->at = m->len;
        return NULL;
    }
    m->at += count;
    return bytes;
}

void member_name(Members *m, const char *name)
{
    text_str(m->p->out, m->begun ? ", " : "{");
    m->begun = true;
    text_str(m->p->out, name);
    text_char(m->p->out, '=');
}

void print_id(Printer *p, uint32_t id)
{
    if (id == UINT32_MAX) {
        text_str(p->out, "-1");
    } else {
        text_udec(p->out, id);
    }
}

void print_dev(Printer *p, uint64_t dev)
{
    uint32_t major = (dev >> 8 & 0xfff) | (dev >> 32 & 0xfffff000);
    uint32_t minor = (dev & 0xff) | (dev >> 12 & 0xffffff00);

    text_str(p->out, "makedev(");
    text_hex(p->out, major);
    text_str(p->out, ", ");
    text_hex(p->out, minor);
    text_char(p->out, ')');
}

void print_text(Printer *p, const void *bytes, unsigned size)
{
    unsigned len = size ? strnlen(bytes, size) : 0;
    bool ended = len < size;

    text_quoted(p->out, bytes, ended ? len : size ? size - 1 : 0);
    if (size && !ended) {
        text_str(p->out, "...");
    }
}

void member_value(Members *m, const Member *member)
{
    FrailText *t = m->p->out;
    const uint8_t *bytes;

    switch (member->style) {
    case AS_DEC:
        text_dec(t, take_signed(m, member->size));
        break;
    case AS_UDEC:
        text_udec(t, take(m, member->size));
        break;
    case AS_HEX:
        text_hex(t, take(m, member->size));
        break;
    case AS_OCT:
        text_octal(t, take(m, member->size));
        break;
    case AS_ADDR:
        print_addr(m->p, take(m, member->size));
        break;
    case AS_ID:
        print_id(m->p, take(m, member->size));
        break;
    case AS_DEV:
        print_dev(m->p, take(m, member->size));
        break;
    case AS_FD:
        print_fd(m->p, take_signed(m, member->size));
        break;
    case AS_FLAGS:
        print_flags(t, member->xlat, take(m, member->size));
        break;
    case AS_ENUM:
        print_enum(t, member->xlat, take(m, member->size));
        break;
    case AS_TEXT:
        bytes = take_bytes(m, member->count);
        print_text(m->p, bytes, bytes ? member->count : 0);
        break;
    case AS_CALL:
        member->print(m);
        break;
    default:
        take_bytes(m, member->count);
        break;
    }
}

void members_print(Members *m, const Member *list, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (list[i].style != AS_NONE) {
            member_name(m, list[i].name);
        }
        member_value(m, &list[i]);
    }
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

void print_array(Printer *p, uint64_t addr, uint64_t count, unsigned size,
                 ElementFn *print, void *opaque)
{
    uint64_t limit = p->opts->verbose ? ARRAY_VERBOSE_MAX :
                     p->opts->string_limit;
    uint8_t elem[ELEMENT_MAX];
    uint64_t bytes;

    if (!addr) {
        print_addr(p, addr);
        return;
    }
    if (!count) {
        text_str(p->out, "[]");
        return;
    }
    if (size > sizeof(elem) || __builtin_mul_overflow(count, size, &bytes) ||
        addr + bytes < addr) {
        print_addr(p, addr);
        return;
    }
    if (!printer_fetch(p, addr)) {
        return;
    }
    for (uint64_t i = 0; i < count && !p->out->cut; i++, addr += size) {
        print_comma(p, i);
        if (!printer_read(p, addr, elem, size)) {
            if (i) {
                text_str(p->out, "... /* ");
                print_addr(p, addr);
                text_str(p->out, " */]");
            } else {
                print_addr(p, addr);
            }
            return;
        }
        if (!i) {
            text_char(p->out, '[');
        }
        if (i >= limit) {
            text_str(p->out, "...");
            break;
        }
        print(p, elem, opaque);
    }
    text_char(p->out, ']');
}
