/*
 * Running a filter.
 *
 * A call whose return is to come is looked at twice: as if all that the
 * return decides were true, and as if it were not.  There is no "not" left
 * (compile.c), so if the first says no, or the second yes, that is final.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "filter/expr.h"
#include "filter/family.h"

/* --- One value ----------------------------------------------------------- */

/*
 * An unsigned one is also what it would be with a sign: AT_FDCWD is -100,
 * whether the caller has passed 32 bits or 64.
 */
static bool equal(const ExprItem *item, ExprNumber number)
{
    if (item->number == number) {
        return true;
    }
    if (number >= 0 || !item->word) {
        return false;
    }
    return (number >= INT32_MIN &&
            item->number == (ExprNumber)(uint32_t)(int32_t)number) ||
           (item->word == 8 && number >= INT64_MIN &&
            item->number == (ExprNumber)(uint64_t)(int64_t)number);
}

static bool in_network(const ExprItem *item, const ExprValue *v)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    const uint8_t *address = item->address;
    unsigned bytes = v->prefix / 8, rest = v->prefix % 8;

    if (item->bits == 128 && v->bits == 32 &&
        !memcmp(address, mapped, sizeof(mapped))) {
        address += sizeof(mapped);      /* ::ffff:10.0.0.1 */
    } else if (item->bits != v->bits) {
        return false;
    }
    return !memcmp(address, v->address, bytes) &&
           (!rest || !((address[bytes] ^ v->address[bytes]) >> (8 - rest)));
}

static bool text_equal(const ExprItem *item, const ExprValue *v, bool prefix)
{
    /* An empty prefix is an empty text. */
    return (item->len == v->len ||
            (prefix && v->len && item->len > v->len)) &&
           !memcmp(item->text, v->text, v->len);
}

static bool compare_one(const Leaf *leaf, const ExprItem *item,
                        const ExprValue *v)
{
    switch (leaf->op) {
    case OP_LT:
        return item->number < v->number;
    case OP_LE:
        return item->number <= v->number;
    case OP_GT:
        return item->number > v->number;
    case OP_GE:
        return item->number >= v->number;
    case OP_HAS:
        return (item->number & v->number) == v->number;
    case OP_GLOB:
        return expr_glob(v->text, v->len, item->text, item->len);
    default:
        break;
    }
    switch (leaf->term->type) {
    case EXPR_TEXT:
        return text_equal(item, v, false);
    case EXPR_PREFIX:
        return text_equal(item, v, true);
    case EXPR_ADDRESS:
        return in_network(item, v);
    default:
        return equal(item, v->number);
    }
}

bool leaf_compare(const FrailFilter *f, const Leaf *leaf,
                  const ExprItem *item)
{
    for (unsigned i = 0; i < leaf->n; i++) {
        if (compare_one(leaf, item, leaf_value(f, leaf, i))) {
            return true;
        }
    }
    return false;
}

/* --- One comparison ------------------------------------------------------ */

typedef enum Truth { TRUTH_NO, TRUTH_YES, TRUTH_UNKNOWN, TRUTH_LATER } Truth;

/* True when one of the values is; without leaf->negate. */
static Truth any_value(Eval *e, const Leaf *leaf)
{
    bool one = false, skipped = false, later = false;

    for (unsigned i = 0; ; i++) {
        ExprItem item = { 0 };

        switch (leaf->term->get(e, leaf, i, &item)) {
        case GOT_ONE:
            if (leaf_compare(e->f, leaf, &item)) {
                return TRUTH_YES;
            }
            one = true;
            break;
        case GOT_SKIP:
            skipped = true;
            later |= item.later;
            break;
        case GOT_LATER:
            return TRUTH_LATER;
        case GOT_UNKNOWN:
            return TRUTH_UNKNOWN;
        case GOT_NONE:
            return later ? TRUTH_LATER :
                   one && !skipped ? TRUTH_NO : TRUTH_UNKNOWN;
        }
    }
}

