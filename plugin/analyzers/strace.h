/*
 * The strace analyzer's parts.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_STRACE_H
#define FRAIL_STRACE_H

#include <frail-plugin.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The longest decoded text, and what stands around it. */
#define LINE_SIZE   (96u << 10)

#include "analyzer.h"
#include "calls.h"
#include "strace-calls.h"
#include "text/text.h"

typedef enum Timestamp {
    TIMESTAMP_NONE,
    TIMESTAMP_ABS,          /* time of day */
    TIMESTAMP_REL,          /* since the first call */
    TIMESTAMP_UNIX,         /* since 1970 */
    TIMESTAMP_DELTA,        /* since the line before */
} Timestamp;

typedef enum Status {
    STATUS_ALL,
    STATUS_FAILED,
    STATUS_SUCCESSFUL,
    STATUS_UNFINISHED,
} Status;

typedef struct Strace {
    AnalyzerState common;
    bool returns;
    bool task;
    bool vcpu;
    bool raw;
    bool join;              /* no line but whole ones */
    bool duration;
    Timestamp timestamp;
    Status status;
    FrailDecodeOptions decode;
    CallSet no_return;      /* do not come back to where they were made */

    /* All of what follows belongs to who holds the lock. */
    GMutex lock;
    Calls calls;
    OpenCall *partial;      /* the call whose line is not ended */
    int64_t first_ns, last_ns;
    FrailText line;         /* in @text; what does not fit is cut */
    size_t hidden;          /* bytes of it that a terminal does not show */
    char text[LINE_SIZE];
} Strace;

/* s->line is begun anew. */
static inline void line_begin(Strace *s)
{
    text_init(&s->line, s->text, sizeof(s->text) - 1);  /* 1: the newline */
    s->hidden = 0;
}

/* It is written, with a newline. */
static inline void line_put(Strace *s)
{
    s->text[s->line.len] = '\n';
    frail_writer_put(s->common.writer, s->text, s->line.len + 1);
}

/* --- strace-who.c -------------------------------------------------------- */

/*
 * What pid=, comm= and uid=, lists separated by ':', and where= say together;
 * each may be NULL.  *@expression is to be freed, NULL when all are.  False,
 * with a sentence in *@err to be freed, when a list is wrong.
 */
bool who_expression(const char *pids, const char *comms, const char *uids,
                    const char *where, char **expression, char **err);

/* --- strace-text.c: lines, with the lock held ---------------------------- */

/* Begin one: "[pid  1234] ", or the address space of who is not known. */
void show_begin(Strace *s, const OpenCall *c, int64_t ns);
/* Before that: what was begun is written, but for the line of @but. */
void show_interrupt(Strace *s, const OpenCall *but);

/* A call is entered; @c is its slot, or NULL: it is not kept. */
void show_enter(Strace *s, OpenCall *c);
/* A call that never returns is entered. */
void show_last(Strace *s, OpenCall *c);
/* @c has returned; @call says how. */
void show_return(Strace *s, OpenCall *c, const FrailCall *call);
/* Only the entry is shown. */
void show_entry_only(Strace *s, OpenCall *c);
/* @c will not be heard of again. */
void show_unfinished(Strace *s, OpenCall *c);

/* --- strace-event.c ------------------------------------------------------ */

FrailSignalFn strace_on_signal;
FrailExitFn strace_on_exit;

/* --- strace-raw.c: the same without any ---------------------------------- */

void raw_call(Strace *s, const FrailCall *call);
void raw_return(Strace *s, const FrailCall *call);

#endif /* FRAIL_STRACE_H */
