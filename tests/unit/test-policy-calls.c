/*
 * The policy analyzer as QEMU loads it, over a made-up guest.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define FAKE_PROCESS "fake-policy.h"
#include "fake-qemu.h"

#include "analyzers/policy-control.h"

#define READ        0
#define MKDIR       83
#define PTRACE      101
#define EXIT_GROUP  231
#define OPENAT      257

static char *dir, *rules, *sock;

static void write_rules(const char *text)
{
    g_assert_true(g_file_set_contents(rules, text, -1, NULL));
}

static Run start_with(const char *text, const char *more)
{
    g_autofree char *all = NULL;

    write_rules(text);
    events = pauses = kills = wheres = 0;
    all = g_strdup_printf("rules=%s control=%s%s", rules, sock, more);
    return start("policy", all);
}

static FrailCall made(int64_t nr, unsigned vcpu)
{
    FrailCall c = new_call(FRAIL_ABI_X86_64, nr);

    c.vcpu = vcpu;
    return c;
}

static int verdict_of(FrailCall *c)
{
    return registered.on_call(c, registered.opaque);
}

static int ask(int64_t nr, unsigned vcpu)
{
    FrailCall c = made(nr, vcpu);

    return verdict_of(&c);
}

#define SUM(what, name, m, r, k, n) what " rule=" name " matched=" #m \
    " refused=" #r " killed=" #k " missed=" #n "\n"

static void check_has(const char *text, const char *part)
{
    if (!strstr(text, part)) {
        g_error("no '%s' in:\n%s", part, text);
    }
}

/* The first rule that ends it decides; those before it do what they do. */
static void test_order(void)
{
    Run r = start_with(
        "rule tell\nwhen call in (mkdir, ptrace)\ndo log\n"
        "rule not-me\nwhen vcpu = 3\ndo allow\n"
        "rule no\nwhen call = mkdir\ndo refuse EROFS, event, pause\n"
        "rule never\nwhen call = mkdir\ndo kill\n"
        "rule end\nwhen call = ptrace and vcpu = 2\nwhen true\ndo kill\n", "");

    g_assert_cmpint(ask(MKDIR, 1), ==, -EROFS);
    g_assert_cmpint(ask(MKDIR, 3), ==, 0);
    g_assert_cmpint(ask(PTRACE, 1), ==, 0);
    g_assert_cmpint(kills, ==, 0);
    g_assert_cmpint(ask(PTRACE, 2), ==, 0);
    g_assert_cmpint(ask(READ, 2), ==, 0);
    g_assert_cmpint(kills, ==, 1);
    g_assert_cmpint(events, ==, 1);
    g_assert_cmpint(pauses, ==, 1);
    g_assert_cmpstr(event_text, ==, "policy rule=no did=refuse "
                    "arguments=mkdir(...)");
    finish(&r);
    check_has(r.text, "match time=1700000000.123456789 rule=tell pid=1200 "
              "tid=1200 comm=\"sh\" exe=\"/bin/sh\" did=log "
              "call=\"mkdir(...)\"\n");
    check_has(r.text, SUM("sum", "tell", 4, 0, 0, 0)
              SUM("sum", "not-me", 1, 0, 0, 0) SUM("sum", "no", 1, 1, 0, 0)
              SUM("sum", "never", 0, 0, 0, 0) SUM("sum", "end", 1, 0, 1, 0)
              "end rules=5 reloads=0 bad-reloads=0 forgotten-calls=0 "
              "forgotten-kills=0\n");
    g_free(r.text);
}

/* The guest's init is not killed, the end of a program not refused. */
static void test_musts(void)
{
    static const FrailProcess init = { 1, NULL };
    Run r = start_with("rule all\nwhen true\ndo kill, log\n", "");
    FrailCall c = made(MKDIR, 0);

    c.process = &init;
    g_assert_cmpint(verdict_of(&c), ==, -EPERM);
    g_assert_cmpint(ask(EXIT_GROUP, 0), ==, 0);
    g_assert_cmpint(kills, ==, 0);
    finish(&r);
    check_has(r.text, "did=log,refuse:EPERM,init-spared ");
    check_has(r.text, SUM("sum", "all", 2, 1, 0, 0));
    g_free(r.text);
}

