/*
 * Arrays of struct iovec, and what they point to.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/members.h"
#include "decode/print/iovec.h"
#include "decode/print/netlink.h"

typedef struct IovecState {
    IovecData kind;
    uint64_t left;      /* bytes that are valid */
    int family;
} IovecState;

static void iovec_element(Printer *p, const uint8_t *data, void *opaque)
{
    IovecState *state = opaque;
    unsigned word = printer_word(p);
    uint64_t base = load_uint(data, word);
    uint64_t len = load_uint(data + word, word);
    uint64_t n = len < state->left ? len : state->left;

    text_str(p->out, "{iov_base=");
    switch (state->kind) {
    case IOVEC_STRING:
        print_buffer(p, base, n);
        break;
    case IOVEC_NETLINK:
        print_netlink(p, base, n, state->family);
        break;
    case IOVEC_ADDR:
        print_addr(p, base);
        break;
    }
    if (state->left != UINT64_MAX) {
        state->left -= n;
    }
    print_member(p, "iov_len");
    text_udec(p->out, len);
    text_char(p->out, '}');
}

void print_iovec(Printer *p, uint64_t addr, uint64_t count, IovecData kind,
                 uint64_t bytes, int family)
{
    IovecState state = { .kind = kind, .left = bytes, .family = family };

    print_elements(p, addr, count, 2 * printer_word(p), iovec_element, &state);
}
