/*
 * Which of sysdig's event types stands for a call.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "tools/convert/event-params.h"
#include "tools/convert/events.h"

#define GENERIC 0

static const char *const call_codes[] = {
#include "tools/convert/call-codes.inc"
};

/*
 * A call, the type of its entry (that of its return is one more), and the
 * parameters of both, each as HOW or HOW:ARGUMENT; see event-params.h.
 *
 * An event says how many parameters it has.  Where sysdig does without, those
 * at the end that are not known are left out; a call that needs what is not
 * known has no row here and is a generic event.
 */
typedef struct Row {
    const char *calls;
    uint16_t type;
    const char *enter, *exit;
} Row;

static const Row rows[] = {
    { "open", 2, "path:filename oflags:flags u32:mode",
      "ret path:filename oflags:flags u32:mode" },
    { "close", 4, "fd:fd", "ret" },
    { "read", 6, "fd:fd u32:count", "ret buf:buf" },
    { "write", 8, "fd:fd u32:count", "ret buf:buf" },
    { "socket", 18, "u32:family u32:type u32:protocol", "ret" },
    { "bind", 20, "fd:fd", "ret addr:umyaddr" },
    { "connect", 22, "fd:fd addr:uservaddr", "ret tuple:fd" },
    { "listen", 24, "fd:fd u32:backlog", "ret" },
    { "send", 28, "fd:fd u32:len", "ret buf:buff" },
    { "sendto", 30, "fd:fd u32:len tuple:fd", "ret buf:buff" },
    { "recv", 32, "fd:fd u32:size", "ret buf:ubuf" },
    { "recvfrom", 34, "fd:fd u32:size", "ret buf:ubuf tuple:fd" },
    { "shutdown", 36, "fd:fd u8:how", "ret" },
    { "getsockname", 38, "", "" },
    { "getpeername", 40, "", "" },
    { "socketpair", 42, "u32:family u32:type u32:protocol",
      "ret pair:usockvec zero8 zero8" },
    { "setsockopt", 44, "", "ret fd:fd" },
    { "getsockopt", 46, "", "ret fd:fd" },
    { "sendmsg", 48, "fd:fd", "ret" },
    { "sendmmsg", 50, "", "" },
    { "recvmsg", 52, "fd:fd", "ret" },
    { "recvmmsg", 54, "", "" },
    { "creat", 58, "path:pathname u32:mode", "ret path:pathname u32:mode" },
    { "pipe pipe2", 60, "", "ret pair:fildes zero8" },
    { "eventfd eventfd2", 62, "u64:count", "ret" },
    { "futex", 64, "u64:uaddr u16:op u64:val", "ret" },
    { "stat", 66, "", "ret path:filename" },
    { "lstat", 68, "", "ret path:filename" },
    { "fstat", 70, "fd:fd", "ret" },
    { "stat64", 72, "", "ret path:filename" },
    { "lstat64", 74, "", "ret path:filename" },
    { "fstat64", 76, "fd:fd", "ret" },
    { "epoll_wait", 78, "u64:maxevents", "ret" },
    { "poll", 80, "", "ret" },
    { "select", 82, "", "ret" },
    { "lseek", 86, "fd:fd u64:offset u8:whence", "ret" },
    { "getcwd", 92, "", "ret path:buf" },
    { "chdir", 94, "", "ret path:filename" },
    { "fchdir", 96, "fd:fd", "ret" },
    { "link", 308, "", "ret path:oldname path:newname" },
    { "linkat", 310, "", "ret fd:olddfd path:oldname fd:newdfd path:newname" },
    { "unlink", 300, "", "ret path:pathname" },
    { "unlinkat", 302, "", "ret fd:dfd path:pathname" },
    { "pread64", 112, "fd:fd u32:count u64:pos", "ret buf:buf" },
    { "pwrite64", 114, "fd:fd u32:count u64:pos", "ret buf:buf" },
    { "readv", 116, "fd:fd", "ret" },
    { "writev", 118, "fd:fd", "ret" },
    { "preadv", 120, "fd:fd", "ret" },
    { "pwritev", 122, "fd:fd", "ret" },
    { "dup", 124, "fd:fildes", "ret" },
    { "dup2 dup3", 124, "fd:oldfd", "ret" },
    { "signalfd signalfd4", 126, "fd:ufd", "ret" },
    { "kill", 128, "fd:pid u8:sig", "ret" },
    { "tkill", 130, "fd:pid u8:sig", "ret" },
    { "tgkill", 132, "fd:tgid fd:pid u8:sig", "ret" },
    { "nanosleep", 134, "", "ret" },
    { "timerfd_create", 136, "u8:clockid", "ret" },
    { "inotify_init inotify_init1", 138, "", "ret" },
    { "fcntl fcntl64", 150, "fd:fd fcntl:cmd", "ret" },
    { "brk", 158, "u64:brk", "ret zero4 zero4 zero4" },
    { "mmap", 160, "u64:addr u64:len u32:prot mapflags:flags fd:fd u64:off",
      "ret zero4 zero4 zero4" },
    { "mmap2", 162,
      "u64:addr u64:len u32:prot mapflags:flags fd:fd u64:pgoff",
      "ret zero4 zero4 zero4" },
    { "munmap", 164, "u64:addr u64:len", "ret zero4 zero4 zero4" },
    { "splice", 166, "fd:fd_in fd:fd_out u64:len", "ret" },
    { "ptrace", 168, "", "ret" },
    { "ioctl", 170, "fd:fd u64:cmd u64:arg", "ret" },
    { "rename", 174, "", "ret path:oldname path:newname" },
    { "renameat", 176, "",
      "ret fd:olddfd path:oldname fd:newdfd path:newname" },
    { "renameat2", 318, "",
      "ret fd:olddfd path:oldname fd:newdfd path:newname" },
    { "symlink", 178, "", "ret path:oldname path:newname" },
    { "symlinkat", 180, "", "ret path:oldname fd:newdfd path:newname" },
    { "sendfile sendfile64", 188, "fd:out_fd fd:in_fd", "ret" },
    { "setresuid setresuid32", 192, "u32:ruid u32:euid u32:suid", "ret" },
    { "setresgid setresgid32", 194, "u32:ruid u32:euid u32:suid", "ret" },
    { "setuid setuid32", 198, "u32:uid", "ret" },
    { "setgid setgid32", 200, "u32:uid", "ret" },
    { "getuid getuid32", 202, "", "ret32" },
    { "geteuid geteuid32", 204, "", "ret32" },
    { "getgid getgid32", 206, "", "ret32" },
    { "getegid getegid32", 208, "", "ret32" },
    { "getresuid", 210, "", "ret" },
    { "getresgid", 212, "", "ret" },
    { "clone", 222, "", "ret clone" },
    { "fork", 224, "", "ret clone" },
    { "vfork", 226, "", "ret clone" },
    { "getdents", 236, "fd:fd", "ret" },
    { "getdents64", 238, "fd:fd", "ret" },
    { "setns", 240, "fd:fd", "ret" },
    { "flock", 242, "fd:fd", "ret" },
    { "accept", 246, "", "ret tuple" },
    { "accept4", 248, "", "ret tuple" },
    { "ppoll", 254, "", "ret" },
    { "mount", 256, "", "ret path:dev_name path:dir_name path:type" },
    { "umount umount2", 258, "", "ret path:name" },
    { "access", 264, "", "ret path:filename" },
    { "chroot", 266, "", "ret path:filename" },
    { "setsid", 274, "", "ret" },
    { "mkdir", 276, "u32:mode", "ret path:pathname" },
    { "rmdir", 278, "", "ret path:filename" },
    { "unshare", 284, "", "ret" },
    { "execve", 292, "path:filename", "ret exec" },
    { "setpgid", 294, "fd:pid fd:pgid", "ret" },
    { "seccomp", 298, "u64:op", "ret" },
    { "mkdirat", 304, "", "ret fd:dfd path:pathname u32:mode" },
    { "openat", 306, "fd:dfd path:filename oflags:flags u32:mode",
      "ret fd:dfd path:filename oflags:flags u32:mode" },
    { "fchmodat", 312, "", "ret fd:dfd path:filename u32:mode" },
    { "chmod", 314, "", "ret path:filename u32:mode" },
    { "fchmod", 316, "", "ret fd:fd u32:mode" },
    { "userfaultfd", 320, "", "ret" },
    { "openat2", 326, "fd:dfd path:filename", "ret fd:dfd path:filename" },
};

