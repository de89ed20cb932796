/*
 * An expression as a tree: and, or, not, and comparisons.
 *
 *   or    = and { "or" and }
 *   and   = not { "and" not }
 *   not   = "not" not | "(" or ")" | "true" | "false" | leaf
 *   leaf  = term operator values
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "filter/expr.h"

typedef struct Parser {
    FrailFilter *f;
    size_t at;              /* where the next word begins */
    ExprToken token;        /* the present one */
    unsigned depth;
    ExprError *err;
} Parser;

/* --- Helpers ------------------------------------------------------------- */

/* The first mistake counts; takes @what. */
static void *fail_at(Parser *p, size_t at, size_t len, char *what)
{
    if (p->err->what) {
        g_free(what);
    } else {
        *p->err = (ExprError) { .at = at, .len = len, .what = what };
    }
    return NULL;
}

static void *fail(Parser *p, char *what)
{
    /* What the lexer has to say is nearer to the point. */
    if (p->token.kind == WORD_WRONG) {
        g_free(what);
        what = g_strdup(p->token.text);
    }
    return fail_at(p, p->token.at, p->token.len, what);
}

static void advance(Parser *p, ExprMode mode)
{
    g_free(p->token.text);
    p->token = expr_lex(p->f->text, &p->at, mode);
}

static ExprNode *new_node(ExprNodeKind kind)
{
    ExprNode *node = g_new0(ExprNode, 1);

    node->kind = kind;
    node->children = g_ptr_array_new_with_free_func(
        (GDestroyNotify)expr_node_free);
    return node;
}

void expr_node_free(ExprNode *node)
{
    if (node) {
        g_ptr_array_unref(node->children);
        g_free(node);
    }
}

/* --- Comparisons --------------------------------------------------------- */

static bool find_term(Parser *p, Leaf *leaf)
{
    const char *rest, *nearest, *name = p->token.text;

    leaf->term = term_find(name, &rest);
    if (!leaf->term) {
        nearest = term_nearest(name);
        fail(p, nearest ?
             g_strdup_printf("no term is called '%.40s'; did you mean %s?",
                             name, nearest) :
             g_strdup_printf("no term is called '%.40s'; frail-filter(7) "
                             "lists them", name));
        return false;
    }
    if (!(leaf->term->flags & TERM_NAMED)) {
        return true;
    }
    if (!*rest) {
        fail(p, g_strdup_printf("behind '%s' comes the name of an argument, "
                                "as in %sflags", name, name));
        return false;
    }
    if (!arg_is_known(rest, &nearest)) {
        fail(p, g_strdup_printf(nearest ? "no call has an argument '%.40s'; "
                                "did you mean %s?" :
                                "no call has an argument '%.40s'", rest,
                                nearest));
        return false;
    }
    leaf->name = g_string_chunk_insert(p->f->strings, rest);
    return true;
}

/* "[0]" */
static bool find_index(Parser *p, Leaf *leaf)
{
    guint64 index;

    if (p->token.kind != WORD_INDEX_OPEN) {
        fail(p, g_strdup_printf("behind %s comes the number of a register, "
                                "%s[0] to %s[5], or .NAME", leaf->term->name,
                                leaf->term->name, leaf->term->name));
        return false;
    }
    advance(p, MODE_TERM);
    if (p->token.kind != WORD_NAME ||
        !g_ascii_string_to_unsigned(p->token.text, 10, 0, FRAIL_ARGS_MAX - 1,
                                    &index, NULL)) {
        fail(p, g_strdup("a call has the registers 0 to 5"));
        return false;
    }
    leaf->index = index;
    advance(p, MODE_TERM);
    if (p->token.kind != WORD_INDEX_CLOSE) {
        fail(p, g_strdup("']' is missing behind the number"));
        return false;
    }
    advance(p, MODE_TERM);
    return true;
}

static const char *operators_of(const Term *term)
{
    switch (term->type) {
    case EXPR_TEXT:
    case EXPR_PREFIX:
        return "=, !=, ~, !~ and in";
    case EXPR_NUMBER:
    case EXPR_TIME:
        return term->flags & TERM_EXACT ?
                   (term->flags & TERM_BITS ? "=, !=, in and has" :
                    "=, != and in") :
               term->flags & TERM_BITS ? "=, !=, <, <=, >, >=, in and has" :
               "=, !=, <, <=, >, >= and in";
    default:
        return "=, != and in";
    }
}

static bool takes_operator(const Term *term, ExprOp op)
{
    bool number = term->type == EXPR_NUMBER || term->type == EXPR_TIME;

    switch (op) {
    case OP_EQ:
        return true;
    case OP_GLOB:
        return term->type == EXPR_TEXT || term->type == EXPR_PREFIX;
    case OP_HAS:
        return term->flags & TERM_BITS;
    default:
        return number && !(term->flags & TERM_EXACT);
    }
}

