/*
 * What a report is made of.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "tools/report/model.h"
#include "tools/report/rules.h"
#include "tools/trace/strings.h"

/* Each takes some 4 KB. */
#define MAX_PROCESSES   8192
#define MAX_FILES       30000
#define MAX_ADDRESSES   5000
#define MAX_HITS        2000
#define MAX_THREADS     1000
/* Names of calls come from the file, too. */
#define MAX_CALLS       2000
#define MAX_NAME        64
#define MAX_TEXT        400

#define FIRST_WIDTH     1000        /* of a bucket: a microsecond */

static uint64_t process_weight(const void *p)
{
    return ((const ModelProcess *)p)->sum.calls;
}

static uint64_t file_weight(const void *f)
{
    return ((const ModelFile *)f)->uses;
}

static uint64_t address_weight(const void *a)
{
    return ((const ModelAddress *)a)->uses;
}

static void free_process(void *process)
{
    ModelProcess *p = process;

    g_free(p->key);
    g_free(p->comm);
    g_free(p->exe);
    g_free(p->cmdline);
    g_free(p->container);
    g_free(p->cgroup);
    g_free(p->end);
    g_hash_table_destroy(p->calls);
    g_hash_table_destroy(p->threads);
    g_free(p);
}

static void free_call(void *call)
{
    ModelCall *c = call;

    g_free(c->name);
    g_hash_table_destroy(c->errors);
    g_free(c);
}

Model *model_new(void)
{
    Model *m = g_new0(Model, 1);

    m->calls = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_call);
    m->processes = bounded_new(MAX_PROCESSES, process_weight, free_process);
    m->files = bounded_new(MAX_FILES, file_weight, model_free_file);
    m->addresses = bounded_new(MAX_ADDRESSES, address_weight,
                               model_free_address);
    m->hits = bounded_new(MAX_HITS, rules_weight, rules_free_hit);
    m->slow = g_ptr_array_new_with_free_func(model_free_slow);
    m->s = g_string_new(NULL);
    m->path = g_string_new(NULL);
    return m;
}

void model_free(Model *m)
{
    bounded_free(m->hits);
    bounded_free(m->addresses);
    bounded_free(m->files);
    bounded_free(m->processes);
    g_hash_table_destroy(m->calls);
    g_ptr_array_free(m->slow, true);
    g_string_free(m->s, true);
    g_string_free(m->path, true);
    g_free(m);
}

/* --- The time line -------------------------------------------------------- */

/* Two buckets become one; @late: they move to the end, there is room before. */
#define FOLD(line, late)                                                    \
    do {                                                                    \
        unsigned half_ = MODEL_BUCKETS / 2;                                 \
        __typeof__((line)[0]) folded_[MODEL_BUCKETS] = { 0 };               \
                                                                            \
        for (unsigned i_ = 0; i_ < half_; i_++) {                           \
            folded_[i_ + ((late) ? half_ : 0)] =                            \
                (line)[2 * i_] + (line)[2 * i_ + 1];                        \
        }                                                                   \
        memcpy((line), folded_, sizeof(folded_));                           \
    } while (0)

static void fold(Model *m, bool late)
{
    GHashTableIter iter;
    void *thing;

    for (int i = 0; i < N_CLASSES; i++) {
        FOLD(m->line[i], late);
    }
    FOLD(m->errors, late);
    g_hash_table_iter_init(&iter, m->processes->things);
    while (g_hash_table_iter_next(&iter, NULL, &thing)) {
        ModelProcess *p = thing;

        FOLD(p->line, late);
        FOLD(p->errors, late);
    }
}

unsigned model_bucket(Model *m, int64_t time)
{
    if (!m->width) {
        m->width = FIRST_WIDTH;
        m->base = time;
    }
    /* Both ends are within what @time can be: clamped by the caller. */
    while (time < m->base) {
        m->base -= m->width * MODEL_BUCKETS;
        m->width *= 2;
        fold(m, true);
    }
    while ((time - m->base) / m->width >= MODEL_BUCKETS) {
        m->width *= 2;
        fold(m, false);
    }
    return (unsigned)((time - m->base) / m->width);
}

