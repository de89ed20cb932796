/*
 * Every system call of the guest as a line of text.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <frail-plugin.h>
#include <inttypes.h>
#include <qemu-plugin.h>
#include <stdio.h>

#include "options.h"
#include "output.h"
#include "strace.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;
FRAIL_PLUGIN_EXPORT int frail_plugin_version = FRAIL_PLUGIN_VERSION;

#define NAME "frail-strace"

static const char *const no_return_names[] = {
    "exit", "exit_group",
};
G_STATIC_ASSERT(G_N_ELEMENTS(no_return_names) <= STRACE_NO_RETURN_MAX);

static bool never_returns(const Strace *s, FrailAbi abi, int64_t nr)
{
    if ((unsigned)abi >= STRACE_ABIS || nr < 0) {
        return false;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(no_return_names); i++) {
        if (s->no_return[abi][i] == nr) {
            return true;
        }
    }
    return false;
}

static void set_process(OpenCall *c, const FrailProcess *p)
{
    if (p) {
        c->tid = frail_process_tid(p);
        c->pid = frail_process_pid(p);
    }
}

static void get_call(const FrailCall *call, const FrailProcess *p,
                     OpenCall *c)
{
    *c = (OpenCall) {
        .seq = frail_call_sequence(call),
        .task = frail_call_task(call),
        .cr3 = frail_call_cr3(call),
        .nr = frail_call_number(call),
        .time_ns = frail_call_time_ns(call),
        .vcpu = frail_call_vcpu(call),
        .abi = frail_call_abi(call),
        .arg_count = frail_call_arg_count(call),
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(c->args); i++) {
        c->args[i] = frail_call_arg(call, i);
    }
    set_process(c, p);
}

/* Keep @c until it returns, in place of what its task has left. */
static void keep(Strace *s, const OpenCall *c)
{
    OpenCall *slot = calls_slot(&s->calls, c->task);

    if (!slot) {
        frail_decoded_free(c->decoded);
        return;
    }
    if (slot->seq) {
        text_unfinished(s, slot);
        calls_drop(slot);
    }
    *slot = *c;
    text_enter(s, slot);
}

static void enter(Strace *s, const FrailCall *call)
{
    const FrailProcess *p = frail_call_process(call);
    OpenCall c;

    if (!who_match(&s->who, p)) {
        return;
    }
    get_call(call, p, &c);
    c.decoded = frail_call_decode(call, &s->decode);
    g_mutex_lock(&s->lock);
    if (s->returns && !never_returns(s, c.abi, c.nr)) {
        keep(s, &c);
    } else {
        if (s->returns) {
            text_last(s, &c);
        } else {
            text_entry_only(s, &c);
        }
        frail_decoded_free(c.decoded);
    }
    g_mutex_unlock(&s->lock);
}

static int on_call(const FrailCall *call, void *opaque)
{
    Strace *s = opaque;

    if (!gate_enter(&s->gate)) {
        return FRAIL_CONTINUE;
    }
    if (!s->raw) {
        enter(s, call);
    } else if (!who_chooses(&s->who) ||
               who_match(&s->who, frail_call_process(call))) {
        g_mutex_lock(&s->lock);
        raw_call(s, call);
        g_mutex_unlock(&s->lock);
    }
    gate_leave(&s->gate);
    return FRAIL_CONTINUE;
}

/*
 * A call that was not kept, for lack of room or because it was not chosen:
 * decoded all at once, late.
 */
static void leave_unkept(Strace *s, const FrailCall *call)
{
    const FrailProcess *p = frail_call_process(call);
    OpenCall c;

    if (!who_match(&s->who, p)) {
        return;
    }
    get_call(call, p, &c);
    c.decoded = frail_call_decode(call, &s->decode);
    if (c.decoded) {
        frail_decoded_finish(c.decoded, call);
    }
    text_return(s, &c, call);
    frail_decoded_free(c.decoded);
}

static void leave(Strace *s, const FrailCall *call)
{
    OpenCall *c;

    /* Their line stands already, unless they were refused since. */
    if (never_returns(s, frail_call_abi(call), frail_call_number(call)) &&
        !frail_call_refused(call)) {
        return;
    }
    g_mutex_lock(&s->lock);
    c = calls_find(&s->calls, frail_call_task(call),
                   frail_call_sequence(call));
    if (c) {
        /* By now the task may have another id: execve in a thread. */
        if (c->unfinished) {
            set_process(c, frail_call_process(call));
        }
        if (c->decoded) {
            frail_decoded_finish(c->decoded, call);
        }
        text_return(s, c, call);
        calls_drop(c);
    } else {
        leave_unkept(s, call);
    }
    g_mutex_unlock(&s->lock);
}

static void on_return(const FrailCall *call, void *opaque)
{
    Strace *s = opaque;

    if (!gate_enter(&s->gate)) {
        return;
    }
    if (!s->raw) {
        leave(s, call);
    } else if (!who_chooses(&s->who) ||
               who_match(&s->who, frail_call_process(call))) {
        g_mutex_lock(&s->lock);
        raw_return(s, call);
        g_mutex_unlock(&s->lock);
    }
    gate_leave(&s->gate);
}

