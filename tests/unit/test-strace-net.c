/*
 * The printers of sockets and the like beside strace: the same calls, made by
 * a child that strace watches, as text.  Skipped where there is no strace 6.1,
 * or where it must not trace.
 *
 * The child is a fork: its pointers are the test's.  The calls are then made
 * here too, and printed out of the test's own memory.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include "fake-user.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "strace-net.h"

static GPtrArray *cases;
static char room[1 << 16];

void case_add(long nr, const char *name, CasePrint *print, CaseEntry *entry,
              uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    Case *k = g_new0(Case, 1);

    *k = (Case) {
        .nr = nr, .name = name, .print = print, .entry = entry,
        .arg = { a, b, c, d, e },
    };
    g_ptr_array_add(cases, k);
}

void *case_bytes(const void *bytes, size_t len)
{
    /* Zeros behind it: what is read by mistake is seen. */
    char *copy = g_malloc0(len + 64);

    memset(copy + len, 0x5a, 64);
    memcpy(copy, bytes, len);
    return copy;
}

/* The tests' descriptors are shown as strace shows them, where it knows. */
bool guest_fd_text(FrailGuestCpu *cpu G_GNUC_UNUSED,
                   const FrailProcess *p G_GNUC_UNUSED, int fd,
                   bool details G_GNUC_UNUSED, FrailText *out)
{
    char link[64], target[256];
    ssize_t n;

    if (case_netlink_text(fd, out)) {
        return true;
    }
    g_snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, target, sizeof(target));
    if (n < 0) {
        return false;
    }
    text_char(out, '<');
    text_bytes(out, target, n);
    if (!strcmp(link, "/proc/self/fd/0") &&
        !strncmp(target, "/dev/null", 9)) {
        text_str(out, "<char 1:3>");
    }
    text_char(out, '>');
    return true;
}

static long run(const Case *k)
{
    return syscall(k->nr, k->arg[0], k->arg[1], k->arg[2], k->arg[3],
                   k->arg[4], k->arg[5]);
}

static void child(void)
{
    raise(SIGSTOP);
    for (unsigned i = 0; i < cases->len; i++) {
        /* Nobody else makes this call: it numbers the lines. */
        syscall(SYS_write, -1000 - (long)i, NULL, 0);
        run(g_ptr_array_index(cases, i));
    }
    _exit(0);
}

