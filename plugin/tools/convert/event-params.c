/*
 * The parameters of an event.
 *
 * Constants are sysdig's own, PPM_*, the same on all architectures: as
 * sysdig 0.29.3 prints them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tools/convert/event-params.h"
#include "tools/trace/strings.h"

/* A parameter's length has 16 bits, and its event must fit a block. */
#define MAX_BYTES       16384
/* Of comm, with its zero: TASK_COMM_LEN, include/linux/sched.h. */
#define COMM_LEN        16

/* Where all of @bits that are in @mask are set, and no others, there is @to. */
typedef struct Flag {
    uint32_t mask, bits, to;
} Flag;

/* x86's O_*, in octal. */
static const Flag open_flags[] = {
    { 03, 00, 1 << 0 },                     /* O_RDONLY */
    { 03, 01, 1 << 1 },                     /* O_WRONLY */
    { 03, 02, 1 << 0 | 1 << 1 },            /* O_RDWR */
    { 0100, 0100, 1 << 2 },                 /* O_CREAT */
    { 02000, 02000, 1 << 3 },               /* O_APPEND */
    { 04010000, 010000, 1 << 4 },           /* O_DSYNC without O_SYNC */
    { 0200, 0200, 1 << 5 },                 /* O_EXCL */
    { 04000, 04000, 1 << 6 },               /* O_NONBLOCK */
    { 04010000, 04010000, 1 << 7 },         /* O_SYNC */
    { 01000, 01000, 1 << 8 },               /* O_TRUNC */
    { 040000, 040000, 1 << 9 },             /* O_DIRECT */
    { 0200000, 0200000, 1 << 10 },          /* O_DIRECTORY */
    { 0100000, 0100000, 1 << 11 },          /* O_LARGEFILE */
    { 02000000, 02000000, 1 << 12 },        /* O_CLOEXEC */
    { 020200000, 020200000, 1 << 13 },      /* O_TMPFILE */
    { }
};

/* x86's MAP_*. */
static const Flag map_flags[] = {
    { 0x1, 0x1, 1 << 0 },                   /* MAP_SHARED */
    { 0x2, 0x2, 1 << 1 },                   /* MAP_PRIVATE */
    { 0x10, 0x10, 1 << 2 },                 /* MAP_FIXED */
    { 0x20, 0x20, 1 << 3 },                 /* MAP_ANONYMOUS */
    { 0x40, 0x40, 1 << 4 },                 /* MAP_32BIT */
    { 0x4000, 0x4000, 1 << 6 },             /* MAP_NORESERVE */
    { 0x8000, 0x8000, 1 << 7 },             /* MAP_POPULATE */
    { 0x10000, 0x10000, 1 << 8 },           /* MAP_NONBLOCK */
    { 0x100, 0x100, 1 << 9 },               /* MAP_GROWSDOWN */
    { 0x800, 0x800, 1 << 10 },              /* MAP_DENYWRITE */
    { 0x1000, 0x1000, 1 << 11 },            /* MAP_EXECUTABLE */
    { 0x2000, 0x2000, 1 << 14 },            /* MAP_LOCKED */
    { }
};

/* x86's commands of fcntl; one that is not here is 0. */
static const Flag fcntl_commands[] = {
    { ~0u, 0, 1 }, { ~0u, 1, 2 }, { ~0u, 2, 3 }, { ~0u, 3, 4 }, { ~0u, 4, 5 },
    { ~0u, 5, 6 }, { ~0u, 6, 8 }, { ~0u, 7, 9 },        /* locks */
    { ~0u, 8, 10 }, { ~0u, 9, 12 },                     /* F_SETOWN, GETOWN */
    { ~0u, 10, 13 }, { ~0u, 11, 15 },                   /* F_SETSIG, GETSIG */
    { ~0u, 12, 17 }, { ~0u, 13, 18 }, { ~0u, 14, 19 },  /* F_..LK64 */
    { ~0u, 15, 21 }, { ~0u, 16, 22 },                   /* F_..OWN_EX */
    { ~0u, 36, 30 }, { ~0u, 37, 31 }, { ~0u, 38, 32 },  /* F_OFD_... */
    { ~0u, 1024, 23 }, { ~0u, 1025, 24 },               /* F_..LEASE */
    { ~0u, 1026, 27 }, { ~0u, 1029, 25 },               /* NOTIFY, CANCELLK */
    { ~0u, 1030, 26 },                                  /* F_DUPFD_CLOEXEC */
    { ~0u, 1031, 28 }, { ~0u, 1032, 29 },               /* F_..PIPE_SZ */
    { }
};

