/*
 * The json analyzer's parts.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_JSON_H
#define FRAIL_ANALYZER_JSON_H

#include "analyzer.h"
#include "calls.h"
#include "json-calls.h"
#include "json-process.h"
#include "json-text.h"

typedef struct JsonState {
    AnalyzerState common;
    bool returns;
    JsonWants wants;
    FrailDecodeOptions decode;
    HeldCalls *held;                /* with returns */
    CallSet no_return;
} JsonState;

/* What all records of the guest have, behind another member. */
static inline void json_when(FrailText *j, int64_t ns, unsigned vcpu,
                             uint64_t task)
{
    json_member(j, "time");
    json_time(j, ns);
    json_member(j, "time_ns");
    text_dec(j, ns);
    json_member(j, "vcpu");
    text_udec(j, vcpu);
    json_member(j, "task");
    if (task) {
        json_hex(j, task);
    } else {
        text_str(j, "null");
    }
}

/* --- json-event.c -------------------------------------------------------- */

FrailSignalFn json_on_signal;
FrailExitFn json_on_exit;

#endif /* FRAIL_ANALYZER_JSON_H */
