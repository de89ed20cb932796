/*
 * Traces, read line by line: a file of any size takes the memory of its
 * longest line.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_TRACE_INPUT_H
#define FRAIL_TRACE_INPUT_H

#include "tools/trace/record.h"

typedef struct TraceInput TraceInput;

typedef struct TraceInputStats {
    uint64_t lines;
    uint64_t calls;
    uint64_t lost;          /* lines that the analyzer says are missing */
    uint64_t other;         /* records of other types */
    uint64_t bad;           /* lines that are no records */
    char *first_bad;        /* "FILE:LINE: why", or NULL */
} TraceInputStats;

/*
 * @files, a list that ends with NULL, as one trace in that order; "-" is
 * standard input.  @progress: tell on standard error how far it is, when
 * that is a terminal and it takes long.
 */
TraceInput *trace_input_new(const char *const *files, bool progress);

/*
 * The next record: 1; the end: 0; -1 and @err when a file cannot be read.
 * Lines that are no records are skipped and counted.  *@r is valid until the
 * next call.
 */
int trace_input_next(TraceInput *in, TraceRecord *r, GError **err);

/* Valid until trace_input_free(). */
const TraceInputStats *trace_input_stats(const TraceInput *in);

void trace_input_free(TraceInput *in);

/*
 * Say on standard error what of the input was no record, for @tool.  False,
 * when there was not a single call.
 */
bool trace_input_complain(const TraceInput *in, const char *tool);

#endif /* FRAIL_TRACE_INPUT_H */
