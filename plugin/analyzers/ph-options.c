/*
 * The options of the ph analyzer.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "ph.h"

/* errnos that have names are below. */
#define ERRNO_END   256

const Option ph_options[PH_OPTIONS] = {
    COMMON_OPTIONS("calls that sequences are made of; the same for training "
                   "and testing"),
    [OPT_PROFILES] = OPTION_TEXT("profiles", NULL, "directory of the "
        "profiles; without it they end with QEMU"),
    [OPT_MODE] = OPTION_CHOICE("mode", "auto|train|test", "auto", "learn "
        "until nothing is new and test then, only learn, only test"),
    [OPT_WINDOW] = OPTION_NUMBER("window", "6", PH_WINDOW_MIN, PH_WINDOW_MAX,
        "calls in a window"),
    [OPT_METHOD] = OPTION_CHOICE("method", "pairs|windows", "pairs", "what "
        "must be new in an anomaly"),
    [OPT_PROGRAMS] = OPTION_TEXT("programs", NULL, "only these paths, with * "
        "and ?, separated by ':'"),
    [OPT_REACT] = OPTION_TEXT("react", "log", "what to do about anomalies: "
        "log:event:refuse:delay:kill:pause"),
    [OPT_LIMIT] = OPTION_NUMBER("limit", "1", 1, PH_FRAME, "react when so "
        "many of a thread's last 128 calls are anomalies"),
    [OPT_ERRNO] = OPTION_TEXT("errno", "EPERM", "refuse with this error"),
    [OPT_DELAY] = OPTION_NUMBER("delay", "10", 1, PH_DELAY_MAX_MS,
        "milliseconds for each anomaly among the last 128 calls, 1000 at "
        "most"),
    [OPT_FREEZE_CALLS] = OPTION_NUMBER("freeze-calls", "10000", 1,
        PH_COUNT_MAX, "freeze a profile when so many calls had nothing new,"),
    [OPT_FREEZE_RATIO] = OPTION_NUMBER("freeze-ratio", "4", 1, 1000000,
        "and so many times as many as it took to learn what is known;"),
    [OPT_FREEZE_TIME] = OPTION_NUMBER("freeze-time", "86400", 0, 1000000000,
        "test when a profile has been frozen for so many seconds"),
    [OPT_SAVE_CALLS] = OPTION_NUMBER("save-calls", "100000", 1, PH_COUNT_MAX,
        "write the profiles whenever so many calls were learned"),
};

static bool fail(const Option *opt, const char *right, char **err)
{
    *err = g_strdup_printf("%s=%s: the value must be %s", opt->name,
                           opt->value, right);
    return false;
}

static bool read_react(const Option *opt, unsigned *react, char **err)
{
    static const struct {
        const char *name;
        unsigned bit;
    } all[] = {
        { "log", 0 }, { "event", PH_EVENT }, { "refuse", PH_REFUSE },
        { "delay", PH_DELAY }, { "kill", PH_KILL }, { "pause", PH_PAUSE },
    };
    g_auto(GStrv) words = g_strsplit(*opt->value ? opt->value : "?", ":", -1);

    *react = 0;
    for (char **word = words; *word; word++) {
        unsigned i = 0;

        while (i < G_N_ELEMENTS(all) && strcmp(*word, all[i].name)) {
            i++;
        }
        if (i == G_N_ELEMENTS(all)) {
            return fail(opt, "log, event, refuse, delay, kill or pause, or "
                        "several separated by ':'", err);
        }
        *react |= all[i].bit;
    }
    return true;
}

static bool read_errno(const Option *opt, int *value, char **err)
{
    for (int i = 1; i < ERRNO_END; i++) {
        const char *name = frail_errno_name(i);

        if (name && !strcmp(name, opt->value)) {
            *value = i;
            return true;
        }
    }
    return fail(opt, "the name of an error, like EPERM", err);
}

static bool read_programs(const Option *opt, char ***programs, char **err)
{
    if (!opt->value) {
        return true;
    }
    *programs = g_strsplit(*opt->value ? opt->value : "?", ":", -1);
    for (char **word = *programs; *word; word++) {
        /* Nothing else could ever be a program's path. */
        if (**word != '/' && **word != '*') {
            return fail(opt, "whole paths, like /usr/sbin/*, separated by "
                        "':'", err);
        }
    }
    return true;
}

bool ph_options_read(PhOptions *o, PhStoreOptions *store, const Option *opts,
                     char **err)
{
    o->mode = option_choice(&opts[OPT_MODE]);
    o->windows = option_choice(&opts[OPT_METHOD]) == 1;
    o->limit = option_number(&opts[OPT_LIMIT]);
    o->delay_ms = option_number(&opts[OPT_DELAY]);
    o->freeze.calls = option_number(&opts[OPT_FREEZE_CALLS]);
    o->freeze.ratio = option_number(&opts[OPT_FREEZE_RATIO]);
    o->freeze.time_ns = option_number(&opts[OPT_FREEZE_TIME]) * 1000000000;
    store->dir = opts[OPT_PROFILES].value;
    store->mode = o->mode;
    store->window = option_number(&opts[OPT_WINDOW]);
    store->save_calls = option_number(&opts[OPT_SAVE_CALLS]);
    if (o->mode == PH_MODE_TEST && !store->dir) {
        *err = g_strdup("mode=test needs profiles=DIR, where mode=train has "
                        "left them");
        return false;
    }
    return read_react(&opts[OPT_REACT], &o->react, err) &&
           read_errno(&opts[OPT_ERRNO], &o->refuse_errno, err) &&
           read_programs(&opts[OPT_PROGRAMS], &o->programs, err);
}

void ph_options_clear(PhOptions *o)
{
    g_clear_pointer(&o->programs, g_strfreev);
}
