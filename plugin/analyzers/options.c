/*
 * The options of our analyzers.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "text/near.h"

/* As wide as "option=value" is, for most. */
#define HELP_COLUMN 22

static const char units[] = "KMG";

/* As option_choice(); -1 when it is none. */
static int find_choice(const Option *opt)
{
    const char *at = opt->choices;

    for (int i = 0; ; i++) {
        size_t len = strcspn(at, "|");

        if (strlen(opt->value) == len && !memcmp(opt->value, at, len)) {
            return i;
        }
        if (!at[len]) {
            return -1;
        }
        at += len + 1;
    }
}

int option_choice(const Option *opt)
{
    return find_choice(opt);
}

bool option_is_on(const Option *opt)
{
    return !strcmp(opt->value, "on");
}

/* "4096", "64K", "100M", "2G"; false when it is none, or not in range. */
static bool parse_number(const Option *opt, uint64_t *value)
{
    char *end = NULL;
    const char *unit;
    unsigned shift = 0;

    if (!g_ascii_isdigit(*opt->value)) {
        return false;
    }
    *value = g_ascii_strtoull(opt->value, &end, 10);
    if (opt->size && *end) {
        unit = strchr(units, g_ascii_toupper(*end));
        if (unit) {
            shift = 10 * (unit - units + 1);
            end++;
        }
    }
    if (*end || *value > opt->max >> shift) {
        return false;
    }
    *value <<= shift;
    return *value >= opt->min;
}

uint64_t option_number(const Option *opt)
{
    uint64_t value = 0;

    if (opt->value) {
        parse_number(opt, &value);
    }
    return value;
}

/* 4096 as "4K", with the largest unit that leaves no rest. */
static char *size_text(uint64_t value)
{
    unsigned unit = 0;

    while (value && !(value & 1023) && unit < strlen(units)) {
        value >>= 10;
        unit++;
    }
    return g_strdup_printf("%" PRIu64 "%.*s", value, unit ? 1 : 0,
                           units + unit - !!unit);
}

/* What the user's value must be, unless it is that; to be freed. */
static char *value_error(const Option *opt)
{
    g_autofree char *min = NULL, *max = NULL;
    uint64_t unused;

    if (opt->choices) {
        return find_choice(opt) >= 0 ? NULL :
               g_strdup_printf("one of %s", opt->choices);
    }
    if (!opt->max || parse_number(opt, &unused)) {
        return NULL;
    }
    if (!opt->size) {
        return g_strdup_printf("a number from %" PRIu64 " to %" PRIu64,
                               opt->min, opt->max);
    }
    min = size_text(opt->min);
    max = size_text(opt->max);
    return g_strdup_printf("a size from %s to %s", min, max);
}

static const char *value_word(const Option *opt)
{
    return opt->choices ? opt->choices : opt->size ? "SIZE" :
           opt->max ? "NUMBER" : "TEXT";
}

static void print_help(const char *analyzer, const Option *opts, unsigned n)
{
    printf("%s: -plugin lib%s.so[,option=value...]\n", analyzer, analyzer);
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *left = g_strdup_printf("%s=%s", opts[i].name,
                                                value_word(&opts[i]));

        printf("  %-*s", HELP_COLUMN, left);
        if (strlen(left) > HELP_COLUMN) {
            printf("\n  %*s", HELP_COLUMN, "");
        }
        printf(" %s", opts[i].help);
        if (opts[i].value) {
            printf(" (default: %s)", opts[i].value);
        }
        putchar('\n');
    }
}

int options_find(const Option *opts, unsigned n, const char *name)
{
    for (unsigned i = 0; i < n; i++) {
        if (!strcmp(opts[i].name, name)) {
            return i;
        }
    }
    return -1;
}

/* That there is no @name, and which one is meant, or which there are. */
static char *unknown_error(const Option *opts, unsigned n, const char *name)
{
    GString *text;
    Near near;

    near_begin(&near, name);
    for (unsigned i = 0; i < n; i++) {
        near_try(&near, opts[i].name);
    }
    if (near.name) {
        return g_strdup_printf("no option '%s'; did you mean %s? help=on "
                               "prints all", name, near.name);
    }
    text = g_string_new(NULL);
    g_string_printf(text, "no option '%s'; there are", name);
    for (unsigned i = 0; i < n; i++) {
        g_string_append_printf(text, " %s,", opts[i].name);
    }
    g_string_append(text, " help");
    return g_string_free(text, FALSE);
}

char *options_parse(const char *analyzer, Option *opts, unsigned n, int argc,
                    char **argv)
{
    for (int i = 0; i < argc; i++) {
        size_t len = strcspn(argv[i], "=");
        g_autofree char *name = g_strndup(argv[i], len);
        int found = options_find(opts, n, name);
        g_autofree char *wrong = NULL;
        Option *opt;

        if (found < 0 && !strcmp(name, "help")) {
            print_help(analyzer, opts, n);
            exit(EXIT_SUCCESS);
        }
        if (found < 0) {
            return unknown_error(opts, n, name);
        }
        opt = &opts[found];
        opt->value = argv[i][len] ? argv[i] + len + 1 : "on";
        wrong = value_error(opt);
        if (wrong) {
            return g_strdup_printf("%s=%s: the value must be %s", opt->name,
                                   opt->value, wrong);
        }
    }
    return NULL;
}
