/*
 * Filters: what returns decide, what they cost, what is wrong with them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>

#include "filter-cases.h"

/* --- Returns ------------------------------------------------------------- */

static void test_returns(void)
{
    static const Case failed[] = {
        { "ret < 0", 'y' }, { "ret = -2", 'y' }, { "errno = ENOENT", 'y' },
        { "errno in (EPERM, 2)", 'y' }, { "errno = 0", 'N' },
        { "status = failed", 'y' }, { "status = successful", 'N' },
        { "status in (refused, unfinished)", 'N' },
        { "duration = 10ms", 'y' }, { "duration > 9999us", 'y' },
        { "duration < 1s", 'y' }, { "duration >= 10000001ns", 'N' },
        { "comm = sshd and status = failed", 'y' },
        { "comm = sh or status = failed", 'y' },
    };
    static const Case good[] = {
        { "ret = 3", 'y' }, { "errno = 0", 'y' }, { "errno = ENOENT", 'N' },
        { "status = successful", 'y' }, { "status != failed", 'y' },
    };
    static const Case refused[] = {
        { "status = failed", 'y' }, { "status = refused", 'y' },
        { "status != refused", 'N' },
    };
    static const Case unseen[] = {
        { "status = unfinished", 'y' }, { "ret = 0", 'n' },
        { "errno = 0", 'n' }, { "duration >= 0ns", 'n' },
        { "status = failed", 'N' },
    };
    FrailCall c = new_call(FRAIL_ABI_X86_64, "openat"), e;

    usual_caller();
    /* At entry nothing is known, but what does not depend on it. */
    for (unsigned i = 0; i < 11; i++) {
        g_autofree char *not = g_strdup_printf("not %s", failed[i].text);

        g_assert_cmpint(enter(failed[i].text, &c), ==, FRAIL_MATCH_LATER);
        g_assert_cmpint(enter(not, &c), ==, FRAIL_MATCH_LATER);
    }
    g_assert_cmpint(enter("comm = sh and ret < 0", &c), ==, FRAIL_MATCH_NO);
    g_assert_cmpint(enter("comm = sshd or ret < 0", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("not (comm = sshd or ret < 0)", &c), ==,
                    FRAIL_MATCH_NO);
    g_assert_cmpint(enter("true or ret < 0", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("call = read and ret < 0", &c), ==, FRAIL_MATCH_NO);
    /* exit_group does not return: what is unknown will be. */
    e = new_call(FRAIL_ABI_X86_64, "exit_group");
    CHECK(e, unseen);

    leave(&c, -ENOENT);
    for (unsigned i = 0; i < G_N_ELEMENTS(failed); i++) {
        FrailFilter *f = make(failed[i].text);

        g_assert_true(filter_needs_return(f));
        g_assert_cmpint(filter_leave(f, &c, NULL), ==,
                        failed[i].result == 'y');
        filter_free(f);
    }
    CHECK(c, failed);
    leave(&c, 3);
    CHECK(c, good);
    leave(&c, -EPERM);
    c.refused = EPERM;
    CHECK(c, refused);
    c.refused = 0;
    c.has_result = false;
    CHECK(c, unseen);
    c.restarts = true;
    g_assert_cmpint(enter("status = restarted and duration > 1ms", &c), ==,
                    FRAIL_MATCH_YES);
}

/* Who has called counts, not who returns. */
static void test_saved(void)
{
    FrailFilter *f = make("(comm = sshd or exe = /bin/x) and ret = 0 or "
                          "pid = 5 and ret = 7");
    FrailCall c = new_call(FRAIL_ABI_X86_64, "execve");
    uint64_t saved = 0;
    unsigned before;

    usual_caller();
    g_assert_cmpint(filter_enter(f, &c, &saved), ==, FRAIL_MATCH_LATER);
    caller.comm = "other";
    caller.pid = 5;
    before = asked.process;
    leave(&c, 0);
    g_assert_true(filter_leave(f, &c, &saved));
    leave(&c, 7);
    g_assert_false(filter_leave(f, &c, &saved));
    g_assert_cmpuint(asked.process, ==, before);
    /* Without what was saved it is the one who returns. */
    g_assert_true(filter_leave(f, &c, NULL));
    leave(&c, 0);
    g_assert_false(filter_leave(f, &c, NULL));
    filter_free(f);
}

/* --- Cost ---------------------------------------------------------------- */

static void test_cost(void)
{
    FrailFilter *f = make("text.op = x and exe ~ \"/usr/*\" and "
                          "call in (futex, openat)");
    FrailCall read = new_call(FRAIL_ABI_X86_64, "read");
    FrailCall futex = new_call(FRAIL_ABI_X86_64, "futex");

    usual_caller();
    /* The number says no: nothing is asked. */
    g_assert_false(filter_can_match(f, FRAIL_ABI_X86_64, read.nr));
    g_assert_cmpint(filter_enter(f, &read, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpuint(asked.process + asked.exe + asked.decode, ==, 0);
    /* openat has no argument "op". */
    g_assert_false(filter_can_match(f, FRAIL_ABI_X86_64, 257));
    g_assert_true(filter_can_match(f, FRAIL_ABI_X86_64, futex.nr));
    /* The caller says no: nothing is decoded. */
    caller.exe = "/bin/x";
    g_assert_cmpint(filter_enter(f, &futex, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpuint(asked.process, ==, 1);
    g_assert_cmpuint(asked.exe, ==, 1);
    g_assert_cmpuint(asked.decode, ==, 0);
    /* The text is kept with the process. */
    g_assert_cmpint(filter_enter(f, &futex, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpuint(asked.process, ==, 2);
    g_assert_cmpuint(asked.exe, ==, 1);
    memset(&caller.note, 0, sizeof(caller.note));
    caller.exe = "/usr/bin/x";
    g_assert_cmpint(filter_enter(f, &futex, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpuint(asked.exe, ==, 2);
    g_assert_cmpuint(asked.decode, ==, 1 - 100u);
    filter_free(f);

    /* What is not known is asked again. */
    usual_caller();
    caller.cgroup = NULL;
    f = make("cgroup ~ \"/x*\" or pid = 9 and tree = 5");
    g_assert_cmpint(filter_enter(f, &read, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpint(filter_enter(f, &read, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpuint(asked.cgroup, ==, 2);
    g_assert_cmpuint(asked.tree, ==, 0);
    filter_free(f);
}

static void test_can(void)
{
    static const struct {
        const char *text;
        const char *yes, *no;
        bool others;
    } cases[] = {
        { "true", "read", NULL, true }, { "false", NULL, "read", false },
        { "call = read", "read", "write", false },
        { "call != read", "write", "read", true },
        { "not (call = read or call = write)", "open", "write", true },
        { "uid = 0", "read", NULL, true },
        { "uid = 0 and call = read", "read", "open", false },
        { "uid = 0 or call = read", "read", NULL, true },
        { "nr = 1", "write", "read", true },
        { "nr < 2", "write", "open", true },
        { "abi = i386", NULL, "read", true },
        { "path ~ *", "open", "read", false },
        { "path !~ *", "open", "read", false },
        { "argv ~ *", "execve", "open", false },
        { "port = 1", "connect", "read", false },
        { "fd = 3", "read", "fork", false },
        { "flags has O_CREAT", "openat", "mmap", false },
        { "flags has MAP_FIXED", "mmap", "openat", false },
        { "arg.flags = 1", "openat", "read", false },
        { "text.flags ~ *O_CREAT*", "openat", "read", false },
        { "status = failed and call = %file", "open", "read", false },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        FrailFilter *f = make(cases[i].text);

        if (cases[i].yes) {
            g_assert_true(filter_can_match(f, FRAIL_ABI_X86_64,
                frail_syscall_number(FRAIL_ABI_X86_64, cases[i].yes)));
        }
        if (cases[i].no) {
            g_assert_false(filter_can_match(f, FRAIL_ABI_X86_64,
                frail_syscall_number(FRAIL_ABI_X86_64, cases[i].no)));
        }
        g_assert_cmpint(filter_can_match(f, FRAIL_ABI_I386, 5000), ==,
                        cases[i].others);
        filter_free(f);
    }
}

/* --- Errors -------------------------------------------------------------- */

static void test_errors(void)
{
    static const struct {
        const char *text, *line, *caret;
    } wrong[] = {
        { "", "column 1: the expression is empty", "\n^" },
        { "  ", "column 3: the expression is empty", "  \n  ^" },
        { "comm == \"x\" adn uid = 0", "column 13: expected 'and', 'or' or "
          "the end", "comm == \"x\" adn uid = 0\n            ^~~" },
        { "com = x", "column 1: no term is called 'com'; did you mean comm?",
          "com = x\n^~~" },
        { "rumpelstilzchen = 1", "column 1: no term is called "
          "'rumpelstilzchen'; frail-filter(7) lists them", NULL },
        { "pid", "column 4: behind pid comes =, !=, <, <=, >, >= and in",
          "pid\n   ^" },
        { "pid ~ 1", "column 5: pid takes =, !=, <", "pid ~ 1\n    ^" },
        { "comm < x", "column 6: comm takes =, !=, ~, !~ and in", NULL },
        { "status > failed", "column 8: status takes =, != and in", NULL },
        { "pid has 1", "column 5: pid takes", "pid has 1\n    ^~~" },
        { "cap < 1", "column 5: cap takes =, !=, in and has", NULL },
        { "pid =", "column 6: a number is missing", "pid =\n     ^" },
        { "pid = x", "column 7: 'x' is not a number", "pid = x\n      ^" },
        { "pid = 12x", "column 7: '12x' is not a number", NULL },
        { "pid = \"1\"", "column 7: '1' is not a number", NULL },
        { "pid = 99999999999999999999", "column 7: ", NULL },
        { "pid = and", "column 7: a number is missing; this very word",
          NULL },
        { "pid in (1, 2", "column 8: this bracket is not closed",
          "pid in (1, 2\n       ^" },
        { "pid in (1 2)", "column 11: between the values of a list", NULL },
        { "pid in ()", "column 9: a number is missing", NULL },
        { "pid = 1|2", "column 8: only constants are joined", NULL },
        { "flags has O_CREAT|O_CREATE", "column 19: 'O_CREATE' is not a "
          "number or a constant", NULL },
        { "flags has 0", "column 11: '0' is 0, and has no bits", NULL },
        { "arg = 1", "column 5: behind arg comes the number of a register",
          NULL },
        { "arg[6] = 1", "column 5: a call has the registers 0 to 5", NULL },
        { "arg[0 = 1", "column 7: ']' is missing", NULL },
        { "arg. = 1", "column 1: behind 'arg.' comes the name", NULL },
        { "arg.flgas = 1", "column 1: no call has an argument 'flgas'; did "
          "you mean flags?", "arg.flgas = 1\n^~~~~~~~~" },
        { "call = opennat", "column 8: no system call is named 'opennat'; "
          "did you mean openat?", NULL },
        { "call = %fiel", "column 8: no class of system calls", NULL },
        { "call = /x", "column 8: this regular expression is not closed",
          NULL },
        { "call = /(/", "column 8: '/(' is no regular expression", NULL },
        { "abi = amd64", "column 7: 'amd64' is not x86-64, x32 or i386",
          NULL },
        { "status = good", "column 10: 'good' is not successful, failed",
          NULL },
        { "errno = ENOTHING", "column 9: 'ENOTHING' is not an error", NULL },
        { "duration > 10", "column 12: '10' is not a time such as 10ms",
          NULL },
        { "addr = 10.0.0.0/33", "column 8: '10.0.0.0/33' is not an address",
          NULL },
        { "addr = 10.0.0", "column 8: '10.0.0' is not an address", NULL },
        { "family = AF_WHAT", "column 10: 'AF_WHAT' is not a family", NULL },
        { "cap has CAP_WHAT", "column 9: 'CAP_WHAT' is not a capability",
          NULL },
        { "(pid = 1", "column 1: this bracket is not closed",
          "(pid = 1\n^" },
        { "pid = 1)", "column 8: expected 'and', 'or' or the end", NULL },
        { "(pid = 1 uid = 2)", "column 10: expected 'and', 'or' or ')'",
          NULL },
        { "pid = 1 and", "column 12: a comparison is missing", NULL },
        { "and pid = 1", "column 1: a term is missing", NULL },
        { "not", "column 4: a comparison is missing", NULL },
        { "pid not = 1", "column 9: behind a term only 'not in'", NULL },
        { "comm = \"x", "column 8: this quote is not closed", NULL },
        { "comm = \"\\q\"", "column 9: within quotes a backslash", NULL },
        { "comm = \"\\x00\"", "column 8: no text of the guest's", NULL },
        { "pid = 1 ; uid = 1", "column 9: nothing begins with this sign",
          NULL },
        /* Columns are letters, and no control character gets out. */
        { "comm = \"ä\" and öid = 1", "column 16: nothing begins with this "
          "sign", "comm = \"ä\" and öid = 1\n               ^" },
        { "call = \"a\nb\x1b[1m\"", "column 8: no system call is named "
          "'a b [1m'", "call = \"a b [1m\"\n       ^~~~~~~~~" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        FilterError err = { 0 };

        g_assert_null(filter_new(wrong[i].text, &err));
        g_test_message("%s\n%s", err.line, err.caret);
        if (!g_str_has_prefix(err.line, wrong[i].line)) {
            g_assert_cmpstr(err.line, ==, wrong[i].line);
        }
        g_assert_null(strpbrk(err.line, "\n\x1b"));
        if (wrong[i].caret) {
            g_assert_cmpstr(err.caret, ==, wrong[i].caret);
        }
        g_free(err.line);
        g_free(err.caret);
    }
}

static char *repeat(const char *text, unsigned n, const char *end)
{
    GString *s = g_string_new(NULL);

    while (n--) {
        g_string_append(s, text);
    }
    g_string_append(s, end);
    return g_string_free(s, FALSE);
}

static void test_limits(void)
{
    static const struct {
        const char *part;
        unsigned good, bad;
        const char *end, *why;
    } limits[] = {
        { "pid=1 or ", 31, 32, "pid=1", "more than 32 comparisons" },
        { "not ", 32, 33, "pid=1", "more than 32 deep" },
        { "true and ", 450, 460, "pid=1", "at most 4096 bytes" },
        { "pid in (1,2,3,4,5,6,7,8) or ", 31, 32, "pid=1",
          "more than 32 comparisons" },
        { "1,", 512, 513, "1)", "more than 512 values" },
        { "(", 1, 33, "pid=1)", "more than 32 deep" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(limits); i++) {
        const char *start = *limits[i].part == '1' ? "pid in (" : "";
        g_autofree char *good = repeat(limits[i].part, limits[i].good -
                                       (*start != 0), limits[i].end);
        g_autofree char *bad = repeat(limits[i].part, limits[i].bad,
                                      limits[i].end);
        g_autofree char *text = g_strconcat(start, good, NULL);
        g_autofree char *wrong = g_strconcat(start, bad, NULL);
        FilterError err = { 0 };

        filter_free(make(text));
        g_assert_null(filter_new(wrong, &err));
        g_assert_nonnull(strstr(err.line, limits[i].why));
        /* A line of a terminal, with the mistake in it. */
        g_assert_cmpuint(strcspn(err.caret, "\n"), <=, 76);
        g_free(err.line);
        g_free(err.caret);
    }
}

/* --- Documentation ------------------------------------------------------- */

/* Every term stands in both, as a word of its own. */
static void test_documented(void)
{
    static const char *const pages[] = {
        DOCS "/filters.md", DOCS "/man/frail-filter.7",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autofree char *text = NULL;
        const char *name;

        g_assert_true(g_file_get_contents(pages[i], &text, NULL, NULL));
        for (unsigned k = 0; (name = term_name(k)); k++) {
            g_autofree char *escaped = g_regex_escape_string(name, -1);
            g_autofree char *word = g_strdup_printf(
                i ? "(?m)^\\.(B|BI|BR) (.*[ \"])?%s([ ,\"\\\\\\[]|$)" :
                "(?m)^\\|[^|]*`%s([`\\[]|NAME)", escaped);

            if (!g_regex_match_simple(word, text, 0, 0)) {
                g_error("%s does not describe %s", pages[i], name);
            }
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/filter/returns", test_returns);
    g_test_add_func("/filter/saved", test_saved);
    g_test_add_func("/filter/cost", test_cost);
    g_test_add_func("/filter/can", test_can);
    g_test_add_func("/filter/errors", test_errors);
    g_test_add_func("/filter/limits", test_limits);
    g_test_add_func("/filter/documented", test_documented);
    return g_test_run();
}
