/*
 * A made-up guest, QEMU, and the half of libfrail that delivers calls: all
 * that an analyzer needs to run.  Included once, by a test program.
 *
 * FRAIL_ANALYZERS names the directory of the analyzers.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_QEMU_H
#define FAKE_QEMU_H

#include <dlfcn.h>
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <qemu-plugin.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frail-plugin.h"

/* --- The made-up guest --------------------------------------------------- */

struct FrailCall {
    FrailAbi abi;
    int64_t nr;
    uint64_t args[6];
    uint64_t seq, task, cr3;        /* cr3 0: one of its own */
    unsigned vcpu;
    int64_t time_ns, duration_ns;
    int refused;
    bool has_result, restarts, killed;
    int64_t result;
    const FrailProcess *process;    /* or NULL: not known */
    bool later;                     /* its return decides */
    const FrailDecoded *decoded;    /* what FAKE_PROCESS wants to see */
};

/* Exported to the analyzer, and so visible outside of this file. */
FrailAbi frail_call_abi(const FrailCall *c) { return c->abi; }
int64_t frail_call_number(const FrailCall *c) { return c->nr; }
unsigned frail_call_vcpu(const FrailCall *c) { return c->vcpu; }
uint64_t frail_call_sequence(const FrailCall *c) { return c->seq; }
int64_t frail_call_time_ns(const FrailCall *c) { return c->time_ns; }
int64_t frail_call_duration_ns(const FrailCall *c) { return c->duration_ns; }
uint64_t frail_call_task(const FrailCall *c) { return c->task; }
int frail_call_refused(const FrailCall *c) { return c->refused; }
bool frail_call_killed(const FrailCall *c) { return c->killed; }
bool frail_call_restarts(const FrailCall *c) { return c->restarts; }
FrailMatch frail_call_match(const FrailCall *c)
{
    return c->later ? FRAIL_MATCH_LATER : FRAIL_MATCH_YES;
}

uint64_t frail_call_cr3(const FrailCall *c)
{
    return c->cr3 ? c->cr3 : c->seq << 12;
}

uint64_t frail_call_user_rip(const FrailCall *c)
{
    return 0x401000 + c->nr;
}

uint64_t frail_call_user_rsp(const FrailCall *c)
{
    return 0x7ffff000 + c->vcpu;
}

const char *frail_call_name(const FrailCall *c)
{
    return frail_syscall_name(c->abi, c->nr);
}

uint64_t frail_call_arg(const FrailCall *c, unsigned i)
{
    return i < 6 ? c->args[i] : 0;
}

unsigned frail_call_arg_count(const FrailCall *c)
{
    return c->nr == 257 ? 4 : c->nr == 39 ? 0 : c->nr == 231 ? 1 :
           c->nr == 0 ? 3 : c->nr == 435 ? 2 : 6;
}

int frail_call_result(const FrailCall *c, int64_t *result)
{
    if (!c->has_result) {
        return -ENODATA;
    }
    *result = c->result;
    return 0;
}

static FrailAnalyzerOptions registered;

/* A signal and an end, as a test wants them. */
struct FrailSignal {
    int number;
    const char *text;
    const FrailProcess *process;
    uint64_t task;
};

struct FrailExit {
    FrailExitHow how;
    int value;
    bool core;
    const FrailProcess *process;
    uint64_t task;
};

#define EVENT_NS    INT64_C(1700000000123456789)

int frail_signal_number(const FrailSignal *s) { return s->number; }
const FrailProcess *frail_signal_process(const FrailSignal *s)
{
    return s->process;
}
FrailAbi frail_signal_abi(const FrailSignal *s) { return s->number % 3; }
uint64_t frail_signal_task(const FrailSignal *s) { return s->task; }
uint64_t frail_signal_cr3(const FrailSignal *s) { return s->number << 12; }
unsigned frail_signal_vcpu(const FrailSignal *s) { return s->number; }
uint64_t frail_signal_handler(const FrailSignal *s) { return s->number; }
int64_t frail_signal_time_ns(const FrailSignal *s G_GNUC_UNUSED)
{
    return EVENT_NS;
}

