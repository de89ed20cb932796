/*
 * Arguments of the ioctls of network interfaces: struct ifreq, ifconf.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/sockios.h>
#include <sys/socket.h>

#include "decode/print/members.h"
#include "decode/print/ifreq.h"
#include "decode/print/sockaddr.h"

/* Behind the name: 24 bytes, 16 with 32-bit pointers. */
static unsigned ifreq_size(const Printer *p)
{
    return printer_word(p) == 8 ? 40 : 32;
}

typedef enum How { ADDRESS, HARDWARE, NUMBER, FLAGS, NAME, MAP } How;

typedef struct Request {
    uint16_t request;
    bool gives;             /* known at return only */
    uint8_t how;
    const char *member;
} Request;

static const Request requests[] = {
    { SIOCGIFFLAGS, true, FLAGS, "ifr_flags" },
    { SIOCSIFFLAGS, false, FLAGS, "ifr_flags" },
    { SIOCGIFADDR, true, ADDRESS, "ifr_addr" },
    { SIOCSIFADDR, false, ADDRESS, "ifr_addr" },
    { SIOCGIFDSTADDR, true, ADDRESS, "ifr_dstaddr" },
    { SIOCSIFDSTADDR, false, ADDRESS, "ifr_dstaddr" },
    { SIOCGIFBRDADDR, true, ADDRESS, "ifr_broadaddr" },
    { SIOCSIFBRDADDR, false, ADDRESS, "ifr_broadaddr" },
    { SIOCGIFNETMASK, true, ADDRESS, "ifr_netmask" },
    { SIOCSIFNETMASK, false, ADDRESS, "ifr_netmask" },
    { SIOCGIFMETRIC, true, NUMBER, "ifr_metric" },
    { SIOCSIFMETRIC, false, NUMBER, "ifr_metric" },
    { SIOCGIFMTU, true, NUMBER, "ifr_mtu" },
    { SIOCSIFMTU, false, NUMBER, "ifr_mtu" },
    { SIOCGIFINDEX, true, NUMBER, "ifr_ifindex" },
    { SIOCGIFTXQLEN, true, NUMBER, "ifr_qlen" },
    { SIOCSIFTXQLEN, false, NUMBER, "ifr_qlen" },
    { SIOCSIFNAME, false, NAME, "ifr_newname" },
    { SIOCGIFSLAVE, true, NAME, "ifr_slave" },
    { SIOCSIFSLAVE, false, NAME, "ifr_slave" },
    { SIOCGIFHWADDR, true, HARDWARE, "ifr_hwaddr" },
    { SIOCSIFHWADDR, false, HARDWARE, "ifr_hwaddr" },
    { SIOCSIFHWBROADCAST, false, HARDWARE, "ifr_hwaddr" },
    { SIOCADDMULTI, false, HARDWARE, "ifr_hwaddr" },
    { SIOCDELMULTI, false, HARDWARE, "ifr_hwaddr" },
    { SIOCGIFMAP, true, MAP, "ifr_map" },
    { SIOCSIFMAP, false, MAP, "ifr_map" },
};

static void print_hardware(Printer *p, const uint8_t *data)
{
    unsigned type = load_uint(data, 2);

    text_str(p->out, "{sa_family=");
    print_enum(p->out, &xlat_arp_hardware, type);
    print_member(p, "sa_data");
    print_mac(p, data + 2, type == ARPHRD_ETHER ? 6 :
                           type == ARPHRD_NETROM ? 7 : 14);
    text_char(p->out, '}');
}

static void print_map(Printer *p, const uint8_t *data)
{
    unsigned word = printer_word(p);
    const Member fields[] = {
        { .name = "mem_start", .size = word, .kind = AS_HEX },
        { .name = "mem_end", .offset = word, .size = word,
          .kind = AS_HEX },
        { .name = "base_addr", .offset = 2 * word, .size = 2,
          .kind = AS_HEX },
        { .name = "irq", .offset = 2 * word + 2, .size = 1,
          .kind = AS_HEX },
        { .name = "dma", .offset = 2 * word + 3, .size = 1,
          .kind = AS_HEX },
        { .name = "port", .offset = 2 * word + 4, .size = 1,
          .kind = AS_HEX },
        MEMBER_END
    };

    text_char(p->out, '{');
    print_fields(p, data, 2 * word + 8, fields);
    text_char(p->out, '}');
}

