/*
 * The options that all analyzers have: which calls, and where their output
 * goes and how.  An analyzer's table of options begins with COMMON_OPTIONS(),
 * and its own are numbered from COMMON_OPTIONS_END on.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_OUTPUT_H
#define FRAIL_ANALYZER_OUTPUT_H

#include <frail-plugin.h>

#include "options.h"

enum {
    OPT_OUT, OPT_OVERFLOW, OPT_STALL, OPT_BUFFER, OPT_ROTATE_SIZE,
    OPT_ROTATE_KEEP, OPT_TRACE, OPT_WHERE,
    COMMON_OPTIONS_END
};

/* @trace_help: the help for trace=. */
#define COMMON_OPTIONS(trace_help) \
    [OPT_OUT] = OPTION_TEXT("out", "-", "a file, unix:PATH or " \
        "tcp:HOST:PORT; - is stderr"), \
    [OPT_OVERFLOW] = OPTION_CHOICE("overflow", "block|drop", "block", \
        "when the buffer is full: the guest waits, or lines are lost and " \
        "counted"), \
    [OPT_STALL] = OPTION_NUMBER("stall", NULL, 0, 86400, "seconds that the " \
        "guest waits at most, 0 for ever (default: 30 for sockets, else 0)"), \
    [OPT_BUFFER] = OPTION_SIZE("buffer", "4M", 4096, 1u << 30, "size of " \
        "the buffer"), \
    [OPT_ROTATE_SIZE] = OPTION_SIZE("rotate-size", NULL, 1, \
        UINT64_C(1) << 50, "begin a new file when this one would be " \
        "larger: 100M"), \
    [OPT_ROTATE_KEEP] = OPTION_NUMBER("rotate-keep", "4", 1, 10000, \
        "how many old files are kept: FILE.1, FILE.2..."), \
    [OPT_TRACE] = OPTION_TEXT("trace", NULL, trace_help), \
    [OPT_WHERE] = OPTION_TEXT("where", NULL, "only what matches an " \
        "expression, frail-filter(7): comm = sshd and uid < 1000")

/*
 * Open the writer that @opts, the parsed options, ask for.  NULL and one
 * sentence in *@err, valid until the next call, when that is not possible.
 */
FrailWriter *output_open_writer(const Option *opts, FrailLossFn *on_loss,
                                void *opaque, const char **err);

#endif /* FRAIL_ANALYZER_OUTPUT_H */
