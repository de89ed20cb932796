/*
 * Read a file of rules.  A line is one statement, its first word says which;
 * the expressions are the library's.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "policy-build.h"
#include "text/near.h"

#define SPACE       " \t\r"
#define NAME_SIGNS  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
                    "0123456789-_."

/* errnos that have names are below. */
#define ERRNO_END   256

typedef struct Parser {
    Policy *p;
    PolicyRule *rule;           /* the one that is being read, or NULL */
    unsigned rule_column;
    unsigned do_line, do_column;
    char *line;                 /* its end is a zero */
    unsigned number;
    PolicyError *err;
} Parser;

static bool G_GNUC_PRINTF(4, 5) fail_at(Parser *x, unsigned line,
                                        unsigned column, const char *format,
                                        ...)
{
    va_list args;

    va_start(args, format);
    x->err->line = line;
    x->err->column = column;
    x->err->text = g_strdup_vprintf(format, args);
    va_end(args);
    return false;
}

#define fail(x, at, ...) \
    fail_at(x, (x)->number, (at) - (x)->line + 1, __VA_ARGS__)

/* What was typed, fit for a message. */
static char *shown(const char *word, size_t len)
{
    g_autofree char *whole = g_strndup(word, MIN(len, 40u));

    return g_strescape(whole, NULL);
}

/* "; did you mean log?", or nothing; to be freed. */
static char *guess(const char *word, size_t len, const char *const *names)
{
    g_autofree char *whole = g_strndup(word, MIN(len, 40u));
    Near near;

    near_begin(&near, whole);
    for (; *names; names++) {
        near_try(&near, *names);
    }
    return near.name ? g_strdup_printf("; did you mean %s?", near.name) :
                       g_strdup("");
}

static bool is(const char *word, size_t len, const char *what)
{
    return strlen(what) == len && !memcmp(word, what, len);
}

/* --- The statements ------------------------------------------------------- */

static const char *const settings[] = { "undecided", "unknown", NULL };

static bool read_set(Parser *x, char *rest)
{
    size_t len = strcspn(rest, SPACE);
    char *value = rest + len + strspn(rest + len, SPACE);
    size_t value_len = strcspn(value, SPACE);
    char *end = value + value_len + strspn(value + value_len, SPACE);
    bool refuse = is(value, value_len, "refuse");

    if (x->rule) {
        return fail(x, x->line + strspn(x->line, SPACE),
                    "settings come before the first rule");
    }
    if (!is(rest, len, settings[0]) && !is(rest, len, settings[1])) {
        g_autofree char *word = shown(rest, len);
        g_autofree char *near = guess(rest, len, settings);

        return fail(x, rest, "there is no setting '%s', only undecided and "
                    "unknown%s", word, near);
    }
    if (*end || (!refuse && !is(value, value_len, "allow"))) {
        return fail(x, value, "this must be allow or refuse");
    }
    if (is(rest, len, "undecided")) {
        x->p->refuse_undecided = refuse;
    } else {
        x->p->refuse_unknown = refuse;
    }
    return true;
}

/* The rule is complete: is it? */
static bool end_rule(Parser *x)
{
    PolicyRule *r = x->rule;

    if (!r) {
        return true;
    }
    if (!r->n_when && !r->opened) {
        return fail_at(x, r->line, x->rule_column, "rule %s has neither a "
                       "when nor an opened; \"when true\" is for all calls",
                       r->name);
    }
    if (!r->acts) {
        return fail_at(x, r->line, x->rule_column, "rule %s has no do",
                       r->name);
    }
    if (r->late && r->acts & (POLICY_REFUSE | POLICY_ALLOW)) {
        return fail_at(x, x->do_line, x->do_column, "rule %s must decide "
                       "before the call, but asks for what is known only when "
                       "it has returned; kill is possible then", r->name);
    }
    return true;
}

