/*
 * Control messages of struct msghdr.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <time.h>

#include <linux/errqueue.h>
#include <linux/in.h>
#include <sys/socket.h>

#include "decode/print/members.h"
#include "decode/print/msghdr.h"
#include "decode/print/sockaddr.h"

/* What is shown of one message: enough for any of known type. */
#define CMSG_DATA_MAX   512
/* The kernel takes less (net.core.optmem_max). */
#define CONTROL_MAX     (1u << 20)

/* An array within the message, of which all bytes are shown. */
static void cmsg_array(Printer *p, const uint8_t *data, size_t len,
                       size_t size, ElementFn *element)
{
    uint64_t limit = print_array_limit(p);
    size_t n = len / size, room = CMSG_DATA_MAX / size;

    if (!n) {
        return;
    }
    print_member(p, "cmsg_data");
    text_char(p->out, '[');
    for (size_t i = 0; i < n; i++) {
        print_next(p);
        if (i >= limit || i >= room) {
            text_str(p->out, "...");
            break;
        }
        element(p, data + i * size, NULL);
    }
    text_char(p->out, ']');
}

static void element_fd(Printer *p, const uint8_t *data, void *opaque)
{
    (void)opaque;
    print_fd(p, (int)load_uint(data, 4));
}

static void element_byte(Printer *p, const uint8_t *data, void *opaque)
{
    (void)opaque;
    text_hex(p->out, data[0]);
}

static void cmsg_text(Printer *p, const uint8_t *data, size_t len)
{
    if (len) {
        print_member(p, "cmsg_data");
        text_quoted(p->out, data, len < CMSG_DATA_MAX ? len : CMSG_DATA_MAX);
    }
}

/* @count times, each two numbers of @size bytes, the second called @part. */
static void cmsg_times(Printer *p, const uint8_t *data, size_t len,
                       size_t size, unsigned count, const char *part)
{
    print_member(p, "cmsg_data");
    if (len < 2 * size * count) {
        text_str(p->out, "???");
        return;
    }
    if (count > 1) {
        text_char(p->out, '[');
    }
    for (unsigned i = 0; i < count; i++, data += 2 * size) {
        const Member fields[] = {
            { .name = "tv_sec", .size = size, .kind = AS_INT },
            { .name = part, .offset = size, .size = size,
              .kind = AS_UINT },
            MEMBER_END
        };

        if (i) {
            print_next(p);
        }
        text_char(p->out, '{');
        print_fields(p, data, 2 * size, fields);
        text_char(p->out, '}');
    }
    if (count > 1) {
        text_char(p->out, ']');
    }
}

static void cmsg_struct(Printer *p, const uint8_t *data, size_t len,
                        size_t size, const Member *fields)
{
    if (len >= size) {
        print_member(p, "cmsg_data");
        text_char(p->out, '{');
        print_fields(p, data, size, fields);
        text_char(p->out, '}');
    }
}

static const Member ucred_fields[] = {
    { .name = "pid", .offset = 0, .size = 4, .kind = AS_INT },
    { .name = "uid", .offset = 4, .size = 4, .kind = AS_ID },
    { .name = "gid", .offset = 8, .size = 4, .kind = AS_ID },
    MEMBER_END
};

/* Size of the numbers in times that are those of the ABI. */
static size_t time_size(const Printer *p)
{
    return p->call->abi == CALL_ABI_I386 ? 4 : 8;
}

static void cmsg_socket(Printer *p, unsigned type, const uint8_t *data,
                        size_t len)
{
    switch (type) {
    case 1: /* SCM_RIGHTS */
    case 4: /* SCM_PIDFD */
        cmsg_array(p, data, len, 4, element_fd);
        break;
    case 2: /* SCM_CREDENTIALS */
        cmsg_struct(p, data, len, 12, ucred_fields);
        break;
    case 3: /* SCM_SECURITY */
        cmsg_text(p, data, len);
        break;
    case 29: /* SO_TIMESTAMP_OLD */
        cmsg_times(p, data, len, time_size(p), 1, "tv_usec");
        break;
    case 35: /* SO_TIMESTAMPNS_OLD */
        cmsg_times(p, data, len, time_size(p), 1, "tv_nsec");
        break;
    case 37: /* SO_TIMESTAMPING_OLD */
        cmsg_times(p, data, len, time_size(p), 3, "tv_nsec");
        break;
    case 63: /* SO_TIMESTAMP_NEW */
        cmsg_times(p, data, len, 8, 1, "tv_usec");
        break;
    case 64: /* SO_TIMESTAMPNS_NEW */
        cmsg_times(p, data, len, 8, 1, "tv_nsec");
        break;
    case 65: /* SO_TIMESTAMPING_NEW */
        cmsg_times(p, data, len, 8, 3, "tv_nsec");
        break;
    }
}

