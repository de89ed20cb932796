/* As sys/socket.h here.  SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/time.h>
