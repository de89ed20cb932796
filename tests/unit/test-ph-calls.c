/*
 * The ph analyzer as QEMU loads it, over a made-up guest.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define FAKE_PROCESS "fake-ph.h"
#include "fake-qemu.h"

#define OPEN        257
#define READ        0
#define WRITE       1
#define CLOSE       3
#define EXECVE      59
#define EXIT_GROUP  231

/* A thread of the guest: its calls have one kernel stack, one CR3. */
typedef struct Thread {
    FrailProcess process;
    uint64_t cr3;
    int64_t time_ns;
} Thread;

static Thread new_thread(int32_t tid, const char *exe)
{
    return (Thread) {
        .process = { tid, tid, 1000 + tid, exe },
        .cr3 = 0x100000 + tid * UINT64_C(0x2000),
        .time_ns = INT64_C(1700000000123456789),
    };
}

static int call(Thread *t, FrailAbi abi, int64_t nr)
{
    FrailCall c = new_call(abi, nr);

    c.process = &t->process;
    c.task = UINT64_C(0x4000) * t->process.tid;
    c.cr3 = t->cr3;
    c.time_ns = t->time_ns;
    return registered.on_call(&c, registered.opaque);
}

/* Calls up to -1; how many are refused. */
static unsigned calls(Thread *t, const int *nr)
{
    unsigned refused = 0;

    for (; *nr >= 0; nr++) {
        int verdict = call(t, FRAIL_ABI_X86_64, *nr);

        g_assert_cmpint(verdict, <=, 0);
        refused += verdict < 0;
    }
    return refused;
}

/* The thread has made an execve(). */
static void exec(Thread *t, const char *exe)
{
    call(t, FRAIL_ABI_X86_64, EXECVE);
    t->cr3 ^= UINT64_C(1) << 32;
    t->process.exe = exe;
}

static const int usual[] = { OPEN, READ, READ, WRITE, CLOSE, EXIT_GROUP, -1 };
static const int evil[] = { OPEN, READ, EXECVE, EXIT_GROUP, -1 };

/* A run of /bin/x, started by a shell that is nobody's concern. */
static unsigned run(int32_t tid, const int *nr)
{
    Thread t = new_thread(tid, "/bin/sh");

    exec(&t, "/bin/x");
    return calls(&t, nr);
}

static char *dir;

static Run start_in_dir(const char *options)
{
    g_autofree char *all = g_strdup_printf("window=3 profiles=%s %s", dir,
                                           options);

    return start("ph", all);
}

static void train(void)
{
    Run r;

    dir = g_dir_make_tmp("frail-ph-XXXXXX", NULL);
    r = start_in_dir("mode=train");
    run(10, usual);
    run(11, usual);
    g_assert_cmpstr(finish(&r), ==,
        "new program=\"/bin/sh\"\n"
        "new program=\"/bin/x\"\n"
        "sum program=\"/bin/sh\" state=training runs=0 calls=2 anomalies=0 "
        "by-pairs=0 by-windows=0 frame-max=0 learned=2 kinds=1 pairs=0 "
        "windows=0\n"
        "sum program=\"/bin/x\" state=training runs=2 calls=12 anomalies=0 "
        "by-pairs=0 by-windows=0 frame-max=0 learned=12 kinds=5 pairs=12 "
        "windows=6\n"
        "end programs=2 unknown-callers=0 unknown-programs=0 "
        "no-room-programs=0 evicted-threads=0\n");
    g_free(r.text);
}

static void remove_dir(void)
{
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(d))) {
        g_autofree char *path = g_build_filename(dir, name, NULL);

        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(dir), ==, 0);
    g_clear_pointer(&dir, g_free);
}

#define ANOMALY(call, n, pairs, window, frame, did) \
    "anomaly time=1700000000.123456789 program=\"/bin/x\" pid=22 tid=22 " \
    "call=" call " n=" #n " pairs=" pairs " window=" window " frame=" #frame \
    " did=" did "\n"

static const char evil_lines[] =
    ANOMALY("execve", 3, "2/2", "new", 1, "log")
    ANOMALY("exit_group", 4, "2/2", "new", 2, "log");

