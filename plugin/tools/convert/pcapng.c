/*
 * A pcapng file with sysdig's blocks: tshark, Wireshark, sysdig and Falco
 * read it.
 *
 *     section header, machine info, process list, event, event...
 *
 * Layouts: pcapng is draft-ietf-opsawg-pcapng; sysdig's blocks are those that
 * libscap of Falco libs 0.1 to 0.20 reads (userspace/libscap, scap_savefile),
 * the ones that say how many parameters an event has ("version 2").  tshark 4.0
 * decodes the parameters of these only.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include <gio/gio.h>

#include "tools/convert/event-params.h"
#include "tools/convert/events.h"
#include "tools/convert/format.h"

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_MACHINE = 0x201,
    BLOCK_PROCESSES = 0x215,
    BLOCK_EVENT = 0x216,
    MAGIC = 0x1a2b3c4d,
    /* sysdig's own events. */
    EVENT_DROP = 148,           /* some are missing from here */
    EVENT_DROP_END = 149,       /* ... up to here */
    EVENT_EXIT = 186,           /* of a thread: status, exit, signal, core */
    EVENT_SIGNAL = 232,         /* from, to, signal */
};

/* Wireshark takes no block of more than 16 MiB. */
#define MAX_PROCESSES   (8u << 20)
#define MAX_STRING      1024

typedef struct State {
    TraceSorter *sorter;
    EventMap *map;
    EventParams params;
    GByteArray *block;          /* scratch */
    GHashTable *threads;        /* those listed: tid */
    GByteArray *processes;      /* the list */
    int64_t cpus;
    int64_t last;               /* time of the newest event */
} State;

static void put(GByteArray *b, const void *bytes, size_t len)
{
    if (len) {
        g_byte_array_append(b, bytes, (unsigned)len);
    }
}

static void put16(GByteArray *b, uint64_t value)
{
    uint16_t v = GUINT16_TO_LE((uint16_t)value);

    put(b, &v, sizeof(v));
}

static void put32(GByteArray *b, uint64_t value)
{
    uint32_t v = GUINT32_TO_LE((uint32_t)value);

    put(b, &v, sizeof(v));
}

static void put64(GByteArray *b, uint64_t value)
{
    value = GUINT64_TO_LE(value);
    put(b, &value, sizeof(value));
}

/* A length, and a string without its zero. */
static void put_string(GByteArray *b, const char *s)
{
    size_t len = s ? MIN(strlen(s), MAX_STRING) : 0;

    put16(b, len);
    put(b, s, len);
}

static void set32(GByteArray *b, unsigned at, uint32_t value)
{
    value = GUINT32_TO_LE(value);
    memcpy(b->data + at, &value, sizeof(value));
}

static void begin_block(GByteArray *b, uint32_t type)
{
    g_byte_array_set_size(b, 0);
    put32(b, type);
    put32(b, 0);
}

static void end_block(GByteArray *b)
{
    static const uint8_t zeros[4];

    put(b, zeros, -b->len & 3);
    put32(b, b->len + 4);
    set32(b, 4, b->len);
}

static void *begin(TraceSorter *sorter)
{
    State *s = g_new0(State, 1);

    s->sorter = sorter;
    s->map = event_map_new();
    s->params.bytes = g_byte_array_new();
    s->block = g_byte_array_new();
    s->threads = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                       NULL);
    s->processes = g_byte_array_new();
    return s;
}

/* As it was first seen; what becomes of it later, execve's events tell. */
static void list_thread(State *s, const TraceProcess *p)
{
    GByteArray *b = s->processes;
    unsigned at = b->len;
    int64_t *tid;

    if (b->len > MAX_PROCESSES || g_hash_table_contains(s->threads, &p->tid)) {
        return;
    }
    tid = g_new(int64_t, 1);
    *tid = p->tid;
    g_hash_table_add(s->threads, tid);
    put32(b, 0);
    put64(b, (uint64_t)p->tid);
    put64(b, (uint64_t)p->pid);
    put64(b, (uint64_t)p->ppid);
    put64(b, 0);                /* session */
    put64(b, 0);                /* process group */
    put_string(b, p->comm);
    put_string(b, p->argv && p->argv->len ? p->argv->pdata[0] : p->exe);
    put_string(b, p->exe);
    put16(b, 0);                /* arguments */
    put_string(b, p->cwd);
    put64(b, 0);                /* limit of descriptors */
    put32(b, 0);                /* flags */
    put32(b, (uint64_t)p->uid);
    put32(b, (uint64_t)p->gid);
    put32(b, 0);                /* sizes: all, resident, swapped */
    put32(b, 0);
    put32(b, 0);
    put64(b, 0);                /* page faults: major, minor */
    put64(b, 0);
    put16(b, 0);                /* environment */
    put64(b, (uint64_t)p->ns_tid);
    put64(b, p->tid == p->pid ? (uint64_t)p->ns_tid : UINT64_MAX);
    put16(b, 0);                /* cgroups */
    put_string(b, "/");         /* root */
    set32(b, at, b->len - at);
}

static bool put_event(State *s, int64_t vcpu, int64_t time, int64_t tid,
                      uint16_t type, GError **err)
{
    const EventParams *p = &s->params;
    GByteArray *b = s->block;

    begin_block(b, BLOCK_EVENT);
    put16(b, (uint64_t)vcpu);
    put64(b, (uint64_t)time);
    put64(b, (uint64_t)tid);
    put32(b, 8 + 8 + 4 + 2 + 4 + 2 * p->n + p->bytes->len);
    put16(b, type);
    put32(b, p->n);
    for (unsigned i = 0; i < p->n; i++) {
        put16(b, p->len[i]);
    }
    put(b, p->bytes->data, p->bytes->len);
    end_block(b);
    return trace_sorter_add(s->sorter, time, b->data, b->len, err);
}

