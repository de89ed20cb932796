/*
 * Arrays of the caller's.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/array.h"
#include "decode/print/values.h"

bool printer_fetch(Printer *p, uint64_t addr)
{
    if (!addr || (p->at_return && p->failed)) {
        print_addr(p, addr);
        return false;
    }
    return true;
}

uint64_t print_array_limit(const Printer *p)
{
    return p->opts->verbose ? UINT64_MAX : p->opts->string_limit;
}

void print_elements(Printer *p, uint64_t addr, uint64_t count, size_t size,
                    ElementFn *element, void *opaque)
{
    uint8_t elem[ELEMENT_MAX];
    uint64_t limit = print_array_limit(p);
    uint64_t bytes;

    if (!addr || size > sizeof(elem) ||
        __builtin_mul_overflow(count, (uint64_t)size, &bytes) ||
        addr + bytes < addr) {
        print_addr(p, addr);
        return;
    }
    if (count && !printer_read(p, addr, elem, size)) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '[');
    /* What is full takes no more; a hostile count ends there. */
    for (uint64_t i = 0; i < count && !p->out->cut; i++) {
        print_comma(p, i);
        if (i >= limit) {
            text_str(p->out, "...");
            break;
        }
        if (i && !printer_read(p, addr + i * size, elem, size)) {
            text_str(p->out, "... /* ");
            text_hex(p->out, addr + i * size);
            text_str(p->out, " */");
            break;
        }
        element(p, elem, opaque);
    }
    text_char(p->out, ']');
}

void print_array(Printer *p, uint64_t addr, uint64_t count, size_t size,
                 ElementFn *element, void *opaque)
{
    /* Of no elements nothing has to be fetched. */
    if (!count || printer_fetch(p, addr)) {
        print_elements(p, addr, count, size, element, opaque);
    }
}

void print_element_int(Printer *p, const uint8_t *elem, void *opaque)
{
    (void)opaque;
    text_dec(p->out, (int32_t)load_uint(elem, 4));
}

void print_element_uint(Printer *p, const uint8_t *elem, void *opaque)
{
    (void)opaque;
    text_udec(p->out, load_uint(elem, 4));
}
