/*
 * What messages of NETLINK_ROUTE carry: a structure and attributes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "decode/print/netlink-payload.h"

static const Member link_attrs[] = {
    ATTR(IFLA_ADDRESS, MAC),
    ATTR(IFLA_BROADCAST, MAC),
    ATTR(IFLA_IFNAME, CSTR),
    ATTR(IFLA_QDISC, CSTR),
    ATTR(IFLA_IFALIAS, CSTR),
    ATTR(IFLA_PHYS_PORT_NAME, CSTR),
    ATTR(IFLA_ALT_IFNAME, CSTR),
    ATTR(IFLA_PARENT_DEV_NAME, CSTR),
    ATTR(IFLA_PARENT_DEV_BUS_NAME, CSTR),
    ATTR(IFLA_MTU, UINT, .size = 4),
    ATTR(IFLA_LINK, UINT, .size = 4),
    ATTR(IFLA_MASTER, UINT, .size = 4),
    ATTR(IFLA_TXQLEN, UINT, .size = 4),
    ATTR(IFLA_NET_NS_PID, UINT, .size = 4),
    ATTR(IFLA_NET_NS_FD, FD, .size = 4),
    ATTR(IFLA_NUM_VF, UINT, .size = 4),
    ATTR(IFLA_GROUP, UINT, .size = 4),
    ATTR(IFLA_EXT_MASK, FLAGS, .size = 4, .xlat = &xlat_rtext_filters),
    ATTR(IFLA_PROMISCUITY, UINT, .size = 4),
    ATTR(IFLA_ALLMULTI, UINT, .size = 4),
    ATTR(IFLA_NUM_TX_QUEUES, UINT, .size = 4),
    ATTR(IFLA_NUM_RX_QUEUES, UINT, .size = 4),
    ATTR(IFLA_CARRIER, UINT, .size = 1),
    ATTR(IFLA_CARRIER_CHANGES, UINT, .size = 4),
    ATTR(IFLA_CARRIER_UP_COUNT, UINT, .size = 4),
    ATTR(IFLA_CARRIER_DOWN_COUNT, UINT, .size = 4),
    ATTR(IFLA_OPERSTATE, UINT, .size = 1),
    ATTR(IFLA_LINKMODE, UINT, .size = 1),
    ATTR(IFLA_LINK_NETNSID, INT, .size = 4),
    ATTR(IFLA_TARGET_NETNSID, INT, .size = 4),
    ATTR(IFLA_NEW_NETNSID, INT, .size = 4),
    ATTR(IFLA_NEW_IFINDEX, IFINDEX, .size = 4),
    ATTR(IFLA_PROTO_DOWN, UINT, .size = 1),
    ATTR(IFLA_GSO_MAX_SEGS, UINT, .size = 4),
    ATTR(IFLA_GSO_MAX_SIZE, UINT, .size = 4),
    ATTR(IFLA_GRO_MAX_SIZE, UINT, .size = 4),
    ATTR(IFLA_TSO_MAX_SIZE, UINT, .size = 4),
    ATTR(IFLA_TSO_MAX_SEGS, UINT, .size = 4),
    ATTR(IFLA_MIN_MTU, UINT, .size = 4),
    ATTR(IFLA_MAX_MTU, UINT, .size = 4),
};
static const AttrSet link_set = SET(ifla_attrs, link_attrs);

/* AS_IN: an address of the message's own family. */
static const Member addr_attrs[] = {
    ATTR(IFA_ADDRESS, IN),
    ATTR(IFA_LOCAL, IN),
    ATTR(IFA_BROADCAST, IN),
    ATTR(IFA_ANYCAST, IN),
    ATTR(IFA_MULTICAST, IN),
    ATTR(IFA_LABEL, CSTR),
    ATTR_X(IFA_FLAGS, FLAGS, ifa_flags, .size = 4),
    ATTR(IFA_RT_PRIORITY, UINT, .size = 4),
    ATTR(IFA_TARGET_NETNSID, INT, .size = 4),
};
static const AttrSet addr_set = SET(ifa_attrs, addr_attrs);

