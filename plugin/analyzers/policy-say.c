/*
 * What the policy analyzer writes: lines of key=value, for people and for grep.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>

#include "policy.h"
#include "text/text.h"

/* Two paths of 4 KiB, each of whose bytes may become \377, and the rest. */
#define LINE_SIZE   40960
#define CALL_SIZE   1024
#define CALL_STRING 96      /* bytes of a string that is no path */

typedef struct Line {
    FrailText t;
    char buf[LINE_SIZE];
} Line;

static void begin(Line *l, const char *text)
{
    text_init(&l->t, l->buf, sizeof(l->buf) - 1);   /* 1: the newline */
    text_str(&l->t, text);
}

static void say(PolicyState *s, Line *l)
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

static void quoted(Line *l, const char *name, const char *value)
{
    text_str(&l->t, name);
    if (value) {
        text_quoted(&l->t, value, strlen(value));
    } else {
        text_char(&l->t, '?');
    }
}

/* The call as strace shows it, but for its result. */
static void put_call(FrailText *t, const FrailCall *call)
{
    const FrailDecodeOptions opts = {
        .sz = sizeof(opts), .string_limit = CALL_STRING,
        .fd_style = FRAIL_FD_DETAILS,
    };
    /* At return the memory may be another; and nobody, if it is not seen. */
    FrailDecoded *d = frail_call_decode(call, &opts);
    const char *name = d ? frail_decoded_name(d) : frail_call_name(call);

    if (name) {
        text_str(t, name);
    } else {
        text_str(t, "syscall_");
        text_hex(t, frail_call_number(call));
    }
    text_char(t, '(');
    for (unsigned i = 0; d && i < frail_decoded_arg_count(d); i++) {
        const char *text = frail_decoded_arg_text(d, i);

        text_str(t, i ? ", " : "");
        if (frail_decoded_arg_flags(d, i) & FRAIL_ARG_NAMED) {
            text_str(t, frail_decoded_arg_name(d, i));
            text_char(t, '=');
        }
        text_str(t, text ? text : "?");
    }
    text_str(t, d ? ")" : "...)");
    frail_decoded_free(d);
}

static void put_did(FrailText *t, const PolicyRule *r, const PolicyAnswer *a)
{
    static const char *const why[] = {
        [POLICY_MATCH] = "", [POLICY_UNDECIDED] = " why=undecided",
        [POLICY_UNKNOWN] = " why=unknown", [POLICY_LATE] = " why=late",
    };
    const char *name = a->verdict ? frail_errno_name(-a->verdict) : NULL;

    text_str(t, " did=log");
    text_str(t, r->acts & POLICY_ALLOW ? ",allow" : "");
    if (a->verdict) {
        text_str(t, ",refuse:");
        text_str(t, name ? name : "?");
    }
    text_str(t, a->killed ? ",kill" : a->marked ? ",kill-next" :
             a->spared ? ",init-spared" : "");
    text_str(t, a->event ? ",event" : "");
    text_str(t, a->paused ? ",pause" : "");
    text_str(t, why[a->why]);
}

void policy_say_match(PolicyState *s, const FrailCall *call,
                      const PolicyRule *r, const PolicyAnswer *a)
{
    const FrailProcess *process = frail_call_process(call);
    int64_t now = frail_call_time_ns(call);
    char room[CALL_SIZE];
    FrailText text;
    Line l;

    begin(&l, s->common.colour ? "\033[31mmatch\033[0m" : "match");
    field(&l, " time=", now / 1000000000);
    text_str(&l.t, ".");
    text_padded(&l.t, now % 1000000000, 9);
    text_str(&l.t, " rule=");
    text_str(&l.t, r->name);
    if (process) {
        field(&l, " pid=", frail_process_pid(process));
        field(&l, " tid=", frail_process_tid(process));
        quoted(&l, " comm=", frail_process_comm(process));
        quoted(&l, " exe=", frail_process_exe(process));
    }
    put_did(&l.t, r, a);
    if (a->opened) {
        quoted(&l, " opened=", a->opened);
    }
    text_init(&text, room, sizeof(room));
    put_call(&text, call);
    text_str(&l.t, " call=");
    text_quoted(&l.t, room, text.len);
    say(s, &l);
}

void policy_say_kill(PolicyState *s, const FrailCall *call, const char *rule)
{
    const FrailProcess *process = frail_call_process(call);
    const char *name = frail_call_name(call);
    Line l;

    begin(&l, s->common.colour ? "\033[31mkill\033[0m" : "kill");
    text_str(&l.t, " rule=");
    text_str(&l.t, rule);
    if (process) {
        field(&l, " pid=", frail_process_pid(process));
        quoted(&l, " comm=", frail_process_comm(process));
    }
    text_str(&l.t, " in-place-of=");
    text_str(&l.t, name ? name : "?");
    say(s, &l);
}

bool policy_say_event(PolicyState *s, const FrailCall *call,
                      const PolicyRule *r, const PolicyAnswer *a)
{
    char room[CALL_SIZE];
    FrailText text;
    FrailEventField fields[4] = {
        { "rule", r->name, 0 },
        { "did", a->verdict ? "refuse" : a->killed || a->marked ? "kill" :
          r->acts & POLICY_ALLOW ? "allow" : "report", 0 },
        { "arguments", room, 0 },
        { "opened", a->opened, 0 },
    };

    text_init(&text, room, sizeof(room));
    put_call(&text, call);
    text_terminate(&text);
    return s->common.handle &&
           frail_event_emit(s->common.handle, call, "policy", fields,
                            a->opened ? 4 : 3) == 0;
}

void policy_say_counts(PolicyState *s, const char *what, const Policy *p)
{
    Line l;

    for (unsigned i = 0; i < p->n; i++) {
        const PolicyRule *r = p->rule[i];

        begin(&l, what);
        text_str(&l.t, " rule=");
        text_str(&l.t, r->name);
        field(&l, " matched=", r->matched);
        field(&l, " refused=", r->refused);
        field(&l, " killed=", r->killed);
        field(&l, " missed=", r->missed);
        say(s, &l);
    }
}

void policy_say_reload(PolicyState *s, const Policy *p, const char *error)
{
    Line l;

    begin(&l, error ? "bad-rules" : "new-rules");
    if (error) {
        quoted(&l, " error=", error);
    } else {
        field(&l, " rules=", p->n);
    }
    say(s, &l);
}

void policy_say_end(PolicyState *s)
{
    Line l;

    policy_say_counts(s, "sum", s->policy);
    begin(&l, "end");
    field(&l, " rules=", s->policy->n);
    field(&l, " reloads=", s->reloads);
    field(&l, " bad-reloads=", s->bad_reloads);
    field(&l, " forgotten-calls=", s->wait.forgotten);
    field(&l, " forgotten-kills=", s->wait.lost_marks);
    say(s, &l);
}

char *policy_counts_text(PolicyState *s, const Policy *p)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, POLICY_GOOD " %s: %u rule%s\n%12s%12s%12s"
                           "%12s  rule\n", s->path, p->n,
                           p->n == 1 ? "" : "s", "matched", "refused",
                           "killed", "missed");
    for (unsigned i = 0; i < p->n; i++) {
        const PolicyRule *r = p->rule[i];

        g_string_append_printf(text, "%12" PRIu64 "%12" PRIu64 "%12" PRIu64
                               "%12" PRIu64 "  %s\n", r->matched, r->refused,
                               r->killed, r->missed, r->name);
    }
    return g_string_free(text, FALSE);
}