/* What only the return tells. */
static void test_late(void)
{
    Run r = start_with(
        "rule memory\nwhen call = mkdir and vcpu = 100\ndo refuse EROFS, "
        "log\n"
        "rule link\nopened /etc/sh*\ndo kill, log\n", "");
    FrailCall c = made(MKDIR, 100);

    g_assert_cmpstr(registered.where, ==,
                    "call in (open,mkdir,creat,openat,open_by_handle_at,"
                    "openat2)");
    g_assert_cmpint(verdict_of(&c), ==, 0);
    leave(&c, 0);
    /* What has failed is as good as refused. */
    c = made(MKDIR, 100);
    g_assert_cmpint(verdict_of(&c), ==, 0);
    leave(&c, -EEXIST);
    /* It opens another file; it fails; it is what is meant. */
    c = made(OPENAT, 0);
    c.process = &(FrailProcess) { 1201, "/etc/passwd" };
    g_assert_cmpint(verdict_of(&c), ==, 0);
    leave(&c, 3);
    c = made(OPENAT, 0);
    g_assert_cmpint(verdict_of(&c), ==, 0);
    leave(&c, -ENOENT);
    g_assert_cmpint(wheres, ==, 0);
    c = made(OPENAT, 0);
    g_assert_cmpint(verdict_of(&c), ==, 0);
    g_assert_cmpint(kills, ==, 0);
    leave(&c, 3);
    g_assert_cmpstr(last_where, ==, "all");
    /* Somebody else goes on. */
    c = made(READ, 0);
    c.process = &(FrailProcess) { 1201, NULL };
    g_assert_cmpint(verdict_of(&c), ==, 0);
    g_assert_cmpint(kills, ==, 0);
    g_assert_cmpint(ask(READ, 0), ==, 0);
    g_assert_cmpint(ask(READ, 1), ==, 0);   /* a thread, on its way out */
    g_assert_cmpint(kills, ==, 2);
    /* Ten seconds later it is another with the same numbers. */
    c = made(READ, 0);
    c.time_ns += INT64_C(11) * 1000000000;
    g_assert_cmpint(verdict_of(&c), ==, 0);
    g_assert_cmpint(kills, ==, 2);
    finish(&r);
    check_has(r.text, "rule=memory pid=1200 tid=1200 comm=\"sh\" "
              "exe=\"/bin/sh\" did=log why=late call=\"mkdir(...)\"\n");
    check_has(r.text, "did=log,kill-next why=late opened=\"/etc/shadow\" ");
    check_has(r.text, "kill rule=link pid=1200 comm=\"sh\" "
              "in-place-of=read\n");
    check_has(r.text, SUM("sum", "memory", 2, 0, 0, 1)
              SUM("sum", "link", 1, 0, 2, 0));
    g_free(r.text);
}

/* Better nothing than what must not be. */
static void test_closed(void)
{
    Run r = start_with(
        "set undecided refuse\nset unknown refuse\n"
        "rule a\nwhen call = mkdir and vcpu = 100\ndo refuse EROFS, log\n"
        "rule b\nwhen call = ptrace and vcpu = 101\ndo kill, log\n"
        "rule c\nwhen call = read and vcpu = 102\ndo log\n", "");
    FrailCall c = made(MKDIR, 5);

    g_assert_cmpint(ask(MKDIR, 100), ==, -EROFS);
    g_assert_cmpint(ask(MKDIR, 5), ==, 0);
    g_assert_cmpint(ask(PTRACE, 101), ==, -EPERM);
    g_assert_cmpint(ask(READ, 102), ==, 0);
    c.process = NULL;
    g_assert_cmpint(verdict_of(&c), ==, -EROFS);
    g_assert_cmpint(kills, ==, 0);
    finish(&r);
    check_has(r.text, "did=log,refuse:EROFS why=undecided call=\"mkdir");
    check_has(r.text, "did=log,refuse:EPERM why=undecided call=\"ptrace");
    check_has(r.text, "rule=a did=log,refuse:EROFS why=unknown ");
    g_free(r.text);
}

/* --- Other rules ---------------------------------------------------------- */

typedef struct Caller {
    GThread *thread;
    gint stop, made, let_go;
} Caller;

static void *run_caller(void *opaque)
{
    Caller *c = opaque;

    while (!g_atomic_int_get(&c->stop)) {
        int verdict = ask(MKDIR, 1);

        if (verdict != -EROFS && verdict != -EXDEV) {
            g_atomic_int_inc(&c->let_go);
        }
        g_atomic_int_inc(&c->made);
    }
    return NULL;
}

