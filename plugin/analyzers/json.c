/*
 * Every system call of the guest as a JSON object on a line of its own.
 * docs/frail-json.schema.json describes it.
 *
 * Who calls, and with what, is read when the call is entered: that is the
 * first half of a record, held until the call returns.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <inttypes.h>

#include "json.h"

#define ARGS_MAX        6
/* At most so many bytes of an argument's text, and of a result's. */
#define ARG_LIMIT       40000
#define RESULT_LIMIT    8000
#define RECORD_SIZE     (JSON_HEAD_SIZE + ARGS_MAX * (ARG_LIMIT + 300) + \
                         RESULT_LIMIT + 1000)

/* The calls that do not come back to where they were made. */
static const char *const no_return_names[CALL_SET_MAX] = {
    "exit", "exit_group", "rt_sigreturn", "sigreturn",
};

/* One record at a time is made on a thread. */
static __thread char head_text[JSON_HEAD_SIZE];
static __thread char record_text[RECORD_SIZE];

/* How a call ended, as the record's "outcome". */
typedef enum Outcome {
    OUTCOME_RETURNED,
    OUTCOME_REFUSED,
    OUTCOME_KILLED,
    OUTCOME_RESTARTS,
    OUTCOME_UNSEEN,
    OUTCOME_NO_RETURN,
    OUTCOME_UNFINISHED,
    OUTCOME_ENTERED,
} Outcome;

static const char *const outcome_names[] = {
    "returned", "refused", "killed", "restarts", "unseen", "no-return",
    "unfinished", "entered",
};

/* --- The first half ------------------------------------------------------ */

/* i386's socketcall and ipc by the call they stand for, as the arguments. */
static void json_name_of_call(FrailText *j, const FrailCall *call,
                              const FrailDecoded *d)
{
    const char *name = d ? frail_decoded_name(d) : frail_call_name(call);

    json_member(j, "call");
    /* It may be the guest's word. */
    if (name && json_is_utf8((const uint8_t *)name, strlen(name))) {
        json_string(j, name, strlen(name), 300);
    } else {
        text_str(j, "null");
    }
}

/* Everything up to the arguments.  Returns the length. */
static size_t make_head(const JsonState *s, const FrailCall *call,
                        const FrailProcess *process, const FrailDecoded *d)
{
    FrailText j = { .buf = head_text, .size = sizeof(head_text) };

    text_str(&j, "{\"type\":\"call\",\"seq\":");
    text_udec(&j, frail_call_sequence(call));
    json_when(&j, frail_call_time_ns(call), frail_call_vcpu(call),
              frail_call_task(call));
    json_member(&j, "cr3");
    json_hex(&j, frail_call_cr3(call));
    json_member(&j, "process");
    json_process(&j, process, &s->wants);
    json_member(&j, "abi");
    text_str(&j, "\"");
    text_str(&j, call_abi_name(frail_call_abi(call)));
    text_str(&j, "\"");
    json_name_of_call(&j, call, d);
    json_member(&j, "nr");
    text_dec(&j, frail_call_number(call));
    return j.len;
}

static void get_call(const FrailCall *call, HeldCall *c)
{
    c->seq = frail_call_sequence(call);
    c->later = frail_call_match(call) == FRAIL_MATCH_LATER;
    c->arg_count = MIN(frail_call_arg_count(call), ARGS_MAX);
    for (unsigned i = 0; i < ARGS_MAX; i++) {
        c->args[i] = frail_call_arg(call, i);
    }
}

/* --- The second half: arguments ------------------------------------------ */

static bool is_identifier(const char *name)
{
    size_t len = name ? strspn(name, "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") : 0;

    return len && len <= 64 && !name[len];
}

/* Its name, if that can be a key that no argument before it has. */
static void json_arg_name(FrailText *j, const FrailDecoded *d, unsigned i)
{
    const char *name = d ? frail_decoded_arg_name(d, i) : NULL;
    bool good = is_identifier(name);

    for (unsigned k = 0; good && k < i; k++) {
        const char *other = frail_decoded_arg_name(d, k);

        good = !other || strcmp(name, other);
    }
    text_str(j, "\"");
    if (good) {
        text_str(j, name);
    } else {
        text_str(j, "arg");
        text_udec(j, i);
    }
    text_str(j, "\":");
}

