/*
 * What a report is made of: sums over a whole trace, in bounded memory.
 *
 * What there is most of is kept; what was forgotten is counted, and the
 * report says so.  All strings are fit for people's eyes: trace_display().
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_REPORT_MODEL_H
#define FRAIL_REPORT_MODEL_H

#include "tools/report/bounded.h"
#include "tools/trace/record.h"

#define MODEL_BUCKETS   240     /* of a time line */
#define MODEL_WHO       4       /* names of programs that are kept */
#define MODEL_SLOW      40
/* Linux's comm has 15 bytes, 60 as "\xff"; a made-up file may have more. */
#define MODEL_COMM      64
/* Durations up to 2^0, 2^1... nanoseconds. */
#define MODEL_POWERS    48

typedef enum ModelClass {
    CLASS_FILES,
    CLASS_NETWORK,
    CLASS_MEMORY,
    CLASS_PROCESSES,
    CLASS_SIGNALS,
    CLASS_WAITING,
    CLASS_OTHER,
    N_CLASSES,
} ModelClass;

/* How often, how often in vain, and how long it took. */
typedef struct ModelSum {
    uint64_t calls, errors;
    uint64_t ns;
} ModelSum;

typedef struct ModelCall {
    char *name;
    ModelClass class;
    unsigned index;         /* in the report's list */
    ModelSum sum;
    uint64_t max_ns;
    uint64_t powers[MODEL_POWERS];
    GHashTable *errors;     /* name -> uint64_t */
} ModelCall;

/* Which programs: some names, and whether there were more. */
typedef struct ModelWho {
    char *comm[MODEL_WHO];
    bool more;
} ModelWho;

typedef struct ModelProcess {
    char *key;
    int64_t pid, ppid;
    uint64_t start_ns;
    int64_t uid, euid;
    char *comm, *exe, *cmdline, *container, *cgroup;
    char *end;              /* how it ended, or NULL */
    bool end_is_known;      /* by a record, not by what its calls look like */
    uint64_t signals;       /* that it has handled */
    int64_t first, last;    /* nanoseconds since 1970 */
    ModelSum sum;
    GHashTable *calls;      /* ModelCall * -> ModelSum * */
    GHashTable *threads;    /* tids; MAX_THREADS at most */
    uint32_t line[MODEL_BUCKETS], errors[MODEL_BUCKETS];
    unsigned index;         /* in the report's list */
} ModelProcess;

typedef struct ModelFile {
    char *path;
    uint64_t uses, opens, reads, writes, execs, errors, in, out;
    ModelWho who;
} ModelFile;

typedef struct ModelAddress {
    char *text;
    const char *kind;       /* "ip", "unix" */
    uint64_t uses, connects, binds, accepts, errors, in, out;
    ModelWho who;
} ModelAddress;

typedef struct ModelSlow {
    int64_t time, ns;
    char *who, *what;
} ModelSlow;

/* Something a person might want to look at: rules.c. */
typedef struct ModelHit {
    const struct Rule *rule;
    char *key;              /* of the process, or NULL */
    char *comm;
    int64_t pid;
    uint64_t count;
    int64_t first;
    char *example;
} ModelHit;

typedef struct Model {
    ModelSum sum;
    uint64_t unknown_callers;
    uint64_t outcomes[TRACE_N_OUTCOMES];
    int64_t first, last;    /* nanoseconds since 1970; if sum.calls */
    /* The time line: bucket i is from base + i * width on. */
    int64_t base, width;
    uint64_t line[N_CLASSES][MODEL_BUCKETS];
    uint64_t errors[MODEL_BUCKETS];
    GHashTable *calls;      /* name -> ModelCall */
    Bounded *processes, *files, *addresses, *hits;
    GPtrArray *slow;        /* of ModelSlow, the slowest first */
    GString *s, *path;      /* scratch */
} Model;

Model *model_new(void);
void model_free(Model *m);

void model_add(Model *m, const TraceCall *c);
/* A signal, or the end of a thread (@kind). */
void model_add_event(Model *m, TraceKind kind, const TraceEvent *e);

/* --- Between the parts --------------------------------------------------- */

ModelClass model_class_of(const TraceCall *c);
const char *model_class_name(ModelClass class);

/* Is @word (or NULL) one of @list, " a b c "? */
bool model_in_list(const char *list, const char *word);

/* The bucket of @time; the line is made wider until it has one. */
unsigned model_bucket(Model *m, int64_t time);

void model_who_add(ModelWho *w, const TraceCall *c);
void model_who_clear(ModelWho *w);

/* Files and addresses: touched.c. */
void model_add_touched(Model *m, const TraceCall *c);
/*
 * The path that argument @i of @c means, into @out, for people; relative when
 * the directory is not known.  False when it is no path.
 */
bool model_path(const TraceCall *c, unsigned i, GString *out, GString *scratch);

/* The slowest calls: slow.c. */
void model_add_slow(Model *m, const TraceCall *c, ModelClass class);
void model_free_slow(void *slow);

void model_free_file(void *file);
void model_free_address(void *address);

#endif /* FRAIL_REPORT_MODEL_H */
