/*
 * Analyzers: registration, filters, delivery, verdicts.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

/* The library itself sees both sides; the guard is for analyzers. */
#include "frail-plugin.h"
#include "frail-host.h"

#include "api/analyzer.h"
#include "decode/decode.h"
#include "decode/pool.h"
#include "trap/engine.h"

#define ANALYZERS_MAX   16
#define TABLE_SIZE      1024        /* numbers above share one answer */

/* Up to the last member that version 1 of frail-plugin.h has. */
#define OPTIONS_V1_SIZE (offsetof(FrailAnalyzerOptions, filter) + \
                         sizeof(const char *))

G_STATIC_ASSERT((int)FRAIL_ABI_X86_64 == (int)CALL_ABI_X86_64);
G_STATIC_ASSERT((int)FRAIL_ABI_X32 == (int)CALL_ABI_X32);
G_STATIC_ASSERT((int)FRAIL_ABI_I386 == (int)CALL_ABI_I386);

/*
 * Written while plugins are loaded, before the first vCPU runs; read-only
 * afterwards, so the vCPUs need no lock.
 */
typedef struct FrailApi {
    FrailVM *vm;
    FrailAnalyzer *analyzer[ANALYZERS_MAX];
    unsigned n;
    unsigned last_id;
    DecodePool *pool;
    FrailMonitorCallFn *monitor_call;
    FrailMonitorRetFn *monitor_ret;
    bool returns;
    uint8_t wants[CALL_ABI_MAX][TABLE_SIZE + 1];
} FrailApi;

/* Which machine a plugin that is being loaded belongs to: see frail-host.h */
static FrailVM *bound;

static unsigned table_index(int64_t nr)
{
    return nr >= 0 && nr < TABLE_SIZE ? (unsigned)nr : TABLE_SIZE;
}

static unsigned api_wants(void *opaque, unsigned abi, int64_t nr)
{
    const FrailApi *api = opaque;

    return api->wants[abi][table_index(nr)];
}

static bool api_wants_returns(void *opaque)
{
    const FrailApi *api = opaque;

    return api->returns;
}

static int api_call(void *opaque, void *vcpu, FrailCall *call)
{
    const FrailApi *api = opaque;
    int verdict = 0;

    call->pool = api->pool;
    if (api->monitor_call) {
        api->monitor_call(vcpu, call->nr, call->args);
    }
    for (unsigned i = 0; i < api->n; i++) {
        const FrailAnalyzer *a = api->analyzer[i];
        int v;

        if (!a->on_call ||
            !frail_filter_match(&a->filter, call->abi, call->nr)) {
            continue;
        }
        v = a->on_call(call, a->opaque);
        if (v < 0 && !verdict) {
            verdict = v < -4095 ? -EPERM : v;
            call->refused = -verdict;
        }
    }
    return verdict;
}

static void api_ret(void *opaque, void *vcpu, FrailCall *call)
{
    const FrailApi *api = opaque;

    if (api->monitor_ret && call->has_result) {
        api->monitor_ret(vcpu, call->nr, call->result);
    }
    for (unsigned i = 0; i < api->n; i++) {
        const FrailAnalyzer *a = api->analyzer[i];

        if (a->on_return &&
            frail_filter_match(&a->filter, call->abi, call->nr)) {
            a->on_return(call, a->opaque);
        }
    }
}

static void api_free(void *opaque)
{
    FrailApi *api = opaque;

    if (bound == api->vm) {
        bound = NULL;
    }
    for (unsigned i = 0; i < api->n; i++) {
        g_free(api->analyzer[i]->name);
        g_free(api->analyzer[i]);
    }
    pool_free(api->pool);
    g_free(api);
}

static const FrailSink api_sink = {
    .wants = api_wants,
    .wants_returns = api_wants_returns,
    .call = api_call,
    .ret = api_ret,
    .free = api_free,
};

static FrailApi *api_of(FrailVM *vm)
{
    if (!vm->sink) {
        FrailApi *api = g_new0(FrailApi, 1);

        api->vm = vm;
        api->pool = pool_new();
        vm->sink = &api_sink;
        vm->sink_opaque = api;
    }
    return vm->sink_opaque;
}

static void update_wants(FrailApi *api)
{
    api->returns = api->monitor_ret != NULL;
    for (unsigned abi = 0; abi < CALL_ABI_MAX; abi++) {
        for (unsigned nr = 0; nr <= TABLE_SIZE; nr++) {
            unsigned wants = (api->monitor_call ? SINK_CALL : 0) |
                             (api->monitor_ret ? SINK_RETURN : 0);

            for (unsigned i = 0; i < api->n; i++) {
                const FrailAnalyzer *a = api->analyzer[i];

                if (frail_filter_match(&a->filter, abi, nr)) {
                    wants |= (a->on_call ? SINK_CALL : 0) |
                             (a->on_return ? SINK_RETURN : 0);
                }
            }
            api->wants[abi][nr] = wants;
        }
    }
    for (unsigned i = 0; i < api->n; i++) {
        api->returns |= api->analyzer[i]->on_return != NULL;
    }
}

void frail_vm_set_monitor(FrailVM *vm, FrailMonitorCallFn *call,
                          FrailMonitorRetFn *ret)
{
    FrailApi *api = api_of(vm);

    api->monitor_call = call;
    api->monitor_ret = ret;
    update_wants(api);
}

void frail_plugin_bind(FrailVM *vm)
{
    if (vm) {
        api_of(vm);     /* whose end ends the binding */
    }
    bound = vm;
}

int frail_plugin_check_version(int version, char *why, size_t why_size)
{
    if (version >= 1 && version <= FRAIL_PLUGIN_VERSION) {
        return 0;
    }
    snprintf(why, why_size, "it was built for version %d of frail-plugin.h, "
             "this libfrail has version %d; build it again", version,
             FRAIL_PLUGIN_VERSION);
    return -EINVAL;
}

FrailAnalyzer *frail_analyzer_register(const FrailAnalyzerOptions *opts,
                                       const char **err)
{
    static char *message;
    FrailAnalyzerOptions o = { 0 };
    g_autofree FrailAnalyzer *a = NULL;
    g_autofree char *reason = NULL;
    FrailApi *api;

    if (!bound) {
        *err = "this analyzer needs -accel kvm,frail=on or "
               "-accel tcg,frail=on, and must export frail_plugin_version";
        return NULL;
    }
    if (opts->sz < OPTIONS_V1_SIZE || opts->sz > sizeof(o)) {
        *err = "FrailAnalyzerOptions has a size that this libfrail does not "
               "know; set .sz to sizeof(FrailAnalyzerOptions) and build again";
        return NULL;
    }
    memcpy(&o, opts, opts->sz);     /* what an older one has not is 0 */
    api = api_of(bound);
    if (api->n == ANALYZERS_MAX) {
        *err = "too many analyzers: at most 16 can be loaded";
        return NULL;
    }
    a = g_new0(FrailAnalyzer, 1);
    if (!frail_filter_parse(o.filter, &a->filter, &reason)) {
        g_free(message);
        message = g_steal_pointer(&reason);
        *err = message;
        return NULL;
    }
    a->vm = bound;
    a->id = ++api->last_id;
    a->name = g_strdup(o.name ? o.name : "unnamed");
    a->on_call = o.on_call;
    a->on_return = o.on_return;
    a->opaque = o.opaque;
    api->analyzer[api->n++] = a;
    update_wants(api);
    return g_steal_pointer(&a);
}
