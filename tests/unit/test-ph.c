/*
 * What is normal for a program: profiles, their files, threads.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzers/ph-file.h"
#include "analyzers/ph-profile.h"
#include "analyzers/ph-store.h"
#include "analyzers/ph-tasks.h"

#define OPEN    257
#define READ    0
#define WRITE   1
#define CLOSE   3
#define EXECVE  59

/* Learn calls, -1 ends them, as a program's whole run. */
static void teach(PhProfile *p, const int *calls)
{
    PhSequence s;
    PhStep step;

    ph_sequence_begin(&s);
    for (; *calls >= 0; calls++) {
        ph_learn(p, &s, ph_id(0, *calls), &step);
    }
    p->runs++;
}

/* How many of the calls are anomalies by pairs, by windows. */
static void count(const PhProfile *p, const int *calls, bool joins,
                  unsigned *pairs, unsigned *windows)
{
    PhSequence s;
    PhStep step;

    *pairs = *windows = 0;
    if (joins) {
        ph_sequence_join(&s);
    } else {
        ph_sequence_begin(&s);
    }
    for (; *calls >= 0; calls++) {
        ph_test(p, &s, ph_id(0, *calls), &step);
        *pairs += step.pairs_new || step.alien;
        *windows += step.window_new || step.alien;
    }
}

static const int usual[] = { OPEN, READ, READ, WRITE, CLOSE, -1 };

static void test_pairs(void)
{
    static const int longer[] = { OPEN, READ, READ, READ, WRITE, CLOSE, -1 };
    static const int evil[] = { OPEN, READ, EXECVE, -1 };
    PhProfile *p = ph_profile_new("/bin/x", 3);
    unsigned pairs, windows;

    teach(p, usual);
    g_assert_cmpuint(p->n_calls, ==, 4);
    g_assert_cmpuint(p->calls, ==, 5);
    g_assert_cmpuint(p->changed, ==, 5);
    /*
     * OPEN after begin (1, 2); READ after OPEN (1, 2), begin (2), READ (1);
     * WRITE after READ (1, 2); CLOSE after WRITE (1), READ (2).
     */
    g_assert_cmpuint(p->n_pairs, ==, 10);
    g_assert_cmpuint(p->n_windows, ==, 5);

    count(p, usual, false, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 0);
    g_assert_cmpuint(windows, ==, 0);
    /* READ two before READ is a new pair, and twice a new window. */
    count(p, longer, false, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 1);
    g_assert_cmpuint(windows, ==, 1);
    count(p, evil, false, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 1);
    g_assert_cmpuint(windows, ==, 1);

    /* What is known is learned once. */
    teach(p, usual);
    g_assert_cmpuint(p->calls, ==, 10);
    g_assert_cmpuint(p->changed, ==, 5);
    g_assert_cmpuint(p->n_pairs, ==, 10);
    g_assert_cmpuint(p->n_windows, ==, 5);
    ph_profile_free(p);
}

/* Every pair is known, and the window is not: A B D and C B E, then A B E. */
static void test_windows_know_more(void)
{
    static const int one[] = { 10, 11, 13, -1 };
    static const int other[] = { 12, 11, 14, -1 };
    static const int third[] = { 10, 15, 14, -1 };
    static const int mixed[] = { 10, 11, 14, -1 };
    PhProfile *p = ph_profile_new("/bin/x", 3);
    unsigned pairs, windows;

    teach(p, one);
    teach(p, other);
    teach(p, third);
    count(p, mixed, false, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 0);
    g_assert_cmpuint(windows, ==, 1);
    ph_profile_free(p);
}

/* A thread that comes from nowhere is compared as far as it is known. */
static void test_join(void)
{
    static const int middle[] = { READ, WRITE, CLOSE, -1 };
    static const int wrong[] = { WRITE, READ, -1 };
    static const int alien[] = { EXECVE, -1 };
    PhProfile *p = ph_profile_new("/bin/x", 3);
    unsigned pairs, windows;

    teach(p, usual);
    count(p, middle, true, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 0);
    g_assert_cmpuint(windows, ==, 0);
    count(p, middle, false, &pairs, &windows);
    g_assert_cmpuint(pairs, >, 0);
    count(p, wrong, true, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 1);
    g_assert_cmpuint(windows, ==, 0);       /* none is whole */
    count(p, alien, true, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 1);
    g_assert_cmpuint(windows, ==, 1);
    ph_profile_free(p);
}