static const Member route_attrs[] = {
    ATTR(RTA_DST, IN),
    ATTR(RTA_SRC, IN),
    ATTR(RTA_GATEWAY, IN),
    ATTR(RTA_PREFSRC, IN),
    ATTR(RTA_IIF, IFINDEX, .size = 4),
    ATTR(RTA_OIF, IFINDEX, .size = 4),
    ATTR(RTA_PRIORITY, UINT, .size = 4),
    ATTR(RTA_FLOW, UINT, .size = 4),
    ATTR_X(RTA_TABLE, NAMED_UINT, rt_tables, .size = 4),
    ATTR(RTA_MARK, UINT, .size = 4),
    ATTR(RTA_PREF, UINT, .size = 1),
    ATTR(RTA_EXPIRES, UINT, .size = 4),
    ATTR_X(RTA_ENCAP_TYPE, ENUM, lwtunnel_encaps, .size = 2),
    ATTR(RTA_UID, ID, .size = 4),
    ATTR(RTA_TTL_PROPAGATE, UINT, .size = 1),
};
static const AttrSet route_set = SET(rta_attrs, route_attrs);

static const Member neigh_attrs[] = {
    ATTR(NDA_DST, IN),
    ATTR(NDA_LLADDR, MAC),
    ATTR(NDA_PROBES, UINT, .size = 4),
    ATTR(NDA_VLAN, UINT, .size = 2),
    ATTR(NDA_VNI, UINT, .size = 4),
    ATTR(NDA_IFINDEX, IFINDEX, .size = 4),
    ATTR(NDA_MASTER, IFINDEX, .size = 4),
    ATTR(NDA_LINK_NETNSID, UINT, .size = 4),
    ATTR(NDA_SRC_VNI, UINT, .size = 4),
};
static const AttrSet neigh_set = SET(nda_attrs, neigh_attrs);

static const Member rule_attrs[] = {
    ATTR(FRA_DST, IN),
    ATTR(FRA_SRC, IN),
    ATTR(FRA_IIFNAME, CSTR),
    ATTR(FRA_OIFNAME, CSTR),
    ATTR(FRA_GOTO, UINT, .size = 4),
    ATTR(FRA_PRIORITY, UINT, .size = 4),
    ATTR(FRA_FWMARK, UINT, .size = 4),
    ATTR(FRA_FLOW, UINT, .size = 4),
    ATTR(FRA_SUPPRESS_IFGROUP, UINT, .size = 4),
    ATTR(FRA_SUPPRESS_PREFIXLEN, UINT, .size = 4),
    ATTR_X(FRA_TABLE, NAMED_UINT, rt_tables, .size = 4),
    ATTR(FRA_FWMASK, UINT, .size = 4),
    ATTR_X(FRA_PROTOCOL, ENUM, rt_protocols, .size = 1),
    ATTR(FRA_L3MDEV, UINT, .size = 1),
};
static const AttrSet rule_set = SET(fra_attrs, rule_attrs);

static const Member tc_attrs[] = {
    ATTR(TCA_KIND, CSTR),
    ATTR(TCA_FCNT, UINT, .size = 4),
    ATTR(TCA_CHAIN, UINT, .size = 4),
    ATTR(TCA_HW_OFFLOAD, UINT, .size = 1),
    ATTR(TCA_INGRESS_BLOCK, UINT, .size = 4),
    ATTR(TCA_EGRESS_BLOCK, UINT, .size = 4),
};
static const AttrSet tc_set = SET(tca_attrs, tc_attrs);

