/*
 * What analyzers do to the machine and to callers: events, pausing, killing.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <signal.h>

#include "fake-vmm.h"

#include "trap/abi.h"

/* --- Events -------------------------------------------------------------- */

static void drain(FakeVM *vm)
{
    while (frail_vm_next_event(vm->frail)) {
    }
}

static void test_state_events(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];
    const FrailEvent *e;

    fake_listen(vm, NULL, false);
    g_assert_null(frail_vm_next_event(vm->frail));
    fake_arm(c);
    g_assert_cmpuint(vm->n_pending, ==, 1);
    e = frail_vm_next_event(vm->frail);
    g_assert_nonnull(e);
    g_assert_cmpint(e->type, ==, FRAIL_EVENT_ARMED);
    g_assert_cmpint(e->vcpu, ==, 0);
    g_assert_null(frail_vm_next_event(vm->frail));
    g_assert_null(frail_vm_next_event(vm->frail));
    frail_vcpu_load(c->frail, &(FrailMsrs) { 0 });
    e = frail_vm_next_event(vm->frail);
    g_assert_nonnull(e);
    g_assert_cmpint(e->type, ==, FRAIL_EVENT_DISARMED);
    g_assert_cmpint(e->reason, ==, FRAIL_DISARM_RESET);
}

static void test_report(void)
{
    const FrailEventField fields[] = {
        { "path", "/etc/\xff<script>", 0 }, { "port", NULL, 443 },
        { "none", "", 0 },
    };
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FrailAnalyzer *first = fake_listen(vm, "getpid", false);
    FrailAnalyzer *a = fake_listen(vm, NULL, false);
    g_autofree char *long_text = g_strnfill(3000, 'x');
    FrailEventField many[FRAIL_EVENT_FIELDS + 1] = { { "n", NULL, 1 } };
    const FrailEvent *e;

    g_assert_cmpint(frail_event_emit(a, NULL, "policy", fields, 3), ==, 0);
    g_assert_cmpint(frail_event_emit(first, NULL, long_text, fields, 3), ==,
                    0);
    for (unsigned i = 0; i < G_N_ELEMENTS(many); i++) {
        many[i] = (FrailEventField) { "n", NULL, i };
    }
    g_assert_cmpint(frail_event_emit(a, NULL, "k", many,
                                     G_N_ELEMENTS(many)), ==, 0);

    e = frail_vm_next_event(vm->frail);
    g_assert_cmpint(e->type, ==, FRAIL_EVENT_REPORT);
    g_assert_cmpuint(e->analyzer, ==, 2);
    g_assert_cmpint(e->vcpu, ==, -1);
    g_assert_cmpstr(e->name, ==, "fake");
    g_assert_cmpstr(e->kind, ==, "policy");
    g_assert_null(e->call);
    g_assert_null(e->comm);
    g_assert_cmpuint(e->n, ==, 3);
    g_assert_cmpstr(e->item[0].name, ==, "path");
    g_assert_cmpstr(e->item[0].text, ==, "/etc/\xff<script>");
    g_assert_cmpstr(e->item[1].name, ==, "port");
    g_assert_null(e->item[1].text);
    g_assert_cmpint(e->item[1].number, ==, 443);
    g_assert_cmpstr(e->item[2].text, ==, "");
    g_assert_false(e->cut);

    e = frail_vm_next_event(vm->frail);
    g_assert_cmpuint(e->analyzer, ==, 1);
    g_assert_true(e->cut);
    g_assert_cmpuint(strlen(e->kind), ==, FRAIL_EVENT_TEXT -
                     sizeof("fake") - 1);
    g_assert_cmpstr(e->item[0].name, ==, "");
    g_assert_cmpstr(e->item[0].text, ==, "");

    e = frail_vm_next_event(vm->frail);
    g_assert_true(e->cut);
    g_assert_cmpuint(e->n, ==, FRAIL_EVENT_FIELDS);
    g_assert_cmpint(e->item[FRAIL_EVENT_FIELDS - 1].number, ==,
                    FRAIL_EVENT_FIELDS - 1);
    g_assert_null(frail_vm_next_event(vm->frail));
}

