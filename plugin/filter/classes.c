/*
 * Classes of system calls.
 *
 * Those that take a path or a descriptor are known by their arguments; the
 * others are lists.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include <glib.h>

#include "filter/classes.h"
#include "decode/args.h"

typedef struct Class {
    const char *name;
    const char *kinds;      /* of arguments */
    const char *calls;
} Class;

static const Class classes[] = {
    { "clock", NULL,
      " adjtimex clock_adjtime clock_adjtime64 clock_getres"
      " clock_getres_time64 clock_gettime clock_gettime64 clock_settime"
      " clock_settime64 gettimeofday settimeofday stime time " },
    { "creds", NULL,
      " capget capset getegid getegid32 geteuid geteuid32 getgid getgid32"
      " getgroups getgroups32 getresgid getresgid32 getresuid getresuid32"
      " getuid getuid32 prctl setfsgid setfsgid32 setfsuid setfsuid32 setgid"
      " setgid32 setgroups setgroups32 setregid setregid32 setresgid"
      " setresgid32 setresuid setresuid32 setreuid setreuid32 setuid"
      " setuid32 " },
    { "desc", " fd dirfd fan_dirfd pollfds fd_set epoll_ctl_event ",
      " creat epoll_create epoll_create1 eventfd eventfd2 fanotify_init"
      " fsopen inotify_init inotify_init1 io_uring_setup"
      " landlock_create_ruleset memfd_create memfd_secret mq_open open"
      " perf_event_open pidfd_open pipe pipe2 timerfd_create userfaultfd"
      " bpf " },
    { "file", " path ", " quotactl name_to_handle_at getcwd " },
    { "fstat", NULL, " fstat fstat64 fstatat64 newfstatat oldfstat statx " },
    { "fstatfs", NULL, " fstatfs fstatfs64 " },
    { "ipc", NULL,
      " ipc msgctl msgget msgrcv msgsnd semctl semget semop semtimedop"
      " semtimedop_time64 shmat shmctl shmdt shmget " },
    { "lstat", NULL, " lstat lstat64 oldlstat " },
    { "memory", NULL,
      " brk cachestat get_mempolicy io_destroy io_setup madvise map_shadow_stack"
      " mbind memfd_secret migrate_pages mincore mlock mlock2 mlockall mmap"
      " mmap2 move_pages mprotect mremap mseal msync munlock munlockall munmap"
      " pkey_alloc pkey_free pkey_mprotect process_madvise process_mrelease"
      " remap_file_pages set_mempolicy set_mempolicy_home_node shmat shmdt " },
    { "network", NULL,
      " accept accept4 bind connect getpeername getpmsg getsockname"
      " getsockopt listen putpmsg recvfrom recvmmsg recvmmsg_time64 recvmsg"
      " sendfile sendfile64 sendmmsg sendmsg sendto setsockopt shutdown"
      " socket socketcall socketpair " },
    { "process", NULL,
      " clone clone3 execve execveat exit exit_group fork kill pidfd_open"
      " pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo tgkill tkill"
      " vfork wait4 waitid waitpid " },
    { "pure", NULL,
      " getegid getegid32 geteuid geteuid32 getgid getgid32 getpgrp getpid"
      " getppid gettid getuid getuid32 " },
    { "signal", NULL,
      " kill pause pidfd_send_signal restart_syscall rt_sigaction rt_sigpending"
      " rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend"
      " rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sgetmask"
      " sigaction sigaltstack signal signalfd signalfd4 sigpending sigprocmask"
      " sigreturn sigsuspend ssetmask tgkill tkill " },
    { "stat", NULL, " oldstat stat stat64 " },
    { "statfs", NULL, " statfs statfs64 " },
    /* Short for others. */
    { "net", NULL, NULL },
};

bool frail_class_find(const char *name, unsigned *which)
{
    if (!strcmp(name, "net")) {
        name = "network";
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(classes); i++) {
        if (!strcmp(classes[i].name, name)) {
            *which = i;
            return true;
        }
    }
    return false;
}

/* Is @word one of @list, " like this "? */
static bool is_listed(const char *list, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = list; at && (at = strstr(at, word)); at += len) {
        if (at > list && at[-1] == ' ' && at[len] == ' ') {
            return true;
        }
    }
    return false;
}

bool frail_class_has(unsigned which, FrailAbi abi, int64_t nr)
{
    const Class *c = &classes[which];
    const char *name = frail_syscall_name(abi, nr);
    const CallSpec *spec;

    if (!name) {
        return false;
    }
    if (is_listed(c->calls, name)) {
        return true;
    }
    spec = call_spec(abi, nr);
    if (spec && spec->target) {
        spec = spec->target;
    }
    for (unsigned i = 0; c->kinds && spec && i < spec->n; i++) {
        if (is_listed(c->kinds, spec->args[i].kind)) {
            return true;
        }
    }
    return false;
}

const char *frail_class_names(void)
{
    return "%clock %creds %desc %file %fstat %fstatfs %ipc %lstat %memory "
           "%net %network %process %pure %signal %stat %statfs";
}
