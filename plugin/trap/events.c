/*
 * Events: a bounded ring with a turn in each place.
 *
 * A place is free for the writer whose number is its turn, and full for the
 * reader when the turn is one more; a reader leaves it for the next lap.  (The
 * queue of D. Vyukov, "Bounded MPMC queue", 2010, with one reader.)
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "trap/engine.h"
#include "trap/events.h"

#define PLACES      256u        /* a power of two */

typedef struct Place {
    uint32_t turn;              /* less its index, so that it begins as 0 */
    FrailEvent event;
} Place;

struct FrailEvents {
    uint32_t head;              /* of the next event to be put; atomic */
    uint32_t tail;              /* the reader's */
    bool reading;               /* the event at tail is with the reader */
    uint64_t lost[FRAIL_LOSS_KINDS];    /* atomic */
    Place place[PLACES];
};

FrailEvents *events_new(void)
{
    return g_new0(FrailEvents, 1);
}

void events_free(FrailEvents *events)
{
    g_free(events);
}

bool events_wanted(const FrailVM *vm)
{
    return vm->ops.event_pending;
}

static uint32_t lap(uint32_t number)
{
    return number & ~(PLACES - 1);
}

static Place *place_of(FrailEvents *events, uint32_t number)
{
    return &events->place[number & (PLACES - 1)];
}

FrailEvent *event_begin(FrailVM *vm, FrailEventType type, int vcpu)
{
    FrailEvents *events = vm->events;
    uint32_t number = __atomic_load_n(&events->head, __ATOMIC_RELAXED);
    FrailEvent *e;

    if (!events_wanted(vm)) {
        return NULL;
    }
    for (;;) {
        Place *p = place_of(events, number);
        int32_t ahead = __atomic_load_n(&p->turn, __ATOMIC_ACQUIRE) -
            lap(number);

        if (ahead < 0) {
            event_lost(vm, FRAIL_LOSS_EVENTS, 1);
            return NULL;
        }
        if (ahead > 0) {        /* somebody else has taken it */
            number = __atomic_load_n(&events->head, __ATOMIC_RELAXED);
        } else if (__atomic_compare_exchange_n(&events->head, &number,
                                               number + 1, true,
                                               __ATOMIC_RELAXED,
                                               __ATOMIC_RELAXED)) {
            e = &p->event;
            break;
        }
    }
    memset(e, 0, offsetof(FrailEvent, text));
    e->type = type;
    e->vcpu = vcpu;
    return e;
}

void event_end(FrailVM *vm, FrailEvent *e)
{
    Place *p = (Place *)((char *)e - offsetof(Place, event));

    /* Nobody else writes the turn while the place is ours. */
    __atomic_store_n(&p->turn, p->turn + 1, __ATOMIC_RELEASE);
    vm->ops.event_pending(vm->host);
}

const char *event_text(FrailEvent *e, const char *text)
{
    size_t len, room = sizeof(e->text) - e->used;
    char *copy = e->text + e->used;

    if (!text) {
        return NULL;
    }
    if (!room) {
        e->cut = true;
        return "";
    }
    len = strnlen(text, room);
    if (len == room) {
        e->cut = true;
        len--;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    e->used += len + 1;
    return copy;
}

void event_lost(FrailVM *vm, FrailLossKind kind, uint64_t n)
{
    __atomic_add_fetch(&vm->events->lost[kind], n, __ATOMIC_RELAXED);
    if (events_wanted(vm)) {
        vm->ops.event_pending(vm->host);
    }
}

const FrailEvent *frail_vm_next_event(FrailVM *vm)
{
    FrailEvents *events = vm->events;
    Place *p = place_of(events, events->tail);

    if (events->reading) {
        __atomic_store_n(&p->turn, lap(events->tail) + PLACES,
                         __ATOMIC_RELEASE);
        p = place_of(events, ++events->tail);
        events->reading = false;
    }
    if (__atomic_load_n(&p->turn, __ATOMIC_ACQUIRE) !=
        lap(events->tail) + 1) {
        return NULL;
    }
    events->reading = true;
    return &p->event;
}

uint64_t frail_vm_lost(const FrailVM *vm, FrailLossKind kind)
{
    return (unsigned)kind < FRAIL_LOSS_KINDS ?
        __atomic_load_n(&vm->events->lost[kind], __ATOMIC_RELAXED) : 0;
}

const char *frail_evasion_name(FrailEvasion evasion)
{
    switch (evasion) {
    case FRAIL_EVASION_UD_GATE:
        return "ud-gate-changed";
    case FRAIL_EVASION_IDT:
        return "idt-moved";
    case FRAIL_EVASION_LSTAR:
        return "lstar-changed";
    }
    return "unknown";
}

const char *frail_loss_name(FrailLossKind kind)
{
    switch (kind) {
    case FRAIL_LOSS_EVENTS:
        return "events";
    case FRAIL_LOSS_RETURNS:
        return "returns";
    case FRAIL_LOSS_OUTPUT:
        return "output";
    case FRAIL_LOSS_KINDS:
        break;
    }
    return "unknown";
}
