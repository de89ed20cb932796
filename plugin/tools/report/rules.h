/*
 * What a report points out: rules of thumb, each with the reason why somebody
 * might want to look.  They judge nothing.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_REPORT_RULES_H
#define FRAIL_REPORT_RULES_H

#include "tools/report/model.h"

typedef enum RuleLevel {
    RULE_NOTE,
    RULE_WARNING,
    RULE_ALARM,
} RuleLevel;

typedef struct Rule {
    const char *name;       /* one word */
    RuleLevel level;
    const char *title;
    const char *why;
    const char *calls;      /* " a b c "; NULL: all */
    /* @before: the process as it was until now, or NULL. */
    bool (*test)(Model *m, const TraceCall *c, const ModelProcess *before);
    uint64_t at_least;      /* so often, to be worth mentioning */
} Rule;

void rules_add(Model *m, const TraceCall *c, const ModelProcess *before);

/* The end of a thread. */
void rules_add_end(Model *m, const TraceEvent *e);

/* "openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3", cut, for people. */
void rules_call_text(const TraceCall *c, GString *out);

/* For a table of hits. */
uint64_t rules_weight(const void *hit);
void rules_free_hit(void *hit);

#endif /* FRAIL_REPORT_RULES_H */
