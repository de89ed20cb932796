/*
 * Netlink messages: headers, errors, and the frame of what they carry.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/netlink.h>
#include <linux/xfrm.h>

#include "decode/print/members.h"
#include "decode/print/netlink-payload.h"
#include "decode/print/netlink.h"

int netlink_family(const char *name)
{
    static const char prefix[] = "NETLINK_";

    /* "ROUTE" of NETLINK_ROUTE, which is 0; the kernel has 32 at most. */
    for (int i = 0; i < MAX_LINKS; i++) {
        const char *full = xlat_name(&xlat_netlink_protocols, i);
        size_t len;

        if (!full) {
            continue;
        }
        full += sizeof(prefix) - 1;
        len = strlen(full);
        if (!strncmp(name, full, len) && name[len] == ':') {
            return i;
        }
    }
    return -1;
}

void netlink_hex(Printer *p, const uint8_t *data, size_t len)
{
    size_t limit = p->opts->string_limit;

    print_hex_string(p, data, len < limit ? len : limit);
    if (len > limit) {
        text_str(p->out, "...");
    }
}

static void message_type(Printer *p, unsigned type, int family)
{
    const Xlat *x = &xlat_nlmsg_types;

    if (type >= NLMSG_MIN_TYPE) {
        switch (family) {
        case NETLINK_ROUTE:
            x = &xlat_rtm_types;
            break;
        case NETLINK_SOCK_DIAG:
            x = &xlat_sock_diag_types;
            break;
        case NETLINK_GENERIC:
            x = &xlat_genl_ids;
            break;
        case NETLINK_AUDIT:
            x = &xlat_audit_types;
            break;
        case NETLINK_XFRM:
            x = &xlat_xfrm_msgs;
            break;
        case NETLINK_SELINUX:
            x = &xlat_selinux_msgs;
            break;
        case NETLINK_NETFILTER:
            print_netfilter_type(p, type);
            return;
        }
    }
    print_enum(p->out, x, type);
}

static const Xlat *xfrm_flags(unsigned type)
{
    switch (type) {
    case XFRM_MSG_NEWSA:
    case XFRM_MSG_NEWPOLICY:
    case XFRM_MSG_NEWAE:
    case XFRM_MSG_NEWSADINFO:
    case XFRM_MSG_NEWSPDINFO:
        return &xlat_nlmsg_new_flags;
    case XFRM_MSG_DELSA:
    case XFRM_MSG_DELPOLICY:
        return &xlat_nlmsg_del_flags;
    case XFRM_MSG_GETSA:
    case XFRM_MSG_GETPOLICY:
    case XFRM_MSG_GETAE:
    case XFRM_MSG_GETSADINFO:
    case XFRM_MSG_GETSPDINFO:
        return &xlat_nlmsg_get_flags;
    }
    return NULL;
}

/* What the upper flags mean depends on what is asked for. */
static const Xlat *type_flags(unsigned type, int family)
{
    if (type == NLMSG_ERROR) {
        return &xlat_nlmsg_ack_flags;
    }
    if (type < NLMSG_MIN_TYPE) {
        return NULL;
    }
    switch (family) {
    case NETLINK_ROUTE:
        /* Fours of new, del, get, set. */
        switch (type & 3) {
        case 0:
            return &xlat_nlmsg_new_flags;
        case 1:
            return &xlat_nlmsg_del_flags;
        case 2:
            return &xlat_nlmsg_get_flags;
        }
        return NULL;
    case NETLINK_SOCK_DIAG:
        return &xlat_nlmsg_get_flags;
    case NETLINK_NETFILTER:
        return netfilter_flags(type);
    case NETLINK_XFRM:
        return xfrm_flags(type);
    }
    return NULL;
}

static void message_flags(Printer *p, const struct nlmsghdr *h, int family)
{
    const Xlat *more = type_flags(h->nlmsg_type, family);

    print_flags(p->out, more ? more : &xlat_nlmsg_flags, h->nlmsg_flags);
}

static void message_header(Printer *p, const struct nlmsghdr *h, int family)
{
    text_str(p->out, "{nlmsg_len=");
    text_udec(p->out, h->nlmsg_len);
    print_member(p, "nlmsg_type");
    message_type(p, h->nlmsg_type, family);
    print_member(p, "nlmsg_flags");
    message_flags(p, h, family);
    print_member(p, "nlmsg_seq");
    text_udec(p->out, h->nlmsg_seq);
    print_member(p, "nlmsg_pid");
    text_dec(p->out, (int32_t)h->nlmsg_pid);
    text_char(p->out, '}');
}

static void error_number(Printer *p, int32_t error)
{
    const char *name = error < 0 ? frail_errno_name(-(int64_t)error) : NULL;

    if (name) {
        text_char(p->out, '-');
        text_str(p->out, name);
    } else {
        text_dec(p->out, error);
    }
}

static void print_one(Printer *p, const uint8_t *data, size_t len, int family,
                      unsigned depth);

