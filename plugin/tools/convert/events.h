/*
 * Which of sysdig's event types stands for a call, and what of the call
 * becomes its parameters.
 *
 * Types and parameters are those of Debian 12's sysdig 0.29.3 (`sysdig -L`);
 * tshark 4.0 (`tshark -G values`) has the same numbers.  Numbers are never
 * used again, so later versions read them, too.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_CONVERT_EVENTS_H
#define FRAIL_CONVERT_EVENTS_H

#include "tools/trace/record.h"

#define EVENT_MAX_PARAMS 20

/* The parameters of an event: a list of their bytes. */
typedef struct EventParams {
    unsigned n;
    uint16_t len[EVENT_MAX_PARAMS];
    GByteArray *bytes;
} EventParams;

typedef struct EventMap EventMap;

EventMap *event_map_new(void);
void event_map_free(EventMap *m);

/*
 * The type of the event for the entry of @c, or for its return, and its
 * parameters.  A call without a type of its own becomes the generic one,
 * "syscall", with its number.
 */
uint16_t event_of_call(EventMap *m, const TraceCall *c, bool at_return,
                       EventParams *p);

/* sysdig's own number of a call, the same for all architectures; 0: none. */
uint16_t event_call_code(EventMap *m, const char *call);

#endif /* FRAIL_CONVERT_EVENTS_H */
