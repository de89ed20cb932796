/*
 * The parameters of an event: how what is known of a call is written.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_CONVERT_EVENT_PARAMS_H
#define FRAIL_CONVERT_EVENT_PARAMS_H

#include "tools/convert/events.h"

/* An integer of @size bytes, the low ones of @value. */
void event_add_number(EventParams *p, uint64_t value, size_t size);

/*
 * Add one parameter, or several, of @c to @p: @how is
 *     ret ret32           the result, 64 or 32 bits
 *     fd                  an int with 64 bits: a descriptor, a pid
 *     u8 u16 u32 u64      the argument's low bits
 *     zero4 zero8         what is not known: sizes of memory
 *     path                a string
 *     buf                 what of a buffer is in the trace
 *     oflags mapflags fcntl   constants, as sysdig numbers them
 *     pair                two descriptors
 *     addr                an address; empty when it is not one of IP or a path
 *     tuple               both ends of an IP socket, else empty; without
 *                         @name that of the result
 *     clone exec          who, as clone's and execve's results have it
 * and @name, if not NULL, the argument.  @scratch is overwritten.
 */
void event_add_param(EventParams *p, const TraceCall *c, const char *how,
                     const char *name, GString *scratch);

#endif /* FRAIL_CONVERT_EVENT_PARAMS_H */
