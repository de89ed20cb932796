/* Refuse one system call to everybody: -plugin ./deny.so,call=mkdir */
/* Copyright (c) 2026 The Frail developers */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <qemu-plugin.h>
#include <frail-plugin.h>
QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;
FRAIL_PLUGIN_EXPORT int frail_plugin_version = FRAIL_PLUGIN_VERSION;

static int refuse(const FrailCall *call, void *opaque)
{
    fprintf(stderr, "deny: %s refused\n", frail_call_name(call));
    return -EPERM;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(
    qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    FrailAnalyzerOptions opts = { .sz = sizeof(opts), .name = "deny" };
    const char *err = "give call=NAME";

    opts.on_call = refuse;
    opts.filter = argc == 1 && !strncmp(argv[0], "call=", 5) ? argv[0] + 5 : "";
    if (frail_analyzer_register(&opts, &err)) {
        return 0;
    }
    return fprintf(stderr, "deny: %s\n", err), -1;
}
