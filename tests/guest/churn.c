/*
 * Processes and threads that come, change and go, for those who say which of
 * them made a call: threads with names of their own, vfork, execve by a thread
 * that is not the first, changes of user, and short lives.
 *
 *     churn N         N rounds
 *     churn leaf      what others become: a few calls, then the end
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "churn: %s: %s\n", what, strerror(errno));
    _exit(1);
}

/* Calls whose results say who made them. */
static void who(void)
{
    syscall(SYS_getpid);
    syscall(SYS_gettid);
    syscall(SYS_getppid);
    syscall(SYS_getuid);
    syscall(SYS_geteuid);
    syscall(SYS_getgid);
    sched_yield();
}

static void wait_for(pid_t pid)
{
    int status;

    if (pid < 0 || waitpid(pid, &status, 0) != pid || status) {
        die("a child failed");
    }
}

static void leaf(void)
{
    execl("/usr/local/bin/churn", "churn", "leaf", NULL);
    die("execl");
}

static void *named(void *name)
{
    prctl(PR_SET_NAME, name);
    for (int i = 0; i < 5; i++) {
        who();
    }
    return NULL;
}

static void threads(void)
{
    static const char *const names[] = { "first", "second one", "th(i)rd" };
    pthread_t id[3];

    for (int i = 0; i < 3; i++) {
        if (pthread_create(&id[i], NULL, named, (void *)names[i])) {
            die("pthread_create");
        }
    }
    who();
    for (int i = 0; i < 3; i++) {
        pthread_join(id[i], NULL);
    }
}

static void *exec_by(void *unused)
{
    (void)unused;
    who();
    leaf();
    return NULL;
}

static void exec_in_thread(void)
{
    pthread_t id;
    pid_t pid = fork();

    if (pid == 0) {
        if (pthread_create(&id, NULL, exec_by, NULL)) {
            die("pthread_create");
        }
        for (;;) {
            pause();
        }
    }
    wait_for(pid);
}

static void by_vfork(void)
{
    pid_t pid = vfork();

    if (pid == 0) {
        syscall(SYS_getpid);
        leaf();
    }
    who();
    wait_for(pid);
}

static void other_user(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        who();
        if (setresgid(1001, 1001, 1001) || setresuid(1000, 1001, 0)) {
            die("setresuid");
        }
        who();
        if (setresuid(1001, 1001, 1001)) {
            die("setresuid");
        }
        who();
        leaf();
    }
    wait_for(pid);
}

static void renamed(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_NAME, "renamed \"it\"");
        who();
        pid = fork();           /* who inherits the name */
        who();
        if (pid == 0) {
            _exit(0);
        }
        wait_for(pid);
        _exit(0);
    }
    wait_for(pid);
}

/* Children that outlive their parents, and are given to another one. */
static void orphans(void)
{
    int end[2];
    char byte;
    pid_t pid;

    if (pipe(end)) {
        die("pipe");
    }
    pid = fork();
    if (pid == 0) {
        if (fork() == 0) {
            prctl(PR_SET_NAME, "orphan");
            close(end[1]);
            if (read(end[0], &byte, 1) < 0) {
                die("read");
            }
            who();
            _exit(0);
        }
        _exit(0);
    }
    wait_for(pid);
    close(end[0]);
    close(end[1]);
}

static void many(void)
{
    for (int i = 0; i < 10; i++) {
        pid_t pid = fork();

        if (pid == 0) {
            syscall(SYS_gettid);
            _exit(0);
        }
        wait_for(pid);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: churn N | churn leaf\n");
        return 2;
    }
    if (!strcmp(argv[1], "leaf")) {
        who();
        return 0;
    }
    for (int i = atoi(argv[1]); i > 0; i--) {
        who();
        threads();
        by_vfork();
        exec_in_thread();
        other_user();
        renamed();
        orphans();
        many();
    }
    return 0;
}
