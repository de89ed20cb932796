/* As sys/socket.h here.  SPDX-License-Identifier: GPL-2.0-or-later */
#define __LITTLE_ENDIAN 1234
#define __BIG_ENDIAN 4321
#define __BYTE_ORDER __LITTLE_ENDIAN
