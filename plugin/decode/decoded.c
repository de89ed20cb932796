/*
 * The decoded arguments of a call: made at entry, completed at return.
 *
 * The texts of all arguments stand in one block, each ended by a zero.  They
 * are put together in a large block and kept in one that fits.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "decode/args.h"
#include "decode/decode.h"
#include "decode/kinds/kinds.h"
#include "decode/multiplex.h"
#include "decode/pool.h"
#include "decode/result.h"

#define ARGS    FRAIL_ARGS_MAX
/* Of the large block: for the zeros of the arguments and of the result. */
#define ZEROS   (ARGS + 1)

typedef struct DecodedArg {
    const ArgSpec *spec;
    uint64_t value;
    uint32_t at, len;           /* in the text */
    uint8_t flags;              /* FRAIL_ARG_* */
    bool more;                  /* something is to be added at return */
    bool once;                  /* what it pointed to is gone at return */
} DecodedArg;

struct FrailDecoded {
    DecodePool *pool;
    PoolBlock *self, *text;
    const char *name;           /* of the call, as strace has it */
    const CallSpec *spec;
    FrailDecodeOptions opts;
    uint64_t args[ARGS];        /* what @spec speaks of */
    int64_t nr;                 /* likewise */
    unsigned n;
    uint32_t result;            /* in the text */
    int32_t saved[ARG_SAVED];   /* of whoever of the arguments needs it */
    DecodedArg arg[ARGS];
};

/* A number that no table knows: six arguments of no type. */
#define RAW(i) { .name = "arg" #i, .kind = "raw", .print = arg_raw, \
                 .reg = i, .raw = true }
static const ArgSpec unknown_args[] = {
    RAW(0), RAW(1), RAW(2), RAW(3), RAW(4), RAW(5),
};
static const CallSpec unknown_spec = {
    unknown_args, ARGS, VIA_NONE, res_dec, NULL,
};

/* --- Text ---------------------------------------------------------------- */

static bool begin_text(DecodePool *pool, FrailText *t, PoolBlock **block)
{
    *block = pool_get(pool, POOL_BLOCK_MAX);
    if (!*block) {
        return false;
    }
    text_init(t, (*block)->data, (*block)->size - ZEROS);
    return true;
}

/* A zero, for which there is always room. */
static void end_zero(FrailText *t)
{
    if (t->len == t->size) {
        t->size++;
    }
    t->buf[t->len++] = '\0';
}

static void end_arg(FrailText *t, DecodedArg *arg, uint32_t start)
{
    arg->at = start;
    arg->len = t->len - start;
    if (t->cut) {
        arg->flags |= FRAIL_ARG_CUT;
    }
    end_zero(t);
}

/* Put what is in @t into a block that fits.  False: no room, all as before. */
static bool keep_text(FrailDecoded *d, const FrailText *t)
{
    PoolBlock *block = pool_get(d->pool, t->len + 1);

    if (!block) {
        return false;
    }
    memcpy(block->data, t->buf, t->len);
    block->data[t->len] = '\0';
    pool_put(d->pool, d->text);
    d->text = block;
    return true;
}

/* --- Arguments ----------------------------------------------------------- */

uint64_t call_arg_value(const FrailCall *call, const ArgSpec *spec)
{
    uint64_t low = call->args[spec->reg];

    if (!spec->wide || call->abi != CALL_ABI_I386 || spec->reg + 1 >= ARGS) {
        return low;
    }
    return (uint32_t)low | call->args[spec->reg + 1] << 32;
}

static Arg print_arg(Printer *p, int32_t *saved, const ArgSpec *spec)
{
    Arg a = { .p = p, .spec = spec, .saved = saved, .raw = spec->raw };

    a.value = call_arg_value(p->call, spec);
    p->unreadable = false;
    spec->print(&a);
    return a;
}

static void arg_flag(DecodedArg *arg, unsigned flag, bool on)
{
    if (on) {
        arg->flags |= flag;
    } else {
        arg->flags &= ~flag;
    }
}

static void decode_entry(FrailDecoded *d, Printer *p)
{
    FrailText *t = p->out;

    for (unsigned i = 0; i < d->spec->n; i++) {
        DecodedArg *arg = &d->arg[d->n];
        uint32_t start = t->len;
        Arg a = print_arg(p, d->saved, &d->spec->args[i]);

        if (a.absent) {
            t->len = start;
            continue;
        }
        if (a.later) {
            t->len = start;
        }
        arg->spec = &d->spec->args[i];
        arg->value = a.value;
        arg->more = a.more;
        arg->once = a.once;
        arg_flag(arg, FRAIL_ARG_OUT, a.later);
        arg_flag(arg, FRAIL_ARG_GROWS, a.more);
        arg_flag(arg, FRAIL_ARG_RAW, a.raw);
        arg_flag(arg, FRAIL_ARG_UNREADABLE, p->unreadable && !a.later);
        end_arg(t, arg, start);
        d->n++;
    }
    d->result = t->len;
    end_zero(t);
}

/*
 * One argument at return, out of @old; false: this call does not have it.
 * The kernel has paged in by now what it has read: what led nowhere at entry
 * is tried once more, if the address space is still the same.
 */
