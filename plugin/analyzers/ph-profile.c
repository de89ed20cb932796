/*
 * What is normal for a program: windows and look-ahead pairs.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "ph-profile.h"

/* All tables a profile may come to need, one after another. */
#define SLOTS_RESERVED  (2 * PH_SLOTS_MAX - PH_SLOTS_MIN)

PhProfile *ph_profile_new(const char *exe, unsigned window)
{
    PhProfile *p = g_new0(PhProfile, 1);

    p->exe = g_strdup(exe);
    p->window = window;
    p->reserved = g_new0(PhWindow, SLOTS_RESERVED);
    p->slot = p->reserved;
    p->slots = PH_SLOTS_MIN;
    return p;
}

void ph_profile_free(PhProfile *p)
{
    if (p) {
        g_free(p->reserved);
        g_free(p->exe);
        g_free(p);
    }
}

PhProfile *ph_profile_copy(const PhProfile *p)
{
    PhProfile *copy = g_new(PhProfile, 1);

    memcpy(copy, p, sizeof(*p));
    copy->exe = g_strdup(p->exe);
    copy->reserved = g_new(PhWindow, p->slots);
    memcpy(copy->reserved, p->slot, p->slots * sizeof(PhWindow));
    copy->slot = copy->reserved;
    return copy;
}

/* --- Windows -------------------------------------------------------------- */

/* Never all zero when there is a call in it: PH_BEGIN is none. */
static bool is_empty(PhWindow w)
{
    return !(w.lo | w.hi);
}

static bool equal(PhWindow a, PhWindow b)
{
    return a.lo == b.lo && a.hi == b.hi;
}

/* The slot that has @w, or the empty one where it belongs. */
static PhWindow *find_slot(PhWindow *slot, unsigned slots, PhWindow w)
{
    uint64_t hash = (w.lo ^ w.hi * UINT64_C(0x9e3779b97f4a7c15)) *
                    UINT64_C(0xff51afd7ed558ccd);
    unsigned at = (hash >> 32) & (slots - 1);

    /* There is an empty one: a quarter of them is. */
    while (!is_empty(slot[at]) && !equal(slot[at], w)) {
        at = (at + 1) & (slots - 1);
    }
    return &slot[at];
}

bool ph_profile_has_window(const PhProfile *p, PhWindow w)
{
    return !is_empty(*find_slot(p->slot, p->slots, w));
}

static void grow(PhProfile *p)
{
    PhWindow *next = p->slot + p->slots;

    for (unsigned i = 0; i < p->slots; i++) {
        if (!is_empty(p->slot[i])) {
            *find_slot(next, p->slots * 2, p->slot[i]) = p->slot[i];
        }
    }
    p->slot = next;
    p->slots *= 2;
}

bool ph_profile_add_window(PhProfile *p, PhWindow w)
{
    PhWindow *slot = find_slot(p->slot, p->slots, w);

    if (!is_empty(*slot)) {
        return false;
    }
    if (p->n_windows == PH_WINDOWS_MAX) {
        p->full_windows = true;
        return false;
    }
    if (p->n_windows == p->slots / 4 * 3) {
        grow(p);
        slot = find_slot(p->slot, p->slots, w);
    }
    *slot = w;
    p->n_windows++;
    return true;
}

/* The last @n calls of @w. */
static PhWindow window_of(PhWindow w, unsigned n)
{
    if (n <= 8) {
        w.hi = 0;
        w.lo &= UINT64_MAX >> (64 - 8 * n);
    } else {
        w.hi &= UINT64_MAX >> (128 - 8 * n);
    }
    return w;
}

static void push(PhSequence *s, unsigned index)
{
    s->last = ph_window_push(s->last, index);
    if (s->known < PH_WINDOW_MAX) {
        s->known++;
    }
}

/* --- Calls and pairs ------------------------------------------------------ */

unsigned ph_profile_index(PhProfile *p, unsigned id)
{
    unsigned index = p->index[id];

    if (index) {
        return index;
    }
    if (p->n_calls == PH_LAST) {
        p->full_calls = true;
        return PH_OTHER;
    }
    index = PH_FIRST + p->n_calls++;
    p->index[id] = index;
    p->id[index] = id;
    return index;
}

bool ph_profile_add_pair(PhProfile *p, unsigned call, unsigned before,
                         unsigned distances)
{
    unsigned fresh = distances & ~p->pair[call][before];

    p->pair[call][before] |= fresh;
    p->n_pairs += __builtin_popcount(fresh);
    return fresh;
}

