/*
 * What the policy analyzer keeps from one call to another: rules that a call's
 * return will decide, and processes that end at their next call.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_POLICY_WAIT_H
#define FRAIL_ANALYZER_POLICY_WAIT_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "policy-rules.h"

#define POLICY_SLOTS    4096u   /* calls that wait at once */
#define POLICY_MARKS    256u    /* processes that are to end */

/* A bit for each rule. */
typedef struct PolicyBits {
    uint64_t word[(POLICY_RULES_MAX + 63) / 64];
} PolicyBits;

/* A call of which rules are not decided. */
typedef struct PolicySlot {
    _Atomic uint64_t seq;       /* 0: free */
    uint64_t serial;            /* of their policy */
    PolicyBits rules;
} PolicySlot;

typedef struct PolicyMark {
    int32_t pid;                /* 0: free */
    uint64_t start_ns;
    int64_t killed_ns;          /* when it should have ended, or 0 */
    char rule[POLICY_NAME_MAX + 1];
} PolicyMark;

typedef struct PolicyWait {
    /* Of all below; held for some instructions. */
    GMutex lock;
    PolicySlot slot[POLICY_SLOTS];
    PolicyMark mark[POLICY_MARKS];
    _Atomic unsigned marks;     /* how many there are */
    unsigned next_mark;
    _Atomic uint64_t forgotten; /* calls that nobody has judged */
    _Atomic uint64_t lost_marks;
} PolicyWait;

/* Of what is all zeros.  Nothing needs to be freed. */
void policy_wait_init(PolicyWait *w);

/* Call @seq has rules that are not decided. */
void policy_wait_put(PolicyWait *w, uint64_t seq, const Policy *p,
                     const PolicyBits *rules);
/*
 * Which they are; false if there are none.  Those of another policy than @p
 * are forgotten.
 */
bool policy_wait_take(PolicyWait *w, uint64_t seq, const Policy *p,
                      PolicyBits *rules);

/* End this process at its next call, because of @rule. */
void policy_mark(PolicyWait *w, const FrailProcess *process,
                 const char *rule);
/*
 * Is it to end?  Then why, into @rule.  @now is of the host's wall clock.  What
 * has been told so is forgotten after some seconds: then it has ended.
 */
bool policy_is_marked(PolicyWait *w, const FrailProcess *process, int64_t now,
                      char rule[POLICY_NAME_MAX + 1]);
/* It is not to end after all. */
void policy_unmark(PolicyWait *w, const FrailProcess *process);

#endif /* FRAIL_ANALYZER_POLICY_WAIT_H */
