/*
 * A 32-bit program's system calls: calls32 plain | vdso | int80
 *
 * plain and vdso: as the C library makes them, through what the kernel names in
 * AT_SYSINFO: SYSCALL on AMD's processors, SYSENTER on Intel's.  plain has no
 * signal handlers, which return by INT 0x80 all the same.  All results are the
 * same in every run, on every machine.  There is no C library here.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
enum {
    NR_exit = 1,
    NR_write = 4,
    NR_open = 5,
    NR_close = 6,
    NR_access = 33,
    NR_dup = 41,
    NR_pipe = 42,
    NR_rt_sigaction = 174,

    AT_SYSINFO = 32,
    SIGPIPE = 13,
    SA_SIGINFO = 4,
};

/* arch/x86/include/uapi/asm/signal.h, for 32 bits; no restorer: the vDSO's */
struct sigaction32 {
    void (*handler)(int);
    unsigned flags;
    void (*restorer)(void);
    unsigned mask[2];
};

static unsigned long vsyscall;
static volatile int handled;

static int call(int nr, int a, int b, int c, int d)
{
    int ret;

    if (vsyscall) {
        __asm__ volatile("call *%1" : "=a"(ret)
                         : "m"(vsyscall), "0"(nr), "b"(a), "c"(b), "d"(c),
                           "S"(d) : "memory");
    } else {
        __asm__ volatile("int $0x80" : "=a"(ret)
                         : "0"(nr), "b"(a), "c"(b), "d"(c), "S"(d)
                         : "memory");
    }
    return ret;
}

static void on_signal(int signal)
{
    handled += signal == SIGPIPE;
    call(NR_close, -2, 0, 0, 0);
}

static int run(int signals)
{
    int fds[2] = { -1, -1 }, wrong = 0;

    for (int i = 0; i < 20; i++) {
        wrong += call(NR_close, -1, 0, 0, 0) != -9;         /* EBADF */
    }
    wrong += call(NR_open, (int)"/nowhere", 0, 0, 0) != -2; /* ENOENT */
    wrong += call(NR_access, (int)"/", 0, 0, 0) != 0;
    wrong += call(NR_pipe, (int)fds, 0, 0, 0) != 0;
    call(NR_close, fds[0], 0, 0, 0);
    /* The result lies in the handler's frame, one kind and the other. */
    for (int i = 0; i < signals; i++) {
        struct sigaction32 act = {
            .handler = on_signal, .flags = i & 1 ? SA_SIGINFO : 0,
        };

        call(NR_rt_sigaction, SIGPIPE, (int)&act, 0, 8);
        wrong += call(NR_write, fds[1], (int)"x", 1, 0) != -32; /* EPIPE */
    }
    wrong += handled != signals;
    call(NR_dup, fds[1], 0, 0, 0);
    return wrong;
}

__attribute__((used, noreturn)) static void entry(unsigned long *stack)
{
    int argc = stack[0];
    char **argv = (char **)(stack + 1), **env = argv + argc + 1;
    unsigned long *aux;

    while (*env) {
        env++;
    }
    if (argc == 2 && argv[1][0] != 'i') {
        for (aux = (unsigned long *)(env + 1); aux[0]; aux += 2) {
            vsyscall = aux[0] == AT_SYSINFO ? aux[1] : vsyscall;
        }
        if (!vsyscall) {
            call(NR_exit, 3, 0, 0, 0);
        }
    }
    call(NR_exit, argc == 2 ? run(argv[1][0] == 'p' ? 0 : 4) : 2, 0, 0, 0);
    for (;;) {
    }
}

__asm__(".globl _start\n"
        "_start:\n"
        "    xor %ebp, %ebp\n"
        "    mov %esp, %eax\n"
        "    and $-16, %esp\n"
        "    sub $12, %esp\n"
        "    push %eax\n"
        "    call entry\n");
