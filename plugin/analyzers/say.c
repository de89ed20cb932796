/*
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "say.h"

void say_begin(SayLine *l, const char *text)
{
    text_init(&l->t, l->buf, sizeof(l->buf) - 1);   /* 1: the newline */
    text_str(&l->t, text);
}

void say_begin_red(SayLine *l, const AnalyzerState *s, const char *text)
{
    say_begin(l, s->colour ? "\033[31m" : "");
    text_str(&l->t, text);
    text_str(&l->t, s->colour ? "\033[0m" : "");
}

void say_number(SayLine *l, const char *name, uint64_t value)
{
    text_str(&l->t, name);
    text_udec(&l->t, value);
}

void say_quoted(SayLine *l, const char *name, const char *value)
{
    text_str(&l->t, name);
    if (value) {
        text_quoted(&l->t, value, strlen(value));
    } else {
        text_char(&l->t, '?');
    }
}

void say_time(SayLine *l, const FrailCall *call)
{
    int64_t now = frail_call_time_ns(call);

    say_number(l, " time=", now / 1000000000);
    text_char(&l->t, '.');
    text_padded(&l->t, now % 1000000000, 9);
}

void say_call_name(FrailText *t, const FrailCall *call, const char *name)
{
    if (name) {
        text_str(t, name);
    } else {
        text_str(t, "syscall_");
        text_hex(t, frail_call_number(call));
    }
}

void say_errno(SayLine *l, int verdict)
{
    const char *name = frail_errno_name(-verdict);

    text_str(&l->t, name ? name : "?");
}

void say_end(SayLine *l, AnalyzerState *s)
{
    l->t.size++;
    text_char(&l->t, '\n');
    frail_writer_put(s->writer, l->buf, l->t.len);
}
