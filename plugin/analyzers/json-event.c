/*
 * The json analyzer's records that are of no call: signals, ends of threads.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json.h"

/* Of a siginfo; a descriptor's path may be in it. */
#define INFO_SIZE       5000
#define INFO_LIMIT      30000       /* as JSON */
#define RECORD_SIZE     (JSON_HEAD_SIZE + INFO_LIMIT + 1000)

static __thread char record_text[RECORD_SIZE];

/* Of signal @number; NULL if it is none. */
static void json_signal_name(FrailText *j, const char *member, int number)
{
    const char *name = frail_signal_name(number);

    json_member(j, member);
    if (name) {
        text_str(j, "\"");
        text_str(j, name);
        text_str(j, "\"");
    } else {
        text_str(j, "null");
    }
}

void json_on_signal(const FrailSignal *signal, void *opaque)
{
    JsonState *s = opaque;
    FrailText j = { .buf = record_text, .size = sizeof(record_text) };
    int number = frail_signal_number(signal);
    JsonMarked marked = { 0 };
    char info[INFO_SIZE];
    unsigned how = 0;

    if (frail_signal_text(signal, &s->decode, info, sizeof(info)) < 0) {
        how = JSON_CUT;
    }
    text_str(&j, "{\"type\":\"signal\"");
    json_when(&j, frail_signal_time_ns(signal), frail_signal_vcpu(signal),
              frail_signal_task(signal));
    json_member(&j, "cr3");
    json_hex(&j, frail_signal_cr3(signal));
    json_member(&j, "process");
    json_process(&j, s->wants.identity ? frail_signal_process(signal) : NULL,
                 &s->wants);
    json_member(&j, "abi");
    text_str(&j, "\"");
    text_str(&j, call_abi_name(frail_signal_abi(signal)));
    text_str(&j, "\"");
    json_member(&j, "signal");
    text_dec(&j, number);
    json_signal_name(&j, "name", number);
    json_member(&j, "handler");
    json_hex(&j, frail_signal_handler(signal));
    json_member(&j, "info");
    how |= json_string(&j, info, strlen(info), INFO_LIMIT);
    json_mark(&marked, "info", how);
    json_marked(&j, &marked);
    text_str(&j, "}\n");
    frail_writer_put(s->common.writer, j.buf, j.len);
}

void json_on_exit(const FrailExit *end, void *opaque)
{
    static const char *const how_names[] = {
        [FRAIL_EXIT_UNKNOWN] = "unknown",
        [FRAIL_EXIT_EXITED] = "exited",
        [FRAIL_EXIT_KILLED] = "killed",
        [FRAIL_EXIT_SUPERSEDED] = "superseded",
    };
    /* The rest is not there any more. */
    static const JsonWants wants = { .identity = true };
    JsonState *s = opaque;
    FrailText j = { .buf = record_text, .size = sizeof(record_text) };
    FrailExitHow how = frail_exit_how(end);

    text_str(&j, "{\"type\":\"exit\"");
    json_when(&j, frail_exit_time_ns(end), frail_exit_vcpu(end),
              frail_exit_task(end));
    json_member(&j, "process");
    json_process(&j, s->wants.identity ? frail_exit_process(end) : NULL,
                 &wants);
    json_member(&j, "how");
    text_str(&j, "\"");
    text_str(&j, how_names[how]);
    text_str(&j, "\"");
    switch (how) {
    case FRAIL_EXIT_EXITED:
        json_member(&j, "status");
        text_dec(&j, frail_exit_value(end));
        break;
    case FRAIL_EXIT_KILLED:
        json_member(&j, "signal");
        text_dec(&j, frail_exit_value(end));
        json_signal_name(&j, "name", frail_exit_value(end));
        json_member(&j, "core");
        text_str(&j, frail_exit_core_dumped(end) ? "true" : "false");
        break;
    case FRAIL_EXIT_SUPERSEDED:
        json_member(&j, "by");
        text_dec(&j, frail_exit_value(end));
        break;
    default:
        break;
    }
    text_str(&j, "}\n");
    frail_writer_put(s->common.writer, j.buf, j.len);
}
