/*
 * Errors in words.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/names/print.h"

#include "frail-plugin.h"

static const char *const texts[] = {
#include "decode/names/errno.inc"
};

/* The kernel's own, as strace describes them. */
static const struct {
    int32_t err;
    const char *text;
} kernel_texts[] = {
    { 512, "To be restarted if SA_RESTART is set" },
    { 513, "To be restarted" },
    { 514, "To be restarted if no handler" },
    { 516, "Interrupted by signal" },
};

const char *frail_errno_text(int32_t err)
{
    if (err > 0 && (size_t)err < sizeof(texts) / sizeof(texts[0])) {
        return texts[err];
    }
    for (size_t i = 0; i < sizeof(kernel_texts) / sizeof(kernel_texts[0]);
         i++) {
        if (kernel_texts[i].err == err) {
            return kernel_texts[i].text;
        }
    }
    return NULL;
}

void print_errno(FrailText *t, int32_t err)
{
    const char *name = frail_errno_name(err);
    const char *text = frail_errno_text(err);

    if (!name) {
        text_hex(t, (uint32_t)err);
        return;
    }
    text_str(t, name);
    text_str(t, " (");
    if (text) {
        text_str(t, text);
    } else {
        text_str(t, "Unknown error ");
        text_dec(t, err);
    }
    text_char(t, ')');
}
