/*
 * Every system call of the guest as a line of text.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <frail-plugin.h>
#include <inttypes.h>
#include <qemu-plugin.h>
#include <time.h>

#include "gate.h"
#include "line.h"
#include "open-calls.h"
#include "options.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;
FRAIL_PLUGIN_EXPORT int frail_plugin_version = FRAIL_PLUGIN_VERSION;

#define NAME "frail-strace"

typedef enum Timestamp {
    TIMESTAMP_NONE,
    TIMESTAMP_ABS,
    TIMESTAMP_REL,
} Timestamp;

/* The calls that do not come back to where they were made. */
static const char *const no_return_names[] = {
    "exit", "exit_group", "rt_sigreturn", "sigreturn",
};

#define ABIS 3

typedef struct Strace {
    Gate gate;
    FrailWriter *writer;
    bool returns;
    bool task;
    bool colour;
    bool raw;
    Timestamp timestamp;
    _Atomic int64_t first_ns;       /* what TIMESTAMP_REL counts from */
    int64_t no_return[ABIS][G_N_ELEMENTS(no_return_names)];
    OpenCalls *open;                /* with returns, in text */
} Strace;

static const char *const abi_names[ABIS] = { "x86-64", "x32", "i386" };

static void line_colour(const Strace *s, Line *l, const char *code)
{
    if (s->colour) {
        line_str(l, code);
    }
}

#define DIM     "\033[2m"
#define RED     "\033[31m"
#define CYAN    "\033[36m"
#define PLAIN   "\033[0m"

/* "12:34:56"; asking the C library for every call would cost a lock. */
static const char *clock_text(int64_t seconds)
{
    static __thread int64_t cached = INT64_MIN;
    static __thread char text[16];

    if (seconds != cached) {
        time_t t = seconds;
        struct tm tm;

        localtime_r(&t, &tm);
        strftime(text, sizeof(text), "%H:%M:%S", &tm);
        cached = seconds;
    }
    return text;
}

static void line_timestamp(Strace *s, Line *l, int64_t ns)
{
    if (s->timestamp == TIMESTAMP_NONE) {
        return;
    }
    line_colour(s, l, DIM);
    if (s->timestamp == TIMESTAMP_ABS) {
        line_str(l, clock_text(ns / 1000000000));
    } else {
        int64_t first = 0;

        if (atomic_compare_exchange_strong(&s->first_ns, &first, ns)) {
            first = ns;
        }
        ns = MAX(ns - first, 0);
        line_dec(l, ns / 1000000000);
    }
    line_str(l, ".");
    line_padded(l, ns % 1000000000 / 1000, 6);
    line_colour(s, l, PLAIN);
    line_str(l, " ");
}

static void get_call(const FrailCall *call, OpenCall *c)
{
    c->seq = frail_call_sequence(call);
    c->task = frail_call_task(call);
    c->nr = frail_call_number(call);
    c->time_ns = frail_call_time_ns(call);
    c->vcpu = frail_call_vcpu(call);
    c->abi = frail_call_abi(call);
    c->arg_count = frail_call_arg_count(call);
    for (unsigned i = 0; i < G_N_ELEMENTS(c->args); i++) {
        c->args[i] = frail_call_arg(call, i);
    }
}

static void line_name(Line *l, const OpenCall *c)
{
    const char *name = frail_syscall_name(c->abi, c->nr);

    if (name) {
        line_str(l, name);
    } else {
        line_str(l, "syscall_");
        line_hex(l, c->nr);
    }
}

/* Everything up to the closing bracket. */
static void line_call(Strace *s, Line *l, const OpenCall *c)
{
    line_timestamp(s, l, c->time_ns);
    line_str(l, "vcpu");
    line_dec(l, c->vcpu);
    if (s->task) {
        line_str(l, " task ");
        line_digits(l, c->task);
    }
    line_str(l, " ");
    line_colour(s, l, CYAN);
    line_name(l, c);
    line_colour(s, l, PLAIN);
    line_str(l, "(");
    for (unsigned i = 0; i < c->arg_count; i++) {
        if (i) {
            line_str(l, ", ");
        }
        line_hex(l, c->args[i]);
    }
    line_str(l, ")");
}

static void line_errno(Line *l, int err)
{
    const char *name = frail_errno_name(err);

    if (name) {
        line_str(l, name);
    } else {
        line_str(l, "errno ");
        line_dec(l, err);
    }
}