/* The longest window, in which the two words of PhWindow are in use. */
static void test_long_window(void)
{
    int calls[40];
    PhProfile *p = ph_profile_new("/bin/x", PH_WINDOW_MAX);
    unsigned pairs, windows;

    for (unsigned i = 0; i < 39; i++) {
        calls[i] = i * 7 % 39;
    }
    calls[39] = -1;
    teach(p, calls);
    g_assert_cmpuint(p->n_windows, ==, 39);
    count(p, calls, false, &pairs, &windows);
    g_assert_cmpuint(pairs + windows, ==, 0);
    calls[2] = calls[1];            /* 13 of the 16 see it */
    calls[16] = -1;
    count(p, calls, false, &pairs, &windows);
    g_assert_cmpuint(windows, ==, 14);
    g_assert_cmpuint(pairs, ==, 14);
    ph_profile_free(p);
}

static void test_ids(void)
{
    g_assert_cmpuint(ph_id(0, 0), ==, 0);
    g_assert_cmpuint(ph_id(2, 5), ==, 2 * PH_NUMBERS + 5);
    g_assert_cmpuint(ph_id(1, -1), ==, 2 * PH_NUMBERS - 1);
    g_assert_cmpuint(ph_id(1, INT64_MAX), ==, 2 * PH_NUMBERS - 1);
    g_assert_cmpuint(ph_id(2, PH_NUMBERS), ==, PH_IDS - 1);
    g_assert_cmpuint(ph_id(77, 1), ==, 1);
}

/* A hostile program: more kinds of calls and windows than there is room. */
static PhProfile *full_profile(void)
{
    PhProfile *p = ph_profile_new("/bin/full", 4);
    PhSequence s;
    PhStep step;
    uint32_t random = 1;

    ph_sequence_begin(&s);
    for (unsigned i = 0; i < 60000; i++) {
        random = random * 1664525 + 1013904223;
        ph_learn(p, &s, (random >> 8) % 300, &step);
    }
    return p;
}

static void test_full(void)
{
    static const int any[] = { OPEN, READ, 900, 901, 902, 903, -1 };
    PhProfile *p = full_profile();
    unsigned pairs, windows, found = 0;

    g_assert_true(p->full_calls);
    g_assert_true(p->full_windows);
    g_assert_cmpuint(p->n_calls, ==, PH_LAST);
    g_assert_cmpuint(p->n_windows, ==, PH_WINDOWS_MAX);
    g_assert_cmpuint(p->slots, ==, PH_SLOTS_MAX);
    for (unsigned i = 0; i < p->slots; i++) {
        found += p->slot[i].lo && ph_profile_has_window(p, p->slot[i]);
    }
    g_assert_cmpuint(found, ==, PH_WINDOWS_MAX);
    /* What had no room is not held against anybody. */
    count(p, any, false, &pairs, &windows);
    g_assert_cmpuint(windows, ==, 0);
    ph_profile_free(p);
}

static void test_frame(void)
{
    PhFrame f = { 0 };

    for (unsigned i = 0; i < 1000; i++) {
        g_assert_cmpuint(ph_frame_add(&f, true), ==, MIN(i + 1, PH_FRAME));
    }
    for (unsigned i = 1; i <= PH_FRAME; i++) {
        g_assert_cmpuint(ph_frame_add(&f, false), ==, PH_FRAME - i);
    }
    g_assert_cmpuint(ph_frame_add(&f, true), ==, 1);
    for (unsigned i = 1; i < PH_FRAME; i++) {
        g_assert_cmpuint(ph_frame_add(&f, false), ==, 1);
    }
    g_assert_cmpuint(ph_frame_add(&f, false), ==, 0);
}

