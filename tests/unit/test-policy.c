/*
 * Files of rules: what they become, and what is said of wrong ones.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "analyzers/policy-control.h"
#include "analyzers/policy-rules.h"

#define OPENAT      257
#define CONNECT     42
#define GETPID      39
#define I386_OPEN   5

static Policy *parse(const char *text)
{
    PolicyError err;
    Policy *p = policy_parse(text, strlen(text), &err);

    if (!p) {
        g_autofree char *line = policy_error_line("text", &err);

        g_error("%s", line);
    }
    return p;
}

static void check_list(const Policy *p, unsigned abi, int64_t nr,
                       const char *rules)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (const uint16_t *l = policy_list(p, abi, nr); *l != POLICY_LIST_END;
         l++) {
        g_string_append_printf(names, "%s ", p->rule[*l]->name);
    }
    g_assert_cmpstr(names->str, ==, rules);
}

static void test_good(void)
{
    g_autofree char *where = NULL;
    Policy *p = parse(
        "# a comment\n"
        "set undecided refuse\r\n"
        "  set unknown\tallow \n"
        "\n"
        "rule web\n"
        "\twhen call in (connect, sendto)\n"
        "\twhen port = 80\n"
        "\tdo refuse EACCES , log,event\n"
        "rule files-1.x_\n"
        "    opened /etc/s hadow*  \n"
        "    do kill\n"
        "rule late\n"
        "    when call = openat and ret < 0\n"
        "    do log,pause\n"
        "rule free\n"
        "    when call = connect\n"
        "    do allow");

    g_assert_cmpuint(p->n, ==, 4);
    g_assert_true(p->refuse_undecided);
    g_assert_false(p->refuse_unknown);
    g_assert_cmpuint(p->rule[0]->n_when, ==, 2);
    g_assert_cmphex(p->rule[0]->acts, ==,
                    POLICY_REFUSE | POLICY_LOG | POLICY_EVENT);
    g_assert_cmpint(p->rule[0]->refuse_errno, ==, EACCES);
    g_assert_false(p->rule[0]->late);
    g_assert_cmpuint(p->rule[1]->line, ==, 9);
    g_assert_cmpstr(p->rule[1]->opened, ==, "/etc/s hadow*");
    g_assert_cmphex(p->rule[1]->acts, ==, POLICY_KILL);
    g_assert_true(p->rule[1]->late);
    g_assert_true(p->rule[2]->late);
    g_assert_cmphex(p->rule[3]->acts, ==, POLICY_ALLOW);

    check_list(p, FRAIL_ABI_X86_64, CONNECT, "web free ");
    check_list(p, FRAIL_ABI_X86_64, OPENAT, "files-1.x_ late ");
    check_list(p, FRAIL_ABI_I386, I386_OPEN, "files-1.x_ ");
    check_list(p, FRAIL_ABI_X86_64, GETPID, "");
    /* Their whens say no, each time that they are asked. */
    check_list(p, FRAIL_ABI_X86_64, -1, "web late free ");
    check_list(p, 7, 0, "web late free ");
    where = policy_where(p);
    g_assert_cmpstr(where, ==, "call in (open,connect,sendto,creat,openat,"
                    "open_by_handle_at,openat2)");
    policy_free(p);
}

static void test_where(void)
{
    Policy *p = parse("");
    g_autofree char *none = policy_where(p), *some = NULL;
    FrailFilter *f;
    const char *err;

    g_assert_cmpstr(none, ==, "not true");
    policy_free(p);
    p = parse("rule all\nwhen true\ndo log\n");
    check_list(p, FRAIL_ABI_X86_64, GETPID, "all ");
    check_list(p, FRAIL_ABI_X86_64, INT64_MAX, "all ");
    g_assert_null(policy_where(p));
    policy_free(p);
    /* As many names as there can be in a class are no trouble. */
    p = parse("rule files\nwhen call in (%file,%network,%memory)\ndo log\n");
    some = policy_where(p);
    f = frail_filter_new(some, &err);
    g_assert_nonnull(f);
    for (int64_t nr = 0; nr < 500; nr++) {
        g_assert_true(*policy_list(p, 0, nr) == POLICY_LIST_END ||
                      frail_filter_can_match(f, 0, nr));
    }
    frail_filter_free(f);
    policy_free(p);
}

