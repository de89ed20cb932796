/*
 * Names and argument counts of system calls, for the rest of the library.
 * What analyzers see of this is in frail-plugin.h.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_DECODE_H
#define FRAIL_DECODE_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <stdint.h>

#include "frail-plugin.h"

#define FRAIL_ABIS          3
#define FRAIL_ARGS_MAX      6

/* How many arguments the call has, 0 to 6; 6 when it is unknown. */
unsigned frail_syscall_arg_count(FrailAbi abi, int64_t nr);

/* One more than the largest number the table knows; 0 for an unknown abi. */
unsigned frail_syscall_table_size(FrailAbi abi);

/* The known name, of any table, that looks most like @name; or NULL. */
const char *frail_syscall_nearest(const char *name);

#endif /* FRAIL_DECODE_H */