/* When nobody takes them: lost and counted, and it goes on afterwards. */
static void test_full(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FrailAnalyzer *a = fake_listen(vm, NULL, false);
    unsigned kept[2] = { 0 };
    unsigned told;

    for (unsigned lap = 0; lap < 2; lap++) {
        for (int64_t i = 0; i < 1000; i++) {
            FrailEventField f = { "i", NULL, i };

            kept[lap] += !frail_event_emit(a, NULL, "k", &f, 1);
        }
        for (unsigned i = 0; i < kept[lap]; i++) {
            const FrailEvent *e = frail_vm_next_event(vm->frail);

            g_assert_nonnull(e);
            g_assert_cmpint(e->item[0].number, ==, i);
        }
        g_assert_null(frail_vm_next_event(vm->frail));
    }
    g_assert_cmpuint(kept[0], >, 100);
    g_assert_cmpuint(kept[0], ==, kept[1]);
    g_assert_cmpuint(frail_vm_lost(vm->frail, FRAIL_LOSS_EVENTS), ==,
                     2000 - kept[0] - kept[1]);
    g_assert_cmpuint(frail_vm_lost(vm->frail, FRAIL_LOSS_RETURNS), ==, 0);
    g_assert_cmpuint(frail_vm_lost(vm->frail, FRAIL_LOSS_KINDS), ==, 0);
    /* Losses are told of, too. */
    told = vm->n_pending;
    g_assert_cmpuint(told, ==, 2000);
}

typedef struct Teller {
    FrailAnalyzer *a;
    unsigned number;
    unsigned kept;
} Teller;

static void *tell(void *opaque)
{
    Teller *t = opaque;

    for (unsigned i = 0; i < 20000; i++) {
        FrailEventField f[2] = {
            { "who", NULL, t->number }, { "i", NULL, i },
        };

        t->kept += !frail_event_emit(t->a, NULL, "k", f, 2);
    }
    return NULL;
}

/* From several threads at once: each one's in order, none half written. */
static void test_threads(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FrailAnalyzer *a = fake_listen(vm, NULL, false);
    Teller t[3];
    GThread *thread[3];
    int64_t last[3] = { -1, -1, -1 };
    unsigned seen[3] = { 0 }, kept = 0, total = 0;
    const FrailEvent *e;
    bool over = false;

    for (unsigned i = 0; i < 3; i++) {
        t[i] = (Teller) { a, i, 0 };
        thread[i] = g_thread_new("teller", tell, &t[i]);
    }
    while (!over || e) {
        over = frail_vm_lost(vm->frail, FRAIL_LOSS_EVENTS) + total == 60000;
        e = frail_vm_next_event(vm->frail);
        if (e) {
            unsigned who = e->item[0].number;

            g_assert_cmpuint(who, <, 3);
            g_assert_cmpint(e->item[1].number, >, last[who]);
            g_assert_cmpstr(e->kind, ==, "k");
            last[who] = e->item[1].number;
            seen[who]++;
            total++;
        }
    }
    for (unsigned i = 0; i < 3; i++) {
        g_thread_join(thread[i]);
        g_assert_cmpuint(t[i].kept, ==, seen[i]);
        kept += t[i].kept;
    }
    g_assert_cmpuint(kept + frail_vm_lost(vm->frail, FRAIL_LOSS_EVENTS), ==,
                     60000);
}

/* --- Pausing and killing, from a callback -------------------------------- */

typedef struct Actor {
    FrailAnalyzer *a;
    int64_t kill_nr, pause_nr;
    int kill_result, late_result, verdict;
    unsigned calls, returns, killed;
} Actor;

static int act(const FrailCall *call, void *opaque)
{
    Actor *x = opaque;
    int64_t nr = frail_call_number(call);

    x->calls++;
    if (nr == x->pause_nr) {
        g_assert_cmpint(frail_vm_pause(x->a, call, "because"), ==, 0);
    }
    if (nr == x->kill_nr) {
        g_assert_false(frail_call_killed(call));
        x->kill_result = frail_call_kill(call);
        g_assert_true(frail_call_killed(call));
    }
    return x->verdict;
}

static void act_late(const FrailCall *call, void *opaque)
{
    Actor *x = opaque;
    int64_t result;

    x->returns++;
    x->killed += frail_call_killed(call);
    x->late_result = frail_call_kill(call);
    if (frail_call_killed(call)) {
        g_assert_cmpint(frail_call_result(call, &result), ==, -ENODATA);
        g_assert_cmpint(frail_call_refused(call), ==, 0);
    }
}

