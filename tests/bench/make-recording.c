/*
 * Write the made-up guest of the unit tests as a recording for decode-speed:
 * DIRECTORY/ram and DIRECTORY/calls.
 *
 *     make-recording DIRECTORY
 *
 * The calls are those of a program that reads a file and writes it to a pipe,
 * beginning as the dynamic loader does.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "fake-guest.h"

/* Where things lie in the process's memory; its arguments lie in front. */
enum {
    AT_CACHE = 0x200, AT_PASSWD = 0x240, AT_EMPTY = 0x280, AT_STAT = 0x300,
    AT_ELF = 0x800, AT_TEXT = 0xc00, AT_STACK = 0x1800,
};

#define PASSWD "root:x:0:0:root:/root:/bin/bash\n" \
               "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"

static FILE *calls;
static unsigned n_calls;

static void call(long nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3,
                 uint64_t a4, uint64_t a5, int64_t result)
{
    fprintf(calls, "call %ld %#" PRIx64 " %#" PRIx64 " %#" PRIx64 " %#" PRIx64
            " %#" PRIx64 " %#" PRIx64 " = %" PRId64 "\n", nr, a0, a1, a2, a3,
            a4, a5, result);
    n_calls++;
}

static void make_memory(FakeGuest *g)
{
    struct stat st = {
        .st_dev = 0x801, .st_ino = 131, .st_mode = S_IFREG | 0644,
        .st_nlink = 1, .st_size = 20314, .st_blocks = 40, .st_blksize = 4096,
        .st_mtim = { .tv_sec = 1700000000, .tv_nsec = 5 },
    };
    uint8_t *user = fg_user(g);
    FgDentry *etc = fg_dentry(g, g->root_dentry, "etc");

    fg_set_fd(g, 1, fg_pseudo(g, "pipefs", "", 4711));
    fg_set_fd(g, 3, fg_file(g, g->root_mount,
                            fg_dentry(g, etc, "ld.so.cache")));
    fg_set_fd(g, 4, fg_file(g, g->root_mount, fg_dentry(g, etc, "passwd")));
    strcpy((char *)user + AT_CACHE, "/etc/ld.so.cache");
    strcpy((char *)user + AT_PASSWD, "/etc/passwd");
    memcpy(user + AT_STAT, &st, sizeof(st));
    memcpy(user + AT_ELF, "\177ELF\2\1\1\3\0\0\0\0\0\0\0\0\3\0>\0\1\0\0\0", 24);
    strcpy((char *)user + AT_TEXT, PASSWD);
}

static void make_calls(void)
{
    const uint64_t cwd = (uint32_t)AT_FDCWD, at = FG_USER;
    const uint64_t length = sizeof(PASSWD) - 1;

    call(SYS_openat, cwd, at + AT_CACHE, O_RDONLY | O_CLOEXEC, 0, 0, 0, 3);
    call(SYS_newfstatat, 3, at + AT_EMPTY, at + AT_STAT, AT_EMPTY_PATH, 0, 0,
         0);
    call(SYS_mmap, 0, 20314, PROT_READ, MAP_PRIVATE, 3, 0, 0x7f0000001000);
    call(SYS_read, 3, at + AT_ELF, 832, 0, 0, 0, 832);
    call(SYS_close, 3, 0, 0, 0, 0, 0, 0);
    call(SYS_openat, cwd, at + AT_CACHE, O_WRONLY | O_CREAT | O_EXCL, 0600, 0,
         0, -EEXIST);
    call(SYS_openat, cwd, at + AT_PASSWD, O_RDONLY, 0, 0, 0, 4);
    call(SYS_mmap, 0, 139264, PROT_READ | PROT_WRITE,
         MAP_PRIVATE | MAP_ANONYMOUS, (uint32_t)-1, 0, 0x7f0000010000);
    call(SYS_read, 4, at + AT_TEXT, 131072, 0, 0, 0, length);
    call(SYS_write, 1, at + AT_TEXT, length, 0, 0, 0, length);
    call(SYS_read, 4, at + AT_TEXT, 131072, 0, 0, 0, 0);
    call(SYS_close, 4, 0, 0, 0, 0, 0, 0);
}

int main(int argc, char **argv)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_PCPU_HOT });
    g_autofree char *ram = g_build_filename(argv[argc - 1], "ram", NULL);
    g_autofree char *text = g_build_filename(argv[argc - 1], "calls", NULL);

    if (argc != 2 || g_mkdir_with_parents(argv[1], 0777)) {
        fprintf(stderr, "usage: make-recording DIRECTORY\n");
        return 2;
    }
    make_memory(g);
    calls = fopen(text, "w");
    if (!calls) {
        g_error("%s: %s", text, g_strerror(errno));
    }
    fprintf(calls, "regs cr3=%#" PRIx64 " cr4=0x20 kgs=%#" PRIx64
            " lstar=%#" PRIx64 " rip=0x401002 rsp=%#" PRIx64 "\n",
            g->state.cr3, g->state.percpu, g->state.lstar,
            (uint64_t)FG_USER + AT_STACK);
    make_calls();
    if (fclose(calls) ||
        !g_file_set_contents(ram, (const char *)g->ram, FG_RAM, NULL)) {
        g_error("%s cannot be written", argv[1]);
    }
    printf("%u\n", n_calls);
    return 0;
}
