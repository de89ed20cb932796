/*
 * What the ph analyzer writes: lines of key=value, for people and for grep.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ph.h"
#include "say.h"

void ph_say_program(Ph *s, const char *what, const PhProgram *p)
{
    SayLine l;

    say_begin(&l, what);
    text_str(&l.t, " program=");
    text_str(&l.t, p->quoted);
    if (!p->profile) {
        text_str(&l.t, " profile=none");
    } else if (p->profile->calls) {
        say_number(&l, " calls=", p->profile->calls);
        say_number(&l, " pairs=", p->profile->n_pairs);
        say_number(&l, " windows=", p->profile->n_windows);
    }
    say_end(&l, &s->common);
}

static void put_call(FrailText *t, const FrailCall *call)
{
    static const char *const abi[] = {
        [FRAIL_ABI_X86_64] = "", [FRAIL_ABI_X32] = "x32:",
        [FRAIL_ABI_I386] = "i386:",
    };

    text_str(t, abi[frail_call_abi(call)]);
    say_call_name(t, call, frail_call_name(call));
}

void ph_say_anomaly(Ph *s, const FrailCall *call, const FrailProcess *process,
                    const PhTask *task, const PhStep *step,
                    const PhAnswer *answer)
{
    const PhProgram *p = task->program;
    SayLine l;

    say_begin_red(&l, &s->common, "anomaly");
    say_time(&l, call);
    text_str(&l.t, " program=");
    text_str(&l.t, p->quoted);
    say_number(&l, " pid=", frail_process_pid(process));
    say_number(&l, " tid=", frail_process_tid(process));
    text_str(&l.t, " call=");
    put_call(&l.t, call);
    say_number(&l, " n=", task->calls);
    say_number(&l, " pairs=", step->pairs_new);
    say_number(&l, "/", step->pairs);
    text_str(&l.t, " window=");
    text_str(&l.t, !step->whole ? "-" : step->window_new ? "new" : "known");
    say_number(&l, " frame=", task->frame.count);
    text_str(&l.t, " did=log");
    text_str(&l.t, answer->event ? ",event" : "");
    if (answer->delay_ms) {
        say_number(&l, ",delay:", answer->delay_ms);
    }
    if (answer->verdict < 0) {
        text_str(&l.t, ",refuse:");
        say_errno(&l, answer->verdict);
    }
    text_str(&l.t, answer->killed ? ",kill" : "");
    text_str(&l.t, answer->paused ? ",pause" : "");
    say_end(&l, &s->common);
}

bool ph_say_event(Ph *s, const FrailCall *call, const PhTask *task,
                  const PhStep *step)
{
    const PhProgram *p = task->program;
    const FrailEventField fields[] = {
        { "program", p->exe, 0 },
        { "n", NULL, task->calls },
        { "pairs-new", NULL, step->pairs_new },
        { "pairs", NULL, step->pairs },
        { "window-new", NULL, step->window_new },
        { "frame", NULL, task->frame.count },
    };

    return s->common.handle &&
           frail_event_emit(s->common.handle, call, "anomaly", fields,
                            G_N_ELEMENTS(fields)) == 0;
}

void ph_say_summary(Ph *s)
{
    const GPtrArray *all = ph_store_programs(s->store);
    SayLine l;

    for (unsigned i = 0; i < all->len; i++) {
        const PhProgram *p = g_ptr_array_index(all, i);

        if (!p->calls && !p->runs) {
            continue;           /* a profile that nobody needed */
        }
        say_begin(&l, "sum program=");
        text_str(&l.t, p->quoted);
        text_str(&l.t, " state=");
        text_str(&l.t, ph_state_names[p->profile->state]);
        say_number(&l, " runs=", p->runs);
        say_number(&l, " calls=", p->calls);
        say_number(&l, " anomalies=", p->anomalies);
        say_number(&l, " by-pairs=", p->by_pairs);
        say_number(&l, " by-windows=", p->by_windows);
        say_number(&l, " frame-max=", p->worst);
        say_number(&l, " learned=", p->profile->calls);
        say_number(&l, " kinds=", p->profile->n_calls);
        say_number(&l, " pairs=", p->profile->n_pairs);
        say_number(&l, " windows=", p->profile->n_windows);
        say_end(&l, &s->common);
    }
    say_begin(&l, "end");
    say_number(&l, " programs=", all->len);
    say_number(&l, " unknown-callers=", s->nobody);
    say_number(&l, " unknown-programs=", s->nameless);
    say_number(&l, " no-room-programs=", s->no_room);
    say_number(&l, " evicted-threads=", s->tasks->evicted);
    say_end(&l, &s->common);
}