ssize_t frail_signal_text(const FrailSignal *s, const FrailDecodeOptions *opts,
                          char *buf, size_t size)
{
    g_assert_cmpuint(opts->sz, ==, sizeof(*opts));
    return g_strlcpy(buf, s->text, size) < size ? (ssize_t)strlen(s->text) :
        -E2BIG;
}

FrailExitHow frail_exit_how(const FrailExit *e) { return e->how; }
int frail_exit_value(const FrailExit *e) { return e->value; }
bool frail_exit_core_dumped(const FrailExit *e) { return e->core; }
const FrailProcess *frail_exit_process(const FrailExit *e)
{
    return e->process;
}
uint64_t frail_exit_task(const FrailExit *e) { return e->task; }
uint64_t frail_exit_cr3(const FrailExit *e G_GNUC_UNUSED) { return 0x7000; }
unsigned frail_exit_vcpu(const FrailExit *e G_GNUC_UNUSED) { return 2; }
int64_t frail_exit_time_ns(const FrailExit *e G_GNUC_UNUSED)
{
    return EVENT_NS;
}

/*
 * The header that the test names: its processes, the one that makes the calls
 * of new_call() in usual_process, and how arguments are decoded.
 */
#include FAKE_PROCESS

static char filter[64], where[200];
static const char *register_error;

FrailAnalyzer *frail_analyzer_register(const FrailAnalyzerOptions *opts,
                                       const char **err)
{
    if (register_error) {
        *err = register_error;
        return NULL;
    }
    g_assert_cmpuint(opts->sz, ==, sizeof(*opts));
    registered = *opts;
    g_strlcpy(filter, opts->filter ? opts->filter : "", sizeof(filter));
    registered.filter = opts->filter ? filter : NULL;
    g_strlcpy(where, opts->where ? opts->where : "", sizeof(where));
    registered.where = opts->where ? where : NULL;
    return (FrailAnalyzer *)&registered;
}

static qemu_plugin_udata_cb_t at_exit;
static void *at_exit_opaque;
static GSList *kept;            /* as QEMU keeps them until its end */

void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id G_GNUC_UNUSED,
                                    qemu_plugin_udata_cb_t cb, void *opaque)
{
    at_exit = cb;
    at_exit_opaque = opaque;
    kept = g_slist_prepend(kept, opaque);
}

/* --- QEMU's side --------------------------------------------------------- */

typedef int InstallFn(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
                      char **argv);

static InstallFn *load(const char *name)
{
    const char *dir = g_getenv("FRAIL_ANALYZERS");
    g_autofree char *path = NULL;
    InstallFn *fn;
    int *version;
    void *module;

    g_assert_nonnull(dir);
    path = g_strdup_printf("%s/libfrail-%s.so", dir, name);
    module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!module) {
        g_error("%s", dlerror());
    }
    version = dlsym(module, "qemu_plugin_version");
    g_assert_nonnull(version);
    g_assert_cmpint(*version, ==, QEMU_PLUGIN_VERSION);
    version = dlsym(module, "frail_plugin_version");
    g_assert_nonnull(version);
    g_assert_cmpint(*version, ==, FRAIL_PLUGIN_VERSION);
    fn = (InstallFn *)dlsym(module, "qemu_plugin_install");
    g_assert_nonnull(fn);
    return fn;
}

/* What install says on standard error ends up in *@said. */
static int install(const char *name, char **argv, char **said)
{
    InstallFn *fn = load(name);
    qemu_info_t info = { .target_name = "x86_64", .system_emulation = true };
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("frail-analyzers-XXXXXX", &path, NULL);
    int saved = dup(STDERR_FILENO);
    int rc;

    memset(&registered, 0, sizeof(registered));
    at_exit = NULL;
    fflush(stderr);
    dup2(fd, STDERR_FILENO);
    close(fd);
    rc = fn(1, &info, g_strv_length(argv), argv);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    g_assert_true(g_file_get_contents(path, said, NULL, NULL));
    g_unlink(path);
    return rc;
}

