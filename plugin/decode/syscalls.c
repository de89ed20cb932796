/*
 * Names and argument counts of system calls.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/decode.h"
#include "text/near.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

typedef struct Syscall {
    const char *name;       /* NULL in a gap */
    uint8_t args;
} Syscall;

#define SYSCALL(nr, name, args) [nr] = { name, args },
static const Syscall x86_64_calls[] = {
#include "syscalls-x86-64.inc"
};
static const Syscall x32_calls[] = {
#include "syscalls-x32.inc"
};
static const Syscall i386_calls[] = {
#include "syscalls-i386.inc"
};
#undef SYSCALL

#define BY_NAME(nr) nr,
static const uint16_t x86_64_by_name[] = {
#include "syscalls-x86-64.inc"
};
static const uint16_t x32_by_name[] = {
#include "syscalls-x32.inc"
};
static const uint16_t i386_by_name[] = {
#include "syscalls-i386.inc"
};
#undef BY_NAME

typedef struct Table {
    const Syscall *calls;
    const uint16_t *by_name;
    unsigned size;
    unsigned names;
} Table;

#define TABLE(t) \
    { t ## _calls, t ## _by_name, \
      ARRAY_SIZE(t ## _calls), ARRAY_SIZE(t ## _by_name) }

static const Table tables[FRAIL_ABIS] = {
    [FRAIL_ABI_X86_64] = TABLE(x86_64),
    [FRAIL_ABI_X32] = TABLE(x32),
    [FRAIL_ABI_I386] = TABLE(i386),
};

static const Syscall *find(FrailAbi abi, int64_t nr)
{
    const Table *t;

    if ((unsigned)abi >= FRAIL_ABIS) {
        return NULL;
    }
    t = &tables[abi];
    if (nr < 0 || nr >= t->size || !t->calls[nr].name) {
        return NULL;
    }
    return &t->calls[nr];
}

const char *frail_syscall_name(FrailAbi abi, int64_t nr)
{
    const Syscall *call = find(abi, nr);

    return call ? call->name : NULL;
}

unsigned frail_syscall_arg_count(FrailAbi abi, int64_t nr)
{
    const Syscall *call = find(abi, nr);

    return call ? call->args : FRAIL_ARGS_MAX;
}

unsigned frail_syscall_table_size(FrailAbi abi)
{
    return (unsigned)abi < FRAIL_ABIS ? tables[abi].size : 0;
}

int64_t frail_syscall_number(FrailAbi abi, const char *name)
{
    const Table *t;
    unsigned low = 0, high;

    if ((unsigned)abi >= FRAIL_ABIS || !name) {
        return -ENOENT;
    }
    t = &tables[abi];
    high = t->names;
    while (low < high) {
        unsigned mid = low + (high - low) / 2;
        unsigned nr = t->by_name[mid];
        int order = strcmp(name, t->calls[nr].name);

        if (!order) {
            return nr;
        }
        if (order < 0) {
            high = mid;
        } else {
            low = mid + 1;
        }
    }
    return -ENOENT;
}

const char *frail_syscall_nearest(const char *name)
{
    Near near;

    near_begin(&near, name);
    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        for (unsigned i = 0; i < tables[abi].names; i++) {
            near_try(&near, tables[abi].calls[tables[abi].by_name[i]].name);
        }
    }
    return near.name;
}
