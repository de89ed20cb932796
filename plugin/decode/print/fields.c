/*
 * Members of a structure that has been copied from the caller, by table.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>
#include <endian.h>

#include "decode/print/fields.h"

uint64_t load_uint(const void *data, size_t size)
{
    uint64_t value = 0;

    /* The guest's byte order is the host's: both are x86. */
    memcpy(&value, data, size < sizeof(value) ? size : sizeof(value));
    return value;
}

static int64_t sign_extend(uint64_t value, size_t size)
{
    unsigned unused = size < 8 ? 64 - 8 * size : 0;

    return (int64_t)(value << unused) >> unused;
}

void print_next(Printer *p)
{
    const FrailText *t = p->out;

    if (t->len && t->buf[t->len - 1] != '{' && t->buf[t->len - 1] != '[') {
        text_str(p->out, ", ");
    }
}

void print_member(Printer *p, const char *name)
{
    print_next(p);
    text_str(p->out, name);
    text_char(p->out, '=');
}

void print_in_addr(Printer *p, const void *addr)
{
    char text[INET_ADDRSTRLEN];

    text_str(p->out, "inet_addr(\"");
    text_str(p->out, inet_ntop(AF_INET, addr, text, sizeof(text)));
    text_str(p->out, "\")");
}

void print_in6_addr(Printer *p, const void *addr, const char *name)
{
    char text[INET6_ADDRSTRLEN];

    text_str(p->out, "inet_pton(AF_INET6, \"");
    text_str(p->out, inet_ntop(AF_INET6, addr, text, sizeof(text)));
    text_str(p->out, "\", &");
    text_str(p->out, name);
    text_char(p->out, ')');
}

void print_ifindex(Printer *p, uint32_t index)
{
    /* Linux's loopback device is the first of every network namespace. */
    if (index == 1) {
        text_str(p->out, "if_nametoindex(\"lo\")");
    } else {
        text_udec(p->out, index);
    }
}

void print_cstring(Printer *p, const void *text, size_t size)
{
    size_t len = size ? strnlen(text, size) : 0;

    if (len < size) {
        text_quoted(p->out, text, len);
    } else {
        text_quoted(p->out, text, size ? size - 1 : 0);
        text_str(p->out, "...");
    }
}

void print_mac(Printer *p, const void *bytes, size_t len)
{
    const uint8_t *b = bytes;

    for (size_t i = 0; i < len; i++) {
        if (i) {
            text_char(p->out, ':');
        }
        text_char(p->out, "0123456789abcdef"[b[i] >> 4]);
        text_char(p->out, "0123456789abcdef"[b[i] & 15]);
    }
}

static void print_byte(Printer *p, uint8_t byte)
{
    /* As "%#02x": zero has two digits. */
    text_str(p->out, byte ? "0x" : "0");
    text_digits(p->out, byte);
}

void print_hex_bytes(Printer *p, const void *bytes, size_t len)
{
    const uint8_t *b = bytes;

    text_char(p->out, '[');
    for (size_t i = 0; i < len; i++) {
        print_next(p);
        print_byte(p, b[i]);
    }
    text_char(p->out, ']');
}

void print_hex_string(Printer *p, const void *bytes, size_t len)
{
    const uint8_t *b = bytes;

    text_char(p->out, '"');
    for (size_t i = 0; i < len; i++) {
        text_str(p->out, "\\x");
        print_mac(p, b + i, 1);
    }
    text_char(p->out, '"');
}

void print_bytes(Printer *p, const void *bytes, size_t len)
{
    size_t limit = p->opts->string_limit;

    text_quoted(p->out, bytes, len < limit ? len : limit);
    if (len > limit) {
        text_str(p->out, "...");
    }
}

static void in_htons(Printer *p, const char *how, uint64_t value)
{
    text_str(p->out, how);
    text_udec(p->out, value);
    text_char(p->out, ')');
}

static void print_id(Printer *p, uint64_t value, size_t size)
{
    if (sign_extend(value, size) == -1) {
        text_str(p->out, "-1");
    } else {
        text_udec(p->out, value);
    }
}