/* Returns the argument's flags. */
static unsigned json_arg(FrailText *j, const HeldCall *c, unsigned i)
{
    const char *text = NULL;
    unsigned flags = FRAIL_ARG_RAW, how = 0;

    json_arg_name(j, c->decoded, i);
    text_str(j, "{\"raw\":");
    json_hex(j, c->decoded ? frail_decoded_arg_raw(c->decoded, i) :
             c->args[i]);
    if (c->decoded) {
        flags = frail_decoded_arg_flags(c->decoded, i);
        text = frail_decoded_arg_text(c->decoded, i);
    }
    json_member(j, "text");
    if (text) {
        how = json_string(j, text, strlen(text), ARG_LIMIT);
    } else {
        text_str(j, "null");
    }
    text_str(j, flags & FRAIL_ARG_UNREADABLE ? ",\"unreadable\":true" : "");
    text_str(j, flags & FRAIL_ARG_OUT ? ",\"out\":true" : "");
    text_str(j, flags & FRAIL_ARG_RAW ? ",\"untyped\":true" : "");
    text_str(j, flags & FRAIL_ARG_CUT || how & JSON_CUT ? ",\"cut\":true" :
             "");
    text_str(j, how & JSON_LATIN1 ? ",\"latin1\":[\"text\"]" : "");
    text_str(j, "}");
    return flags;
}

/* Returns the flags of all of them. */
static unsigned json_args(FrailText *j, const HeldCall *c)
{
    unsigned n = c->decoded ? frail_decoded_arg_count(c->decoded) :
                              c->arg_count;
    unsigned flags = 0;

    json_member(j, "args");
    text_str(j, "{");
    for (unsigned i = 0; i < MIN(n, ARGS_MAX); i++) {
        text_str(j, i ? "," : "");
        flags |= json_arg(j, c, i);
    }
    text_str(j, "}");
    return flags;
}

/* --- The second half: result --------------------------------------------- */

static Outcome outcome_of(const FrailCall *call)
{
    int64_t unused;

    if (frail_call_refused(call)) {
        return OUTCOME_REFUSED;
    }
    if (frail_call_killed(call)) {
        return OUTCOME_KILLED;
    }
    if (frail_call_restarts(call)) {
        return OUTCOME_RESTARTS;
    }
    return frail_call_result(call, &unused) < 0 ? OUTCOME_UNSEEN :
                                                  OUTCOME_RETURNED;
}

static void json_errno(FrailText *j, int err)
{
    const char *name = err ? frail_errno_name(err) : NULL;

    json_member(j, "errno");
    if (err) {
        text_dec(j, err);
    } else {
        text_str(j, "null");
    }
    json_member(j, "error");
    if (name) {
        text_str(j, "\"");
        text_str(j, name);
        text_str(j, "\"");
    } else {
        text_str(j, "null");
    }
}

/* @call is the return, or NULL.  Returns json_string()'s of its text. */
static unsigned json_result(FrailText *j, const HeldCall *c,
                            const FrailCall *call)
{
    int refused = call ? frail_call_refused(call) : 0;
    const char *text = NULL;
    unsigned how = 0;
    int64_t result = -refused;
    bool known = refused;

    if (call && !refused) {
        known = !frail_call_result(call, &result);
    }
    json_member(j, "ret");
    if (known) {
        text_dec(j, result);
    } else {
        text_str(j, "null");
    }
    if (call && c->decoded) {
        text = frail_decoded_result(c->decoded);
    }
    json_member(j, "ret_text");
    if (text) {
        how = json_string(j, text, strlen(text), RESULT_LIMIT);
    } else {
        text_str(j, "null");
    }
    json_errno(j, known && call_is_error(result) ? -result : 0);
    return how;
}

