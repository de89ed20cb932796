/*
 * Profiles as files, and the directory of them.
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
#include "analyzers/ph-store.h"
#include "fake-ph-profile.h"

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
    g_test_add_func("/ph-files/file", test_file);
    g_test_add_func("/ph-files/file-wrong", test_file_wrong);
    g_test_add_func("/ph-files/file-changed", test_file_changed);
    g_test_add_func("/ph-files/file-name", test_file_name);
    g_test_add_func("/ph-files/merge", test_merge);
    g_test_add_func("/ph-files/store", test_store);
    g_test_add_func("/ph-files/store-bounds", test_store_bounds);
    return g_test_run();
}
