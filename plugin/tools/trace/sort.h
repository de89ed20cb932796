/*
 * Pieces of output in the order of time, however many: what does not fit
 * into memory waits in unnamed temporary files.
 *
 * Records of a trace are in the order in which calls return; most formats
 * want events as they happened, and a call may take days.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_TRACE_SORT_H
#define FRAIL_TRACE_SORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

typedef struct TraceSorter TraceSorter;

/* @memory: how many bytes of pieces are held, more or less. */
TraceSorter *trace_sorter_new(size_t memory);
void trace_sorter_free(TraceSorter *s);

/* Pieces with the same @time stay in the order in which they were added. */
bool trace_sorter_add(TraceSorter *s, int64_t time, const void *piece,
                      uint32_t len, GError **err);

/*
 * After the last one was added: the first, the second... 1, 0 at the end, -1
 * and @err.  *@piece is valid until the next call.
 */
int trace_sorter_next(TraceSorter *s, int64_t *time, const void **piece,
                      uint32_t *len, GError **err);

#endif /* FRAIL_TRACE_SORT_H */
