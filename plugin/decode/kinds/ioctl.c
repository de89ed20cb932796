/*
 * ioctl: its command and what that points to.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/sockios.h>

#include "decode/kinds/kinds.h"
#include "decode/print/ifreq.h"
#include "decode/print/ioctl.h"
#include "decode/names/print.h"

#define SIOC    0x8900      /* the requests of sockets */

void arg_ioctl_cmd(Arg *a)
{
    print_ioctl_request(a->p->out, (uint32_t)a->value);
}

/* SIOCGIFCONF has a length that the kernel writes over. */
static void interface_arg(Arg *a, uint32_t cmd)
{
    if (!a->p->at_return) {
        a->saved[0] = cmd == SIOCGIFCONF ? ifconf_len(a->p, a->value) : 0;
        a->later = true;
    } else if (!print_ifreq_ioctl(a->p, cmd, a->value, a->saved[0])) {
        text_hex(a->p->out, a->value);
    }
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
        if ((cmd & ~0xffu) == SIOC) {
            interface_arg(a, cmd);
        } else {
            /* A number for all that is known. */
            text_hex(p->out, a->value);
        }
    }
}
