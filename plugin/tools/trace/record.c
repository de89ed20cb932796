/*
 * A line of the json analyzer, taken apart.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include <json-glib/json-glib.h>

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

static bool get_int(JsonObject *o, const char *name, int64_t *value)
{
    JsonNode *n = json_object_get_member(o, name);

    if (!n || !JSON_NODE_HOLDS_VALUE(n) ||
        json_node_get_value_type(n) != G_TYPE_INT64) {
        return false;
    }
    *value = json_node_get_int(n);
    return true;
}

static const char *get_str(JsonObject *o, const char *name)
{
    JsonNode *n = json_object_get_member(o, name);
    const char *s = NULL;

    if (n && JSON_NODE_HOLDS_VALUE(n) &&
        json_node_get_value_type(n) == G_TYPE_STRING) {
        s = json_node_get_string(n);
    }
    /* A lone surrogate makes what is not UTF-8. */
    return s && g_utf8_validate(s, -1, NULL) ? s : NULL;
}

static JsonObject *get_object(JsonObject *o, const char *name)
{
    JsonNode *n = json_object_get_member(o, name);

    return n && JSON_NODE_HOLDS_OBJECT(n) ? json_node_get_object(n) : NULL;
}

static bool get_bool(JsonObject *o, const char *name)
{
    JsonNode *n = json_object_get_member(o, name);

    return n && JSON_NODE_HOLDS_VALUE(n) &&
           json_node_get_value_type(n) == G_TYPE_BOOLEAN &&
           json_node_get_boolean(n);
}

/* Is @member in the list "latin1", that is: are its characters bytes? */
static bool is_bytes(JsonObject *o, const char *member)
{
    JsonNode *n = json_object_get_member(o, "latin1");
    JsonArray *a;

    if (!n || !JSON_NODE_HOLDS_ARRAY(n)) {
        return false;
    }
    a = json_node_get_array(n);
    for (unsigned i = 0; i < json_array_get_length(a); i++) {
        JsonNode *name = json_array_get_element(a, i);

        if (JSON_NODE_HOLDS_VALUE(name) &&
            json_node_get_value_type(name) == G_TYPE_STRING &&
            !strcmp(json_node_get_string(name), member)) {
            return true;
        }
    }
    return false;
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
    const char *s = get_str(o, name);

    return s && is_bytes(o, name) ? bytes_text(p, s) : s;
}

static bool parse_hex(const char *s, uint64_t *value)
{
    char *end;

    if (!s || s[0] != '0' || s[1] != 'x' || !g_ascii_isxdigit(s[2])) {
        return false;
    }
    *value = g_ascii_strtoull(s, &end, 16);
    return !*end;
}

static void parse_cmdline(TraceParser *p, JsonObject *o, TraceProcess *out)
{
    JsonNode *n = json_object_get_member(o, "cmdline");
    bool bytes = is_bytes(o, "cmdline");
    g_autoptr(GString) line = g_string_new(NULL);
    JsonArray *a;

    if (!n || !JSON_NODE_HOLDS_ARRAY(n)) {
        return;
    }
    a = json_node_get_array(n);
    for (unsigned i = 0; i < json_array_get_length(a); i++) {
        JsonNode *e = json_array_get_element(a, i);
        const char *s = "";

        if (JSON_NODE_HOLDS_VALUE(e) &&
            json_node_get_value_type(e) == G_TYPE_STRING &&
            g_utf8_validate(json_node_get_string(e), -1, NULL)) {
            s = json_node_get_string(e);
        }
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

    out->key = get_str(o, "key");
    if (!out->key || strlen(out->key) > MAX_KEY || !get_int(o, "pid", &out->pid) ||
        !get_int(o, "tid", &out->tid) || !get_int(o, "ppid", &out->ppid)) {
        return false;
    }
    out->start_ns = get_int(o, "start_ns", &start) && start > 0 ? start : 0;
    out->ns_tid = out->tid;
    get_int(o, "ns_tid", &out->ns_tid);
    out->uid = out->gid = out->euid = -1;
    get_int(o, "uid", &out->uid);
    get_int(o, "gid", &out->gid);
    get_int(o, "euid", &out->euid);
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
        if (!parse_hex(get_str(arg, "raw"), &a->raw)) {
            return false;
        }
        a->name = name;
        a->text = get_str(arg, "text");
        a->cut = get_bool(arg, "cut");
        a->out = get_bool(arg, "out");
        c->n_args++;
    }
    return true;
}

static bool parse_call(TraceParser *p, JsonObject *o, TraceCall *c,
                       const char **why)
{
    const char *outcome = get_str(o, "outcome");
    JsonObject *args = get_object(o, "args");
    JsonObject *process = get_object(o, "process");
    int64_t seq = 0;

    if (!get_int(o, "seq", &seq) || !get_int(o, "time_ns", &c->time_ns) ||
        !get_int(o, "nr", &c->nr) || !outcome || !args) {
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
    get_int(o, "vcpu", &c->vcpu);
    c->task = get_str(o, "task");
    if (c->task && strlen(c->task) > MAX_KEY) {
        c->task = NULL;
    }
    c->abi = get_str(o, "abi");
    c->call = get_str(o, "call");
    c->error = get_str(o, "error");
    get_int(o, "errno", &c->err);
    c->ret_text = get_str(o, "ret_text");
    c->has_ret = get_int(o, "ret", &c->ret);
    c->late = get_bool(o, "late");
    if (!get_int(o, "duration_ns", &c->duration_ns) || c->duration_ns < 0) {
        c->duration_ns = -1;
    }
    return true;
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
    type = get_str(o, "type");
    if (!type) {
        *why = "no member \"type\"";
        return false;
    }
    if (!strcmp(type, "call")) {
        r->kind = TRACE_CALL;
        return parse_call(p, o, &r->call, why);
    }
    if (!strcmp(type, "lost")) {
        r->kind = TRACE_LOST;
        if (!get_int(o, "lost", &r->lost) || r->lost < 0) {
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
