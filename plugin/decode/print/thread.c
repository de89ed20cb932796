/*
 * Printers of capabilities and of what threads are made of.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/capability.h>
#include <linux/sched.h>

#include "decode/print/members.h"
#include "decode/print/proc.h"
#include "decode/print/signal.h"
#include "decode/print/thread.h"

#define CLONE_SIZE_MIN      64      /* CLONE_ARGS_SIZE_VER0 */
#define CLONE_SIZE_KNOWN    88      /* ... VER2 */
#define CLONE_SIZE_LIMIT    4096    /* the kernel takes no more */
#define SET_TID_MAX         32      /* MAX_PID_NS_LEVEL */

/* --- Capabilities ------------------------------------------------------- */

void print_cap_header(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER_ENUM("version", 32, cap_versions),
        MEMBER("pid", 32, INT),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 8, 8, 8 }), list);
}

/* What has no name is shown as a number for each of the two words. */
static void print_cap_word(Printer *p, uint32_t caps, unsigned base,
                           bool *first)
{
    uint32_t rest = 0;

    for (unsigned i = 0; i < 32; i++) {
        const char *name = caps >> i & 1 ? xlat_name(&xlat_caps, base + i) :
                           NULL;

        if (!name) {
            rest |= caps & 1u << i;
            continue;
        }
        text_str(p->out, *first ? "1<<" : "|1<<");
        text_str(p->out, name);
        *first = false;
    }
    if (rest) {
        if (!*first) {
            text_char(p->out, '|');
        }
        *first = false;
        text_hex(p->out, rest);
    }
}

static void print_caps(Printer *p, uint32_t low, uint32_t high)
{
    bool first = true;

    print_cap_word(p, low, 0, &first);
    print_cap_word(p, high, 32, &first);
    if (first) {
        text_char(p->out, '0');
    }
}

void print_cap_data(Printer *p, uint64_t addr, uint64_t header)
{
    static const char name[3][12] = {
        "effective", "permitted", "inheritable",
    };
    uint32_t version = 0, data[6] = { 0 };
    bool two;

    if (!printer_fetch(p, addr)) {
        return;
    }
    printer_read(p, header, &version, sizeof(version));
    two = version == _LINUX_CAPABILITY_VERSION_2 ||
          version == _LINUX_CAPABILITY_VERSION_3;
    if (!printer_read(p, addr, data, two ? 24 : 12)) {
        print_addr(p, addr);
        return;
    }
    for (unsigned i = 0; i < 3; i++) {
        text_str(p->out, i ? ", " : "{");
        text_str(p->out, name[i]);
        text_char(p->out, '=');
        print_caps(p, data[i], data[3 + i]);
    }
    text_char(p->out, '}');
}

/* --- Threads ------------------------------------------------------------ */

void print_user_desc(Printer *p, uint64_t addr)
{
    static const struct {
        const char *name;
        uint8_t shift, bits;
    } field[] = {
        { ", seg_32bit=", 0, 1 },
        { ", contents=", 1, 2 },
        { ", read_exec_only=", 3, 1 },
        { ", limit_in_pages=", 4, 1 },
        { ", seg_not_present=", 5, 1 },
        { ", useable=", 6, 1 },
        { ", lm=", 7, 1 },          /* of x86-64 only */
    };
    unsigned fields = p->call->abi == CALL_ABI_X86_64 ? 7 : 6;
    uint32_t desc[4];

    if (!printer_fetch(p, addr)) {
        return;
    }
    if (!printer_read(p, addr, desc, sizeof(desc))) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{entry_number=");
    text_dec(p->out, (int32_t)desc[0]);
    text_str(p->out, ", base_addr=");
    text_hex_padded(p->out, desc[1], 6);
    text_str(p->out, ", limit=");
    text_hex_padded(p->out, desc[2], 6);
    for (unsigned i = 0; i < fields; i++) {
        text_str(p->out, field[i].name);
        text_udec(p->out, desc[3] >> field[i].shift &
                  ((1u << field[i].bits) - 1));
    }
    text_char(p->out, '}');
}

void print_user_desc_result(Printer *p, uint64_t addr)
{
    uint32_t entry;

    if (!p->failed && addr && printer_read(p, addr, &entry, sizeof(entry))) {
        text_str(p->out, "(entry_number=");
        text_udec(p->out, entry);
        text_char(p->out, ')');
    }
}

void print_kcmp_slot(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("efd", 32, UINT),
        MEMBER("tfd", 32, UINT),
        MEMBER("toff", 32, UINT),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 12, 12, 12 }), list);
}

/* --- clone3 ------------------------------------------------------------- */

/* Members in the order of the structure: eleven of 64 bits. */
enum {
    CLONE_flags, CLONE_pidfd, CLONE_child_tid, CLONE_parent_tid,
    CLONE_exit_signal, CLONE_stack, CLONE_stack_size, CLONE_tls,
    CLONE_set_tid, CLONE_set_tid_size, CLONE_cgroup, CLONE_MEMBERS,
};

