/*
 * Printer of kexec_load's segments.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/members.h"
#include "decode/print/kexec.h"

#define SEGMENTS_MAX    16      /* KEXEC_SEGMENT_MAX */

static void segment(Printer *p, const uint8_t *elem, void *opaque)
{
    static const Member list[] = {
        MEMBER("buf", WORD, ADDR),
        MEMBER("bufsz", WORD, UINT),
        MEMBER("mem", WORD, ADDR),
        MEMBER("memsz", WORD, UINT),
    };
    Members m;

    (void)opaque;
    members_init(&m, p, elem, 4 * printer_word(p));
    MEMBERS_PRINT(&m, list);
    text_char(p->out, '}');
}

void print_kexec_segments(Printer *p, uint64_t addr, uint64_t count)
{
    if (count > SEGMENTS_MAX) {
        print_addr(p, addr);
    } else {
        print_array(p, addr, count, 4 * printer_word(p), segment, NULL);
    }
}
