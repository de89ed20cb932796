/*
 * What the guest's kernel does with a signal.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guest/internal.h"

#define SIGNALS     64      /* _NSIG of x86 */

bool guest_signal_action(FrailGuestCpu *c, const FrailProcess *p, int sig,
                         GuestAction *action)
{
    uint64_t hand, at;

    if (sig < 1 || sig > SIGNALS || !guest_has(c, F_sighand_action) ||
        (uint64_t)c->k->types.sizeof_action * SIGNALS >
        guest_field(c, F_sighand_action)->size ||
        !kread_pointer(c, p->task, F_task_sighand, &hand)) {
        return false;
    }
    at = hand + guest_field(c, F_sighand_action)->offset +
         (uint64_t)(sig - 1) * c->k->types.sizeof_action;
    return kread_field(c, at, F_action_handler, &action->handler) &&
           kread_field(c, at, F_action_flags, &action->flags);
}
