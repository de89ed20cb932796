/*
 * Attributes of netlink messages, and other parts that several kinds have.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/netlink.h>
#include <sys/socket.h>

#include "decode/print/netlink-payload.h"

static const Member ack_attrs[] = {
    ATTR(1 /* NLMSGERR_ATTR_MSG */, CSTR),
    ATTR(2 /* NLMSGERR_ATTR_OFFS */, UINT, .size = 4),
};
const AttrSet netlink_ack_attrs = SET(nlmsgerr_attrs, ack_attrs);

/* An address, whose family its length or the message's own tells. */
static bool attr_address(Printer *p, const uint8_t *data, size_t len,
                         unsigned family)
{
    char text[64];
    FrailText whole;

    if (family == AF_INET && len >= 4) {
        print_in_addr(p, data);
        return true;
    }
    if (family != AF_INET6 || len < 16) {
        return false;
    }
    /* Without a variable's name: inet_pton(AF_INET6, "::1") */
    text_init(&whole, text, sizeof(text));
    {
        Printer inner = *p;

        inner.out = &whole;
        print_in6_addr(&inner, data, "");
    }
    text_bytes(p->out, text, whole.len - strlen(", &)"));
    text_char(p->out, ')');
    return true;
}

static void simple_value(Printer *p, const uint8_t *data, size_t len,
                         const Member *f, unsigned family)
{
    if (f && f->kind == AS_CSTR) {
        size_t n = strnlen((const char *)data, len);

        print_bytes(p, data, n);
        if (n == len && n <= p->opts->string_limit) {
            text_str(p->out, "...");
        }
    } else if (f && f->kind == AS_MAC) {
        print_mac(p, data, len);
    } else if (f && f->kind == AS_IN) {
        if (!attr_address(p, data, len, family)) {
            netlink_hex(p, data, len);
        }
    } else if (f && len >= f->size) {
        print_field(p, data, f);
    } else {
        netlink_hex(p, data, len);
    }
}

/* The value of an attribute of @type. */
static void attribute(Printer *p, const uint8_t *data, size_t len,
                      unsigned type, const AttrSet *set, unsigned family)
{
    const AttrValue *v = set->values;
    const Member *f = NULL;

    for (unsigned i = 0; i < set->count && !f; i++) {
        f = set->attrs[i].offset == type ? &set->attrs[i] : NULL;
    }
    while (v && v->size && v->type != type) {
        v++;
    }
    if (f || !v || !v->size) {
        simple_value(p, data, len, f, family);
    } else if (len < v->size) {
        netlink_hex(p, data, len);
    } else if (v->print) {
        v->print(p, data, len);
    } else {
        text_char(p->out, '{');
        print_fields(p, data, v->size, v->fields);
        text_char(p->out, '}');
    }
}

void netlink_attributes(Printer *p, const uint8_t *data, size_t len,
                        const AttrSet *set, unsigned family)
{
    uint64_t limit = print_array_limit(p);
    bool several = false;

    for (uint64_t i = 0; !p->out->cut; i++) {
        struct nlattr a;
        size_t whole, n;

        if (len < sizeof(a)) {
            netlink_hex(p, data, len);
            break;
        }
        memcpy(&a, data, sizeof(a));
        whole = align4(a.nla_len);
        if (!i && a.nla_len >= sizeof(a) && whole < len) {
            several = true;
            text_char(p->out, '[');
        }
        if (i >= limit) {
            text_str(p->out, "...");
            break;
        }
        n = a.nla_len < len ? a.nla_len : len;
        if (n > sizeof(a)) {
            text_char(p->out, '[');
        }
        text_str(p->out, "{nla_len=");
        text_udec(p->out, a.nla_len);
        print_member(p, "nla_type");
        if (a.nla_type & NLA_F_NESTED) {
            text_str(p->out, "NLA_F_NESTED|");
        }
        if (a.nla_type & NLA_F_NET_BYTEORDER) {
            text_str(p->out, "NLA_F_NET_BYTEORDER|");
        }
        a.nla_type &= NLA_TYPE_MASK;
        if (set->types) {
            print_enum(p->out, set->types, a.nla_type);
        } else {
            text_hex(p->out, a.nla_type);
        }
        text_char(p->out, '}');
        if (n > sizeof(a)) {
            text_str(p->out, ", ");
            attribute(p, data + sizeof(a), n - sizeof(a), a.nla_type, set,
                      family);
            text_char(p->out, ']');
        }
        if (a.nla_len < sizeof(a) || whole >= len) {
            break;
        }
        data += whole;
        len -= whole;
        text_str(p->out, ", ");
    }
    if (several) {
        text_char(p->out, ']');
    }
}

void netlink_family_data(Printer *p, const uint8_t *data, size_t len)
{
    text_str(p->out, "{family=");
    print_enum(p->out, &xlat_socket_domains, data[0]);
    if (len > 1) {
        print_member(p, "data");
        netlink_hex(p, data + 1, len - 1);
    }
    text_char(p->out, '}');
}