static void print_tid(Printer *p, const uint8_t *elem, void *opaque)
{
    int32_t tid;

    (void)opaque;
    memcpy(&tid, elem, sizeof(tid));
    text_dec(p->out, tid);
}

static void clone_member(Members *m, const char *name, uint64_t addr)
{
    member_name(m, name);
    print_addr(m->p, addr);
}

static void clone_set_tid(Members *m, const uint64_t *a)
{
    Printer *p = m->p;

    if (!a[CLONE_set_tid] && !a[CLONE_set_tid_size]) {
        return;
    }
    member_name(m, "set_tid");
    if (!a[CLONE_set_tid_size] || a[CLONE_set_tid_size] > SET_TID_MAX) {
        print_addr(p, a[CLONE_set_tid]);
    } else {
        print_array(p, a[CLONE_set_tid], a[CLONE_set_tid_size], 4, print_tid,
                    NULL);
    }
    member_name(m, "set_tid_size");
    text_udec(p->out, a[CLONE_set_tid_size]);
}

/* Bytes behind the members that are known, if one is not zero. */
static void clone_rest(Members *m, uint64_t addr, uint64_t size)
{
    uint8_t buf[CLONE_SIZE_LIMIT];
    FrailText *t = m->p->out;
    unsigned n = size - CLONE_SIZE_KNOWN;
    bool any = false;

    if (size > CLONE_SIZE_LIMIT ||
        !printer_read(m->p, addr + CLONE_SIZE_KNOWN, buf, n)) {
        text_str(t, m->begun ? ", ???" : "{???");
        m->begun = true;
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        any |= buf[i];
    }
    if (!any) {
        return;
    }
    text_str(t, m->begun ? ", /* bytes 88.." : "{/* bytes 88..");
    m->begun = true;
    text_udec(t, size - 1);
    text_str(t, " */ \"");
    for (unsigned i = 0; i < n && i < m->p->opts->string_limit; i++) {
        text_str(t, "\\x");
        text_bytes(t, "0123456789abcdef" + (buf[i] >> 4), 1);
        text_bytes(t, "0123456789abcdef" + (buf[i] & 15), 1);
    }
    text_str(t, n > m->p->opts->string_limit ? "\"..." : "\"");
}

static bool clone_read(Printer *p, Members *m, uint64_t addr, uint64_t size,
                       uint64_t *a)
{
    memset(a, 0, CLONE_MEMBERS * sizeof(*a));
    if (size < CLONE_SIZE_MIN ||
        !printer_read(p, addr, a, size < CLONE_SIZE_KNOWN ? size :
                      CLONE_SIZE_KNOWN)) {
        return false;
    }
    members_init(m, p, a, CLONE_SIZE_KNOWN);
    return true;
}

void print_clone_args(Printer *p, uint64_t addr, uint64_t size)
{
    uint64_t a[CLONE_MEMBERS];
    Members m;

    if (!addr || !clone_read(p, &m, addr, size, a)) {
        print_addr(p, addr);
        return;
    }
    member_name(&m, "flags");
    print_flags(p->out, &xlat_clone_flags, a[CLONE_flags]);
    if (a[CLONE_flags] & CLONE_PIDFD) {
        clone_member(&m, "pidfd", a[CLONE_pidfd]);
    }
    if (a[CLONE_flags] & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)) {
        clone_member(&m, "child_tid", a[CLONE_child_tid]);
    }
    if (a[CLONE_flags] & CLONE_PARENT_SETTID) {
        clone_member(&m, "parent_tid", a[CLONE_parent_tid]);
    }
    member_name(&m, "exit_signal");
    print_signal_name(p, a[CLONE_exit_signal]);
    clone_member(&m, "stack", a[CLONE_stack]);
    member_name(&m, "stack_size");
    text_hex(p->out, a[CLONE_stack_size]);
    if (a[CLONE_flags] & CLONE_SETTLS) {
        clone_member(&m, "tls", a[CLONE_tls]);
    }
    clone_set_tid(&m, a);
    if (a[CLONE_flags] & CLONE_INTO_CGROUP) {
        member_name(&m, "cgroup");
        text_udec(p->out, a[CLONE_cgroup]);
    }
    if (size > CLONE_SIZE_KNOWN) {
        clone_rest(&m, addr, size);
    }
    text_char(p->out, '}');
}

void print_clone_args_result(Printer *p, uint64_t addr, uint64_t size)
{
    uint64_t a[CLONE_MEMBERS];
    size_t start = p->out->len;
    Members m;

    if (p->failed || !addr || !clone_read(p, &m, addr, size, a)) {
        return;
    }
    text_str(p->out, " => ");
    if (a[CLONE_flags] & CLONE_PIDFD) {
        member_name(&m, "pidfd");
        print_fd_pointer(p, a[CLONE_pidfd]);
    }
    if (a[CLONE_flags] & CLONE_PARENT_SETTID) {
        member_name(&m, "parent_tid");
        print_int_pointer(p, a[CLONE_parent_tid]);
    }
    if (size > CLONE_SIZE_KNOWN) {
        clone_rest(&m, addr, size);
    }
    if (m.begun) {
        text_char(p->out, '}');
    } else {
        p->out->len = start;
    }
}