static Truth leaf_truth(Eval *e, const Leaf *leaf)
{
    if (leaf->term->type == EXPR_CALL) {
        return callset_has(leaf->calls, e->call->abi, e->call->nr) ?
            TRUTH_YES : TRUTH_NO;
    }
    return any_value(e, leaf);
}

/* Kept with the process; as long as nothing of it changes, and no longer. */
static Truth kept_truth(Eval *e, const Leaf *leaf, uint32_t bit)
{
    uint32_t epoch = e->f->tree ? family_epoch(e->call->family) : 0;
    const FrailProcess *p = eval_process(e);
    GuestNote *note;
    Truth truth;

    if (!p) {
        return TRUTH_UNKNOWN;
    }
    note = guest_note(p, e->f->serial);
    if (note->epoch != epoch) {
        note->epoch = epoch;
        note->known = 0;
    }
    if (note->known & bit) {
        return note->value & bit ? TRUTH_YES : TRUTH_NO;
    }
    truth = leaf_truth(e, leaf);
    if (truth == TRUTH_YES || truth == TRUTH_NO) {
        note->known |= bit;
        note->value = truth == TRUTH_YES ? note->value | bit :
                                           note->value & ~bit;
    }
    return truth;
}

/* With leaf->negate; @later: what is to be thought of the return. */
static bool leaf_holds(Eval *e, unsigned index, bool later)
{
    const Leaf *leaf = &e->f->leaf[index];
    uint32_t bit = UINT32_C(1) << index;
    Truth truth;

    if (e->known & bit) {
        return e->value & bit;
    }
    truth = leaf->term->flags & TERM_KEPT ? kept_truth(e, leaf, bit) :
                                            leaf_truth(e, leaf);
    if (truth == TRUTH_LATER) {
        e->later = true;
        return later;
    }
    e->known |= bit;
    if (truth == (leaf->negate ? TRUTH_NO : TRUTH_YES)) {
        e->value |= bit;
        return true;
    }
    return false;
}

/* --- All of it ----------------------------------------------------------- */

static bool run(Eval *e, bool later)
{
    uint8_t at = e->f->start;

    while (at < EXPR_LEAVES_MAX) {
        const ExprStep *s = &e->f->step[at];

        at = leaf_holds(e, s->leaf, later) ? s->yes : s->no;
    }
    return at == STEP_YES;
}

static void eval_begin(Eval *e, const FrailFilter *f, const FrailCall *call)
{
    /* All but its large buffers, which are written before they are read. */
    memset(e, 0, offsetof(Eval, args));
    e->f = f;
    e->call = call;
}

static FrailMatch enter(Eval *e, uint64_t *saved)
{
    if (!run(e, true)) {
        return FRAIL_MATCH_NO;
    }
    if (!e->later || run(e, false)) {
        return FRAIL_MATCH_YES;
    }
    for (unsigned i = 0; saved && i < e->f->n_leaves; i++) {
        if (e->f->used >> i & 1) {
            leaf_holds(e, i, false);
        }
    }
    if (saved) {
        *saved = (uint64_t)e->known << 32 | e->value;
    }
    return FRAIL_MATCH_LATER;
}

FrailMatch filter_enter(const FrailFilter *f, const FrailCall *call,
                        uint64_t *saved)
{
    FrailMatch match;
    Eval e;

    if (!callset_has(&f->can, call->abi, call->nr)) {
        return FRAIL_MATCH_NO;
    }
    eval_begin(&e, f, call);
    match = enter(&e, saved);
    frail_decoded_free(e.decoded);
    return match;
}

bool filter_leave(const FrailFilter *f, const FrailCall *call,
                  const uint64_t *saved)
{
    bool yes;
    Eval e;

    if (!callset_has(&f->can, call->abi, call->nr)) {
        return false;
    }
    eval_begin(&e, f, call);
    if (saved) {
        e.known = *saved >> 32;
        e.value = *saved;
    }
    yes = run(&e, false);
    frail_decoded_free(e.decoded);
    return yes;
}
