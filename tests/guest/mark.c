/*
 * A guest's end of the system tests: marks the stream of system calls, so
 * that it can be cut exactly, and a few things a shell cannot do.
 *
 *     mark begin N             the runner is about to start program N
 *     mark start N KIND PROG ARGS...   mark, then become PROG
 *     mark end N               program N has been waited for
 *     mark drain               wait until the console has sent everything
 *     mark off                 power off at once
 *
 * A mark is a system call that no Linux has, with N and KIND as arguments:
 * it fails with ENOSYS and is seen by everything that sees system calls.
 * There is no C library here, so nothing else is called, and the program
 * starts with an environment that is always the same.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stddef.h>

enum {
    MARK_BEGIN = 0x5000,
    MARK_START = 0x5001,
    MARK_END = 0x5002,

    NR_write = 1,
    NR_ioctl = 16,
    NR_execve = 59,
    NR_exit_group = 231,
    NR_reboot = 169,

    CMD_TCSBRK = 0x5409,
};

static char *const environment[] = {
    "PATH=/usr/local/bin:/usr/bin:/usr/sbin", "HOME=/root", "LC_ALL=C",
    "TERM=dumb", "USER=root", "TZ=UTC",
    /* Languages that are random by default, or write what they compiled. */
    "PERL_HASH_SEED=0", "PERL_PERTURB_KEYS=0", "PYTHONHASHSEED=0",
    "PYTHONDONTWRITEBYTECODE=1", NULL
};

static long call(long nr, long a, long b, long c, long d)
{
    register long r10 __asm__("r10") = d;
    long ret;

    __asm__ volatile("syscall" : "=a"(ret)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return ret;
}

static size_t length(const char *s)
{
    size_t n = 0;

    while (s[n]) {
        n++;
    }
    return n;
}

static int same(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static long number(const char *s)
{
    long n = 0;

    while (*s >= '0' && *s <= '9') {
        n = n * 10 + (*s++ - '0');
    }
    return n;
}

static int say(const char *what)
{
    call(NR_write, 2, (long)what, length(what), 0);
    return 2;
}

/*
 * Try the program itself, or in the directories a Debian user has: the tests'
 * own last, so that Debian's are found at once.
 */
static int become(char **argv)
{
    static const char *const dirs[] = {
        "/usr/bin/", "/usr/sbin/", "/usr/local/bin/",
    };
    char path[256];

    if (argv[0][0] == '/') {
        call(NR_execve, (long)argv[0], (long)argv, (long)environment, 0);
    } else {
        for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
            size_t n = length(dirs[i]), m = length(argv[0]);

            if (n + m >= sizeof(path)) {
                break;
            }
            for (size_t k = 0; k < n; k++) {
                path[k] = dirs[i][k];
            }
            for (size_t k = 0; k <= m; k++) {
                path[n + k] = argv[0][k];
            }
            call(NR_execve, (long)path, (long)argv, (long)environment, 0);
        }
    }
    say("mark: cannot run ");
    say(argv[0]);
    say("\n");
    return 127;
}

static int run(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";

    if (same(verb, "begin") && argc == 3) {
        call(MARK_BEGIN, number(argv[2]), 0, 0, 0);
        return 0;
    }
    if (same(verb, "end") && argc == 3) {
        call(MARK_END, number(argv[2]), 0, 0, 0);
        return 0;
    }
    if (same(verb, "start") && argc > 4) {
        call(MARK_START, number(argv[2]), number(argv[3]), 0, 0);
        return become(argv + 4);
    }
    if (same(verb, "drain")) {
        return call(NR_ioctl, 1, CMD_TCSBRK, 1, 0) < 0;
    }
    if (same(verb, "off")) {
        call(NR_reboot, 0xfee1dead, 672274793, 0x4321fedc, 0);
        return 1;
    }
    return say("usage: mark begin N | start N KIND PROG ARGS | end N | "
               "drain | off\n");
}

__attribute__((used, noreturn)) static void entry(long *stack)
{
    call(NR_exit_group, run(stack[0], (char **)(stack + 1)), 0, 0, 0);
    for (;;) {
    }
}

__asm__(".globl _start\n"
        "_start:\n"
        "    xor %ebp, %ebp\n"
        "    mov %rsp, %rdi\n"
        "    and $-16, %rsp\n"
        "    call entry\n");
