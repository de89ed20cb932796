/*
 * ioctl: its command and what that points to.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/kinds/kinds.h"
#include "decode/print/ioctl.h"
#include "decode/names/print.h"

void arg_ioctl_cmd(Arg *a)
{
    print_ioctl_request(a->p->out, (uint32_t)a->value);
}

void arg_ioctl(Arg *a)
{
    Printer *p = a->p;
    uint32_t cmd = arg_ref(a);

    switch (ioctl_arg_when(cmd)) {
    case IOCTL_NO_ARG:
        a->absent = true;
        break;
    case IOCTL_IN:
        print_ioctl_arg(p, cmd, a->value);
        break;
    case IOCTL_OUT:
        if (arg_written(a)) {
            print_ioctl_arg(p, cmd, a->value);
        }
        break;
    case IOCTL_INOUT:
        if (p->at_return) {
            if (!p->failed) {
                print_ioctl_arg(p, cmd, a->value);
            }
            break;
        }
        print_ioctl_arg(p, cmd, a->value);
        a->more = true;
        break;
    default:
        /* A number for all that is known. */
        text_hex(p->out, a->value);
    }
}