static uint32_t translate(const Flag *map, uint64_t value)
{
    uint32_t to = 0;

    for (; map->to; map++) {
        if (((uint32_t)value & map->mask) == map->bits) {
            to |= map->to;
        }
    }
    return to;
}

static void add(EventParams *p, const void *bytes, size_t len)
{
    p->len[p->n++] = (uint16_t)len;
    if (len) {
        g_byte_array_append(p->bytes, bytes, (unsigned)len);
    }
}

void event_add_number(EventParams *p, uint64_t value, size_t size)
{
    value = GUINT64_TO_LE(value);
    add(p, &value, size);
}

/* A string with its zero; what could not be read is "<NA>" in sysdig. */
static void add_string(EventParams *p, const char *s, size_t len)
{
    if (!s) {
        s = "<NA>";
        len = strlen(s);
    }
    len = MIN(len, MAX_BYTES);
    g_byte_array_append(p->bytes, (const uint8_t *)s, (unsigned)len);
    g_byte_array_append(p->bytes, (const uint8_t *)"", 1);
    p->len[p->n++] = (uint16_t)(len + 1);
}

static void add_text(EventParams *p, const char *s)
{
    add_string(p, s ? s : "", s ? strlen(s) : 0);
}

static void put_end(GByteArray *b, const TraceAddress *a)
{
    uint16_t port = GUINT16_TO_LE(a->port);

    if (a->family == AF_INET) {
        g_byte_array_append(b, (const uint8_t *)&a->in, sizeof(a->in));
    } else {
        g_byte_array_append(b, (const uint8_t *)&a->in6, sizeof(a->in6));
    }
    g_byte_array_append(b, (const uint8_t *)&port, sizeof(port));
}

static void add_address(EventParams *p, const char *text)
{
    g_autoptr(GByteArray) b = g_byte_array_new();
    TraceAddress a;
    uint8_t family;

    if (trace_sockaddr(text, &a)) {
        family = (uint8_t)a.family;
        g_byte_array_append(b, &family, 1);
        if (a.family == AF_UNIX) {
            g_byte_array_append(b, (const uint8_t *)a.path,
                                (unsigned)strlen(a.path) + 1);
        } else {
            put_end(b, &a);
        }
    }
    add(p, b->data, b->len);
}

static void add_tuple(EventParams *p, const char *text, GString *scratch)
{
    g_autoptr(GByteArray) b = g_byte_array_new();
    TraceAddress own, peer;
    uint8_t family;
    int64_t fd;

    if (trace_fd(text, &fd, scratch) &&
        trace_socket(scratch->str, &own, &peer) && peer.family == own.family) {
        family = (uint8_t)own.family;
        g_byte_array_append(b, &family, 1);
        put_end(b, &own);
        put_end(b, &peer);
    }
    add(p, b->data, b->len);
}

/* "[3<pipe:[1]>, 4<pipe:[1]>]"; -1 where there is none. */
static void add_pair(EventParams *p, const char *text, GString *scratch)
{
    const char *comma = text ? strstr(text, ", ") : NULL;
    int64_t fd[2] = { -1, -1 };

    if (comma && *text == '[') {
        g_autofree char *first = g_strndup(text + 1, comma - text - 1);
        g_autofree char *second = g_strdup(comma + 2);
        char *end = strrchr(second, ']');

        if (end) {
            *end = 0;
        }
        if (!trace_fd(first, &fd[0], scratch)) {
            fd[0] = -1;
        }
        if (!trace_fd(second, &fd[1], scratch)) {
            fd[1] = -1;
        }
    }
    event_add_number(p, (uint64_t)fd[0], 8);
    event_add_number(p, (uint64_t)fd[1], 8);
}

/* Of a command line, exe and the other arguments, each with its zero. */
static void add_argv(EventParams *p, const GPtrArray *argv)
{
    g_autoptr(GByteArray) b = g_byte_array_new();

    add_text(p, argv && argv->len ? argv->pdata[0] : NULL);
    for (unsigned i = 1; argv && i < argv->len; i++) {
        const char *s = argv->pdata[i];
        size_t len = strlen(s) + 1;

        if (b->len + len > MAX_BYTES) {
            break;
        }
        g_byte_array_append(b, (const uint8_t *)s, (unsigned)len);
    }
    add(p, b->data, b->len);
}

/*
 * Who, with the command line @argv, up to comm and cgroups.  Nobody when the
 * caller is not known: an event without these parameters ends sysdig.
 */
