/*
 * The writer: whole lines, in order, none lost, and nobody hurt when the
 * output fails.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frail-plugin.h"

static char *temporary(void)
{
    char *path = NULL;
    int fd = g_file_open_tmp("frail-writer-XXXXXX", &path, NULL);

    g_assert_cmpint(fd, >=, 0);
    close(fd);
    return path;
}

static char *contents(const char *path)
{
    char *text;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static FrailWriter *open_writer(const char *path)
{
    const char *err = NULL;
    FrailWriter *w = frail_writer_open(path, &err);

    g_assert_cmpstr(err, ==, NULL);
    g_assert_nonnull(w);
    return w;
}

static void put(FrailWriter *w, const char *text)
{
    frail_writer_put(w, text, strlen(text));
}

/* A pipe as a path that the writer can open. */
static char *pipe_path(int fds[2])
{
    g_assert_cmpint(pipe2(fds, O_CLOEXEC), ==, 0);
    return g_strdup_printf("/proc/self/fd/%d", fds[1]);
}

/* Standard error into a file, and back. */
static int silence(const char *path)
{
    int saved = dup(STDERR_FILENO);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    g_assert_cmpint(dup2(fd, STDERR_FILENO), ==, STDERR_FILENO);
    close(fd);
    return saved;
}

static void speak(int saved)
{
    dup2(saved, STDERR_FILENO);
    close(saved);
}

static void test_simple(void)
{
    g_autofree char *path = temporary(), *text = NULL;
    FrailWriter *w = open_writer(path);

    put(w, "one\n");
    put(w, "");
    put(w, "two\n");
    g_assert_false(frail_writer_is_terminal(w));
    frail_writer_close(w);
    text = contents(path);
    g_assert_cmpstr(text, ==, "one\ntwo\n");
    g_unlink(path);
    frail_writer_close(NULL);
}

static void test_truncates(void)
{
    g_autofree char *path = temporary(), *text = NULL;

    g_assert_true(g_file_set_contents(path, "of an earlier run\n", -1, NULL));
    frail_writer_close(open_writer(path));
    text = contents(path);
    g_assert_cmpstr(text, ==, "");
    g_unlink(path);
}

static void test_stderr(void)
{
    g_autofree char *path = temporary(), *text = NULL;
    int saved = silence(path);
    FrailWriter *one = open_writer(NULL), *two = open_writer("-");

    put(one, "one\n");
    frail_writer_close(one);
    put(two, "two\n");
    frail_writer_close(two);
    speak(saved);
    text = contents(path);
    g_assert_cmpstr(text, ==, "one\ntwo\n");
    g_unlink(path);
}

static void test_cannot_open(void)
{
    const char *err = NULL;

    g_assert_null(frail_writer_open("/nonexistent/file", &err));
    g_assert_cmpstr(err, ==, "cannot create /nonexistent/file: "
                    "No such file or directory");
    g_assert_null(frail_writer_open("/", &err));
    g_assert_nonnull(strstr(err, "Is a directory"));
}

/* One line shows up by itself, without a close and without more lines. */
static void test_prompt(void)
{
    int fds[2];
    g_autofree char *path = pipe_path(fds);
    FrailWriter *w = open_writer(path);
    struct pollfd p = { .fd = fds[0], .events = POLLIN };
    char buf[16];

    for (int i = 0; i < 3; i++) {
        put(w, "line\n");
        g_assert_cmpint(poll(&p, 1, 5000), ==, 1);
        g_assert_cmpint(read(fds[0], buf, sizeof(buf)), ==, 5);
    }
    frail_writer_close(w);
    close(fds[0]);
    close(fds[1]);
}

static void test_terminal(void)
{
    char name[64], buf[16];
    FrailWriter *w;
    int master, slave;

    if (openpty(&master, &slave, name, NULL, NULL) < 0) {
        g_test_skip("no pseudo-terminals here");
        return;
    }
    g_unsetenv("NO_COLOR");
    g_setenv("TERM", "xterm", TRUE);
    w = open_writer(name);
    g_assert_true(frail_writer_is_terminal(w));
    put(w, "x\n");
    g_assert_cmpint(read(master, buf, sizeof(buf)), ==, 3);     /* x CR LF */
    frail_writer_close(w);

    g_setenv("NO_COLOR", "1", TRUE);
    w = open_writer(name);
    g_assert_false(frail_writer_is_terminal(w));
    frail_writer_close(w);
    g_unsetenv("NO_COLOR");
    g_setenv("TERM", "dumb", TRUE);
    w = open_writer(name);
    g_assert_false(frail_writer_is_terminal(w));
    frail_writer_close(w);
    close(master);
    close(slave);
}

#define THREADS 4
#define LINES   100000

typedef struct Job {
    FrailWriter *w;
    unsigned id;
} Job;

static void *put_lines(void *opaque)
{
    Job *job = opaque;
    char line[128];

    for (unsigned i = 0; i < LINES; i++) {
        /* Of different lengths, so that the ring wraps within lines. */
        int n = snprintf(line, sizeof(line), "%u %u %.*s\n", job->id, i,
                         (int)(i * 7 % 60),
                         "............................................"
                         "................");

        frail_writer_put(job->w, line, n);
    }
    return NULL;
}

/* Read numbered lines of all threads; each thread's must be in order. */
static void check_lines(FILE *in)
{
    unsigned next[THREADS] = { 0 };
    char line[128];

    while (fgets(line, sizeof(line), in)) {
        unsigned id, i;
        int dots;

        g_assert_cmpint(sscanf(line, "%u %u %n", &id, &i, &dots), ==, 2);
        g_assert_cmpuint(id, <, THREADS);
        g_assert_cmpuint(i, ==, next[id]);
        g_assert_cmpuint(strspn(line + dots, "."), ==, i * 7 % 60);
        next[id]++;
    }
    for (unsigned id = 0; id < THREADS; id++) {
        g_assert_cmpuint(next[id], ==, LINES);
    }
}