static const Member link_fields[] = {
    FIELD_X(struct ifinfomsg, ifi_type, ENUM, arp_hardware),
    FIELD(struct ifinfomsg, ifi_index, IFINDEX),
    FIELD_X(struct ifinfomsg, ifi_flags, FLAGS, net_device_flags),
    FIELD(struct ifinfomsg, ifi_change, HEX),
    MEMBER_END
};
static const Member addr_fields[] = {
    FIELD(struct ifaddrmsg, ifa_prefixlen, UINT),
    FIELD_X(struct ifaddrmsg, ifa_flags, FLAGS, ifa_flags),
    FIELD_X(struct ifaddrmsg, ifa_scope, NAMED_HEX, rt_scopes),
    FIELD(struct ifaddrmsg, ifa_index, IFINDEX),
    MEMBER_END
};
static const Member route_fields[] = {
    FIELD(struct rtmsg, rtm_dst_len, UINT),
    FIELD(struct rtmsg, rtm_src_len, UINT),
    FIELD(struct rtmsg, rtm_tos, HEX),
    FIELD_X(struct rtmsg, rtm_table, NAMED_UINT, rt_tables),
    FIELD_X(struct rtmsg, rtm_protocol, NAMED_HEX, rt_protocols),
    FIELD_X(struct rtmsg, rtm_scope, NAMED_HEX, rt_scopes),
    FIELD_X(struct rtmsg, rtm_type, ENUM, rt_types),
    FIELD_X(struct rtmsg, rtm_flags, FLAGS, rtm_flags),
    MEMBER_END
};
static const Member neigh_fields[] = {
    FIELD(struct ndmsg, ndm_ifindex, IFINDEX),
    FIELD_X(struct ndmsg, ndm_state, FLAGS, nud_states),
    FIELD_X(struct ndmsg, ndm_flags, FLAGS, ntf_flags),
    FIELD_X(struct ndmsg, ndm_type, ENUM, rt_types),
    MEMBER_END
};
static const Member rule_fields[] = {
    FIELD(struct fib_rule_hdr, dst_len, UINT),
    FIELD(struct fib_rule_hdr, src_len, UINT),
    FIELD(struct fib_rule_hdr, tos, HEX),
    FIELD_X(struct fib_rule_hdr, table, NAMED_UINT, rt_tables),
    FIELD_X(struct fib_rule_hdr, action, ENUM, fr_actions),
    FIELD_X(struct fib_rule_hdr, flags, FLAGS, fib_rule_flags),
    MEMBER_END
};
static const Member tc_fields[] = {
    FIELD(struct tcmsg, tcm_ifindex, IFINDEX),
    FIELD(struct tcmsg, tcm_handle, UINT),
    FIELD(struct tcmsg, tcm_parent, UINT),
    FIELD(struct tcmsg, tcm_info, UINT),
    MEMBER_END
};

/* A structure of NETLINK_ROUTE; all begin with a byte of the family. */
typedef struct Route {
    uint16_t first, last;   /* types of messages */
    const char *family;
    uint16_t size;
    const Member *fields;
    const AttrSet *set;
} Route;

static const Route routes[] = {
    { RTM_NEWLINK, RTM_SETLINK, "ifi_family", sizeof(struct ifinfomsg),
      link_fields, &link_set },
    { RTM_NEWADDR, RTM_GETADDR, "ifa_family", sizeof(struct ifaddrmsg),
      addr_fields, &addr_set },
    { RTM_NEWROUTE, RTM_GETROUTE, "rtm_family", sizeof(struct rtmsg),
      route_fields, &route_set },
    { RTM_NEWNEIGH, RTM_GETNEIGH, "ndm_family", sizeof(struct ndmsg),
      neigh_fields, &neigh_set },
    { RTM_NEWRULE, RTM_GETRULE, "family", sizeof(struct fib_rule_hdr),
      rule_fields, &rule_set },
    { RTM_NEWQDISC, RTM_GETTFILTER, "tcm_family", sizeof(struct tcmsg),
      tc_fields, &tc_set },
    { RTM_GETMULTICAST, RTM_GETMULTICAST, "ifa_family",
      sizeof(struct ifaddrmsg), addr_fields, &addr_set },
    { RTM_GETANYCAST, RTM_GETANYCAST, "ifa_family",
      sizeof(struct ifaddrmsg), addr_fields, &addr_set },
};

bool netlink_route_payload(Printer *p, unsigned type, const uint8_t *data,
                           size_t len)
{
    const Route *r = NULL;
    size_t used;

    for (unsigned i = 0; i < sizeof(routes) / sizeof(routes[0]) && !r; i++) {
        if (type >= routes[i].first && type <= routes[i].last) {
            r = &routes[i];
        }
    }
    if (!len) {
        return false;
    }
    if (!r) {
        netlink_family_data(p, data, len);
        return true;
    }
    text_char(p->out, '{');
    print_member(p, r->family);
    print_enum(p->out, &xlat_socket_domains, data[0]);
    if (len < r->size) {
        text_str(p->out, ", ...}");
        return true;
    }
    print_fields(p, data, len, r->fields);
    text_char(p->out, '}');
    used = align4(r->size);
    if (len > used) {
        text_str(p->out, ", ");
        netlink_attributes(p, data + used, len - used, r->set, data[0]);
    }
    return true;
}
