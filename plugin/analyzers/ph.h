/*
 * The parts of the ph analyzer that ph.c puts together.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_PH_H
#define FRAIL_ANALYZER_PH_H

#include <stdatomic.h>

#include "analyzer.h"
#include "calls.h"
#include "ph-file.h"
#include "ph-profile.h"
#include "ph-store.h"
#include "ph-tasks.h"

#define PH_DELAY_MAX_MS     1000u

/* What is done about anomalies, beside telling them in the output. */
enum {
    PH_EVENT = 1 << 0,
    PH_REFUSE = 1 << 1,
    PH_DELAY = 1 << 2,
    PH_KILL = 1 << 3,
    PH_PAUSE = 1 << 4,
};

enum {
    OPT_PROFILES = COMMON_OPTIONS_END, OPT_MODE, OPT_WINDOW, OPT_METHOD,
    OPT_PROGRAMS, OPT_REACT, OPT_LIMIT, OPT_ERRNO, OPT_DELAY,
    OPT_FREEZE_CALLS, OPT_FREEZE_RATIO, OPT_FREEZE_TIME, OPT_SAVE_CALLS,
    PH_OPTIONS
};

typedef struct PhOptions {
    PhMode mode;
    bool windows;           /* a new window is an anomaly, not a new pair */
    char **programs;        /* patterns of fnmatch(3); NULL: all */
    unsigned react;
    unsigned limit;
    int refuse_errno;
    unsigned delay_ms;      /* for each anomaly of the frame */
    PhFreeze freeze;
} PhOptions;

typedef struct Ph {
    AnalyzerState common;
    PhOptions opts;
    CallSet ends;           /* calls that end a thread */
    CallSet musts;          /* calls that a program cannot be denied */
    PhStore *store;
    PhTasks *tasks;
    /* For those who sleep when QEMU ends. */
    GMutex end_lock;
    GCond end;
    bool ended;
    _Atomic uint64_t nobody;    /* calls of which the caller is not known */
    _Atomic uint64_t nameless;  /* programs without a path */
    _Atomic uint64_t no_room;   /* programs beyond PH_PROGRAMS_MAX */
} Ph;

/* What was done about a call. */
typedef struct PhAnswer {
    int verdict;
    unsigned delay_ms;
    bool event, killed, paused;
} PhAnswer;

/* ph-options.c */
extern const Option ph_options[PH_OPTIONS];
/* False and one sentence in *@err, to be freed, when they are wrong. */
bool ph_options_read(PhOptions *o, PhStoreOptions *store, const Option *opts,
                     char **err);
void ph_options_clear(PhOptions *o);

/* ph-say.c: the lines of the output.  Any thread; nothing is allocated. */
/* With the program's lock. */
void ph_say_program(Ph *s, const char *what, const PhProgram *p);
void ph_say_anomaly(Ph *s, const FrailCall *call, const FrailProcess *process,
                    const PhTask *task, const PhStep *step,
                    const PhAnswer *answer);
void ph_say_summary(Ph *s);
/* The anomaly as an event of QMP's; false if it is lost. */
bool ph_say_event(Ph *s, const FrailCall *call, const PhTask *task,
                  const PhStep *step);

#endif /* FRAIL_ANALYZER_PH_H */
