/*
 * The options that say where an analyzer writes to, and how: the same for
 * all.  An analyzer's table of options begins with OUTPUT_OPTIONS, and its own
 * are numbered from OUTPUT_OPTIONS_END on.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_OUTPUT_H
#define FRAIL_ANALYZER_OUTPUT_H

#include <frail-plugin.h>
#include <glib.h>

#include "options.h"

enum {
    OPT_OUT, OPT_OVERFLOW, OPT_STALL, OPT_BUFFER, OPT_ROTATE_SIZE,
    OPT_ROTATE_KEEP,
    OUTPUT_OPTIONS_END
};

#define OUTPUT_OPTIONS \
    [OPT_OUT] = { "out", NULL, "-", "a file, unix:PATH or tcp:HOST:PORT; " \
        "- is stderr" }, \
    [OPT_OVERFLOW] = { "overflow", "block|drop", "block", "when the buffer " \
        "is full: the guest waits, or lines are lost and counted" }, \
    [OPT_STALL] = { "stall", NULL, NULL, "seconds that the guest waits at " \
        "most, 0 for ever (default: 30 for sockets, else 0)" }, \
    [OPT_BUFFER] = { "buffer", NULL, "4M", "size of the buffer" }, \
    [OPT_ROTATE_SIZE] = { "rotate-size", NULL, NULL, "begin a new file when " \
        "this one would be larger: 100M" }, \
    [OPT_ROTATE_KEEP] = { "rotate-keep", NULL, "4", "how many old files are " \
        "kept: FILE.1, FILE.2..." }

/* "4096", "64K", "100M", "2G"; false when it is none, or not in range. */
static inline bool output_number(const Option *opt, uint64_t min,
                                 uint64_t max, uint64_t *value)
{
    static const char units[] = "KMG";
    char *end = NULL;
    const char *unit;
    unsigned shift = 0;

    if (!opt->value) {
        *value = 0;
        return true;
    }
    *value = g_ascii_isdigit(*opt->value) ?
             g_ascii_strtoull(opt->value, &end, 10) : 0;
    if (end && *end && max > 1000000) {     /* no unit for small ones */
        unit = strchr(units, g_ascii_toupper(*end));
        if (unit) {
            shift = 10 * (unit - units + 1);
            end++;
        }
    }
    if (!end || *end || *value > max >> shift) {
        return false;
    }
    *value <<= shift;
    return *value >= min;
}

/*
 * Open the writer that @opts, the parsed options, ask for.  NULL and one
 * sentence in *@err, valid until the next call, when that is not possible.
 */
static inline FrailWriter *open_output(const Option *opts,
                                       FrailLossFn *on_loss, void *opaque,
                                       const char **err)
{
    FrailWriterOptions w = {
        .sz = sizeof(w),
        .out = opts[OPT_OUT].value,
        .overflow = option_choice(&opts[OPT_OVERFLOW]) == 1 ?
                    FRAIL_OVERFLOW_DROP : FRAIL_OVERFLOW_BLOCK,
        .on_loss = on_loss,
        .opaque = opaque,
    };
    uint64_t stall, buffer, keep;

    *err = NULL;
    if (!output_number(&opts[OPT_STALL], 0, 86400, &stall)) {
        *err = "stall= is a number of seconds, up to 86400";
    } else if (!output_number(&opts[OPT_BUFFER], 4096, 1u << 30, &buffer)) {
        *err = "buffer= is a size from 4K to 1G";
    } else if (!output_number(&opts[OPT_ROTATE_SIZE], 0, INT64_MAX,
                              &w.rotate_size) ||
               (opts[OPT_ROTATE_SIZE].value && !w.rotate_size)) {
        *err = "rotate-size= is a size, like 100M";
    } else if (!output_number(&opts[OPT_ROTATE_KEEP], 1, 10000, &keep)) {
        *err = "rotate-keep= is a number from 1 to 10000";
    }
    if (*err) {
        return NULL;
    }
    w.stall_ms = opts[OPT_STALL].value && !stall ? -1 : (int64_t)stall * 1000;
    w.buffer_size = buffer;
    w.rotate_keep = keep;
    return frail_writer_open_with(&w, err);
}

#endif /* FRAIL_ANALYZER_OUTPUT_H */
