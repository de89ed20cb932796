/*
 * io_uring.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/io_uring.h>

#include "decode/print/members.h"
#include "decode/print/iouring.h"
#include "decode/print/iovec.h"

#define P_U(member) FIELD(struct io_uring_params, member, UINT)

static void print_offsets(Printer *p, const uint8_t *data, size_t size,
                          const Member *fields)
{
    text_char(p->out, '{');
    print_fields(p, data, size, fields);
    text_char(p->out, '}');
}

void print_io_uring_params(Printer *p, uint64_t addr)
{
    static const Member asked[] = {
        FIELD_X(struct io_uring_params, flags, FLAGS, io_uring_setup_flags),
        FIELD(struct io_uring_params, sq_thread_cpu, HEX),
        P_U(sq_thread_idle),
        MEMBER_END
    };
    static const Member shared[] = {
        FIELD(struct io_uring_params, wq_fd, FD), MEMBER_END
    };
    static const Member answer[] = {
        P_U(sq_entries), P_U(cq_entries),
        FIELD_X(struct io_uring_params, features, FLAGS, io_uring_features),
        MEMBER_END
    };
    static const Member sq[] = {
        FIELD(struct io_sqring_offsets, head, UINT),
        FIELD(struct io_sqring_offsets, tail, UINT),
        FIELD(struct io_sqring_offsets, ring_mask, UINT),
        FIELD(struct io_sqring_offsets, ring_entries, UINT),
        FIELD(struct io_sqring_offsets, flags, UINT),
        FIELD(struct io_sqring_offsets, dropped, UINT),
        FIELD(struct io_sqring_offsets, array, UINT),
        MEMBER_END
    };
    static const Member cq[] = {
        FIELD(struct io_cqring_offsets, head, UINT),
        FIELD(struct io_cqring_offsets, tail, UINT),
        FIELD(struct io_cqring_offsets, ring_mask, UINT),
        FIELD(struct io_cqring_offsets, ring_entries, UINT),
        FIELD(struct io_cqring_offsets, overflow, UINT),
        FIELD(struct io_cqring_offsets, cqes, UINT),
        FIELD(struct io_cqring_offsets, flags, UINT),
        MEMBER_END
    };
    struct io_uring_params params;

    if (!addr || !printer_read(p, addr, &params, sizeof(params))) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '{');
    print_fields(p, &params, sizeof(params), asked);
    if (params.flags & IORING_SETUP_ATTACH_WQ) {
        print_fields(p, &params, sizeof(params), shared);
    }
    if (p->at_return && !p->failed) {
        print_fields(p, &params, sizeof(params), answer);
        print_member(p, "sq_off");
        print_offsets(p, (const uint8_t *)&params.sq_off,
                      sizeof(params.sq_off), sq);
        print_member(p, "cq_off");
        print_offsets(p, (const uint8_t *)&params.cq_off,
                      sizeof(params.cq_off), cq);
    }
    text_char(p->out, '}');
}

static void element_fd(Printer *p, const uint8_t *data, void *opaque)
{
    (void)opaque;
    print_fd(p, (int)load_uint(data, 4));
}

static void element_probe(Printer *p, const uint8_t *data, void *opaque)
{
    static const Member flags[] = {
        FIELD_X(struct io_uring_probe_op, flags, FLAGS, io_uring_probe_flags),
        MEMBER_END
    };

    (void)opaque;
    text_str(p->out, "{op=");
    print_enum_dec(p->out, &xlat_io_uring_ops, data[0]);
    print_fields(p, data, sizeof(struct io_uring_probe_op), flags);
    text_char(p->out, '}');
}

static void print_probe(Printer *p, uint64_t addr, uint32_t count)
{
    struct io_uring_probe probe;

    if (!addr || !printer_read(p, addr, &probe, sizeof(probe))) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{last_op=");
    print_enum_dec(p->out, &xlat_io_uring_ops, probe.last_op);
    print_member(p, "ops_len");
    text_udec(p->out, probe.ops_len);
    print_member(p, "ops");
    if (p->at_return && !p->failed && probe.ops_len < count) {
        count = probe.ops_len;
    }
    print_elements(p, addr + sizeof(probe), count,
                sizeof(struct io_uring_probe_op), element_probe, NULL);
    text_char(p->out, '}');
}

static void element_ring_fd(Printer *p, const uint8_t *data, void *opaque)
{
    static const Member add[] = {
        FIELD(struct io_uring_rsrc_update, offset, UINT),
        { .name = "data", .offset = 8, .size = 8, .kind = AS_FD },
        MEMBER_END
    };
    static const Member remove[] = {
        FIELD(struct io_uring_rsrc_update, offset, UINT),
        { .name = "data", .offset = 8, .size = 8, .kind = AS_HEX },
        MEMBER_END
    };

    text_char(p->out, '{');
    print_fields(p, data, sizeof(struct io_uring_rsrc_update),
                 opaque ? add : remove);
    text_char(p->out, '}');
}

static void print_files_update(Printer *p, uint64_t addr, uint32_t count)
{
    struct io_uring_files_update update;

    if (!addr || !printer_read(p, addr, &update, sizeof(update))) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{offset=");
    text_udec(p->out, update.offset);
    print_member(p, "fds");
    print_elements(p, update.fds, count, 4, element_fd, NULL);
    text_char(p->out, '}');
}

void print_io_uring_register(Printer *p, unsigned opcode, uint64_t addr,
                             uint32_t count)
{
    static const Member ring[] = {
        FIELD(struct io_uring_buf_reg, ring_addr, HEX),
        FIELD(struct io_uring_buf_reg, ring_entries, UINT),
        FIELD(struct io_uring_buf_reg, bgid, UINT),
        MEMBER_END
    };
    static int yes;

    switch (opcode) {
    case IORING_REGISTER_BUFFERS:
        print_iovec(p, addr, count, IOVEC_ADDR, 0, -1);
        break;
    case IORING_REGISTER_FILES:
    case IORING_REGISTER_EVENTFD:
    case IORING_REGISTER_EVENTFD_ASYNC:
        print_elements(p, addr, count, 4, element_fd, NULL);
        break;
    case IORING_REGISTER_FILES_UPDATE:
        print_files_update(p, addr, count);
        break;
    case IORING_REGISTER_PROBE:
        print_probe(p, addr, count);
        break;
    case IORING_REGISTER_RING_FDS:
    case IORING_UNREGISTER_RING_FDS:
        print_elements(p, addr, count, sizeof(struct io_uring_rsrc_update),
                    element_ring_fd,
                    opcode == IORING_REGISTER_RING_FDS ? &yes : NULL);
        break;
    case IORING_REGISTER_PBUF_RING:
    case IORING_UNREGISTER_PBUF_RING:
        print_fields_at(p, addr, sizeof(struct io_uring_buf_reg), ring);
        break;
    default:
        print_addr(p, addr);
    }
}

void print_io_uring_submitted(Printer *p, int fd, bool registered,
                              uint32_t count)
{
    uint64_t limit = print_array_limit(p);
    GuestRingEntry entry;
    GuestRing ring;

    if (!p->guest || !p->process ||
        !guest_ring(p->guest, p->process, fd, registered, &ring)) {
        return;
    }
    if (ring.ready > count) {
        ring.ready = count;
    }
    if (!ring.ready) {
        return;
    }
    text_str(p->out, " /* [");
    for (uint64_t i = 0; ring.ready && !p->out->cut; i++) {
        print_next(p);
        if (i >= limit || !guest_ring_next(p->guest, &ring, &entry)) {
            text_str(p->out, "...");
            break;
        }
        if (entry.invalid) {
            text_str(p->out, "{slot=");
            text_udec(p->out, entry.slot);
            text_char(p->out, '}');
        } else {
            print_io_uring_sqe(p, entry.data, entry.len);
        }
    }
    text_str(p->out, "] */");
}
