/*
 * Trace events as JSON, which ui.perfetto.dev, chrome://tracing and Speedscope
 * read: "Trace Event Format".  tests/system/perfetto.schema.json describes
 * what of it is written.
 *
 * A call is a complete event ("X") of its thread; one that has not returned
 * has no length, and is an instant ("i").  In that format a process is a
 * number, and a pid may be used again: then it gets a number of its own.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <string.h>

#include "tools/convert/format.h"
#include "tools/trace/strings.h"

/* What memory is spent on: about 200 bytes each. */
#define MAX_TRACKS      500000
#define MAX_ARG         300

/* Higher than any pid of Linux (PID_MAX_LIMIT, include/linux/threads.h). */
#define FIRST_OWN_ID    ((int64_t)1 << 22)

/* Microseconds, from nanoseconds. */
#define US              "%" PRId64 ".%03d"
#define US_ARGS(ns)     (ns) / 1000, (int)((ns) % 1000)

typedef struct State {
    TraceSorter *sorter;
    GHashTable *pids;       /* process key -> its number in the file */
    GHashTable *taken;      /* numbers in use */
    GHashTable *threads;    /* "number tid" -> the name it was given */
    GHashTable *tasks;      /* of callers that are not known -> tid */
    int64_t next_id;
    int64_t last;           /* newest time so far */
    int64_t first;          /* of all; -1: nothing is written yet */
    bool names_written;     /* at least one */
    uint64_t lost;
    GString *s;             /* scratch */
} State;

static void *begin(TraceSorter *sorter)
{
    State *s = g_new0(State, 1);

    s->sorter = sorter;
    s->pids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    s->taken = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                     NULL);
    s->threads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                       g_free);
    s->tasks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    s->next_id = FIRST_OWN_ID;
    s->first = -1;
    s->s = g_string_new(NULL);
    return s;
}

static int64_t *copy_id(int64_t id)
{
    int64_t *copy = g_new(int64_t, 1);

    *copy = id;
    return copy;
}

/* The number of a process: its pid, if no other process has had that. */
static int64_t process_id(State *s, const TraceProcess *p)
{
    const int64_t *known = g_hash_table_lookup(s->pids, p->key);
    int64_t id = p->pid;

    if (known) {
        return *known;
    }
    if (g_hash_table_contains(s->taken, &id)) {
        id = s->next_id++;
    }
    if (g_hash_table_size(s->pids) < MAX_TRACKS) {
        g_hash_table_insert(s->pids, g_strdup(p->key), copy_id(id));
        g_hash_table_add(s->taken, copy_id(id));
    }
    return id;
}

static bool add_piece(State *s, int64_t time, GError **err)
{
    return trace_sorter_add(s->sorter, time, s->s->str, (uint32_t)s->s->len,
                            err);
}

static bool add_name(State *s, const char *what, int64_t pid, int64_t tid,
                     const char *name, GError **err)
{
    g_string_printf(s->s, "{\"ph\":\"M\",\"name\":\"%s\",\"pid\":%" PRId64
                    ",\"tid\":%" PRId64 ",\"args\":{\"name\":", what,
                    pid, tid);
    trace_json_string(s->s, name);
    g_string_append_c(s->s, '}');
    return add_piece(s, INT64_MIN, err);
}

/*
 * Names of the process and the thread, when they are new.  A thread keeps
 * the last name that it has: what it was called when it was forked says less.
 */
static bool name_tracks(State *s, const TraceProcess *p, int64_t pid,
                        int64_t tid, GError **err)
{
    const char *comm = p->comm ? p->comm : "?", *old;
    g_autofree char *key = g_strdup_printf("%" PRId64 " %" PRId64, pid, tid);
    g_autofree char *name = NULL;

    old = g_hash_table_lookup(s->threads, key);
    if (old && !strcmp(old, comm)) {
        return true;
    }
    if (!old && g_hash_table_size(s->threads) >= MAX_TRACKS) {
        return true;
    }
    g_hash_table_insert(s->threads, g_steal_pointer(&key), g_strdup(comm));
    if (!add_name(s, "thread_name", pid, tid, comm, err)) {
        return false;
    }
    if (p->tid != p->pid) {
        return true;
    }
    name = pid == p->pid ? g_strdup(comm)
                         : g_strdup_printf("%s (pid %" PRId64 ")", comm,
                                           p->pid);
    return add_name(s, "process_name", pid, pid, name, err);
}

