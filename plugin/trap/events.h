/*
 * Events on their way from any thread to whoever manages the machine.
 *
 * A ring of fixed size.  Who has something to tell takes a place, fills it in
 * and gives it on, without a lock or an allocation; one thread takes them out.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_EVENTS_H
#define FRAIL_EVENTS_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "frail-host.h"

typedef struct FrailEvents FrailEvents;

FrailEvents *events_new(void);
void events_free(FrailEvents *events);

/*
 * A place for an event, emptied, with its type and vCPU (-1: none) set; NULL
 * when all are taken, or nobody listens (see events_wanted()).  Any thread.
 */
FrailEvent *event_begin(FrailVM *vm, FrailEventType type, int vcpu);
/* Give it on. */
void event_end(FrailVM *vm, FrailEvent *e);

/* Keep a copy of @text in @e; NULL stays NULL.  What finds no room is cut. */
const char *event_text(FrailEvent *e, const char *text);

/* Has the monitor a use for events? */
bool events_wanted(const FrailVM *vm);

/* So many more were lost.  Any thread. */
void event_lost(FrailVM *vm, FrailLossKind kind, uint64_t n);

#endif /* FRAIL_EVENTS_H */
