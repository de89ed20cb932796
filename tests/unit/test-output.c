/*
 * The writer's outputs: rotated files, sockets whose consumer stalls, dies
 * and comes back, full disks; and that every lost line is counted.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frail-plugin.h"

static char *dir;               /* for files and sockets; removed at the end */

static char *in_dir(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

/* Standard error into memory, and back: what was said. */
static int hush(void)
{
    int saved = dup(STDERR_FILENO), fd = memfd_create("stderr", 0);

    g_assert_cmpint(dup2(fd, STDERR_FILENO), ==, STDERR_FILENO);
    close(fd);
    return saved;
}

static char *speak(int saved)
{
    char *said = g_malloc0(65536);

    g_assert_cmpint(pread(STDERR_FILENO, said, 65535, 0), >=, 0);
    dup2(saved, STDERR_FILENO);
    close(saved);
    return said;
}

static size_t tell_loss(const FrailLoss *loss, char *buf, size_t size,
                        void *opaque)
{
    g_assert_cmpstr(opaque, ==, "opaque");
    g_assert_cmpint(loss->from_ns, <=, loss->to_ns);
    g_assert_cmpint(!loss->lines, ==, !loss->from_ns);
    return snprintf(buf, size, "LOST %lu %lu %d\n", loss->lines, loss->total,
                    loss->reconnected);
}

static FrailWriter *open_with(FrailWriterOptions opts)
{
    const char *err = NULL;
    FrailWriter *w;

    opts.sz = sizeof(opts);
    opts.on_loss = tell_loss;
    opts.opaque = (void *)"opaque";
    w = frail_writer_open_with(&opts, &err);
    g_assert_cmpstr(err, ==, NULL);
    g_assert_nonnull(w);
    return w;
}

/* --- Lines, numbered, of different lengths ------------------------------- */

static size_t make_line(char *line, unsigned i)
{
    return sprintf(line, "%u %.*s\n", i, (int)(i * 7 % 60),
                   "............................................"
                   "................");
}

static void put_lines(FrailWriter *w, unsigned from, unsigned to)
{
    char line[128];

    for (unsigned i = from; i < to; i++) {
        frail_writer_put(w, line, make_line(line, i));
    }
}

/* So slowly that a buffer of 4 KiB is enough. */
static void put_slowly(FrailWriter *w, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i += 25) {
        put_lines(w, i, i + 25);
        g_usleep(5000);
    }
}

typedef struct Seen {
    unsigned next;              /* the number of the line that must come */
    unsigned lines;
    uint64_t lost;              /* as told by the records */
    unsigned records, anew;
    bool cut;                   /* it ends within a line */
} Seen;

/*
 * Check what a consumer got: lines in order, and what is missing is told
 * exactly where it is missing.
 */
static void check_text(Seen *seen, const char *text, size_t len)
{
    const char *end = text + len;
    char expected[128];

    while (text < end) {
        const char *newline = memchr(text, '\n', end - text);
        uint64_t lost, total;
        size_t n;
        int anew;

        if (!newline) {
            seen->cut = true;
            break;
        }
        if (*text == 'L' &&
            sscanf(text, "LOST %lu %lu %d\n", &lost, &total, &anew) == 3) {
            seen->next += lost;
            seen->lost += lost;
            g_assert_cmpuint(total, ==, seen->lost);
            seen->records++;
            seen->anew += anew;
        } else {
            n = make_line(expected, seen->next);
            g_assert_cmpmem(text, newline + 1 - text, expected, n);
            seen->next++;
            seen->lines++;
        }
        text = newline + 1;
    }
}

static void check_file(Seen *seen, const char *path, size_t limit)
{
    g_autofree char *text = NULL;
    gsize len;

    g_assert_true(g_file_get_contents(path, &text, &len, NULL));
    if (limit) {
        g_assert_cmpuint(len, <=, limit);
    }
    g_assert_cmpuint(len, >, 0);
    check_text(seen, text, len);
    g_assert_false(seen->cut);
}

/* --- Consumers ----------------------------------------------------------- */

static int listen_unix(const char *path)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_unlink(path);
    g_strlcpy(addr.sun_path, path, sizeof(addr.sun_path));
    g_assert_cmpint(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), ==, 0);
    g_assert_cmpint(listen(fd, 1), ==, 0);
    return fd;
}