static bool read_rule(Parser *x, char *rest)
{
    size_t len = strspn(rest, NAME_SIGNS);

    if (!end_rule(x)) {
        return false;
    }
    if (!len || len > POLICY_NAME_MAX || rest[len]) {
        return fail(x, rest, "the name of a rule is 1 to %u letters, digits, "
                    "'-', '_' and '.'", POLICY_NAME_MAX);
    }
    for (unsigned i = 0; i < x->p->n; i++) {
        if (is(rest, len, x->p->rule[i]->name)) {
            return fail(x, rest, "there is a rule %s already, in line %u",
                        x->p->rule[i]->name, x->p->rule[i]->line);
        }
    }
    if (x->p->n == POLICY_RULES_MAX) {
        return fail(x, rest, "there can be %u rules at most",
                    POLICY_RULES_MAX);
    }
    x->rule = g_new0(PolicyRule, 1);
    x->p->rule[x->p->n++] = x->rule;
    memcpy(x->rule->name, rest, len);
    x->rule->line = x->number;
    x->rule_column = rest - x->line + 1;
    return true;
}

static bool read_when(Parser *x, char *rest)
{
    PolicyRule *r = x->rule;
    const char *why = NULL;
    unsigned column = 1;
    int skip = 0;

    if (r->n_when == POLICY_WHENS_MAX) {
        return fail(x, rest, "a rule can have %u when at most",
                    POLICY_WHENS_MAX);
    }
    r->when[r->n_when] = frail_filter_new(rest, &why);
    if (!r->when[r->n_when]) {
        if (sscanf(why, "column %u: %n", &column, &skip) != 1 || column < 1) {
            column = 1;
        }
        return fail(x, rest + column - 1, "%s", why + skip);
    }
    r->late |= frail_filter_needs_return(r->when[r->n_when++]);
    return true;
}

static bool read_opened(Parser *x, char *rest)
{
    if (x->rule->opened) {
        return fail(x, rest, "a rule can have one opened");
    }
    if (*rest != '/' && *rest != '*') {
        return fail(x, rest, "a path begins with '/', or a pattern with '*'");
    }
    x->rule->opened = g_strdup(rest);
    x->rule->late = true;
    return true;
}

static const struct {
    const char *name;
    unsigned act;
} actions[] = {
    { "log", POLICY_LOG }, { "event", POLICY_EVENT },
    { "pause", POLICY_PAUSE }, { "allow", POLICY_ALLOW },
    { "refuse", POLICY_REFUSE }, { "kill", POLICY_KILL },
};

/* The errno, or 0. */
static int errno_of(const char *word, size_t len)
{
    for (int e = 1; e < ERRNO_END; e++) {
        const char *name = frail_errno_name(e);

        if (name && is(word, len, name)) {
            return e;
        }
    }
    return 0;
}

static bool unknown_action(Parser *x, const char *word, size_t len)
{
    const char *names[G_N_ELEMENTS(actions) + 1] = { NULL };
    g_autofree char *text = shown(word, len);
    g_autofree char *near = NULL;

    for (unsigned i = 0; i < G_N_ELEMENTS(actions); i++) {
        names[i] = actions[i].name;
    }
    near = guess(word, len, names);
    return fail(x, word, "'%s' must be log, event, pause, allow, refuse ERRNO "
                "or kill%s", text, near);
}

/* One action; *@at is behind it then. */
static bool read_action(Parser *x, char **at)
{
    PolicyRule *r = x->rule;
    char *word = *at;
    size_t len = strcspn(word, SPACE ",");
    unsigned act = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (is(word, len, actions[i].name)) {
            act = actions[i].act;
        }
    }
    if (!act) {
        return unknown_action(x, word, len);
    }
    if (r->acts & act || (act & POLICY_ENDS && r->acts & POLICY_ENDS)) {
        return fail(x, word, r->acts & act ? "this is there twice" :
                    "a rule has one of allow, refuse and kill");
    }
    r->acts |= act;
    *at = word + len + strspn(word + len, SPACE);
    if (act == POLICY_REFUSE) {
        len = strcspn(*at, SPACE ",");
        r->refuse_errno = errno_of(*at, len);
        if (!r->refuse_errno) {
            return fail(x, *at, "refuse needs the name of an error: EACCES, "
                        "EPERM, ENOENT...");
        }
        *at += len + strspn(*at + len, SPACE);
    }
    return true;
}

