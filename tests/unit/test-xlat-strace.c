/*
 * The names of constants against strace: this program makes calls that fail,
 * with every value of every table, under strace, and compares what strace
 * writes with what the library does.
 *
 * What strace does not know, because it is older than the table, is left
 * out.  Skipped where there is no strace or it may not trace.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decode/names/print.h"

typedef void Word32(FrailText *t, uint32_t word);
typedef void Word64(FrailText *t, uint64_t word);

/* A call of which one argument takes all values. */
typedef struct Case {
    const char *name;
    long nr;
    unsigned arg;
    uint64_t args[6];
    const Xlat *xlat;
    Word32 *word32;
    Word64 *word64;
} Case;

#define NONE    ((uint64_t)-1)      /* no file, no object */
#define NOBODY  0x7ffffff0          /* no process */

static void word_signal(FrailText *t, uint32_t word)
{
    write_signal(t, (int32_t)word);
}

static void word_clockid(FrailText *t, uint32_t word)
{
    write_clockid(t, (int32_t)word);
}

static void word_sockopt(FrailText *t, uint32_t word)
{
    write_sockopt_level(t, word);
}

static void word_shmctl(FrailText *t, uint32_t word)
{
    write_ipc_cmd(t, &xlat_shmctl_cmds, word);
}

static void word_msgctl(FrailText *t, uint32_t word)
{
    write_ipc_cmd(t, &xlat_msgctl_cmds, word);
}

