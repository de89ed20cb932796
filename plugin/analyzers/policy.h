/*
 * The parts of the policy analyzer that policy.c puts together.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_POLICY_H
#define FRAIL_ANALYZER_POLICY_H

#include "analyzer.h"
#include "policy-control.h"
#include "policy-rules.h"
#include "policy-wait.h"

/* Why a rule has acted. */
typedef enum PolicyWhy {
    POLICY_MATCH,           /* it matches, and the call has not happened */
    POLICY_UNDECIDED,       /* memory cannot be read, and it refuses then */
    POLICY_UNKNOWN,         /* the caller is not known, and it refuses then */
    POLICY_LATE,            /* the call has returned: it is too late to stop */
} PolicyWhy;

/* What was done about a call. */
typedef struct PolicyAnswer {
    PolicyWhy why;
    int verdict;
    bool event, killed, spared, marked, paused;
    const char *opened;     /* the opened file's path, or NULL */
} PolicyAnswer;

typedef struct PolicyState {
    AnalyzerState common;
    char *path;             /* of the file of rules, absolute */
    Policy *_Atomic policy;
    CallSet musts;          /* calls that a program cannot be denied */
    PolicyWait wait;
    PolicyControl *control;     /* or NULL */
    _Atomic bool widened;   /* all calls are asked for, whatever the rules */
    uint64_t reloads, bad_reloads;      /* of the socket's thread */
} PolicyState;

/* policy-say.c: the lines of the output.  Any thread; nothing is allocated. */
/* Tell of what the rule has done, where it is asked for. */
void policy_say_match(PolicyState *s, const FrailCall *call,
                      const PolicyRule *r, const PolicyAnswer *a);
/* A process ends that was to end at its next call. */
void policy_say_kill(PolicyState *s, const FrailCall *call, const char *rule);
/* An event of QMP's; false if it is lost. */
bool policy_say_event(PolicyState *s, const FrailCall *call,
                      const PolicyRule *r, const PolicyAnswer *a);
/* What the rules have done; @what is "sum", or "old" of replaced ones. */
void policy_say_counts(PolicyState *s, const char *what, const Policy *p);
void policy_say_reload(PolicyState *s, const Policy *p, const char *error);
void policy_say_end(PolicyState *s);
/* The counts for people, to be freed. */
char *policy_counts_text(PolicyState *s, const Policy *p);

#endif /* FRAIL_ANALYZER_POLICY_H */
