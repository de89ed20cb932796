/*
 * The arguments of calls: what calls.in says of them, in C.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ARGS_H
#define FRAIL_ARGS_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "decode/printer.h"
#include "decode/names/xlat.h"

typedef struct ArgSpec ArgSpec;

/*
 * An argument that is being printed, to p->out.
 *
 * A kind's function is called when the call is entered.  One whose argument
 * the kernel writes sets @later instead of printing, or prints and sets @more;
 * it is then called again at return, in the latter case to add to the text
 * that p->out ends with.
 */
#define ARG_SAVED   16

typedef struct Arg {
    Printer *p;
    const ArgSpec *spec;
    uint64_t value;
    int32_t *saved;     /* ARG_SAVED numbers, kept from entry to return */
    bool later;
    bool more;
    bool once;          /* what could not be read is not tried again */
    bool absent;        /* this call does not have it */
    bool raw;           /* no type is known: it is only a number */
} Arg;

typedef void ArgFn(Arg *a);
typedef void ResultFn(Printer *p);
typedef void StructFn(Printer *p, uint64_t addr);
typedef void StructOfFn(Printer *p, uint64_t addr, uint64_t of);

struct ArgSpec {
    const char *name;
    const char *kind;
    ArgFn *print;
    const Xlat *xlat;
    StructFn *structure;
    StructOfFn *structure_of;
    uint8_t reg;        /* which of the six */
    uint8_t ref;        /* the one its meaning depends on */
    bool wide;          /* in two of them */
    bool raw;
    bool named;         /* strace prints "name=" */
};

/* How a call that has no arguments of its own comes by them. */
enum {
    VIA_NONE,
    VIA_MEMORY,         /* the first argument points to those of @target */
    VIA_SOCKETCALL,
    VIA_IPC,
};

typedef struct CallSpec CallSpec;
struct CallSpec {
    const ArgSpec *args;
    uint8_t n;
    uint8_t via;
    ResultFn *result;
    const CallSpec *target;
};

/* NULL when the table has no such call. */
const CallSpec *call_spec(unsigned abi, int64_t nr);
/* That of a call that socketcall() or ipc() stand for; NULL if unknown. */
const CallSpec *call_spec_named(const char *name, const char **static_name);

/* The argument as it was passed, in one register or in two. */
uint64_t call_arg_value(const FrailCall *call, const ArgSpec *spec);

/* The register that @a's meaning depends on. */
static inline uint64_t arg_ref(const Arg *a)
{
    return a->p->call->args[a->spec->ref];
}

/*
 * For what the kernel writes: true when it is to be printed now.  At entry
 * false; at return of a call that failed too, with the bare pointer printed.
 */
bool arg_written(Arg *a);

/* At most as many elements of an array are shown, unless verbose. */
static inline uint64_t array_limit(const Printer *p)
{
    return p->opts->verbose ? 4096 : p->opts->string_limit;
}

#endif /* FRAIL_ARGS_H */
