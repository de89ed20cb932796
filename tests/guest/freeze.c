/*
 * List the guest's processes by its own ps, and let nothing happen after it.
 *
 * This program and its ps run with the highest real-time priority, and then it
 * spins: with one processor, no other process or kernel thread runs from the
 * first line of ps until the machine is stopped from outside, so that what ps
 * says is still true then.  It says it through port 0xe9 (isa-debugcon), which
 * needs no kernel at all.
 *
 *     freeze          lists; the last byte is a form feed
 *
 * Sections begin with "== NAME": ps (without command lines), args, exe.  The
 * line of ps itself is left out: it has ended.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PORT = 0xe9 };

static void die(const char *what)
{
    fprintf(stderr, "freeze: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void put(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        outb(text[i], PORT);
    }
}

static void setting(const char *path, const char *value)
{
    int fd = open(path, O_WRONLY);

    if (fd >= 0) {
        if (write(fd, value, strlen(value)) < 0) {
            die(path);
        }
        close(fd);
    }
}

typedef struct List {
    const char *name, *columns;
    char text[2][1 << 19];
    size_t len[2];
} List;

static List lists[] = {
    { .name = "ps", .columns = "pid,ppid,uid,ni,pri,cls,comm" },
    { .name = "args", .columns = "pid,args" },
};

/* Run ps and read what it writes into text @which, but for its own line. */
static void list(List *l, int which)
{
    static char *const env[] = { "LC_ALL=C.UTF-8", "PATH=/usr/bin", NULL };
    char file[64], *text = l->text[which], *line;
    int fd, status;
    ssize_t len;
    pid_t pid;

    snprintf(file, sizeof(file), "/run/freeze.%s", l->name);
    fd = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        die(file);
    }
    pid = fork();
    if (pid == 0) {
        dup2(fd, 1);
        execle("/usr/bin/ps", "ps", "-ww", "-e", "-o", l->columns, NULL, env);
        die("ps");
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status) {
        die("ps did not work");
    }
    len = pread(fd, text, sizeof(l->text[0]) - 1, 0);
    if (len <= 0) {
        die(file);
    }
    close(fd);
    text[len] = 0;
    /* It has ended: in a list of what is there now it is wrong. */
    for (line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strtol(line, NULL, 10) == pid) {
            char *end = strchrnul(line, '\n');

            end += *end == '\n';
            memmove(line, end, text + len + 1 - end);
            len -= end - line;
            l->len[which] = len;
            return;
        }
    }
    die("ps did not list itself");
}

/*
 * Twice the same: then nothing has happened in between.  A process that
 * sleeps with a lock that ps wants makes ps wait, and lets others run.
 */
static int list_all(void)
{
    int same = 1;

    for (int which = 0; which < 2; which++) {
        for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
            list(&lists[i], which);
        }
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        same &= lists[i].len[0] == lists[i].len[1] &&
                !memcmp(lists[i].text[0], lists[i].text[1], lists[i].len[0]);
    }
    return same;
}

static void list_exe(void)
{
    char path[300], target[4096];
    DIR *dir = opendir("/proc");
    const struct dirent *one;

    put("== exe\n", 7);
    while (dir && (one = readdir(dir))) {
        ssize_t len;

        if (one->d_name[0] < '1' || one->d_name[0] > '9') {
            continue;
        }
        snprintf(path, sizeof(path), "/proc/%s/exe", one->d_name);
        len = readlink(path, target, sizeof(target));
        put(one->d_name, strlen(one->d_name));
        put(" ", 1);
        put(target, len > 0 ? len : 0);
        put("\n", 1);
    }
    if (dir) {
        closedir(dir);
    }
}

int main(void)
{
    struct sched_param highest = { .sched_priority = 99 };
    int tries;

    /* Nothing is left over for others: no share of 5 %. */
    setting("/proc/sys/kernel/sched_rt_runtime_us", "-1");
    setting("/sys/kernel/debug/sched/fair_server/cpu0/runtime", "0");
    if (ioperm(PORT, 1, 1)) {
        die("ioperm");
    }
    if (sched_setscheduler(0, SCHED_FIFO, &highest)) {
        die("sched_setscheduler");
    }
    for (tries = 1; !list_all(); tries++) {
        if (tries == 20) {
            die("other processes run all the time");
        }
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        put("== ", 3);
        put(lists[i].name, strlen(lists[i].name));
        put("\n", 1);
        put(lists[i].text[1], lists[i].len[1]);
    }
    list_exe();
    put("\f", 1);
    for (;;) {
        __builtin_ia32_pause();
    }
}
