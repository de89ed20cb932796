/*
 * What an analyzer may do to the machine and to the caller, beside refusing a
 * call: tell whoever manages the machine, pause it, end the caller.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>

#include <glib.h>

#include "api/analyzer.h"
#include "trap/engine.h"
#include "trap/events.h"

G_STATIC_ASSERT(FRAIL_EVENT_FIELDS == FRAIL_EVENT_ITEMS);
G_STATIC_ASSERT(FRAIL_EVENT_BYTES == FRAIL_EVENT_TEXT);

/* An event of @a's about @call, or NULL. */
static FrailEvent *begin(FrailAnalyzer *a, FrailEventType type,
                         const FrailCall *call, const char *kind)
{
    FrailEvent *e = event_begin(a->vm, type, call ? call->vcpu : -1);
    const FrailProcess *p = call ? frail_call_process(call) : NULL;

    if (!e) {
        return NULL;
    }
    e->analyzer = a->id;
    e->name = event_text(e, a->name);
    e->kind = event_text(e, kind);
    e->call = call ? frail_call_name(call) : NULL;
    if (p) {
        e->tid = frail_process_tid(p);
        e->pid = frail_process_pid(p);
        e->comm = event_text(e, frail_process_comm(p));
    }
    return e;
}

int frail_event_emit(FrailAnalyzer *a, const FrailCall *call,
                     const char *kind, const FrailEventField *field,
                     unsigned n)
{
    FrailEvent *e;

    if (!events_wanted(a->vm)) {
        return -ENOTSUP;
    }
    e = begin(a, FRAIL_EVENT_REPORT, call, kind);
    if (!e) {
        return -ENOBUFS;
    }
    e->cut |= n > FRAIL_EVENT_ITEMS;
    e->n = MIN(n, FRAIL_EVENT_ITEMS);
    for (unsigned i = 0; i < e->n; i++) {
        e->item[i] = (FrailEventItem) {
            .name = event_text(e, field[i].name),
            .text = event_text(e, field[i].text),
            .number = field[i].number,
        };
    }
    event_end(a->vm, e);
    return 0;
}

int frail_vm_pause(FrailAnalyzer *a, const FrailCall *call,
                   const char *reason)
{
    FrailVM *vm = a->vm;
    FrailEvent *e;

    if (!vm->ops.pause) {
        return -ENOTSUP;
    }
    /* Told first: whoever sees the machine stop can see why. */
    e = begin(a, FRAIL_EVENT_PAUSED, call, reason);
    if (e) {
        event_end(vm, e);
    }
    vm->ops.pause(vm->host, call ? call->host : NULL);
    return 0;
}

int frail_call_kill(const FrailCall *call)
{
    const FrailProcess *p;

    if (!call->entering) {
        return -EINVAL;
    }
    p = frail_call_process(call);
    if (p && frail_process_pid(p) == 1) {
        return -EPERM;
    }
    /* It is the engine's, which has made it and looks at it again. */
    ((FrailCall *)call)->killed = true;
    return 0;
}

bool frail_call_killed(const FrailCall *call)
{
    return call->killed;
}
