/*
 * Values that the call itself has, and its return.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/result.h"
#include "filter/expr.h"
#include "trap/abi.h"

static ExprGot one(unsigned i, ExprItem *item, ExprNumber number)
{
    item->number = number;
    return i ? GOT_NONE : GOT_ONE;
}

ExprGot get_abi(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                ExprItem *item)
{
    return one(i, item, e->call->abi);
}

ExprGot get_nr(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
               ExprItem *item)
{
    return one(i, item, e->call->nr);
}

ExprGot get_vcpu(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                 ExprItem *item)
{
    return one(i, item, e->call->vcpu);
}

/* --- The return ---------------------------------------------------------- */

/* Is a return to come, so that nothing can be said of it yet? */
static bool is_open(const FrailCall *call)
{
    return !call->over && !abi_never_returns(call->abi, call->nr);
}

ExprGot eval_unreadable(const Eval *e, ExprItem *item)
{
    item->later = is_open(e->call);
    return GOT_SKIP;
}

bool eval_has_memory(const Eval *e)
{
    return !(e->call->over && e->call->has_result && e->call->result == 0 &&
             abi_is_exec(e->call->abi, e->call->nr));
}

ExprGot get_ret(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                ExprItem *item)
{
    if (is_open(e->call)) {
        return GOT_LATER;
    }
    return e->call->has_result ? one(i, item, e->call->result) : GOT_NONE;
}

ExprGot get_errno(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                  ExprItem *item)
{
    int64_t result = e->call->result;

    if (is_open(e->call)) {
        return GOT_LATER;
    }
    return e->call->has_result ?
        one(i, item, call_failed(result) ? -result : 0) : GOT_NONE;
}

ExprGot get_duration(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                     ExprItem *item)
{
    if (is_open(e->call)) {
        return GOT_LATER;
    }
    return e->call->has_result || e->call->restarts ?
        one(i, item, e->call->duration_ns) : GOT_NONE;
}

/* A call that was refused has failed as well. */
ExprGot get_status(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                   ExprItem *item)
{
    const FrailCall *call = e->call;

    if (is_open(call)) {
        return GOT_LATER;
    }
    if (call->refused && i == 1) {
        item->number = STATUS_REFUSED;
        return GOT_ONE;
    }
    return one(i, item, call->has_result ?
               (call_failed(call->result) ? STATUS_FAILED :
                STATUS_SUCCESSFUL) :
               call->restarts ? STATUS_RESTARTED : STATUS_UNFINISHED);
}