/* Complete and write the record that begins with @head. */
static void put_record(JsonState *s, const HeldCall *c, const char *head,
                       Outcome outcome, const FrailCall *call, bool late)
{
    FrailText j = { .buf = record_text, .size = sizeof(record_text) };
    JsonMarked marked = { 0 };
    unsigned flags;

    if (head == record_text) {
        j.len = c->len;         /* it is there already */
    } else {
        text_bytes(&j, head, c->len);
    }
    flags = json_args(&j, c);
    json_member(&j, "outcome");
    text_str(&j, "\"");
    text_str(&j, outcome_names[outcome]);
    text_str(&j, "\"");
    json_mark(&marked, "ret_text", json_result(&j, c, call));
    json_member(&j, "duration_ns");
    if (call && outcome != OUTCOME_UNSEEN && outcome != OUTCOME_KILLED) {
        text_dec(&j, MAX(frail_call_duration_ns(call), 0));
    } else {
        text_str(&j, "null");
    }
    text_str(&j, outcome == OUTCOME_REFUSED ? ",\"refused\":true" : "");
    text_str(&j, outcome == OUTCOME_RESTARTS ? ",\"restarts\":true" : "");
    text_str(&j, flags & FRAIL_ARG_UNREADABLE ? ",\"unreadable\":true" : "");
    text_str(&j, late ? ",\"late\":true" : "");
    json_marked(&j, &marked);
    text_str(&j, "}\n");
    frail_writer_put(s->common.writer, j.buf, j.len);
}

static void put_unfinished(JsonState *s, const HeldCall *c, const char *head)
{
    if (!c->later) {
        put_record(s, c, head, OUTCOME_UNFINISHED, NULL, false);
    }
    frail_decoded_free(c->decoded);
}

/* --- Callbacks ----------------------------------------------------------- */

static bool never_returns(const JsonState *s, const FrailCall *call)
{
    return call_set_has(&s->no_return, frail_call_abi(call),
                        frail_call_number(call));
}

static const FrailProcess *process_of(const JsonState *s,
                                      const FrailCall *call)
{
    return s->wants.identity ? frail_call_process(call) : NULL;
}

static int on_call(const FrailCall *call, void *opaque)
{
    JsonState *s = opaque;
    HeldCall c, old;

    get_call(call, &c);
    c.decoded = frail_call_decode(call, &s->decode);
    c.len = make_head(s, call, process_of(s, call), c.decoded);
    if (!s->returns || (!c.later && never_returns(s, call))) {
        put_record(s, &c, head_text, s->returns ? OUTCOME_NO_RETURN :
                   OUTCOME_ENTERED, NULL, false);
        frail_decoded_free(c.decoded);
    } else if (held_put(s->held, held_key(frail_call_task(call), c.seq), &c,
                        head_text, &old, record_text)) {
        /* The record is put together where its first half is now. */
        put_unfinished(s, &old, record_text);
    }
    return FRAIL_CONTINUE;
}

static void on_return(const FrailCall *call, void *opaque)
{
    JsonState *s = opaque;
    bool late = false;
    HeldCall c;

    if (!held_take(s->held, held_key(frail_call_task(call),
                                     frail_call_sequence(call)),
                   frail_call_sequence(call), &c, head_text)) {
        /* Its record stands already, unless it was refused since. */
        if (never_returns(s, call) && !frail_call_refused(call)) {
            return;
        }
        late = true;
        get_call(call, &c);
        c.decoded = NULL;
        c.len = make_head(s, call, process_of(s, call), NULL);
    } else if (never_returns(s, call) && !frail_call_refused(call)) {
        /* What it comes back with is no result; where= has waited for it. */
        put_record(s, &c, head_text, OUTCOME_NO_RETURN, NULL, false);
        frail_decoded_free(c.decoded);
        return;
    }
    if (c.decoded) {
        frail_decoded_finish(c.decoded, call);
    }
    put_record(s, &c, head_text, outcome_of(call), call, late);
    frail_decoded_free(c.decoded);
}

/* It was held for its return, which is not what where= asks for. */
static void on_drop(const FrailCall *call, void *opaque)
{
    JsonState *s = opaque;
    HeldCall c;

    if (held_take(s->held, held_key(frail_call_task(call),
                                    frail_call_sequence(call)),
                  frail_call_sequence(call), &c, head_text)) {
        frail_decoded_free(c.decoded);
    }
}

static size_t tell_loss(const FrailLoss *loss, char *buf, size_t size,
                        void *opaque G_GNUC_UNUSED)
{
    FrailText j = { .buf = buf, .size = size };

    text_str(&j, "{\"type\":\"lost\",\"lost\":");
    text_udec(&j, loss->lines);
    json_member(&j, "total");
    text_udec(&j, loss->total);
    if (loss->lines) {
        json_member(&j, "from");
        json_time(&j, loss->from_ns);
        json_member(&j, "to");
        json_time(&j, loss->to_ns);
    }
    text_str(&j, loss->reconnected ? ",\"reconnected\":true}\n" : "}\n");
    return j.len;
}

