/*
 * What stands behind an operator.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "filter/expr.h"

/* "12", "-3", "0x1f", "0o17"; @end: what follows. */
static bool read_number(const char *text, ExprNumber *number, char **end)
{
    bool minus = *text == '-';
    const char *digits = text + minus;
    unsigned base = 10;
    guint64 value;

    if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'o')) {
        base = digits[1] == 'x' ? 16 : 8;
        digits += 2;
    }
    if (!g_ascii_isxdigit(*digits)) {
        return false;
    }
    errno = 0;
    value = g_ascii_strtoull(digits, end, base);
    if (errno || *end == digits) {
        return false;
    }
    *number = minus ? -(ExprNumber)value : (ExprNumber)value;
    return true;
}

static bool parse_time(const char *text, ExprNumber *number)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = {
        { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 },
    };
    char *end;

    if (read_number(text, number, &end)) {
        for (unsigned i = 0; i < G_N_ELEMENTS(units); i++) {
            if (!strcmp(end, units[i].unit)) {
                *number *= units[i].ns;
                return true;
            }
        }
    }
    return false;
}

static bool parse_number(FrailFilter *f, const Leaf *leaf, const char *text,
                         ExprValue *v)
{
    char *end;

    if (read_number(text, &v->number, &end) && !*end) {
        return true;
    }
    if (!leaf->term->number || !leaf->term->number(leaf, text, &v->number)) {
        return false;
    }
    v->text = g_string_chunk_insert(f->strings, text);
    return true;
}

/* "10.0.0.0/8", "fe80::1" */
static bool parse_address(const char *text, ExprValue *v)
{
    g_autofree char *host = g_strdup(text);
    char *slash = strchr(host, '/');
    guint64 prefix;

    if (slash) {
        *slash++ = '\0';
    }
    v->bits = inet_pton(AF_INET, host, v->address) == 1 ? 32 :
              inet_pton(AF_INET6, host, v->address) == 1 ? 128 : 0;
    v->prefix = v->bits;
    if (!v->bits || (slash && !g_ascii_string_to_unsigned(
                         slash, 10, 0, v->bits, &prefix, NULL))) {
        return false;
    }
    if (slash) {
        v->prefix = prefix;
    }
    return true;
}

static char *not_one(const Leaf *leaf, const char *text)
{
    return g_strdup_printf("'%.40s' is not %s", text, leaf->term->values);
}

static bool add_call(Leaf *leaf, const ExprToken *t, char **what)
{
    g_autofree char *item = g_strconcat(t->kind == WORD_REGEX ? "/" : "",
                                        t->text, NULL);

    if (!leaf->calls) {
        leaf->calls = g_new0(CallSet, 1);
    }
    return callset_add(leaf->calls, item, what);
}

static bool make_value(FrailFilter *f, const Leaf *leaf, const ExprToken *t,
                       ExprValue *v, char **what)
{
    bool good = true;

    switch (leaf->term->type) {
    case EXPR_TEXT:
    case EXPR_PREFIX:
        v->text = g_string_chunk_insert(f->strings, t->text);
        v->len = strlen(t->text);
        break;
    case EXPR_TIME:
        good = parse_time(t->text, &v->number);
        break;
    case EXPR_ADDRESS:
        good = parse_address(t->text, v);
        break;
    case EXPR_WORD:
        good = leaf->term->number(leaf, t->text, &v->number);
        break;
    default:
        good = t->kind == WORD_NAME &&
               parse_number(f, leaf, t->text, v);
        if (good && leaf->op == OP_HAS && v->number == 0) {
            *what = g_strdup_printf("'%.40s' is 0, and has no bits to look "
                                    "for", t->text);
            return false;
        }
    }
    if (!good) {
        *what = not_one(leaf, t->text);
    }
    return good;
}

bool expr_value(FrailFilter *f, Leaf *leaf, const ExprToken *token, bool join,
                char **what)
{
    ExprValue v = { 0 };

    if (leaf->term->type == EXPR_CALL) {
        return add_call(leaf, token, what);
    }
    if (!make_value(f, leaf, token, &v, what)) {
        return false;
    }
    if (join) {
        g_array_index(f->values, ExprValue, f->values->len - 1).number |=
            v.number;
    } else {
        g_array_append_val(f->values, v);
    }
    return true;
}