static void print_value(Printer *p, const Request *r, const uint8_t *data)
{
    print_member(p, r->member);
    switch ((How)r->how) {
    case ADDRESS:
        print_sockaddr_data(p, data, 16);
        break;
    case HARDWARE:
        print_hardware(p, data);
        break;
    case NUMBER:
        text_dec(p->out, (int32_t)load_uint(data, 4));
        break;
    case FLAGS:
        print_flags(p->out, &xlat_net_device_flags, load_uint(data, 2));
        break;
    case NAME:
        print_text(p, data, IFNAMSIZ);
        break;
    case MAP:
        print_map(p, data);
        break;
    }
}

static void print_ifreq(Printer *p, uint64_t addr, const Request *r)
{
    uint8_t data[40];
    bool known = p->at_return && !p->failed;

    if (!addr || !printer_read(p, addr, data, ifreq_size(p))) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{ifr_name=");
    print_text(p, data, IFNAMSIZ);
    if (!r->gives || known) {
        print_value(p, r, data + IFNAMSIZ);
    }
    text_char(p->out, '}');
}

/* The other way round: a number in, a name out. */
static void print_ifname(Printer *p, uint64_t addr)
{
    uint8_t data[40];

    if (!addr || !printer_read(p, addr, data, ifreq_size(p))) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{ifr_ifindex=");
    text_dec(p->out, (int32_t)load_uint(data + IFNAMSIZ, 4));
    if (p->at_return && !p->failed) {
        print_member(p, "ifr_name");
        print_text(p, data, IFNAMSIZ);
    }
    text_char(p->out, '}');
}

static void element_ifreq(Printer *p, const uint8_t *data, void *opaque)
{
    (void)opaque;
    text_str(p->out, "{ifr_name=");
    print_text(p, data, IFNAMSIZ);
    print_member(p, "ifr_addr");
    print_sockaddr_data(p, data + IFNAMSIZ, 16);
    text_char(p->out, '}');
}

static void print_bytes_of_ifreqs(Printer *p, int32_t len)
{
    int32_t size = ifreq_size(p);

    text_dec(p->out, len);
    if (len > 0 && len % size == 0) {
        text_str(p->out, " /* ");
        text_dec(p->out, len / size);
        text_str(p->out, " * sizeof(struct ifreq) */");
    }
}

int32_t ifconf_len(Printer *p, uint64_t addr)
{
    return printer_socklen(p, addr);
}

static void print_ifconf(Printer *p, uint64_t addr, int32_t entry_len)
{
    unsigned word = printer_word(p);
    bool known = p->at_return && !p->failed;
    uint8_t data[16];
    uint64_t buf;
    int32_t len;

    if (!addr || !printer_read(p, addr, data, 2 * word)) {
        print_addr(p, addr);
        return;
    }
    len = (int32_t)load_uint(data, 4);
    buf = load_uint(data + word, word);
    text_str(p->out, "{ifc_len=");
    if (known && buf && len != entry_len) {
        print_bytes_of_ifreqs(p, entry_len);
        text_str(p->out, " => ");
    }
    print_bytes_of_ifreqs(p, len);
    print_member(p, "ifc_buf");
    if (!known || !buf || len < 0) {
        print_addr(p, buf);
    } else {
        print_elements(p, buf, len / ifreq_size(p), ifreq_size(p),
                    element_ifreq, NULL);
    }
    text_char(p->out, '}');
}

bool print_ifreq_ioctl(Printer *p, uint32_t request, uint64_t addr,
                       int32_t entry_len)
{
    if (request == SIOCGIFCONF) {
        print_ifconf(p, addr, entry_len);
        return true;
    }
    if (request == SIOCGIFNAME) {
        print_ifname(p, addr);
        return true;
    }
    for (unsigned i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        if (requests[i].request == request) {
            print_ifreq(p, addr, &requests[i]);
            return true;
        }
    }
    return false;
}
