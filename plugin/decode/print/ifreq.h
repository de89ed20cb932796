/*
 * Arguments of the ioctls of network interfaces: struct ifreq, ifconf.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_IFREQ_H
#define FRAIL_PRINT_IFREQ_H

#include "decode/printer.h"

/*
 * The argument of an ioctl SIOC..., at return.  @entry_len is ifconf_len() at
 * entry, for SIOCGIFCONF only.  False, and nothing printed, for a request
 * that has no struct ifreq or ifconf.
 */
bool print_ifreq_ioctl(Printer *p, uint32_t request, uint64_t addr,
                       int32_t entry_len);
int32_t ifconf_len(Printer *p, uint64_t addr);

#endif /* FRAIL_PRINT_IFREQ_H */