static bool is_error(int64_t result)
{
    return result < 0 && result >= -4095;
}

/* A program that is not position-independent has its break low in memory. */
static bool returns_break(const FrailCall *call)
{
    const char *name = frail_call_name(call);

    return name && !strcmp(name, "brk");
}

static void line_result(const Strace *s, Line *l, const FrailCall *call)
{
    int64_t result;
    int refused = frail_call_refused(call);

    line_str(l, " = ");
    if (refused) {
        line_colour(s, l, RED);
        line_str(l, "-1 ");
        line_errno(l, refused);
        line_str(l, " (refused)");
        line_colour(s, l, PLAIN);
    } else if (frail_call_result(call, &result) < 0) {
        line_str(l, frail_call_restarts(call) ? "? (runs again)" : "?");
    } else if (is_error(result)) {
        line_colour(s, l, RED);
        line_str(l, frail_call_restarts(call) ? "? " : "-1 ");
        line_errno(l, -result);
        line_colour(s, l, PLAIN);
    } else if (result == (int32_t)result && !returns_break(call)) {
        line_dec(l, result);
    } else {
        line_hex(l, result);    /* an address */
    }
}

static void line_raw_call(Line *l, const FrailCall *call, const OpenCall *c)
{
    const char *name = frail_syscall_name(c->abi, c->nr);

    line_str(l, "C seq=");
    line_dec(l, c->seq);
    line_str(l, " ns=");
    line_dec(l, c->time_ns);
    line_str(l, " vcpu=");
    line_dec(l, c->vcpu);
    line_str(l, " task=");
    line_digits(l, c->task);
    line_str(l, " cr3=");
    line_digits(l, frail_call_cr3(call));
    line_str(l, " abi=");
    line_str(l, (unsigned)c->abi < ABIS ? abi_names[c->abi] : "?");
    line_str(l, " nr=");
    line_dec(l, c->nr);
    line_str(l, " name=");
    line_str(l, name ? name : "?");
    line_str(l, " rip=");
    line_hex(l, frail_call_user_rip(call));
    line_str(l, " rsp=");
    line_hex(l, frail_call_user_rsp(call));
    line_str(l, " a=");
    for (unsigned i = 0; i < G_N_ELEMENTS(c->args); i++) {
        if (i) {
            line_str(l, ",");
        }
        line_hex(l, c->args[i]);
    }
}

static void line_raw_return(Line *l, const FrailCall *call)
{
    int64_t result;

    line_str(l, "R seq=");
    line_dec(l, frail_call_sequence(call));
    line_str(l, " nr=");
    line_dec(l, frail_call_number(call));
    line_str(l, " ret=");
    if (frail_call_result(call, &result) < 0) {
        line_str(l, "?");
    } else {
        line_dec(l, result);
    }
    line_str(l, " task=");
    line_digits(l, frail_call_task(call));
    line_str(l, " ns=");
    line_dec(l, frail_call_time_ns(call) + frail_call_duration_ns(call));
    if (frail_call_refused(call)) {
        line_str(l, " refused=1");
    }
    if (frail_call_restarts(call)) {
        line_str(l, " restart=1");
    }
}

static void put_line(Strace *s, Line *l)
{
    line_end(l);
    frail_writer_put(s->writer, l->text, l->len);
}

static bool never_returns(const Strace *s, FrailAbi abi, int64_t nr)
{
    if ((unsigned)abi >= ABIS || nr < 0) {
        return false;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(no_return_names); i++) {
        if (s->no_return[abi][i] == nr) {
            return true;
        }
    }
    return false;
}

static void put_unfinished(Strace *s, const OpenCall *c)
{
    Line l = { 0 };

    line_call(s, &l, c);
    line_str(&l, " <unfinished ...>");
    put_line(s, &l);
}

static int on_call(const FrailCall *call, void *opaque)
{
    Strace *s = opaque;
    OpenCall c, replaced;
    Line l = { 0 };

    if (!gate_enter(&s->gate)) {
        return FRAIL_CONTINUE;
    }
    get_call(call, &c);
    if (s->raw) {
        line_raw_call(&l, call, &c);
        put_line(s, &l);
    } else if (!s->returns) {
        line_call(s, &l, &c);
        put_line(s, &l);
    } else if (never_returns(s, c.abi, c.nr)) {
        line_call(s, &l, &c);
        line_str(&l, " = ?");
        put_line(s, &l);
    } else if (open_calls_enter(s->open, &c, &replaced)) {
        put_unfinished(s, &replaced);
    }
    gate_leave(&s->gate);
    return FRAIL_CONTINUE;
}

