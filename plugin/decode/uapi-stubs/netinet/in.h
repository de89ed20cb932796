/* As sys/socket.h here.  SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/socket.h>
#include <linux/in.h>
#include <linux/in6.h>