/* Training, frozen, training again, frozen, testing. */
static void test_freeze(void)
{
    static const int more[] = { OPEN, CLOSE, -1 };
    const PhFreeze f = { .calls = 10, .ratio = 3, .time_ns = 1000 };
    PhProfile *p = ph_profile_new("/bin/x", 3);

    teach(p, usual);                /* 5 calls, all new */
    g_assert_false(ph_profile_advance(p, &f, 100));
    teach(p, usual);
    teach(p, usual);                /* 10 calls with nothing new, 2 times 5 */
    g_assert_false(ph_profile_advance(p, &f, 200));
    teach(p, usual);                /* 15: 3 times 5 */
    g_assert_true(ph_profile_advance(p, &f, 300));
    g_assert_cmpint(p->state, ==, PH_FROZEN);
    g_assert_false(ph_profile_advance(p, &f, 1299));
    teach(p, more);
    g_assert_true(ph_profile_advance(p, &f, 1300));
    g_assert_cmpint(p->state, ==, PH_TRAINING);
    for (unsigned i = 0; i < 20; i++) {
        teach(p, usual);
    }
    g_assert_true(ph_profile_advance(p, &f, 5000));
    g_assert_cmpint(p->state, ==, PH_FROZEN);
    /* The clock is set back: what is left is waited for anew. */
    g_assert_false(ph_profile_advance(p, &f, 10));
    g_assert_false(ph_profile_advance(p, &f, 1009));
    g_assert_true(ph_profile_advance(p, &f, 1010));
    g_assert_cmpint(p->state, ==, PH_TESTING);
    g_assert_false(ph_profile_advance(p, &f, 1));
    ph_profile_free(p);
}

/* --- Files ---------------------------------------------------------------- */

static PhProfile *parse(const char *text, char **err)
{
    g_autofree char *copy = g_strdup(text);

    *err = NULL;
    return ph_file_parse("x.ph", copy, strlen(text), err);
}

static char *text_of(const PhProfile *p)
{
    return g_string_free(ph_file_text(p), FALSE);
}

static void test_file(void)
{
    PhProfile *p = ph_profile_new("/bin/a \"b\"\\\x1b[31m\xc3\xa4", 3), *q;
    g_autofree char *text = NULL, *again = NULL, *err = NULL;

    teach(p, usual);
    ph_profile_index(p, ph_id(2, 5));
    p->state = PH_FROZEN;
    p->frozen_ns = 77;
    text = text_of(p);
    g_assert_cmpstr(text, ==,
        "frail-ph 1\n"
        "exe \"/bin/a \\x22b\\x22\\x5c\\x1b[31m\\xc3\\xa4\"\n"
        "window 3\nstate frozen\ncalls 5\nchanged 5\nruns 1\nfrozen 77\n"
        "full\n"
        "call 1 x86-64:257 openat\n"
        "call 2 x86-64:0 read\n"
        "call 3 x86-64:1 write\n"
        "call 4 x86-64:3 close\n"
        "call 5 i386:5 open\n"
        "pair 1 0 0x6\n"
        "pair 2 0 0x4\n"
        "pair 2 1 0x6\n"
        "pair 2 2 0x2\n"
        "pair 3 2 0x6\n"
        "pair 4 2 0x4\n"
        "pair 4 3 0x2\n"
        "seq 0 0 1\n"
        "seq 0 1 2\n"
        "seq 1 2 2\n"
        "seq 2 2 3\n"
        "seq 2 3 4\n"
        "end 17\n");
    q = parse(text, &err);
    g_assert_cmpstr(err, ==, NULL);
    g_assert_cmpstr(q->exe, ==, p->exe);
    g_assert_cmpuint(q->n_pairs, ==, p->n_pairs);
    g_assert_cmpuint(q->n_windows, ==, p->n_windows);
    again = text_of(q);
    g_assert_cmpstr(again, ==, text);
    ph_profile_free(p);
    ph_profile_free(q);

    /* The largest one. */
    p = full_profile();
    g_free(text);
    g_free(again);
    text = text_of(p);
    q = parse(text, &err);
    g_assert_cmpstr(err, ==, NULL);
    again = text_of(q);
    g_assert_true(!strcmp(again, text));
    ph_profile_free(p);
    ph_profile_free(q);
}

