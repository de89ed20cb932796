/*
 * Between the reader of rules and what is made of them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_POLICY_BUILD_H
#define FRAIL_ANALYZER_POLICY_BUILD_H

#include "policy-rules.h"

/* When all rules are there: which of them are for which calls. */
void policy_build_lists(Policy *p);
/* NULL is allowed. */
void policy_rule_free(PolicyRule *r);

#endif /* FRAIL_ANALYZER_POLICY_BUILD_H */