static void cmsg_error(Printer *p, const uint8_t *data, size_t len)
{
    static const Member fields[] = {
        FIELD(struct sock_extended_err, ee_errno, UINT),
        FIELD(struct sock_extended_err, ee_origin, UINT),
        FIELD(struct sock_extended_err, ee_type, UINT),
        FIELD(struct sock_extended_err, ee_code, UINT),
        FIELD(struct sock_extended_err, ee_info, UINT),
        FIELD(struct sock_extended_err, ee_data, UINT),
        MEMBER_END
    };
    size_t size = sizeof(struct sock_extended_err);

    if (len < size + sizeof(struct sockaddr_in)) {
        return;
    }
    print_member(p, "cmsg_data");
    text_char(p->out, '{');
    print_fields(p, data, size, fields);
    print_member(p, "offender");
    print_sockaddr_data(p, data + size, sizeof(struct sockaddr_in));
    text_char(p->out, '}');
}

static void cmsg_ip(Printer *p, unsigned type, const uint8_t *data, size_t len)
{
    static const Member pktinfo[] = {
        FIELD(struct in_pktinfo, ipi_ifindex, IFINDEX),
        FIELD(struct in_pktinfo, ipi_spec_dst, IN),
        FIELD(struct in_pktinfo, ipi_addr, IN),
        MEMBER_END
    };

    switch (type) {
    case IP_TOS:
    case IP_RECVOPTS:
    case IP_RETOPTS:
        cmsg_array(p, data, len, 1, element_byte);
        break;
    case IP_TTL:
    case IP_CHECKSUM:
        cmsg_array(p, data, len, 4, print_element_uint);
        break;
    case 3: /* SCM_SECURITY */
        cmsg_text(p, data, len);
        break;
    case IP_PKTINFO:
        cmsg_struct(p, data, len, sizeof(struct in_pktinfo), pktinfo);
        break;
    case IP_RECVERR:
        cmsg_error(p, data, len);
        break;
    case IP_ORIGDSTADDR:
        if (len >= sizeof(struct sockaddr_in)) {
            print_member(p, "cmsg_data");
            print_sockaddr_data(p, data, len < SOCKADDR_MAX ? len :
                                                              SOCKADDR_MAX);
        }
        break;
    }
}

static void print_cmsg(Printer *p, uint64_t len, int level, unsigned type,
                       const uint8_t *data, size_t data_len)
{
    text_str(p->out, "{cmsg_len=");
    text_udec(p->out, len);
    print_member(p, "cmsg_level");
    if (xlat_name(&xlat_socket_levels, (uint32_t)level)) {
        print_enum(p->out, &xlat_socket_levels, (uint32_t)level);
    } else {
        /* One "?" more than setsockopt() has. */
        text_hex(p->out, (uint32_t)level);
        text_str(p->out, " /* SOL_?" "?? */");
    }
    print_member(p, "cmsg_type");
    switch (level) {
    case SOL_SOCKET:
        print_enum(p->out, &xlat_scm_types, type);
        if (data_len) {
            cmsg_socket(p, type, data, data_len);
        }
        break;
    case 0: /* SOL_IP */
        print_enum(p->out, &xlat_cmsg_ip, type);
        if (data_len) {
            cmsg_ip(p, type, data, data_len);
        }
        break;
    default:
        text_hex(p->out, type);
        break;
    }
    text_char(p->out, '}');
}

/* Can all of it be read?  The kernel copies it as one piece. */
static bool readable(Printer *p, uint64_t addr, uint64_t len)
{
    uint8_t scratch[1024];

    while (len) {
        size_t n = len < sizeof(scratch) ? len : sizeof(scratch);

        if (!printer_read(p, addr, scratch, n)) {
            return false;
        }
        addr += n;
        len -= n;
    }
    return true;
}

void print_cmsgs(Printer *p, uint64_t addr, uint64_t len)
{
    unsigned word = printer_word(p);
    unsigned head = word + 8;

    if (!addr || len < head || len > CONTROL_MAX || !readable(p, addr, len)) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '[');
    while (!p->out->cut) {
        /* A fresh copy, whatever readable() has seen: its bounds are ours. */
        uint8_t data[16 + CMSG_DATA_MAX] = { 0 };
        size_t n = len < head + CMSG_DATA_MAX ? len : head + CMSG_DATA_MAX;
        uint64_t cmsg_len, whole;

        if (!printer_read(p, addr, data, n)) {
            text_str(p->out, "... /* ");
            text_hex(p->out, addr);
            text_str(p->out, " */");
            break;
        }
        cmsg_len = load_uint(data, word);
        whole = cmsg_len < head ? head : cmsg_len > len ? len : cmsg_len;
        print_cmsg(p, cmsg_len, (int)load_uint(data + word, 4),
                   load_uint(data + word + 4, 4), data + head, whole - head);
        whole = (whole + word - 1) & ~(uint64_t)(word - 1);
        if (whole >= len) {
            break;
        }
        addr += whole;
        len -= whole;
        text_str(p->out, ", ");
        if (len < head) {
            text_str(p->out, "... /* ");
            text_hex(p->out, addr);
            text_str(p->out, " */");
            break;
        }
    }
    text_char(p->out, ']');
}