/* What is still open when QEMU ends; nobody else runs. */
static void list_unfinished(Strace *s)
{
    g_autoptr(GPtrArray) list = calls_list(&s->calls, 0);

    for (unsigned i = 0; i < list->len; i++) {
        text_unfinished(s, list->pdata[i]);
        calls_drop(list->pdata[i]);
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
}

/* Lines are missing here. */
static size_t tell_loss(const FrailLoss *loss, char *buf, size_t size,
                        void *opaque)
{
    const Strace *s = opaque;

    if (!s->raw && !loss->lines) {
        return 0;           /* a new connection, and none that is counted */
    }
    return snprintf(buf, size, s->raw ? "L lost=%" PRIu64 " total=%" PRIu64
                    "\n" : "--- %" PRIu64 " lines lost ---\n", loss->lines,
                    loss->total);
}

enum {
    OPT_TRACE = OUTPUT_OPTIONS_END, OPT_PID, OPT_COMM, OPT_UID, OPT_STATUS,
    OPT_YY,
    OPT_LIMIT, OPT_VERBOSE, OPT_RETURNS, OPT_JOIN, OPT_DURATION, OPT_TS,
    OPT_VCPU, OPT_TASK, OPT_COLOR, OPT_FORMAT,
    OPTIONS
};

/* What strace itself has no more than. */
#define STRING_LIMIT_MAX    8192

static bool parse_limit(const char *text, unsigned *limit)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 0, STRING_LIMIT_MAX, &value,
                                    NULL)) {
        fprintf(stderr, NAME ": string-limit=%s: the value must be 0 to %d\n",
                text, STRING_LIMIT_MAX);
        return false;
    }
    *limit = value;
    return true;
}

static bool configure(Strace *s, const Option *opts)
{
    static const FrailFdStyle styles[] = {
        FRAIL_FD_DETAILS, FRAIL_FD_NUMBER, FRAIL_FD_PATH,
    };

    s->returns = option_is_on(&opts[OPT_RETURNS]);
    s->join = option_is_on(&opts[OPT_JOIN]);
    s->duration = option_is_on(&opts[OPT_DURATION]);
    s->task = option_is_on(&opts[OPT_TASK]);
    s->vcpu = option_is_on(&opts[OPT_VCPU]);
    s->timestamp = option_choice(&opts[OPT_TS]);
    s->status = option_choice(&opts[OPT_STATUS]);
    s->raw = option_choice(&opts[OPT_FORMAT]) == 1;
    s->decode.sz = sizeof(s->decode);
    s->decode.fd_style = styles[option_choice(&opts[OPT_YY])];
    s->decode.verbose = option_is_on(&opts[OPT_VERBOSE]);
    if (s->status != STATUS_ALL && !s->returns) {
        fprintf(stderr, NAME ": status=%s needs returns=on\n",
                opts[OPT_STATUS].value);
        return false;
    }
    for (unsigned abi = 0; abi < STRACE_ABIS; abi++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(no_return_names); i++) {
            s->no_return[abi][i] = frail_syscall_number(abi,
                                                       no_return_names[i]);
        }
    }
    return parse_limit(opts[OPT_LIMIT].value, &s->decode.string_limit) &&
           who_parse(&s->who, opts[OPT_PID].value, opts[OPT_COMM].value,
                     opts[OPT_UID].value);
}

static void free_strace(Strace *s)
{
    frail_writer_close(s->writer);
    g_rw_lock_clear(&s->gate.lock);
    g_mutex_clear(&s->lock);
    who_clear(&s->who);
    g_free(s);
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
                                           const qemu_info_t *info
                                           G_GNUC_UNUSED,
                                           int argc, char **argv)
{
    Option opts[OPTIONS] = {
        OUTPUT_OPTIONS,
        [OPT_TRACE] = { "trace", NULL, NULL,
            "calls to show: openat:read, %file, /^stat, or !futex for all "
            "others" },
        [OPT_PID] = { "pid", NULL, NULL, "processes or threads to show" },
        [OPT_COMM] = { "comm", NULL, NULL, "commands to show" },
        [OPT_UID] = { "uid", NULL, NULL, "users to show, as numbers" },
        [OPT_STATUS] = { "status", "all|failed|successful|unfinished", "all",
            "calls to show by what becomes of them" },
        [OPT_YY] = { "yy", "on|off|y", "on",
            "what descriptors stand for; y: only their paths" },
        [OPT_LIMIT] = { "string-limit", NULL, "32",
            "bytes of a string that are shown" },
        [OPT_VERBOSE] = { "verbose", "on|off", "off", "all members of "
            "structures" },
        [OPT_RETURNS] = { "returns", "on|off", "on", "show return values" },
        [OPT_JOIN] = { "join", "on|off", "off", "one line for each call, "
            "when it returns" },
        [OPT_DURATION] = { "duration", "on|off", "off", "time spent in the "
            "call" },
        [OPT_TS] = { "ts", "none|abs|rel|unix|delta", "none", "time of day, "
            "since the first call, since 1970, since the line before" },
        [OPT_VCPU] = { "vcpu", "on|off", "off", "show the virtual CPU" },
        [OPT_TASK] = { "task", "on|off", "off", "show the guest's task" },
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
    g_mutex_init(&s->lock);
    if (!configure(s, opts)) {
        free_strace(s);
        return -1;
    }
    s->writer = open_output(opts, tell_loss, s, &err);
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
    free_strace(s);
    return -1;
}
