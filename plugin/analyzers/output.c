/*
 * Where an analyzer writes to, as its options say.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "output.h"

FrailWriter *output_open_writer(const Option *opts, FrailLossFn *on_loss,
                                void *opaque, const char **err)
{
    uint64_t stall = option_number(&opts[OPT_STALL]);
    FrailWriterOptions w = {
        .sz = sizeof(w),
        .out = opts[OPT_OUT].value,
        .overflow = option_choice(&opts[OPT_OVERFLOW]) == 1 ?
                    FRAIL_OVERFLOW_DROP : FRAIL_OVERFLOW_BLOCK,
        /* To the writer, 0 is its default. */
        .stall_ms = opts[OPT_STALL].value && !stall ? -1 :
                    (int64_t)stall * 1000,
        .buffer_size = option_number(&opts[OPT_BUFFER]),
        .rotate_size = option_number(&opts[OPT_ROTATE_SIZE]),
        .rotate_keep = option_number(&opts[OPT_ROTATE_KEEP]),
        .on_loss = on_loss,
        .opaque = opaque,
    };

    return frail_writer_open_with(&w, err);
}
