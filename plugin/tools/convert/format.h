/*
 * What frail-convert writes: one of these for each format.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_CONVERT_FORMAT_H
#define FRAIL_CONVERT_FORMAT_H

#include <stdio.h>

#include "tools/trace/record.h"
#include "tools/trace/sort.h"

typedef struct Format {
    const char *name;       /* of --to= */
    const char *suffix;     /* of the file's name */
    const char *what;       /* for --help */
    bool binary;
    /* State of one conversion; pieces of output go to @sorter. */
    void *(*begin)(TraceSorter *sorter);
    bool (*call)(void *state, const TraceCall *c, GError **err);
    /* A signal, or the end of a thread (@kind). */
    bool (*event)(void *state, TraceKind kind, const TraceEvent *e,
                  GError **err);
    bool (*lost)(void *state, int64_t count, GError **err);
    /*
     * All has been read: what comes before the sorted pieces, each of them,
     * and what comes behind.  False, with errno, when it cannot be written.
     */
    bool (*head)(void *state, FILE *to);
    bool (*piece)(void *state, int64_t time, const void *piece, uint32_t len,
                  FILE *to);
    bool (*end)(void *state, FILE *to);
    void (*free)(void *state);
} Format;

extern const Format format_pcapng, format_perfetto;

#endif /* FRAIL_CONVERT_FORMAT_H */
