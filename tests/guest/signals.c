/*
 * Signals and violent ends, for those who tell of them from outside.
 *
 *     signals NAME    one of the cases at the end of this file
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t hits;
static sigjmp_buf back;
/* A mystery to the compiler. */
static volatile char *volatile nowhere = (volatile char *)8;

static void die(const char *what)
{
    fprintf(stderr, "signals: %s: %s\n", what, strerror(errno));
    _exit(1);
}

static void on_info(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)info;
    (void)context;
    hits++;
}

static void on_plain(int sig)
{
    (void)sig;
    hits++;
}

/* Makes a call, so that a signal can come in it. */
static void on_nested(int sig, siginfo_t *info, void *context)
{
    (void)info;
    (void)context;
    if (sig == SIGUSR1) {
        raise(SIGUSR2);
    }
    hits++;
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)info;
    (void)context;
    siglongjmp(back, 1);
}

static void handle(int sig, void (*fn)(int, siginfo_t *, void *), int flags)
{
    struct sigaction a = { .sa_sigaction = fn, .sa_flags = SA_SIGINFO | flags };

    if (sigaction(sig, &a, NULL)) {
        die("sigaction");
    }
}

static void handle_plain(int sig)
{
    struct sigaction a = { .sa_handler = on_plain };

    if (sigaction(sig, &a, NULL)) {
        die("sigaction");
    }
}

static void block(int how, int sig, int more)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, sig);
    sigaddset(&set, more);
    if (sigprocmask(how, &set, NULL)) {
        die("sigprocmask");
    }
}

static void arm(long usec)
{
    struct itimerval t = { .it_value = { .tv_usec = usec } };

    if (setitimer(ITIMER_REAL, &t, NULL)) {
        die("setitimer");
    }
}

static pid_t child(void (*fn)(void))
{
    pid_t pid = fork();

    if (pid < 0) {
        die("fork");
    }
    if (!pid) {
        fn();
        _exit(0);
    }
    return pid;
}

/*
 * Until thread @tid of process @pid sleeps in a call, and there is nothing else
 * that it could be doing when a signal comes.
 */
static void wait_asleep(pid_t pid, pid_t tid)
{
    char path[64], text[256], *end;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
    do {
        FILE *f = fopen(path, "r");

        if (!f || !fgets(text, sizeof(text), f)) {
            die(path);
        }
        fclose(f);
        end = strrchr(text, ')');
        sched_yield();
    } while (!end || end[2] != 'S');
}

/* --- Handlers ------------------------------------------------------------ */

/* In a call, one after another in the very same state. */
static void in_call(void)
{
    handle(SIGALRM, on_info, 0);
    for (int i = 0; i < 3; i++) {
        arm(10000);
        pause();
    }
}

static int ends[2];

/* The reader finds the end of the file when its call is made again. */
static void on_close(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)info;
    (void)context;
    close(ends[1]);
}

static void restarted(void)
{
    char c;

    handle(SIGALRM, on_close, SA_RESTART);
    if (pipe(ends)) {
        die("pipe");
    }
    arm(50000);
    if (read(ends[0], &c, 1)) {
        die("read");
    }
}

/* Between calls: nothing is called while the program waits. */
static void between(void)
{
    handle(SIGALRM, on_info, 0);
    for (int i = 0; i < 3; i++) {
        hits = 0;
        arm(10000);
        while (!hits) {
        }
    }
}

/* Several at once: all handlers' frames are made before the first runs. */
static void stacked(void)
{
    int sigs[] = { SIGUSR1, SIGUSR2, SIGHUP, SIGRTMIN + 3 };
    union sigval value = { .sival_int = 77 };
    sigset_t set;

    sigemptyset(&set);
    for (unsigned i = 0; i < 4; i++) {
        handle(sigs[i], on_info, SA_NODEFER);
        sigaddset(&set, sigs[i]);
    }
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (unsigned i = 0; i < 4; i++) {
        sigqueue(getpid(), sigs[i], value);
    }
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void nested(void)
{
    handle(SIGUSR1, on_nested, 0);
    handle(SIGUSR2, on_nested, 0);
    raise(SIGUSR1);
    raise(SIGUSR2);
}

/* The handler's page is not there when it is entered. */
static void paged(void)
{
    size_t page = sysconf(_SC_PAGESIZE);
    char *text = (char *)((uintptr_t)on_info & ~(page - 1));

    handle(SIGUSR1, on_info, 0);
    for (int i = 0; i < 2; i++) {
        madvise(text, page, MADV_DONTNEED);
        raise(SIGUSR1);
    }
}

/* Faults, out of whose handler the program jumps. */
static void faults(void)
{
    char *none = mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                      0);
    volatile int zero = 0;

    handle(SIGSEGV, on_fault, 0);
    handle(SIGFPE, on_fault, 0);
    handle(SIGILL, on_fault, 0);
    handle(SIGTRAP, on_info, 0);
    if (!sigsetjmp(back, 1)) {
        *(volatile char *)none = 1;
    }
    if (!sigsetjmp(back, 1)) {
        *nowhere = 1;
    }
    if (!sigsetjmp(back, 1)) {
        zero = 1 / zero;
    }
    if (!sigsetjmp(back, 1)) {
        __asm__ volatile("ud2");
    }
    __asm__ volatile("int3");
}

