/*
 * Which calls an analyzer wants to see.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "api/classes.h"
#include "api/filter.h"

static void filter_set(FrailFilter *f, unsigned abi, int64_t nr)
{
    if (nr >= 0 && nr < FRAIL_FILTER_NUMBERS) {
        f->bits[abi][nr / 64] |= UINT64_C(1) << (nr % 64);
    }
}

static bool filter_add_number(FrailFilter *f, const char *item, char **err)
{
    guint64 nr;

    /* Hexadecimal too, because unknown calls are printed that way. */
    if (!g_ascii_string_to_unsigned(item, 10, 0, FRAIL_FILTER_NUMBERS - 1,
                                    &nr, NULL) &&
        !(g_str_has_prefix(item, "0x") &&
          g_ascii_string_to_unsigned(item + 2, 16, 0,
                                     FRAIL_FILTER_NUMBERS - 1, &nr, NULL))) {
        *err = g_strdup_printf("'%s' is not the number of a system call; "
                               "give a name or 0 to %d",
                               item, FRAIL_FILTER_NUMBERS - 1);
        return false;
    }
    filter_set(f, FRAIL_ABI_X86_64, nr);
    return true;
}

static bool filter_add_name(FrailFilter *f, const char *item, char **err)
{
    bool known = false;

    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        int64_t nr = frail_syscall_number(abi, item);

        if (nr >= 0) {
            known = true;
            filter_set(f, abi, nr);
        }
    }
    if (!known) {
        const char *nearest = frail_syscall_nearest(item);

        if (nearest) {
            *err = g_strdup_printf("no system call is named '%s'; "
                                   "did you mean %s?", item, nearest);
        } else {
            *err = g_strdup_printf("no system call is named '%s'", item);
        }
    }
    return known;
}

/* All known calls that @has says yes to; whether there was one. */
static bool filter_add_if(FrailFilter *f,
                          bool (*has)(const void *what, FrailAbi abi,
                                      int64_t nr), const void *what)
{
    bool any = false;

    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        for (unsigned nr = 0; nr < frail_syscall_table_size(abi); nr++) {
            if (has(what, abi, nr)) {
                filter_set(f, abi, nr);
                any = true;
            }
        }
    }
    return any;
}

static bool in_class(const void *which, FrailAbi abi, int64_t nr)
{
    return frail_class_has(*(const unsigned *)which, abi, nr);
}

static bool filter_add_class(FrailFilter *f, const char *item, char **err)
{
    unsigned which;

    if (!frail_class_find(item + 1, &which)) {
        *err = g_strdup_printf("no class of system calls is named '%s'; "
                               "there are %s", item, frail_class_names());
        return false;
    }
    filter_add_if(f, in_class, &which);
    return true;
}

static bool matches_regex(const void *regex, FrailAbi abi, int64_t nr)
{
    const char *name = frail_syscall_name(abi, nr);

    return name && g_regex_match(regex, name, 0, NULL);
}

static bool filter_add_regex(FrailFilter *f, const char *item, char **err)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GRegex) regex = g_regex_new(item + 1, 0, 0, &error);

    if (!regex) {
        *err = g_strdup_printf("'%s' is no regular expression: %s", item,
                               error->message);
        return false;
    }
    if (!filter_add_if(f, matches_regex, regex)) {
        *err = g_strdup_printf("no system call's name matches '%s'", item);
        return false;
    }
    return true;
}

bool frail_filter_parse(const char *text, FrailFilter *f, char **err)
{
    g_auto(GStrv) items = NULL;
    bool others;

    memset(f, 0, sizeof(*f));
    *err = NULL;
    if (!text) {
        memset(f->bits, 0xff, sizeof(f->bits));
        f->all_unknown = true;
        return true;
    }

    others = *text == '!';
    items = g_strsplit(others ? text + 1 : text, ":", -1);
    if (!items[0]) {
        *err = g_strdup("the list of system calls is empty; "
                        "give names like openat:read");
        return false;
    }
    for (char **item = items; *item; item++) {
        bool ok;

        if (!**item) {
            *err = g_strdup_printf("'%s' has an empty name; separate names "
                                   "by one ':'", text);
            ok = false;
        } else if (**item == '!') {
            *err = g_strdup_printf("'!' stands in front of the whole list "
                                   "only, not before '%s'", *item + 1);
            ok = false;
        } else if (g_ascii_isdigit(**item) || **item == '-') {
            ok = filter_add_number(f, *item, err);
        } else if (**item == '%') {
            ok = filter_add_class(f, *item, err);
        } else if (**item == '/') {
            ok = filter_add_regex(f, *item, err);
        } else {
            ok = filter_add_name(f, *item, err);
        }
        if (!ok) {
            memset(f, 0, sizeof(*f));
            return false;
        }
    }

    if (others) {
        f->all_unknown = true;
        for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
            for (unsigned i = 0; i < G_N_ELEMENTS(f->bits[abi]); i++) {
                f->bits[abi][i] = ~f->bits[abi][i];
            }
        }
    }
    return true;
}
