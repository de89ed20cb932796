/*
 * Arguments that have to do with signals.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/kinds/kinds.h"
#include "decode/print/signal.h"

void print_signal(Printer *p, int signal)
{
    print_signal_name(p, signal);
}

void print_sighandler(Printer *p, uint64_t handler)
{
    if (handler == 0) {
        text_str(p->out, "SIG_DFL");
    } else if (handler == 1) {
        text_str(p->out, "SIG_IGN");
    } else if (handler == 0xffffffff || handler == UINT64_MAX) {
        text_str(p->out, "SIG_ERR");
    } else {
        text_hex(p->out, handler);
    }
}

void arg_sighandler(Arg *a)
{
    print_sighandler(a->p, a->value);
}

void arg_signal(Arg *a)
{
    print_signal(a->p, a->value);
}

/*
 * rt_sigreturn: the mask that comes back, out of the frame that the handler
 * was called with.
 */
void arg_sigreturn(Arg *a)
{
    Printer *p = a->p;
    bool i386 = p->call->abi == CALL_ABI_I386;
    uint64_t mask, rsp = p->call->user_rsp;

    /* struct rt_sigframe without its first word, and uc_sigmask in it. */
    if (i386) {
        rsp += p->call->nr == 119 ? 4 + 88 - 4 : 4 * 3 + 128 + 4 + 4 + 12 + 88;
    } else {
        rsp += p->call->abi == CALL_ABI_X86_64 ? 296 : 0;
    }
    if (p->call->abi == CALL_ABI_X32 ||
        !printer_read(p, rsp, &mask, sizeof(mask))) {
        print_addr(p, rsp);
        return;
    }
    text_str(p->out, "{mask=");
    print_sigset_value(p, mask, sizeof(mask));
    text_char(p->out, '}');
}

/* sigsuspend, ssetmask: 32 signals in a register. */
void arg_old_sigmask(Arg *a)
{
    print_sigset_value(a->p, (uint32_t)a->value, 4);
}
