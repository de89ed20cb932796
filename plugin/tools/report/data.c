/*
 * What a report's script is given.
 *
 * Lists instead of objects where there are many: it is most of the file.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <string.h>

#include "tools/report/data.h"
#include "tools/report/rules.h"
#include "tools/trace/strings.h"

/* More of a table than this nobody reads. */
#define MAX_ROWS        3000
/* Calls of a process that are named. */
#define MAX_OF_PROCESS  15

typedef struct Writer {
    GString *s;
    FILE *to;
    bool good;
} Writer;

/* So that the whole is never in memory. */
static void flush(Writer *w)
{
    if (w->s->len && fwrite(w->s->str, 1, w->s->len, w->to) != w->s->len) {
        w->good = false;
    }
    g_string_truncate(w->s, 0);
}

static void put(Writer *w, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void put(Writer *w, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_string_append_vprintf(w->s, format, args);
    va_end(args);
}

static void put_string(Writer *w, const char *s)
{
    if (s) {
        trace_json_string(w->s, s);
    } else {
        g_string_append(w->s, "null");
    }
}

static void comma(Writer *w, unsigned i)
{
    g_string_append(w->s, i ? ",\n" : "");
}

static void put_time(Writer *w, const char *name, int64_t ns)
{
    g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(ns / 1000000000);
    g_autofree char *text = g_date_time_format(t, "%Y-%m-%d %H:%M:%S");

    put(w, ",\"%s\":\"%s.%03d\"", name, text,
        (int)(ns / 1000000 % 1000));
}

/* Where so many of all lie below: the middle of a power of two. */
static double quantile(const ModelCall *c, double share)
{
    uint64_t all = 0, sum = 0;

    for (int i = 0; i < MODEL_POWERS; i++) {
        all += c->powers[i];
    }
    for (int i = 0; i < MODEL_POWERS; i++) {
        sum += c->powers[i];
        if (all && sum >= share * all) {
            return i ? 0.75 * (double)(UINT64_C(1) << i) : 0;
        }
    }
    return 0;
}

static int compare_calls(const void *a, const void *b)
{
    const ModelCall *x = *(ModelCall *const *)a, *y = *(ModelCall *const *)b;

    if (x->sum.calls != y->sum.calls) {
        return x->sum.calls > y->sum.calls ? -1 : 1;
    }
    return strcmp(x->name, y->name);
}

static void put_calls(Writer *w, Model *m)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    GHashTableIter iter, errors;
    void *call, *name, *count;

    g_hash_table_iter_init(&iter, m->calls);
    while (g_hash_table_iter_next(&iter, NULL, &call)) {
        g_ptr_array_add(all, call);
    }
    g_ptr_array_sort(all, compare_calls);
    put(w, ",\n\"calls\":[");
    for (unsigned i = 0; i < all->len; i++) {
        ModelCall *c = all->pdata[i];
        unsigned n = 0;

        c->index = i;
        comma(w, i);
        put(w, "[");
        put_string(w, c->name);
        put(w, ",%d,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
            ",%.0f,%.0f,[", c->class, c->sum.calls, c->sum.errors, c->sum.ns,
            c->max_ns, quantile(c, 0.5), quantile(c, 0.99));
        g_hash_table_iter_init(&errors, c->errors);
        while (g_hash_table_iter_next(&errors, &name, &count)) {
            put(w, "%s[", n++ ? "," : "");
            put_string(w, name);
            put(w, ",%" PRIu64 "]", *(uint64_t *)count);
        }
        put(w, "]]");
        flush(w);
    }
    put(w, "]");
}

static int compare_starts(const void *a, const void *b)
{
    const ModelProcess *x = *(ModelProcess *const *)a;
    const ModelProcess *y = *(ModelProcess *const *)b;

    if (x->start_ns != y->start_ns) {
        return x->start_ns < y->start_ns ? -1 : 1;
    }
    return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* The process with pid @p->ppid that was there when @p began; -1: none. */
static int parent_of(GHashTable *by_pid, const ModelProcess *p)
{
    const GPtrArray *same = g_hash_table_lookup(by_pid, &p->ppid);
    int parent = -1;

    /* They are in the order of their starts, so it is an earlier one. */
    for (unsigned i = 0; same && i < same->len; i++) {
        const ModelProcess *q = same->pdata[i];

        if (q->index >= p->index) {
            break;
        }
        parent = (int)q->index;
    }
    return parent;
}

/* The same trace makes the same page, wherever things are in memory. */
static int compare_sums(const void *a, const void *b, void *calls)
{
    const ModelCall *p = *(ModelCall *const *)a, *q = *(ModelCall *const *)b;
    const ModelSum *x = g_hash_table_lookup(calls, p);
    const ModelSum *y = g_hash_table_lookup(calls, q);

    if (x->calls != y->calls) {
        return x->calls > y->calls ? -1 : 1;
    }
    return p->index < q->index ? -1 : p->index > q->index;
}

/* Calls of a process: [index of the call, calls, errors, ns]. */
static void put_sums(Writer *w, const ModelProcess *p)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    GHashTableIter iter;
    void *key;

    g_hash_table_iter_init(&iter, p->calls);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        g_ptr_array_add(keys, key);
    }
    g_ptr_array_sort_with_data(keys, compare_sums, p->calls);
    put(w, "\"top\":[");
    for (unsigned i = 0; i < MIN(keys->len, MAX_OF_PROCESS); i++) {
        const ModelCall *c = keys->pdata[i];
        const ModelSum *s = g_hash_table_lookup(p->calls, c);

        put(w, "%s[%u,%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]", i ? "," : "",
            c->index, s->calls, s->errors, s->ns);
    }
    put(w, "],\"kinds\":%u", keys->len);
}

