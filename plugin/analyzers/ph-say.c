/*
 * What the ph analyzer writes: lines of key=value, for people and for grep.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ph.h"
#include "text/text.h"

/* A path of 4 KiB, each of whose bytes becomes \xHH, and the rest. */
#define LINE_SIZE   17408

typedef struct Line {
    FrailText t;
    char buf[LINE_SIZE];
} Line;

static void begin(Line *l, const char *text)
{
    text_init(&l->t, l->buf, sizeof(l->buf) - 1);   /* 1: the newline */
    text_str(&l->t, text);
}

static void say(Ph *s, Line *l)
{
    l->t.size++;
    text_char(&l->t, '\n');
    frail_writer_put(s->common.writer, l->buf, l->t.len);
}

static void field(Line *l, const char *name, uint64_t value)
{
    text_str(&l->t, name);
    text_udec(&l->t, value);
}

void ph_say_program(Ph *s, const char *what, const PhProgram *p)
{
    Line l;

    begin(&l, what);
    text_str(&l.t, " program=");
    text_str(&l.t, p->quoted);
    if (!p->profile) {
        text_str(&l.t, " profile=none");
    } else if (p->profile->calls) {
        field(&l, " calls=", p->profile->calls);
        field(&l, " pairs=", p->profile->n_pairs);
        field(&l, " windows=", p->profile->n_windows);
    }
    say(s, &l);
}

static void put_call(FrailText *t, const FrailCall *call)
{
    static const char *const abi[] = {
        [FRAIL_ABI_X86_64] = "", [FRAIL_ABI_X32] = "x32:",
        [FRAIL_ABI_I386] = "i386:",
    };
    const char *name = frail_call_name(call);

    text_str(t, abi[frail_call_abi(call)]);
    if (name) {
        text_str(t, name);
    } else {
        text_str(t, "syscall_");
        text_hex(t, frail_call_number(call));
    }
}

void ph_say_anomaly(Ph *s, const FrailCall *call, const FrailProcess *process,
                    const PhTask *task, const PhStep *step,
                    const PhAnswer *answer)
{
    const PhProgram *p = task->program;
    int64_t now = frail_call_time_ns(call);
    const char *name;
    Line l;

    begin(&l, s->common.colour ? "\033[31manomaly\033[0m" : "anomaly");
    field(&l, " time=", now / 1000000000);
    text_str(&l.t, ".");
    text_padded(&l.t, now % 1000000000, 9);
    text_str(&l.t, " program=");
    text_str(&l.t, p->quoted);
    field(&l, " pid=", frail_process_pid(process));
    field(&l, " tid=", frail_process_tid(process));
    text_str(&l.t, " call=");
    put_call(&l.t, call);
    field(&l, " n=", task->calls);
    field(&l, " pairs=", step->pairs_new);
    field(&l, "/", step->pairs);
    text_str(&l.t, " window=");
    text_str(&l.t, !step->whole ? "-" : step->window_new ? "new" : "known");
    field(&l, " frame=", task->frame.count);
    text_str(&l.t, " did=log");
    text_str(&l.t, answer->event ? ",event" : "");
    if (answer->delay_ms) {
        field(&l, ",delay:", answer->delay_ms);
    }
    if (answer->verdict < 0) {
        text_str(&l.t, ",refuse:");
        name = frail_errno_name(-answer->verdict);
        text_str(&l.t, name ? name : "?");
    }
    text_str(&l.t, answer->killed ? ",kill" : "");
    text_str(&l.t, answer->paused ? ",pause" : "");
    say(s, &l);
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
    Line l;

    for (unsigned i = 0; i < all->len; i++) {
        const PhProgram *p = g_ptr_array_index(all, i);

        if (!p->calls && !p->runs) {
            continue;           /* a profile that nobody needed */
        }
        begin(&l, "sum program=");
        text_str(&l.t, p->quoted);
        text_str(&l.t, " state=");
        text_str(&l.t, ph_state_names[p->profile->state]);
        field(&l, " runs=", p->runs);
        field(&l, " calls=", p->calls);
        field(&l, " anomalies=", p->anomalies);
        field(&l, " by-pairs=", p->by_pairs);
        field(&l, " by-windows=", p->by_windows);
        field(&l, " frame-max=", p->worst);
        field(&l, " learned=", p->profile->calls);
        field(&l, " kinds=", p->profile->n_calls);
        field(&l, " pairs=", p->profile->n_pairs);
        field(&l, " windows=", p->profile->n_windows);
        say(s, &l);
    }
    begin(&l, "end");
    field(&l, " programs=", all->len);
    field(&l, " unknown-callers=", s->nobody);
    field(&l, " unknown-programs=", s->nameless);
    field(&l, " no-room-programs=", s->no_room);
    field(&l, " evicted-threads=", s->tasks->evicted);
    say(s, &l);
}