#define HEAD "frail-ph 1\nexe \"/x\"\nwindow 3\nstate training\ncalls 5\n" \
             "changed 5\nruns 1\nfrozen 0\nfull\n"
#define CALL "call 1 x86-64:0 read\n"

static void test_file_wrong(void)
{
    static const struct {
        const char *text, *err;
    } cases[] = {
        { "", "x.ph:1: the file ends too early" },
        { "hello\n", "x.ph:1: this is no profile" },
        { "frail-ph 2\n", "x.ph:1: this is no profile" },
        { "frail-ph 1\nwindow 3\n", "x.ph:2: 'exe ...' must stand here" },
        { "frail-ph 1\nexe /x\n", "x.ph:2: a path in quotes" },
        { "frail-ph 1\nexe \"/x\n", "x.ph:2: a path in quotes" },
        { "frail-ph 1\nexe \"\\x00\"\n", "x.ph:2: a path in quotes" },
        { "frail-ph 1\nexe \"\\y\"\n", "x.ph:2: a path in quotes" },
        { "frail-ph 1\nexe \"/x\" y\n", "x.ph:2: ' y' is too much" },
        { "frail-ph 1\nexe \"/x\"\nwindow 17\n",
          "x.ph:3: '17' must be a number from 2 to 16" },
        { "frail-ph 1\nexe \"/x\"\nwindow 3\nstate ready\n",
          "x.ph:4: the state must be" },
        { "frail-ph 1\nexe \"/x\"\nwindow 3\nstate frozen\ncalls 1\n"
          "changed 2\n", "x.ph:6: '2' must be a number from 0 to 1" },
        { HEAD "call 2 x86-64:0\n", "x.ph:10: calls are numbered from 1" },
        { HEAD CALL "call 2 x86-64:0\n", "x.ph:11: calls are numbered" },
        { HEAD "call 1 arm:0\n", "x.ph:10: 'arm:0' must be x86-64:NUMBER" },
        { HEAD "call 1 i386:1024\n", "x.ph:10: '1024' must be a number" },
        { HEAD "call 254 i386:1\n", "x.ph:10: '254' must be a number" },
        { HEAD CALL "pair 2 0 0x2\n", "x.ph:11: no line before this one says "
          "which call 2 is" },
        { HEAD CALL "pair 0 0 0x2\n", "x.ph:11: '0' must be a number" },
        { HEAD CALL "pair 254 1 0x2\n", "x.ph:11: no line before this one" },
        { HEAD CALL "pair 1 0 0x8\n", "x.ph:11: '0x8' must be a number" },
        { HEAD CALL "pair 1 0 0x3\n", "x.ph:11: no call stands at distance" },
        { HEAD CALL "pair 1 0 0x2\npair 1 0 0x4\n", "x.ph:12: this pair had" },
        { HEAD CALL "seq 0 1\n", "x.ph:11: '' must be a number" },
        { HEAD CALL "seq 0 0 0\n", "x.ph:11: '0' must be a number" },
        { HEAD CALL "seq 1 0 1\n", "x.ph:11: '0' must be a number" },
        { HEAD CALL "seq 0 0 1 1\n", "x.ph:11: '1' is too much" },
        { HEAD CALL "seq 0 0 1\nseq 0 0 1\n", "x.ph:12: this sequence had" },
        { HEAD CALL "end 2\n", "x.ph:11: 1 lines are missing or too many" },
        { HEAD CALL "end 1", "x.ph:11: the file ends too early" },
        { HEAD CALL "end 1\n\n", "x.ph:11: there is more behind" },
        { HEAD CALL "walk 1\n", "x.ph:11: 'call', 'pair', 'seq' or 'end'" },
        { HEAD CALL, "x.ph:11: the file ends too early" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *err = NULL;

        g_assert_null(parse(cases[i].text, &err));
        g_assert_nonnull(err);
        if (!g_str_has_prefix(err, cases[i].err)) {
            g_error("%s: not %s", err, cases[i].err);
        }
    }
}

/* Whatever is changed in a file, it is refused, or is a profile again. */
static void test_file_changed(void)
{
    PhProfile *p = ph_profile_new("/bin/x", 3), *q;
    g_autofree char *text = NULL;
    size_t len;

    teach(p, usual);
    text = text_of(p);
    len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        static const char by[] = { 0, '\n', ' ', '0', '9', 'x', '"', '\\', -1 };

        for (unsigned j = 0; j < sizeof(by) + 1; j++) {
            g_autofree char *copy = g_memdup2(text, len), *err = NULL;
            g_autofree char *again = NULL;

            if (j < sizeof(by)) {
                copy[i] = by[j];
            }
            /* The last one is cut off instead. */
            q = ph_file_parse("x", copy, j < sizeof(by) ? len : i, &err);
            g_assert_true(!q == !!err);
            if (q) {
                again = text_of(q);
                ph_profile_free(q);
                q = parse(again, &err);
                g_assert_nonnull(q);
            }
            ph_profile_free(q);
        }
    }
    ph_profile_free(p);
}