static void on_return(const FrailCall *call, void *opaque)
{
    Strace *s = opaque;
    Line l = { 0 };
    OpenCall c;

    if (!gate_enter(&s->gate)) {
        return;
    }
    if (s->raw) {
        line_raw_return(&l, call);
        put_line(s, &l);
    } else {
        get_call(call, &c);
        /* Their line stands already, unless they were refused since. */
        if (!never_returns(s, c.abi, c.nr) || frail_call_refused(call)) {
            open_calls_leave(s->open, c.task, c.seq);
            line_call(s, &l, &c);
            line_result(s, &l, call);
            put_line(s, &l);
        }
    }
    gate_leave(&s->gate);
}

static void list_unfinished(Strace *s)
{
    g_autoptr(GArray) list = NULL;

    if (!s->open) {
        return;
    }
    list = open_calls_list(s->open);
    for (unsigned i = 0; i < list->len; i++) {
        put_unfinished(s, &g_array_index(list, OpenCall, i));
    }
}

/* @s is not freed: a vCPU may still come and find the gate closed. */
static void on_exit_of_qemu(qemu_plugin_id_t id G_GNUC_UNUSED, void *opaque)
{
    Strace *s = opaque;

    gate_close(&s->gate);
    list_unfinished(s);
    frail_writer_close(s->writer);
    s->writer = NULL;
    g_clear_pointer(&s->open, g_free);
}

enum {
    OPT_OUT, OPT_TRACE, OPT_RETURNS, OPT_TASK, OPT_TS, OPT_COLOR, OPT_FORMAT,
    OPTIONS
};

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
                                           const qemu_info_t *info
                                           G_GNUC_UNUSED,
                                           int argc, char **argv)
{
    Option opts[OPTIONS] = {
        [OPT_OUT] = { "out", NULL, "-", "file to write, - is stderr" },
        [OPT_TRACE] = { "trace", NULL, NULL,
            "calls to show, openat:read, or !futex for all others" },
        [OPT_RETURNS] = { "returns", "on|off", "on", "show return values" },
        [OPT_TASK] = { "task", "on|off", "off", "show the guest's task" },
        [OPT_TS] = { "ts", "none|abs|rel", "abs", "time of day, or since "
            "the first call" },
        [OPT_COLOR] = { "color", "auto|on|off", "auto", "colours" },
        [OPT_FORMAT] = { "format", "text|raw", "text", "for people, or for "
            "programs" },
    };
    FrailAnalyzerOptions a = {
        .sz = sizeof(a), .name = NAME, .on_call = on_call,
    };
    const char *err = NULL;
    Strace *s;

    if (!options_parse(NAME, opts, OPTIONS, argc, argv)) {
        return -1;
    }
    s = g_new0(Strace, 1);
    g_rw_lock_init(&s->gate.lock);
    s->returns = option_is_on(&opts[OPT_RETURNS]);
    s->task = option_is_on(&opts[OPT_TASK]);
    s->timestamp = option_choice(&opts[OPT_TS]);
    s->raw = option_choice(&opts[OPT_FORMAT]) == 1;
    if (s->returns && !s->raw) {
        s->open = g_new0(OpenCalls, 1);
    }
    for (unsigned abi = 0; abi < ABIS; abi++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(no_return_names); i++) {
            s->no_return[abi][i] = frail_syscall_number(abi,
                                                       no_return_names[i]);
        }
    }

    s->writer = frail_writer_open(opts[OPT_OUT].value, &err);
    if (!s->writer) {
        goto fail;
    }
    s->colour = option_is_on(&opts[OPT_COLOR]) ||
                (option_choice(&opts[OPT_COLOR]) == 0 &&
                 frail_writer_is_terminal(s->writer));

    a.on_return = s->returns ? on_return : NULL;
    a.opaque = s;
    a.filter = opts[OPT_TRACE].value;
    if (!frail_analyzer_register(&a, &err)) {
        goto fail;
    }
    qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, s);
    return 0;

fail:
    fprintf(stderr, NAME ": %s\n", err);
    frail_writer_close(s->writer);
    g_rw_lock_clear(&s->gate.lock);
    g_free(s->open);
    g_free(s);
    return -1;
}