static int accept_one(int listener)
{
    struct pollfd p = { .fd = listener, .events = POLLIN };
    int fd;

    g_assert_cmpint(poll(&p, 1, 10000), ==, 1);
    fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    return fd;
}

/* Read to the end, with a pause after each @every bytes; closes @fd. */
typedef struct Reader {
    int fd;
    gint every;
    unsigned pause_us;
    GString *text;
    GThread *thread;
} Reader;

static void *read_all(void *opaque)
{
    Reader *r = opaque;
    char buf[4096];
    gint since = 0;

    for (;;) {
        gint every = g_atomic_int_get(&r->every);
        ssize_t n = read(r->fd, buf, every ? MIN(every, (gint)sizeof(buf)) :
                         (gint)sizeof(buf));

        if (n <= 0) {
            close(r->fd);
            return NULL;
        }
        g_string_append_len(r->text, buf, n);
        since += n;
        if (every && since >= every) {
            g_usleep(r->pause_us);
            since = 0;
        }
    }
}

static void start_reader(Reader *r, int fd)
{
    r->fd = fd;
    r->text = g_string_new(NULL);
    r->thread = g_thread_new("read", read_all, r);
}

static void check_reader(Seen *seen, Reader *r)
{
    g_thread_join(r->thread);
    check_text(seen, r->text->str, r->text->len);
    g_string_free(r->text, TRUE);
}

/* Read exactly @n lines, which must be those that come next. */
static void read_lines(Seen *seen, int fd, unsigned n)
{
    unsigned end = seen->lines + n;
    char line[256];

    while (seen->lines < end) {
        size_t len = 0;

        do {
            g_assert_cmpint(read(fd, line + len, 1), ==, 1);
        } while (line[len++] != '\n');
        check_text(seen, line, len);
    }
}

/* --- Files --------------------------------------------------------------- */

static void test_rotate(void)
{
    g_autofree char *path = in_dir("rotated");
    FrailWriter *w = open_with((FrailWriterOptions) {
        .out = path, .rotate_size = 20000, .rotate_keep = 1000,
        .buffer_size = 5000,
    });
    Seen seen = { 0 };
    unsigned files;

    put_lines(w, 0, 100000);
    frail_writer_close(w);
    for (files = 0; ; files++) {
        g_autofree char *name = g_strdup_printf("%s.%u", path, files + 1);

        if (!g_file_test(name, G_FILE_TEST_EXISTS)) {
            break;
        }
    }
    g_assert_cmpuint(files, >, 170);
    for (unsigned i = files; i; i--) {
        g_autofree char *name = g_strdup_printf("%s.%u", path, i);

        check_file(&seen, name, 20000);
        g_unlink(name);
    }
    check_file(&seen, path, 20000);
    g_assert_cmpuint(seen.lines, ==, 100000);
    g_assert_cmpuint(seen.records, ==, 0);
    g_unlink(path);
}

/* Only so many are kept, and a line longer than a file has its own. */
static void test_rotate_keep(void)
{
    g_autofree char *path = in_dir("kept"), *one = in_dir("kept.1");
    g_autofree char *two = in_dir("kept.2"), *three = in_dir("kept.3");
    g_autofree char *text = NULL, *text1 = NULL, *text2 = NULL;
    FrailWriter *w = open_with((FrailWriterOptions) {
        .out = path, .rotate_size = 20, .rotate_keep = 2,
    });
    static const char *const lines[] = {
        "zero 678901234567\n", "one\n", "two\n", "exactly to 20\n",
        "a line that is longer than a file may be\n", "x\n", "y\n",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(lines); i++) {
        frail_writer_put(w, lines[i], strlen(lines[i]));
    }
    frail_writer_close(w);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_true(g_file_get_contents(one, &text1, NULL, NULL));
    g_assert_true(g_file_get_contents(two, &text2, NULL, NULL));
    g_assert_cmpstr(text, ==, "x\ny\n");
    g_assert_cmpstr(text1, ==, lines[4]);
    g_assert_cmpstr(text2, ==, "exactly to 20\n");
    g_assert_false(g_file_test(three, G_FILE_TEST_EXISTS));
    g_unlink(path);
    g_unlink(one);
    g_unlink(two);
}

