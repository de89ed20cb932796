/*
 * The same calls under the strace of this machine: does it still print what
 * print-structs.golden and, with -v, print-structs.golden-v say?
 * "--record-yy" and "--record-vyy" write those files to standard output.
 *
 * The calls are never made: a seccomp filter hands them to another thread,
 * which gives the result that the case wants.  strace sees a call that
 * returned, and decodes the memory that the case has laid down.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "structs-cases.h"

/* --- The child, under strace -------------------------------------------- */

extern const char real_ip64[], real_ip32[];

static int listener;
static volatile int64_t next_result;

__attribute__((noinline, noclone))
static void call64(uint64_t nr, const uint64_t *a)
{
    register uint64_t r10 asm("r10") = a[3];
    register uint64_t r8 asm("r8") = a[4];
    register uint64_t r9 asm("r9") = a[5];

    asm volatile("syscall\nreal_ip64:"
                 : "+a"(nr)
                 : "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
}

__attribute__((noinline, noclone))
static void call32(uint64_t nr, const uint64_t *args)
{
    register const uint64_t *a asm("r8") = args;

    asm volatile("sub $128, %%rsp\n push %%rbx\n push %%rbp\n"
                 "mov (%%r8), %%ebx\n mov 8(%%r8), %%ecx\n"
                 "mov 16(%%r8), %%edx\n mov 24(%%r8), %%esi\n"
                 "mov 32(%%r8), %%edi\n mov 40(%%r8), %%ebp\n"
                 "int $0x80\nreal_ip32:\n"
                 "pop %%rbp\n pop %%rbx\n add $128, %%rsp"
                 : "+a"(nr), "+r"(a)
                 :
                 : "rcx", "rdx", "rsi", "rdi", "r9", "r10", "r11", "memory");
}

static void *answer(void *opaque)
{
    for (;;) {
        struct seccomp_notif req = { 0 };
        struct seccomp_notif_resp resp = { 0 };

        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &req)) {
            if (errno != EBADF && errno != EINTR) {
                perror("seccomp");
                _exit(1);
            }
            usleep(1000);
            continue;
        }
        resp.id = req.id;
        if (next_result < 0) {
            resp.error = next_result;
        } else {
            resp.val = next_result;
        }
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
    }
    return opaque;
}

static void filter_calls(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                 offsetof(struct seccomp_data, instruction_pointer)),
        BPF_JUMP(BPF_JMP | BPF_JEQ, (uint32_t)(uintptr_t)real_ip64, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ, (uint32_t)(uintptr_t)real_ip32, 1, 0),
        BPF_STMT(BPF_RET, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET, SECCOMP_RET_USER_NOTIF),
    };
    struct sock_fprog prog = { G_N_ELEMENTS(code), code };
    pthread_t thread;

    listener = -1;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        pthread_create(&thread, NULL, answer, NULL)) {
        exit(2);
    }
    listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                       SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
    if (listener < 0) {
        perror("seccomp");
        exit(2);
    }
}

