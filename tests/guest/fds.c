/*
 * Open files of every kind.  For each of them, where the kernel says that it
 * leads is written down, and then a call is made on it that those who watch
 * can find: the Nth fcntl(FD, F_GETFD) is line N of the list.
 *
 *     fds LIST
 *
 * Each file is shown in one state only: strace remembers what it has once
 * said of a socket.  A line is KIND, thread, number and the link /proc/PID/fd/N as another
 * process sees it, which stays in the first namespaces; tabs between them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/fanotify.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/vm_sockets.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int ask[2], answer[2];   /* to the process that looks, and back */
static pid_t me;                /* as it sees this process */

typedef struct Question {
    char kind[48];
    pid_t pid;
    int fd;
} Question;

static void die(const char *what)
{
    fprintf(stderr, "fds: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* The process that looks: reads links and writes the list. */
static void look(const char *list)
{
    FILE *out = fopen(list, "w");
    Question q;

    if (!out) {
        die(list);
    }
    while (read(ask[0], &q, sizeof(q)) == sizeof(q)) {
        char path[64], link[8192];
        ssize_t len;

        snprintf(path, sizeof(path), "/proc/%d/fd/%d", q.pid, q.fd);
        len = readlink(path, link, sizeof(link));
        fprintf(out, "%s\t%d\t%d\t", q.kind, q.pid, q.fd);
        for (ssize_t i = 0; i < len; i++) {
            fprintf(out, link[i] == '\n' ? "\\n" : "%c", link[i]);
        }
        fputc('\n', out);
        fflush(out);
        if (write(answer[1], "", 1) != 1) {
            die("answer");
        }
    }
    exit(0);
}

/* Takes what a system call gave; a kernel may lack a kind, and says so. */
static int show(const char *kind, int fd)
{
    Question q = { .pid = me, .fd = fd };
    char byte;

    if (fd < 0) {
        fprintf(stderr, "fds: no %s: %s\n", kind, strerror(errno));
        return fd;
    }
    snprintf(q.kind, sizeof(q.kind), "%s", kind);
    if (write(ask[1], &q, sizeof(q)) != sizeof(q) ||
        read(answer[0], &byte, 1) != 1) {
        die("the looking process is gone");
    }
    fcntl(fd, F_GETFD);
    return fd;
}

static int make(const char *path)
{
    return open(path, O_RDWR | O_CREAT, 0600);
}

static void files(void)
{
    char deep[3000] = "deep";
    int fd, dir;

    fd = show("open", make("file"));
    show("dup", dup(fd));
    show("dup2", dup2(fd, 200));
    show("fcntl-dupfd", fcntl(fd, F_DUPFD, 100));
    show("fcntl-dupfd-cloexec", fcntl(fd, F_DUPFD_CLOEXEC, 300));
    show("high-number", dup2(fd, 1000));
    dir = show("directory", open(".", O_RDONLY | O_DIRECTORY));
    show("openat", openat(dir, "file", O_RDONLY));
    show("root", open("/", O_RDONLY));
    show("o-path", open("file", O_PATH));
    if (symlink("file", "link")) {
        die("symlink");
    }
    show("o-path-symlink", open("link", O_PATH | O_NOFOLLOW));
    show("symlink", open("link", O_RDONLY));
    show("o-tmpfile", open(".", O_RDWR | O_TMPFILE, 0600));
    fd = make("gone");
    unlink("gone");
    show("deleted", fd);
    fd = make("first name");
    rename("first name", "second name");
    show("renamed", fd);
    fd = make("a b");
    link("a b", "hard");
    unlink("a b");
    show("deleted-hard-link", fd);
    mkdir("d", 0700);
    fd = open("d", O_RDONLY);
    rmdir("d");
    show("deleted-directory", fd);
    show("space", make("with space"));
    show("quote", make("with \"quotes\" and 'these'"));
    show("backslash", make("back\\slash"));
    show("newline", make("new\nline"));
    show("brackets", make("<angle> [square]"));
    show("non-ascii", make("gr\xc3\xbc\xc3\x9f" "e"));
    show("not-utf8", make("\xff\xfe"));
    show("control", make("\x01\x7f"));
    show("named-deleted", make("file (deleted)"));
    for (int i = 0; i < 60; i++) {
        mkdir(deep, 0700);
        strcat(deep, "/twenty letters here");
    }
    mkdir(deep, 0700);
    strcat(deep, "/end");
    show("deep", make(deep));
    memset(deep, 'n', 255);
    deep[255] = 0;
    show("long-name", make(deep));
    show("fifo", mkfifo("fifo", 0600) ? -1 : open("fifo", O_RDWR));
}

static void kernel_files(void)
{
    show("proc", open("/proc/self/status", O_RDONLY));
    show("proc-sys", open("/proc/sys/kernel/ostype", O_RDONLY));
    show("sysfs", open("/sys/kernel/mm", O_RDONLY));
    show("namespace", open("/proc/self/ns/net", O_RDONLY));
    show("null", open("/dev/null", O_RDWR));
    show("zero", open("/dev/zero", O_RDWR));
    show("console", open("/dev/console", O_RDWR | O_NOCTTY));
    show("device-node", mknod("node", S_IFCHR | 0600, makedev(1, 5)) ? -1 :
         open("node", O_RDONLY));
    show("shm", make("/tmp/shm-file"));
}

static void anonymous(void)
{
    struct perf_event_attr perf = {
        .type = PERF_TYPE_SOFTWARE, .size = sizeof(perf),
        .config = PERF_COUNT_SW_TASK_CLOCK,
    };
    union bpf_attr map = {
        .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8,
        .max_entries = 1,
    };
    struct io_uring_params ring = { 0 };
    sigset_t set;
    int fd[2];

    if (pipe(fd)) {
        die("pipe");
    }
    show("pipe-read", fd[0]);
    show("pipe-write", fd[1]);
    show("memfd", memfd_create("a memfd", 0));
    show("memfd-empty", memfd_create("", 0));
    show("eventfd", eventfd(0, 0));
    show("epoll", epoll_create1(0));
    show("timerfd", timerfd_create(CLOCK_MONOTONIC, 0));
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    show("signalfd", signalfd(-1, &set, 0));
    show("inotify", inotify_init1(0));
    show("fanotify", syscall(SYS_fanotify_init, FAN_CLASS_NOTIF, O_RDONLY));
    show("pidfd", syscall(SYS_pidfd_open, getpid(), 0));
    show("pidfd-other", syscall(SYS_pidfd_open, getppid(), 0));
    show("perf", syscall(SYS_perf_event_open, &perf, 0, -1, -1, 0));
    show("bpf-map", syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map)));
    show("io-uring", syscall(SYS_io_uring_setup, 4, &ring));
    show("userfaultfd", syscall(SYS_userfaultfd, O_CLOEXEC));
    show("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
}

static void terminals(void)
{
    int master = show("ptmx", open("/dev/ptmx", O_RDWR | O_NOCTTY));

    if (master >= 0 && !grantpt(master) && !unlockpt(master)) {
        show("pts", open(ptsname(master), O_RDWR | O_NOCTTY));
    }
}

static void unix_sockets(void)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "sock" };
    int fd[2], server, client, accepted;

    show("unix-stream", socket(AF_UNIX, SOCK_STREAM, 0));
    show("unix-dgram", socket(AF_UNIX, SOCK_DGRAM, 0));
    show("unix-seqpacket", socket(AF_UNIX, SOCK_SEQPACKET, 0));
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd)) {
        die("socketpair");
    }
    show("socketpair", fd[0]);
    show("socketpair-other", fd[1]);
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fd)) {
        die("socketpair");
    }
    show("socketpair-dgram", fd[0]);
    server = socket(AF_UNIX, SOCK_STREAM, 0);
    client = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(server, (struct sockaddr *)&name, sizeof(name)) ||
        listen(server, 1) ||
        connect(client, (struct sockaddr *)&name, sizeof(name))) {
        die("connect");
    }
    accepted = accept(server, NULL, NULL);
    show("unix-listening", server);
    show("unix-connected", client);
    show("unix-accepted", accepted);
    client = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(client, (struct sockaddr *)&name, sizeof(name))) {
        die("connect");
    }
    show("unix-not-accepted", client);
    strcpy(name.sun_path, "socket \"bound\"");
    server = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (bind(server, (struct sockaddr *)&name, sizeof(name))) {
        die("bind");
    }
    show("unix-bound", server);
    /* In the abstract name space, with a zero byte inside. */
    memcpy(name.sun_path, "\0abs\0tract", 10);
    server = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (bind(server, (struct sockaddr *)&name,
             offsetof(struct sockaddr_un, sun_path) + 10)) {
        die("bind");
    }
    show("unix-abstract", server);
}