/* The directory is gone: it goes on in the file it has. */
static void test_rotate_fails(void)
{
    g_autofree char *sub = in_dir("sub"), *away = in_dir("away");
    g_autofree char *path = in_dir("sub/file"), *now = in_dir("away/file");
    g_autofree char *said = NULL;
    Seen seen = { 0 };
    FrailWriter *w;
    int saved;

    g_assert_cmpint(g_mkdir(sub, 0700), ==, 0);
    w = open_with((FrailWriterOptions) { .out = path, .rotate_size = 30000 });
    g_assert_cmpint(g_rename(sub, away), ==, 0);
    saved = hush();
    put_lines(w, 0, 1000);
    frail_writer_close(w);
    said = speak(saved);
    g_assert_nonnull(strstr(said, "cannot rotate"));
    g_assert_null(strstr(said, "lines lost"));
    check_file(&seen, now, 0);
    g_assert_cmpuint(seen.lines, ==, 1000);
    g_unlink(now);
    g_rmdir(away);
}

static void test_cannot_open(void)
{
    g_autofree char *nobody = g_strdup_printf("unix:%s/nobody", dir);
    static const char *const wrong[] = {
        "unix:", "tcp:", "tcp:localhost", "tcp::80", "tcp:localhost:",
        "tcp:127.0.0.1:no-such-service",
        "unix:/a/path/that/is/much/longer/than/the/one/hundred/and/seven/"
        "bytes/that/the/address/of/a/unix/socket/has/room/for",
    };
    FrailWriterOptions opts = { .sz = sizeof(opts) };
    const char *err = NULL;

    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_assert_null(frail_writer_open(wrong[i], &err));
        g_assert_true(g_str_has_prefix(err, "cannot connect to "));
    }
    g_assert_null(frail_writer_open(nobody, &err));
    g_assert_true(g_str_has_suffix(err, ": No such file or directory"));
    opts.rotate_size = 1000;
    g_assert_null(frail_writer_open_with(&opts, &err));
    g_assert_cmpstr(err, ==, "cannot rotate standard error: it is no file");
    opts = (FrailWriterOptions) { .sz = 8 };
    g_assert_null(frail_writer_open_with(&opts, &err));
    g_assert_true(g_str_has_prefix(err, "FrailWriterOptions has a size"));
    opts = (FrailWriterOptions) { .sz = sizeof(opts) + 8 };
    g_assert_null(frail_writer_open_with(&opts, &err));
}

/* In a file system of 64 KiB, which another file fills up first. */
static void full_disk(const char *mounted)
{
    g_autofree char *path = g_build_filename(mounted, "file", NULL);
    g_autofree char *filler = g_build_filename(mounted, "filler", NULL);
    g_autofree char *bytes = g_malloc0(48 << 10);
    g_autofree char *said = NULL;
    int saved = hush();
    FrailWriter *w = open_with((FrailWriterOptions) {
        .out = path, .overflow = FRAIL_OVERFLOW_DROP, .buffer_size = 4096,
    });
    Seen seen = { 0 };

    g_assert_true(g_file_set_contents(filler, bytes, 48 << 10, NULL));
    put_slowly(w, 0, 2000);
    g_assert_cmpuint(frail_writer_lost(w), >, 500);
    g_assert_cmpint(g_unlink(filler), ==, 0);
    g_usleep(500000);
    put_slowly(w, 2000, 2050);
    g_usleep(300000);
    g_assert_true(g_file_set_contents(filler, bytes, 20 << 10, NULL));
    put_slowly(w, 2050, 4000);      /* and full again, to the end */
    frail_writer_close(w);
    said = speak(saved);
    g_assert_nonnull(strstr(said, "No space left on device; waiting"));
    check_file(&seen, path, 0);     /* ends with a whole line */
    g_assert_cmpuint(seen.records, >=, 1);
    g_assert_cmpuint(seen.next, >, 2050);
    {
        g_autofree char *expected = g_strdup_printf(
            "frail: %s: %u lines lost\n", path, 4000 - seen.lines);

        g_assert_true(g_str_has_suffix(said, expected));
    }
}

