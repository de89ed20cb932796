/*
 * The analyzers as QEMU loads them, over a made-up guest.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define FAKE_PROCESS "fake-strace.h"
#include <fcntl.h>
#include <sys/stat.h>

#include "fake-qemu.h"

/* --- frail-strace -------------------------------------------------------- */

#define PID "[pid  1234] "

static void ended(FrailExitHow how, int value, const FrailProcess *p)
{
    FrailExit e = {
        .how = how, .value = value, .process = p, .core = value == 11,
    };

    registered.on_exit(&e, registered.opaque);
}

static void signalled(int number, const char *text, const FrailProcess *p)
{
    FrailSignal s = { .number = number, .text = text, .process = p };

    registered.on_signal(&s, registered.opaque);
}

/* Calls one after another, each whole on its line. */
static void test_strace_text(void)
{
    Run r = start("strace", "");
    FrailCall c, sleeping;

    make(FRAIL_ABI_X86_64, 257, -ENOENT);
    make(FRAIL_ABI_X86_64, 39, 1234);
    make(FRAIL_ABI_X86_64, 0, 4);
    make(FRAIL_ABI_X86_64, 421, -ENOSYS);
    make(FRAIL_ABI_X86_64, -1, -ENOSYS);
    make(FRAIL_ABI_X86_64, 56, 7);
    make(FRAIL_ABI_I386, 102, 3);

    c = enter(FRAIL_ABI_X86_64, 257);
    c.refused = EPERM;
    leave(&c, -EPERM);

    c = enter(FRAIL_ABI_X86_64, 39);
    c.restarts = true;
    registered.on_return(&c, registered.opaque);
    c = enter(FRAIL_ABI_X86_64, 39);
    registered.on_return(&c, registered.opaque);
    c = enter(FRAIL_ABI_X86_64, 39);
    c.killed = true;
    registered.on_return(&c, registered.opaque);

    c = new_call(FRAIL_ABI_X86_64, 231);
    c.args[0] = 0x103;
    registered.on_call(&c, registered.opaque);
    ended(FRAIL_EXIT_EXITED, 3, &somebody);
    c = enter(FRAIL_ABI_X86_64, 15);
    leave(&c, 77);
    sleeping = enter(FRAIL_ABI_X86_64, 0);
    g_assert_cmpint(sleeping.nr, ==, 0);

    g_assert_cmpstr(finish(&r), ==,
        PID "openat(0xffffff9c, 0x7ffd1000, 0x80000, 0) = -1 ENOENT (Words)\n"
        PID "getpid()                    = 1234\n"
        PID "read(0xffffff9c, \"text\", 0x80000) = 4\n"
        PID "syscall_0x1a5(0xffffff9c, 0x7ffd1000, 0x80000, 0, 0x5, 0x6)"
        " = -1 ENOSYS (Words)\n"
        PID "syscall_0xffffffffffffffff(0xffffff9c, 0x7ffd1000, 0x80000, "
        "0, 0x5, 0x6) = -1 ENOSYS (Words)\n"
        PID "clone(name=0xffffff9c, 0x7ffd1000, 0x80000, 0, 0x5, 0x6) = 7\n"
        PID "socket(0xffffff9c, 0x7ffd1000, 0x80000, 0, 0x5, 0x6) = 3\n"
        PID "openat(0xffffff9c, 0x7ffd1000, 0x80000, 0) = "
        "-1 EPERM (Words) (refused)\n"
        PID "getpid()                    = ? ERESTARTSYS (again)\n"
        PID "getpid()                    = ?\n"
        PID "getpid()                    = ? (killed)\n"
        PID "exit_group(0x103)           = ?\n"
        PID "+++ exited with 3 +++\n"
        PID "rt_sigreturn(0xffffff9c, 0x7ffd1000, 0x80000, 0, 0x5, 0x6) "
        "= 77\n"
        PID "read(0xffffff9c,  <unfinished ...>\n");
    g_assert_cmpint(decoded_in_use, ==, 0);

    /* QEMU is at its end, but a vCPU still runs. */
    make(FRAIL_ABI_X86_64, 39, 0);
    g_free(r.text);
}

