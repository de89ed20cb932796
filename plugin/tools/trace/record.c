/*
 * A line of the json analyzer, taken apart.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "tools/trace/member.h"
#include "tools/trace/record.h"

/* json-glib calls itself for each level, a hostile line would have many. */
#define MAX_DEPTH       32
/* Names that are kept in tables: docs/frail-json.schema.json has shorter. */
#define MAX_KEY         64

struct TraceParser {
    JsonParser *json;
    GStringChunk *strings;      /* made for the record at hand */
    GPtrArray *argv;
};

static const char *const outcomes[TRACE_N_OUTCOMES] = {
    [TRACE_RETURNED] = "returned",
    [TRACE_REFUSED] = "refused",
    [TRACE_KILLED] = "killed",
    [TRACE_RESTARTS] = "restarts",
    [TRACE_UNSEEN] = "unseen",
    [TRACE_NO_RETURN] = "no-return",
    [TRACE_UNFINISHED] = "unfinished",
    [TRACE_ENTERED] = "entered",
};

const char *trace_outcome_name(TraceOutcome outcome)
{
    return outcomes[outcome];
}

TraceParser *trace_parser_new(void)
{
    TraceParser *p = g_new0(TraceParser, 1);

    p->json = json_parser_new_immutable();
    p->strings = g_string_chunk_new(4096);
    p->argv = g_ptr_array_new();
    return p;
}

void trace_parser_free(TraceParser *p)
{
    if (p) {
        g_object_unref(p->json);
        g_string_chunk_free(p->strings);
        g_ptr_array_free(p->argv, true);
        g_free(p);
    }
}

/* No deeper than MAX_DEPTH, and nothing behind the object. */
static bool shape_is_fine(const char *line, size_t len)
{
    unsigned depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < len; i++) {
        char c = line[i];

        if (in_string) {
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > MAX_DEPTH) {
                return false;
            }
        } else if (c == '}' || c == ']') {
            if (!depth || (--depth == 0 && i + 1 != len)) {
                return false;
            }
        }
    }
    return !depth && !in_string;
}

/* Characters up to U+00FF, each of which is a byte, as text for people. */
static const char *bytes_text(TraceParser *p, const char *s)
{
    g_autoptr(GString) t = g_string_new(NULL);

    for (; *s; s = g_utf8_next_char(s)) {
        gunichar c = g_utf8_get_char(s);

        if (c < 0x80) {
            g_string_append_c(t, (char)c);
        } else {
            g_string_append_printf(t, "\\x%02x", c & 0xff);
        }
    }
    return g_string_chunk_insert_len(p->strings, t->str, t->len);
}

static const char *get_name(TraceParser *p, JsonObject *o, const char *name)
{
    const char *s = member_str(o, name);

    return s && member_is_bytes(o, name) ? bytes_text(p, s) : s;
}

static void parse_cmdline(TraceParser *p, JsonObject *o, TraceProcess *out)
{
    JsonArray *a = member_array(o, "cmdline");
    bool bytes = member_is_bytes(o, "cmdline");
    g_autoptr(GString) line = g_string_new(NULL);

    if (!a) {
        return;
    }
    for (unsigned i = 0; i < json_array_get_length(a); i++) {
        const char *s = element_str(a, i);

        s = s ? s : "";
        s = bytes ? bytes_text(p, s) : s;
        g_ptr_array_add(p->argv, (char *)s);
        g_string_append_printf(line, "%s%s", i ? " " : "", s);
    }
    out->argv = p->argv;
    out->cmdline = g_string_chunk_insert_len(p->strings, line->str, line->len);
}

static bool parse_process(TraceParser *p, JsonObject *o, TraceProcess *out)
{
    int64_t start;

    out->key = member_str(o, "key");
    if (!out->key || strlen(out->key) > MAX_KEY ||
        !member_int(o, "pid", &out->pid) || !member_int(o, "tid", &out->tid) ||
        !member_int(o, "ppid", &out->ppid)) {
        return false;
    }
    out->start_ns = member_int(o, "start_ns", &start) && start > 0 ? start : 0;
    out->ns_tid = out->tid;
    member_int(o, "ns_tid", &out->ns_tid);
    out->uid = out->gid = out->euid = -1;
    member_int(o, "uid", &out->uid);
    member_int(o, "gid", &out->gid);
    member_int(o, "euid", &out->euid);
    out->comm = get_name(p, o, "comm");
    out->exe = get_name(p, o, "exe");
    out->cwd = get_name(p, o, "cwd");
    out->cgroup = get_name(p, o, "cgroup");
    out->container = get_name(p, o, "container");
    parse_cmdline(p, o, out);
    return true;
}

static bool parse_args(JsonObject *o, TraceCall *c)
{
    JsonObjectIter iter;
    const char *name;
    JsonNode *n;

    json_object_iter_init_ordered(&iter, o);
    while (json_object_iter_next_ordered(&iter, &name, &n)) {
        TraceArg *a = &c->args[c->n_args];
        JsonObject *arg;

        if (c->n_args == TRACE_MAX_ARGS || !JSON_NODE_HOLDS_OBJECT(n)) {
            return false;
        }
        arg = json_node_get_object(n);
        if (!member_hex(arg, "raw", &a->raw)) {
            return false;
        }
        a->name = name;
        a->text = member_str(arg, "text");
        a->cut = member_bool(arg, "cut");
        a->out = member_bool(arg, "out");
        c->n_args++;
    }
    return true;
}