/* struct nlmsgerr: a number and the message that it answers. */
static void error_message(Printer *p, const uint8_t *data, size_t len,
                          unsigned flags, int family, unsigned depth)
{
    struct nlmsghdr h;
    size_t inner = len - 4, whole;

    if (len < 4 + sizeof(h) || depth) {
        netlink_hex(p, data, len);
        return;
    }
    memcpy(&h, data + 4, sizeof(h));
    whole = flags & NLM_F_CAPPED ? sizeof(h) : h.nlmsg_len;
    if (flags & NLM_F_ACK_TLVS && whole >= sizeof(h) && whole < inner) {
        inner = whole;
    }
    if (flags & NLM_F_ACK_TLVS) {
        text_char(p->out, '[');
    }
    text_str(p->out, "{error=");
    error_number(p, (int32_t)load_uint(data, 4));
    print_member(p, "msg");
    print_one(p, data + 4, inner, family, depth + 1);
    text_char(p->out, '}');
    if (flags & NLM_F_ACK_TLVS) {
        inner = align4(inner);
        if (4 + inner < len) {
            text_str(p->out, ", ");
            netlink_attributes(p, data + 4 + inner, len - 4 - inner,
                               &netlink_ack_attrs, 0);
        }
        text_char(p->out, ']');
    }
}

/* What a message beyond the general ones carries; false: not known. */
static bool own_payload(Printer *p, const struct nlmsghdr *h, int family,
                        const uint8_t *data, size_t len)
{
    switch (family) {
    case NETLINK_ROUTE:
        return netlink_route_payload(p, h->nlmsg_type, data, len);
    case NETLINK_SOCK_DIAG:
        return netlink_diag_payload(p, h->nlmsg_type, h->nlmsg_flags, data,
                                    len);
    case NETLINK_NETFILTER:
        return netlink_netfilter_payload(p, h->nlmsg_type, data, len);
    case NETLINK_SELINUX:
        return netlink_selinux_payload(p, h->nlmsg_type, data, len);
    default:
        return false;
    }
}

static void payload(Printer *p, const struct nlmsghdr *h, const uint8_t *data,
                    size_t len, int family, unsigned depth)
{
    if (h->nlmsg_type == NLMSG_ERROR) {
        error_message(p, data, len, h->nlmsg_flags, family, depth);
    } else if (h->nlmsg_type == NLMSG_DONE && len == 4) {
        text_dec(p->out, (int32_t)load_uint(data, 4));
    } else if (h->nlmsg_type < NLMSG_MIN_TYPE ||
               !own_payload(p, h, family, data, len)) {
        netlink_hex(p, data, len);
    }
}

/* A message of @len bytes: its header and, within brackets, what it carries. */
static void print_one(Printer *p, const uint8_t *data, size_t len, int family,
                      unsigned depth)
{
    struct nlmsghdr h;
    bool has;

    if (len < sizeof(h)) {
        netlink_hex(p, data, len);
        return;
    }
    memcpy(&h, data, sizeof(h));
    has = len > sizeof(h) && h.nlmsg_len >= sizeof(h);
    if (has) {
        text_char(p->out, '[');
    }
    message_header(p, &h, family);
    if (has) {
        text_str(p->out, ", ");
        payload(p, &h, data + sizeof(h), len - sizeof(h), family, depth);
        text_char(p->out, ']');
    }
}

/* More than a socket gives at once is not looked at. */
#define NETLINK_MAX 32768u

void print_netlink(Printer *p, uint64_t addr, uint64_t len, int family)
{
    uint8_t data[NETLINK_MAX];
    size_t size = len < sizeof(data) ? len : sizeof(data), at = 0;
    uint64_t limit = print_array_limit(p);
    struct nlmsghdr h;
    bool several;

    if (!addr || !printer_read(p, addr, data, size)) {
        print_addr(p, addr);
        return;
    }
    if (family == NETLINK_KOBJECT_UEVENT) {
        print_uevent(p, data, size);
        return;
    }
    if (len < sizeof(h)) {
        netlink_hex(p, data, size);
        return;
    }
    memcpy(&h, data, sizeof(h));
    several = h.nlmsg_len >= sizeof(h) &&
              align4(h.nlmsg_len) + sizeof(h) <= size;
    if (several) {
        text_char(p->out, '[');
    }
    for (uint64_t i = 0; !p->out->cut; i++) {
        size_t left = size - at, whole;

        if (i) {
            text_str(p->out, ", ");
        }
        if (i >= limit) {
            text_str(p->out, "...");
            break;
        }
        memcpy(&h, data + at, sizeof(h));
        whole = align4(h.nlmsg_len);
        /* What is too short for a message belongs to the one before it. */
        if (h.nlmsg_len < sizeof(h) || whole + sizeof(h) > left) {
            size_t n = h.nlmsg_len < sizeof(h) ? sizeof(h) : left;

            if (h.nlmsg_len >= sizeof(h) && h.nlmsg_len < left &&
                whole >= left) {
                n = h.nlmsg_len;
            }
            print_one(p, data + at, n, family, 0);
            break;
        }
        print_one(p, data + at, h.nlmsg_len, family, 0);
        at += whole;
    }
    if (several) {
        text_char(p->out, ']');
    }
}