static G_GNUC_NO_INLINE char *trace(void)
{
    g_autofree char *path = NULL;
    char *log = NULL;
    pid_t pid, tracer;
    char number[16];
    int fd, status;

    fd = g_file_open_tmp("strace-net-XXXXXX", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    close(fd);
    pid = fork();
    if (!pid) {
        prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
        alarm(60);
        child();
    }
    g_assert_cmpint(waitpid(pid, &status, WUNTRACED), ==, pid);
    g_snprintf(number, sizeof(number), "%d", pid);
    tracer = fork();
    if (!tracer) {
        int null = open("/dev/null", O_WRONLY);

        dup2(null, 2);
        alarm(60);
        execlp("strace", "strace", "-yy", "-o", path, "-p", number, NULL);
        _exit(127);
    }
    /* Attached when the log says that the child has been stopped. */
    for (int i = 0; i < 200 && waitpid(tracer, &status, WNOHANG) == 0; i++) {
        g_autofree char *text = NULL;

        g_usleep(25000);
        if (g_file_get_contents(path, &text, NULL, NULL) && *text) {
            break;
        }
    }
    kill(pid, SIGCONT);
    waitpid(pid, &status, 0);
    waitpid(tracer, &status, 0);
    g_file_get_contents(path, &log, NULL, NULL);
    unlink(path);
    return log;
}

/*
 * @log in lines, which it then consists of; ended by NULL.  Not g_strsplit():
 * under ASAN each strstr() measures all of the rest.
 */
static char **split(char *log)
{
    GPtrArray *lines = g_ptr_array_new();
    char *end = log + strlen(log), *at = log, *next;

    for (; at < end; at = next + 1) {
        next = memchr(at, '\n', end - at);
        g_ptr_array_add(lines, at);
        if (!next) {
            break;
        }
        *next = '\0';
    }
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_free(lines, FALSE);
}

/* The line behind the @i-th mark, up to the result; *@lines moves on. */
static char *line_of(char ***lines, unsigned i)
{
    char **at = *lines;
    char mark[64], *line;

    g_snprintf(mark, sizeof(mark), "write(%ld, NULL, 0)", -1000 - (long)i);
    while (*at && !strstr(*at, mark)) {
        at++;
    }
    if (!*at || !at[1]) {
        return NULL;
    }
    *lines = at + 1;
    line = g_strdup(at[1]);
    /* The names of ioctls are not at stake here. */
    if (g_str_has_prefix(line, "ioctl(-1, ")) {
        g_auto(GStrv) parts = g_strsplit(line, ", ", 3);

        if (g_strv_length(parts) == 3) {
            g_free(line);
            line = g_strconcat("ioctl(-1, #, ", parts[2], NULL);
        }
    }
    for (char *s = line + strlen(line); s > line; s--) {
        if (!strncmp(s, " = ", 3)) {
            *s = '\0';
            g_strchomp(line);
            break;
        }
    }
    return line;
}

static char *text_of(Case *k)
{
    static FrailCall call = { .abi = CALL_ABI_X86_64 };
    static const FrailDecodeOptions options = {
        .sz = sizeof(options), .string_limit = 32,
        .fd_style = FRAIL_FD_DETAILS,
    };
    FrailText text;
    Printer p = {
        .out = &text, .call = &call, .opts = &options,
        .guest = (FrailGuestCpu *)&text, .process = (FrailProcess *)&text,
    };
    text_init(&text, room, sizeof(room));
    if (k->entry) {
        k->entry(&p, k);
    }
    if (!k->first) {
        long result = run(k);

        p.at_return = true;
        p.failed = result < 0;
        p.result = result < 0 ? -errno : result;
    }
    text.len = 0;
    text_str(&text, k->name);
    text_char(&text, '(');
    k->print(&p, k);
    text_char(&text, ')');
    g_assert_false(text.cut);
    return g_strdup(text_terminate(&text));
}

/* Names of socket options and messages that are newer than strace. */
static bool is_newer(const char *theirs, const char *ours)
{
    static const char *const labels[] = {
        " /* IPSET_CMD_?",
        " /* SO_?", " /* IP_?", " /* IPV6_?", " /* TCP_?", " /* UDP_?",
        " /* PACKET_?", " /* XDP_?", " /* TLS_?", " /* ALG_?", " /* NETLINK_?",
        " /* SCTP_?",
    };

    for (unsigned i = 0; theirs && i < G_N_ELEMENTS(labels); i++) {
        if (strstr(theirs, labels[i]) &&
            !strstr(ours, labels[i])) {
            return true;
        }
    }
    return false;
}

static void test_equal(void)
{
    g_autofree char *log = NULL;
    unsigned bad = 0, newer = 0;
    g_autofree char **lines = NULL;
    char **at;

    cases = g_ptr_array_new();
    cases_build();
    log = trace();
    if (!log || !strstr(log, "write(-1000")) {
        g_test_skip("strace is not there, or must not trace");
        return;
    }
    at = lines = split(log);
    for (unsigned i = 0; i < cases->len; i++) {
        g_autofree char *theirs = line_of(&at, i);
        g_autofree char *ours = text_of(g_ptr_array_index(cases, i));

        if (is_newer(theirs, ours)) {
            newer++;
            continue;
        }
        if (g_strcmp0(theirs, ours)) {
            g_test_message("case %u\n   strace: %s\n   frail:  %s", i, theirs,
                           ours);
            bad++;
        }
    }
    g_test_message("%u calls, %u with newer names, %u differ", cases->len,
                   newer, bad);
    g_assert_cmpuint(cases->len, >, 10000);
    g_assert_cmpuint(newer, <, cases->len / 10);
    g_assert_cmpuint(bad, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/strace-net/equal", test_equal);
    return g_test_run();
}
