/*
 * Socket addresses of the rarer families.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <endian.h>

#include "decode/print/members.h"
#include "decode/print/sockaddr-families.h"

/* A member by its place, where no header has the structure. */
#define AT(offset_, size_, name_, kind_, ...) \
    { .name = name_, .offset = offset_, .size = size_, \
      .kind = AS_##kind_, __VA_ARGS__ }
#define AT_X(offset_, size_, name_, kind_, table, ...) \
    AT(offset_, size_, name_, kind_, .xlat = &xlat_##table, __VA_ARGS__)

/*
 * A call sign: six shifted characters filled up with blanks, and the station's
 * number.  A valid one is shown as people write it, another in hex, with a
 * comment if it can be printed.
 */
static void ax25_call(Printer *p, const uint8_t *call)
{
    char text[6];
    unsigned len = 6;
    bool plain = !(call[6] & 1), printable = true;

    for (unsigned i = 0; i < 6; i++) {
        text[i] = call[i] >> 1;
        printable = printable && text[i] >= ' ' && text[i] < 0x7f;
    }
    while (len && text[len - 1] == ' ') {
        len--;
    }
    for (unsigned i = 0; i < 6; i++) {
        plain = plain && !(call[i] & 1) &&
                (i >= len || (text[i] >= '0' && text[i] <= '9') ||
                 (text[i] >= 'A' && text[i] <= 'Z'));
    }
    if (!plain) {
        text_str(p->out, "{ax25_call=");
        print_hex_string(p, call, 7);
        text_char(p->out, '}');
        if (!printable) {
            return;
        }
        text_str(p->out, " /* ");
    }
    if (!len && !(call[6] >> 1 & 15)) {
        text_char(p->out, '*');
    } else {
        text_bytes(p->out, text, len);
        text_char(p->out, '-');
        text_udec(p->out, call[6] >> 1 & 15);
    }
    if (!plain) {
        text_str(p->out, " */");
    }
}

#define AX25_DIGIS  8

void sockaddr_ax25(Printer *p, const uint8_t *data, size_t len)
{
    unsigned all = (len - 16) / 7;
    unsigned room = all < AX25_DIGIS ? all : AX25_DIGIS;
    uint32_t wanted = load_uint(data + 12, 4);
    unsigned digis = wanted < AX25_DIGIS ? wanted : AX25_DIGIS;
    bool full = len != 16 || wanted;

    text_str(p->out, full ? ", fsa_ax25={sax25_call=" : ", sax25_call=");
    ax25_call(p, data + 2);
    print_member(p, "sax25_ndigis");
    text_dec(p->out, (int32_t)wanted);
    if (!full) {
        return;
    }
    text_char(p->out, '}');
    if (wanted) {
        text_str(p->out, ", fsa_digipeater=[");
        for (unsigned i = 0; i < digis; i++) {
            print_next(p);
            if (i == room) {
                text_str(p->out, "...");
                break;
            }
            ax25_call(p, data + 16 + 7 * i);
        }
        text_char(p->out, ']');
    }
    if (len > 16 + 7 * room) {
        text_str(p->out, ", ...");
    }
}

void sockaddr_ipx(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        AT(2, 2, "sipx_port", HTONS),
        AT(4, 4, "sipx_network", HTONL_HEX),
        AT(8, 6, "sipx_node", BYTES),
        AT(14, 1, "sipx_type", BYTE),
        AT(15, 1, "sipx_zero", HEX, .flags = MEMBER_IF_SET),
        MEMBER_END
    };

    print_fields(p, data, len, fields);
}

void sockaddr_x25(Printer *p, const uint8_t *data, size_t len)
{
    (void)len;
    text_str(p->out, ", sx25_addr={x25_addr=");
    print_text(p, data + 2, 16);
    text_char(p->out, '}');
}

void sockaddr_packet(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        AT_X(2, 2, "sll_protocol", ETH_P, eth_protocols),
        AT(4, 4, "sll_ifindex", IFINDEX),
        AT_X(8, 2, "sll_hatype", ENUM, arp_hardware),
        AT_X(10, 1, "sll_pkttype", ENUM, packet_pkttypes),
        AT(11, 1, "sll_halen", UINT),
        MEMBER_END
    };
    size_t room = len - 12, halen = data[11];

    print_fields(p, data, len, fields);
    if (!halen) {
        return;
    }
    print_member(p, "sll_addr");
    print_hex_bytes(p, data + 12, halen < room ? halen : room);
    if (halen > room) {
        /* In place of the bracket. */
        if (!p->out->cut) {
            p->out->len--;
        }
        text_str(p->out, ", ...]");
    }
}