static void test_full_disk(void)
{
    if (g_test_subprocess()) {
        if (unshare(CLONE_NEWNS) < 0 &&
            unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) {
            exit(77);
        }
        if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("none", dir, "tmpfs", 0, "size=64k") < 0) {
            exit(77);
        }
        full_disk(dir);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    if (!g_test_trap_has_passed()) {
        g_autofree char *name = in_dir("probe");
        pid_t pid = fork();
        int status;

        if (!pid) {
            _exit((unshare(CLONE_NEWNS) < 0 &&
                   unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) ||
                  mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
                  mount("none", dir, "tmpfs", 0, "size=64k") < 0);
        }
        waitpid(pid, &status, 0);
        if (status) {
            g_test_skip("no file system can be mounted here");
            return;
        }
    }
    g_test_trap_assert_passed();
}

/* --- Sockets ------------------------------------------------------------- */

static void test_unix(void)
{
    g_autofree char *path = in_dir("socket");
    g_autofree char *out = g_strdup_printf("unix:%s", path);
    int listener = listen_unix(path);
    FrailWriter *w = open_with((FrailWriterOptions) { .out = out });
    Reader r = { 0 };
    Seen seen = { 0 };

    start_reader(&r, accept_one(listener));
    put_lines(w, 0, 200000);
    g_assert_cmpuint(frail_writer_lost(w), ==, 0);
    frail_writer_close(w);
    check_reader(&seen, &r);
    g_assert_cmpuint(seen.lines, ==, 200000);
    g_assert_cmpuint(seen.records, ==, 0);
    close(listener);
}

static void test_tcp(void)
{
    struct sockaddr_in addr = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t len = sizeof(addr);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_autofree char *out = NULL;
    const char *err;
    FrailWriter *w;
    Reader r = { 0 };
    Seen seen = { 0 };

    g_assert_cmpint(listener, >=, 0);
    if (bind(listener, (struct sockaddr *)&addr, len) < 0) {
        g_error("bind: %s", g_strerror(errno));
    }
    g_assert_cmpint(getsockname(listener, (struct sockaddr *)&addr, &len),
                    ==, 0);
    out = g_strdup_printf("tcp:127.0.0.1:%u", ntohs(addr.sin_port));
    g_assert_null(frail_writer_open(out, &err));
    g_assert_true(g_str_has_suffix(err, ": Connection refused"));

    g_assert_cmpint(listen(listener, 1), ==, 0);
    w = open_with((FrailWriterOptions) { .out = out });
    start_reader(&r, accept_one(listener));
    put_lines(w, 0, 200000);
    frail_writer_close(w);
    check_reader(&seen, &r);
    g_assert_cmpuint(seen.lines, ==, 200000);
    close(listener);
}

/*
 * A consumer reads some lines, all that there are, and goes: those that come
 * meanwhile wait for the next one, which begins with a whole line.
 */
static void test_comes_back(void)
{
    g_autofree char *path = in_dir("back");
    g_autofree char *out = g_strdup_printf("unix:%s", path), *said = NULL;
    int listener = listen_unix(path), saved = hush(), fd;
    FrailWriter *w = open_with((FrailWriterOptions) { .out = out });
    Reader r = { 0 };
    Seen seen = { 0 };

    fd = accept_one(listener);
    put_lines(w, 0, 100);
    read_lines(&seen, fd, 100);
    close(fd);
    for (unsigned i = 1; i < 4; i++) {
        put_lines(w, i * 100, i * 100 + 50);
        fd = accept_one(listener);
        put_lines(w, i * 100 + 50, i * 100 + 100);
        read_lines(&seen, fd, 100);
        g_assert_cmpuint(seen.anew, ==, i);
        close(fd);
    }
    put_lines(w, 400, 100000);
    start_reader(&r, accept_one(listener));
    frail_writer_close(w);
    check_reader(&seen, &r);
    said = speak(saved);
    g_assert_cmpuint(seen.lines, ==, 100000);
    g_assert_cmpuint(seen.lost, ==, 0);
    g_assert_true(g_str_has_prefix(said, "frail: unix:"));
    g_assert_nonnull(strstr(said, ": connection lost: closed by the consumer\n"
                            "frail: "));
    g_assert_nonnull(strstr(said, ": connected again\n"));
    g_assert_null(strstr(said, "lines lost"));
    close(listener);
}