static void actor(FakeVM *vm, Actor *x, bool returns)
{
    FrailAnalyzerOptions o = {
        .sz = sizeof(o), .name = "actor", .on_call = act,
        .on_return = returns ? act_late : NULL, .opaque = x,
    };
    const char *err = NULL;

    frail_plugin_bind(vm->frail);
    x->a = frail_analyzer_register(&o, &err);
    frail_plugin_bind(NULL);
    g_assert_cmpstr(err, ==, NULL);
}

static void test_pause(const void *data)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) {
        .trap = GPOINTER_TO_UINT(data),
    });
    FakeCPU *c = &vm->cpu[0];
    Actor x = { .pause_nr = 42, .kill_nr = -1 };
    const FrailEvent *e;

    actor(vm, &x, false);
    fake_arm(c);
    drain(vm);
    g_assert_cmpint(fake_call(c, 42), ==, FAKE_ENTERED);
    g_assert_cmpuint(vm->n_pause, ==, 1);
    g_assert_true(vm->paused == c);
    e = frail_vm_next_event(vm->frail);
    g_assert_cmpint(e->type, ==, FRAIL_EVENT_PAUSED);
    g_assert_cmpstr(e->kind, ==, "because");
    g_assert_cmpstr(e->call, ==, "connect");
    g_assert_cmpint(e->vcpu, ==, 0);
    /* From elsewhere there is no vCPU to stop first. */
    g_assert_cmpint(frail_vm_pause(x.a, NULL, "because"), ==, 0);
    g_assert_null(vm->paused);
}

/* The guest's kernel gets an exit_group, for whoever the caller is. */
static void test_kill(const void *data)
{
    FrailTrap trap = GPOINTER_TO_UINT(data) & 3;
    bool returns = GPOINTER_TO_UINT(data) & 4;
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { .trap = trap });
    FakeCPU *c = &vm->cpu[0];
    Actor x = { .kill_nr = 42, .pause_nr = -1 };
    Actor second = { .kill_nr = -1, .pause_nr = -1 };
    unsigned armed;

    actor(vm, &x, returns);
    actor(vm, &second, false);
    fake_arm(c);
    armed = second.calls;
    /* A refusal beside it, before or after, does not save the caller. */
    second.verdict = -EPERM;
    g_assert_cmpint(fake_call(c, 42), ==, FAKE_ENTERED);
    g_assert_cmpint(x.kill_result, ==, 0);
    g_assert_cmpuint(second.calls, ==, armed + 1);
    g_assert_cmphex(c->r.rax, ==, 231);
    g_assert_cmphex(c->r.rdi, ==, 128 + SIGKILL);
    g_assert_cmphex(c->r.rip, ==, LSTAR);
    g_assert_cmpuint(fake_stats(c).killed, ==, 1);
    g_assert_cmpuint(fake_stats(c).refused, ==, 0);
    if (returns) {
        g_assert_cmpuint(x.killed, ==, 1);
        g_assert_cmpint(x.late_result, ==, -EINVAL);
    }
    /* Nothing is kept of it: another task comes along on that stack. */
    second.verdict = 0;
    x.returns = 0;
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_cmpuint(x.returns, ==, 0);
    g_assert_cmpuint(fake_stats(c).returns_unpaired, ==, 0);
    /* x32 */
    g_assert_cmpint(fake_leave(c, 0), ==, FAKE_USER);
    g_assert_cmpint(fake_call(c, 42 | 0x40000000), ==, FAKE_ENTERED);
    g_assert_cmphex(c->r.rax, ==, 231 | 0x40000000);
}

static void test_kill_compat(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];
    Actor x = { .kill_nr = 5, .pause_nr = -1 };

    actor(vm, &x, false);
    fake_arm(c);
    fake_code(c, USER_TEXT, "\x0f\x05", 2);
    fake_user(c, USER_TEXT, 5);
    c->cs = USER_CS32;
    g_assert_cmpint(fake_run(c), ==, FAKE_ENTERED32);
    g_assert_cmphex(c->r.rax, ==, 252);
    g_assert_cmphex(c->r.rbx, ==, 128 + SIGKILL);
}

