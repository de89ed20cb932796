/*
 * An analyzer for the tests: what it does at which call.
 *     actor.so,kill=mknodat,pause=symlinkat,event=rmdir
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <qemu-plugin.h>
#include <frail-plugin.h>

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;
FRAIL_PLUGIN_EXPORT int frail_plugin_version = FRAIL_PLUGIN_VERSION;

static FrailAnalyzer *self;
static const char *kill_at = "", *pause_at = "", *event_at = "";

static int on_call(const FrailCall *call, void *opaque)
{
    const char *name = frail_call_name(call);
    char path[64] = "";

    (void)opaque;
    if (!name) {
        return FRAIL_CONTINUE;
    }
    if (!strcmp(name, kill_at) && frail_call_kill(call)) {
        fprintf(stderr, "actor: the caller of %s cannot be killed\n", name);
    }
    if (!strcmp(name, pause_at) && frail_vm_pause(self, call, "actor says so")) {
        fprintf(stderr, "actor: the machine cannot be paused\n");
    }
    if (!strcmp(name, event_at)) {
        FrailEventField fields[] = {
            { "path", path, 0 }, { "first", NULL, frail_call_arg(call, 1) },
        };

        frail_call_read_string(call, frail_call_arg(call, 0), path,
                               sizeof(path));
        frail_event_emit(self, call, "seen", fields, 2);
    }
    return FRAIL_CONTINUE;
}

static const char *value_of(const char *arg, const char *name)
{
    size_t len = strlen(name);

    return !strncmp(arg, name, len) && arg[len] == '=' ? arg + len + 1 : NULL;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
                                           const qemu_info_t *info, int argc,
                                           char **argv)
{
    FrailAnalyzerOptions o = {
        .sz = sizeof(o), .name = "actor", .on_call = on_call,
    };
    const char *err = NULL, *value;

    (void)id;
    (void)info;
    for (int i = 0; i < argc; i++) {
        if ((value = value_of(argv[i], "kill"))) {
            kill_at = value;
        } else if ((value = value_of(argv[i], "pause"))) {
            pause_at = value;
        } else if ((value = value_of(argv[i], "event"))) {
            event_at = value;
        }
    }
    self = frail_analyzer_register(&o, &err);
    if (!self) {
        fprintf(stderr, "actor: %s\n", err);
    }
    return self ? 0 : -1;
}
