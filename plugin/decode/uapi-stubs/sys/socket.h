/*
 * In place of the C library's, whose types collide with the kernel's, when
 * the kernel's headers are asked for their constants (see uapi.py).
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_STUB_SYS_SOCKET_H
#define FRAIL_STUB_SYS_SOCKET_H

#include <stdint.h>
#include <linux/socket.h>

#define sockaddr_storage __kernel_sockaddr_storage
typedef unsigned short sa_family_t;
enum { MSG_FIN = 0x200 };

struct sockaddr {
    unsigned short sa_family;
    char sa_data[14];
};

#endif /* FRAIL_STUB_SYS_SOCKET_H */
