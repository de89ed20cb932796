/*
 * What netlink messages carry: a structure and attributes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_NETLINK_PAYLOAD_H
#define FRAIL_NETLINK_PAYLOAD_H

#include "decode/print/members.h"

/* An attribute that is more than a number: fewer bytes are shown in hex. */
typedef struct AttrValue {
    uint16_t type;
    uint16_t size;          /* 0 ends a table */
    const Member *fields;    /* of a structure of @size bytes; or */
    void (*print)(Printer *p, const uint8_t *data, size_t len);
} AttrValue;

/* How attributes of a set are shown. */
typedef struct AttrSet {
    const Xlat *types;      /* NULL: numbers */
    const Member *attrs;     /* offset is the type; name and size unused */
    unsigned count;
    const AttrValue *values;
} AttrSet;

/* An attribute: how what it holds is shown. */
#define ATTR(type_, kind_, ...) \
    { .name = #type_, .offset = type_, .kind = AS_##kind_, __VA_ARGS__ }
#define ATTR_X(type_, kind_, table, ...) \
    ATTR(type_, kind_, .xlat = &xlat_##table, __VA_ARGS__)
#define SET(types_, attrs_, ...) \
    { .types = &xlat_##types_, .attrs = attrs_, \
      .count = sizeof(attrs_) / sizeof(attrs_[0]), __VA_ARGS__ }

/* .size is that of the number; 0: whatever there is. */

extern const AttrSet netlink_ack_attrs;

/*
 * @len bytes of attributes; those whose kind is not known in hex.  @family is
 * that of addresses.
 */
void netlink_attributes(Printer *p, const uint8_t *data, size_t len,
                        const AttrSet *set, unsigned family);

/* {family=AF_INET, data="\x01"}: of a structure of which no more is known. */
void netlink_family_data(Printer *p, const uint8_t *data, size_t len);

/*
 * What a message of this type carries; false if that is not known.
 * @flags are those of its header.
 */
bool netlink_route_payload(Printer *p, unsigned type, const uint8_t *data,
                           size_t len);
bool netlink_diag_payload(Printer *p, unsigned type, unsigned flags,
                          const uint8_t *data, size_t len);
bool netlink_netfilter_payload(Printer *p, unsigned type,
                               const uint8_t *data, size_t len);
bool netlink_selinux_payload(Printer *p, unsigned type, const uint8_t *data,
                             size_t len);
/* A message of NETLINK_KOBJECT_UEVENT, which has no header. */
void print_uevent(Printer *p, const uint8_t *data, size_t len);

/* NLMSG_ALIGN() is one of 32 bits: what is nearly 4 GiB becomes 0 there. */
static inline uint64_t align4(uint64_t len)
{
    return (len + 3) & ~(uint64_t)3;
}

/* "\x01\x02", at most the options' string_limit. */
void netlink_hex(Printer *p, const uint8_t *data, size_t len);

/* Subsystem and message of NETLINK_NETFILTER. */
void print_netfilter_type(Printer *p, unsigned type);
/* The upper flags of such a message; NULL when it has none. */
const Xlat *netfilter_flags(unsigned type);

#endif /* FRAIL_NETLINK_PAYLOAD_H */