bool ph_profile_merge(PhProfile *into, const PhProfile *from)
{
    uint8_t as[PH_INDICES] = { [PH_OTHER] = PH_OTHER };

    if (into->window != from->window) {
        return false;
    }
    for (unsigned i = PH_FIRST; i < PH_FIRST + from->n_calls; i++) {
        as[i] = ph_profile_index(into, from->id[i]);
    }
    for (unsigned c = PH_FIRST; c < PH_INDICES; c++) {
        for (unsigned b = 0; b < PH_INDICES; b++) {
            if (from->pair[c][b]) {
                ph_profile_add_pair(into, as[c], as[b], from->pair[c][b]);
            }
        }
    }
    for (unsigned i = 0; i < from->slots; i++) {
        PhWindow w = { 0 };

        if (is_empty(from->slot[i])) {
            continue;
        }
        for (unsigned d = from->window; d-- > 0; ) {
            w = ph_window_push(w, as[ph_window_at(from->slot[i], d)]);
        }
        ph_profile_add_window(into, w);
    }
    into->calls = MIN(into->calls + from->calls, PH_COUNT_MAX);
    into->runs = MIN(into->runs + from->runs, PH_COUNT_MAX);
    /* Which of all these calls was the last new one cannot be known. */
    into->changed = MIN(into->changed + from->changed, into->calls);
    into->frozen_ns = MAX(into->frozen_ns, from->frozen_ns);
    into->full_calls |= from->full_calls;
    into->full_windows |= from->full_windows;
    into->state = MIN(into->state, from->state);
    return true;
}

bool ph_profile_advance(PhProfile *p, const PhFreeze *f, int64_t now_ns)
{
    uint64_t quiet = p->calls - p->changed;
    PhState before = p->state;

    switch (p->state) {
    case PH_TRAINING:
        if (quiet >= f->calls && quiet / f->ratio >= p->changed) {
            p->state = PH_FROZEN;
            p->frozen_ns = now_ns;
        }
        break;
    case PH_FROZEN:
        if (quiet < f->calls) {
            p->state = PH_TRAINING;     /* there was something new */
        } else if (now_ns < p->frozen_ns) {
            p->frozen_ns = now_ns;      /* somebody has set the clock */
        } else if (now_ns - p->frozen_ns >= f->time_ns) {
            p->state = PH_TESTING;
        }
        break;
    case PH_TESTING:
        break;
    }
    return p->state != before;
}

/* --- One call ------------------------------------------------------------- */

/* The most distant call that there can be a pair with. */
static unsigned reach(const PhProfile *p, const PhSequence *s)
{
    return MIN(p->window - 1, s->known);
}

void ph_learn(PhProfile *p, PhSequence *s, unsigned id, PhStep *step)
{
    bool fresh = !p->index[id] && !p->full_calls;
    unsigned index = ph_profile_index(p, id);

    *step = (PhStep) { .pairs = reach(p, s) };
    for (unsigned d = 1; d <= step->pairs; d++) {
        step->pairs_new += ph_profile_add_pair(p, index,
            ph_window_at(s->last, d - 1), 1u << d);
    }
    push(s, index);
    step->whole = s->known >= p->window;
    if (step->whole) {
        step->window_new = ph_profile_add_window(p, window_of(s->last,
                                                              p->window));
    }
    fresh |= step->pairs_new || step->window_new;
    if (p->calls < PH_COUNT_MAX) {
        p->calls++;
    }
    if (fresh) {
        p->changed = p->calls;
    }
}

void ph_test(const PhProfile *p, PhSequence *s, unsigned id, PhStep *step)
{
    unsigned index = p->index[id];

    *step = (PhStep) { .pairs = reach(p, s) };
    if (!index) {
        index = p->full_calls ? PH_OTHER : PH_ALIEN;
        step->alien = index == PH_ALIEN;
    }
    for (unsigned d = 1; d <= step->pairs; d++) {
        if (!(p->pair[index][ph_window_at(s->last, d - 1)] >> d & 1)) {
            step->pairs_new++;
        }
    }
    push(s, index);
    /* What had no room cannot be told from what is new. */
    step->whole = s->known >= p->window && !p->full_windows;
    step->window_new = step->whole &&
        !ph_profile_has_window(p, window_of(s->last, p->window));
}

unsigned ph_frame_add(PhFrame *f, bool anomaly)
{
    uint64_t bit = UINT64_C(1) << (f->at & 63);
    uint64_t *word = &f->bits[f->at / 64];

    f->count -= (*word & bit) != 0;
    *word = anomaly ? *word | bit : *word & ~bit;
    f->count += anomaly;
    f->at = (f->at + 1) % PH_FRAME;
    return f->count;
}