/* Lines of another task come in between. */
static void test_strace_resumed(void)
{
    static const FrailProcess other = { 77777, 1200, 0, "x" };
    Run r = start("strace", "");
    FrailCall a, b, c;

    a = enter(FRAIL_ABI_X86_64, 0);
    b = new_call(FRAIL_ABI_X86_64, 39);
    b.process = &other;
    registered.on_call(&b, registered.opaque);
    leave(&a, 4);               /* out of b's line */
    leave(&b, 1);
    a = enter(FRAIL_ABI_X86_64, 435);
    c = new_call(FRAIL_ABI_X86_64, 257);
    c.process = &other;
    registered.on_call(&c, registered.opaque);
    leave(&c, 3);
    leave(&a, 1);
    /* The other thread of the process sleeps, and ends with it. */
    b.seq += 1000;
    b.nr = 0;
    b.has_result = false;
    registered.on_call(&b, registered.opaque);
    a = new_call(FRAIL_ABI_X86_64, 231);
    a.args[0] = 0;
    registered.on_call(&a, registered.opaque);
    registered.on_return(&b, registered.opaque);
    ended(FRAIL_EXIT_EXITED, 0, &other);
    ended(FRAIL_EXIT_EXITED, 0, &somebody);
    g_assert_cmpstr(finish(&r), ==,
        PID "read(0xffffff9c,  <unfinished ...>\n"
        "[pid 77777] getpid( <unfinished ...>\n"
        PID "<... read resumed>\"text\", 0x80000) = 4\n"
        "[pid 77777] <... getpid resumed>)       = 1\n"
        PID "clone3(0xffffff9c, 0x7ffd1000 <unfinished ...>\n"
        "[pid 77777] openat(0xffffff9c, 0x7ffd1000, 0x80000, 0) = 3\n"
        PID "<... clone3 resumed>)       = 1\n"
        "[pid 77777] read(0xffffff9c,  <unfinished ...>\n"
        PID "exit_group(0)               = ?\n"
        "[pid 77777] <... read resumed> <unfinished ...>) = ?\n"
        "[pid 77777] +++ exited with 0 +++\n"
        PID "+++ exited with 0 +++\n");
    g_assert_cmpint(decoded_in_use, ==, 0);
    g_free(r.text);
}

/* Signals, and all kinds of ends. */
static void test_strace_events(void)
{
    static const FrailProcess other = { 8, 7, 0, "init" };
    Run r = start("strace", "");
    FrailCall a, b;

    a = enter(FRAIL_ABI_X86_64, 0);
    signalled(14, "{si_signo=SIGALRM, ...}", &somebody);
    leave(&a, -EINTR);
    signalled(33, "{x}", NULL);
    a = enter(FRAIL_ABI_X86_64, 39);
    registered.on_return(&a, registered.opaque);
    ended(FRAIL_EXIT_KILLED, 9, &somebody);
    b = enter(FRAIL_ABI_X86_64, 0);
    registered.on_return(&b, registered.opaque);
    ended(FRAIL_EXIT_KILLED, 11, &somebody);
    ended(FRAIL_EXIT_SUPERSEDED, 1234, &other);
    ended(FRAIL_EXIT_UNKNOWN, 0, &other);
    ended(FRAIL_EXIT_EXITED, 255, NULL);
    g_assert_cmpstr(finish(&r), ==,
        PID "read(0xffffff9c,  <unfinished ...>\n"
        PID "--- SIGALRM {si_signo=SIGALRM, ...} ---\n"
        PID "<... read resumed>\"text\", 0x80000) = -1 EINTR (Words)\n"
        "[cr3 0x21000] --- SIGRT_1 {x} ---\n"
        PID "getpid()                    = ?\n"
        PID "+++ killed by SIGKILL +++\n"
        PID "read(0xffffff9c,  <unfinished ...>) = ?\n"
        PID "+++ killed by SIGSEGV (core dumped) +++\n"
        "[pid     8] +++ superseded by execve in pid 1234 +++\n"
        "[pid     8] +++ gone +++\n"
        "[cr3 0x7000] +++ exited with 255 +++\n");
    g_assert_cmpint(decoded_in_use, ==, 0);
    g_free(r.text);

    r = start("strace", "vcpu=on");
    signalled(14, "{x}", &other);
    ended(FRAIL_EXIT_KILLED, 9, &other);
    g_assert_cmpstr(finish(&r), ==, "[pid     8] vcpu14 --- SIGALRM {x} ---\n"
                    "[pid     8] vcpu2 +++ killed by SIGKILL +++\n");
    g_free(r.text);
    r = start("strace", "status=failed");
    signalled(14, "{x}", &somebody);
    ended(FRAIL_EXIT_KILLED, 9, &somebody);
    g_assert_cmpstr(finish(&r), ==, "");
    g_free(r.text);
    r = start("strace", "signals=off");
    g_assert_null(registered.on_signal);
    g_assert_nonnull(registered.on_exit);
    finish(&r);
    g_free(r.text);
    r = start("strace", "returns=off");
    g_assert_true(!registered.on_signal && !registered.on_exit);
    finish(&r);
    g_free(r.text);
    r = start("strace", "format=raw");
    g_assert_true(!registered.on_signal && !registered.on_exit);
    finish(&r);
    g_free(r.text);
}