/* Trained, then tested in another QEMU: what it is for. */
static void test_whole(void)
{
    Run r;

    train();
    r = start_in_dir("mode=test");
    for (unsigned i = 0; i < 20; i++) {
        g_assert_cmpuint(run(100 + i, usual), ==, 0);
    }
    g_assert_cmpuint(run(22, evil), ==, 0);
    finish(&r);
    g_assert_true(g_str_has_prefix(r.text, evil_lines));
    g_assert_nonnull(strstr(r.text, "sum program=\"/bin/x\" state=testing "
        "runs=21 calls=124 anomalies=2 by-pairs=2 by-windows=2 frame-max=2"));
    g_free(r.text);

    /* Nothing of it was written or learned: the same again. */
    r = start_in_dir("mode=test");
    run(22, evil);
    g_assert_true(g_str_has_prefix(finish(&r), evil_lines));
    g_free(r.text);
    remove_dir();
}

/* Another ABI and a number that no table has are other calls. */
static void test_other_calls(void)
{
    Thread t = new_thread(22, "/bin/sh");
    Run r;

    train();
    r = start_in_dir("mode=test");
    exec(&t, "/bin/x");
    call(&t, FRAIL_ABI_X86_64, OPEN);
    call(&t, FRAIL_ABI_I386, 3);
    call(&t, FRAIL_ABI_X86_64, -1);
    finish(&r);
    g_assert_true(g_str_has_prefix(r.text,
        ANOMALY("i386:read", 2, "2/2", "new", 1, "log")
        ANOMALY("syscall_0xffffffffffffffff", 3, "2/2", "new", 2, "log")));
    g_free(r.text);
    remove_dir();
}

static void test_refuse(void)
{
    Run r;

    train();
    r = start_in_dir("mode=test react=refuse errno=ENOSYS");
    g_assert_cmpuint(run(21, usual), ==, 0);
    /* The end of a program is never refused. */
    g_assert_cmpuint(run(22, evil), ==, 1);
    finish(&r);
    g_assert_true(g_str_has_prefix(r.text,
        ANOMALY("execve", 3, "2/2", "new", 1, "log,refuse:ENOSYS")
        ANOMALY("exit_group", 4, "2/2", "new", 2, "log")));
    g_free(r.text);

    r = start_in_dir("mode=test react=refuse limit=3");
    g_assert_cmpuint(run(22, evil), ==, 0);
    g_assert_cmpuint(run(23, (const int[]) { EXECVE, EXECVE, EXECVE, EXECVE,
                                             -1 }), ==, 2);
    g_free((char *)finish(&r));

    /* Training refuses nothing. */
    r = start_in_dir("mode=train react=refuse");
    g_assert_cmpuint(run(22, evil), ==, 0);
    g_free((char *)finish(&r));
    remove_dir();
}

/* Of an event that finds no room nothing is said. */
static void test_events(void)
{
    Run r;

    train();
    events = pauses = kills = 0;
    r = start_in_dir("mode=test react=event:kill:pause");
    run(21, usual);
    g_assert_cmpint(events + pauses + kills, ==, 0);
    g_assert_cmpuint(run(22, evil), ==, 0);
    g_assert_cmpint(kills, ==, 1);      /* who ends needs not be killed */
    g_assert_cmpint(pauses, ==, 1);
    g_assert_cmpint(events, ==, 2);
    g_assert_cmpstr(event_text, ==, "anomaly program=/bin/x n=4 pairs-new=2 "
                    "pairs=2 window-new=1 frame=2");
    run(1, (const int[]) { EXECVE, -1 });
    finish(&r);
    g_assert_true(g_str_has_prefix(r.text,
        ANOMALY("execve", 3, "2/2", "new", 1, "log,event,kill,pause")
        ANOMALY("exit_group", 4, "2/2", "new", 2, "log")));
    /* The guest's init is spared. */
    g_assert_nonnull(strstr(r.text, "pid=1 tid=1 call=execve n=1 pairs=2/2 "
                            "window=new frame=1 did=log,pause\n"));
    g_free(r.text);
    remove_dir();
}

static void *evil_thread(void *opaque)
{
    int64_t *took = opaque;
    int64_t begin = g_get_monotonic_time();

    run(22, evil);
    *took = g_get_monotonic_time() - begin;
    return NULL;
}

