/*
 * Analyzers with filters: what they are told of, and filters that change
 * while the guest runs.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>

#include "fake-vmm.h"

#include "api/internal.h"

/* --- Who calls; asking is counted ---------------------------------------- */

static unsigned asked, decoded;
static const char *comm = "sshd";

const FrailProcess *frail_call_process(const FrailCall *c)
{
    asked++;
    return c->guest ? (const FrailProcess *)"somebody" : NULL;
}

const char *frail_process_comm(const FrailProcess *p G_GNUC_UNUSED)
{
    return comm;
}

FrailDecoded *frail_call_decode(const FrailCall *c G_GNUC_UNUSED,
                                const FrailDecodeOptions *o G_GNUC_UNUSED)
{
    decoded++;
    return NULL;
}

unsigned guest_lineage(const FrailProcess *p G_GNUC_UNUSED,
                       GuestProcessKey *keys, unsigned max G_GNUC_UNUSED)
{
    keys[0] = (GuestProcessKey) { 50, 1 };
    return 1;
}

static unsigned children;

bool guest_find_child(const FrailProcess *p G_GNUC_UNUSED,
                      int32_t nr G_GNUC_UNUSED,
                      GuestProcessKey *child G_GNUC_UNUSED,
                      bool *brother G_GNUC_UNUSED)
{
    children++;
    return false;
}

GuestNote *guest_note(const FrailProcess *p G_GNUC_UNUSED,
                      uint32_t owner G_GNUC_UNUSED)
{
    static GuestNote note;

    note = (GuestNote) { .owner = owner };
    return &note;
}

/* --- An analyzer --------------------------------------------------------- */

/* "C0? R0? D0": calls, returns and drops, with their number; '?': later. */
typedef struct Probe {
    GString *log;
    int verdict;
    FrailAnalyzer *analyzer;
} Probe;

static void note(Probe *p, char what, const FrailCall *call)
{
    g_string_append_printf(p->log, "%c%d%s ", what,
                           (int)frail_call_number(call),
                           frail_call_match(call) == FRAIL_MATCH_LATER ?
                           "?" : "");
    g_assert_cmpint(frail_call_match(call) == FRAIL_MATCH_NO, ==,
                    what == 'D');
}

static int on_call(const FrailCall *call, void *opaque)
{
    note(opaque, 'C', call);
    return ((Probe *)opaque)->verdict;
}

static void on_return(const FrailCall *call, void *opaque)
{
    note(opaque, 'R', call);
}

static void on_drop(const FrailCall *call, void *opaque)
{
    note(opaque, 'D', call);
}

static const char *try_probe(FakeVM *vm, Probe *p, const char *filter,
                             const char *where, bool returns)
{
    FrailAnalyzerOptions o = {
        .sz = sizeof(o), .on_call = on_call, .opaque = p, .filter = filter,
        .on_return = returns ? on_return : NULL, .where = where,
        .on_drop = on_drop,
    };
    const char *err = NULL;

    p->log = g_string_new(NULL);
    frail_plugin_bind(vm->frail);
    p->analyzer = frail_analyzer_register(&o, &err);
    frail_plugin_bind(NULL);
    return p->analyzer ? NULL : err;
}

static void probe(FakeVM *vm, Probe *p, const char *filter, const char *where)
{
    g_assert_cmpstr(try_probe(vm, p, filter, where, true), ==, NULL);
}

static void said(Probe *p, const char *log)
{
    g_assert_cmpstr(p->log->str, ==, log);
    g_string_truncate(p->log, 0);
}

static void forget(Probe *p)
{
    g_string_free(p->log, TRUE);
}

static void call(FakeCPU *c, uint64_t nr, uint64_t result)
{
    g_assert_cmpint(fake_call(c, nr), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave(c, result), ==, FAKE_USER);
}

/* fake_arm() without a listener has nothing to deliver to. */
static FakeCPU *start(FakeVM *vm, Probe *p)
{
    FakeCPU *c = &vm->cpu[0];

    fake_arm(c);
    g_string_truncate(p->log, 0);
    asked = decoded = children = 0;
    return c;
}

/* --- Delivery ------------------------------------------------------------ */