bool sockaddr_bluetooth_known(size_t len)
{
    return len == 4 || len == 6 || len == 8 || len == 10 || len == 12 ||
           len == 14;
}

/* A number that counts from @name on: "L2CAP_PSM_DYN_START+2". */
static void counted(Printer *p, const char *name, unsigned from,
                    unsigned value)
{
    text_str(p->out, name);
    if (value > from) {
        text_char(p->out, '+');
        text_udec(p->out, value - from);
    }
}

static void l2_psm(Printer *p, unsigned psm)
{
    text_str(p->out, ", l2_psm=htobs(");
    if (xlat_name(&xlat_bt_l2cap_psms, psm)) {
        text_str(p->out, xlat_name(&xlat_bt_l2cap_psms, psm));
    } else if (psm >= 0x1001) {
        counted(p, "L2CAP_PSM_DYN_START", 0x1001, psm);
    } else if (psm >= 0x80 && psm <= 0xff) {
        counted(p, "L2CAP_PSM_LE_DYN_START", 0x80, psm);
    } else {
        print_enum(p->out, &xlat_bt_l2cap_psms, psm);
    }
    text_char(p->out, ')');
}

static void l2_cid(Printer *p, unsigned cid)
{
    text_str(p->out, ", l2_cid=htobs(");
    if (xlat_name(&xlat_bt_l2cap_cids, cid) || cid < 0x40) {
        print_enum(p->out, &xlat_bt_l2cap_cids, cid);
    } else {
        counted(p, "L2CAP_CID_DYN_START", 0x40, cid);
    }
    text_char(p->out, ')');
}

void sockaddr_bluetooth(Printer *p, const uint8_t *data, size_t len)
{
    static const Member sco[] = {
        AT(2, 6, "sco_bdaddr", MAC), MEMBER_END
    };
    static const Member rc[] = {
        AT(2, 6, "rc_bdaddr", MAC), AT(8, 1, "rc_channel", UINT), MEMBER_END
    };
    static const Member l2_addr[] = {
        AT(4, 6, "l2_bdaddr", MAC), MEMBER_END
    };
    static const Member l2_type[] = {
        AT_X(12, 1, "l2_bdaddr_type", ENUM, bt_addr_types), MEMBER_END
    };
    static const Member channel[] = {
        AT_X(4, 2, "hci_channel", ENUM, bt_hci_channels), MEMBER_END
    };

    switch (len) {
    case 8:
        print_fields(p, data, len, sco);
        break;
    case 10:
        print_fields(p, data, len, rc);
        break;
    case 12:
    case 14:
        l2_psm(p, load_uint(data + 2, 2));
        print_fields(p, data, len, l2_addr);
        l2_cid(p, load_uint(data + 10, 2));
        print_fields(p, data, len, l2_type);
        break;
    default:
        print_member(p, "hci_dev");
        text_str(p->out, "htobs(");
        text_udec(p->out, load_uint(data + 2, 2));
        text_char(p->out, ')');
        print_fields(p, data, len, channel);
        break;
    }
}

void sockaddr_ieee802154(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        AT_X(4, 4, "addr_type", HEX_NAME, ieee802154_addr_types),
        AT(8, 2, "pan_id", HEX),
        MEMBER_END
    };
    static const Member hwaddr[] = {
        AT(10, 8, "hwaddr", MAC), MEMBER_END
    };
    static const Member shortaddr[] = {
        AT(10, 2, "short_addr", HEX), MEMBER_END
    };
    unsigned type = load_uint(data + 4, 4);

    text_str(p->out, ", addr={");
    print_fields(p, data, len, fields);
    if (type == 2) {
        print_fields(p, data, len, shortaddr);
    } else if (type) {
        print_fields(p, data, len, hwaddr);
    }
    text_char(p->out, '}');
}