/* The same with join=on: whole lines, in the order of the returns. */
static void test_strace_join(void)
{
    Run r = start("strace", "join=on duration=on");
    FrailCall a, b;

    a = enter(FRAIL_ABI_X86_64, 0);
    b = enter(FRAIL_ABI_X86_64, 39);
    leave(&b, 1);
    leave(&a, 4);
    g_assert_cmpstr(finish(&r), ==,
        PID "getpid()                    = 1 <0.000001>\n"
        PID "read(0xffffff9c, \"text\", 0x80000) = 4 <0.000001>\n");
    g_free(r.text);
}

/* No room to decode, nobody known, no task shown. */
static void test_strace_poor(void)
{
    Run r = start("strace", "");
    FrailCall c;

    no_room = true;
    c = new_call(FRAIL_ABI_X86_64, 257);
    c.process = NULL;
    c.task = 0;
    registered.on_call(&c, registered.opaque);
    leave(&c, -2);
    make(FRAIL_ABI_X86_64, 0, 0);
    no_room = false;
    finish(&r);
    g_assert_nonnull(strstr(r.text, "000] openat(0xffffff9c, 0x7ffd1000, "
                            "0x80000, 0x0) = -1 ENOENT\n"));
    g_assert_true(g_str_has_prefix(r.text, "[cr3 0x"));
    g_assert_true(g_str_has_suffix(r.text, PID "read(0xffffff9c, 0x7ffd1000, "
                                   "0x80000) = 0\n"));
    g_free(r.text);
}