/* Every mistake has its place. */
static void test_errors(void)
{
    static const struct {
        const char *text, *err;
    } all[] = {
        { "ruel x", "1:1: a line begins with set, rule, when, opened, do or "
          "#, not with 'ruel'; did you mean rule?" },
        { "\n  when true", "2:3: when belongs to a rule; begin one with "
          "\"rule NAME\"" },
        { "rule", "1:1: rule needs a name" },
        { "rule a b", "1:6: the name of a rule is 1 to 64 letters, digits, "
          "'-', '_' and '.'" },
        { "rule a\nwhen true\ndo log\nrule a", "4:6: there is a rule a "
          "already, in line 1" },
        { "rule a\ndo log", "1:6: rule a has neither a when nor an opened; "
          "\"when true\" is for all calls" },
        { "rule a\nwhen true\nrule b", "1:6: rule a has no do" },
        { "rule a\n\twhen  com = x", "2:8: no term is called 'com'; did you "
          "mean comm?" },
        { "rule a\nwhen (true", "2:6: this bracket is not closed" },
        { "rule a\nwhen true\ndo lgo", "3:4: 'lgo' must be log, event, pause, "
          "allow, refuse ERRNO or kill; did you mean log?" },
        { "rule a\nwhen true\ndo log,", "3:8: '' must be log, event, pause, "
          "allow, refuse ERRNO or kill" },
        { "rule a\nwhen true\ndo log event", "3:8: there must be a ',' "
          "between two actions" },
        { "rule a\nwhen true\ndo refuse, log", "3:10: refuse needs the name "
          "of an error: EACCES, EPERM, ENOENT..." },
        { "rule a\nwhen true\ndo refuse 13", "3:11: refuse needs the name of "
          "an error: EACCES, EPERM, ENOENT..." },
        { "rule a\nwhen true\ndo log, log", "3:9: this is there twice" },
        { "rule a\nwhen true\ndo kill, allow", "3:10: a rule has one of "
          "allow, refuse and kill" },
        { "rule a\nwhen true\ndo log\n do log", "4:5: a rule can have one "
          "do" },
        { "rule a\nwhen ret < 0\n do refuse EPERM\nrule b", "3:5: rule a must "
          "decide before the call, but asks for what is known only when it "
          "has returned; kill is possible then" },
        { "rule a\n do allow\nopened /x", "2:5: rule a must decide before the "
          "call, but asks for what is known only when it has returned; kill "
          "is possible then" },
        { "rule a\nopened x", "2:8: a path begins with '/', or a pattern with "
          "'*'" },
        { "rule a\nopened /x\nopened /y", "3:8: a rule can have one opened" },
        { "set undecided maybe", "1:15: this must be allow or refuse" },
        { "set unknown", "1:12: this must be allow or refuse" },
        { "set unknow allow", "1:5: there is no setting 'unknow', only "
          "undecided and unknown; did you mean unknown?" },
        { "rule a\nset unknown allow", "2:1: settings come before the first "
          "rule" },
        { "rule a\nwhen true\nwhen true\nwhen true\nwhen true\nwhen true\n"
          "when true\nwhen true\nwhen true\nwhen true", "10:6: a rule can "
          "have 8 when at most" },
        { "\033[2J x", "1:1: a line begins with set, rule, when, opened, do "
          "or #, not with '\\033[2J'" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autofree char *line = NULL, *want = NULL;
        PolicyError err;

        g_assert_null(policy_parse(all[i].text, strlen(all[i].text), &err));
        line = policy_error_line("f", &err);
        want = g_strconcat("f:", all[i].err, NULL);
        g_assert_cmpstr(line, ==, want);
        g_free(err.text);
    }
}

static void test_limits(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    PolicyError err;
    Policy *p;

    for (unsigned i = 0; i <= POLICY_RULES_MAX; i++) {
        if (i == POLICY_RULES_MAX) {
            p = parse(text->str);
            g_assert_cmpuint(p->n, ==, i);
            policy_free(p);
        }
        g_string_append_printf(text, "rule r%u\nwhen uid = %u\ndo log\n", i,
                               i);
    }
    g_assert_null(policy_parse(text->str, text->len, &err));
    g_assert_cmpuint(err.line, ==, 3 * POLICY_RULES_MAX + 1);
    g_assert_cmpstr(err.text, ==, "there can be 256 rules at most");
    g_free(err.text);
    g_assert_null(policy_parse("rule a\nwhen\0true", 16, &err));
    g_assert_cmpuint(err.line, ==, 2);
    g_assert_cmpuint(err.column, ==, 5);
    g_free(err.text);
    g_assert_null(policy_load("/dev/zero", &err));
    g_assert_cmpstr(err.text, ==, "this is not a regular file");
    g_assert_cmpuint(err.line, ==, 0);
    g_free(err.text);
    g_assert_null(policy_load("/no/such/file", &err));
    g_free(err.text);
}

/* What comes with Frail is right. */
static void test_examples(void)
{
    g_autoptr(GDir) dir = g_dir_open(EXAMPLES, 0, NULL);
    const char *name;
    unsigned n = 0;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(EXAMPLES, name, NULL);
        PolicyError err;
        Policy *p = policy_load(path, &err);

        if (!p) {
            g_autofree char *line = policy_error_line(path, &err);

            g_error("%s", line);
        }
        policy_free(p);
        n++;
    }
    g_assert_cmpuint(n, >=, 3);
}

