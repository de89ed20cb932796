/*
 * perf_event_open(2).
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_PERF_H
#define FRAIL_PRINT_PERF_H

#include "decode/printer.h"

/*
 * Its first argument, a struct perf_event_attr, as short as strace's.
 * To be printed at entry: the kernel writes its own size there when it fails.
 */
void print_perf_attr(Printer *p, uint64_t addr);

#endif /* FRAIL_PRINT_PERF_H */