static void start_lines(FrailWriter *w, Job *jobs, GThread **threads)
{
    for (unsigned i = 0; i < THREADS; i++) {
        jobs[i] = (Job) { .w = w, .id = i };
        threads[i] = g_thread_new("put", put_lines, &jobs[i]);
    }
}

static void join(GThread **threads)
{
    for (unsigned i = 0; i < THREADS; i++) {
        g_thread_join(threads[i]);
    }
}

static void test_threads(void)
{
    g_autofree char *path = temporary();
    FrailWriter *w = open_writer(path);
    GThread *threads[THREADS];
    Job jobs[THREADS];
    FILE *in;

    start_lines(w, jobs, threads);
    join(threads);
    frail_writer_close(w);
    in = fopen(path, "r");
    check_lines(in);
    fclose(in);
    g_unlink(path);
}

static void *read_slowly(void *opaque)
{
    check_lines(opaque);
    return NULL;
}

/* The ring fills up, those who put must wait, and nothing is lost. */
static void test_full(void)
{
    int fds[2];
    g_autofree char *path = pipe_path(fds);
    FrailWriter *w = open_writer(path);
    GThread *threads[THREADS], *reader;
    Job jobs[THREADS];
    FILE *in = fdopen(fds[0], "r");

    close(fds[1]);
    start_lines(w, jobs, threads);
    reader = g_thread_new("read", read_slowly, in);
    join(threads);
    frail_writer_close(w);
    g_thread_join(reader);
    fclose(in);
}

/* A put that is larger than the ring stays whole. */
static void test_huge(void)
{
    g_autofree char *path = temporary(), *text = NULL;
    size_t size = 9 << 20;
    g_autofree char *huge = g_malloc(size);
    FrailWriter *w = open_writer(path);
    gsize len;

    memset(huge, 'x', size);
    huge[size - 1] = '\n';
    put(w, "before\n");
    frail_writer_put(w, huge, size);
    put(w, "after\n");
    frail_writer_close(w);
    g_assert_true(g_file_get_contents(path, &text, &len, NULL));
    g_assert_cmpuint(len, ==, size + 7 + 6);
    g_assert_cmpint(memcmp(text + 7, huge, size), ==, 0);
    g_assert_cmpstr(text + 7 + size, ==, "after\n");
    g_unlink(path);
}

/* QEMU makes its terminals non-blocking, and shares that with us. */
static void test_nonblocking(void)
{
    int fds[2], saved = dup(STDERR_FILENO);
    GThread *threads[THREADS], *reader;
    Job jobs[THREADS];
    FrailWriter *w;
    FILE *in;

    g_assert_cmpint(pipe2(fds, O_NONBLOCK | O_CLOEXEC), ==, 0);
    g_assert_cmpint(fcntl(fds[0], F_SETFL, 0), ==, 0);
    dup2(fds[1], STDERR_FILENO);
    close(fds[1]);
    w = open_writer("-");
    speak(saved);
    in = fdopen(fds[0], "r");
    start_lines(w, jobs, threads);
    reader = g_thread_new("read", read_slowly, in);
    join(threads);
    frail_writer_close(w);
    g_thread_join(reader);
    fclose(in);
}

/* The reader of a pipe goes away: one sentence, the count, no SIGPIPE. */
static void test_broken_pipe(void)
{
    g_autofree char *messages = temporary(), *text = NULL;
    int fds[2], saved;
    g_autofree char *path = pipe_path(fds);
    g_autofree char *expected = NULL;
    FrailWriter *w = open_writer(path);

    close(fds[0]);
    close(fds[1]);
    saved = silence(messages);
    for (int i = 0; i < 200000; i++) {
        put(w, "nobody will ever read this line\n");
    }
    frail_writer_close(w);
    speak(saved);
    text = contents(messages);
    expected = g_strdup_printf("frail: cannot write to %s: Broken pipe; the "
                               "rest of this output is lost\n"
                               "frail: %s: 200000 lines lost\n", path, path);
    g_assert_cmpstr(text, ==, expected);
    g_unlink(messages);
}

static void test_no_space(void)
{
    g_autofree char *messages = temporary(), *text = NULL;
    FrailWriter *w;
    int saved;

    if (access("/dev/full", W_OK) < 0) {
        g_test_skip("no /dev/full here");
        return;
    }
    saved = silence(messages);
    w = open_writer("/dev/full");
    put(w, "one\n");
    put(w, "two\n");
    frail_writer_close(w);
    speak(saved);
    text = contents(messages);
    g_assert_cmpstr(text, ==, "frail: /dev/full: No space left on device; "
                    "waiting for room\nfrail: /dev/full: 2 lines lost\n");
    g_unlink(messages);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/writer/simple", test_simple);
    g_test_add_func("/writer/truncates", test_truncates);
    g_test_add_func("/writer/stderr", test_stderr);
    g_test_add_func("/writer/cannot-open", test_cannot_open);
    g_test_add_func("/writer/prompt", test_prompt);
    g_test_add_func("/writer/terminal", test_terminal);
    g_test_add_func("/writer/threads", test_threads);
    g_test_add_func("/writer/full", test_full);
    g_test_add_func("/writer/huge", test_huge);
    g_test_add_func("/writer/nonblocking", test_nonblocking);
    g_test_add_func("/writer/broken-pipe", test_broken_pipe);
    g_test_add_func("/writer/no-space", test_no_space);
    return g_test_run();
}