/* A monitor that emulates SYSCALL, and where each ABI has the arguments. */
static void test_kill_emulator(void)
{
    static const struct {
        FrailInsn insn;
        uint64_t rax;
    } list[] = {
        { FRAIL_INSN_SYSCALL64, 231 }, { FRAIL_INSN_SYSCALL32, 252 },
        { FRAIL_INSN_SYSENTER, 252 }, { FRAIL_INSN_INT80, 252 },
    };
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) {
        .trap = FRAIL_TRAP_EMULATOR,
    });
    FakeCPU *c = &vm->cpu[0];
    Actor x = { .kill_nr = 42, .pause_nr = -1 };

    actor(vm, &x, true);
    fake_boot(c);
    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        FrailRegs r = {
            .rax = 42, .rip = USER_TEXT + 2, .rsp = USER_RSP, .rbx = 1,
            .rcx = 2, .rdi = 3, .rsi = 4, .rbp = 5, .rdx = 6,
        };

        fake_user(c, USER_TEXT, 42);
        g_assert_cmpint(frail_vcpu_syscall(c->frail, list[i].insn, &r), ==, 0);
        g_assert_cmphex(r.rax, ==, list[i].rax);
        g_assert_cmphex(list[i].insn == FRAIL_INSN_SYSCALL64 ? r.rdi : r.rbx,
                        ==, 128 + SIGKILL);
        g_assert_cmphex(r.rip, ==, USER_TEXT + 2);
        g_assert_cmphex(r.rdx, ==, 6);
        g_assert_cmpuint(x.killed, ==, i + 1);
    }
}

/* kill() of the caller's own id, where that is known: see guest_kill_id(). */
static void test_kill_call(void)
{
    static const struct {
        unsigned abi;
        FrailInsn insn;
        uint64_t rax;
    } list[] = {
        { CALL_ABI_X86_64, FRAIL_INSN_SYSCALL64, 62 },
        { CALL_ABI_X32, FRAIL_INSN_SYSCALL64, 62 | 0x40000000 },
        { CALL_ABI_I386, FRAIL_INSN_INT80, 37 },
        { CALL_ABI_I386, FRAIL_INSN_SYSCALL32, 37 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        FrailCall call = { .abi = list[i].abi };
        FrailRegs r = { .rcx = 77, .rbp = 78 };

        abi_write_kill(&call, list[i].insn, 1234, &r);
        g_assert_cmphex(r.rax, ==, list[i].rax);
        if (call.abi == CALL_ABI_I386) {
            bool syscall = list[i].insn == FRAIL_INSN_SYSCALL32;

            g_assert_cmpuint(r.rbx, ==, 1234);
            g_assert_cmpuint(r.rcx, ==, syscall ? 77 : SIGKILL);
            g_assert_cmpuint(r.rbp, ==, syscall ? SIGKILL : 78);
        } else {
            g_assert_cmpuint(r.rdi, ==, 1234);
            g_assert_cmpuint(r.rsi, ==, SIGKILL);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/control/event/state", test_state_events);
    g_test_add_func("/control/event/report", test_report);
    g_test_add_func("/control/event/full", test_full);
    g_test_add_func("/control/event/threads", test_threads);
    g_test_add_data_func("/control/pause/sce",
                         GUINT_TO_POINTER(FRAIL_TRAP_SCE), test_pause);
    g_test_add_data_func("/control/pause/lstar",
                         GUINT_TO_POINTER(FRAIL_TRAP_LSTAR), test_pause);
    g_test_add_data_func("/control/kill/sce",
                         GUINT_TO_POINTER(FRAIL_TRAP_SCE), test_kill);
    g_test_add_data_func("/control/kill/sce-returns",
                         GUINT_TO_POINTER(FRAIL_TRAP_SCE | 4), test_kill);
    g_test_add_data_func("/control/kill/lstar",
                         GUINT_TO_POINTER(FRAIL_TRAP_LSTAR), test_kill);
    g_test_add_data_func("/control/kill/lstar-returns",
                         GUINT_TO_POINTER(FRAIL_TRAP_LSTAR | 4), test_kill);
    g_test_add_func("/control/kill/compat", test_kill_compat);
    g_test_add_func("/control/kill/emulator", test_kill_emulator);
    g_test_add_func("/control/kill/call", test_kill_call);
    return g_test_run();
}