/*
 * A consumer is killed with data on their way to it, in the middle of a line.
 * What was in the host's kernel is gone and cannot be counted; the next
 * consumer gets whole lines, all that follow.
 */
static void test_killed(void)
{
    g_autofree char *path = in_dir("killed");
    g_autofree char *out = g_strdup_printf("unix:%s", path), *said = NULL;
    int listener = listen_unix(path), saved = hush(), fd;
    FrailWriter *w = open_with((FrailWriterOptions) { .out = out });
    Reader r = { 0 };
    Seen seen = { 0 };
    unsigned first;
    pid_t pid;

    fd = accept_one(listener);
    pid = fork();
    if (!pid) {
        char buf[1001];

        while (read(fd, buf, sizeof(buf)) > 0) {
            usleep(100);
        }
        _exit(0);
    }
    close(fd);
    put_lines(w, 0, 150000);        /* more than its buffer: it is reading */
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    fd = accept_one(listener);
    start_reader(&r, fd);
    put_lines(w, 150000, 200000);
    frail_writer_close(w);
    g_free(speak(saved));
    g_thread_join(r.thread);
    g_assert_true(g_str_has_prefix(r.text->str, "LOST 0 0 1\n"));
    first = atoi(r.text->str + strlen("LOST 0 0 1\n"));
    g_assert_cmpuint(first, >, 0);
    seen.next = first;
    check_text(&seen, r.text->str, r.text->len);
    g_assert_cmpuint(seen.next, ==, 200000);
    g_assert_false(seen.cut);
    g_string_free(r.text, TRUE);
    close(listener);
}

/* Nobody reads for a while: what is dropped is told where it is missing. */
static void test_drop(void)
{
    g_autofree char *path = in_dir("drop");
    g_autofree char *out = g_strdup_printf("unix:%s", path), *said = NULL;
    g_autofree char *expected = NULL;
    int listener = listen_unix(path), saved = hush(), fd;
    FrailWriter *w = open_with((FrailWriterOptions) {
        .out = out, .overflow = FRAIL_OVERFLOW_DROP, .buffer_size = 64 << 10,
    });
    Reader r = { 0 };
    Seen seen = { 0 };
    uint64_t lost;

    fd = accept_one(listener);
    put_lines(w, 0, 100000);        /* nobody reads, and nobody waits */
    lost = frail_writer_lost(w);
    g_assert_cmpuint(lost, >, 50000);
    start_reader(&r, fd);
    g_usleep(300000);
    put_lines(w, 100000, 100100);   /* there is room again */
    g_assert_cmpuint(frail_writer_lost(w), ==, lost);
    g_usleep(300000);
    put_lines(w, 100100, 300000);
    frail_writer_close(w);
    said = speak(saved);
    check_reader(&seen, &r);
    g_assert_cmpuint(seen.lost, >=, lost);
    g_assert_cmpuint(seen.records, >=, 1);
    g_assert_cmpuint(seen.next, ==, 300000);
    g_assert_cmpuint(seen.lines + seen.lost, ==, 300000);
    expected = g_strdup_printf("frail: %s: %lu lines lost\n", out, seen.lost);
    g_assert_cmpstr(said, ==, expected);
    close(listener);
}

#define THREADS 4

static void *put_many(void *opaque)
{
    FrailWriter *w = opaque;

    for (unsigned i = 0; i < 50000; i++) {
        frail_writer_put(w, "line\n", 5);
        if (i % 2000 == 0) {
            g_usleep(5000);
        }
    }
    return NULL;
}

