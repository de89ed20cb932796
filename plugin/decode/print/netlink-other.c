/*
 * What messages of NETLINK_NETFILTER, NETLINK_SELINUX and
 * NETLINK_KOBJECT_UEVENT carry.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/selinux_netlink.h>

#include "decode/print/netlink-payload.h"

/* --- netfilter ------------------------------------------------------------ */

/* The messages of each subsystem; NULL: numbers. */
static const Xlat *const messages[] = {
    [NFNL_SUBSYS_CTNETLINK] = &xlat_nf_ct_msgs,
    [NFNL_SUBSYS_CTNETLINK_EXP] = &xlat_nf_ct_exp_msgs,
    [NFNL_SUBSYS_QUEUE] = &xlat_nf_queue_msgs,
    [NFNL_SUBSYS_ULOG] = &xlat_nf_log_msgs,
    [NFNL_SUBSYS_OSF] = &xlat_nf_osf_msgs,
    [NFNL_SUBSYS_IPSET] = &xlat_nf_ipset_cmds,
    [NFNL_SUBSYS_ACCT] = &xlat_nf_acct_msgs,
    [NFNL_SUBSYS_CTNETLINK_TIMEOUT] = &xlat_nf_timeout_msgs,
    [NFNL_SUBSYS_CTHELPER] = &xlat_nf_helper_msgs,
    [NFNL_SUBSYS_NFTABLES] = &xlat_nf_tables_msgs,
    [NFNL_SUBSYS_NFT_COMPAT] = &xlat_nf_compat_msgs,
    [NFNL_SUBSYS_HOOK] = &xlat_nf_hook_msgs,
};

static const Xlat *messages_of(unsigned type)
{
    unsigned subsystem = NFNL_SUBSYS_ID(type);

    return subsystem < sizeof(messages) / sizeof(messages[0]) ?
        messages[subsystem] : NULL;
}

void print_netfilter_type(Printer *p, unsigned type)
{
    const Xlat *x = messages_of(type);

    if (xlat_name(&xlat_nf_batch, type)) {
        print_enum(p->out, &xlat_nf_batch, type);
        return;
    }
    print_enum(p->out, &xlat_nf_subsystems, NFNL_SUBSYS_ID(type));
    text_str(p->out, "<<8|");
    if (x) {
        print_enum(p->out, x, NFNL_MSG_TYPE(type));
    } else {
        text_hex(p->out, NFNL_MSG_TYPE(type));
    }
}

const Xlat *netfilter_flags(unsigned type)
{
    static const char *const what[] = { "_NEW", "_GET", "_DEL" };
    static const Xlat *const flags[] = {
        &xlat_nlmsg_new_flags, &xlat_nlmsg_get_flags, &xlat_nlmsg_del_flags,
    };
    const Xlat *x = messages_of(type);
    const char *name = x ? xlat_name(x, NFNL_MSG_TYPE(type)) : NULL;

    /* ipset's and this one's are not of that kind to strace. */
    if (!name || NFNL_SUBSYS_ID(type) == NFNL_SUBSYS_IPSET ||
        !strcmp(name, "IPCTNL_MSG_TIMEOUT_DEFAULT_GET")) {
        return NULL;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (strstr(name, what[i])) {
            return flags[i];
        }
    }
    return NULL;
}

bool netlink_netfilter_payload(Printer *p, unsigned type,
                               const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        FIELD_X(struct nfgenmsg, nfgen_family, ENUM, socket_domains),
        FIELD_X(struct nfgenmsg, version, ENUM, nf_versions),
        MEMBER_END
    };
    static const AttrSet numbers = { 0 };
    struct nfgenmsg m;
    uint16_t id;

    if (len < sizeof(m)) {
        return false;
    }
    memcpy(&m, data, sizeof(m));
    id = ntohs(m.res_id);
    text_char(p->out, '{');
    print_fields(p, data, len, fields);
    text_str(p->out, ", res_id=htons(");
    /* Of nf_tables's own, this is the number of the subsystem. */
    if (id == NFNL_SUBSYS_NFTABLES &&
        NFNL_SUBSYS_ID(type) == NFNL_SUBSYS_NFTABLES) {
        print_enum(p->out, &xlat_nf_subsystems, id);
    } else {
        text_udec(p->out, id);
    }
    text_str(p->out, ")}");
    data += sizeof(m);
    len -= sizeof(m);
    if (!len) {
        return true;
    }
    text_str(p->out, ", ");
    if (xlat_name(&xlat_nf_batch, type)) {
        netlink_hex(p, data, len);
    } else {
        netlink_attributes(p, data, len, &numbers, m.nfgen_family);
    }
    return true;
}

/* --- SELinux -------------------------------------------------------------- */

bool netlink_selinux_payload(Printer *p, unsigned type, const uint8_t *data,
                             size_t len)
{
    bool enforce = type == SELNL_MSG_SETENFORCE;

    if ((!enforce && type != SELNL_MSG_POLICYLOAD) || len < 4) {
        return false;
    }
    text_char(p->out, '{');
    print_member(p, enforce ? "val" : "seqno");
    if (enforce) {
        text_dec(p->out, (int32_t)load_uint(data, 4));
    } else {
        text_udec(p->out, load_uint(data, 4));
    }
    text_char(p->out, '}');
    return true;
}

/* --- udev ----------------------------------------------------------------- */

/* What udev puts before the properties: none of the kernel's structures. */
typedef struct UdevHeader {
    char prefix[8];
    uint32_t magic, header_size, properties_off, properties_len;
    uint32_t filter_subsystem_hash, filter_devtype_hash;
    uint32_t filter_tag_bloom_hi, filter_tag_bloom_lo;
} UdevHeader;

void print_uevent(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        FIELD(UdevHeader, prefix, CSTR),
        FIELD(UdevHeader, magic, HTONL_HEX),
        FIELD(UdevHeader, header_size, UINT),
        FIELD(UdevHeader, properties_off, UINT),
        FIELD(UdevHeader, properties_len, UINT),
        FIELD(UdevHeader, filter_subsystem_hash, HTONL_HEX),
        FIELD(UdevHeader, filter_devtype_hash, HTONL_HEX),
        FIELD(UdevHeader, filter_tag_bloom_hi, HTONL_HEX),
        FIELD(UdevHeader, filter_tag_bloom_lo, HTONL_HEX),
        MEMBER_END
    };
    size_t size = sizeof(UdevHeader);

    if (len < size || memcmp(data, "libudev", 8)) {
        print_bytes(p, data, len);
        return;
    }
    text_str(p->out, len > size ? "[{" : "{");
    print_fields(p, data, size, fields);
    text_char(p->out, '}');
    if (len > size) {
        text_str(p->out, ", ");
        print_bytes(p, data + size, len - size);
        text_char(p->out, ']');
    }
}
