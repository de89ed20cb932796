/*
 * The words of an expression.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "filter/expr.h"

static const struct {
    const char *text;
    ExprWordKind kind;
} signs[] = {
    /* Longer ones first. */
    { "&&", WORD_AND }, { "||", WORD_OR }, { "==", WORD_EQ },
    { "!=", WORD_NE }, { "!~", WORD_NOT_GLOB }, { "<=", WORD_LE },
    { ">=", WORD_GE }, { "=", WORD_EQ }, { "<", WORD_LT }, { ">", WORD_GT },
    { "~", WORD_GLOB }, { "!", WORD_NOT }, { "(", WORD_OPEN },
    { ")", WORD_CLOSE }, { ",", WORD_COMMA }, { "|", WORD_BAR },
    { "[", WORD_INDEX_OPEN }, { "]", WORD_INDEX_CLOSE },
};

static const struct {
    const char *text;
    ExprWordKind kind;
} keywords[] = {
    { "and", WORD_AND }, { "or", WORD_OR }, { "not", WORD_NOT },
    { "in", WORD_IN }, { "has", WORD_HAS }, { "true", WORD_TRUE },
    { "false", WORD_FALSE },
};

static ExprToken token(ExprWordKind kind, size_t at, size_t len, char *text)
{
    return (ExprToken) { .kind = kind, .at = at, .len = len, .text = text };
}

static ExprToken wrong(size_t at, size_t len, const char *what)
{
    return token(WORD_WRONG, at, len, g_strdup(what));
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* "..." with escapes, '...' without any. */
static ExprToken quoted(const char *text, size_t *at)
{
    size_t start = *at, i = start + 1;
    char quote = text[start];
    GString *s = g_string_new(NULL);

    for (; text[i] && text[i] != quote; i++) {
        char c = text[i];

        if (c != '\\' || quote == '\'') {
            g_string_append_c(s, c);
            continue;
        }
        c = text[++i];
        if (c == '\\' || c == '"') {
            g_string_append_c(s, c);
        } else if (c == 'n' || c == 't') {
            g_string_append_c(s, c == 'n' ? '\n' : '\t');
        } else if (c == 'x' && g_ascii_isxdigit(text[i + 1]) &&
                   g_ascii_isxdigit(text[i + 2])) {
            g_string_append_c(s, g_ascii_xdigit_value(text[i + 1]) << 4 |
                              g_ascii_xdigit_value(text[i + 2]));
            i += 2;
        } else {
            g_string_free(s, TRUE);
            return wrong(i - 1, c ? 2 : 1, "within quotes a backslash stands "
                         "in \\\\, \\\", \\n, \\t and \\xHH only");
        }
    }
    if (!text[i]) {
        g_string_free(s, TRUE);
        return wrong(start, 1, "this quote is not closed");
    }
    if (strlen(s->str) != s->len) {
        g_string_free(s, TRUE);
        return wrong(start, i + 1 - start, "no text of the guest's has a "
                     "zero byte in it");
    }
    *at = i + 1;
    return token(WORD_TEXT, start, *at - start, g_string_free(s, FALSE));
}

static ExprToken regex(const char *text, size_t *at)
{
    size_t start = *at, i = start + 1;

    while (text[i] && text[i] != '/') {
        i += text[i] == '\\' && text[i + 1] ? 2 : 1;
    }
    if (!text[i]) {
        return wrong(start, 1, "this regular expression is not closed by "
                     "another '/'");
    }
    *at = i + 1;
    return token(WORD_REGEX, start, *at - start,
                 g_strndup(text + start + 1, i - start - 1));
}

static bool in_name(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '.';
}

/* A value without quotes ends where something else can begin. */
static bool in_value(char c)
{
    return c && !is_space(c) && !strchr("()|,\"'&!=<>~", c);
}

ExprToken expr_lex(const char *text, size_t *at, ExprMode mode)
{
    bool value = mode != MODE_TERM;
    size_t start, len = 0;

    while (is_space(text[*at])) {
        (*at)++;
    }
    start = *at;
    if (!text[start]) {
        return token(WORD_END, start, 0, NULL);
    }
    if (text[start] == '"' || text[start] == '\'') {
        return quoted(text, at);
    }
    if (mode == MODE_CALL_VALUE && text[start] == '/') {
        return regex(text, at);
    }
    while (value ? in_value(text[start + len]) : in_name(text[start + len])) {
        len++;
    }
    if (len) {
        *at += len;
        for (unsigned i = 0; i < G_N_ELEMENTS(keywords); i++) {
            if (len == strlen(keywords[i].text) &&
                !memcmp(text + start, keywords[i].text, len)) {
                return token(keywords[i].kind, start, len, NULL);
            }
        }
        return token(WORD_NAME, start, len, g_strndup(text + start, len));
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(signs); i++) {
        len = strlen(signs[i].text);
        if (!strncmp(text + start, signs[i].text, len)) {
            *at += len;
            return token(signs[i].kind, start, len, NULL);
        }
    }
    len = 1;
    while ((text[start + len] & 0xc0) == 0x80) {
        len++;              /* the rest of a letter in UTF-8 */
    }
    return wrong(start, len, "nothing begins with this sign; a text with it "
                 "is put in quotes");
}