static void test_file_name(void)
{
    g_autofree char *a = ph_file_name("/usr/bin/x y");
    g_autofree char *b = ph_file_name("/usr/bin/x_y");
    g_autofree char *c = ph_file_name("/../../etc/passwd");
    g_autofree char *name = g_strnfill(4000, 'n');
    g_autofree char *d = ph_file_name(name);
    g_autofree char *e = ph_file_name("");

    g_assert_true(g_str_has_prefix(a, "usr.bin.x_y-"));
    g_assert_true(g_str_has_prefix(b, "usr.bin.x_y-"));
    g_assert_cmpstr(a, !=, b);
    g_assert_null(strchr(c, '/'));
    g_assert_cmpint(*c, !=, '.');
    g_assert_cmpuint(strlen(d), <, 200);
    g_assert_true(g_str_has_suffix(e, PH_SUFFIX));
}

static void test_merge(void)
{
    static const int other[] = { READ, EXECVE, OPEN, -1 };
    PhProfile *a = ph_profile_new("/bin/x", 3);
    PhProfile *b = ph_profile_new("/bin/x", 3);
    PhProfile *c = ph_profile_new("/bin/x", 4);
    unsigned pairs, windows;

    teach(a, usual);
    teach(b, other);
    a->state = b->state = PH_TESTING;
    count(a, other, false, &pairs, &windows);
    g_assert_cmpuint(pairs, >, 0);
    g_assert_true(ph_profile_merge(a, b));
    count(a, usual, false, &pairs, &windows);
    g_assert_cmpuint(pairs + windows, ==, 0);
    count(a, other, false, &pairs, &windows);
    g_assert_cmpuint(pairs + windows, ==, 0);
    g_assert_cmpuint(a->n_calls, ==, 5);
    g_assert_cmpuint(a->n_windows, ==, 8);
    g_assert_cmpuint(a->calls, ==, 8);
    g_assert_cmpuint(a->runs, ==, 2);
    g_assert_cmpint(a->state, ==, PH_TESTING);
    /* No pair that neither had. */
    count(a, (const int[]) { EXECVE, -1 }, false, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 1);
    b->state = PH_TRAINING;
    g_assert_true(ph_profile_merge(a, b));
    g_assert_cmpuint(a->n_windows, ==, 8);
    g_assert_cmpint(a->state, ==, PH_TRAINING);
    g_assert_false(ph_profile_merge(a, c));
    ph_profile_free(a);
    ph_profile_free(b);
    ph_profile_free(c);
}

/* --- Threads -------------------------------------------------------------- */