static void test_strace_status(void)
{
    static const struct {
        const char *option, *text;
    } cases[] = {
        { "status=failed", PID "getpid()                    = -1 EINTR "
          "(Words)\n" },
        { "status=successful", PID "getpid()                    = 5\n" },
        { "status=unfinished", PID "getpid()                    = ?\n"
          PID "getpid( <unfinished ...>\n" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Run r = start("strace", cases[i].option);
        FrailCall c;

        make(FRAIL_ABI_X86_64, 39, -EINTR);
        make(FRAIL_ABI_X86_64, 39, 5);
        c = enter(FRAIL_ABI_X86_64, 39);
        registered.on_return(&c, registered.opaque);
        c = enter(FRAIL_ABI_X86_64, 39);
        c.restarts = true;
        registered.on_return(&c, registered.opaque);
        enter(FRAIL_ABI_X86_64, 39);
        g_assert_cmpstr(finish(&r), ==, cases[i].text);
        g_free(r.text);
    }
}

/* What is asked for by pid, comm and uid is one expression. */
static void test_strace_who(void)
{
    static const struct {
        const char *option, *where;
    } cases[] = {
        { "join=on", NULL },
        { "pid=1200", "(pid in (1200) or tid in (1200))" },
        { "pid=8:1234", "(pid in (8, 1234) or tid in (8, 1234))" },
        { "uid=0:5", "(euid in (0, 5))" },
        { "comm=init", "comm in (\"init\")" },
        { "comm=a\"b\\:sh\x1b", "comm in (\"a\\x22b\\x5c\", "
          "\"sh\\x1b\")" },
        { "where=pid=1||call=read", "pid=1||call=read" },
        { "comm=sh uid=33 pid=7 where=pid=1||ret<0", "(pid in (7) or tid in "
          "(7)) and (euid in (33)) and comm in (\"sh\") and (pid=1||ret<0)" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Run r = start("strace", cases[i].option);
        const char *err = NULL;

        g_assert_cmpstr(registered.where, ==, cases[i].where);
        if (cases[i].where) {
            FrailFilter *f = frail_filter_new(cases[i].where, &err);

            g_assert_cmpstr(err, ==, NULL);
            frail_filter_free(f);
        }
        finish(&r);
        g_free(r.text);
    }
}

/* Calls that are shown or not by what they return. */
static void test_strace_later(gconstpointer format)
{
    g_autofree char *option = g_strconcat("format=", format, NULL);
    Run r = start("strace", option);
    bool raw = !strcmp(format, "raw");
    unsigned lines = 0;
    FrailCall c[4];

    for (unsigned i = 0; i < G_N_ELEMENTS(c); i++) {
        c[i] = new_call(FRAIL_ABI_X86_64, 39);
        c[i].later = true;
        registered.on_call(&c[i], registered.opaque);
    }
    /* Nothing of them is shown yet, whatever else is. */
    make(FRAIL_ABI_X86_64, 257, 7);
    registered.on_drop(&c[0], registered.opaque);
    leave(&c[1], 1001);
    /* The process of the others ends, or QEMU does. */
    c[2].process = usual_process;
    finish(&r);
    for (const char *at = r.text; (at = strchr(at, '\n')); at++) {
        lines++;
    }
    g_assert_cmpuint(lines, ==, raw ? 4 : 2);
    g_assert_nonnull(strstr(r.text, raw ? "name=getpid" :
                            "getpid()                    = 1001\n"));
    g_assert_nonnull(strstr(r.text, raw ? "ret=1001" : "openat"));
    g_assert_cmpint(decoded_in_use, ==, 0);
    g_free(r.text);
}

/* After a reset a task's stack is used again, and nobody tells. */
static void test_strace_replaced(void)
{
    Run r = start("strace", "");
    FrailCall first = new_call(FRAIL_ABI_X86_64, 39), second = first;

    first.task = second.task = 0x1000;
    second.seq = first.seq + 1;
    registered.on_call(&first, registered.opaque);
    registered.on_call(&second, registered.opaque);
    leave(&second, 5);
    g_assert_cmpstr(finish(&r), ==, PID "getpid( <unfinished ...>\n"
                    PID "getpid()                    = 5\n");
    g_free(r.text);
}

static void test_strace_entry_only(void)
{
    Run r = start("strace", "returns=off trace=openat task=on vcpu=on");
    FrailCall c;

    g_assert_null(registered.on_return);
    g_assert_cmpstr(registered.filter, ==, "openat");
    c = new_call(FRAIL_ABI_X86_64, 257);
    c.task = UINT64_C(0xffffc90000abc000);
    c.vcpu = 13;
    registered.on_call(&c, registered.opaque);
    g_assert_cmpstr(finish(&r), ==, PID "vcpu13 task ffffc90000abc000 "
                    "openat(0xffffff9c, 0x7ffd1000, 0x80000, 0)\n");
    g_free(r.text);
}

static void test_strace_times(void)
{
    static const struct {
        const char *ts, *text;
    } cases[] = {
        { "abs", PID "22:13:20.123456 getpid()\n"
          PID "22:14:21.124455 getpid()\n"
          PID "22:13:20.123456 getpid()\n" },
        { "rel", PID "0.000000 getpid()\n" PID "61.000999 getpid()\n"
          PID "0.000000 getpid()\n" },
        { "delta", PID "0.000000 getpid()\n" PID "61.000999 getpid()\n"
          PID "0.000000 getpid()\n" },
        { "unix", PID "1700000000.123456 getpid()\n"
          PID "1700000061.124455 getpid()\n"
          PID "1700000000.123456 getpid()\n" },
        { "none", PID "getpid()\n" PID "getpid()\n" PID "getpid()\n" },
    };

    g_setenv("TZ", "UTC", TRUE);
    tzset();
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *options = g_strdup_printf("returns=off ts=%s",
                                                   cases[i].ts);
        Run r = start("strace", options);
        FrailCall c;

        enter(FRAIL_ABI_X86_64, 39);
        c = new_call(FRAIL_ABI_X86_64, 39);
        c.time_ns += INT64_C(61000999000);
        registered.on_call(&c, registered.opaque);
        /* Another vCPU's call came in a moment before the first. */
        c.time_ns = new_call(FRAIL_ABI_X86_64, 39).time_ns - 5;
        registered.on_call(&c, registered.opaque);
        g_assert_cmpstr(finish(&r), ==, cases[i].text);
        g_free(r.text);
    }
}

static void test_strace_colour(void)
{
    Run r = start("strace", "color=on");

    make(FRAIL_ABI_X86_64, 39, -EINVAL);
    g_assert_cmpstr(finish(&r), ==, PID "\033[36mgetpid\033[0m()"
                    "                    = "
                    "\033[31m-1 EINVAL (Words)\033[0m\n");
    g_free(r.text);
}

static void test_strace_raw(void)
{
    Run r = start("strace", "format=raw color=on");
    g_autofree char *expected = NULL;
    FrailCall c = enter(FRAIL_ABI_X86_64, 257), u, x;

    leave(&c, -2);
    u = enter(FRAIL_ABI_I386, 999);
    u.restarts = true;
    registered.on_return(&u, registered.opaque);
    x = enter(FRAIL_ABI_X32, 520);
    x.refused = 1;
    leave(&x, -1);
    expected = g_strdup_printf(
        "C seq=%d ns=1700000000123456789 vcpu=0 task=%lx cr3=%x abi=x86-64 "
        "nr=257 name=openat rip=0x401101 rsp=0x7ffff000 "
        "a=0xffffff9c,0x7ffd1000,0x80000,0x0,0x5,0x6\n"
        "R seq=%d nr=257 ret=-2 task=%lx ns=1700000000123457789\n"
        "C seq=%d ns=1700000000123456789 vcpu=0 task=%lx cr3=%x abi=i386 "
        "nr=999 name=? rip=0x4013e7 rsp=0x7ffff000 "
        "a=0xffffff9c,0x7ffd1000,0x80000,0x0,0x5,0x6\n"
        "R seq=%d nr=999 ret=? task=%lx ns=1700000000123456789 restart=1\n"
        "C seq=%d ns=1700000000123456789 vcpu=0 task=%lx cr3=%x abi=x32 "
        "nr=520 name=execve rip=0x401208 rsp=0x7ffff000 "
        "a=0xffffff9c,0x7ffd1000,0x80000,0x0,0x5,0x6\n"
        "R seq=%d nr=520 ret=-1 task=%lx ns=1700000000123457789 refused=1\n",
        (int)c.seq, c.task, (int)c.seq << 12, (int)c.seq, c.task,
        (int)u.seq, u.task, (int)u.seq << 12, (int)u.seq, u.task,
        (int)x.seq, x.task, (int)x.seq << 12, (int)x.seq, x.task);
    g_assert_cmpstr(finish(&r), ==, expected);
    g_free(r.text);
}

/* More open calls than there is room for: the oldest come first. */
static void test_strace_many_open(void)
{
    Run r = start("strace", "task=on");
    FrailCall none = new_call(FRAIL_ABI_X86_64, 0), first, c;
    g_autofree char *wanted = NULL;
    unsigned lines = 0;

    none.task = 0;      /* a guest that does not show its tasks */
    registered.on_call(&none, registered.opaque);
    first = enter(FRAIL_ABI_X86_64, 39);
    for (int i = 0; i < 20000; i++) {
        enter(FRAIL_ABI_X86_64, 0);
    }
    /* The same task again: the first call was cut off by a signal. */
    c = new_call(FRAIL_ABI_X86_64, 257);
    c.task = first.task;
    registered.on_call(&c, registered.opaque);
    finish(&r);
    for (const char *at = r.text; (at = strchr(at, '\n')); at++) {
        lines++;
    }
    g_assert_cmpuint(lines, >, 4000);
    g_assert_cmpuint(lines, <=, 8192 + 1);
    g_assert_nonnull(strstr(r.text, "getpid( <unfinished ...>"));
    wanted = g_strdup_printf("task %lx openat(", first.task);
    g_assert_nonnull(strstr(r.text, wanted));
    g_free(r.text);
}

/* QEMU ends while its vCPUs still run: whole lines, and no crash. */
static void test_strace_exit_while_running(void)
{
    Run r = start("strace", "join=on");

    finish_while_running(&r, new_call(FRAIL_ABI_X86_64, 39), 1000);
    g_assert_true(g_str_has_suffix(r.text, "\n"));
    for (char *line = strtok(r.text, "\n"); line; line = strtok(NULL, "\n")) {
        g_assert_true(g_str_has_prefix(line, PID));
        g_assert_true(g_str_has_suffix(line, " getpid()                    = 0") ||
                      g_str_has_suffix(line, " getpid( <unfinished ...>"));
    }
    g_free(r.text);
}

/* --- frail-count --------------------------------------------------------- */

static void test_count(void)
{
    Run r = start("count", "");

    g_assert_null(registered.on_return);
    g_assert_null(registered.filter);
    for (int i = 0; i < 12; i++) {
        make(FRAIL_ABI_X86_64, 0, 0);
    }
    make(FRAIL_ABI_X86_64, 1, 0);
    make(FRAIL_ABI_I386, 3, 0);
    make(FRAIL_ABI_I386, 3, 0);
    make(FRAIL_ABI_X32, 520, 0);
    make(FRAIL_ABI_X86_64, 421, 0);
    make(FRAIL_ABI_X86_64, -5, 0);
    make(FRAIL_ABI_X86_64, 5000000, 0);
    make(FRAIL_ABI_X86_64, INT64_MIN, 0);
    make(99, 3, 0);
    g_assert_cmpstr(finish(&r), ==,
        "       calls  call\n"
        "          12  read\n"
        "           4  other numbers\n"
        "           2  read [i386]\n"
        "           1  write\n"
        "           1  syscall_0x1a5\n"
        "           1  execve [x32]\n"
        "          21  total\n");
    g_free(r.text);
}

static void test_count_errors(void)
{
    Run r = start("count", "errors=on trace=!futex");
    FrailCall c;

    g_assert_cmpstr(registered.filter, ==, "!futex");
    make(FRAIL_ABI_X86_64, 0, 5);
    make(FRAIL_ABI_X86_64, 0, -EBADF);
    make(FRAIL_ABI_X86_64, 9, INT64_MIN);
    c = enter(FRAIL_ABI_X86_64, 0);
    c.restarts = true;
    leave(&c, -512);
    c = enter(FRAIL_ABI_X86_64, 0);
    c.refused = EACCES;
    leave(&c, -EACCES);
    g_assert_cmpstr(finish(&r), ==,
        "       calls      errors  call\n"
        "           4           2  read\n"
        "           1           0  mmap\n"
        "           5           2  total\n");
    g_free(r.text);
}

/* What only the return decides is counted then, or not. */
static void test_count_later(void)
{
    Run r = start("count", "where=ret>0");
    FrailCall c;

    g_assert_nonnull(registered.on_return);
    g_assert_null(registered.on_drop);
    make(FRAIL_ABI_X86_64, 0, 1);
    for (unsigned i = 0; i < 3; i++) {
        c = new_call(FRAIL_ABI_X86_64, 39);
        c.later = true;
        registered.on_call(&c, registered.opaque);
        if (i) {
            leave(&c, 1);
        }
    }
    g_assert_cmpstr(finish(&r), ==,
        "       calls  call\n"
        "           2  getpid\n"
        "           1  read\n"
        "           3  total\n");
    g_free(r.text);
}

/* --- Both, and the example ----------------------------------------------- */

static void test_wrong_options(void)
{
    static const struct {
        const char *analyzer, *options, *said;
    } wrong[] = {
        { "strace", "colour=on", "frail-strace: no option 'colour'; did you "
          "mean color? help=on prints all\n" },
        { "strace", "pid=x", "frail-strace: pid=x: 'x' is not a number\n" },
        { "strace", "where=com=x", "frail-strace: where=: column 1: no term "
          "is called 'com'; did you mean comm?\n" },
        { "strace", "pid=1 where=pid=", "frail-strace: where=: column 5: a "
          "number is missing\n" },
        { "count", "where=", "frail-count: where=: column 1: the expression "
          "is empty; write true for all calls\n" },
        { "strace", "uid=1:", "frail-strace: uid=1:: '' is not a number\n" },
        { "strace", "string-limit=9999", "frail-strace: string-limit=9999: "
          "the value must be a number from 0 to 8192\n" },
        { "strace", "status=failed returns=off", "frail-strace: "
          "status=failed needs returns=on\n" },
        { "strace", "ts=maybe", "frail-strace: ts=maybe: the value must be "
          "one of none|abs|rel|unix|delta\n" },
        { "strace", "returns=", "frail-strace: returns=: the value must be "
          "one of on|off\n" },
        { "strace", "ts", "frail-strace: ts=on: the value must be "
          "one of none|abs|rel|unix|delta\n" },
        { "strace", "out=/nonexistent/x", "frail-strace: cannot create "
          "/nonexistent/x: No such file or directory\n" },
        { "count", "error=on", "frail-count: no option 'error'; did you mean "
          "errors? help=on prints all\n" },
        { "count", "string-limit=9", "frail-count: no option 'string-limit'; "
          "there are out, overflow, stall, buffer, rotate-size, rotate-keep, "
          "trace, where, errors, help\n" },
        { "count", "=", "frail-count: no option ''; there are "
          "out, overflow, stall, buffer, rotate-size, rotate-keep, trace, "
          "where, errors, help\n" },
        { "count", "overflow=maybe", "frail-count: overflow=maybe: the value "
          "must be one of block|drop\n" },
        { "count", "stall=1m", "frail-count: stall=1m: the value must be a "
          "number from 0 to 86400\n" },
        { "count", "buffer=1K", "frail-count: buffer=1K: the value must be a "
          "size from 4K to 1G\n" },
        { "count", "buffer=99999999999G", "frail-count: "
          "buffer=99999999999G: the value must be a size from 4K to 1G\n" },
        { "count", "rotate-size=-1", "frail-count: rotate-size=-1: the value "
          "must be a size from 1 to 1048576G\n" },
        { "count", "rotate-size=1M", "frail-count: cannot rotate standard "
          "error: it is no file\n" },
        { "count", "rotate-keep=0", "frail-count: rotate-keep=0: the value "
          "must be a number from 1 to 10000\n" },
        { "count", "out=unix:/nonexistent/x", "frail-count: cannot connect "
          "to unix:/nonexistent/x: No such file or directory\n" },
        { "deny", "", "deny: QEMU runs without frail=on\n" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_auto(GStrv) argv = g_strsplit(wrong[i].options, " ", -1);
        g_autofree char *said = NULL;

        register_error = "QEMU runs without frail=on";
        g_assert_cmpint(install(wrong[i].analyzer, argv, &said), !=, 0);
        g_assert_cmpstr(said, ==, wrong[i].said);
        register_error = NULL;
    }
}

static void test_refused_registration(void)
{
    static const char *const analyzers[] = { "strace", "count" };

    for (unsigned i = 0; i < G_N_ELEMENTS(analyzers); i++) {
        g_auto(GStrv) argv = g_strsplit("trace=opennat", " ", -1);
        g_autofree char *said = NULL, *expected = NULL;

        register_error = "did you mean openat?";
        g_assert_cmpint(install(analyzers[i], argv, &said), !=, 0);
        expected = g_strdup_printf("frail-%s: did you mean openat?\n",
                                   analyzers[i]);
        g_assert_cmpstr(said, ==, expected);
        g_assert_null(at_exit);
        register_error = NULL;
    }
}

static void test_help(void)
{
    if (g_test_subprocess()) {
        g_auto(GStrv) argv = g_strsplit("help=on", " ", -1);
        g_autofree char *said = NULL;

        install("strace", argv, &said);
        g_assert_not_reached();
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    g_test_trap_assert_stdout("*format=text|raw*(default: text)*");
}

static void test_deny(void)
{
    g_auto(GStrv) argv = g_strsplit("call=mkdir", " ", -1);
    g_autofree char *said = NULL;
    FrailCall c = new_call(FRAIL_ABI_X86_64, 83);

    g_assert_cmpint(install("deny", argv, &said), ==, 0);
    g_assert_cmpstr(registered.filter, ==, "mkdir");
    g_assert_cmpint(registered.on_call(&c, registered.opaque), ==, -EPERM);
}

typedef struct Reader {
    int fd;
    GString *text;
} Reader;

static gpointer read_all(gpointer opaque)
{
    Reader *r = opaque;
    char buf[4096];
    ssize_t n;

    while ((n = read(r->fd, buf, sizeof(buf))) > 0) {
        g_string_append_len(r->text, buf, n);
    }
    return NULL;
}

/* Nobody reads; then somebody does, and is told how much is missing. */
static void test_strace_lost(gconstpointer format)
{
    g_autofree char *dir = g_dir_make_tmp("frail-strace-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "fifo", NULL);
    g_autofree char *out = g_strconcat("out=", path, NULL);
    g_autofree char *how = g_strconcat("format=", format, NULL);
    g_autofree char *said = NULL;
    char *argv[] = {
        out, how, (char *)"overflow=drop", (char *)"buffer=4K", NULL
    };
    Reader r = { .text = g_string_new(NULL) };
    unsigned lines = 0, lost = 0, n;
    GThread *thread;

    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    r.fd = open(path, O_RDONLY | O_NONBLOCK);
    g_assert_cmpint(install("strace", argv, &said), ==, 0);
    for (unsigned i = 0; i < 2000; i++) {
        make(FRAIL_ABI_X86_64, 39, 1234);
    }
    g_assert_cmpint(fcntl(r.fd, F_SETFL, 0), ==, 0);
    thread = g_thread_new("reader", read_all, &r);
    at_exit(1, at_exit_opaque);
    g_thread_join(thread);
    for (const char *at = r.text->str; *at; at = strchr(at, '\n') + 1) {
        if (sscanf(at, "--- %u lines lost ---", &n) == 1 ||
            sscanf(at, "L lost=%u total=", &n) == 1) {
            lost += n;
        } else {
            lines++;
        }
    }
    g_assert_cmpuint(lost, >, 0);
    g_assert_cmpuint(lines + lost, ==, strcmp(format, "raw") ? 2000 : 4000);
    close(r.fd);
    g_string_free(r.text, TRUE);
    g_unlink(path);
    g_rmdir(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/strace/lost/text", "text", test_strace_lost);
    g_test_add_data_func("/strace/lost/raw", "raw", test_strace_lost);
    g_test_add_func("/strace/text", test_strace_text);
    g_test_add_func("/strace/resumed", test_strace_resumed);
    g_test_add_func("/strace/events", test_strace_events);
    g_test_add_func("/strace/join", test_strace_join);
    g_test_add_func("/strace/poor", test_strace_poor);
    g_test_add_func("/strace/status", test_strace_status);
    g_test_add_func("/strace/who", test_strace_who);
    g_test_add_data_func("/strace/later/text", "text", test_strace_later);
    g_test_add_data_func("/strace/later/raw", "raw", test_strace_later);
    g_test_add_func("/strace/replaced", test_strace_replaced);
    g_test_add_func("/strace/entry-only", test_strace_entry_only);
    g_test_add_func("/strace/times", test_strace_times);
    g_test_add_func("/strace/colour", test_strace_colour);
    g_test_add_func("/strace/raw", test_strace_raw);
    g_test_add_func("/strace/many-open", test_strace_many_open);
    g_test_add_func("/strace/exit-while-running",
                    test_strace_exit_while_running);
    g_test_add_func("/count/table", test_count);
    g_test_add_func("/count/errors", test_count_errors);
    g_test_add_func("/count/later", test_count_later);
    g_test_add_func("/options/wrong", test_wrong_options);
    g_test_add_func("/options/refused", test_refused_registration);
    g_test_add_func("/options/help", test_help);
    g_test_add_func("/example/deny", test_deny);
    return g_test_run();
}
