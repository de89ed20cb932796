/*
 * The options of our analyzers: a table, one function for all.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_OPTIONS_H
#define FRAIL_ANALYZER_OPTIONS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A row of the table; to be made by one of the macros below. */
typedef struct Option {
    const char *name;
    const char *value;      /* the default, or NULL; then the user's */
    const char *help;       /* a few words, without a full stop */
    const char *choices;    /* "on|off", or NULL */
    uint64_t min, max;      /* of a number; @max is 0 if it is none */
    bool size;              /* K, M and G behind it are units */
} Option;

#define OPTION_TEXT(name_, value_, help_) \
    { .name = (name_), .value = (value_), .help = (help_) }
#define OPTION_CHOICE(name_, choices_, value_, help_) \
    { .name = (name_), .value = (value_), .help = (help_), \
      .choices = (choices_) }
#define OPTION_SWITCH(name_, value_, help_) \
    OPTION_CHOICE(name_, "on|off", value_, help_)
#define OPTION_NUMBER(name_, value_, min_, max_, help_) \
    { .name = (name_), .value = (value_), .help = (help_), \
      .min = (min_), .max = (max_) }
#define OPTION_SIZE(name_, value_, min_, max_, help_) \
    { .name = (name_), .value = (value_), .help = (help_), \
      .min = (min_), .max = (max_), .size = true }

/*
 * Put the values of @argv, "name=value" as QEMU gives them, into @opts; they
 * are not copied.  Returns NULL, or, to be freed, one sentence that says which
 * is wrong and what would be right.  "help" prints all options to standard
 * output and ends the program.  For qemu_plugin_install() only.
 */
char *options_parse(const char *analyzer, Option *opts, unsigned n, int argc,
                    char **argv);

/* Which option is named @name; -1 if there is none. */
int options_find(const Option *opts, unsigned n, const char *name);

/* --- Values of options that have been parsed ------------------------------ */

/* Which of its choices it is, from 0. */
int option_choice(const Option *opt);
/* Of an OPTION_SWITCH(), or of choices that have "on" among them. */
bool option_is_on(const Option *opt);
/* Of an OPTION_NUMBER() or OPTION_SIZE(), in bytes; 0 without a value. */
uint64_t option_number(const Option *opt);

#endif /* FRAIL_ANALYZER_OPTIONS_H */