static void test_entry(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    Probe p = { 0 };
    FakeCPU *c;
    uint64_t delivered, returns;
    unsigned pages;

    probe(vm, &p, "read:write:open", "call in (read, write) and comm = sshd");
    c = start(vm, &p);
    call(c, 0, 5);
    said(&p, "C0 R0 ");
    g_assert_cmpuint(asked, ==, 1);         /* and not at its return */
    comm = "other";
    returns = fake_stats(c).returns;
    call(c, 1, 5);
    said(&p, "");
    g_assert_cmpuint(asked, ==, 2);
    /* Nobody waits for its return. */
    g_assert_cmpuint(fake_stats(c).returns, ==, returns);
    comm = "sshd";
    /* By its number: nobody is asked, and no page of the guest's is read. */
    delivered = fake_stats(c).delivered;
    pages = vm->n_map;
    for (unsigned i = 0; i < 10; i++) {
        call(c, 2, 5);
        call(c, 39, 5);
    }
    said(&p, "");
    g_assert_cmpuint(asked, ==, 2);
    g_assert_cmpuint(decoded, ==, 0);
    g_assert_cmpuint(fake_stats(c).delivered, ==, delivered);
    g_assert_cmpuint(vm->n_map, ==, pages);
    forget(&p);
}

static void test_return(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    Probe p = { 0 }, all = { 0 };
    FakeCPU *c;

    probe(vm, &p, NULL, "comm = sshd and errno in (ENOENT, EPERM) or "
                        "call = write");
    probe(vm, &all, NULL, NULL);
    c = start(vm, &p);
    g_string_truncate(all.log, 0);
    call(c, 0, 5);
    said(&p, "C0? D0 ");
    said(&all, "C0 R0 ");
    call(c, 0, -ENOENT);
    said(&p, "C0? R0? ");
    call(c, 1, 5);
    said(&p, "C1 R1 ");
    comm = "other";
    call(c, 0, -ENOENT);
    said(&p, "");
    comm = "sshd";
    /* Whoever returns, the one who has called is meant. */
    g_assert_cmpint(fake_call(c, 0), ==, FAKE_ENTERED);
    comm = "other";
    g_assert_cmpint(fake_leave(c, -ENOENT), ==, FAKE_USER);
    comm = "sshd";
    said(&p, "C0? R0? ");
    /* exit_group has no return, and an errno it has not. */
    g_assert_cmpint(fake_call(c, 231), ==, FAKE_ENTERED);
    said(&p, "");
    forget(&p);
    forget(&all);
}

/* Somebody else refuses the call; its task is killed in it. */
static void test_refused(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    Probe p = { 0 }, q = { .verdict = -EPERM };
    FakeCPU *c;

    probe(vm, &p, NULL, "status in (refused, unfinished)");
    probe(vm, &q, "write", NULL);
    c = start(vm, &p);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_USER);
    said(&p, "C1? R1? ");
    call(c, 0, 1);
    said(&p, "C0? D0 ");
    g_assert_cmpint(fake_call(c, 0), ==, FAKE_ENTERED);
    /* The next one on its stack. */
    g_assert_cmpint(fake_call(c, 2), ==, FAKE_ENTERED);
    said(&p, "C0? R0? C2? ");
    g_assert_cmpint(fake_call(c, 231), ==, FAKE_ENTERED);
    said(&p, "R2? C231 ");
    forget(&p);
    forget(&q);
}

/* --- What is wrong ------------------------------------------------------- */

static void test_wrong(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    Probe p = { 0 };
    const char *err = NULL;
    FrailFilter *f;

    g_assert_cmpstr(try_probe(vm, &p, NULL, "com = x", true), ==,
                    "where: column 1: no term is called 'com'; did you mean "
                    "comm?");
    g_assert_cmpstr(frail_filter_error_caret(), ==, "com = x\n^~~");
    forget(&p);
    g_assert_cmpstr(try_probe(vm, &p, NULL, "ret = 1", false), ==,
                    "where: ret, errno, status and duration are known when a "
                    "call returns, which this analyzer is not told of");
    g_assert_null(frail_filter_error_caret());
    forget(&p);
    g_assert_null(try_probe(vm, &p, NULL, "pid = 1", false));
    /* Later, too; and then it is too late to begin with returns. */
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "ret = 1", &err), ==,
                    -EINVAL);
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "tree = 1", &err),
                    ==, -EINVAL);
    g_assert_nonnull(strstr(err, "fork()"));
    g_assert_false(frail_vm_wants_returns(vm->frail));
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "pid = x", &err), ==,
                    -EINVAL);
    g_assert_cmpstr(err, ==, "column 7: 'x' is not a number");
    forget(&p);
    g_assert_null(frail_filter_new("(", &err));
    g_assert_nonnull(strstr(err, "column 2: "));
    f = frail_filter_new("errno = 1 and call = read", &err);
    g_assert_cmpstr(frail_filter_text(f), ==, "errno = 1 and call = read");
    g_assert_true(frail_filter_needs_return(f));
    g_assert_true(frail_filter_can_match(f, FRAIL_ABI_X86_64, 0));
    g_assert_false(frail_filter_can_match(f, FRAIL_ABI_X86_64, 1));
    g_assert_cmpint(frail_filter_match(f, &(FrailCall) { .nr = 0 }), ==,
                    FRAIL_MATCH_LATER);
    g_assert_cmpint(frail_filter_match(f, &(FrailCall) {
                        .over = true, .has_result = true, .result = -1 }), ==,
                    FRAIL_MATCH_YES);
    frail_filter_free(f);
    frail_filter_free(NULL);
}