/* --- The socket ----------------------------------------------------------- */

static char *echo(const char *command, void *opaque)
{
    return g_strdup_printf("%s %s\n", (const char *)opaque, command);
}

static void test_control(void)
{
    g_autofree char *dir = g_dir_make_tmp("frail-policy-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "socket", NULL);
    char *err = NULL, *text;
    PolicyControl *c = policy_control_open(path, echo, "well:", &err);
    g_autofree char *longer = g_strnfill(POLICY_COMMAND_MAX, 'x');
    GStatBuf st;

    g_assert_nonnull(c);
    g_assert_cmpint(g_stat(path, &st), ==, 0);
    g_assert_cmphex(st.st_mode & 0777, ==, 0600);
    for (unsigned i = 0; i < 3; i++) {
        text = policy_control_ask(path, "reload", &err);
        g_assert_cmpstr(text, ==, "well: reload\n");
        g_free(text);
    }
    text = policy_control_ask(path, longer, &err);
    g_assert_cmpstr(text, ==, "error a command is one line of 63 bytes at "
                    "most\n");
    g_free(text);
    /* It is in use. */
    g_assert_null(policy_control_open(path, echo, "", &err));
    g_assert_nonnull(strstr(err, "Address already in use"));
    g_clear_pointer(&err, g_free);
    policy_control_close(c);
    g_assert_cmpint(g_stat(path, &st), !=, 0);
    g_assert_null(policy_control_ask(path, "show", &err));
    g_assert_nonnull(strstr(err, "No such file or directory; is QEMU"));
    g_clear_pointer(&err, g_free);
    /* A file of somebody's is not removed. */
    g_assert_true(g_file_set_contents(path, "x", 1, NULL));
    g_assert_null(policy_control_open(path, echo, "", &err));
    g_clear_pointer(&err, g_free);
    g_assert_cmpint(g_unlink(path) + g_rmdir(dir), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/good", test_good);
    g_test_add_func("/policy/where", test_where);
    g_test_add_func("/policy/errors", test_errors);
    g_test_add_func("/policy/limits", test_limits);
    g_test_add_func("/policy/examples", test_examples);
    g_test_add_func("/policy/control", test_control);
    return g_test_run();
}