/* The operator; *@list: values in brackets may follow. */
static bool find_operator(Parser *p, Leaf *leaf, bool *list)
{
    static const struct {
        ExprWordKind kind;
        ExprOp op;
        bool negate;
    } ops[] = {
        { WORD_EQ, OP_EQ, false }, { WORD_NE, OP_EQ, true },
        { WORD_IN, OP_EQ, false }, { WORD_LT, OP_LT, false },
        { WORD_LE, OP_LE, false }, { WORD_GT, OP_GT, false },
        { WORD_GE, OP_GE, false }, { WORD_GLOB, OP_GLOB, false },
        { WORD_NOT_GLOB, OP_GLOB, true }, { WORD_HAS, OP_HAS, false },
    };
    size_t at = p->token.at, len = p->token.len;
    bool negate = p->token.kind == WORD_NOT;

    if (negate) {
        advance(p, MODE_TERM);
        if (p->token.kind != WORD_IN && p->token.kind != WORD_HAS) {
            fail(p, g_strdup("behind a term only 'not in' and 'not has' "
                             "begin with 'not'"));
            return false;
        }
        len = p->token.at + p->token.len - at;
    }
    *list = p->token.kind == WORD_IN;
    for (unsigned i = 0; i < G_N_ELEMENTS(ops); i++) {
        if (ops[i].kind == p->token.kind) {
            leaf->op = ops[i].op;
            leaf->negate = ops[i].negate || negate;
            if (takes_operator(leaf->term, leaf->op)) {
                return true;
            }
            fail_at(p, at, len, g_strdup_printf(
                "%s%s takes %s", leaf->term->name,
                leaf->name ? leaf->name : "", operators_of(leaf->term)));
            return false;
        }
    }
    fail(p, g_strdup_printf("behind %s%s comes %s", leaf->term->name,
                            leaf->name ? leaf->name : "",
                            operators_of(leaf->term)));
    return false;
}

static bool is_value(const Parser *p)
{
    return p->token.kind == WORD_NAME || p->token.kind == WORD_TEXT ||
           p->token.kind == WORD_REGEX || p->token.kind == WORD_TRUE ||
           p->token.kind == WORD_FALSE;
}

static bool one_value(Parser *p, Leaf *leaf, bool join)
{
    char *what = NULL;

    if (!is_value(p)) {
        if (p->token.kind == WORD_AND || p->token.kind == WORD_OR ||
            p->token.kind == WORD_NOT || p->token.kind == WORD_IN ||
            p->token.kind == WORD_HAS) {
            fail(p, g_strdup_printf("%s is missing; this very word is put in "
                                    "quotes", leaf->term->values));
        } else {
            fail(p, g_strdup_printf("%s is missing", leaf->term->values));
        }
        return false;
    }
    if (!p->token.text) {
        p->token.text = g_strdup(p->token.kind == WORD_TRUE ? "true" :
                                 "false");
        p->token.kind = WORD_NAME;
    }
    if (p->f->values->len == EXPR_VALUES_MAX) {
        fail(p, g_strdup_printf("there are more than %u values",
                                EXPR_VALUES_MAX));
        return false;
    }
    if (!expr_value(p->f, leaf, &p->token, join, &what)) {
        fail(p, what);
        return false;
    }
    return true;
}

/* A value, or several joined by "|", which are one; to the next word. */
static bool joined_values(Parser *p, Leaf *leaf, ExprMode mode)
{
    if (!one_value(p, leaf, false)) {
        return false;
    }
    advance(p, MODE_TERM);
    while (p->token.kind == WORD_BAR) {
        if (leaf->term->type != EXPR_NUMBER || !leaf->term->number) {
            fail(p, g_strdup("only constants are joined by '|'; "
                             "\"or\" is '||', and a list is in (a, b)"));
            return false;
        }
        advance(p, mode);
        if (!one_value(p, leaf, true)) {
            return false;
        }
        advance(p, MODE_TERM);
    }
    return true;
}

static bool parse_values(Parser *p, Leaf *leaf, bool list)
{
    ExprMode mode = leaf->term->type == EXPR_CALL ? MODE_CALL_VALUE :
                                                    MODE_VALUE;
    size_t open;

    leaf->first = p->f->values->len;
    advance(p, mode);
    if (!list || p->token.kind != WORD_OPEN) {
        return joined_values(p, leaf, mode);
    }
    open = p->token.at;
    do {
        advance(p, mode);
        if (!joined_values(p, leaf, mode)) {
            return false;
        }
    } while (p->token.kind == WORD_COMMA);
    if (p->token.kind == WORD_END) {
        fail_at(p, open, 1, g_strdup("this bracket is not closed"));
        return false;
    }
    if (p->token.kind != WORD_CLOSE) {
        fail(p, g_strdup("between the values of a list stand commas"));
        return false;
    }
    advance(p, MODE_TERM);
    return true;
}