static void put_process(Writer *w, const ModelProcess *p, int parent,
                        int64_t base)
{
    bool first = true;

    put(w, "{\"key\":");
    put_string(w, p->key);
    put(w, ",\"pid\":%" PRId64 ",\"ppid\":%" PRId64 ",\"parent\":%d,"
        "\"uid\":%" PRId64 ",\"euid\":%" PRId64 ",\"comm\":", p->pid, p->ppid,
        parent, p->uid, p->euid);
    put_string(w, p->comm ? p->comm : "?");
    put(w, ",\"exe\":");
    put_string(w, p->exe);
    put(w, ",\"cmd\":");
    put_string(w, p->cmdline);
    put(w, ",\"container\":");
    put_string(w, p->container);
    put(w, ",\"cgroup\":");
    put_string(w, p->cgroup);
    put(w, ",\"end\":");
    put_string(w, p->end);
    put(w, ",\"first\":%" PRId64 ",\"last\":%" PRId64 ",\"calls\":%" PRIu64
        ",\"errors\":%" PRIu64 ",\"ns\":%" PRIu64 ",\"threads\":%u,"
        "\"signals\":%" PRIu64 ",",
        p->first - base, p->last - base, p->sum.calls, p->sum.errors,
        p->sum.ns, g_hash_table_size(p->threads), p->signals);
    put_sums(w, p);
    put(w, ",\"line\":[");
    for (int i = 0; i < MODEL_BUCKETS; i++) {
        if (p->line[i]) {
            put(w, "%s%d,%u,%u", first ? "" : ",", i, p->line[i],
                p->errors[i]);
            first = false;
        }
    }
    put(w, "]}");
}

static void free_list(void *list)
{
    g_ptr_array_free(list, true);
}

static void put_processes(Writer *w, Model *m)
{
    g_autoptr(GPtrArray) all = bounded_sorted(m->processes);
    g_autoptr(GHashTable) by_pid = g_hash_table_new_full(g_int64_hash,
        g_int64_equal, NULL, free_list);

    g_ptr_array_sort(all, compare_starts);
    for (unsigned i = 0; i < all->len; i++) {
        ModelProcess *p = all->pdata[i];
        GPtrArray *same = g_hash_table_lookup(by_pid, &p->pid);

        p->index = i;
        if (!same) {
            same = g_ptr_array_new();
            g_hash_table_insert(by_pid, &p->pid, same);
        }
        g_ptr_array_add(same, p);
    }
    put(w, ",\n\"processes\":[");
    for (unsigned i = 0; i < all->len; i++) {
        comma(w, i);
        put_process(w, all->pdata[i], parent_of(by_pid, all->pdata[i]),
                    m->base);
        flush(w);
    }
    put(w, "]");
}

static void put_who(Writer *w, const ModelWho *who)
{
    put(w, ",[");
    for (int i = 0; i < MODEL_WHO && who->comm[i]; i++) {
        put(w, "%s", i ? "," : "");
        put_string(w, who->comm[i]);
    }
    put(w, "%s]", who->more ? ",\"\\u2026\"" : "");
}

static void put_files(Writer *w, Model *m)
{
    g_autoptr(GPtrArray) all = bounded_sorted(m->files);

    put(w, ",\n\"filesAll\":%u,\"files\":[", all->len);
    for (unsigned i = 0; i < MIN(all->len, MAX_ROWS); i++) {
        const ModelFile *f = all->pdata[i];

        comma(w, i);
        put(w, "[");
        put_string(w, f->path);
        put(w, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
            ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, f->uses, f->opens, f->reads,
            f->writes, f->execs, f->errors, f->in, f->out);
        put_who(w, &f->who);
        put(w, "]");
        flush(w);
    }
    put(w, "]");
}

