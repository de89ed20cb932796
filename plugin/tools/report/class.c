/*
 * What kind of thing a call does, for the colours of a report.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "tools/report/model.h"

/* A call that is in none of them is judged by its arguments. */
static const char *const lists[N_CLASSES] = {
    [CLASS_NETWORK] =
        "accept accept4 bind connect getpeername getsockname getsockopt listen"
        " recvfrom recvmmsg recvmsg sendmmsg sendmsg sendto setsockopt"
        " shutdown socket socketcall socketpair",
    [CLASS_MEMORY] =
        "brk get_mempolicy madvise mbind mincore mlock mlock2 mlockall mmap"
        " mmap2 mprotect mremap mseal msync munlock munlockall munmap"
        " pkey_alloc pkey_free pkey_mprotect process_madvise set_mempolicy"
        " shmat shmctl shmdt shmget",
    [CLASS_PROCESSES] =
        "arch_prctl capget capset clone clone3 execve execveat exit"
        " exit_group fork getpgid getpgrp getpid getppid getsid gettid kcmp"
        " pidfd_open prctl prlimit64 ptrace rseq seccomp set_robust_list"
        " set_tid_address setgid setgroups setns setpgid setregid setresgid"
        " setresuid setreuid setsid setuid unshare vfork wait4 waitid waitpid",
    [CLASS_SIGNALS] =
        "kill pause pidfd_send_signal rt_sigaction rt_sigpending"
        " rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend"
        " rt_sigtimedwait rt_tgsigqueueinfo sigaction sigaltstack signalfd"
        " signalfd4 sigprocmask sigreturn tgkill tkill",
    [CLASS_WAITING] =
        "clock_nanosleep epoll_pwait epoll_pwait2 epoll_wait futex"
        " futex_time64 futex_wait futex_waitv nanosleep poll ppoll pselect6"
        " sched_yield select _newselect",
};

static const char *const names[N_CLASSES] = {
    [CLASS_FILES] = "files",
    [CLASS_NETWORK] = "network",
    [CLASS_MEMORY] = "memory",
    [CLASS_PROCESSES] = "processes",
    [CLASS_SIGNALS] = "signals",
    [CLASS_WAITING] = "waiting",
    [CLASS_OTHER] = "other",
};

const char *model_class_name(ModelClass class)
{
    return names[class];
}

bool model_in_list(const char *list, const char *word)
{
    size_t len = word ? strlen(word) : 0;

    for (const char *at = list; len && (at = strstr(at, word)); at += len) {
        if (at > list && at[-1] == ' ' && at[len] == ' ') {
            return true;
        }
    }
    return false;
}

static GHashTable *make_table(void)
{
    GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);

    for (int i = 0; i < N_CLASSES; i++) {
        /* The words live as long as the table: as long as the program. */
        char **words = lists[i] ? g_strsplit(lists[i], " ", -1) : NULL;

        for (char **w = words; w && *w; w++) {
            g_hash_table_insert(table, *w, GINT_TO_POINTER(i));
        }
        g_free(words);
    }
    return table;
}

ModelClass model_class_of(const TraceCall *c)
{
    static GHashTable *table;
    void *class;

    if (!table) {
        table = make_table();
    }
    if (c->call && g_hash_table_lookup_extended(table, c->call, NULL, &class)) {
        return (ModelClass)GPOINTER_TO_INT(class);
    }
    for (unsigned i = 0; i < c->n_args; i++) {
        const char *text = c->args[i].text;
        const char *at = text && (g_ascii_isdigit(*text) || *text == 'A')
                       ? strchr(text, '<') : NULL;

        if (text && *text == '"' && (strstr(c->args[i].name, "name") ||
                                     strstr(c->args[i].name, "path"))) {
            return CLASS_FILES;
        }
        if (at) {
            return !strncmp(at, "<TCP", 4) || !strncmp(at, "<UDP", 4) ||
                   !strncmp(at, "<UNIX", 5) || !strncmp(at, "<NETLINK", 8) ||
                   !strncmp(at, "<socket:", 8) ? CLASS_NETWORK : CLASS_FILES;
        }
    }
    /* A descriptor without a name: fd=number. */
    for (unsigned i = 0; i < c->n_args; i++) {
        if (!strcmp(c->args[i].name, "fd") || !strcmp(c->args[i].name, "dfd")) {
            return CLASS_FILES;
        }
    }
    return CLASS_OTHER;
}
