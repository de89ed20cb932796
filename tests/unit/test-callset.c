/*
 * Sets of system calls.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "filter/callset.h"

static CallSet parse(const char *text)
{
    CallSet f;
    char *err = NULL;
    bool ok = callset_parse(text, &f, &err);

    g_assert_cmpstr(err, ==, NULL);
    g_assert_true(ok);
    return f;
}

/* How many of the numbers of all tables match. */
static unsigned matches(const CallSet *f)
{
    unsigned n = 0;

    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        for (int nr = 0; nr < CALLSET_NUMBERS; nr++) {
            n += callset_has(f, abi, nr);
        }
    }
    return n;
}

#define ALL (FRAIL_ABIS * CALLSET_NUMBERS)

static void test_all(void)
{
    CallSet f = parse(NULL);

    g_assert_cmpuint(matches(&f), ==, ALL);
    g_assert_true(callset_has(&f, FRAIL_ABI_X86_64, -1));
    g_assert_true(callset_has(&f, FRAIL_ABI_I386, 1 << 30));
    g_assert_true(callset_has(&f, 7, 0));
}

static void test_names(void)
{
    CallSet f = parse("openat:read");

    g_assert_true(callset_has(&f, FRAIL_ABI_X86_64, 257));
    g_assert_true(callset_has(&f, FRAIL_ABI_X86_64, 0));
    g_assert_true(callset_has(&f, FRAIL_ABI_X32, 257));
    g_assert_true(callset_has(&f, FRAIL_ABI_X32, 0));
    g_assert_true(callset_has(&f, FRAIL_ABI_I386, 295));
    g_assert_true(callset_has(&f, FRAIL_ABI_I386, 3));
    g_assert_cmpuint(matches(&f), ==, 6);
    g_assert_false(callset_has(&f, FRAIL_ABI_X86_64, -1));
    g_assert_false(callset_has(&f, FRAIL_ABI_X86_64, 1024));
    g_assert_false(callset_has(&f, FRAIL_ABI_X86_64, INT64_MIN));
    g_assert_false(callset_has(&f, -1, 0));

    /* Known to one table only. */
    f = parse("socketcall");
    g_assert_true(callset_has(&f, FRAIL_ABI_I386, 102));
    g_assert_cmpuint(matches(&f), ==, 1);

    /* Twice is once. */
    f = parse("socketcall:socketcall");
    g_assert_cmpuint(matches(&f), ==, 1);
}

static bool has(const CallSet *f, const char *name)
{
    int64_t nr = frail_syscall_number(FRAIL_ABI_X86_64, name);

    g_assert_cmpint(nr, >=, 0);
    return callset_has(f, FRAIL_ABI_X86_64, nr);
}

static void test_classes(void)
{
    static const struct {
        const char *class, *in, *out;
    } cases[] = {
        { "%file", "openat", "read" },
        { "%file", "rename", "close" },
        { "%desc", "read", "kill" },
        { "%desc", "mmap", "munmap" },
        { "%desc", "openat", "getpid" },
        { "%process", "execve", "read" },
        { "%network", "connect", "read" },
        { "%net", "sendmsg", "write" },
        { "%memory", "mmap", "read" },
        { "%signal", "kill", "wait4" },
        { "%ipc", "shmget", "mq_open" },
        { "%creds", "setuid", "getpid" },
        { "%pure", "getpid", "setsid" },
        { "%clock", "time", "times" },
        { "/^exec", "execveat", "kexec_load" },
        { "/exec:%pure", "kexec_load", "read" },
        { "!%file", "read", "openat" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        CallSet f = parse(cases[i].class);

        g_assert_true(has(&f, cases[i].in));
        g_assert_false(has(&f, cases[i].out));
    }
    /* The arguments of i386's old mmap lie in memory. */
    {
        CallSet f = parse("%desc");

        g_assert_true(callset_has(&f, FRAIL_ABI_I386, 90));
    }
}

static void test_numbers(void)
{
    CallSet f = parse("257:0x3ff:63:64");

    g_assert_true(callset_has(&f, FRAIL_ABI_X86_64, 257));
    g_assert_true(callset_has(&f, FRAIL_ABI_X86_64, 1023));
    g_assert_true(callset_has(&f, FRAIL_ABI_X86_64, 63));
    g_assert_true(callset_has(&f, FRAIL_ABI_X86_64, 64));
    g_assert_cmpuint(matches(&f), ==, 4);
}

static void test_others(void)
{
    CallSet f = parse("!futex:0");

    g_assert_false(callset_has(&f, FRAIL_ABI_X86_64, 202));
    g_assert_false(callset_has(&f, FRAIL_ABI_X32, 202));
    g_assert_false(callset_has(&f, FRAIL_ABI_I386, 240));
    g_assert_false(callset_has(&f, FRAIL_ABI_X86_64, 0));
    g_assert_true(callset_has(&f, FRAIL_ABI_I386, 0));
    g_assert_cmpuint(matches(&f), ==, ALL - 4);
    g_assert_true(callset_has(&f, FRAIL_ABI_X86_64, 5000));
    g_assert_true(callset_has(&f, FRAIL_ABI_X86_64, -1));
}

static void test_wrong(void)
{
    static const struct {
        const char *text;
        const char *part;
    } wrong[] = {
        { "", "empty" },
        { "!", "empty" },
        { ":", "empty name" },
        { "read:", "empty name" },
        { ":read", "empty name" },
        { "read::write", "empty name" },
        { "read,write", "no system call is named 'read,write'" },
        { "opennat", "did you mean openat?" },
        { "read:Write", "did you mean write?" },
        { "rumpelstilzchen", "named 'rumpelstilzchen'" },
        { "read:!write", "in front of the whole list only" },
        { "1024", "0 to 1023" },
        { "-1", "0 to 1023" },
        { "99999999999999999999999", "0 to 1023" },
        { "0x", "0 to 1023" },
        { "0x400", "0 to 1023" },
        { "12ab", "0 to 1023" },
        { " read", "no system call" },
        { "%s%n", "no class of system calls is named '%s%n'" },
        { "%file:%", "named '%'" },
        { "/(", "is no regular expression" },
        { "/^xyz$", "name matches" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *err = NULL;
        CallSet f;

        g_assert_false(callset_parse(wrong[i].text, &f, &err));
        g_assert_nonnull(err);
        g_test_message("%s", err);
        g_assert_nonnull(strstr(err, wrong[i].part));
        g_assert_null(strchr(err, '\n'));
        g_assert_cmpuint(matches(&f), ==, 0);
        g_assert_false(f.all_unknown);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/callset/all", test_all);
    g_test_add_func("/callset/names", test_names);
    g_test_add_func("/callset/classes", test_classes);
    g_test_add_func("/callset/numbers", test_numbers);
    g_test_add_func("/callset/others", test_others);
    g_test_add_func("/callset/wrong", test_wrong);
    return g_test_run();
}
