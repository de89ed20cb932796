/*
 * Lines of key=value, for people and for grep, as ph and policy write them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_SAY_H
#define FRAIL_ANALYZER_SAY_H

#include "analyzer.h"
#include "text/text.h"

/* Two paths of 4 KiB, each of whose bytes may become \377, and the rest. */
#define SAY_SIZE    40960

typedef struct SayLine {
    FrailText t;            /* anything may be added */
    char buf[SAY_SIZE];
} SayLine;

/* Begin with @text. */
void say_begin(SayLine *l, const char *text);
/* The same in red, where the output has colours. */
void say_begin_red(SayLine *l, const AnalyzerState *s, const char *text);
/* @name has what stands in front of it and behind it: " pid=". */
void say_number(SayLine *l, const char *name, uint64_t value);
/* @value in quotes; NULL is "?". */
void say_quoted(SayLine *l, const char *name, const char *value);
/* " time=" of the entry, in seconds. */
void say_time(SayLine *l, const FrailCall *call);
/* "openat"; "syscall_0x1f4" for one that has no name. */
void say_call_name(FrailText *t, const FrailCall *call, const char *name);
/* "EACCES" of a verdict, "?" for a number that has no name. */
void say_errno(SayLine *l, int verdict);
/* Give the line to the writer. */
void say_end(SayLine *l, AnalyzerState *s);

#endif /* FRAIL_ANALYZER_SAY_H */
