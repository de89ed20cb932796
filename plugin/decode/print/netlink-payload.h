/*
 * What netlink messages carry: a structure and attributes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_NETLINK_PAYLOAD_H
#define FRAIL_NETLINK_PAYLOAD_H

#include "decode/print/members.h"

/* How attributes of a set are shown. */
typedef struct AttrSet {
    const Xlat *types;
    const Member *attrs;     /* offset is the type; name and size unused */
    unsigned count;
} AttrSet;

extern const AttrSet netlink_ack_attrs;

/* @len bytes of attributes; those whose kind is not known in hex. */
void netlink_attributes(Printer *p, const uint8_t *data, size_t len,
                        const AttrSet *set);

/* What a message of this type carries; false if that is not known. */
bool netlink_payload(Printer *p, int family, unsigned type,
                     const uint8_t *data, size_t len);

/* NLMSG_ALIGN() is one of 32 bits: what is nearly 4 GiB becomes 0 there. */
static inline uint64_t align4(uint64_t len)
{
    return (len + 3) & ~(uint64_t)3;
}

/* "\x01\x02", at most the options' string_limit. */
void netlink_hex(Printer *p, const uint8_t *data, size_t len);

/* The upper flags of a message to nf_tables; NULL when it has none. */
const Xlat *netfilter_flags(unsigned msg);

#endif /* FRAIL_NETLINK_PAYLOAD_H */