static PhArrival arrive(PhTasks *t, int tid, uint64_t start, uint64_t stack,
                        uint64_t cr3)
{
    PhArrival arrival;
    PhTask *task = ph_tasks_lock(t, tid, start, stack, cr3, &arrival);

    if (arrival != PH_ARRIVAL_GOES_ON) {
        g_assert_cmpuint(task->calls, ==, 0);
        g_assert_null(task->program);
    }
    g_assert_cmpint(task->tid, ==, tid);
    task->calls++;
    ph_tasks_unlock(t, task);
    return arrival;
}

static void test_tasks(void)
{
    PhTasks *t = ph_tasks_new();
    PhArrival arrival;

    g_assert_cmpint(arrive(t, 7, 1, 0x4000, 0x1000), ==, PH_ARRIVAL_JOINS);
    g_assert_cmpint(arrive(t, 7, 1, 0x4000, 0x1000), ==, PH_ARRIVAL_GOES_ON);
    /* A PCID is no other address space. */
    g_assert_cmpint(arrive(t, 7, 1, 0x4000, 0x1006), ==, PH_ARRIVAL_GOES_ON);
    g_assert_cmpint(arrive(t, 7, 1, 0x4000, 0x2000), ==, PH_ARRIVAL_BEGINS);
    g_assert_cmpint(arrive(t, 7, 1, 0x4000, 0x2000), ==, PH_ARRIVAL_GOES_ON);
    /* Another thread with the number of a dead one; another process. */
    g_assert_cmpint(arrive(t, 7, 1, 0x8000, 0x2000), ==, PH_ARRIVAL_JOINS);
    g_assert_cmpint(arrive(t, 7, 2, 0x8000, 0x2000), ==, PH_ARRIVAL_JOINS);
    g_assert_cmpuint(t->evicted, ==, 0);
    ph_tasks_remove(t, ph_tasks_lock(t, 7, 2, 0x8000, 0x2000, &arrival));
    g_assert_cmpint(arrival, ==, PH_ARRIVAL_GOES_ON);
    g_assert_cmpint(arrive(t, 7, 2, 0x8000, 0x2000), ==, PH_ARRIVAL_JOINS);

    /* Too many in one set: the one that was quiet for longest has to go. */
    for (int i = 1; i <= PH_TASK_WAYS; i++) {
        arrive(t, 7 + i * PH_TASK_SETS, 1, 0x4000, 0x1000);
    }
    g_assert_cmpuint(t->evicted, ==, 1);
    g_assert_cmpint(arrive(t, 7 + PH_TASK_SETS, 1, 0x4000, 0x1000), ==,
                    PH_ARRIVAL_GOES_ON);
    g_assert_cmpint(arrive(t, 7, 2, 0x8000, 0x2000), ==, PH_ARRIVAL_JOINS);
    g_assert_cmpuint(t->evicted, ==, 2);
    ph_tasks_free(t);
}

/* --- The directory -------------------------------------------------------- */