static bool finish_arg(Printer *p, FrailDecoded *d, DecodedArg *arg,
                       bool retry)
{
    const char *old = d->text->data;
    FrailText *t = p->out;
    uint32_t start = t->len;
    bool done = false;

    if (arg->flags & FRAIL_ARG_OUT) {
        Arg a = print_arg(p, d->saved, arg->spec);

        if (a.absent) {
            t->len = start;
            return false;
        }
        arg_flag(arg, FRAIL_ARG_RAW, a.raw);
        arg_flag(arg, FRAIL_ARG_UNREADABLE, p->unreadable);
        end_arg(t, arg, start);
        return true;
    }
    if (retry && !arg->once && (arg->flags & FRAIL_ARG_UNREADABLE)) {
        p->at_return = false;
        print_arg(p, d->saved, arg->spec);
        p->at_return = true;
        done = !p->unreadable;
        arg_flag(arg, FRAIL_ARG_UNREADABLE, !done);
    }
    if (!done) {
        t->len = start;
        text_bytes(t, old + arg->at, arg->len);
    }
    if (arg->more) {
        print_arg(p, d->saved, arg->spec);
        arg_flag(arg, FRAIL_ARG_UNREADABLE,
                 p->unreadable || (arg->flags & FRAIL_ARG_UNREADABLE));
    }
    end_arg(t, arg, start);
    return true;
}

/* --- The interface ------------------------------------------------------- */

static FrailDecoded *new_decoded(DecodePool *pool,
                                 const FrailDecodeOptions *opts)
{
    PoolBlock *self = pool ? pool_get(pool, sizeof(FrailDecoded)) : NULL;
    size_t size = sizeof(FrailDecodeOptions);
    FrailDecoded *d;

    if (!self) {
        return NULL;
    }
    d = (FrailDecoded *)self->data;
    memset(d, 0, sizeof(*d));
    d->pool = pool;
    d->self = self;
    /* What an older analyzer's options do not have is 0. */
    memcpy(&d->opts, opts, opts->sz < size ? opts->sz : size);
    return d;
}

static Printer new_printer(FrailDecoded *d, FrailText *t,
                           const FrailCall *call)
{
    return (Printer) {
        .out = t,
        .call = call,
        .opts = &d->opts,
        .guest = call->guest,
        .process = frail_call_process(call),
    };
}

FrailDecoded *frail_call_decode(const FrailCall *call,
                                const FrailDecodeOptions *opts)
{
    FrailDecoded *d = new_decoded(call->pool, opts);
    FrailCall copy = *call;
    PoolBlock *block;
    FrailText t;
    Printer p;

    if (!d) {
        return NULL;
    }
    if (!begin_text(d->pool, &t, &block)) {
        pool_put(d->pool, d->self);
        return NULL;
    }
    d->spec = call_spec(call->abi, call->nr);
    d->name = frail_syscall_name((FrailAbi)call->abi, call->nr);
    if (!d->spec) {
        d->spec = &unknown_spec;
    } else if (d->spec->via) {
        d->spec = multiplex(&copy, d->spec, &d->name);
    }
    memcpy(d->args, copy.args, sizeof(d->args));
    d->nr = copy.nr;

    p = new_printer(d, &t, &copy);
    decode_entry(d, &p);
    if (!keep_text(d, &t)) {
        pool_put(d->pool, d->self);
        d = NULL;
    }
    pool_put(call->pool, block);
    return d;
}

/* Has @call given its caller another address space? */
static bool new_space(const FrailCall *call)
{
    const char *name = frail_syscall_name((FrailAbi)call->abi, call->nr);

    return call->has_result && call->result == 0 && name &&
           (!strcmp(name, "execve") || !strcmp(name, "execveat"));
}

void frail_decoded_finish(FrailDecoded *d, const FrailCall *call)
{
    FrailCall copy = *call;
    DecodedArg arg[ARGS];
    PoolBlock *block;
    unsigned n = 0;
    bool retry = !new_space(call);
    uint32_t result;
    FrailText t;
    Printer p;

    if (!begin_text(d->pool, &t, &block)) {
        return;
    }
    memcpy(copy.args, d->args, sizeof(copy.args));
    copy.nr = d->nr;
    p = new_printer(d, &t, &copy);
    p.at_return = true;
    p.result = call->result;
    p.failed = !call->has_result || call_failed(call->result);
    for (unsigned i = 0; i < d->n; i++) {
        arg[n] = d->arg[i];
        n += finish_arg(&p, d, &arg[n], retry);
    }
    result = t.len;
    print_result(&p, d->spec->result);
    end_zero(&t);
    if (keep_text(d, &t)) {
        memcpy(d->arg, arg, sizeof(arg[0]) * n);
        d->n = n;
        d->result = result;
    }
    pool_put(d->pool, block);
}

void frail_decoded_free(FrailDecoded *d)
{
    if (d) {
        pool_put(d->pool, d->text);
        pool_put(d->pool, d->self);
    }
}

const char *frail_decoded_name(const FrailDecoded *d)
{
    return d->name;
}

unsigned frail_decoded_arg_count(const FrailDecoded *d)
{
    return d->n;
}

const char *frail_decoded_arg_name(const FrailDecoded *d, unsigned i)
{
    return i < d->n ? d->arg[i].spec->name : NULL;
}

const char *frail_decoded_arg_text(const FrailDecoded *d, unsigned i)
{
    return i < d->n ? d->text->data + d->arg[i].at : NULL;
}

uint64_t frail_decoded_arg_raw(const FrailDecoded *d, unsigned i)
{
    return i < d->n ? d->arg[i].value : 0;
}

unsigned frail_decoded_arg_flags(const FrailDecoded *d, unsigned i)
{
    if (i >= d->n) {
        return 0;
    }
    return d->arg[i].flags |
           (d->arg[i].spec->named ? FRAIL_ARG_NAMED : 0);
}

const char *frail_decoded_result(const FrailDecoded *d)
{
    return d->text->data + d->result;
}