static bool call(void *state, const TraceCall *c, GError **err)
{
    State *s = state;
    /* Nobody has thread 0: it is for those that are not known. */
    int64_t tid = c->has_process ? c->process.tid : 0;
    int64_t entry = MAX(c->time_ns, 0), end = entry;
    uint16_t type;

    if (c->has_process) {
        list_thread(s, &c->process);
    }
    s->cpus = MAX(s->cpus, c->vcpu + 1);
    type = event_of_call(s->map, c, false, &s->params);
    if (!put_event(s, c->vcpu, entry, tid, type, err)) {
        return false;
    }
    if (c->has_ret) {
        if (c->duration_ns > 0 && c->duration_ns <= INT64_MAX - entry) {
            end += c->duration_ns;
        }
        type = event_of_call(s->map, c, true, &s->params);
        if (!put_event(s, c->vcpu, end, tid, type, err)) {
            return false;
        }
    }
    s->last = MAX(s->last, end);
    return true;
}

/* "si_pid=85" in the text of a siginfo; -1: nobody, the kernel. */
static int64_t sender(const char *info)
{
    const char *at = info ? strstr(info, "si_pid=") : NULL;

    return at ? g_ascii_strtoll(at + strlen("si_pid="), NULL, 10) : -1;
}

static bool event(void *state, TraceKind kind, const TraceEvent *e,
                  GError **err)
{
    State *s = state;
    EventParams *p = &s->params;
    int64_t time = MAX(e->time_ns, 0);
    bool killed = e->how == TRACE_END_KILLED;
    uint64_t status = (uint64_t)(killed ? (e->signal & 0x7f) |
                                          (e->core ? 0x80 : 0)
                                        : (e->status & 0xff) << 8);

    list_thread(s, &e->process);
    s->cpus = MAX(s->cpus, e->vcpu + 1);
    s->last = MAX(s->last, time);
    p->n = 0;
    g_byte_array_set_size(p->bytes, 0);
    if (kind == TRACE_SIGNAL) {
        event_add_number(p, (uint64_t)sender(e->info), 8);
        event_add_number(p, (uint64_t)e->process.pid, 8);
        event_add_number(p, (uint64_t)e->signal, 1);
        return put_event(s, e->vcpu, time, e->process.tid, EVENT_SIGNAL, err);
    }
    if (e->how == TRACE_END_SUPERSEDED) {
        return true;        /* its number lives on */
    }
    event_add_number(p, status, 8);
    event_add_number(p, killed ? 0 : (uint64_t)(e->status & 0xff), 8);
    event_add_number(p, killed ? (uint64_t)e->signal : 0, 1);
    event_add_number(p, e->core, 1);
    return put_event(s, e->vcpu, time, e->process.tid, EVENT_EXIT, err);
}

/* How many are lost, sysdig's event has no room for. */
static bool lost(void *state, int64_t count, GError **err)
{
    State *s = state;

    s->params.n = 0;
    g_byte_array_set_size(s->params.bytes, 0);
    return !count || (put_event(s, 0, s->last, 0, EVENT_DROP, err) &&
                      put_event(s, 0, s->last, 0, EVENT_DROP_END, err));
}

static bool write_block(GByteArray *b, FILE *to)
{
    end_block(b);
    return fwrite(b->data, 1, b->len, to) == b->len;
}

static bool head(void *state, FILE *to)
{
    State *s = state;
    GByteArray *b = s->block;
    char host[128] = "guest";

    begin_block(b, BLOCK_SECTION);
    put32(b, MAGIC);
    put16(b, 1);                /* version */
    put16(b, 0);
    put64(b, UINT64_MAX);       /* length: not known */
    if (!write_block(b, to)) {
        return false;
    }
    begin_block(b, BLOCK_MACHINE);
    put32(b, (uint64_t)MAX(s->cpus, 1));
    put64(b, 0);                /* memory, the highest pid: not known */
    put64(b, 0);
    put(b, host, sizeof(host));
    for (int i = 0; i < 4; i++) {
        put64(b, 0);            /* reserved */
    }
    if (!write_block(b, to)) {
        return false;
    }
    begin_block(b, BLOCK_PROCESSES);
    put(b, s->processes->data, s->processes->len);
    return write_block(b, to);
}

static bool piece(void *state, int64_t time, const void *bytes, uint32_t len,
                  FILE *to)
{
    (void)state;
    (void)time;
    return fwrite(bytes, 1, len, to) == len;
}

static bool end(void *state, FILE *to)
{
    (void)state;
    (void)to;
    return true;
}

static void free_state(void *state)
{
    State *s = state;

    event_map_free(s->map);
    g_byte_array_free(s->params.bytes, true);
    g_byte_array_free(s->block, true);
    g_byte_array_free(s->processes, true);
    g_hash_table_destroy(s->threads);
    g_free(s);
}

const Format format_pcapng = {
    .name = "pcapng",
    .suffix = ".pcapng",
    .what = "for tshark, Wireshark, sysdig and Falco",
    .binary = true,
    .begin = begin,
    .call = call,
    .event = event,
    .lost = lost,
    .head = head,
    .piece = piece,
    .end = end,
    .free = free_state,
};