/* The tracks of a thread: the format's way to say "main thread" is tid=pid. */
static bool thread_tracks(State *s, const TraceProcess *p, int64_t *pid,
                          int64_t *tid, GError **err)
{
    *pid = process_id(s, p);
    *tid = p->tid == p->pid ? *pid : p->tid;
    return name_tracks(s, p, *pid, *tid, err);
}

/* Nobody knows whose: a track for each kernel stack, in "process" 0. */
static bool unknown_caller(State *s, const TraceCall *c, int64_t *tid,
                           GError **err)
{
    const char *task = c->task ? c->task : "?";
    int64_t known = GPOINTER_TO_INT(g_hash_table_lookup(s->tasks, task));

    if (!known && g_hash_table_size(s->tasks) < MAX_TRACKS) {
        known = g_hash_table_size(s->tasks) + 1;
        g_hash_table_insert(s->tasks, g_strdup(task), GINT_TO_POINTER(known));
        if (known == 1 && !add_name(s, "process_name", 0, 0,
                                    "(caller not known)", err)) {
            return false;
        }
        if (!add_name(s, "thread_name", 0, known, task, err)) {
            return false;
        }
    }
    *tid = known;
    return true;
}

static void add_short(GString *s, const char *text)
{
    g_autofree char *cut = NULL;
    size_t len = strlen(text);

    if (len > MAX_ARG) {
        const char *end = g_utf8_find_prev_char(text, text + MAX_ARG);
        g_autofree char *front = g_strndup(text, end - text);

        cut = g_strconcat(front, "...", NULL);
    }
    trace_json_string(s, cut ? cut : text);
}

static void add_args(GString *s, const TraceCall *c)
{
    g_string_append_printf(s, ",\"args\":{\"seq\":%" PRIu64, c->seq);
    for (unsigned i = 0; i < c->n_args; i++) {
        const TraceArg *a = &c->args[i];

        g_string_append_c(s, ',');
        /* So that no argument can take the place of our own members. */
        if (!strcmp(a->name, "seq") || !strcmp(a->name, "ret") ||
            !strcmp(a->name, "outcome")) {
            g_string_append_printf(s, "\"%s_\":", a->name);
        } else {
            trace_json_string(s, a->name);
            g_string_append_c(s, ':');
        }
        if (a->text) {
            add_short(s, a->text);
        } else {
            g_string_append_printf(s, "\"0x%" PRIx64 "\"", a->raw);
        }
    }
    if (c->ret_text) {
        g_string_append(s, ",\"ret\":");
        add_short(s, c->ret_text);
    }
    if (c->outcome != TRACE_RETURNED) {
        g_string_append_printf(s, ",\"outcome\":\"%s\"",
                               trace_outcome_name(c->outcome));
    }
    g_string_append_c(s, '}');
}

static bool call(void *state, const TraceCall *c, GError **err)
{
    State *s = state;
    GString *t = s->s;
    int64_t pid = 0, tid = 0, time = MAX(c->time_ns, 0);
    g_autofree char *number = NULL;

    if (c->has_process) {
        if (!thread_tracks(s, &c->process, &pid, &tid, err)) {
            return false;
        }
    } else if (!unknown_caller(s, c, &tid, err)) {
        return false;
    }
    s->last = MAX(s->last, time);
    g_string_assign(t, "{\"ph\":");
    g_string_append(t, c->duration_ns >= 0 ? "\"X\"" : "\"i\",\"s\":\"t\"");
    g_string_append_printf(t, ",\"cat\":\"%s\",\"name\":",
                           c->err ? "syscall,error" : "syscall");
    if (!c->call) {
        number = g_strdup_printf("syscall_%" PRId64, c->nr);
    }
    trace_json_string(t, c->call ? c->call : number);
    g_string_append_printf(t, ",\"pid\":%" PRId64 ",\"tid\":%" PRId64, pid,
                           tid);
    if (c->duration_ns >= 0) {
        g_string_append_printf(t, ",\"dur\":" US, US_ARGS(c->duration_ns));
    }
    add_args(t, c);
    return add_piece(s, time, err);
}

