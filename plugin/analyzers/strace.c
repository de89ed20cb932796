/*
 * Every system call of the guest as a line of text.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>

#include "strace.h"

static const char *const no_return_names[CALL_SET_MAX] = {
    "exit", "exit_group",
};

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
        .later = frail_call_match(call) == FRAIL_MATCH_LATER,
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(c->args); i++) {
        c->args[i] = frail_call_arg(call, i);
    }
    call_set_process(c, p);
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
        show_unfinished(s, slot);
        calls_drop(slot);
    }
    *slot = *c;
    show_enter(s, slot);
}

static void enter(Strace *s, const FrailCall *call)
{
    OpenCall c;

    get_call(call, frail_call_process(call), &c);
    c.decoded = frail_call_decode(call, &s->decode);
    g_mutex_lock(&s->lock);
    if (s->returns && !call_set_has(&s->no_return, c.abi, c.nr)) {
        keep(s, &c);
    } else {
        if (s->returns) {
            show_last(s, &c);
        } else {
            show_entry_only(s, &c);
        }
        frail_decoded_free(c.decoded);
    }
    g_mutex_unlock(&s->lock);
}

static int on_call(const FrailCall *call, void *opaque)
{
    Strace *s = opaque;

    if (!s->raw) {
        enter(s, call);
    } else if (frail_call_match(call) == FRAIL_MATCH_YES) {
        g_mutex_lock(&s->lock);
        raw_call(s, call);
        g_mutex_unlock(&s->lock);
    }
    return FRAIL_CONTINUE;
}

/* A call that was not kept, for lack of room: decoded all at once, late. */
static void leave_unkept(Strace *s, const FrailCall *call)
{
    OpenCall c;

    get_call(call, frail_call_process(call), &c);
    c.decoded = frail_call_decode(call, &s->decode);
    if (c.decoded) {
        frail_decoded_finish(c.decoded, call);
    }
    show_return(s, &c, call);
    frail_decoded_free(c.decoded);
}

static void leave(Strace *s, const FrailCall *call)
{
    OpenCall *c;

    /* Their line stands already, unless they were refused since. */
    if (call_set_has(&s->no_return, frail_call_abi(call),
                     frail_call_number(call)) && !frail_call_refused(call)) {
        return;
    }
    g_mutex_lock(&s->lock);
    c = calls_find(&s->calls, frail_call_task(call),
                   frail_call_sequence(call));
    if (c) {
        /* By now the task may have another id: execve in a thread. */
        if (c->unfinished) {
            call_set_process(c, frail_call_process(call));
        }
        if (c->decoded && !call_is_unseen(call)) {
            frail_decoded_finish(c->decoded, call);
        }
        show_return(s, c, call);
        calls_drop(c);
    } else {
        leave_unkept(s, call);
    }
    g_mutex_unlock(&s->lock);
}

static void on_return(const FrailCall *call, void *opaque)
{
    Strace *s = opaque;

    if (!s->raw) {
        leave(s, call);
    } else {
        g_mutex_lock(&s->lock);
        if (frail_call_match(call) == FRAIL_MATCH_LATER) {
            raw_call(s, call);
        }
        raw_return(s, call);
        g_mutex_unlock(&s->lock);
    }
}

/* It was kept for its return, which is not what where= asks for. */
static void on_drop(const FrailCall *call, void *opaque)
{
    Strace *s = opaque;
    OpenCall *c;

    g_mutex_lock(&s->lock);
    c = calls_find(&s->calls, frail_call_task(call),
                   frail_call_sequence(call));
    if (c) {
        calls_drop(c);
    }
    g_mutex_unlock(&s->lock);
}

/* What is still open when QEMU ends; nobody else runs. */
static void list_unfinished(void *state)
{
    Strace *s = state;
    g_autoptr(GPtrArray) list = calls_list(&s->calls, 0);

    for (unsigned i = 0; i < list->len; i++) {
        show_unfinished(s, list->pdata[i]);
        calls_drop(list->pdata[i]);
    }
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
    OPT_PID = COMMON_OPTIONS_END, OPT_COMM, OPT_UID, OPT_STATUS, OPT_YY,
    OPT_LIMIT, OPT_VERBOSE, OPT_IO_URING, OPT_RETURNS, OPT_SIGNALS, OPT_JOIN,
    OPT_DURATION, OPT_TS, OPT_VCPU, OPT_TASK, OPT_COLOR, OPT_FORMAT,
};