static void test_trees(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    Probe p = { 0 };
    const char *err;
    FakeCPU *c;

    /* Loaded with it: forks are seen, though this analyzer has no returns. */
    g_assert_null(try_probe(vm, &p, "read", "tree = 50", false));
    g_assert_true(frail_vm_wants_returns(vm->frail));
    c = start(vm, &p);
    call(c, 57, 60);
    g_assert_cmpuint(children, ==, 1);
    call(c, 57, -EAGAIN);
    call(c, 57, 0);
    call(c, 39, 60);
    g_assert_cmpuint(children, ==, 1);
    call(c, 435, 60);
    g_assert_cmpuint(children, ==, 2);
    call(c, 0, 1);
    said(&p, "C0 ");
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "tree = 51", &err),
                    ==, 0);
    call(c, 0, 1);
    said(&p, "");
    forget(&p);
}

/* A filter on its own, of an analyzer that judges by itself. */
static void test_own_tree(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    const char *err;

    g_assert_false(frail_vm_wants_returns(vm->frail));
    frail_plugin_bind(vm->frail);
    frail_filter_free(frail_filter_new("pid = 1", &err));
    g_assert_false(frail_vm_wants_returns(vm->frail));
    frail_filter_free(frail_filter_new("tree = 1", &err));
    frail_plugin_bind(NULL);
    g_assert_true(frail_vm_wants_returns(vm->frail));
}

/* --- Filters that change ------------------------------------------------- */

static void test_replace(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    Probe p = { 0 };
    FakeCPU *c;
    const char *err = NULL;
    char text[32];

    probe(vm, &p, "read:write", NULL);
    c = start(vm, &p);
    g_assert_cmpuint(frail_analyzer_get_where(p.analyzer, text,
                                              sizeof(text)), ==, 0);
    g_assert_cmpstr(text, ==, "");
    call(c, 0, 1);
    said(&p, "C0 R0 ");
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "call = write",
                                             &err), ==, 0);
    g_assert_cmpuint(frail_analyzer_get_where(p.analyzer, text, 5), ==, 12);
    g_assert_cmpstr(text, ==, "call");
    call(c, 0, 1);
    call(c, 1, 1);
    said(&p, "C1 R1 ");
    /* A call that was told of is told of to its end. */
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "ret = 1", &err), ==,
                    0);
    g_assert_cmpint(fake_leave(c, 2), ==, FAKE_USER);
    said(&p, "C1 R1 ");
    /* One that waits for its return is judged by what is asked then. */
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "ret = 2", &err), ==,
                    0);
    g_assert_cmpint(fake_leave(c, 2), ==, FAKE_USER);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "call = read",
                                             &err), ==, 0);
    g_assert_cmpint(fake_leave(c, 2), ==, FAKE_USER);
    said(&p, "C1? R1? C1? D1 ");
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "ret = 3", &err), ==,
                    0);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "", &err), ==, 0);
    g_assert_cmpint(fake_leave(c, 2), ==, FAKE_USER);
    call(c, 0, 1);
    call(c, 2, 1);
    said(&p, "C1? R1? C0 R0 ");
    /* A wrong one changes nothing. */
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "call = x", &err),
                    ==, -EINVAL);
    call(c, 0, 1);
    said(&p, "C0 R0 ");
    forget(&p);
}

#define VCPUS   4

static gint stop;

static int count(const FrailCall *c, void *opaque)
{
    __atomic_add_fetch((uint64_t *)opaque + c->vcpu, 1, __ATOMIC_RELAXED);
    return 0;
}

static void nothing(const FrailCall *c G_GNUC_UNUSED,
                    void *opaque G_GNUC_UNUSED)
{
}

