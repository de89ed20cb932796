/*
 * Sets of system calls, as FrailAnalyzerOptions.filter describes them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "filter/callset.h"
#include "filter/classes.h"

void callset_add_call(CallSet *set, unsigned abi, int64_t nr)
{
    if (nr >= 0 && nr < CALLSET_NUMBERS) {
        set->bits[abi][nr / 64] |= UINT64_C(1) << (nr % 64);
    }
}

static bool callset_add_number(CallSet *set, const char *item, char **err)
{
    guint64 nr;

    /* Hexadecimal too, because unknown calls are printed that way. */
    if (!g_ascii_string_to_unsigned(item, 10, 0, CALLSET_NUMBERS - 1,
                                    &nr, NULL) &&
        !(g_str_has_prefix(item, "0x") &&
          g_ascii_string_to_unsigned(item + 2, 16, 0,
                                     CALLSET_NUMBERS - 1, &nr, NULL))) {
        *err = g_strdup_printf("'%s' is not the number of a system call; "
                               "give a name or 0 to %d",
                               item, CALLSET_NUMBERS - 1);
        return false;
    }
    callset_add_call(set, FRAIL_ABI_X86_64, nr);
    return true;
}

static bool callset_add_name(CallSet *set, const char *item, char **err)
{
    bool known = false;

    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        int64_t nr = frail_syscall_number(abi, item);

        if (nr >= 0) {
            known = true;
            callset_add_call(set, abi, nr);
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
static bool callset_add_if(CallSet *set,
                           bool (*has)(const void *what, FrailAbi abi,
                                       int64_t nr), const void *what)
{
    bool any = false;

    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        for (unsigned nr = 0; nr < frail_syscall_table_size(abi); nr++) {
            if (has(what, abi, nr)) {
                callset_add_call(set, abi, nr);
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

static bool callset_add_class(CallSet *set, const char *item, char **err)
{
    unsigned which;

    if (!frail_class_find(item + 1, &which)) {
        *err = g_strdup_printf("no class of system calls is named '%s'; "
                               "there are %s", item, frail_class_names());
        return false;
    }
    callset_add_if(set, in_class, &which);
    return true;
}

static bool matches_regex(const void *regex, FrailAbi abi, int64_t nr)
{
    const char *name = frail_syscall_name(abi, nr);

    return name && g_regex_match(regex, name, 0, NULL);
}

static bool callset_add_regex(CallSet *set, const char *item, char **err)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GRegex) regex = g_regex_new(item + 1, 0, 0, &error);

    if (!regex) {
        *err = g_strdup_printf("'%s' is no regular expression: %s", item,
                               error->message);
        return false;
    }
    if (!callset_add_if(set, matches_regex, regex)) {
        *err = g_strdup_printf("no system call's name matches '%s'", item);
        return false;
    }
    return true;
}

bool callset_add(CallSet *set, const char *item, char **err)
{
    if (g_ascii_isdigit(*item) || *item == '-') {
        return callset_add_number(set, item, err);
    }
    switch (*item) {
    case '%':
        return callset_add_class(set, item, err);
    case '/':
        return callset_add_regex(set, item, err);
    default:
        return callset_add_name(set, item, err);
    }
}

bool callset_parse(const char *text, CallSet *set, char **err)
{
    g_auto(GStrv) items = NULL;
    bool others;

    memset(set, 0, sizeof(*set));
    *err = NULL;
    if (!text) {
        memset(set->bits, 0xff, sizeof(set->bits));
        set->all_unknown = true;
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
        } else {
            ok = callset_add(set, *item, err);
        }
        if (!ok) {
            memset(set, 0, sizeof(*set));
            return false;
        }
    }

    if (others) {
        set->all_unknown = true;
        for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
            for (unsigned i = 0; i < G_N_ELEMENTS(set->bits[abi]); i++) {
                set->bits[abi][i] = ~set->bits[abi][i];
            }
        }
    }
    return true;
}
