/*
 * Does this host's KVM honour the trap?  For monitors that use KVM.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_KVM_H
#define FRAIL_KVM_H

#include "frail-host.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Run a scratch virtual machine of a few pages on @kvm_fd (an open /dev/kvm)
 * for some milliseconds, and see whether @trap, FRAIL_TRAP_SCE or
 * FRAIL_TRAP_LSTAR, works in it.  Versions of kernels are not looked at:
 * distributions take changes back to older ones.
 *
 * Returns 0; or -ENOTSUP or the errno of what failed, with one sentence in
 * @why, cut to @why_size, that names what is missing.  @kvm_fd stays open.
 * Any thread, whose signal mask is restored.
 */
int frail_kvm_selftest(int kvm_fd, FrailTrap trap, char *why, size_t why_size);

#ifdef __cplusplus
}
#endif
#endif /* FRAIL_KVM_H */
