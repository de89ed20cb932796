/*
 * Arguments of the usual ioctl commands: terminals, files, block devices,
 * loop devices, clocks.
 *
 * On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_IOCTL_H
#define FRAIL_PRINT_IOCTL_H

#include "decode/printer.h"

typedef enum IoctlWhen {
    IOCTL_UNKNOWN,          /* not here: the bare pointer */
    IOCTL_NO_ARG,           /* strace prints none */
    IOCTL_IN,               /* print at entry */
    IOCTL_OUT,              /* print at return */
    IOCTL_INOUT,            /* at entry, and at return behind that */
} IoctlWhen;

/* When print_ioctl_arg() is to be called for the command @cmd.  Any thread. */
IoctlWhen ioctl_arg_when(uint32_t cmd);
/* The argument @arg of @cmd, at the time that ioctl_arg_when() says. */
void print_ioctl_arg(Printer *p, uint32_t cmd, uint64_t arg);

#endif /* FRAIL_PRINT_IOCTL_H */
