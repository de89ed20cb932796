/*
 * A file that is made whole or not at all.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_TRACE_OUTPUT_H
#define FRAIL_TRACE_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include <glib.h>

typedef struct TraceOutput TraceOutput;

/*
 * @name: "-" is standard output.  Until trace_output_finish() another file
 * beside it is written to; what was there before is kept until then.  NULL
 * and @err when it cannot be made.
 */
TraceOutput *trace_output_new(const char *name, GError **err);

FILE *trace_output_file(TraceOutput *o);

/* False and @err when not all could be written.  Frees @o in any case. */
bool trace_output_finish(TraceOutput *o, GError **err);
/* Never mind: nothing is left of it.  @o may be NULL. */
void trace_output_drop(TraceOutput *o);

/* DIR/NAME of @input with @suffix in place of ".json" or ".jsonl". */
char *trace_output_name(const char *input, const char *suffix);

/* "cannot write to NAME: ..." of errno. */
void trace_output_error(const TraceOutput *o, GError **err);

#endif /* FRAIL_TRACE_OUTPUT_H */
