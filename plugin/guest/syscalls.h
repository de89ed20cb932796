/*
 * The guest kernel's own table of system calls.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_GUEST_SYSCALLS_H
#define FRAIL_GUEST_SYSCALLS_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

typedef struct GuestSyscallTable GuestSyscallTable;

/* NULL is allowed. */
void guest_syscalls_free(GuestSyscallTable *table);

#endif /* FRAIL_GUEST_SYSCALLS_H */