static void test_delay(void)
{
    int64_t took = 0;
    GThread *thread;
    Run r;

    train();
    r = start_in_dir("mode=test react=delay delay=30");
    evil_thread(&took);
    g_assert_cmpint(took, >=, 30000);
    finish(&r);
    g_assert_true(g_str_has_prefix(r.text,
        ANOMALY("execve", 3, "2/2", "new", 1, "log,delay:30")
        ANOMALY("exit_group", 4, "2/2", "new", 2, "log")));
    g_free(r.text);

    /* Those who sleep do not keep QEMU from its end. */
    r = start_in_dir("mode=test react=delay delay=1000");
    told = 0;
    thread = g_thread_new("vcpu", evil_thread, &took);
    g_mutex_lock(&told_lock);
    while (!told) {
        g_cond_wait(&told_cond, &told_lock);
    }
    g_mutex_unlock(&told_lock);
    finish(&r);
    g_thread_join(thread);
    g_assert_cmpint(took, <, 1000000);
    g_assert_nonnull(strstr(r.text, "did=log,delay:1000\n"));
    g_free(r.text);
    remove_dir();
}

/* From training to testing in one QEMU. */
static void test_auto(void)
{
    Run r = start("ph", "window=3 programs=/bin/x freeze-calls=20 "
                  "freeze-ratio=2 freeze-time=100");
    Thread t = new_thread(30, "/bin/sh");

    for (unsigned i = 0; i < 5; i++) {
        g_assert_cmpuint(run(100 + i, usual), ==, 0);
    }
    exec(&t, "/bin/x");
    t.time_ns += INT64_C(100) * 1000000000;
    call(&t, FRAIL_ABI_X86_64, OPEN);
    run(22, evil);
    finish(&r);
    g_assert_true(g_str_has_prefix(r.text,
        "new program=\"/bin/x\"\n"
        "frozen program=\"/bin/x\" calls=26 pairs=12 windows=6\n"
        "testing program=\"/bin/x\" calls=31 pairs=12 windows=6\n"));
    g_assert_nonnull(strstr(r.text, evil_lines));
    g_free(r.text);
}

static void test_methods(void)
{
    static const int longer[] = { OPEN, READ, READ, READ, WRITE, CLOSE,
                                  EXIT_GROUP, -1 };
    Run r;

    train();
    /* Makes READ two before READ known, in other company. */
    r = start_in_dir("mode=train");
    run(12, (const int[]) { READ, CLOSE, READ, -1 });
    g_free((char *)finish(&r));
    r = start_in_dir("mode=test");
    run(22, longer);
    finish(&r);
    g_assert_nonnull(strstr(r.text, " anomalies=0 by-pairs=0 by-windows=1 "));
    g_free(r.text);
    r = start_in_dir("mode=test method=windows");
    run(22, longer);
    finish(&r);
    g_assert_true(g_str_has_prefix(r.text,
        ANOMALY("read", 4, "0/2", "new", 1, "log")));
    g_free(r.text);
    remove_dir();
}

/* Whoever is not known, and what is not wanted. */
static void test_left_alone(void)
{
    Run r = start("ph", "programs=/usr/*:*bin/y");
    Thread t = new_thread(7, NULL);
    FrailCall c = new_call(FRAIL_ABI_X86_64, 0);

    c.process = NULL;
    g_assert_cmpint(registered.on_call(&c, registered.opaque), ==, 0);
    make(FRAIL_ABI_X86_64, 0, 0);           /* of /bin/x */
    call(&t, FRAIL_ABI_X86_64, 1);
    call(&t, FRAIL_ABI_X86_64, 1);
    exec(&t, "/bin/x");
    call(&t, FRAIL_ABI_X86_64, 1);
    exec(&t, "/bin/y");
    call(&t, FRAIL_ABI_X86_64, 1);
    exec(&t, "/usr/\033[2Jz");
    call(&t, FRAIL_ABI_X86_64, 1);
    finish(&r);
    g_assert_true(g_str_has_prefix(r.text,
        "new program=\"/bin/y\"\n"
        "new program=\"/usr/\\x1b[2Jz\"\n"
        "sum program=\"/bin/y\" state=training runs=1 calls=2 "));
    g_assert_nonnull(strstr(r.text, "end programs=2 unknown-callers=1 "
                            "unknown-programs=1 no-room-programs=0 "));
    g_free(r.text);

    /* QEMU is at its end, but a vCPU still runs. */
    g_assert_cmpint(call(&t, FRAIL_ABI_X86_64, 1), ==, FRAIL_CONTINUE);
}