/* --- Who ------------------------------------------------------------------ */

void model_who_add(ModelWho *w, const TraceCall *c)
{
    const char *comm = c->has_process && c->process.comm ? c->process.comm
                                                         : "?";
    g_autoptr(GString) shown = NULL;
    int n;

    for (n = 0; n < MODEL_WHO && w->comm[n]; n++) {
        if (!strcmp(w->comm[n], comm)) {
            return;
        }
    }
    shown = g_string_new(NULL);
    trace_display(shown, comm, MIN(strlen(comm), MODEL_COMM));
    for (int i = 0; i < n; i++) {
        if (!strcmp(w->comm[i], shown->str)) {
            return;
        }
    }
    if (n < MODEL_WHO) {
        w->comm[n] = g_strdup(shown->str);
    } else {
        w->more = true;
    }
}

void model_who_clear(ModelWho *w)
{
    for (int i = 0; i < MODEL_WHO; i++) {
        g_free(w->comm[i]);
    }
}

/* *@to becomes @s, if that is known: as it was last. */
static void set_text(char **to, const char *s, size_t max, GString *scratch)
{
    if (!s) {
        return;
    }
    g_string_truncate(scratch, 0);
    trace_display(scratch, s, MIN(strlen(s), max));
    if (!*to || strcmp(*to, scratch->str)) {
        g_free(*to);
        *to = g_strdup(scratch->str);
    }
}

static ModelProcess *find_process(Model *m, const TraceProcess *t,
                                  int64_t time)
{
    ModelProcess *p = bounded_find(m->processes, t->key);

    if (!p) {
        p = g_new0(ModelProcess, 1);
        p->key = g_strdup(t->key);
        p->pid = t->pid;
        p->start_ns = t->start_ns;
        p->first = p->last = time;
        p->euid = t->euid;
        p->calls = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        p->threads = g_hash_table_new(NULL, NULL);
        bounded_add(m->processes, t->key, p);
    }
    return p;
}

static void add_sum(ModelSum *s, const TraceCall *c)
{
    s->calls++;
    s->errors += !!c->err;
    s->ns += MAX(c->duration_ns, 0);
}

static void add_to_process(Model *m, const TraceCall *c, ModelCall *call,
                           unsigned bucket)
{
    const TraceProcess *t = &c->process;
    ModelProcess *p = find_process(m, t, c->time_ns);
    ModelSum *s = g_hash_table_lookup(p->calls, call);
    int64_t end = c->time_ns + MAX(c->duration_ns, 0);

    if (!s) {
        s = g_new0(ModelSum, 1);
        g_hash_table_insert(p->calls, call, s);
    }
    add_sum(s, c);
    add_sum(&p->sum, c);
    p->first = MIN(p->first, c->time_ns);
    p->last = MAX(p->last, end);
    p->line[bucket]++;
    p->errors[bucket] += !!c->err;
    p->ppid = t->ppid;
    p->uid = t->uid;
    p->euid = t->euid;
    set_text(&p->comm, t->comm, MODEL_COMM, m->s);
    set_text(&p->exe, t->exe, MAX_TEXT, m->s);
    set_text(&p->cmdline, t->cmdline, MAX_TEXT, m->s);
    set_text(&p->container, t->container, MAX_TEXT, m->s);
    set_text(&p->cgroup, t->cgroup, MAX_TEXT, m->s);
    if (g_hash_table_size(p->threads) < MAX_THREADS) {
        g_hash_table_add(p->threads, GINT_TO_POINTER((int)t->tid));
    }
    if (p->end_is_known) {
        return;
    }
    if (c->outcome == TRACE_KILLED) {
        set_text(&p->end, "killed by an analyzer", MAX_TEXT, m->s);
    } else if (c->outcome == TRACE_UNSEEN) {
        set_text(&p->end, "probably killed", MAX_TEXT, m->s);
    } else if (c->call && !strcmp(c->call, "exit_group") && c->n_args) {
        g_autofree char *how = g_strdup_printf("exit %d",
                                               (int)(c->args[0].raw & 0xff));

        set_text(&p->end, how, MAX_TEXT, m->s);
    }
}

