/*
 * The rules of the policy analyzer: a file of them, compiled.  What the file
 * looks like is in docs/policy.md.  Needs no guest.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_POLICY_RULES_H
#define FRAIL_ANALYZER_POLICY_RULES_H

#include <frail-plugin.h>
#include <glib.h>
#include <stdatomic.h>

#include "calls.h"

#define POLICY_RULES_MAX    256u
#define POLICY_WHENS_MAX    8u          /* of one rule */
#define POLICY_NAME_MAX     64u
#define POLICY_FILE_MAX     (1u << 20)  /* bytes */

/* Numbers of calls that have a list of rules of their own. */
#define POLICY_NUMBERS      1024u
#define POLICY_LIST_END     UINT16_MAX

/* What a rule does. */
enum {
    POLICY_LOG = 1 << 0,
    POLICY_EVENT = 1 << 1,
    POLICY_PAUSE = 1 << 2,
    /* These end the search for more rules; a rule has one of them at most. */
    POLICY_ALLOW = 1 << 3,
    POLICY_REFUSE = 1 << 4,
    POLICY_KILL = 1 << 5,
};
#define POLICY_STOPS    (POLICY_REFUSE | POLICY_KILL)   /* the call, too */
#define POLICY_ENDS     (POLICY_ALLOW | POLICY_STOPS)

typedef struct PolicyRule {
    char name[POLICY_NAME_MAX + 1];
    unsigned line;              /* in the file, from 1 */
    FrailFilter *when[POLICY_WHENS_MAX];    /* all must match */
    unsigned n_when;
    char *opened;               /* a pattern of fnmatch(3), or NULL */
    unsigned acts;
    int refuse_errno;           /* with POLICY_REFUSE; positive */
    /* Only the call's return can tell, always. */
    bool late;
    /* Counted by whoever uses the rules. */
    _Atomic uint64_t matched, refused, killed, missed;
} PolicyRule;

typedef struct Policy {
    PolicyRule *rule[POLICY_RULES_MAX];
    unsigned n;
    uint64_t serial;            /* a number of its own, never 0 */
    /* Refuse where a rule might stop a call, but ... */
    bool refuse_undecided;      /* memory cannot be read yet */
    bool refuse_unknown;        /* its caller is not known */
    CallSet opens[2];           /* calls that return a file which they open */
    /*
     * By ABI and number: which rules can match, in their order, up to
     * POLICY_LIST_END; the last is for all numbers beyond.
     */
    uint32_t list[CALL_ABIS][POLICY_NUMBERS + 1];
    uint16_t *lists;            /* where they begin in it */
} Policy;

/* Where a file is wrong, and how. */
typedef struct PolicyError {
    unsigned line, column;      /* from 1, in bytes; 0: the file as such */
    char *text;                 /* one sentence; to be freed */
} PolicyError;

/*
 * Compile @len bytes of @text.  NULL and *@err, whose text is to be freed,
 * when something is wrong.  Any thread; for terms like "tree" see
 * frail_filter_new().
 */
Policy *policy_parse(const char *text, size_t len, PolicyError *err);
/* The same of a file. */
Policy *policy_load(const char *path, PolicyError *err);
/* NULL is allowed. */
void policy_free(Policy *p);

/* "FILE:LINE:COLUMN: what is wrong"; to be freed. */
char *policy_error_line(const char *path, const PolicyError *err);

/* The rules that may match such a call. */
static inline const uint16_t *policy_list(const Policy *p, unsigned abi,
                                          int64_t nr)
{
    if (abi >= CALL_ABIS) {
        abi = 0;
        nr = -1;
    }
    return p->lists + p->list[abi][nr >= 0 && nr < POLICY_NUMBERS ?
                                   nr : POLICY_NUMBERS];
}

/*
 * Do all of the rule's conditions but "opened" hold?  During a callback, on
 * its thread.
 */
FrailMatch policy_match(const PolicyRule *r, const FrailCall *call);

/*
 * An expression that matches all calls which a rule may match, and maybe
 * more, by their numbers alone: for frail_analyzer_set_where().  NULL: there
 * is none but for all calls.  To be freed.
 */
char *policy_where(const Policy *p);

#endif /* FRAIL_ANALYZER_POLICY_RULES_H */
