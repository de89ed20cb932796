/*
 * A crowd of odd processes that sleep, for those who list processes: names
 * and command lines of every kind, users, niceness, scheduling policies,
 * threads, zombies.  Says "crowd: ready" when all of them sleep, and sleeps.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int ready[2];            /* each process writes a byte when it sleeps */
static char **the_argv;

static void die(const char *what)
{
    fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void rest(void)
{
    if (write(ready[1], "", 1) != 1) {
        die("write");
    }
    for (;;) {
        pause();
    }
}

/* The way here of a process that has become this program again. */
static void rest_again(const char *fd)
{
    ready[1] = atoi(fd);
    rest();
}

static int made;

/* In a new process: true; its parent goes on with false. */
static int another(void)
{
    pid_t pid = fork();

    if (pid < 0) {
        die("fork");
    }
    made += pid != 0;
    return pid == 0;
}

static void become(char *const argv[])
{
    char env[32];
    char *envp[] = { env, NULL };

    snprintf(env, sizeof(env), "CROWD_FD=%d", ready[1]);
    execve("/usr/local/bin/crowd", argv, envp);
    die("execve");
}

static void with_argv(const char *a, const char *b, const char *c)
{
    char *argv[] = { (char *)a, (char *)b, (char *)c, NULL };

    if (another()) {
        become(argv);
    }
}

static void command_lines(void)
{
    static char long_one[9000], just[4097];
    char *none[] = { NULL };

    with_argv("crowd", "two words", "  leading and trailing  ");
    with_argv("crowd", "a\nnew\nline", "a\ttab");
    with_argv("crowd", "Gr\xc3\xbc\xc3\x9f" "e", "\xe6\xbc\xa2\xe5\xad\x97");
    with_argv("crowd", "not UTF-8: \xff\xfe", "cut: \xe6\xbc");
    with_argv("crowd", "control: \x01\x1b[31m\x7f", "back\\slash");
    with_argv("crowd", "C1: \xc2\x85 \xc2\x9b", "\xe2\x80\x8b|\xef\xbb\xbf");
    with_argv("crowd", "", "");
    with_argv("", "an empty name", NULL);
    with_argv("/usr/lib/some where/else", "-x", NULL);
    with_argv("-crowd", NULL, NULL);
    with_argv("[kthreadd]", NULL, NULL);
    memset(long_one, 'x', sizeof(long_one) - 1);
    with_argv("crowd", long_one, "behind it");
    memset(just, 'y', sizeof(just) - 1);
    with_argv("crowd", just, NULL);
    if (another()) {
        become(none);
    }
}

/* As setproctitle() does it: write over the arguments. */
static void titles(void)
{
    size_t len = 0;
    char *start = the_argv[0];

    for (int i = 0; the_argv[i] &&
                    the_argv[i] == start + len; i++) {
        len += strlen(the_argv[i]) + 1;
    }
    if (another()) {
        memset(start, 0, len);
        snprintf(start, len, "crowd: short title");
        rest();
    }
    if (another()) {        /* no zero byte: goes on into the environment */
        memset(start, 't', len);
        rest();
    }
    if (another()) {
        memset(start, 0, len);
        rest();
    }
}

static void names(void)
{
    static const char *const all[] = {
        "two words", ") R 1 1 (", "tab\there", "new\nline", "\xc3\xa4\xc3\xb6",
        "\xff\xfe", "fifteen letters", "", "[brackets]", "back\\slash", "\x1b[1m",
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (another()) {
            prctl(PR_SET_NAME, all[i]);
            rest();
        }
    }
}

/* sched_attr, of which the C library of Debian 12 has nothing. */
typedef struct Attr {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
} Attr;

static void policies(void)
{
    static const Attr all[] = {
        { .policy = SCHED_OTHER, .nice = -20 },
        { .policy = SCHED_OTHER, .nice = -7 },
        { .policy = SCHED_OTHER, .nice = 5 },
        { .policy = SCHED_OTHER, .nice = 19 },
        { .policy = SCHED_BATCH, .nice = 3 },
        { .policy = SCHED_IDLE, .nice = 0 },
        { .policy = SCHED_IDLE, .nice = 10 },
        { .policy = SCHED_FIFO, .priority = 1 },
        { .policy = SCHED_FIFO, .priority = 50 },
        { .policy = SCHED_FIFO, .priority = 98 },
        { .policy = SCHED_RR, .priority = 1 },
        { .policy = SCHED_RR, .priority = 42, .flags = 1 },
        { .policy = 6 /* SCHED_DEADLINE */, .runtime = 1000000,
          .deadline = 100000000, .period = 100000000 },
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (another()) {
            Attr attr = all[i];

            attr.size = sizeof(attr);
            if (syscall(SYS_sched_setattr, 0, &attr, 0)) {
                /* A system may grant no deadline: then one process less. */
                prctl(PR_SET_NAME, "refused");
            }
            rest();
        }
    }
}

static void users(void)
{
    static const struct {
        uid_t real, effective, saved;
    } all[] = {
        { 1000, 1000, 1000 }, { 1001, 1001, 1001 }, { 65534, 65534, 65534 },
        { 1000, 1001, 0 }, { 0, 1000, 1000 }, { 4000000000u, 4000000000u, 0 },
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (another()) {
            if (setresuid(all[i].real, all[i].effective, all[i].saved)) {
                die("setresuid");
            }
            rest();
        }
    }
}

static void *thread(void *name)
{
    prctl(PR_SET_NAME, name);
    rest();
    return NULL;
}

static pthread_t first;

static void *leader_goes(void *unused)
{
    (void)unused;
    prctl(PR_SET_NAME, "left behind");
    if (pthread_join(first, NULL)) {
        die("pthread_join");
    }
    rest();
    return NULL;
}

static void threads(void)
{
    pthread_t id;

    if (another()) {
        if (pthread_create(&id, NULL, thread, "a thread") ||
            pthread_create(&id, NULL, thread, "another one")) {
            die("pthread_create");
        }
        prctl(PR_SET_NAME, "threaded");
        rest();
    }
    made += 2;
    /* A process whose first thread has ended is still listed by its pid. */
    if (another()) {
        first = pthread_self();
        if (pthread_create(&id, NULL, leader_goes, NULL)) {
            die("pthread_create");
        }
        prctl(PR_SET_NAME, "headless");
        pthread_exit(NULL);
    }
}

static void zombies(void)
{
    for (int i = 0; i < 2; i++) {
        if (another()) {
            prctl(PR_SET_NAME, i ? "zom) bie" : "zombie");
            setpriority(PRIO_PROCESS, 0, 4);
            if (i && setresuid(1000, 1000, 1000)) {
                die("setresuid");
            }
            _exit(3);
        }
        made--;                 /* says nothing */
    }
}

int main(int argc, char **argv)
{
    const char *fd = getenv("CROWD_FD");
    char byte;

    (void)argc;
    if (fd) {
        rest_again(fd);
    }
    the_argv = argv;
    if (pipe(ready)) {
        die("pipe");
    }
    command_lines();
    titles();
    names();
    policies();
    users();
    threads();
    zombies();
    for (int i = 0; i < made; i++) {
        if (read(ready[0], &byte, 1) != 1) {
            die("read");
        }
    }
    puts("crowd: ready");
    fflush(stdout);
    for (;;) {
        pause();
    }
}
