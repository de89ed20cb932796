/* As sys/socket.h here.  SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/types.h>
#ifndef FRAIL_STUB_SYS_TYPES_H
#define FRAIL_STUB_SYS_TYPES_H
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned long ino_t;
#endif