static ExprNode *parse_leaf(Parser *p)
{
    FrailFilter *f = p->f;
    ExprNode *node;
    Leaf *leaf;
    bool list;

    if (f->n_leaves == EXPR_LEAVES_MAX) {
        return fail(p, g_strdup_printf("there are more than %u comparisons; "
                                       "term in (...) is one",
                                       EXPR_LEAVES_MAX));
    }
    leaf = &f->leaf[f->n_leaves++];     /* with its CallSet freed by @f */
    if (!find_term(p, leaf)) {
        return NULL;
    }
    advance(p, MODE_TERM);
    if ((leaf->term->flags & TERM_INDEXED) && !find_index(p, leaf)) {
        return NULL;
    }
    if (!find_operator(p, leaf, &list) || !parse_values(p, leaf, list)) {
        return NULL;
    }
    leaf->n = f->values->len - leaf->first;
    node = new_node(NODE_LEAF);
    node->leaf = f->n_leaves - 1;
    return node;
}

/* --- and, or, not -------------------------------------------------------- */

static ExprNode *parse_or(Parser *p);

static bool enter(Parser *p)
{
    if (++p->depth > EXPR_DEPTH_MAX) {
        fail(p, g_strdup_printf("brackets and 'not' are more than %u deep",
                                EXPR_DEPTH_MAX));
        return false;
    }
    return true;
}

static ExprNode *parse_brackets(Parser *p)
{
    size_t open = p->token.at;
    ExprNode *node;

    if (!enter(p)) {
        return NULL;
    }
    advance(p, MODE_TERM);
    node = parse_or(p);
    p->depth--;
    if (!node) {
        return NULL;
    }
    if (p->token.kind == WORD_END) {
        fail_at(p, open, 1, g_strdup("this bracket is not closed"));
    } else if (p->token.kind != WORD_CLOSE) {
        fail(p, g_strdup("expected 'and', 'or' or ')'"));
    } else {
        advance(p, MODE_TERM);
        return node;
    }
    expr_node_free(node);
    return NULL;
}

static ExprNode *parse_not(Parser *p)
{
    ExprNode *child, *node;

    switch (p->token.kind) {
    case WORD_NOT:
        if (!enter(p)) {
            return NULL;
        }
        advance(p, MODE_TERM);
        child = parse_not(p);
        p->depth--;
        if (!child) {
            return NULL;
        }
        node = new_node(NODE_NOT);
        g_ptr_array_add(node->children, child);
        return node;
    case WORD_OPEN:
        return parse_brackets(p);
    case WORD_TRUE:
    case WORD_FALSE:
        node = new_node(p->token.kind == WORD_TRUE ? NODE_TRUE : NODE_FALSE);
        advance(p, MODE_TERM);
        return node;
    case WORD_NAME:
        return parse_leaf(p);
    case WORD_END:
        return fail(p, g_strdup("a comparison is missing, such as pid = 1"));
    default:
        return fail(p, g_strdup("a term is missing here, such as comm"));
    }
}

/* What stands between one kind of words. */
static ExprNode *parse_list(Parser *p, ExprWordKind word, ExprNodeKind kind,
                            ExprNode *(*parse)(Parser *p))
{
    ExprNode *first = parse(p), *node;

    if (!first || p->token.kind != word) {
        return first;
    }
    node = new_node(kind);
    g_ptr_array_add(node->children, first);
    while (p->token.kind == word) {
        ExprNode *child;

        advance(p, MODE_TERM);
        child = parse(p);
        if (!child) {
            expr_node_free(node);
            return NULL;
        }
        g_ptr_array_add(node->children, child);
    }
    return node;
}

static ExprNode *parse_and(Parser *p)
{
    return parse_list(p, WORD_AND, NODE_AND, parse_not);
}

static ExprNode *parse_or(Parser *p)
{
    return parse_list(p, WORD_OR, NODE_OR, parse_and);
}

ExprNode *expr_parse(FrailFilter *f, ExprError *err)
{
    Parser p = { .f = f, .err = err };
    ExprNode *node;

    *err = (ExprError) { 0 };
    advance(&p, MODE_TERM);
    if (p.token.kind == WORD_END) {
        node = fail(&p, g_strdup("the expression is empty; write true for "
                                 "all calls"));
    } else {
        node = parse_or(&p);
    }
    if (node && p.token.kind != WORD_END) {
        fail(&p, g_strdup("expected 'and', 'or' or the end"));
        g_clear_pointer(&node, expr_node_free);
    }
    g_free(p.token.text);
    return node;
}
