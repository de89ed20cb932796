/*
 * Calls that stand for another one: socketcall, ipc, and the old ones whose
 * arguments lie in memory.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_MULTIPLEX_H
#define FRAIL_MULTIPLEX_H

#include "decode/args.h"

/*
 * What @call, described by @spec, stands for: its arguments, and the number
 * if it has one of its own, replace those of @call, its name *@name.  Never
 * NULL: when they cannot be read, or the
 * selector is unknown, what is returned shows @call as it is.
 */
const CallSpec *multiplex(FrailCall *call, const CallSpec *spec,
                          const char **name);

#endif /* FRAIL_MULTIPLEX_H */