typedef struct Run {
    char *path;
    char *text;
} Run;

/* Install with the options in @options, "a=b c=d", and out= a new file. */
static Run start(const char *name, const char *options)
{
    Run r = { 0 };
    g_autofree char *said = NULL, *all = NULL;
    g_auto(GStrv) argv = NULL;

    close(g_file_open_tmp("frail-analyzers-XXXXXX", &r.path, NULL));
    all = g_strdup_printf("out=%s%s%s", r.path, *options ? " " : "", options);
    argv = g_strsplit(all, " ", -1);
    g_assert_cmpint(install(name, argv, &said), ==, 0);
    g_assert_cmpstr(said, ==, "");
    g_assert_nonnull(at_exit);
    return r;
}

static const char *finish(Run *r)
{
    at_exit(1, at_exit_opaque);
    g_assert_true(g_file_get_contents(r->path, &r->text, NULL, NULL));
    g_unlink(r->path);
    g_free(r->path);
    return r->text;
}

static FrailCall new_call(FrailAbi abi, int64_t nr)
{
    static gint last;
    uint64_t seq = g_atomic_int_add(&last, 1) + 1;
    FrailCall c = {
        .abi = abi, .nr = nr, .seq = seq,
        .task = UINT64_C(0xffffc90000004000) + seq * 0x4000,
        .args = { 0xffffff9c, 0x7ffd1000, 0x80000, 0, 5, 6 },
        .time_ns = INT64_C(1700000000123456789),
        .process = usual_process,
    };

    return c;
}

static FrailCall enter(FrailAbi abi, int64_t nr)
{
    FrailCall c = new_call(abi, nr);

    g_assert_cmpint(registered.on_call(&c, registered.opaque), ==,
                    FRAIL_CONTINUE);
    return c;
}

static void leave(FrailCall *c, int64_t result)
{
    c->has_result = true;
    c->result = result;
    c->duration_ns = 1000;
    if (registered.on_return) {
        registered.on_return(c, registered.opaque);
    }
}

static void make(FrailAbi abi, int64_t nr, int64_t result)
{
    FrailCall c = enter(abi, nr);

    leave(&c, result);
}

/* --- vCPUs at the same time ----------------------------------------------- */

typedef struct Vcpu {
    FrailCall call;
    gint *stop;
    gint made;              /* calls */
    GThread *thread;
} Vcpu;

static void *run_vcpu(void *opaque)
{
    Vcpu *v = opaque;
    FrailCall c = v->call;

    while (!g_atomic_int_get(v->stop)) {
        registered.on_call(&c, registered.opaque);
        leave(&c, 0);
        c.has_result = false;
        c.seq += 1000;
        g_atomic_int_inc(&v->made);
    }
    return NULL;
}

/* Four vCPUs make @call again and again; finish() after @least of each. */
static void finish_while_running(Run *r, FrailCall call, gint least)
{
    Vcpu vcpus[4];
    gint stop = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(vcpus); i++) {
        call.vcpu = i;
        call.task = 0x10000 * (i + 1);
        vcpus[i] = (Vcpu) { .call = call, .stop = &stop };
        vcpus[i].thread = g_thread_new("vcpu", run_vcpu, &vcpus[i]);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(vcpus); i++) {
        while (g_atomic_int_get(&vcpus[i].made) < least) {
            g_thread_yield();
        }
    }
    finish(r);
    g_atomic_int_set(&stop, 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(vcpus); i++) {
        g_thread_join(vcpus[i].thread);
    }
}

#endif /* FAKE_QEMU_H */