static void inet(const char *what, int family, const struct sockaddr *any,
                 socklen_t len)
{
    struct sockaddr_storage name;
    char kind[48];
    int server, client, udp;

#define KIND(suffix) (snprintf(kind, sizeof(kind), "%s-" suffix, what), kind)
    show(KIND("tcp"), socket(family, SOCK_STREAM, 0));
    show(KIND("udp"), socket(family, SOCK_DGRAM, 0));
    server = socket(family, SOCK_STREAM, 0);
    client = socket(family, SOCK_STREAM, 0);
    if (bind(server, any, len) || listen(server, 1)) {
        show(KIND("tcp-bound"), -1);
        return;
    }
    show(KIND("tcp-listening"), server);
    getsockname(server, (struct sockaddr *)&name, &len);
    if (connect(client, (struct sockaddr *)&name, len)) {
        die("connect");
    }
    show(KIND("tcp-connected"), client);
    show(KIND("tcp-accepted"), accept(server, NULL, NULL));
    server = socket(family, SOCK_STREAM, 0);
    udp = socket(family, SOCK_DGRAM, 0);
    if (bind(udp, any, len) || bind(server, any, len)) {
        die("bind");
    }
    show(KIND("tcp-bound"), server);
    show(KIND("udp-bound"), udp);
    udp = socket(family, SOCK_DGRAM, 0);
    if (connect(udp, (struct sockaddr *)&name, len)) {
        die("connect");
    }
    show(KIND("udp-connected"), udp);
    show(KIND("icmp-raw"), socket(family, SOCK_RAW,
         family == AF_INET ? (int)IPPROTO_ICMP : (int)IPPROTO_ICMPV6));
#undef KIND
}