static void say(const char *command, const char *answer)
{
    char *err = NULL;
    g_autofree char *text = policy_control_ask(sock, command, &err);

    if (!text) {
        g_error("%s", err);
    }
    check_has(text, answer);
}

/* Four vCPUs never find a moment without rules. */
static void test_reload(void)
{
    static const char *const text[] = {
        "rule old\nwhen call = mkdir\ndo refuse EROFS\n",
        "rule first\nwhen call = read\ndo log\n"
        "rule new\nwhen call = mkdir\ndo refuse EXDEV\n",
    };
    Run r = start_with(text[0], "");
    Caller callers[4] = { 0 };

    for (unsigned i = 0; i < G_N_ELEMENTS(callers); i++) {
        callers[i].thread = g_thread_new("vcpu", run_caller, &callers[i]);
    }
    for (unsigned i = 1; i <= 50; i++) {
        gint before = g_atomic_int_get(&callers[i % 4].made);

        write_rules(text[i % 2]);
        say("reload", i % 2 ? "2 rules are in force" : "1 rule is in force");
        while (g_atomic_int_get(&callers[i % 4].made) < before + 20) {
            g_thread_yield();
        }
    }
    write_rules("rule x\nwhen true\ndo nothing\n");
    say("reload", "rules:3:4: 'nothing' must be log");
    say("reload", "still are");
    say("show", "1 rule\n");
    say("load", "error the commands are reload and show");
    for (unsigned i = 0; i < G_N_ELEMENTS(callers); i++) {
        g_atomic_int_set(&callers[i].stop, 1);
        g_thread_join(callers[i].thread);
        g_assert_cmpint(callers[i].let_go, ==, 0);
    }
    g_assert_cmpint(ask(MKDIR, 1), ==, -EROFS);
    g_assert_cmpstr(last_where, ==, "call in (mkdir)");
    finish(&r);
    check_has(r.text, "new-rules rules=2\n");
    check_has(r.text, "end rules=1 reloads=50 bad-reloads=2 ");
    g_free(r.text);
}

/* QEMU ends while vCPUs run. */
static void test_end(void)
{
    Run r = start_with("rule late\nwhen call = mkdir and vcpu = 100\n"
                       "do refuse EROFS\n"
                       "rule tell\nwhen call = mkdir\ndo log\n", "");

    make(FRAIL_ABI_X86_64, MKDIR, 0);
    finish_while_running(&r, made(MKDIR, 0), 1000);
    check_has(r.text, "\nend rules=2 reloads=0 bad-reloads=0 ");
    g_free(r.text);
    g_assert_cmpint(ask(MKDIR, 0), ==, 0);
}

static void check_refused(const char *options, const char *text)
{
    g_auto(GStrv) argv = g_strsplit(options, " ", -1);
    g_autofree char *said = NULL;

    g_assert_cmpint(install("policy", argv, &said), ==, -1);
    check_has(said, text);
}

static void test_options(void)
{
    g_autofree char *with = g_strconcat("rules=", rules, NULL);
    g_autofree char *late = g_strconcat(with, " returns=off", NULL);
    g_autofree char *where = g_strconcat(with, " where=pid=1", NULL);
    g_autofree char *trace = g_strconcat(with, " trace=open", NULL);
    g_autofree char *nowhere = g_strconcat(with, " control=/no/such/dir/s",
                                           NULL);

    check_refused("out=-", "which rules?  Give rules=FILE");
    check_refused(where, "where=: each rule says in the file");
    check_refused(trace, "trace=: each rule says in the file");
    write_rules("rule a\nopened /x\ndo kill\n");
    check_refused(late, "rules:1:1: rule a needs returns=on");
    check_refused(nowhere, "/no/such/dir/s: No such file or directory");
    write_rules("rule a\nwhen b\ndo kill\n");
    check_refused(with, "rules:2:6: ");
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    dir = g_dir_make_tmp("frail-policy-XXXXXX", NULL);
    rules = g_build_filename(dir, "rules", NULL);
    sock = g_build_filename(dir, "socket", NULL);
    g_test_add_func("/policy-calls/order", test_order);
    g_test_add_func("/policy-calls/musts", test_musts);
    g_test_add_func("/policy-calls/late", test_late);
    g_test_add_func("/policy-calls/closed", test_closed);
    g_test_add_func("/policy-calls/reload", test_reload);
    g_test_add_func("/policy-calls/end", test_end);
    g_test_add_func("/policy-calls/options", test_options);
    status = g_test_run();
    g_unlink(rules);
    g_rmdir(dir);
    return status;
}