struct EventMap {
    GHashTable *rows;       /* of char * */
    GHashTable *codes;
    GString *text;          /* scratch */
};

EventMap *event_map_new(void)
{
    EventMap *m = g_new0(EventMap, 1);

    m->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    m->codes = g_hash_table_new(g_str_hash, g_str_equal);
    m->text = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) names = g_strsplit(rows[i].calls, " ", -1);

        for (char **name = names; *name; name++) {
            g_hash_table_insert(m->rows, g_strdup(*name), (void *)&rows[i]);
        }
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(call_codes); i++) {
        if (call_codes[i] && !g_hash_table_contains(m->codes, call_codes[i])) {
            g_hash_table_insert(m->codes, (void *)call_codes[i],
                                GUINT_TO_POINTER(i));
        }
    }
    return m;
}

void event_map_free(EventMap *m)
{
    g_hash_table_destroy(m->rows);
    g_hash_table_destroy(m->codes);
    g_string_free(m->text, true);
    g_free(m);
}

uint16_t event_call_code(EventMap *m, const char *call)
{
    return call ? GPOINTER_TO_UINT(g_hash_table_lookup(m->codes, call)) : 0;
}

uint16_t event_of_call(EventMap *m, const TraceCall *c, bool at_return,
                       EventParams *p)
{
    const Row *row = c->call ? g_hash_table_lookup(m->rows, c->call) : NULL;
    g_auto(GStrv) params = NULL;

    p->n = 0;
    g_byte_array_set_size(p->bytes, 0);
    if (!row) {
        event_add_number(p, event_call_code(m, c->call), 2);
        if (!at_return) {
            event_add_number(p, (uint64_t)c->nr, 2);
        }
        return GENERIC + at_return;
    }
    params = g_strsplit(at_return ? row->exit : row->enter, " ", -1);
    for (char **s = params; *s; s++) {
        char *colon = strchr(*s, ':');

        if (colon) {
            *colon = 0;
        }
        event_add_param(p, c, *s, colon ? colon + 1 : NULL, m->text);
    }
    return row->type + at_return;
}