static void sockets(void)
{
    struct sockaddr_in four = { .sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 six = { .sin6_family = AF_INET6,
                                .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr_nl route = { .nl_family = AF_NETLINK };
    int fd;

    unix_sockets();
    inet("inet", AF_INET, (struct sockaddr *)&four, sizeof(four));
    inet("inet6", AF_INET6, (struct sockaddr *)&six, sizeof(six));
    show("netlink", socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
    fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    if (bind(fd, (struct sockaddr *)&route, sizeof(route))) {
        die("bind");
    }
    show("netlink-bound", fd);
    show("netlink-uevent", socket(AF_NETLINK, SOCK_DGRAM,
                                  NETLINK_KOBJECT_UEVENT));
    show("packet", socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)));
    show("alg", socket(AF_ALG, SOCK_SEQPACKET, 0));
    show("vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
}

/* Run @work in a new process, with @flags of clone. */
static void apart(int flags, void (*work)(void))
{
    int fd[2], status;
    pid_t pid;

    if (pipe(fd)) {
        die("pipe");
    }
    pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) {
        if (read(fd[0], &me, sizeof(me)) != sizeof(me)) {
            die("read");
        }
        work();
        exit(0);
    }
    if (pid < 0 || write(fd[1], &pid, sizeof(pid)) != sizeof(pid) ||
        waitpid(pid, &status, 0) != pid || status) {
        die("a process apart failed");
    }
    close(fd[0]);
    close(fd[1]);
}

static void in_mount_ns(void)
{
    int fd;

    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
        mkdir("only here", 0700) ||
        mount("tmpfs", "only here", "tmpfs", 0, NULL)) {
        die("mount");
    }
    show("mount-ns", make("only here/file"));
    mkdir("only here/below", 0700);
    if (mount("tmpfs", "only here/below", "tmpfs", 0, NULL)) {
        die("mount");
    }
    fd = make("only here/below/file");
    show("mount-in-mount", fd);
    if (umount2("only here/below", MNT_DETACH)) {
        die("umount2");
    }
    show("detached-mount", fd);
    /* Another mount hides the one that the file is in. */
    fd = make("only here/hidden");
    if (mount("tmpfs", "only here", "tmpfs", 0, NULL)) {
        die("mount");
    }
    show("hidden-mount", fd);
}