static bool read_do(Parser *x, char *rest)
{
    if (x->rule->acts) {
        return fail(x, rest, "a rule can have one do");
    }
    x->do_line = x->number;
    x->do_column = rest - x->line + 1;
    for (;;) {
        if (!read_action(x, &rest)) {
            return false;
        }
        if (!*rest) {
            return true;
        }
        if (*rest != ',') {
            return fail(x, rest, "there must be a ',' between two actions");
        }
        rest++;
        rest += strspn(rest, SPACE);
    }
}

static const struct {
    const char *name;
    bool (*read)(Parser *x, char *rest);
    bool in_rule;
    const char *needs;
} statements[] = {
    { "set", read_set, false, "a setting and a value" },
    { "rule", read_rule, false, "a name" },
    { "when", read_when, true, "an expression" },
    { "opened", read_opened, true, "a pattern for paths" },
    { "do", read_do, true, "an action" },
};

static bool read_line(Parser *x)
{
    char *word = x->line + strspn(x->line, SPACE);
    size_t len = strcspn(word, SPACE);
    char *rest = word + len + strspn(word + len, SPACE);
    const char *names[G_N_ELEMENTS(statements) + 1] = { NULL };
    g_autofree char *near = NULL, *text = NULL;

    if (!*word || *word == '#') {
        return true;
    }
    for (char *end = rest + strlen(rest);
         end > rest && strchr(SPACE, end[-1]); *--end = 0) {
        /* what is behind the statement */
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(statements); i++) {
        names[i] = statements[i].name;
        if (!is(word, len, statements[i].name)) {
            continue;
        }
        if (statements[i].in_rule && !x->rule) {
            return fail(x, word, "%s belongs to a rule; begin one with "
                        "\"rule NAME\"", statements[i].name);
        }
        if (!*rest) {
            return fail(x, word, "%s needs %s", statements[i].name,
                        statements[i].needs);
        }
        return statements[i].read(x, rest);
    }
    near = guess(word, len, names);
    text = shown(word, len);
    return fail(x, word, "a line begins with set, rule, when, opened, do or "
                "#, not with '%s'%s", text, near);
}

static bool read_all(Parser *x, char *text, size_t len)
{
    char *end = text + len, *next;

    for (x->line = text; x->line < end; x->line = next) {
        char *zero;

        next = memchr(x->line, '\n', end - x->line);
        next = next ? next : end;
        x->number++;
        zero = memchr(x->line, 0, next - x->line);
        if (zero) {
            return fail(x, zero, "there is a zero byte; this is not a file "
                        "of rules");
        }
        *next++ = 0;
        if (!read_line(x)) {
            return false;
        }
    }
    return end_rule(x);
}

Policy *policy_parse(const char *text, size_t len, PolicyError *err)
{
    g_autofree char *copy = g_malloc(len + 1);
    Parser x = { .p = g_new0(Policy, 1), .err = err };

    memcpy(copy, text, len);
    copy[len] = 0;
    *err = (PolicyError) { 0 };
    if (!read_all(&x, copy, len)) {
        policy_free(x.p);
        return NULL;
    }
    policy_build_lists(x.p);
    return x.p;
}

Policy *policy_load(const char *path, PolicyError *err)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    struct stat st;
    gsize len;

    *err = (PolicyError) { 0 };
    /* A device, or a pipe, would be read for ever. */
    if (stat(path, &st)) {
        err->text = g_strdup(g_strerror(errno));
    } else if (!S_ISREG(st.st_mode)) {
        err->text = g_strdup("this is not a regular file");
    } else if (st.st_size > (off_t)POLICY_FILE_MAX) {
        err->text = g_strdup_printf("a file of rules has %u bytes at most",
                                    POLICY_FILE_MAX);
    } else if (!g_file_get_contents(path, &text, &len, &error)) {
        err->text = g_strdup(error->message);
    }
    return err->text ? NULL : policy_parse(text, len, err);
}
