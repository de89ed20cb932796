/*
 * Printers of what the scheduler and the memory's nodes are told.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/members.h"
#include "decode/print/proc.h"
#include "decode/print/sched.h"

#define ATTR_SIZE_0     48      /* SCHED_ATTR_SIZE_VER0 */
#define ATTR_SIZE_1     56      /* ... VER1: utilisation */
#define MASK_BYTES_MAX  128     /* strace shows 1024 CPUs, then "..." */
#define PAGE_SHIFT      12
#define NODE_WORDS_MAX  (1u << 30)  /* more are taken for nonsense */

void print_sched_param(Printer *p, uint64_t addr)
{
    print_int_pointer(p, addr);
}

/* What stands behind the size, of @len bytes at most. */
static void attr_members(Members *m, unsigned len)
{
    static const Member list[] = {
        MEMBER_ENUM("sched_policy", 32, sched_policies),
        MEMBER_FLAGS("sched_flags", 64, sched_attr_flags),
        MEMBER("sched_nice", 32, INT),
        MEMBER("sched_priority", 32, UINT),
        MEMBER("sched_runtime", 64, UINT),
        MEMBER("sched_deadline", 64, UINT),
        MEMBER("sched_period", 64, UINT),
    };
    static const Member more[] = {
        MEMBER("sched_util_min", 32, UINT),
        MEMBER("sched_util_max", 32, UINT),
    };

    MEMBERS_PRINT(m, list);
    if (len >= ATTR_SIZE_1) {
        MEMBERS_PRINT(m, more);
    }
}

void print_sched_attr(Printer *p, uint64_t addr)
{
    uint8_t buf[ATTR_SIZE_1] = { 0 };
    unsigned size, len;
    Members m;

    if (!members_read(&m, p, addr, buf, 4)) {
        return;
    }
    size = take(&m, SIZE_32);
    len = size ? size : ATTR_SIZE_0;
    if (len > sizeof(buf)) {
        len = sizeof(buf);
    }
    /* Below the first size the kernel does not look at the rest. */
    if (len >= ATTR_SIZE_0 && !printer_read(p, addr, buf, len)) {
        print_addr(p, addr);
        return;
    }
    members_init(&m, p, buf, sizeof(buf));
    take(&m, SIZE_32);
    member_name(&m, "size");
    text_udec(p->out, size);
    if (len >= ATTR_SIZE_0) {
        attr_members(&m, len);
    }
    if (size > sizeof(buf)) {
        text_str(p->out, ", ...");
    }
    text_char(p->out, '}');
}

void print_sched_attr_size(Printer *p, uint64_t addr)
{
    uint32_t size;

    if (p->result == -7 && printer_read(p, addr, &size, sizeof(size))) {
        text_str(p->out, " => {size=");
        text_udec(p->out, size);
        text_char(p->out, '}');
    }
}

void print_sched_attr_of(Printer *p, uint64_t addr, uint64_t size)
{
    uint8_t buf[ATTR_SIZE_1] = { 0 };
    unsigned have = (uint32_t)size < sizeof(buf) ? size : sizeof(buf);
    unsigned len;
    Members m;

    if (!members_read(&m, p, addr, buf, have)) {
        return;
    }
    m.len = sizeof(buf);
    len = take(&m, SIZE_32);
    member_name(&m, "size");
    text_udec(p->out, len);
    if (len >= ATTR_SIZE_0) {
        attr_members(&m, len);
    }
    text_char(p->out, '}');
}

void print_cpu_mask(Printer *p, uint64_t addr, uint64_t len)
{
    uint8_t buf[MASK_BYTES_MAX];
    bool first = true, more = len > sizeof(buf);

    if (more) {
        len = sizeof(buf);
    }
    if (!printer_fetch(p, addr)) {
        return;
    }
    if (!printer_read(p, addr, buf, len)) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '[');
    for (unsigned i = 0; i < len * 8; i++) {
        if (!(buf[i / 8] & 1u << i % 8)) {
            continue;
        }
        if (!first) {
            text_char(p->out, ' ');
        }
        first = false;
        text_udec(p->out, i);
    }
    if (more) {
        text_str(p->out, first ? "..." : " ...");
    }
    text_char(p->out, ']');
}

/* As printf's "%#0*lx": zeros in front, and no 0x for a zero. */
static void print_node_word(Printer *p, const uint8_t *elem,
                            void *opaque)
{
    unsigned width = printer_word(p) * 2;
    uint64_t value = 0;

    (void)opaque;
    memcpy(&value, elem, printer_word(p));
    if (value) {
        text_hex_padded(p->out, value, width - 2);
    } else {
        text_padded(p->out, 0, width);
    }
}

void print_node_mask(Printer *p, uint64_t addr, uint64_t maxnode)
{
    unsigned bits = printer_word(p) * 8;
    uint64_t words;

    if (p->call->abi == CALL_ABI_I386) {
        maxnode = (uint32_t)maxnode;
    }
    /* The kernel takes one off, too. */
    maxnode -= !!maxnode;
    words = maxnode / bits + (maxnode % bits != 0);
    if (addr && words > NODE_WORDS_MAX) {
        print_addr(p, addr);
        return;
    }
    print_array(p, addr, words, bits / 8, print_node_word, NULL);
}

void print_mempolicy_pointer(Printer *p, uint64_t addr)
{
    print_enum_pointer(p, addr, &xlat_mpol_modes);
}

static void print_low_bit(Printer *p, const uint8_t *elem, void *opaque)
{
    (void)opaque;
    text_char(p->out, elem[0] & 1 ? '1' : '0');
}

void print_mincore(Printer *p, uint64_t addr, uint64_t len)
{
    uint64_t pages = (len >> PAGE_SHIFT) + !!(len & ((1 << PAGE_SHIFT) - 1));

    print_array(p, addr, pages, 1, print_low_bit, NULL);
}

static void print_word_addr(Printer *p, const uint8_t *elem, void *opaque)
{
    uint64_t value = 0;

    (void)opaque;
    memcpy(&value, elem, printer_word(p));
    print_addr(p, value);
}

void print_move_pages(Printer *p, uint64_t addr, uint64_t count)
{
    print_array(p, addr, count, printer_word(p), print_word_addr, NULL);
}

static void print_node(Printer *p, const uint8_t *elem, void *opaque)
{
    int32_t value;

    (void)opaque;
    memcpy(&value, elem, sizeof(value));
    text_dec(p->out, value);
}

void print_move_nodes(Printer *p, uint64_t addr, uint64_t count)
{
    print_array(p, addr, count, 4, print_node, NULL);
}

static void print_node_or_error(Printer *p, const uint8_t *elem, void *opaque)
{
    int32_t value;
    const char *name;

    (void)opaque;
    memcpy(&value, elem, sizeof(value));
    name = value < 0 && value >= -4095 ? frail_errno_name(-value) : NULL;
    if (name) {
        text_char(p->out, '-');
        text_str(p->out, name);
    } else {
        text_dec(p->out, value);
    }
}

void print_move_status(Printer *p, uint64_t addr, uint64_t count)
{
    print_array(p, addr, count, 4, print_node_or_error, NULL);
}
