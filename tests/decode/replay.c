/*
 * A small strace on the host, on top of libfrail's decoder: runs a program,
 * stops it at every call, and prints what frail_call_decode() makes of it.
 * Beside the real strace it shows where our text differs.
 *
 *     frail-replay OUTPUT PROGRAM [ARGUMENT...]
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <glib.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decode/pool.h"
#include "decode/printer.h"

/* --- In place of the guest ----------------------------------------------- */

/* A process of the host, by its id. */
typedef struct Task {
    pid_t pid;
    FrailCall call;
    FrailDecoded *decoded;
    bool in_call;
} Task;

static Task *current;

size_t call_read_user(const FrailCall *call G_GNUC_UNUSED, uint64_t addr,
                      void *buf, size_t len)
{
    struct iovec local = { buf, len };
    struct iovec remote = { (void *)(uintptr_t)addr, len };
    ssize_t n = process_vm_readv(current->pid, &local, 1, &remote, 1, 0);

    return n < 0 ? 0 : n;
}

const FrailProcess *guest_process(FrailGuestCpu *cpu)
{
    return (const FrailProcess *)cpu;
}

static bool link_text(const char *path, FrailText *out, bool fd)
{
    char target[4096];
    ssize_t n = readlink(path, target, sizeof(target) - 1);
    static const char deleted[] = " (deleted)";
    bool gone;
    struct stat st;

    if (n < 0) {
        return false;
    }
    target[n] = '\0';
    gone = g_str_has_suffix(target, deleted);
    if (gone) {
        n -= strlen(deleted);
    }
    if (fd) {
        text_char(out, '<');
    }
    text_escaped(out, target, n, "\"<>");
    if (fd && stat(path, &st) == 0 && target[0] == '/' &&
        (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))) {
        text_str(out, S_ISCHR(st.st_mode) ? "<char " : "<block ");
        text_udec(out, major(st.st_rdev));
        text_char(out, ':');
        text_udec(out, minor(st.st_rdev));
        text_char(out, '>');
    }
    if (fd) {
        text_str(out, gone ? ">(deleted)" : ">");
    }
    return true;
}

bool guest_fd_text(FrailGuestCpu *cpu G_GNUC_UNUSED,
                   const FrailProcess *p G_GNUC_UNUSED, int fd,
                   bool details G_GNUC_UNUSED, FrailText *out)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/fd/%d", current->pid,
                                            fd);

    return link_text(path, out, true);
}

bool guest_cwd_text(FrailGuestCpu *cpu G_GNUC_UNUSED,
                    const FrailProcess *p G_GNUC_UNUSED, FrailText *out)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/cwd", current->pid);

    return link_text(path, out, false);
}

/* --- The tracer ---------------------------------------------------------- */

static const FrailDecodeOptions options = {
    .sz = sizeof(options), .string_limit = 32, .fd_style = FRAIL_FD_DETAILS,
};
static FILE *output;
static DecodePool *pool;
static GHashTable *tasks;

static Task *task_of(pid_t pid)
{
    Task *t = g_hash_table_lookup(tasks, GINT_TO_POINTER(pid));

    if (!t) {
        t = g_new0(Task, 1);
        t->pid = pid;
        g_hash_table_insert(tasks, GINT_TO_POINTER(pid), t);
    }
    return t;
}

static void print_call(Task *t)
{
    FrailDecoded *d = t->decoded;
    GString *line = g_string_new(frail_decoded_name(d));

    if (!frail_decoded_name(d)) {
        g_string_append_printf(line, "syscall_%#lx", (long)t->call.nr);
    }
    g_string_append_c(line, '(');
    for (unsigned i = 0; i < frail_decoded_arg_count(d); i++) {
        g_string_append(line, i ? ", " : "");
        if (frail_decoded_arg_flags(d, i) & FRAIL_ARG_NAMED) {
            g_string_append_printf(line, "%s=", frail_decoded_arg_name(d, i));
        }
        g_string_append(line, frail_decoded_arg_text(d, i));
    }
    g_string_append(line, ") ");
    while (line->len < 40) {
        g_string_append_c(line, ' ');
    }
    fprintf(output, "%d %s= %s\n", t->pid, line->str,
            t->call.has_result ? frail_decoded_result(d) : "?");
    g_string_free(line, TRUE);
}

static void finish(Task *t)
{
    if (t->decoded) {
        frail_decoded_finish(t->decoded, &t->call);
        print_call(t);
        frail_decoded_free(t->decoded);
        t->decoded = NULL;
    }
}

static void stopped(Task *t)
{
    struct __ptrace_syscall_info info;

    current = t;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(info), &info) < 0) {
        return;
    }
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
        FrailCall c = {
            .pool = pool, .guest = (FrailGuestCpu *)t,
            .nr = info.entry.nr, .user_rsp = info.stack_pointer,
            .abi = info.arch == AUDIT_ARCH_I386 ? CALL_ABI_I386 :
                   CALL_ABI_X86_64,
        };

        if (c.abi == CALL_ABI_X86_64 && (c.nr & CALL_X32_BIT) && c.nr > 0) {
            c.abi = CALL_ABI_X32;
            c.nr &= ~CALL_X32_BIT;
        }
        memcpy(c.args, info.entry.args, sizeof(c.args));
        t->call = c;
        t->decoded = frail_call_decode(&t->call, &options);
    } else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
        t->call.has_result = true;
        t->call.result = info.exit.rval;
        finish(t);
    }
}

int main(int argc, char **argv)
{
    pid_t child, pid;
    int status, code = 0;

    if (argc < 3 || !(output = fopen(argv[1], "w"))) {
        fprintf(stderr, "usage: frail-replay OUTPUT PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    pool = pool_new();
    tasks = g_hash_table_new(NULL, NULL);
    child = fork();
    if (!child) {
        fclose(output);
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    waitpid(child, &status, 0);
    if (ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD |
               PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
               PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
               PTRACE_O_EXITKILL) < 0) {
        perror("frail-replay: ptrace");
        return 77;
    }
    ptrace(PTRACE_SYSCALL, child, 0, 0);
    while ((pid = waitpid(-1, &status, __WALL)) > 0) {
        Task *t = task_of(pid);
        int signal = 0;

        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            current = t;
            t->call.has_result = false;
            finish(t);
            if (pid == child) {
                code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
            }
            g_hash_table_remove(tasks, GINT_TO_POINTER(pid));
            g_free(t);
            continue;
        }
        if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
            stopped(t);
        } else if (status >> 16) {
            /* an event */
        } else if (WSTOPSIG(status) != SIGSTOP) {
            signal = WSTOPSIG(status);
        }
        ptrace(PTRACE_SYSCALL, pid, 0, signal);
    }
    fclose(output);
    pool_free(pool);
    return code;
}