static void put_addresses(Writer *w, Model *m)
{
    g_autoptr(GPtrArray) all = bounded_sorted(m->addresses);

    put(w, ",\n\"addressesAll\":%u,\"addresses\":[", all->len);
    for (unsigned i = 0; i < MIN(all->len, MAX_ROWS); i++) {
        const ModelAddress *a = all->pdata[i];

        comma(w, i);
        put(w, "[");
        put_string(w, a->text);
        put(w, ",\"%s\",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
            ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, a->kind, a->uses,
            a->connects, a->binds, a->accepts, a->errors, a->in, a->out);
        put_who(w, &a->who);
        put(w, "]");
    }
    put(w, "]");
}

static void put_hits(Writer *w, Model *m)
{
    g_autoptr(GPtrArray) all = bounded_sorted(m->hits);
    unsigned n = 0;

    put(w, ",\n\"hits\":[");
    for (unsigned i = 0; i < all->len; i++) {
        const ModelHit *h = all->pdata[i];

        if (h->count < h->rule->at_least) {
            continue;
        }
        comma(w, n++);
        put(w, "{\"rule\":\"%s\",\"level\":%d,\"title\":", h->rule->name,
            h->rule->level);
        put_string(w, h->rule->title);
        put(w, ",\"why\":");
        put_string(w, h->rule->why);
        put(w, ",\"comm\":");
        put_string(w, h->comm);
        put(w, ",\"key\":");
        put_string(w, h->key);
        put(w, ",\"pid\":%" PRId64 ",\"count\":%" PRIu64 ",\"first\":%" PRId64
            ",\"example\":", h->pid, h->count, h->first - m->base);
        put_string(w, h->example);
        put(w, "}");
    }
    put(w, "]");
}

static void put_slow(Writer *w, Model *m)
{
    put(w, ",\n\"slow\":[");
    for (unsigned i = 0; i < m->slow->len; i++) {
        const ModelSlow *s = m->slow->pdata[i];

        comma(w, i);
        put(w, "[%" PRId64 ",%" PRId64 ",", s->time - m->base, s->ns);
        put_string(w, s->who);
        put(w, ",");
        put_string(w, s->what);
        put(w, "]");
    }
    put(w, "]");
}

static void put_line(Writer *w, const uint64_t *line)
{
    put(w, "[");
    for (int i = 0; i < MODEL_BUCKETS; i++) {
        put(w, "%s%" PRIu64, i ? "," : "", line[i]);
    }
    put(w, "]");
}

bool data_write(FILE *to, Model *m, const TraceInputStats *stats,
                const char *title)
{
    Writer w = { .s = g_string_new(NULL), .to = to, .good = true };

    put(&w, "{\"title\":");
    put_string(&w, title);
    put_time(&w, "begin", m->first);
    put_time(&w, "end", m->last);
    put(&w, ",\"first\":%" PRId64 ",\"last\":%" PRId64 ",\"width\":%" PRId64
        ",\"buckets\":%d", m->first - m->base, m->last - m->base, m->width,
        MODEL_BUCKETS);
    put(&w, ",\"calls_all\":%" PRIu64 ",\"errors_all\":%" PRIu64
        ",\"ns_all\":%" PRIu64 ",\"unknown\":%" PRIu64 ",\"lost\":%" PRIu64
        ",\"bad\":%" PRIu64 ",\"other\":%" PRIu64, m->sum.calls,
        m->sum.errors, m->sum.ns, m->unknown_callers, stats->lost, stats->bad,
        stats->other);
    put(&w, ",\"forgotten\":{\"processes\":%" PRIu64 ",\"files\":%" PRIu64
        ",\"addresses\":%" PRIu64 ",\"findings\":%" PRIu64 "}",
        m->processes->forgotten, m->files->forgotten,
        m->addresses->forgotten, m->hits->forgotten);
    put(&w, ",\n\"classes\":[");
    for (int i = 0; i < N_CLASSES; i++) {
        put(&w, "%s\"%s\"", i ? "," : "", model_class_name(i));
    }
    put(&w, "],\n\"lines\":[");
    for (int i = 0; i < N_CLASSES; i++) {
        comma(&w, i);
        put_line(&w, m->line[i]);
    }
    put(&w, "],\n\"lineErrors\":");
    put_line(&w, m->errors);
    put_calls(&w, m);
    put_processes(&w, m);
    put_files(&w, m);
    put_addresses(&w, m);
    put_hits(&w, m);
    put_slow(&w, m);
    put(&w, "}");
    flush(&w);
    g_string_free(w.s, true);
    return w.good;
}
