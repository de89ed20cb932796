/*
 * The strace analyzer's lines, in the syntax of strace -f.
 *
 * A call's line is begun when it is entered, and ended when it returns.  When
 * another line comes in between, the first part is written with "<unfinished
 * ...>", and what is left later behind "<... NAME resumed>".  The last begun
 * line is held back, for most calls return before anything else happens.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <time.h>

#include "strace.h"

#define DIM     "\033[2m"
#define RED     "\033[31m"
#define CYAN    "\033[36m"
#define PLAIN   "\033[0m"

/* Results stand in this column if there is room. */
#define RESULT_COLUMN   40

/* --- Pieces of a line ---------------------------------------------------- */

/* Bytes that take no room on the screen are counted in @s->hidden. */
static void colour(Strace *s, const char *code)
{
    if (s->common.colour) {
        text_str(&s->line, code);
        s->hidden += strlen(code);
    }
}

/* "12:34:56"; asking the C library for every call would cost a lock. */
static const char *clock_text(int64_t seconds)
{
    static __thread int64_t cached = INT64_MIN;
    static __thread char text[16];

    if (seconds != cached) {
        time_t t = seconds;
        struct tm tm;

        localtime_r(&t, &tm);
        strftime(text, sizeof(text), "%H:%M:%S", &tm);
        cached = seconds;
    }
    return text;
}

static void seconds(FrailText *l, int64_t ns)
{
    text_dec(l, ns / 1000000000);
    text_str(l, ".");
    text_padded(l, ns % 1000000000 / 1000, 6);
}

static void timestamp(Strace *s, int64_t ns)
{
    FrailText *l = &s->line;

    if (s->timestamp == TIMESTAMP_NONE) {
        return;
    }
    if (!s->first_ns) {
        s->first_ns = s->last_ns = ns;
    }
    colour(s, DIM);
    switch (s->timestamp) {
    case TIMESTAMP_REL:
        seconds(l, MAX(ns - s->first_ns, 0));
        break;
    case TIMESTAMP_DELTA:
        seconds(l, MAX(ns - s->last_ns, 0));
        break;
    case TIMESTAMP_UNIX:
        seconds(l, ns);
        break;
    default:
        text_str(l, clock_text(ns / 1000000000));
        text_str(l, ".");
        text_padded(l, ns % 1000000000 / 1000, 6);
    }
    colour(s, PLAIN);
    text_str(l, " ");
    s->last_ns = ns;
}

void show_begin(Strace *s, const OpenCall *c, int64_t ns)
{
    FrailText *l = &s->line;

    line_begin(s);
    if (c->tid) {
        text_str(l, "[pid ");
        for (int32_t n = 10000; n > 1 && c->tid < n; n /= 10) {
            text_str(l, " ");
        }
        text_dec(l, c->tid);
    } else {
        text_str(l, "[cr3 ");
        text_hex_padded(l, c->cr3, 1);
    }
    text_str(l, "] ");
    timestamp(s, ns);
    if (s->vcpu) {
        text_str(l, "vcpu");
        text_dec(l, c->vcpu);
        text_str(l, " ");
    }
    if (s->task) {
        text_str(l, "task ");
        text_digits(l, c->task);
        text_str(l, " ");
    }
}

static void name(Strace *s, const OpenCall *c)
{
    const char *known = c->decoded ? frail_decoded_name(c->decoded) :
                                     frail_syscall_name(c->abi, c->nr);

    if (known) {
        text_str(&s->line, known);
    } else {
        text_str(&s->line, "syscall_");
        text_hex_padded(&s->line, c->nr, 1);
    }
}

static void argument_name(Strace *s, const OpenCall *c, unsigned i)
{
    if (frail_decoded_arg_flags(c->decoded, i) & FRAIL_ARG_NAMED) {
        text_str(&s->line, frail_decoded_arg_name(c->decoded, i));
        text_str(&s->line, "=");
    }
}

static unsigned argument_count(const OpenCall *c)
{
    return c->decoded ? frail_decoded_arg_count(c->decoded) : c->arg_count;
}