static bool parse_call(TraceParser *p, JsonObject *o, TraceCall *c,
                       const char **why)
{
    const char *outcome = member_str(o, "outcome");
    JsonObject *args = member_object(o, "args");
    JsonObject *process = member_object(o, "process");
    int64_t seq = 0;

    if (!member_int(o, "seq", &seq) || !member_int(o, "time_ns", &c->time_ns) ||
        !member_int(o, "nr", &c->nr) || !outcome || !args) {
        *why = "a call without seq, time_ns, nr, args or outcome";
        return false;
    }
    c->seq = (uint64_t)seq;
    for (c->outcome = 0; c->outcome < TRACE_N_OUTCOMES; c->outcome++) {
        if (!strcmp(outcome, outcomes[c->outcome])) {
            break;
        }
    }
    if (c->outcome == TRACE_N_OUTCOMES) {
        *why = "an outcome that is not known";
        return false;
    }
    if (!parse_args(args, c)) {
        *why = "arguments that are none";
        return false;
    }
    if (process) {
        c->has_process = parse_process(p, process, &c->process);
        if (!c->has_process) {
            *why = "a process without key, pid, tid or ppid";
            return false;
        }
    }
    member_int(o, "vcpu", &c->vcpu);
    c->task = member_str(o, "task");
    if (c->task && strlen(c->task) > MAX_KEY) {
        c->task = NULL;
    }
    c->abi = member_str(o, "abi");
    c->call = member_str(o, "call");
    c->error = member_str(o, "error");
    member_int(o, "errno", &c->err);
    c->ret_text = member_str(o, "ret_text");
    c->has_ret = member_int(o, "ret", &c->ret);
    c->late = member_bool(o, "late");
    if (!member_int(o, "duration_ns", &c->duration_ns) || c->duration_ns < 0) {
        c->duration_ns = -1;
    }
    return true;
}

static const char *const ends[] = {
    [TRACE_END_UNKNOWN] = "unknown",
    [TRACE_END_EXITED] = "exited",
    [TRACE_END_KILLED] = "killed",
    [TRACE_END_SUPERSEDED] = "superseded",
};

static bool parse_event(TraceParser *p, JsonObject *o, TraceKind kind,
                        TraceEvent *e, const char **why)
{
    JsonObject *process = member_object(o, "process");
    const char *how = member_str(o, "how");

    *why = "a signal or an exit without process, time_ns or what it is";
    if (!process || !parse_process(p, process, &e->process) ||
        !member_int(o, "time_ns", &e->time_ns)) {
        return false;
    }
    member_int(o, "vcpu", &e->vcpu);
    member_int(o, "signal", &e->signal);
    e->name = member_str(o, "name");
    e->info = member_str(o, "info");
    e->core = member_bool(o, "core");
    member_int(o, "status", &e->status);
    if (kind == TRACE_SIGNAL) {
        return e->signal;
    }
    for (unsigned i = 0; how && i < G_N_ELEMENTS(ends); i++) {
        if (!strcmp(how, ends[i])) {
            e->how = (TraceEnd)i;
            return e->how != TRACE_END_KILLED || e->signal;
        }
    }
    return false;
}

void trace_end_text(const TraceEvent *e, GString *out)
{
    switch (e->how) {
    case TRACE_END_EXITED:
        g_string_printf(out, "exit %d", (int)(e->status & 0xff));
        break;
    case TRACE_END_KILLED:
        if (e->name) {
            g_string_printf(out, "killed by %s", e->name);
        } else {
            g_string_printf(out, "killed by signal %d", (int)e->signal);
        }
        g_string_append(out, e->core ? ", core dumped" : "");
        break;
    case TRACE_END_SUPERSEDED:
        g_string_assign(out, "superseded by another thread's execve");
        break;
    case TRACE_END_UNKNOWN:
        g_string_assign(out, "gone");
        break;
    }
}

bool trace_parse(TraceParser *p, const char *line, size_t len,
                 TraceRecord *r, const char **why)
{
    const char *type;
    JsonNode *root;
    JsonObject *o;

    memset(r, 0, sizeof(*r));
    g_string_chunk_clear(p->strings);
    g_ptr_array_set_size(p->argv, 0);
    if (!len || line[0] != '{' || !shape_is_fine(line, len) ||
        !json_parser_load_from_data(p->json, line, len, NULL)) {
        *why = "not a JSON object";
        return false;
    }
    root = json_parser_get_root(p->json);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root)) {
        *why = "not a JSON object";
        return false;
    }
    o = json_node_get_object(root);
    type = member_str(o, "type");
    if (!type) {
        *why = "no member \"type\"";
        return false;
    }
    if (!strcmp(type, "call")) {
        r->kind = TRACE_CALL;
        return parse_call(p, o, &r->call, why);
    }
    if (!strcmp(type, "signal") || !strcmp(type, "exit")) {
        r->kind = *type == 's' ? TRACE_SIGNAL : TRACE_EXIT;
        return parse_event(p, o, r->kind, &r->event, why);
    }
    if (!strcmp(type, "lost")) {
        r->kind = TRACE_LOST;
        if (!member_int(o, "lost", &r->lost) || r->lost < 0) {
            *why = "lost lines without a number";
            return false;
        }
        return true;
    }
    r->kind = TRACE_OTHER;
    r->type = type;
    return true;
}

const TraceArg *trace_arg(const TraceCall *c, const char *name)
{
    for (unsigned i = 0; i < c->n_args; i++) {
        if (!strcmp(c->args[i].name, name)) {
            return &c->args[i];
        }
    }
    return NULL;
}
