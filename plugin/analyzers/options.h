/*
 * The options of our analyzers: a table of names, one function for all.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_OPTIONS_H
#define FRAIL_ANALYZER_OPTIONS_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Option {
    const char *name;
    const char *choices;    /* "on|off", or NULL for any text */
    const char *value;      /* the default, then what the user gave */
    const char *help;
} Option;

/* Which of @opt's choices its value is, from 0; -1 when it is none. */
static inline int option_choice(const Option *opt)
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

static inline bool option_is_on(const Option *opt)
{
    return !strcmp(opt->value, "on");
}

static inline void options_help(const char *analyzer, const Option *opts,
                                unsigned n)
{
    printf("%s: -plugin lib%s.so[,option=value...]\n", analyzer, analyzer);
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *left = g_strdup_printf("%s=%s", opts[i].name,
            opts[i].choices ? opts[i].choices : "TEXT");

        printf("  %-22s %s", left, opts[i].help);
        if (opts[i].value) {
            printf(" (default: %s)", opts[i].value);
        }
        putchar('\n');
    }
}

static inline Option *options_find(Option *opts, unsigned n, const char *name,
                                   size_t len)
{
    for (unsigned i = 0; i < n; i++) {
        if (strlen(opts[i].name) == len && !memcmp(opts[i].name, name, len)) {
            return &opts[i];
        }
    }
    return NULL;
}

/*
 * Put the values of @argv, as QEMU gives them, into @opts; they are not
 * copied.  Returns false after one line on stderr when one is wrong.
 * help=on prints them all and ends the program.
 */
static inline bool options_parse(const char *analyzer, Option *opts,
                                 unsigned n, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        size_t len = strcspn(argv[i], "=");
        Option *opt = options_find(opts, n, argv[i], len);

        if (!opt && len == 4 && !memcmp(argv[i], "help", 4)) {
            options_help(analyzer, opts, n);
            exit(EXIT_SUCCESS);
        }
        if (!opt) {
            fprintf(stderr, "%s: no option '%.*s'; there are", analyzer,
                    (int)len, argv[i]);
            for (unsigned j = 0; j < n; j++) {
                fprintf(stderr, " %s,", opts[j].name);
            }
            fprintf(stderr, " help\n");
            return false;
        }
        opt->value = argv[i][len] ? argv[i] + len + 1 : "on";
        if (opt->choices && option_choice(opt) < 0) {
            fprintf(stderr, "%s: %s=%s: the value must be one of %s\n",
                    analyzer, opt->name, opt->value, opt->choices);
            return false;
        }
    }
    return true;
}

#endif /* FRAIL_ANALYZER_OPTIONS_H */