/* Argument @i, without its first @from bytes. */
static void argument(Strace *s, const OpenCall *c, unsigned i, size_t from)
{
    FrailText *l = &s->line;

    if (!c->decoded) {
        if (!from) {
            text_hex_padded(l, c->args[i], 1);
        }
        return;
    }
    if (!from) {
        argument_name(s, c, i);
    }
    text_str(l, frail_decoded_arg_text(c->decoded, i) + from);
}

static void arguments(Strace *s, const OpenCall *c, unsigned from,
                      unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        if (i) {
            text_str(&s->line, ", ");
        }
        argument(s, c, i, 0);
    }
}

static void call_name(Strace *s, const OpenCall *c)
{
    colour(s, CYAN);
    name(s, c);
    colour(s, PLAIN);
    text_str(&s->line, "(");
}

/*
 * How many arguments can be shown before the call has returned: those that
 * will not be others then.  What led nowhere is tried again at return, if
 * that is yet to come.
 */
static unsigned settled(const OpenCall *c, bool last)
{
    unsigned n = 0, count = argument_count(c);

    while (c->decoded && n < count) {
        unsigned flags = frail_decoded_arg_flags(c->decoded, n);

        if ((flags & FRAIL_ARG_OUT) ||
            (!last && (flags & FRAIL_ARG_UNREADABLE))) {
            return n;
        }
        n++;
        if (flags & FRAIL_ARG_GROWS) {
            return n;
        }
    }
    return count;
}

static bool grows(const OpenCall *c, unsigned i)
{
    return c->decoded &&
           frail_decoded_arg_flags(c->decoded, i) & FRAIL_ARG_GROWS;
}

/*
 * "NAME(" and what is known before the call has returned; @last: it will not.
 * Returns whether there was to be more.
 */
static bool first_part(Strace *s, OpenCall *c, bool last)
{
    unsigned n, count = argument_count(c);

    show_begin(s, c, c->time_ns);
    call_name(s, c);
    n = settled(c, last);
    arguments(s, c, 0, n);
    c->shown = n;
    c->shown_len = n && c->decoded ?
        strlen(frail_decoded_arg_text(c->decoded, n - 1)) : 0;
    if (n && n < count && !grows(c, n - 1)) {
        text_str(&s->line, ", ");
    }
    return n < count || (n && grows(c, n - 1));
}

static void put_unfinished(Strace *s, OpenCall *c, bool last)
{
    first_part(s, c, last);
    c->unfinished = true;
    text_str(&s->line, " <unfinished ...>");
    line_put(s);
}

void show_interrupt(Strace *s, const OpenCall *but)
{
    OpenCall *c = s->partial;

    s->partial = NULL;
    if (c && c != but) {
        put_unfinished(s, c, false);
    }
}

static void resumed(Strace *s, const OpenCall *c)
{
    text_str(&s->line, "<... ");
    name(s, c);
    text_str(&s->line, " resumed>");
}

/* "NAME(all)" or what is left of it, up to the closing bracket. */
static void rest(Strace *s, OpenCall *c, int64_t now)
{
    FrailText *l = &s->line;
    unsigned count = argument_count(c);

    show_begin(s, c, c->unfinished ? now : c->time_ns);
    if (!c->unfinished) {
        call_name(s, c);
        arguments(s, c, 0, count);
    } else {
        resumed(s, c);
        if (c->shown && c->shown <= count && c->decoded) {
            const char *text = frail_decoded_arg_text(c->decoded,
                                                      c->shown - 1);

            if (strlen(text) > c->shown_len) {
                text_str(l, text + c->shown_len);
            }
        }
        for (unsigned i = c->shown; i < count; i++) {
            if (i > c->shown || (i && grows(c, i - 1))) {
                text_str(l, ", ");
            }
            argument(s, c, i, 0);
        }
    }
    text_str(l, ")");
}

static void result_column(Strace *s)
{
    FrailText *l = &s->line;

    text_str(l, " ");
    while (l->len - s->hidden < RESULT_COLUMN) {
        text_str(l, " ");
    }
    text_str(l, "= ");
}