typedef struct Vcpu {
    FrailVM *vm;
    unsigned index;
    uint64_t made;
} Vcpu;

static gpointer run_vcpu(gpointer opaque)
{
    Vcpu *v = opaque;
    const FrailSink *sink = v->vm->sink;

    while (!g_atomic_int_get(&stop)) {
        FrailCall c = { .vcpu = v->index, .nr = v->made % 3 };

        sink->wants(v->vm->sink_opaque, c.abi, c.nr);
        sink->call(v->vm->sink_opaque, NULL, &c);
        c.has_result = true;
        c.result = v->made % 2;
        sink->ret(v->vm->sink_opaque, NULL, &c);
        __atomic_add_fetch(&v->made, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

/*
 * Filters come and go while vCPUs run: none is used after it was freed (the
 * sanitizer's part), and few are kept.
 */
static void test_running(void)
{
    static const char *const texts[] = {
        "call = read", "ret = 1", "comm = nobody or arg[0] = 0", NULL,
    };
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    uint64_t counted[VCPUS] = { 0 };
    FrailAnalyzerOptions o = {
        .sz = sizeof(o), .on_call = count, .on_return = nothing,
        .opaque = counted,
    };
    GThread *thread[VCPUS];
    Vcpu vcpu[VCPUS];
    FrailAnalyzer *a;
    FrailApi *api;
    const char *err;
    unsigned most = 0;

    frail_plugin_bind(vm->frail);
    a = frail_analyzer_register(&o, &err);
    frail_plugin_bind(NULL);
    api = vm->frail->sink_opaque;
    stop = 0;
    for (unsigned i = 0; i < VCPUS; i++) {
        vcpu[i] = (Vcpu) { .vm = vm->frail, .index = i };
        thread[i] = g_thread_new("vcpu", run_vcpu, &vcpu[i]);
    }
    for (unsigned n = 0; n < 60; n++) {
        uint64_t made = __atomic_load_n(&vcpu[n % VCPUS].made,
                                        __ATOMIC_RELAXED);

        g_assert_cmpint(frail_analyzer_set_where(
                            a, texts[n % G_N_ELEMENTS(texts)], &err), ==, 0);
        most = MAX(most, api->retired->len);
        while (__atomic_load_n(&vcpu[n % VCPUS].made, __ATOMIC_RELAXED) ==
               made) {
            g_thread_yield();
        }
    }
    g_atomic_int_set(&stop, 1);
    for (unsigned i = 0; i < VCPUS; i++) {
        g_thread_join(thread[i]);
        g_assert_cmpuint(counted[i], >, 0);
        g_assert_cmpuint(counted[i], <, vcpu[i].made);
    }
    g_test_message("%u filters were kept at once", most);
    g_assert_cmpuint(most, <, 30);
    /* Nobody looks any more: the last one goes at the next change. */
    g_assert_cmpint(frail_analyzer_set_where(a, "true", &err), ==, 0);
    g_assert_cmpint(frail_analyzer_set_where(a, NULL, &err), ==, 0);
    g_assert_cmpuint(api->retired->len, ==, 0);
}

/* A filter that somebody still looks at is kept. */
static void test_retired(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    Probe p = { 0 };
    FrailApi *api;
    const char *err;

    probe(vm, &p, NULL, "pid = 1");
    api = vm->frail->sink_opaque;
    api->reader[5].inside = 1;
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "pid = 2", &err), ==,
                    0);
    api->reader[6].inside = 1;
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "pid = 3", &err), ==,
                    0);
    g_assert_cmpuint(api->retired->len, ==, 2);
    api->reader[5].inside = 0;
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "pid = 4", &err), ==,
                    0);
    /* The first has been seen by nobody since; vCPU 6 came later. */
    g_assert_cmpuint(api->retired->len, ==, 2);
    api->reader[6].inside = 0;
    g_assert_cmpint(frail_analyzer_set_where(p.analyzer, "pid = 5", &err), ==,
                    0);
    g_assert_cmpuint(api->retired->len, ==, 0);
    forget(&p);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/where/entry", test_entry);
    g_test_add_func("/where/return", test_return);
    g_test_add_func("/where/refused", test_refused);
    g_test_add_func("/where/wrong", test_wrong);
    g_test_add_func("/where/trees", test_trees);
    g_test_add_func("/where/own-tree", test_own_tree);
    g_test_add_func("/where/replace", test_replace);
    g_test_add_func("/where/retired", test_retired);
    g_test_add_func("/where/running", test_running);
    return g_test_run();
}