/* The same of several threads, with a consumer that stops and goes. */
static void test_drop_threads(void)
{
    g_autofree char *path = in_dir("threads");
    g_autofree char *out = g_strdup_printf("unix:%s", path);
    int listener = listen_unix(path), saved = hush();
    FrailWriter *w = open_with((FrailWriterOptions) {
        .out = out, .overflow = FRAIL_OVERFLOW_DROP, .buffer_size = 4096,
    });
    Reader r = { .every = 20000, .pause_us = 5000 };
    GThread *threads[THREADS];
    uint64_t lost = 0, lines = 0, n, total = 0;
    unsigned records = 0;
    int anew;

    start_reader(&r, accept_one(listener));
    for (unsigned i = 0; i < THREADS; i++) {
        threads[i] = g_thread_new("put", put_many, w);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        g_thread_join(threads[i]);
    }
    frail_writer_close(w);
    g_free(speak(saved));
    g_thread_join(r.thread);
    for (const char *at = r.text->str; *at; at = strchr(at, '\n') + 1) {
        if (*at == 'L' &&
            sscanf(at, "LOST %lu %lu %d", &n, &total, &anew) == 3) {
            lost += n;
            records++;
        } else {
            g_assert_true(g_str_has_prefix(at, "line\n"));
            lines++;
        }
    }
    g_assert_cmpuint(records, >, 0);
    g_assert_cmpuint(total, ==, lost);
    g_assert_cmpuint(lines + lost, ==, THREADS * 50000);
    g_string_free(r.text, TRUE);
    close(listener);
}

/* Nobody reads at all, not even at the end, under both policies. */
static void test_dead(gconstpointer policy)
{
    g_autofree char *path = in_dir("dead");
    g_autofree char *out = g_strdup_printf("unix:%s", path), *said = NULL;
    g_autofree char *expected = NULL;
    int listener = listen_unix(path), saved = hush(), fd;
    FrailWriter *w = open_with((FrailWriterOptions) {
        .out = out, .overflow = GPOINTER_TO_INT(policy),
        .stall_ms = 300, .buffer_size = 64 << 10,
    });
    gint64 begin = g_get_monotonic_time(), took;
    Reader r = { 0 };
    Seen seen = { 0 };

    fd = accept_one(listener);
    put_lines(w, 0, 100000);
    took = g_get_monotonic_time() - begin;
    if (GPOINTER_TO_INT(policy) == FRAIL_OVERFLOW_BLOCK) {
        g_assert_cmpint(took, >=, 300000);      /* it waited, and once only */
    }
    g_assert_cmpint(took, <, 5000000);
    g_assert_cmpuint(frail_writer_lost(w), >, 50000);
    begin = g_get_monotonic_time();
    frail_writer_close(w);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 5000000);
    said = speak(saved);

    /* Whole lines that it could have read, and those that were lost. */
    start_reader(&r, fd);
    check_reader(&seen, &r);
    g_assert_cmpuint(seen.records, ==, 0);
    expected = g_strdup_printf("frail: %s: %u lines lost\n", out,
                               100000 - seen.lines);
    g_assert_cmpstr(said, ==, expected);
    close(listener);
}

/* The consumer is gone and nobody listens any more. */
static void test_gone(gconstpointer policy)
{
    g_autofree char *path = in_dir("gone");
    g_autofree char *out = g_strdup_printf("unix:%s", path), *said = NULL;
    int listener = listen_unix(path), saved = hush(), fd;
    FrailWriter *w = open_with((FrailWriterOptions) {
        .out = out, .overflow = GPOINTER_TO_INT(policy),
        .stall_ms = 300, .buffer_size = 64 << 10,
    });
    gint64 begin;
    Seen seen = { 0 };

    fd = accept_one(listener);
    put_lines(w, 0, 1000);
    read_lines(&seen, fd, 1000);
    close(fd);
    close(listener);
    put_lines(w, 1000, 101000);
    begin = g_get_monotonic_time();
    frail_writer_close(w);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 5000000);
    said = speak(saved);
    g_assert_nonnull(strstr(said, "connection lost"));
    g_assert_true(g_str_has_suffix(said, ": 100000 lines lost\n"));
}

/* A few bytes at a time, very slowly: whoever puts waits, and all arrives. */
static void test_slow(void)
{
    g_autofree char *path = in_dir("slow");
    int fd;
    FrailWriter *w;
    Reader r = { .every = 700, .pause_us = 1000 };
    Seen seen = { 0 };

    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    fd = open(path, O_RDONLY | O_NONBLOCK);
    g_assert_cmpint(fcntl(fd, F_SETFL, 0), ==, 0);
    w = open_with((FrailWriterOptions) { .out = path, .buffer_size = 4096 });
    start_reader(&r, fd);
    put_lines(w, 0, 20000);
    g_assert_cmpuint(frail_writer_lost(w), ==, 0);
    frail_writer_close(w);
    check_reader(&seen, &r);
    g_assert_cmpuint(seen.lines, ==, 20000);
    g_unlink(path);
}