static void test_store(void)
{
    g_autofree char *dir = g_dir_make_tmp("frail-ph-XXXXXX", NULL);
    g_autofree char *err = NULL, *path = NULL, *wrong = NULL;
    PhStoreOptions opts = { .dir = dir, .mode = PH_MODE_TRAIN, .window = 3,
                            .save_calls = 1000 };
    PhStore *s = ph_store_open(&opts, &err);
    PhProgram *p;
    bool fresh;
    GStatBuf st;
    int watch;

    g_assert_cmpstr(err, ==, NULL);
    p = ph_store_program(s, "/bin/x", &fresh);
    g_assert_true(fresh);
    g_assert_true(ph_store_program(s, "/bin/x", &fresh) == p);
    g_assert_false(fresh);
    g_assert_null(ph_store_open(&opts, &err));
    g_assert_nonnull(strstr(err, "in use by another QEMU"));
    g_clear_pointer(&err, g_free);

    /* The store's thread writes when enough was learned. */
    path = g_strdup(p->path);
    watch = inotify_init1(IN_CLOEXEC);
    g_assert_cmpint(inotify_add_watch(watch, dir, IN_MOVED_TO), >=, 0);
    for (unsigned i = 0; i < 1000; i++) {
        g_mutex_lock(&p->lock);
        teach(p->profile, usual);
        ph_store_learned(s, p, false);
        g_mutex_unlock(&p->lock);
    }
    g_assert_cmpint(poll(&(struct pollfd) { .fd = watch, .events = POLLIN },
                         1, 30000), ==, 1);
    close(watch);
    g_assert_cmpint(g_stat(path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 077, ==, 0);
    g_assert_null(ph_store_close(s));

    opts.mode = PH_MODE_TEST;
    s = ph_store_open(&opts, &err);
    p = ph_store_program(s, "/bin/x", &fresh);
    g_assert_false(fresh);
    g_assert_cmpuint(p->profile->runs, ==, 1000);
    g_assert_true(p->tests);
    p = ph_store_program(s, "/bin/y", &fresh);
    g_assert_true(fresh);
    g_assert_null(p->profile);
    g_assert_null(ph_store_close(s));

    opts.window = 4;
    g_assert_null(ph_store_open(&opts, &err));
    g_assert_nonnull(strstr(err, "window=3, not 4"));
    g_clear_pointer(&err, g_free);
    opts.window = 3;
    wrong = g_build_filename(dir, "wrong.ph", NULL);
    g_assert_cmpint(g_rename(path, wrong), ==, 0);
    g_assert_null(ph_store_open(&opts, &err));
    g_assert_nonnull(strstr(err, "must be called bin.x-"));
    g_clear_pointer(&err, g_free);
    g_assert_true(g_file_set_contents(wrong, "hello\n", -1, NULL));
    g_assert_null(ph_store_open(&opts, &err));
    g_assert_nonnull(strstr(err, "wrong.ph:1: this is no profile"));
    g_unlink(wrong);
    g_rmdir(dir);
}

/* No more programs than there is room for; a directory that goes away. */
static void test_store_bounds(void)
{
    g_autofree char *dir = g_dir_make_tmp("frail-ph-XXXXXX", NULL);
    g_autofree char *err = NULL;
    PhStoreOptions opts = { .mode = PH_MODE_TEST, .window = 3,
                            .save_calls = 1 };
    PhStore *s = ph_store_open(&opts, &err);
    PhProgram *p;
    bool fresh;

    for (unsigned i = 0; i < PH_PROGRAMS_MAX; i++) {
        g_autofree char *exe = g_strdup_printf("/bin/%u", i);

        g_assert_nonnull(ph_store_program(s, exe, &fresh));
    }
    g_assert_null(ph_store_program(s, "/bin/more", &fresh));
    g_assert_nonnull(ph_store_program(s, "/bin/5", &fresh));
    g_assert_null(ph_store_close(s));

    opts.dir = dir;
    opts.mode = PH_MODE_TRAIN;
    opts.save_calls = 1000000;
    s = ph_store_open(&opts, &err);
    p = ph_store_program(s, "/bin/x", &fresh);
    g_mutex_lock(&p->lock);
    teach(p->profile, usual);
    ph_store_learned(s, p, false);
    g_mutex_unlock(&p->lock);
    g_rmdir(dir);
    err = ph_store_close(s);
    g_assert_nonnull(strstr(err, "cannot write "));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ph/pairs", test_pairs);
    g_test_add_func("/ph/windows-know-more", test_windows_know_more);
    g_test_add_func("/ph/join", test_join);
    g_test_add_func("/ph/long-window", test_long_window);
    g_test_add_func("/ph/ids", test_ids);
    g_test_add_func("/ph/full", test_full);
    g_test_add_func("/ph/frame", test_frame);
    g_test_add_func("/ph/freeze", test_freeze);
    g_test_add_func("/ph/file", test_file);
    g_test_add_func("/ph/file-wrong", test_file_wrong);
    g_test_add_func("/ph/file-changed", test_file_changed);
    g_test_add_func("/ph/file-name", test_file_name);
    g_test_add_func("/ph/merge", test_merge);
    g_test_add_func("/ph/tasks", test_tasks);
    g_test_add_func("/ph/store", test_store);
    g_test_add_func("/ph/store-bounds", test_store_bounds);
    return g_test_run();
}