/* --- Many vCPUs ----------------------------------------------------------- */

#define VCPUS   4

static void *vcpu(void *opaque)
{
    int32_t base = GPOINTER_TO_INT(opaque);

    for (int32_t i = 0; i < 3000; i++) {
        run(base + i, usual);
    }
    return NULL;
}

/* They learn the same program, which becomes tested meanwhile. */
static void test_vcpus(void)
{
    GThread *thread[VCPUS];
    Run r = start("ph", "window=3 freeze-calls=5000 freeze-time=0");

    for (unsigned i = 0; i < VCPUS; i++) {
        thread[i] = g_thread_new("vcpu", vcpu,
                                 GINT_TO_POINTER(1000 + 100000 * i));
    }
    for (unsigned i = 0; i < VCPUS; i++) {
        g_thread_join(thread[i]);
    }
    finish(&r);
    g_assert_nonnull(strstr(r.text, "testing program=\"/bin/x\""));
    g_assert_nonnull(strstr(r.text, "sum program=\"/bin/x\" state=testing "
        "runs=12000 calls=72000 anomalies=0 by-pairs=0 by-windows=0 "));
    g_assert_null(strstr(r.text, "anomaly"));
    g_free(r.text);
}

/* QEMU ends while they learn. */
static void test_end(void)
{
    Run r;

    train();
    r = start_in_dir("mode=train save-calls=100");
    finish_while_running(&r, new_call(FRAIL_ABI_X86_64, READ), 1000);
    g_assert_nonnull(strstr(r.text, "\nend programs=2 "));
    g_free(r.text);
    r = start_in_dir("mode=test");      /* the files are whole */
    g_free((char *)finish(&r));
    remove_dir();
}

static void test_options(void)
{
    static const struct {
        const char *options, *err;
    } cases[] = {
        { "window=1", "frail-ph: window=1: the value must be a number from 2 "
          "to 16\n" },
        { "react=shout", "frail-ph: react=shout: the value must be log, "
          "event, refuse, delay, kill or pause, or several separated by "
          "':'\n" },
        { "react=", "frail-ph: react=: the value must be log, event, "
          "refuse, delay, kill or pause, or several separated by ':'\n" },
        { "errno=5", "frail-ph: errno=5: the value must be the name of an "
          "error, like EPERM\n" },
        { "delay=2000", "frail-ph: delay=2000: the value must be a number "
          "from 1 to 1000\n" },
        { "mode=test", "frail-ph: mode=test needs profiles=DIR, where "
          "mode=train has left them\n" },
        { "programs=sshd", "frail-ph: programs=sshd: the value must be whole "
          "paths, like /usr/sbin/*, separated by ':'\n" },
        { "profiles=/no/such/dir", "frail-ph: cannot make the directory "
          "/no/such/dir: No such file or directory\n" },
        { "mode=test profiles=/no/such", "frail-ph: Error opening directory "
          "\xe2\x80\x9c/no/such\xe2\x80\x9d: No such file or directory\n" },
        { "where=ret<0", "frail-ph: where=: a result is not known yet when "
          "the call is looked at; ask for something else\n" },
        { "mode=guess", "frail-ph: mode=guess: the value must be one of "
          "auto|train|test\n" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) argv = g_strsplit(cases[i].options, " ", -1);
        g_autofree char *said = NULL;

        g_assert_cmpint(install("ph", argv, &said), !=, 0);
        g_assert_cmpstr(said, ==, cases[i].err);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ph-calls/whole", test_whole);
    g_test_add_func("/ph-calls/other-calls", test_other_calls);
    g_test_add_func("/ph-calls/refuse", test_refuse);
    g_test_add_func("/ph-calls/events", test_events);
    g_test_add_func("/ph-calls/delay", test_delay);
    g_test_add_func("/ph-calls/auto", test_auto);
    g_test_add_func("/ph-calls/methods", test_methods);
    g_test_add_func("/ph-calls/left-alone", test_left_alone);
    g_test_add_func("/ph-calls/vcpus", test_vcpus);
    g_test_add_func("/ph-calls/end", test_end);
    g_test_add_func("/ph-calls/options", test_options);
    return g_test_run();
}