static int child(void)
{
    for (unsigned i = 0; i < AREAS; i++) {
        if (mmap((void *)AREA_PAGE(i), 4096, PROT_READ | PROT_WRITE,
                 MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
            MAP_FAILED) {
            return 2;
        }
    }
    /* It is shown behind AT_FDCWD. */
    if (chdir("/")) {
        return 2;
    }
    filter_calls();
    for (unsigned i = 0; i < structs_cases_count; i++) {
        const StructsCase *c = &structs_cases[i];
        static Area areas[AREAS];
        int64_t nr = frail_syscall_number(c->abi, c->name);
        uint64_t args[6];

        g_assert_cmpint(nr, >=, 0);
        areas_parse(areas, c->abi, c->memory);
        args_parse(args, areas, c->args);
        for (unsigned j = 0; j < AREAS; j++) {
            memset((void *)AREA_PAGE(j), 0xa5, 4096);
            memcpy((void *)areas[j].addr, areas[j].bytes, areas[j].len);
            /* System calls of their own, which are left out below. */
            mprotect((void *)AREA_PAGE(j), 4096,
                     areas[j].len ? PROT_READ | PROT_WRITE : PROT_NONE);
        }
        next_result = c->result;
        /* A marker: what follows it is the call. */
        syscall(SYS_getppid);
        if (c->abi == CALL_ABI_I386) {
            call32(nr, args);
        } else {
            call64(nr | (c->abi == CALL_ABI_X32 ? CALL_X32_BIT : 0), args);
        }
        syscall(SYS_getpgrp);
        for (unsigned j = 0; j < AREAS; j++) {
            mprotect((void *)AREA_PAGE(j), 4096, PROT_READ | PROT_WRITE);
        }
    }
    return 0;
}

/* --- The parent --------------------------------------------------------- */

static char *self;

/* The lines between the markers; NULL when strace cannot run here. */
static GPtrArray *run_strace(const char *option, char **why)
{
    g_autofree char *file = g_strdup_printf("/tmp/frail-print-%d.strace",
                                            getpid());
    char *argv[] = {
        "strace", "-a1", (char *)option, "-o", file, self, "--child",
        NULL
    };
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *text = NULL;
    g_autofree char *err = NULL;
    g_auto(GStrv) all = NULL;
    bool in_case = false;
    int status;

    if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                      &err, &status, NULL) || status ||
        !g_file_get_contents(file, &text, NULL, NULL)) {
        *why = g_strdup_printf("strace did not run: %s", err ? err : "");
        unlink(file);
        return NULL;
    }
    unlink(file);
    all = g_strsplit(text, "\n", -1);
    for (char **line = all; *line; line++) {
        if (g_str_has_prefix(*line, "getppid()")) {
            g_assert_false(in_case);
            in_case = true;
        } else if (g_str_has_prefix(*line, "getpgrp()")) {
            g_assert_true(in_case);
            in_case = false;
        } else if (in_case && **line != '[' && **line != '<' &&
                   !g_str_has_prefix(*line, "---")) {
            g_ptr_array_add(lines, g_strdup(*line));
        }
    }
    return lines;
}

static void test_golden(gconstpointer file)
{
    g_autofree char *text = NULL;
    g_autofree char *why = NULL;
    g_auto(GStrv) golden = NULL;
    g_autofree char *version = NULL;
    char *argv[] = { "strace", "-V", NULL };
    GPtrArray *lines;

    if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                      &version, NULL, NULL, NULL) ||
        !strstr(version, "version 6.1\n")) {
        g_test_skip("no strace 6.1");
        return;
    }
    lines = run_strace(g_str_has_suffix(file, "-v") ? "-vyy" : "-yy",
                       &why);
    if (!lines) {
        g_test_skip(why);
        return;
    }
    g_assert_cmpuint(lines->len, ==, structs_cases_count);
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    golden = g_strsplit(text, "\n", -1);
    for (unsigned i = 0; i < lines->len; i++) {
        g_assert_cmpstr(g_ptr_array_index(lines, i), ==, golden[i]);
    }
    g_ptr_array_unref(lines);
}

int main(int argc, char **argv)
{
    g_autofree char *verbose = NULL;
    const char *path;

    self = g_file_read_link("/proc/self/exe", NULL);
    if (argc > 1 && !strcmp(argv[1], "--child")) {
        /* Whatever leaks does not matter, nor can it be looked for here. */
        _exit(child());
    }
    if (argc > 1 && g_str_has_prefix(argv[1], "--record-")) {
        char *why = NULL;
        GPtrArray *lines = run_strace(argv[1] + strlen("--record"), &why);

        if (!lines) {
            fprintf(stderr, "%s\n", why);
            return 1;
        }
        for (unsigned i = 0; i < lines->len; i++) {
            puts(g_ptr_array_index(lines, i));
        }
        return lines->len != structs_cases_count;
    }
    g_test_init(&argc, &argv, NULL);
    path = PRINT_STRUCTS_GOLDEN;
    g_test_add_data_func("/print-real-structs/golden", path, test_golden);
    verbose = g_strconcat(path, "-v", NULL);
    g_test_add_data_func("/print-real-structs/verbose", verbose, test_golden);
    return g_test_run();
}
