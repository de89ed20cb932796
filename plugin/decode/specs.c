/*
 * The tables that gen-calls.py makes of calls.in.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "decode/args.h"
#include "decode/kinds/kinds.h"
#include "decode/result.h"

typedef struct NamedSpec {
    const char *name;
    const CallSpec *spec;
} NamedSpec;

#include "calls.inc"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
    const CallSpec *const *specs;
    unsigned size;
} tables[CALL_ABI_MAX] = {
    [CALL_ABI_X86_64] = { x86_64_specs, ARRAY_SIZE(x86_64_specs) },
    [CALL_ABI_X32] = { x32_specs, ARRAY_SIZE(x32_specs) },
    [CALL_ABI_I386] = { i386_specs, ARRAY_SIZE(i386_specs) },
};

const CallSpec *call_spec(unsigned abi, int64_t nr)
{
    if (abi >= CALL_ABI_MAX || nr < 0 || nr >= tables[abi].size) {
        return NULL;
    }
    return tables[abi].specs[nr];
}

const CallSpec *call_spec_named(const char *name, const char **static_name)
{
    for (unsigned i = 0; name && i < ARRAY_SIZE(sub_calls); i++) {
        if (!strcmp(sub_calls[i].name, name)) {
            *static_name = sub_calls[i].name;
            return sub_calls[i].spec;
        }
    }
    return NULL;
}