void print_field(Printer *p, const void *data, const Field *f)
{
    uint64_t value = load_uint(data, f->size);

    switch ((FieldKind)f->kind) {
    case FIELD_UINT:
        text_udec(p->out, value);
        break;
    case FIELD_INT:
        text_dec(p->out, sign_extend(value, f->size));
        break;
    case FIELD_HEX:
        text_hex(p->out, value);
        break;
    case FIELD_FLAGS:
        print_flags(p->out, f->xlat, value);
        break;
    case FIELD_ENUM:
        print_enum(p->out, f->xlat, value);
        break;
    case FIELD_ID:
        print_id(p, value, f->size);
        break;
    case FIELD_FD:
        print_fd(p, (int)value);
        break;
    case FIELD_ADDR:
        print_addr(p, value);
        break;
    case FIELD_IFINDEX:
        print_ifindex(p, value);
        break;
    case FIELD_HTONS:
        in_htons(p, "htons(", be16toh((uint16_t)value));
        break;
    case FIELD_HTONL_HEX:
        text_str(p->out, "htonl(");
        text_hex(p->out, be32toh((uint32_t)value));
        text_char(p->out, ')');
        break;
    case FIELD_IN:
        print_in_addr(p, data);
        break;
    case FIELD_IN6:
        print_in6_addr(p, data, f->name);
        break;
    case FIELD_CSTR:
        print_cstring(p, data, f->size);
        break;
    case FIELD_STRING:
        text_quoted(p->out, data, f->size);
        break;
    case FIELD_MAC:
        print_mac(p, data, f->size);
        break;
    case FIELD_BYTE:
        print_byte(p, (uint8_t)value);
        break;
    case FIELD_BYTES:
        print_hex_bytes(p, data, f->size);
        break;
    case FIELD_HEX_STRING:
        print_hex_string(p, data, f->size);
        break;
    case FIELD_HEX_NAME:
        if (xlat_name(f->xlat, value)) {
            text_hex(p->out, value);
            text_str(p->out, " /* ");
            text_str(p->out, xlat_name(f->xlat, value));
            text_str(p->out, " */");
        } else {
            print_enum(p->out, f->xlat, value);
        }
        break;
    case FIELD_NAMED_HEX:
    case FIELD_NAMED_UINT:
        if (xlat_name(f->xlat, value)) {
            text_str(p->out, xlat_name(f->xlat, value));
        } else if (f->kind == FIELD_NAMED_HEX) {
            text_hex(p->out, value);
        } else {
            text_udec(p->out, value);
        }
        break;
    case FIELD_ETH_P:
        text_str(p->out, "htons(");
        print_enum(p->out, f->xlat, be16toh((uint16_t)value));
        text_char(p->out, ')');
        break;
    }
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

bool print_fields(Printer *p, const void *data, size_t len,
                  const Field *fields)
{
    const uint8_t *bytes = data;

    for (const Field *f = fields; f->name; f++) {
        if ((size_t)f->offset + f->size > len) {
            return false;
        }
        if ((f->flags & FIELD_IF_SET) &&
            all_zero(bytes + f->offset, f->size)) {
            continue;
        }
        if (f->kind == FIELD_IN6) {
            print_next(p);
        } else {
            print_member(p, f->name);
        }
        print_field(p, bytes + f->offset, f);
    }
    return true;
}

bool print_fields_at(Printer *p, uint64_t addr, size_t size,
                     const Field *fields)
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

uint64_t print_array_limit(const Printer *p)
{
    return p->opts->verbose ? UINT64_MAX : p->opts->string_limit;
}

void print_elements(Printer *p, uint64_t addr, uint64_t count, size_t size,
                 PrintElement *element, void *opaque)
{
    uint8_t data[FIELDS_STRUCT_MAX];
    uint64_t limit = print_array_limit(p);
    uint64_t bytes;

    if (!addr || size > sizeof(data) ||
        __builtin_mul_overflow(count, (uint64_t)size, &bytes) ||
        addr + bytes < addr) {
        print_addr(p, addr);
        return;
    }
    if (count && !printer_read(p, addr, data, size)) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '[');
    /* What is full takes no more; a hostile count ends there. */
    for (uint64_t i = 0; i < count && !p->out->cut; i++) {
        print_next(p);
        if (i >= limit) {
            text_str(p->out, "...");
            break;
        }
        if (i && !printer_read(p, addr + i * size, data, size)) {
            text_str(p->out, "... /* ");
            text_hex(p->out, addr + i * size);
            text_str(p->out, " */");
            break;
        }
        element(p, data, opaque);
    }
    text_char(p->out, ']');
}

void print_element_int(Printer *p, const uint8_t *data, void *opaque)
{
    (void)opaque;
    text_dec(p->out, (int32_t)load_uint(data, 4));
}

void print_element_uint(Printer *p, const uint8_t *data, void *opaque)
{
    (void)opaque;
    text_udec(p->out, load_uint(data, 4));
}