static void on_stack(void)
{
    stack_t stack = { .ss_size = 65536, .ss_sp = malloc(65536) };

    sigaltstack(&stack, NULL);
    handle(SIGUSR1, on_info, SA_ONSTACK | SA_RESETHAND);
    raise(SIGUSR1);
}

static void timer(void)
{
    struct sigevent event = {
        .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN,
        .sigev_value = { .sival_int = 5 },
    };
    struct itimerspec when = { .it_value = { .tv_nsec = 10000000 } };
    timer_t id;

    handle(SIGRTMIN, on_info, 0);
    timer_create(CLOCK_MONOTONIC, &event, &id);
    timer_settime(id, 0, &when, NULL);
    pause();
}

/* What Linux tells them is the number only. */
static void plain(void)
{
    handle_plain(SIGUSR1);
    handle_plain(SIGALRM);
    raise(SIGUSR1);
    arm(10000);
    pause();
}

/* --- Ends ---------------------------------------------------------------- */

static void sleeper(void)
{
    pause();
}

static void spinner(void)
{
    alarm(1);       /* of its own, and nobody handles it */
    for (;;) {
    }
}

static void of_itself(void)
{
    raise(SIGTERM);
}

static void faulter(void)
{
    *nowhere = 1;
}

static void dumper(void)
{
    struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

    setrlimit(RLIMIT_CORE, &all);
    abort();
}

static void kill_when_asleep(pid_t pid, int sig)
{
    wait_asleep(pid, pid);
    kill(pid, sig);
}

static void killed(void)
{
    int status;

    kill_when_asleep(child(sleeper), SIGKILL);
    wait(&status);
    child(spinner);
    wait(NULL);
    child(of_itself);
    wait(&status);
    child(faulter);
    wait4(-1, &status, 0, NULL);
    child(dumper);
    siginfo_t info;
    waitid(P_ALL, 0, &info, WEXITED);
}

/* The parent learns of it by SIGCHLD, before it waits. */
static void told(void)
{
    handle(SIGCHLD, on_info, 0);
    block(SIG_BLOCK, SIGCHLD, SIGCHLD);
    pid_t pid = child(sleeper);
    kill_when_asleep(pid, SIGKILL);
    /* A descriptor of a process can be read from when it is dead. */
    struct pollfd dead = { .fd = syscall(SYS_pidfd_open, pid, 0),
                           .events = POLLIN };
    poll(&dead, 1, -1);
    block(SIG_UNBLOCK, SIGCHLD, SIGCHLD);
    waitpid(pid, NULL, 0);
}

static volatile pid_t pausing_tid, spinning_tid;

static void *pausing(void *unused)
{
    pausing_tid = syscall(SYS_gettid);
    pause();
    return unused;
}

static void *spinning(void *unused)
{
    spinning_tid = syscall(SYS_gettid);
    for (;;) {
    }
    return unused;
}

static void *ending(void *unused)
{
    return unused;
}

static pthread_t start(void *(*fn)(void *))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, fn, NULL)) {
        die("pthread_create");
    }
    return thread;
}

/* One thread that sleeps, one that computes. */
static void start_both(void)
{
    start(pausing);
    start(spinning);
    while (!pausing_tid || !spinning_tid) {
        sched_yield();
    }
    wait_asleep(getpid(), pausing_tid);
}

static void crowd(void)
{
    pthread_join(start(ending), NULL);
    start_both();
    raise(SIGKILL);
}

static void group(void)
{
    child(crowd);
    wait(NULL);
}

/* exit_group ends them in whatever they do. */
static void leave_together(void)
{
    start_both();
    syscall(SYS_exit_group, 5);
}

static void *executing(void *unused)
{
    wait_asleep(getpid(), getpid());
    wait_asleep(getpid(), pausing_tid);
    execl("/usr/bin/true", "true", NULL);
    return unused;
}

static void superseded(void)
{
    start(pausing);
    while (!pausing_tid) {
        sched_yield();
    }
    start(executing);
    pause();
}

/* Whose numbers are others in its own namespace. */
static void first_of_all(void)
{
    child(of_itself);
    wait(NULL);
    child(faulter);
    wait(NULL);
}

static void spaces(void)
{
    if (unshare(CLONE_NEWPID)) {
        die("unshare");
    }
    child(first_of_all);
    wait(NULL);
}

static const struct {
    const char *name;
    void (*fn)(void);
} cases[] = {
    { "in-call", in_call }, { "restarted", restarted },
    { "between", between }, { "stacked", stacked }, { "nested", nested },
    { "paged", paged }, { "faults", faults }, { "on-stack", on_stack },
    { "timer", timer }, { "plain", plain }, { "killed", killed },
    { "told", told }, { "group", group },
    { "leave-together", leave_together }, { "superseded", superseded },
    { "spaces", spaces },
};

int main(int argc, char **argv)
{
    for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        if (argc == 2 && !strcmp(argv[1], cases[i].name)) {
            cases[i].fn();
            return 0;
        }
    }
    fprintf(stderr, "usage: signals NAME\n");
    return 2;
}
