/*
 * Finding out what the guest is.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_GUEST_DISCOVER_H
#define FRAIL_GUEST_DISCOVER_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "guest/guest.h"

/*
 * Look at the guest if nobody has yet; true when processes can be named.
 * @any_task: the vCPU may be in the kernel.  *@why is set when it is false;
 * static.  On the vCPU's thread.
 */
bool guest_discover(FrailGuestCpu *c, const GuestCpuState *s, bool any_task,
                    const char **why);

#endif /* FRAIL_GUEST_DISCOVER_H */
