/*
 * Analyzers: registration, filters, delivery, verdicts.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api/internal.h"

/* Up to the last member that version 1 of frail-plugin.h has. */
#define OPTIONS_V1_SIZE (offsetof(FrailAnalyzerOptions, filter) + \
                         sizeof(const char *))

G_STATIC_ASSERT((int)FRAIL_ABI_X86_64 == (int)CALL_ABI_X86_64);
G_STATIC_ASSERT((int)FRAIL_ABI_X32 == (int)CALL_ABI_X32);
G_STATIC_ASSERT((int)FRAIL_ABI_I386 == (int)CALL_ABI_I386);
G_STATIC_ASSERT((int)FRAIL_EXIT_UNKNOWN == (int)GUEST_END_UNKNOWN);
G_STATIC_ASSERT((int)FRAIL_EXIT_EXITED == (int)GUEST_END_EXITED);
G_STATIC_ASSERT((int)FRAIL_EXIT_KILLED == (int)GUEST_END_KILLED);
G_STATIC_ASSERT((int)FRAIL_EXIT_SUPERSEDED == (int)GUEST_END_SUPERSEDED);

/* Which machine a plugin that is being loaded belongs to: see frail-host.h */
static FrailVM *bound;

static unsigned table_index(int64_t nr)
{
    return nr >= 0 && nr < TABLE_SIZE ? (unsigned)nr : TABLE_SIZE;
}

static bool api_wants(void *opaque, unsigned abi, int64_t nr)
{
    const FrailApi *api = opaque;

    return __atomic_load_n(&api->wants[abi][table_index(nr)],
                           __ATOMIC_RELAXED);
}

static bool api_wants_returns(void *opaque)
{
    const FrailApi *api = opaque;

    return api->returns;
}

/* What the callbacks and filters need of the machine. */
static void bind_call(FrailApi *api, FrailCall *call)
{
    call->pool = api->pool;
    call->family = __atomic_load_n(&api->family, __ATOMIC_ACQUIRE);
}

static int api_call(void *opaque, void *vcpu, FrailCall *call)
{
    FrailApi *api = opaque;
    int verdict = 0;

    bind_call(api, call);
    if (api->monitor_call) {
        api->monitor_call(vcpu, call->nr, call->args);
    }
    call->wants_return = api->monitor_ret ||
        (call->family && callset_has(&api->forks, call->abi, call->nr));
    where_enter(api, call);
    call->told = call->matched;
    for (unsigned i = 0; i < api->n; i++) {
        const FrailAnalyzer *a = api->analyzer[i];
        int v;

        if (!a->on_call || !((call->matched | call->undecided) >> i & 1)) {
            continue;
        }
        call->match = call->matched >> i & 1 ? FRAIL_MATCH_YES :
                                               FRAIL_MATCH_LATER;
        v = a->on_call(call, a->opaque);
        if (v < 0 && !verdict) {
            verdict = v < -4095 ? -EPERM : v;
            call->refused = -verdict;
        }
    }
    return verdict;
}

static void note_fork(FrailApi *api, const FrailCall *call)
{
    const FrailProcess *p;

    if (call->has_result && call->result > 0 && call->result <= INT32_MAX &&
        callset_has(&api->forks, call->abi, call->nr)) {
        p = frail_call_process(call);
        if (p) {
            family_forked(call->family, p, call->result);
        }
    }
}

static void api_ret(void *opaque, void *vcpu, FrailCall *call)
{
    FrailApi *api = opaque;
    unsigned yes;

    call->over = true;
    bind_call(api, call);
    if (call->family) {
        note_fork(api, call);
    }
    if (api->monitor_ret && call->has_result) {
        api->monitor_ret(vcpu, call->nr, call->result);
    }
    yes = where_leave(api, call);
    call->told |= yes;
    for (unsigned i = 0; i < api->n; i++) {
        const FrailAnalyzer *a = api->analyzer[i];

        if (call->matched >> i & 1) {
            call->match = FRAIL_MATCH_YES;
        } else if (yes >> i & 1) {
            call->match = FRAIL_MATCH_LATER;
        } else if (call->undecided >> i & 1) {
            call->match = FRAIL_MATCH_NO;
            if (a->on_drop) {
                a->on_drop(call, a->opaque);
            }
            continue;
        } else {
            continue;
        }
        if (a->on_return) {
            a->on_return(call, a->opaque);
        }
    }
}

