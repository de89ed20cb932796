/*
 * Printer of kexec_load's segments.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_KEXEC_H
#define FRAIL_PRINT_KEXEC_H

#include "decode/printer.h"

/*
 * @count is the call's second argument; the bare pointer for more than the
 * kernel takes.  On the vCPU's thread.
 */
void print_kexec_segments(Printer *p, uint64_t addr, uint64_t count);

#endif /* FRAIL_PRINT_KEXEC_H */
