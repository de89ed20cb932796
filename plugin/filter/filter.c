/*
 * Filters: from the text to what can be run, and what is wrong with it.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "filter/expr.h"

/* --- Errors -------------------------------------------------------------- */

/* How many letters of UTF-8 are in @len bytes. */
static size_t letters(const char *text, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        n += (text[i] & 0xc0) != 0x80;
    }
    return n;
}

/* As one line of a terminal: no control characters. */
static char *plain(const char *text)
{
    char *copy = g_strdup(text);

    for (char *c = copy; *c; c++) {
        if (g_ascii_iscntrl(*c)) {
            *c = ' ';
        }
    }
    return copy;
}

/* Cut around the mistake: what is longer than a line shows nothing. */
#define CARET_WIDTH     76

static char *make_caret(const char *text, const ExprError *e)
{
    g_autofree char *line = plain(text);
    size_t from = e->at > CARET_WIDTH / 2 && strlen(line) > CARET_WIDTH ?
        e->at - CARET_WIDTH / 2 : 0;
    GString *out = g_string_new(NULL);
    size_t marks;

    while (from && (line[from] & 0xc0) == 0x80) {
        from--;
    }
    g_string_append_printf(out, "%.*s\n", CARET_WIDTH, line + from);
    for (size_t i = letters(line + from, e->at - from); i; i--) {
        g_string_append_c(out, ' ');
    }
    marks = letters(line + e->at, MIN(e->len, strlen(line + e->at)));
    g_string_append_c(out, '^');
    for (size_t i = 1; i < marks && i < CARET_WIDTH / 2; i++) {
        g_string_append_c(out, '~');
    }
    return g_string_free(out, FALSE);
}

static void tell(const char *text, ExprError *e, FilterError *err)
{
    g_autofree char *what = plain(e->what);

    *err = (FilterError) {
        .line = g_strdup_printf("column %zu: %s",
                                letters(text, e->at) + 1, what),
        .caret = make_caret(text, e),
    };
    g_clear_pointer(&e->what, g_free);
}

/* --- The filter ---------------------------------------------------------- */

/* Notes in a guest's processes are told apart by it, in all machines. */
static uint32_t new_serial(void)
{
    static uint32_t last;       /* atomic */
    uint32_t serial;

    do {
        serial = __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
    } while (!serial);
    return serial;
}

FrailFilter *filter_new(const char *text, FilterError *err)
{
    FrailFilter *f;
    ExprNode *root = NULL;
    ExprError e = { 0 };

    f = g_new0(FrailFilter, 1);
    f->text = g_strndup(text, EXPR_TEXT_MAX + 1);
    f->values = g_array_new(FALSE, FALSE, sizeof(ExprValue));
    f->strings = g_string_chunk_new(256);
    f->serial = new_serial();
    if (strlen(f->text) > EXPR_TEXT_MAX) {
        e.at = EXPR_TEXT_MAX;
        e.what = g_strdup_printf("an expression has at most %u bytes",
                                 EXPR_TEXT_MAX);
    } else {
        root = expr_parse(f, &e);
    }
    if (!root) {
        tell(f->text, &e, err);
        filter_free(f);
        return NULL;
    }
    expr_compile(f, root);
    return f;
}

void filter_free(FrailFilter *f)
{
    if (!f) {
        return;
    }
    for (unsigned i = 0; i < f->n_leaves; i++) {
        g_free(f->leaf[i].calls);
    }
    g_array_unref(f->values);
    g_string_chunk_free(f->strings);
    g_free(f->text);
    g_free(f);
}

const char *filter_text(const FrailFilter *f)
{
    return f->text;
}

uint32_t filter_serial(const FrailFilter *f)
{
    return f->serial;
}

bool filter_needs_return(const FrailFilter *f)
{
    return f->at_return;
}

bool filter_needs_family(const FrailFilter *f)
{
    return f->tree;
}

bool filter_can_match(const FrailFilter *f, FrailAbi abi, int64_t nr)
{
    return callset_has(&f->can, abi, nr);
}