static void finish(void *state)
{
    JsonState *s = state;
    HeldCall c;

    while (s->held && held_take_oldest(s->held, &c, head_text)) {
        put_unfinished(s, &c, head_text);
    }
    g_clear_pointer(&s->held, held_free);
}

/* --- Options ------------------------------------------------------------- */

enum {
    OPT_RETURNS = COMMON_OPTIONS_END,
    OPT_SIGNALS, OPT_EXITS, OPT_IDENTITY, OPT_CAPS, OPT_CMDLINE, OPT_CWD,
    OPT_NAMESPACES, OPT_FD, OPT_STRING_LIMIT, OPT_VERBOSE,
};

static const Option options[] = {
    COMMON_OPTIONS("calls to show, openat:read, or !futex for all others"),
    [OPT_RETURNS] = OPTION_SWITCH("returns", "on", "wait for the results"),
    [OPT_SIGNALS] = OPTION_SWITCH("signals", "on", "signals whose handlers "
        "run"),
    [OPT_EXITS] = OPTION_SWITCH("exits", "on", "the ends of threads"),
    [OPT_IDENTITY] = OPTION_SWITCH("identity", "on", "who makes the call"),
    [OPT_CAPS] = OPTION_SWITCH("caps", "on", "the process's capabilities"),
    [OPT_CMDLINE] = OPTION_SWITCH("cmdline", "off", "its command line"),
    [OPT_CWD] = OPTION_SWITCH("cwd", "off", "its working and its root "
        "directory"),
    [OPT_NAMESPACES] = OPTION_SWITCH("namespaces", "off", "its namespaces"),
    [OPT_FD] = OPTION_CHOICE("fd", "number|path|details", "details",
        "how file descriptors are shown: as strace, strace -y, strace -yy"),
    [OPT_STRING_LIMIT] = OPTION_NUMBER("string-limit", "256", 0, 1000000,
        "bytes of a string or buffer that are shown"),
    [OPT_VERBOSE] = OPTION_SWITCH("verbose", "off", "all members of "
        "structures, as strace -v"),
};

static bool start(void *state, const Option *opts, char **err)
{
    JsonState *s = state;

    s->returns = option_is_on(&opts[OPT_RETURNS]);
    s->common.no_returns = !s->returns;
    s->common.no_signals = !s->returns || !option_is_on(&opts[OPT_SIGNALS]);
    s->common.no_exits = !s->returns || !option_is_on(&opts[OPT_EXITS]);
    s->wants = (JsonWants) {
        .identity = option_is_on(&opts[OPT_IDENTITY]),
        .caps = option_is_on(&opts[OPT_CAPS]),
        .cmdline = option_is_on(&opts[OPT_CMDLINE]),
        .cwd = option_is_on(&opts[OPT_CWD]),
        .namespaces = option_is_on(&opts[OPT_NAMESPACES]),
    };
    s->decode = (FrailDecodeOptions) {
        .sz = sizeof(s->decode),
        .string_limit = option_number(&opts[OPT_STRING_LIMIT]),
        .fd_style = option_choice(&opts[OPT_FD]),
        .verbose = option_is_on(&opts[OPT_VERBOSE]),
        .io_uring = true,
    };
    call_set_init(&s->no_return, no_return_names);
    s->held = s->returns ? held_new() : NULL;
    if (s->returns && !s->held) {
        *err = g_strdup("there is no memory for the open calls");
        return false;
    }
    return true;
}

static void clear(void *state)
{
    JsonState *s = state;

    held_free(s->held);
}

static const Analyzer json = {
    .name = "frail-json",
    .options = options,
    .option_count = G_N_ELEMENTS(options),
    .state_size = sizeof(JsonState),
    .on_call = on_call,
    .on_return = on_return,
    .on_drop = on_drop,
    .on_signal = json_on_signal,
    .on_exit = json_on_exit,
    .on_loss = tell_loss,
    .start = start,
    .finish = finish,
    .clear = clear,
};
ANALYZER_PLUGIN(json)