void sockaddr_alg(Printer *p, const uint8_t *data, size_t len)
{
    static const Member flags[] = {
        AT_X(16, 4, "salg_feat", FLAGS, crypto_alg_flags),
        AT_X(20, 4, "salg_mask", FLAGS, crypto_alg_flags),
        MEMBER_END
    };

    print_member(p, "salg_type");
    print_text(p, data + 2, 14);
    for (const Member *f = flags; f->name; f++) {
        uint64_t value = load_uint(data + f->offset, f->size);

        /* The number, and what it is made of as a comment. */
        print_member(p, f->name);
        text_hex(p->out, value);
        if (value) {
            text_str(p->out, " /* ");
            print_flags(p->out, f->xlat, value);
            text_str(p->out, " */");
        }
    }
    print_member(p, "salg_name");
    print_text(p, data + 24, len - 24);
}

void sockaddr_nfc(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        AT(4, 4, "dev_idx", UINT),
        AT(8, 4, "target_idx", HEX),
        AT_X(12, 4, "nfc_protocol", ENUM, nfc_protocols),
        MEMBER_END
    };
    static const Member llcp[] = {
        AT(16, 1, "dsap", HEX),
        AT(17, 1, "ssap", HEX),
        MEMBER_END
    };

    print_fields(p, data, len, fields);
    if (len >= 96) {
        size_t n = load_uint(data + 88, 8);

        print_fields(p, data, len, llcp);
        print_member(p, "service_name");
        text_quoted(p->out, data + 18, n < 63 ? n : 63);
        print_member(p, "service_name_len");
        text_udec(p->out, n);
    } else if (len > 16) {
        text_str(p->out, ", ...");
    }
}

void sockaddr_vsock(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        AT(2, 2, "svm_reserved1", HEX, .flags = MEMBER_IF_SET),
        AT_X(8, 4, "svm_cid", NAMED_HEX, vsock_cids),
        AT_X(4, 4, "svm_port", NAMED_HEX, vsock_ports),
        AT_X(12, 1, "svm_flags", FLAGS, vsock_flags),
        AT(13, 3, "svm_zero", HEX_STRING, .flags = MEMBER_IF_SET),
        MEMBER_END
    };

    print_fields(p, data, len, fields);
}

void sockaddr_qrtr(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        AT_X(4, 4, "sq_node", NAMED_HEX, qrtr_nodes),
        AT_X(8, 4, "sq_port", NAMED_HEX, qrtr_ports),
        MEMBER_END
    };

    print_fields(p, data, len, fields);
}

void sockaddr_xdp(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        AT_X(2, 2, "sxdp_flags", FLAGS, xdp_bind_flags),
        AT(4, 4, "sxdp_ifindex", IFINDEX),
        AT(8, 4, "sxdp_queue_id", UINT),
        MEMBER_END
    };
    static const Member shared[] = {
        AT(12, 4, "sxdp_shared_umem_fd", FD), MEMBER_END
    };
    static const Member unused[] = {
        AT(12, 4, "sxdp_shared_umem_fd", HEX, .flags = MEMBER_IF_SET),
        MEMBER_END
    };

    print_fields(p, data, len, fields);
    print_fields(p, data, len, data[2] & 1 ? shared : unused);
}

void sockaddr_mctp(Printer *p, const uint8_t *data, size_t len)
{
    static const Member net[] = {
        AT(2, 2, "__smctp_pad0", HEX, .flags = MEMBER_IF_SET),
        AT_X(4, 4, "smctp_network", NAMED_HEX, mctp_networks),
        MEMBER_END
    };
    static const Member addr[] = {
        AT_X(8, 1, "s_addr", NAMED_HEX, mctp_addrs), MEMBER_END
    };
    static const Member rest[] = {
        AT(9, 1, "smctp_type", HEX),
        AT(10, 1, "smctp_tag", HEX),
        AT(11, 1, "__smctp_pad1", HEX, .flags = MEMBER_IF_SET),
        MEMBER_END
    };

    print_fields(p, data, len, net);
    text_str(p->out, ", smctp_addr={");
    print_fields(p, data, len, addr);
    text_char(p->out, '}');
    print_fields(p, data, len, rest);
}