/* One byte a second: the close is bounded, and the count is right. */
static void test_byte_a_second(void)
{
    g_autofree char *path = in_dir("byte");
    g_autofree char *out = g_strdup_printf("unix:%s", path), *said = NULL;
    g_autofree char *expected = NULL;
    int listener = listen_unix(path), saved = hush(), fd;
    FrailWriter *w = open_with((FrailWriterOptions) {
        .out = out, .stall_ms = 1000, .buffer_size = 64 << 10,
    });
    Reader r = { .every = 1, .pause_us = 1000000 };
    gint64 begin = g_get_monotonic_time();
    Seen seen = { 0 };

    fd = accept_one(listener);
    start_reader(&r, fd);
    put_lines(w, 0, 50000);
    frail_writer_close(w);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 10000000);
    said = speak(saved);
    g_atomic_int_set(&r.every, 0);      /* have the rest at once */
    check_reader(&seen, &r);
    expected = g_strdup_printf("frail: %s: %u lines lost\n", out,
                               50000 - seen.lines);
    g_assert_cmpstr(said, ==, expected);
    close(listener);
}

/* What does not fit into the buffer at all. */
static void test_larger_than_buffer(void)
{
    g_autofree char *path = in_dir("larger"), *text = NULL;
    g_autofree char *huge = g_malloc(10000);
    FrailWriter *w = open_with((FrailWriterOptions) {
        .out = path, .overflow = FRAIL_OVERFLOW_DROP, .buffer_size = 4096,
    });
    int saved = hush();

    memset(huge, 'x', 10000);
    huge[9999] = '\n';
    frail_writer_put(w, "a\n", 2);
    frail_writer_put(w, huge, 10000);
    g_usleep(300000);
    frail_writer_put(w, "b\n", 2);
    frail_writer_close(w);
    g_free(speak(saved));
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "a\nLOST 1 1 0\nb\n");
    g_unlink(path);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        GTestDataFunc fn;
        FrailOverflow policy;
    } both[] = {
        { "/output/dead/block", test_dead, FRAIL_OVERFLOW_BLOCK },
        { "/output/dead/drop", test_dead, FRAIL_OVERFLOW_DROP },
        { "/output/gone/block", test_gone, FRAIL_OVERFLOW_BLOCK },
        { "/output/gone/drop", test_gone, FRAIL_OVERFLOW_DROP },
    };
    int rc;

    g_test_init(&argc, &argv, NULL);
    dir = g_dir_make_tmp("frail-output-XXXXXX", NULL);
    g_assert_nonnull(dir);
    g_test_add_func("/output/rotate", test_rotate);
    g_test_add_func("/output/rotate-keep", test_rotate_keep);
    g_test_add_func("/output/rotate-fails", test_rotate_fails);
    g_test_add_func("/output/cannot-open", test_cannot_open);
    g_test_add_func("/output/full-disk", test_full_disk);
    g_test_add_func("/output/unix", test_unix);
    g_test_add_func("/output/tcp", test_tcp);
    g_test_add_func("/output/comes-back", test_comes_back);
    g_test_add_func("/output/killed", test_killed);
    g_test_add_func("/output/drop", test_drop);
    g_test_add_func("/output/drop-threads", test_drop_threads);
    for (unsigned i = 0; i < G_N_ELEMENTS(both); i++) {
        g_test_add_data_func(both[i].name, GINT_TO_POINTER(both[i].policy),
                             both[i].fn);
    }
    g_test_add_func("/output/slow", test_slow);
    g_test_add_func("/output/byte-a-second", test_byte_a_second);
    g_test_add_func("/output/larger-than-buffer", test_larger_than_buffer);
    rc = g_test_run();
    for (const char *const *name = (const char *const []) {
             "socket", "back", "killed", "drop", "threads", "dead", "gone",
             "byte", NULL }; *name; name++) {
        g_autofree char *path = in_dir(*name);

        g_unlink(path);
    }
    g_rmdir(dir);
    g_free(dir);
    return rc;
}