static bool event(void *state, TraceKind kind, const TraceEvent *e,
                  GError **err)
{
    State *s = state;
    int64_t pid, tid, time = MAX(e->time_ns, 0);
    g_autoptr(GString) name = g_string_new(NULL);

    if (!thread_tracks(s, &e->process, &pid, &tid, err)) {
        return false;
    }
    if (kind == TRACE_EXIT) {
        trace_end_text(e, name);
    } else if (e->name) {
        g_string_assign(name, e->name);
    } else {
        g_string_printf(name, "signal %" PRId64, e->signal);
    }
    s->last = MAX(s->last, time);
    g_string_printf(s->s, "{\"ph\":\"i\",\"s\":\"t\",\"cat\":\"%s\",\"name\":",
                    kind == TRACE_EXIT ? "exit" : "signal");
    trace_json_string(s->s, name->str);
    g_string_append_printf(s->s, ",\"pid\":%" PRId64 ",\"tid\":%" PRId64
                           ",\"args\":{", pid, tid);
    if (e->info) {
        g_string_append(s->s, "\"info\":");
        add_short(s->s, e->info);
    }
    g_string_append_c(s->s, '}');
    return add_piece(s, time, err);
}

static bool lost(void *state, int64_t count, GError **err)
{
    State *s = state;

    s->lost += count;
    if (!count) {
        return true;
    }
    g_string_assign(s->s, "{\"ph\":\"i\",\"s\":\"g\",\"cat\":\"lost\",\"name\":"
                    "\"lines lost\",\"pid\":0,\"tid\":0");
    g_string_append_printf(s->s, ",\"args\":{\"count\":%" PRId64 "}", count);
    return add_piece(s, s->last, err);
}

static bool head(void *state, FILE *to)
{
    (void)state;
    return fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n", to) >= 0;
}

/*
 * Times are counted from the first one: many readers have doubles, which have
 * no room for nanoseconds since 1970.  A piece lacks its time and its brace.
 */
static bool piece(void *state, int64_t time, const void *bytes, uint32_t len,
                  FILE *to)
{
    State *s = state;
    bool is_name = time == INT64_MIN;

    if ((s->first >= 0 || s->names_written) && fputs(",\n", to) < 0) {
        return false;
    }
    if (is_name) {
        s->names_written = true;
        time = 0;
    } else {
        s->first = s->first < 0 ? time : s->first;
        time -= s->first;
    }
    return fwrite(bytes, 1, len, to) == len &&
           fprintf(to, ",\"ts\":" US "}", US_ARGS(time)) >= 0;
}

static bool end(void *state, FILE *to)
{
    State *s = state;

    return fprintf(to, "\n],\"otherData\":{\"source\":\"Frail\","
                   "\"start_ns\":\"%" PRId64 "\",\"lost\":\"%" PRIu64
                   "\"}}\n", MAX(s->first, 0), s->lost) >= 0;
}

static void free_state(void *state)
{
    State *s = state;

    g_hash_table_destroy(s->pids);
    g_hash_table_destroy(s->taken);
    g_hash_table_destroy(s->threads);
    g_hash_table_destroy(s->tasks);
    g_string_free(s->s, true);
    g_free(s);
}

const Format format_perfetto = {
    .name = "perfetto",
    .suffix = ".trace.json",
    .what = "for ui.perfetto.dev and chrome://tracing",
    .begin = begin,
    .call = call,
    .event = event,
    .lost = lost,
    .head = head,
    .piece = piece,
    .end = end,
    .free = free_state,
};