#define X(name, nr, arg, table, ...) \
    { name, nr, arg, { __VA_ARGS__ }, &xlat_##table, NULL, NULL }
#define W(name, nr, arg, table, word, ...) \
    { name, nr, arg, { __VA_ARGS__ }, &xlat_##table, word, NULL }
#define L(name, nr, arg, table, word, ...) \
    { name, nr, arg, { __VA_ARGS__ }, &xlat_##table, NULL, word }

static const Case cases[] = {
    W("openat", SYS_openat, 2, open_flags, write_open_flags, NONE, 0),
    X("pipe2", SYS_pipe2, 1, open_flags, 0),
    X("dup3", SYS_dup3, 2, open_flags, NONE, NONE),
    X("fchownat", SYS_fchownat, 4, at_flags, NONE, 0),
    X("access", SYS_access, 1, access_modes, 0),
    X("faccessat2", SYS_faccessat2, 3, faccessat_flags, NONE),
    W("statx", SYS_statx, 2, statx_flags, write_statx_flags, NONE, 0),
    X("statx mask", SYS_statx, 3, statx_masks, NONE, 0),
    X("renameat2", SYS_renameat2, 4, rename_flags, NONE, 0, NONE, 0),
    X("lseek", SYS_lseek, 2, seek_whence, NONE),
    X("fcntl", SYS_fcntl, 1, fcntl_cmds, NONE),
    X("flock", SYS_flock, 1, flock_ops, NONE),
    L("mount", SYS_mount, 3, mount_flags, write_mount_flags, 0),
    X("umount2", SYS_umount2, 1, umount_flags, 0),
    X("fsmount", SYS_fsmount, 2, mount_attrs, NONE),
    X("open_tree", SYS_open_tree, 2, open_tree_flags, NONE, 0),
    X("mount_setattr", SYS_mount_setattr, 2, mount_setattr_flags, NONE),
    X("fspick", SYS_fspick, 2, fspick_flags, NONE),
    X("fsconfig", SYS_fsconfig, 1, fsconfig_cmds, NONE),
    W("swapon", SYS_swapon, 1, swap_flags, write_swap_flags, 0),
    X("fanotify_mark", SYS_fanotify_mark, 1, fanotify_mark_flags, NONE),
    X("fanotify masks", SYS_fanotify_mark, 2, fanotify_masks, NONE, 1),
    X("inotify_add_watch", SYS_inotify_add_watch, 2, inotify_masks, NONE),
    X("fallocate", SYS_fallocate, 1, fallocate_flags, NONE),
    X("fadvise64", SYS_fadvise64, 3, fadvise, NONE),
    X("splice", SYS_splice, 5, splice_flags, NONE, 0, NONE),
    X("setxattr", SYS_setxattr, 4, xattr_flags, 0),
    X("mprotect", SYS_mprotect, 2, mmap_prot, 0),
    L("mmap", SYS_mmap, 3, mmap_flags, write_mmap_flags, 0, 0, 0, 0, NONE),
    X("mremap", SYS_mremap, 3, mremap_flags, 1, 0),
    X("madvise", SYS_madvise, 2, madvise, 0),
    X("msync", SYS_msync, 2, msync_flags, 0),
    W("memfd_create", SYS_memfd_create, 1, memfd_flags, write_memfd_flags, 0),
    W("mbind", SYS_mbind, 2, mpol_modes, write_mempolicy_mode, 0),
    W("shmctl", SYS_shmctl, 1, shmctl_cmds, word_shmctl, NONE),
    W("msgctl", SYS_msgctl, 1, msgctl_cmds, word_msgctl, NONE),
    X("shmat", SYS_shmat, 2, shmat_flags, NONE),
    X("msgrcv", SYS_msgrcv, 4, msgop_flags, NONE),
    W("tgkill", SYS_tgkill, 2, signals, word_signal, NOBODY, NOBODY),
    X("rt_sigprocmask", SYS_rt_sigprocmask, 0, sigprocmask_how, 0, 0, 0, 8),
    X("waitid", SYS_waitid, 0, waitid_types, 0, NOBODY, 0, 4),
    X("wait4", SYS_wait4, 2, wait_flags, NOBODY),
    X("getpriority", SYS_getpriority, 0, priority_which, 0, NOBODY),
    X("getrlimit", SYS_getrlimit, 0, resources, 0),
    X("getrusage", SYS_getrusage, 0, rusage_who, 0),
    X("sched_setscheduler", SYS_sched_setscheduler, 1, sched_policies, NOBODY),
    X("getitimer", SYS_getitimer, 0, itimers, 0),
    W("clock_gettime", SYS_clock_gettime, 0, clocks, word_clockid, 0),
    X("kcmp", SYS_kcmp, 2, kcmp_types, NOBODY, NOBODY),
    W("personality", SYS_personality, 0, personality_flags,
      write_personality, 0),
    X("ptrace", SYS_ptrace, 0, ptrace_requests, 0, NOBODY),
    X("bpf", SYS_bpf, 0, bpf_cmds, 0),
    X("seccomp", SYS_seccomp, 1, seccomp_filter_flags, 1),
    X("epoll_ctl", SYS_epoll_ctl, 1, epoll_ctl, NONE),
    X("timerfd_settime", SYS_timerfd_settime, 1, timerfd_flags, NONE),
    X("io_uring_register", SYS_io_uring_register, 1, io_uring_register_ops,
      NONE),
    X("io_uring_enter", SYS_io_uring_enter, 3, io_uring_enter_flags, NONE),
    X("preadv2", SYS_preadv2, 5, rwf_flags, NONE),
    X("domain", SYS_socket, 0, socket_domains, 0, 0, NONE),
    W("type", SYS_socket, 1, socket_types, write_socket_type, 0),
    X("sendto", SYS_sendto, 3, msg_flags, NONE),
    X("shutdown", SYS_shutdown, 1, shutdown_how, NONE),
    W("level", SYS_setsockopt, 1, socket_levels, word_sockopt, NONE),
};

static const unsigned socket_levels[] = {
    0, 1, 6, 17, 40, 41, 132, 255, 256, 257, 263, 268, 270, 271, 272, 273,
    274, 276, 280, 281, 282, 283,
};
static const unsigned domains[] = { 1, 2, 3, 10, 16, 17, 29, 31, 34, 35, 37 };

/* Called for each call that is made. */
typedef void EachFunc(const char *name, long nr, const uint64_t *args,
                      unsigned arg, const Case *c, void *opaque);

static void each_value(const Case *c, EachFunc *func, void *opaque)
{
    uint64_t args[6];

    memcpy(args, c->args, sizeof(args));
    for (unsigned bit = 0; bit < 32; bit++) {
        args[c->arg] = UINT64_C(1) << bit;
        func(c->name, c->nr, args, c->arg, c, opaque);
    }
    for (size_t i = 0; i < c->xlat->count; i++) {
        args[c->arg] = c->xlat->names[i].value;
        func(c->name, c->nr, args, c->arg, c, opaque);
    }
    args[c->arg] = 0;
    func(c->name, c->nr, args, c->arg, c, opaque);
    args[c->arg] = 77;
    func(c->name, c->nr, args, c->arg, c, opaque);
}

static void each_call(EachFunc *func, void *opaque)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        each_value(&cases[i], func, opaque);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(socket_levels); i++) {
        for (unsigned name = 0; name < 140; name++) {
            uint64_t args[6] = { NONE, socket_levels[i], name };

            func("getsockopt", SYS_getsockopt, args, 2, NULL, opaque);
            func("setsockopt", SYS_setsockopt, args, 2, NULL, opaque);
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(domains); i++) {
        for (unsigned protocol = 0; protocol < 80; protocol++) {
            uint64_t args[6] = { domains[i], 77, protocol };

            func("protocol", SYS_socket, args, 2, NULL, opaque);
        }
    }
    for (unsigned op = 0; op < 0x210; op++) {
        uint64_t args[6] = { 1, op };

        func("futex", SYS_futex, args, 1, NULL, opaque);
    }
    for (size_t i = 0; i < xlat_ioctl_requests.count; i++) {
        uint64_t args[6] = { NONE, xlat_ioctl_requests.names[i].value };

        func("ioctl", SYS_ioctl, args, 1, NULL, opaque);
    }
}

static void ours(FrailText *t, long nr, const uint64_t *args, unsigned arg,
                 const Case *c)
{
    uint64_t value = args[arg];

    if (c && c->word32) {
        c->word32(t, value);
    } else if (c && c->word64) {
        c->word64(t, value);
    } else if (c && c->xlat->sorted) {
        print_enum(t, c->xlat, (uint32_t)value);
    } else if (c) {
        print_flags(t, c->xlat, value);
    } else if (nr == SYS_socket) {
        write_socket_protocol(t, args[0], value);
    } else if (nr == SYS_futex) {
        write_futex_op(t, value);
    } else if (nr == SYS_ioctl) {
        print_ioctl_request(t, value);
    } else {
        write_sockopt_name(t, args[1], value, nr == SYS_setsockopt);
    }
}

/* --- Under strace -------------------------------------------------------- */

static void make_call(G_GNUC_UNUSED const char *name, long nr,
                      const uint64_t *args, G_GNUC_UNUSED unsigned arg,
                      G_GNUC_UNUSED const Case *c,
                      G_GNUC_UNUSED void *opaque)
{
    long fd = syscall(nr, args[0], args[1], args[2], args[3], args[4],
                      args[5]);

    if ((nr == SYS_memfd_create || nr == SYS_socket) && fd >= 0) {
        close(fd);
    }
}

/* --- The comparison ------------------------------------------------------ */

typedef struct Reading {
    char **line;
    const char *strace;         /* the program itself, for the names it has */
    size_t strace_size;
    unsigned compared, unknown, ioctls, ioctl_differences, differences;
} Reading;

/* Argument @arg of a line "name(a, {b, c}, d) = ..." */
static char *argument(const char *line, unsigned arg)
{
    const char *p = strchr(line, '(');
    const char *from;
    unsigned depth = 0;

    if (!p) {
        return NULL;
    }
    from = ++p;
    for (; *p; p++) {
        if (!depth && (*p == ')' || (*p == ',' && p[1] == ' '))) {
            if (!arg--) {
                return g_strndup(from, p - from);
            }
            if (*p == ')') {
                return NULL;
            }
            from = p + 2;
        } else if (strchr("({[", *p)) {
            depth++;
        } else if (depth && strchr(")}]", *p)) {
            depth--;
        }
    }
    return NULL;
}

/* Of use to fsmount(2), too, which strace 6.1 does not know. */
static bool is_newer(const char *words)
{
    return !strcmp(words, "MOUNT_ATTR_IDMAP") ||
           !strcmp(words, "MOUNT_ATTR_NOSYMFOLLOW");
}

static bool strace_knows(const Reading *r, const char *words)
{
    g_auto(GStrv) names = g_strsplit_set(words, "|(), <", -1);

    if (is_newer(words)) {
        return false;
    }
    for (char **n = names; *n; n++) {
        g_autofree char *last = NULL;
        const char *name = *n;
        size_t len = strlen(name);

        if (!g_ascii_isalpha(name[0]) || !strcmp(name, "or")) {
            continue;
        }
        if (g_str_has_suffix(name, "_PRIVATE")) {
            len -= strlen("_PRIVATE");
        }
        last = g_strndup(name, len);
        /* Its strings end with a zero, and may share their ends. */
        if (!memmem(r->strace, r->strace_size, last, len + 1)) {
            return false;
        }
    }
    return true;
}

static bool is_line_of_call(const char *line)
{
    return g_ascii_isalpha(line[0]) && strchr(line, '(') &&
           !g_str_has_prefix(line, "close(");
}

static void compare(const char *name, long nr, const uint64_t *args,
                    unsigned arg, const Case *c, void *opaque)
{
    Reading *r = opaque;
    g_autofree char *theirs = NULL;
    char text[1024];
    FrailText t;

    while (*r->line && !is_line_of_call(*r->line)) {
        r->line++;
    }
    g_assert_nonnull(*r->line);
    /* Two words of the position are printed as one argument. */
    theirs = argument(*r->line++, nr == SYS_preadv2 ? arg - 1 : arg);
    if (!theirs) {
        g_error("%s: no argument in \"%s\"", name, r->line[-1]);
    }
    text_init(&t, text, sizeof(text));
    ours(&t, nr, args, arg, c);
    text_terminate(&t);
    if (!strcmp(theirs, text)) {
        r->compared++;
        r->ioctls += nr == SYS_ioctl;
    } else if (!strace_knows(r, text) || (nr == SYS_ioctl &&
               g_str_has_prefix(theirs, "_IOC("))) {
        r->unknown++;
    } else if (nr == SYS_ioctl) {
        r->ioctl_differences++;
    } else {
        r->differences++;
        g_printerr("# %s: strace \"%s\", we \"%s\"\n", name, theirs, text);
    }
}

static char *self;

static void same_as_strace(void)
{
    g_autofree char *strace = g_find_program_in_path("strace");
    g_autofree char *out = NULL;
    g_autofree char *contents = NULL;
    g_autofree char *program = NULL;
    g_autofree char *version = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(GError) error = NULL;
    Reading r = { 0 };
    int fd, status;
    gsize size;
    char *argv[] = {
        strace, (char *)"-qq", (char *)"-o", NULL, self,
        (char *)"--make-calls", NULL,
    };
    char *ask[] = { strace, (char *)"-V", NULL };

    if (!strace) {
        g_test_skip("no strace");
        return;
    }
    g_spawn_sync(NULL, ask, NULL, 0, NULL, NULL, &version, NULL, NULL, NULL);
    if (!version || !strstr(version, "version 6.1\n")) {
        g_test_skip("strace is not 6.1, whose text is ours");
        return;
    }
    fd = g_file_open_tmp("frail-xlat-XXXXXX", &out, &error);
    g_assert_no_error(error);
    close(fd);
    argv[3] = out;
    if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL |
                      G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                      &status, &error) ||
        !g_spawn_check_wait_status(status, NULL)) {
        g_unlink(out);
        g_test_skip("strace cannot trace here");
        return;
    }
    g_file_get_contents(out, &contents, &size, &error);
    g_assert_no_error(error);
    g_unlink(out);
    g_file_get_contents(strace, &program, &r.strace_size, &error);
    g_assert_no_error(error);
    r.strace = program;
    lines = g_strsplit(contents, "\n", -1);
    r.line = lines;
    while (*r.line && !g_str_has_prefix(*r.line, "getppid(")) {
        r.line++;
    }
    g_assert_nonnull(*r.line);
    r.line++;
    each_call(compare, &r);
    g_test_message("%u equal, %u not known to strace, %u differ; of %u ioctl "
                   "requests that it knows %u differ", r.compared, r.unknown,
                   r.differences, r.ioctls + r.ioctl_differences,
                   r.ioctl_differences);
    g_assert_cmpuint(r.compared, >, 5000);
    g_assert_cmpuint(r.differences, ==, 0);
    /* Names of one number in headers that are gone, and the like. */
    g_assert_cmpuint(r.ioctl_differences * 100, <, r.ioctls * 6);
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--make-calls")) {
        alarm(60);
        syscall(SYS_getppid);
        each_call(make_call, NULL);
        _exit(0);
    }
    self = argv[0];
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xlat/same-as-strace", same_as_strace);
    return g_test_run();
}
