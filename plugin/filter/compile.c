/*
 * A tree of and, or, not and comparisons as a list of steps.
 *
 * "not" is moved down to the comparisons, each of which then is true or is
 * not: what is unknown is not true, and neither is its opposite.  So all that
 * is left is and and or, the order in them does not matter, and the cheap
 * comparisons come first.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "filter/expr.h"

/* --- and, or ------------------------------------------------------------- */

static ExprNodeKind opposite(ExprNodeKind kind)
{
    switch (kind) {
    case NODE_AND:
        return NODE_OR;
    case NODE_OR:
        return NODE_AND;
    case NODE_TRUE:
        return NODE_FALSE;
    case NODE_FALSE:
        return NODE_TRUE;
    default:
        return kind;
    }
}

/* Without "not"; takes @node.  As deep as the parser has let it be. */
static ExprNode *push_not(FrailFilter *f, ExprNode *node, bool negate)
{
    if (node->kind == NODE_NOT) {
        ExprNode *child = g_ptr_array_steal_index(node->children, 0);

        expr_node_free(node);
        return push_not(f, child, !negate);
    }
    if (node->kind == NODE_LEAF) {
        f->leaf[node->leaf].negate ^= negate;
        return node;
    }
    if (negate) {
        node->kind = opposite(node->kind);
    }
    for (unsigned i = 0; i < node->children->len; i++) {
        node->children->pdata[i] = push_not(f, node->children->pdata[i],
                                            negate);
    }
    return node;
}

static unsigned cost(const FrailFilter *f, const ExprNode *node)
{
    static const unsigned of_stage[STAGES] = {
        [STAGE_CALL] = 1, [STAGE_KEY] = 4, [STAGE_KERNEL] = 16,
        [STAGE_PATH] = 64, [STAGE_USER] = 256, [STAGE_DECODE] = 4096,
        [STAGE_RETURN] = 65536,
    };
    unsigned sum = 0;

    if (node->kind == NODE_LEAF) {
        const Term *term = f->leaf[node->leaf].term;

        /* What is kept for a process costs its text once. */
        return of_stage[term->flags & TERM_KEPT ? STAGE_KERNEL : term->stage];
    }
    for (unsigned i = 0; i < node->children->len; i++) {
        sum += cost(f, node->children->pdata[i]);
    }
    return sum;
}

static int by_cost(const void *a, const void *b, void *f)
{
    unsigned x = cost(f, *(ExprNode *const *)a);
    unsigned y = cost(f, *(ExprNode *const *)b);

    return x < y ? -1 : x > y;
}

/*
 * The step that @node begins with; where it leads to when it is true, and
 * when it is not.  Steps are made from the last one on.
 */
static uint8_t emit(FrailFilter *f, ExprNode *node, unsigned *n, uint8_t yes,
                    uint8_t no)
{
    switch (node->kind) {
    case NODE_TRUE:
        return yes;
    case NODE_FALSE:
        return no;
    case NODE_LEAF:
        if (yes == no) {
            return yes;
        }
        f->step[*n] = (ExprStep) { .leaf = node->leaf, .yes = yes, .no = no };
        return (*n)++;
    default:
        break;
    }
    /* Stable: what costs the same stays in the user's order. */
    g_ptr_array_sort_with_data(node->children, by_cost, f);
    for (unsigned i = node->children->len; i > 0; i--) {
        ExprNode *child = node->children->pdata[i - 1];

        if (node->kind == NODE_AND) {
            yes = emit(f, child, n, yes, no);
        } else {
            no = emit(f, child, n, yes, no);
        }
    }
    return node->kind == NODE_AND ? yes : no;
}

/* --- Which calls it can be true for -------------------------------------- */

/* As far as the number tells; what it does not tell may be true. */
static bool leaf_can(const FrailFilter *f, const Leaf *leaf, FrailAbi abi,
                     int64_t nr)
{
    const Term *term = leaf->term;

    if (term->type == EXPR_CALL) {
        return callset_has(leaf->calls, abi, nr) != leaf->negate;
    }
    if (term->get == get_abi) {
        return leaf_compare(f, leaf, &(ExprItem) { .number = abi }) !=
               leaf->negate;
    }
    if (term->get == get_nr && nr >= 0) {
        return leaf_compare(f, leaf, &(ExprItem) { .number = nr }) !=
               leaf->negate;
    }
    return !term->can || term->can(leaf, abi, nr);
}

static bool filter_can(const FrailFilter *f, FrailAbi abi, int64_t nr)
{
    uint8_t at = f->start;

    while (at < EXPR_LEAVES_MAX) {
        const ExprStep *s = &f->step[at];

        at = leaf_can(f, &f->leaf[s->leaf], abi, nr) ? s->yes : s->no;
    }
    return at == STEP_YES;
}

static void find_calls(FrailFilter *f)
{
    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        for (unsigned nr = 0; nr < CALLSET_NUMBERS; nr++) {
            if (filter_can(f, abi, nr)) {
                callset_add_call(&f->can, abi, nr);
            }
        }
        f->can.all_unknown |= filter_can(f, abi, -1);
    }
}

/* --- All of it ----------------------------------------------------------- */

/* Comparisons that have become meaningless ("x or true") have no step. */
static void look_at_leaves(FrailFilter *f, unsigned steps)
{
    for (unsigned i = 0; i < steps; i++) {
        unsigned leaf = f->step[i].leaf;
        const Term *term = f->leaf[leaf].term;

        f->used |= UINT32_C(1) << leaf;
        if (term->stage == STAGE_RETURN) {
            f->at_return |= UINT32_C(1) << leaf;
        }
        f->tree |= term->get == get_tree;
    }
}

void expr_compile(FrailFilter *f, ExprNode *root)
{
    unsigned n = 0;

    for (unsigned i = 0; i < f->n_leaves; i++) {
        if (f->leaf[i].term->flags & TERM_NAMED) {
            f->leaf[i].calls = arg_calls(f, &f->leaf[i]);
        }
    }
    root = push_not(f, root, false);
    f->start = emit(f, root, &n, STEP_YES, STEP_NO);
    expr_node_free(root);
    look_at_leaves(f, n);
    find_calls(f);
}