/* string-limit: what strace itself has no more than. */
static const Option options[] = {
    COMMON_OPTIONS("calls to show: openat:read, %file, /^stat, or !futex for "
        "all others"),
    [OPT_PID] = OPTION_TEXT("pid", NULL, "processes or threads to show"),
    [OPT_COMM] = OPTION_TEXT("comm", NULL, "commands to show"),
    [OPT_UID] = OPTION_TEXT("uid", NULL, "users to show, as numbers"),
    [OPT_STATUS] = OPTION_CHOICE("status", "all|failed|successful|unfinished",
        "all", "calls to show by what becomes of them"),
    [OPT_YY] = OPTION_CHOICE("yy", "on|off|y", "on", "what descriptors stand "
        "for; y: only their paths"),
    [OPT_LIMIT] = OPTION_NUMBER("string-limit", "32", 0, 8192, "bytes of a "
        "string that are shown"),
    [OPT_VERBOSE] = OPTION_SWITCH("verbose", "off", "all members of "
        "structures"),
    [OPT_IO_URING] = OPTION_SWITCH("io-uring", "off", "what io_uring_enter() "
        "submits, which strace does not show"),
    [OPT_RETURNS] = OPTION_SWITCH("returns", "on", "show return values"),
    [OPT_SIGNALS] = OPTION_SWITCH("signals", "on", "show signals whose "
        "handlers run"),
    [OPT_JOIN] = OPTION_SWITCH("join", "off", "one line for each call, when "
        "it returns"),
    [OPT_DURATION] = OPTION_SWITCH("duration", "off", "time spent in the "
        "call"),
    [OPT_TS] = OPTION_CHOICE("ts", "none|abs|rel|unix|delta", "none", "time "
        "of day, since the first call, since 1970, since the line before"),
    [OPT_VCPU] = OPTION_SWITCH("vcpu", "off", "show the virtual CPU"),
    [OPT_TASK] = OPTION_SWITCH("task", "off", "show the guest's task"),
    [OPT_COLOR] = COLOR_OPTION,
    [OPT_FORMAT] = OPTION_CHOICE("format", "text|raw", "text", "for people, "
        "or for programs"),
};

static bool start(void *state, const Option *opts, char **err)
{
    static const FrailFdStyle styles[] = {
        FRAIL_FD_DETAILS, FRAIL_FD_NUMBER, FRAIL_FD_PATH,
    };
    Strace *s = state;

    g_mutex_init(&s->lock);
    s->returns = option_is_on(&opts[OPT_RETURNS]);
    s->common.no_returns = !s->returns;
    s->join = option_is_on(&opts[OPT_JOIN]);
    s->duration = option_is_on(&opts[OPT_DURATION]);
    s->task = option_is_on(&opts[OPT_TASK]);
    s->vcpu = option_is_on(&opts[OPT_VCPU]);
    s->timestamp = option_choice(&opts[OPT_TS]);
    s->status = option_choice(&opts[OPT_STATUS]);
    s->raw = option_choice(&opts[OPT_FORMAT]) == 1;
    s->common.no_signals = s->raw || !s->returns ||
                           !option_is_on(&opts[OPT_SIGNALS]);
    s->common.no_exits = s->raw || !s->returns;
    s->decode = (FrailDecodeOptions) {
        .sz = sizeof(s->decode),
        .string_limit = option_number(&opts[OPT_LIMIT]),
        .fd_style = styles[option_choice(&opts[OPT_YY])],
        .verbose = option_is_on(&opts[OPT_VERBOSE]),
        .io_uring = option_is_on(&opts[OPT_IO_URING]),
    };
    call_set_init(&s->no_return, no_return_names);
    if (s->status != STATUS_ALL && !s->returns) {
        *err = g_strdup_printf("status=%s needs returns=on",
                               opts[OPT_STATUS].value);
        return false;
    }
    return who_expression(opts[OPT_PID].value, opts[OPT_COMM].value,
                          opts[OPT_UID].value, opts[OPT_WHERE].value,
                          &s->common.where, err);
}

static void clear(void *state)
{
    Strace *s = state;

    g_mutex_clear(&s->lock);
}

static const Analyzer strace = {
    .name = "frail-strace",
    .options = options,
    .option_count = G_N_ELEMENTS(options),
    .state_size = sizeof(Strace),
    .on_call = on_call,
    .on_return = on_return,
    .on_drop = on_drop,
    .on_signal = strace_on_signal,
    .on_exit = strace_on_exit,
    .on_loss = tell_loss,
    .start = start,
    .finish = list_unfinished,
    .clear = clear,
};
ANALYZER_PLUGIN(strace)