static void in_chroot(void)
{
    int outside = open("file", O_RDONLY);

    mkdir("jail", 0700);
    if (chroot("jail") || chdir("/")) {
        die("chroot");
    }
    show("chroot-inside", make("/file"));
    show("chroot-outside", outside);
    show("chroot-root", open("/", O_RDONLY));
}

static void in_pid_ns(void)
{
    show("pid-ns", make("in pid ns"));
    show("pid-ns-pidfd", syscall(SYS_pidfd_open, getpid(), 0));
    show("pid-ns-self", open("/proc/self/status", O_RDONLY));
}

static void in_net_ns(void)
{
    show("net-ns-udp", socket(AF_INET, SOCK_DGRAM, 0));
    show("net-ns-file", open("/proc/self/ns/net", O_RDONLY));
}

static void in_user_ns(void)
{
    show("user-ns", open("file", O_RDONLY));
}

static void mounts(void)
{
    mkdir("bind", 0700);
    mkdir("source", 0700);
    close(make("source/inside"));
    if (mount("source", "bind", NULL, MS_BIND, NULL)) {
        die("bind mount");
    }
    show("bind-mount", open("bind/inside", O_RDONLY));
    show("bind-mount-dir", open("bind", O_RDONLY));
    close(make("target"));
    if (mount("file", "target", NULL, MS_BIND, NULL)) {
        die("bind mount of a file");
    }
    show("bind-mount-file", open("target", O_RDONLY));
    mkdir("lower", 0700);
    mkdir("upper", 0700);
    mkdir("workdir", 0700);
    mkdir("merged", 0700);
    close(make("lower/old"));
    close(make("lower/both"));
    if (mount("overlay", "merged", "overlay", 0,
              "lowerdir=lower,upperdir=upper,workdir=workdir")) {
        show("overlay", -1);
        return;
    }
    show("overlay-lower", open("merged/old", O_RDONLY));
    show("overlay-copied-up", open("merged/both", O_RDWR));
    show("overlay-new", make("merged/new"));
    show("overlay-dir", open("merged", O_RDONLY));
}

int main(int argc, char **argv)
{
    pid_t looker;

    if (argc != 2) {
        fprintf(stderr, "usage: fds LIST\n");
        return 2;
    }
    if (pipe(ask) || pipe(answer)) {
        die("pipe");
    }
    looker = fork();
    if (looker == 0) {
        close(ask[1]);
        close(answer[0]);
        look(argv[1]);
    }
    close(ask[0]);
    close(answer[1]);
    me = getpid();
    signal(SIGPIPE, SIG_DFL);
    mkdir("/tmp/fds", 0755);
    if (looker < 0 || chdir("/tmp/fds")) {
        die("/tmp/fds");
    }
    files();
    kernel_files();
    anonymous();
    terminals();
    sockets();
    mounts();
    apart(CLONE_NEWNS, in_mount_ns);
    apart(0, in_chroot);
    apart(CLONE_NEWPID, in_pid_ns);
    apart(CLONE_NEWNET, in_net_ns);
    apart(CLONE_NEWUSER, in_user_ns);
    close(ask[1]);
    return waitpid(looker, NULL, 0) != looker;
}