static void add_process(EventParams *p, const TraceCall *c,
                        const GPtrArray *argv, const char *comm)
{
    static const TraceProcess nobody;
    const TraceProcess *proc = c->has_process ? &c->process : &nobody;

    add_argv(p, argv);
    event_add_number(p, (uint64_t)proc->tid, 8);
    event_add_number(p, (uint64_t)proc->pid, 8);
    event_add_number(p, (uint64_t)proc->ppid, 8);
    add_text(p, proc->cwd);
    for (int i = 0; i < 3; i++) {
        event_add_number(p, 0, 8);  /* limit of descriptors, page faults */
    }
    for (int i = 0; i < 3; i++) {
        event_add_number(p, 0, 4);  /* sizes of memory */
    }
    add_text(p, comm);
    add(p, NULL, 0);                /* cgroups */
}

static void add_clone(EventParams *p, const TraceCall *c)
{
    const TraceProcess *proc = &c->process;

    add_process(p, c, proc->argv, proc->comm);
    event_add_number(p, 0, 4);      /* flags, numbered by sysdig */
    event_add_number(p, (uint64_t)proc->uid, 4);
    event_add_number(p, (uint64_t)proc->gid, 4);
    event_add_number(p, (uint64_t)proc->ns_tid, 8);
    event_add_number(p, (uint64_t)(proc->tid == proc->pid ? proc->ns_tid
                                                          : -1), 8);
}

/*
 * The record tells of the program that made the call; sysdig wants the new
 * one, which has the arguments it was given, and the file's name as comm
 * (Linux: begin_new_exec(), fs/exec.c).
 */
static void add_exec(EventParams *p, const TraceCall *c, GString *scratch)
{
    const TraceArg *file = trace_arg(c, "filename");
    const TraceArg *argv = trace_arg(c, "argv");
    g_autoptr(GPtrArray) list = NULL;
    g_autofree char *comm = NULL;

    if (!c->err && file && trace_unquote(file->text, scratch, NULL)) {
        const char *slash = strrchr(scratch->str, '/');

        comm = g_strndup(slash ? slash + 1 : scratch->str, COMM_LEN - 1);
        list = trace_strings(argv ? argv->text : NULL);
    }
    add_process(p, c, list ? list : c->process.argv,
                comm ? comm : c->process.comm);
    add(p, NULL, 0);                /* environment */
    event_add_number(p, 0, 4);      /* terminal */
    event_add_number(p, 0, 8);      /* process group */
    event_add_number(p, UINT32_MAX, 4);     /* who logged in: not set */
    event_add_number(p, 0, 4);      /* flags */
}

void event_add_param(EventParams *p, const TraceCall *c, const char *how,
                     const char *name, GString *scratch)
{
    const TraceArg *a = name ? trace_arg(c, name) : NULL;
    const char *text = a ? a->text : NULL;
    uint64_t raw = a ? a->raw : 0;

    if (!strcmp(how, "ret")) {
        event_add_number(p, (uint64_t)c->ret, 8);
    } else if (!strcmp(how, "ret32")) {
        event_add_number(p, (uint64_t)c->ret, 4);
    } else if (!strcmp(how, "fd")) {
        /* Whatever is in the register's upper half. */
        event_add_number(p, (uint64_t)(int64_t)(int32_t)raw, 8);
    } else if (*how == 'u') {
        event_add_number(p, raw, (size_t)atoi(how + 1) / 8);
    } else if (g_str_has_prefix(how, "zero")) {
        event_add_number(p, 0, (size_t)atoi(how + strlen("zero")));
    } else if (!strcmp(how, "oflags")) {
        event_add_number(p, translate(open_flags, raw), 4);
    } else if (!strcmp(how, "mapflags")) {
        event_add_number(p, translate(map_flags, raw), 4);
    } else if (!strcmp(how, "fcntl")) {
        event_add_number(p, translate(fcntl_commands, raw), 1);
    } else if (!strcmp(how, "path")) {
        bool good = trace_unquote(text, scratch, NULL);

        add_string(p, good ? scratch->str : NULL, scratch->len);
    } else if (!strcmp(how, "buf")) {
        trace_unquote(text, scratch, NULL);
        add(p, scratch->str, MIN(scratch->len, MAX_BYTES));
    } else if (!strcmp(how, "pair")) {
        add_pair(p, text, scratch);
    } else if (!strcmp(how, "addr")) {
        add_address(p, text);
    } else if (!strcmp(how, "tuple")) {
        add_tuple(p, name ? text : c->ret_text, scratch);
    } else if (!strcmp(how, "clone")) {
        add_clone(p, c);
    } else if (!strcmp(how, "exec")) {
        add_exec(p, c, scratch);
    } else {
        g_assert_not_reached();
    }
}
