/*
 * Printer of futexes that are waited for together.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/members.h"
#include "decode/print/thread.h"

#define WAITV_SIZE  24      /* struct futex_waitv */

static void waiter(Printer *p, const uint8_t *elem, void *opaque)
{
    static const Member list[] = {
        MEMBER("val", 64, HEX),
        MEMBER("uaddr", 64, ADDR),
        MEMBER_FLAGS("flags", 32, futex_waitv_flags),
    };
    uint32_t reserved;
    Members m;

    (void)opaque;
    members_init(&m, p, elem, WAITV_SIZE);
    MEMBERS_PRINT(&m, list);
    reserved = take(&m, SIZE_32);
    if (reserved) {
        member_name(&m, "__reserved");
        text_hex(p->out, reserved);
    }
    text_char(p->out, '}');
}

void print_futex_waiters(Printer *p, uint64_t addr, uint64_t count)
{
    print_array(p, addr, (uint32_t)count, WAITV_SIZE, waiter, NULL);
}