/* --- Results ------------------------------------------------------------- */

static bool is_error(const FrailCall *call)
{
    int64_t result;

    return frail_call_result(call, &result) == 0 && call_is_error(result);
}

/* Without a decoder's help. */
static void plain_result(FrailText *l, const FrailCall *call)
{
    int64_t result;
    const char *err;

    if (frail_call_result(call, &result) < 0) {
        text_str(l, "?");
    } else if (!is_error(call)) {
        text_dec(l, result);
    } else {
        err = frail_errno_name(-result);
        text_str(l, "-1 ");
        text_str(l, err ? err : "?");
    }
}

static void result(Strace *s, const OpenCall *c, const FrailCall *call)
{
    FrailText *l = &s->line;
    bool red = is_error(call);

    result_column(s);
    if (red) {
        colour(s, RED);
    }
    if (c->decoded) {
        text_str(l, frail_decoded_result(c->decoded));
    } else {
        plain_result(l, call);
    }
    if (frail_call_refused(call)) {
        text_str(l, " (refused)");
    } else if (frail_call_killed(call)) {
        text_str(l, " (killed)");
    }
    if (red) {
        colour(s, PLAIN);
    }
    if (s->duration && frail_call_duration_ns(call)) {
        text_str(l, " <");
        seconds(l, frail_call_duration_ns(call));
        text_str(l, ">");
    }
}

/* --- What happens -------------------------------------------------------- */

void show_enter(Strace *s, OpenCall *c)
{
    if (s->join || s->status != STATUS_ALL || c->later) {
        return;
    }
    show_interrupt(s, NULL);
    s->partial = c;
}

void show_entry_only(Strace *s, OpenCall *c)
{
    show_begin(s, c, c->time_ns);
    call_name(s, c);
    arguments(s, c, 0, argument_count(c));
    text_str(&s->line, ")");
    line_put(s);
}

static bool wanted(const Strace *s, const FrailCall *call)
{
    int64_t value;
    bool known = frail_call_result(call, &value) == 0;

    switch (s->status) {
    case STATUS_FAILED:
        return is_error(call);
    case STATUS_SUCCESSFUL:
        return known && !is_error(call);
    case STATUS_UNFINISHED:
        return !known && !frail_call_restarts(call);
    default:
        return true;
    }
}

/* "= ?" */
static void put_question(Strace *s)
{
    result_column(s);
    text_str(&s->line, "?");
    line_put(s);
}

/* Its task has ended in it: what was to be known at return never is. */
static void put_unseen(Strace *s, OpenCall *c, int64_t now)
{
    bool more;

    if (c->unfinished) {
        show_begin(s, c, now);
        resumed(s, c);
        more = c->shown < argument_count(c) ||
            (c->shown && grows(c, c->shown - 1));
    } else {
        more = first_part(s, c, false);
    }
    text_str(&s->line, more ? " <unfinished ...>)" : ")");
    put_question(s);
}

void show_return(Strace *s, OpenCall *c, const FrailCall *call)
{
    int64_t now = frail_call_time_ns(call) + frail_call_duration_ns(call);

    if (!wanted(s, call)) {
        return;
    }
    show_interrupt(s, c);
    if (call_is_unseen(call)) {
        put_unseen(s, c, now);
        return;
    }
    rest(s, c, now);
    result(s, c, call);
    line_put(s);
}

void show_last(Strace *s, OpenCall *c)
{
    if (s->status != STATUS_ALL && s->status != STATUS_UNFINISHED) {
        return;
    }
    show_interrupt(s, NULL);
    rest(s, c, c->time_ns);
    put_question(s);
}

void show_unfinished(Strace *s, OpenCall *c)
{
    if (s->partial == c) {
        s->partial = NULL;
    }
    if (c->later || (s->status != STATUS_ALL &&
                     s->status != STATUS_UNFINISHED)) {
        return;
    }
    if (!c->unfinished) {
        show_interrupt(s, c);
        put_unfinished(s, c, true);
    }
}