/*
 * Is this about one of the tasks that analyzer @i looks at?  Of one that is not
 * known only those can be told that look at all.
 */
static bool concerns(const FrailApi *api, unsigned i, uint32_t told)
{
    return told >> i & 1 ||
        ((told & TOLD_UNKNOWN) &&
         !__atomic_load_n(&api->analyzer[i]->where, __ATOMIC_RELAXED));
}

static void api_signal(void *opaque, void *vcpu G_GNUC_UNUSED,
                       FrailSignal *signal)
{
    const FrailApi *api = opaque;

    signal->call.pool = api->pool;
    for (unsigned i = 0; i < api->n; i++) {
        const FrailAnalyzer *a = api->analyzer[i];

        if (a->on_signal && concerns(api, i, signal->told)) {
            a->on_signal(signal, a->opaque);
        }
    }
}

static void api_exit(void *opaque, void *vcpu G_GNUC_UNUSED,
                     const FrailExit *exit)
{
    const FrailApi *api = opaque;

    for (unsigned i = 0; i < api->n; i++) {
        const FrailAnalyzer *a = api->analyzer[i];

        if (a->on_exit && concerns(api, i, exit->told)) {
            a->on_exit(exit, a->opaque);
        }
    }
}

static void api_free(void *opaque)
{
    FrailApi *api = opaque;

    if (bound == api->vm) {
        bound = NULL;
    }
    where_free(api);
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
    .signal = api_signal,
    .exit = api_exit,
    .free = api_free,
};

static FrailApi *api_of(FrailVM *vm)
{
    if (!vm->sink) {
        FrailApi *api = g_new0(FrailApi, 1);

        api->vm = vm;
        api->pool = pool_new();
        where_init(api);
        vm->sink = &api_sink;
        vm->sink_opaque = api;
    }
    return vm->sink_opaque;
}

FrailApi *api_bound(void)
{
    return bound ? api_of(bound) : NULL;
}

static void update_wants(FrailApi *api)
{
    api->returns = api->monitor_ret != NULL || api->family;
    for (unsigned i = 0; i < api->n; i++) {
        const FrailAnalyzer *a = api->analyzer[i];

        api->vm->wants_signals |= a->on_signal != NULL;
        api->vm->wants_tasks |= a->on_signal || a->on_exit;
        api->returns |= a->on_return || a->on_signal || a->on_exit;
    }
    if (api->vm->wants_tasks) {
        guest_watch_tasks(api->vm->guest);
    }
    where_update_wants(api);
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

/* The filters of @o into @a; false and *@err, valid until the next call. */
static bool set_filters(FrailApi *api, FrailAnalyzer *a,
                        const FrailAnalyzerOptions *o, const char **err)
{
    static char *message;
    char *reason = NULL;

    g_clear_pointer(&message, g_free);
    if (!callset_parse(o->filter, &a->calls, &reason)) {
        message = reason;
    } else if (!where_set(api, a, o->where, err)) {
        message = g_strconcat("where: ", *err, NULL);
    }
    *err = message;
    return !message;
}

FrailAnalyzer *frail_analyzer_register(const FrailAnalyzerOptions *opts,
                                       const char **err)
{
    FrailAnalyzerOptions o = { 0 };
    g_autofree FrailAnalyzer *a = NULL;
    FrailApi *api;

    if (!bound) {
        *err = "this analyzer needs -accel kvm,frail=on or "
               "-accel tcg,frail=on, and must export frail_plugin_version";
        return NULL;
    }
    if (opts->sz < OPTIONS_V1_SIZE || opts->sz > sizeof(o) ||
        opts->sz % sizeof(void *)) {
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
    a->on_call = o.on_call;
    a->on_return = o.on_return;
    a->on_drop = o.on_drop;
    a->on_signal = o.on_signal;
    a->on_exit = o.on_exit;
    a->opaque = o.opaque;
    if (!set_filters(api, a, &o, err)) {
        return NULL;
    }
    a->vm = bound;
    a->id = ++api->last_id;
    a->name = g_strdup(o.name ? o.name : "unnamed");
    api->analyzer[api->n++] = a;
    update_wants(api);
    return g_steal_pointer(&a);
}