static ModelCall *find_call(Model *m, const TraceCall *c)
{
    const char *name;
    ModelCall *call;

    g_string_truncate(m->s, 0);
    if (c->call) {
        trace_display(m->s, c->call, MIN(strlen(c->call), MAX_NAME));
    } else {
        g_string_printf(m->s, "syscall_%" G_GINT64_FORMAT, c->nr);
    }
    name = m->s->str;
    if (g_hash_table_size(m->calls) >= MAX_CALLS &&
        !g_hash_table_contains(m->calls, name)) {
        name = "(others)";
    }
    call = g_hash_table_lookup(m->calls, name);
    if (!call) {
        call = g_new0(ModelCall, 1);
        call->name = g_strdup(name);
        call->class = model_class_of(c);
        call->errors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                             g_free);
        g_hash_table_insert(m->calls, call->name, call);
    }
    return call;
}

static void add_to_call(Model *m, ModelCall *call, const TraceCall *c)
{
    uint64_t ns = MAX(c->duration_ns, 0);

    add_sum(&call->sum, c);
    call->max_ns = MAX(call->max_ns, ns);
    if (c->duration_ns >= 0) {
        unsigned power = g_bit_storage(ns);

        call->powers[MIN(power, MODEL_POWERS - 1)]++;
    }
    if (c->error) {
        uint64_t *n;

        g_string_truncate(m->s, 0);
        trace_display(m->s, c->error, MIN(strlen(c->error), MAX_NAME));
        n = g_hash_table_lookup(call->errors, m->s->str);
        /* Linux has some 140 of them, a made-up file may have more. */
        if (!n && g_hash_table_size(call->errors) < 200) {
            n = g_new0(uint64_t, 1);
            g_hash_table_insert(call->errors, g_strdup(m->s->str), n);
        }
        if (n) {
            ++*n;
        }
    }
}

/* 1970 to 2099: so that what is made of it fits into 64 bits. */
static int64_t sane_time(int64_t time)
{
    return CLAMP(time, 0, INT64_C(4100000000000000000));
}

void model_add_event(Model *m, TraceKind kind, const TraceEvent *e)
{
    ModelProcess *p = find_process(m, &e->process, sane_time(e->time_ns));

    if (kind == TRACE_SIGNAL) {
        p->signals++;
        return;
    }
    rules_add_end(m, e);
    /* A process ends when its last thread does, or all at once. */
    if (e->how == TRACE_END_KILLED || e->process.tid == e->process.pid) {
        g_autoptr(GString) text = g_string_new(NULL);

        trace_end_text(e, text);
        set_text(&p->end, text->str, MAX_TEXT, m->s);
        p->end_is_known = true;
    }
}

void model_add(Model *m, const TraceCall *record)
{
    TraceCall copy = *record;
    const TraceCall *c = &copy;
    ModelCall *call = find_call(m, c);
    ModelClass class = model_class_of(c);
    unsigned bucket;

    copy.time_ns = sane_time(record->time_ns);
    /* 30 years. */
    copy.duration_ns = MIN(record->duration_ns, INT64_C(1000000000000000000));
    bucket = model_bucket(m, c->time_ns);
    m->first = m->sum.calls ? MIN(m->first, c->time_ns) : c->time_ns;
    m->last = MAX(m->last, c->time_ns);
    add_sum(&m->sum, c);
    m->outcomes[c->outcome]++;
    m->line[class][bucket]++;
    m->errors[bucket] += !!c->err;
    add_to_call(m, call, c);
    if (c->has_process) {
        /* Before the process changes: a rule compares with what it was. */
        rules_add(m, c, bounded_find(m->processes, c->process.key));
        add_to_process(m, c, call, bucket);
    } else {
        m->unknown_callers++;
        rules_add(m, c, NULL);
    }
    model_add_slow(m, c, class);
    model_add_touched(m, c);
}
