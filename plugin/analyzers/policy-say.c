/*
 * What the policy analyzer writes: lines of key=value, for people and for grep.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>

#include "policy.h"
#include "say.h"

#define CALL_SIZE   1024
#define CALL_STRING 96      /* bytes of a string that is no path */

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

    say_call_name(t, call, name);
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

static void put_did(SayLine *l, const PolicyRule *r, const PolicyAnswer *a)
{
    static const char *const why[] = {
        [POLICY_MATCH] = "", [POLICY_UNDECIDED] = " why=undecided",
        [POLICY_UNKNOWN] = " why=unknown", [POLICY_LATE] = " why=late",
    };
    FrailText *t = &l->t;

    text_str(t, " did=log");
    text_str(t, r->acts & POLICY_ALLOW ? ",allow" : "");
    if (a->verdict) {
        text_str(t, ",refuse:");
        say_errno(l, a->verdict);
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
    char room[CALL_SIZE];
    FrailText text;
    SayLine l;

    say_begin_red(&l, &s->common, "match");
    say_time(&l, call);
    text_str(&l.t, " rule=");
    text_str(&l.t, r->name);
    if (process) {
        say_number(&l, " pid=", frail_process_pid(process));
        say_number(&l, " tid=", frail_process_tid(process));
        say_quoted(&l, " comm=", frail_process_comm(process));
        say_quoted(&l, " exe=", frail_process_exe(process));
    }
    put_did(&l, r, a);
    if (a->opened) {
        say_quoted(&l, " opened=", a->opened);
    }
    text_init(&text, room, sizeof(room));
    put_call(&text, call);
    text_str(&l.t, " call=");
    text_quoted(&l.t, room, text.len);
    say_end(&l, &s->common);
}

void policy_say_kill(PolicyState *s, const FrailCall *call, const char *rule)
{
    const FrailProcess *process = frail_call_process(call);
    const char *name = frail_call_name(call);
    SayLine l;

    say_begin_red(&l, &s->common, "kill");
    text_str(&l.t, " rule=");
    text_str(&l.t, rule);
    if (process) {
        say_number(&l, " pid=", frail_process_pid(process));
        say_quoted(&l, " comm=", frail_process_comm(process));
    }
    text_str(&l.t, " in-place-of=");
    text_str(&l.t, name ? name : "?");
    say_end(&l, &s->common);
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
    SayLine l;

    for (unsigned i = 0; i < p->n; i++) {
        const PolicyRule *r = p->rule[i];

        say_begin(&l, what);
        text_str(&l.t, " rule=");
        text_str(&l.t, r->name);
        say_number(&l, " matched=", r->matched);
        say_number(&l, " refused=", r->refused);
        say_number(&l, " killed=", r->killed);
        say_number(&l, " missed=", r->missed);
        say_end(&l, &s->common);
    }
}

void policy_say_reload(PolicyState *s, const Policy *p, const char *error)
{
    SayLine l;

    say_begin(&l, error ? "bad-rules" : "new-rules");
    if (error) {
        say_quoted(&l, " error=", error);
    } else {
        say_number(&l, " rules=", p->n);
    }
    say_end(&l, &s->common);
}

void policy_say_end(PolicyState *s)
{
    SayLine l;

    policy_say_counts(s, "sum", s->policy);
    say_begin(&l, "end");
    say_number(&l, " rules=", s->policy->n);
    say_number(&l, " reloads=", s->reloads);
    say_number(&l, " bad-reloads=", s->bad_reloads);
    say_number(&l, " forgotten-calls=", s->wait.forgotten);
    say_number(&l, " forgotten-kills=", s->wait.lost_marks);
    say_end(&l, &s->common);
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
