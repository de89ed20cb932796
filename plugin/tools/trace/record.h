/*
 * A line of the json analyzer, as a structure: docs/json.md says what its
 * members mean.
 *
 * All of it comes from a file that anybody may have written, with names that
 * the guest chose: numbers may be any, strings are valid UTF-8 and may hold
 * any character.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_TRACE_RECORD_H
#define FRAIL_TRACE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#define TRACE_MAX_ARGS 6

typedef enum TraceKind {
    TRACE_CALL,
    TRACE_SIGNAL,   /* its handler is about to run */
    TRACE_EXIT,     /* a thread has ended */
    TRACE_LOST,     /* lines are missing here */
    TRACE_OTHER,    /* a type that is not known */
} TraceKind;

typedef enum TraceOutcome {
    TRACE_RETURNED,
    TRACE_REFUSED,
    TRACE_KILLED,
    TRACE_RESTARTS,
    TRACE_UNSEEN,
    TRACE_NO_RETURN,
    TRACE_UNFINISHED,
    TRACE_ENTERED,
    TRACE_N_OUTCOMES,
} TraceOutcome;

typedef struct TraceArg {
    const char *name;
    const char *text;   /* as strace shows it, or NULL */
    uint64_t raw;
    bool cut;           /* there is more than @text shows */
    bool out;           /* the kernel writes to it */
} TraceArg;

typedef struct TraceProcess {
    const char *key;    /* pid@start: never the same for two processes */
    int64_t pid, tid, ppid, ns_tid;
    uint64_t start_ns;  /* from the guest's boot */
    int64_t uid, gid, euid;
    /* NULL when not known.  Bytes that are not UTF-8 are shown as \xHH. */
    const char *comm, *exe, *cwd, *cgroup, *container;
    /* Separated by spaces, NULL when not known; then as they were. */
    const char *cmdline;
    GPtrArray *argv;    /* of char *; NULL when not known */
} TraceProcess;

typedef struct TraceCall {
    uint64_t seq;
    int64_t time_ns;    /* since 1970 */
    int64_t duration_ns;    /* -1: not known */
    int64_t vcpu;
    const char *task;   /* NULL when not known */
    const char *abi;
    const char *call;   /* NULL: the number has no name */
    int64_t nr;
    const char *error;  /* name of errno, or NULL */
    int64_t err;        /* errno, 0: none */
    int64_t ret;        /* if has_ret */
    const char *ret_text;   /* or NULL */
    TraceOutcome outcome;
    bool has_ret;
    bool has_process;
    bool late;          /* all was read at the return */
    unsigned n_args;
    TraceArg args[TRACE_MAX_ARGS];
    TraceProcess process;   /* if has_process */
} TraceCall;

typedef enum TraceEnd {
    TRACE_END_UNKNOWN,
    TRACE_END_EXITED,
    TRACE_END_KILLED,
    TRACE_END_SUPERSEDED,
} TraceEnd;

typedef struct TraceEvent {
    int64_t time_ns;
    int64_t vcpu;
    TraceProcess process;
    int64_t signal;     /* 0: none */
    const char *name;   /* of the signal, or NULL */
    const char *info;   /* TRACE_SIGNAL: as strace shows siginfo, or NULL */
    TraceEnd how;       /* TRACE_EXIT */
    int64_t status;     /* TRACE_END_EXITED */
    bool core;          /* TRACE_END_KILLED: its memory was written */
} TraceEvent;

typedef struct TraceRecord {
    TraceKind kind;
    TraceCall call;     /* TRACE_CALL */
    TraceEvent event;   /* TRACE_SIGNAL, TRACE_EXIT */
    int64_t lost;       /* TRACE_LOST: how many */
    const char *type;   /* TRACE_OTHER: which */
} TraceRecord;

typedef struct TraceParser TraceParser;

TraceParser *trace_parser_new(void);
void trace_parser_free(TraceParser *p);

/*
 * Fill in @r from a line of @len bytes, without the newline.  False when it
 * is no record, and *@why says why not (a constant).  What @r points to
 * belongs to @p and lives until the next line is parsed.
 */
bool trace_parse(TraceParser *p, const char *line, size_t len,
                 TraceRecord *r, const char **why);

/* The argument of that name, or NULL. */
const TraceArg *trace_arg(const TraceCall *c, const char *name);

/* How a thread ended: "exit 3", "killed by SIGKILL"... */
void trace_end_text(const TraceEvent *e, GString *out);

/* "returned", "no-return"... */
const char *trace_outcome_name(TraceOutcome outcome);

#endif /* FRAIL_TRACE_RECORD_H */
