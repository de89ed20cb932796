/*
 * QTest testcase for Frail: a small guest's system calls, traced and not
 *
 * The same cases run with frail=off and with frail=on, and must leave the
 * same records behind: every register and flag that user mode and the
 * kernel can see.  See guest/frail-guest-layout.h for the guest.
 *
 * KVM is tested where the host's can; FRAIL_PLUGINS names the directory of
 * the analyzers, without which the tests that need one are skipped.
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "frail-helpers.h"

static const Mode modes[] = {
    { "tcg", TRAP_EMULATOR, "tcg,frail=on", "tcg" },
    { "tcg-returns", TRAP_EMULATOR, "tcg,frail=on", "tcg",
      "libfrail-strace.so" },
    { "kvm-lstar", TRAP_LSTAR, "kvm,frail=on,frail-trap=lstar", "kvm" },
    { "kvm-lstar-returns", TRAP_LSTAR, "kvm,frail=on,frail-trap=lstar", "kvm",
      "libfrail-strace.so" },
    { "kvm-sce", TRAP_SCE, "kvm,frail=on", "kvm" },
    { "kvm-sce-returns", TRAP_SCE, "kvm,frail=on", "kvm",
      "libfrail-strace.so" },
    { "kvm-sce-inexact", TRAP_SCE_INEXACT, "kvm,frail=on,frail-exact=off",
      "kvm" },
    { "kvm-sce-inexact-returns", TRAP_SCE_INEXACT,
      "kvm,frail=on,frail-exact=off", "kvm", "libfrail-strace.so" },
};

/*
 * Good: the guest cannot tell whether it is traced.
 * Bad: R11 with RF, RCX behind the wrong byte, a flag that SFMASK should
 * have cleared, a #UD that is the tracer's, a #UD that is swallowed.
 */
static void test_equal(const void *data)
{
    const Mode *m = data;
    g_autofree char *extra = NULL;
    const Battery *off, *on;

    if (!mode_args(m, &extra)) {
        return;
    }
    off = battery(m->control, NULL, false);
    on = battery(m->accel, extra, true);
    for (unsigned i = 0; i < cases->len; i++) {
        compare(m, &g_array_index(cases, Case, i), off->result[i],
                on->result[i]);
    }
}

/* The guest and the test themselves, before anything is traced */
static void test_control(const void *data)
{
    const char *accel = data;

    check_all(battery(accel, NULL, false), !g_str_equal(accel, "tcg"));
}

static void test_expected(const void *data)
{
    const Mode *m = data;
    g_autofree char *extra = NULL;

    if (mode_args(m, &extra)) {
        check_all(battery(m->accel, extra, true), m->trap != TRAP_EMULATOR);
    }
}

/* --- Counters, refusals, reset, NMIs ------------------------------------- */

/*
 * Good: each entry of the guest's kernel was one call, each #UD that is not
 * one is counted as such.
 * Bad: a call lost or counted twice; a vCPU that silently gave up.
 */
static void test_counters(const void *data)
{
    const Mode *m = data;
    g_autofree char *extra = NULL;
    const Battery *b;
    uint64_t calls;

    if (!mode_args(m, &extra)) {
        return;
    }
    b = battery(m->accel, extra, true);
    g_assert_true(qdict_get_bool(b->frail, "enabled"));
    /* A breakpoint on LSTAR sees nothing of CSTAR. */
    calls = b->calls - (m->trap == TRAP_LSTAR ? b->calls32 : 0);
    g_assert_cmpuint(counter(b->frail, "calls"), ==, calls);
    g_assert_cmpuint(counter(b->frail, "refused"), ==, 0);
    if (m->trap == TRAP_SCE || m->trap == TRAP_SCE_INEXACT) {
        g_assert_cmpuint(counter(b->frail, "genuine-ud"), ==, b->invalid);
    }
    if (m->trap != TRAP_EMULATOR) {
        g_assert_true(is_armed(b->frail));
        /* The first call, and after each write of LSTAR */
        g_assert_cmpuint(counter(b->frail, "armings"), ==, 3);
        g_assert_cmpuint(counter(b->frail, "disarmings"), ==, 2);
        g_assert_cmpuint(counter(b->frail, "reinjected-db"), ==, 2);
    }
    g_test_message("%s: %" PRIu64 " calls, %" PRIu64 " debug exits",
                   m->name, calls, counter(b->frail, "debug-exits"));
}

/*
 * Good: a refused call comes back with the errno and all other registers as
 * after any call, and the guest's kernel has not run.
 * Bad: the kernel has run; or RCX, R11 or the flags tell.
 */
static void test_refuse(const void *data)
{
    const Mode *m = data;
    g_autofree char *extra = plugin_args("libfrail-deny.so", ",call=getpid");
    g_autoptr(QDict) frail = NULL;
    QTestState *qts;
    uint64_t after = USER_AT(user_call) + SYSCALL_LEN;
    unsigned refused = 0;

    if (!extra) {
        g_test_skip("FRAIL_PLUGINS does not name the analyzers' directory");
        return;
    }
    qts = start_guest(m->accel, extra);
    /* The first call that is ever seen, and later ones */
    for (unsigned i = 0; i < 4; i++) {
        uint64_t flags = i == 2 ? FLAGS_ALL | FLAG_FIXED : 0x202;
        uint64_t nr = i == 1 ? NR + 1 : NR;
        g_autoptr(Result) r = run_case(qts, CASE_CALL, nr, flags, 0);
        const uint64_t *out;

        g_assert_cmpuint(r->status, ==, STATUS_DONE);
        if (nr != NR) {
            g_assert_cmpuint(r->calls, ==, 1);
            g_assert_cmphex(r->record[1][R_RAX], ==, nr + RESULT_ADD);
            continue;
        }
        refused++;
        g_assert_cmpuint(r->calls, ==, 0);
        g_assert_cmpuint(r->records, ==, 1);
        out = r->record[0];
        g_assert_cmpuint(out[R_TAG], ==, RECORD_USER);
        g_assert_cmphex(out[R_RAX], ==, -(uint64_t)EPERM);
        g_assert_cmphex(out[R_RCX], ==, after);
        g_assert_cmphex(out[R_R11], ==, flags);
        g_assert_cmphex(out[R_RFLAGS], ==, flags);
        g_assert_cmphex(out[R_RIP], ==, after + 3);
        g_assert_cmphex(out[R_RSP], ==, USER_STACK);
        g_assert_cmphex(out[R_CS], ==, USER_CS);
        g_assert_cmphex(out[R_SS], ==, USER_SS);
        for (unsigned word = R_RBX; word <= R_R15; word++) {
            if (word != R_RCX && word != R_R11 && word != 9) {
                g_assert_cmphex(out[word], ==, start_value(word));
            }
        }
    }
    frail = query_frail(qts);
    g_assert_cmpuint(counter(frail, "refused"), ==, refused);
    qtest_quit(qts);
}

static void reset(QTestState *qts)
{
    qtest_qmp_assert_success(qts, "{ 'execute': 'system_reset' }");
    qtest_qmp_eventwait(qts, "RESET");
}

/*
 * Good: after a reset, between calls or amidst them, the guest's EFER is as
 * after a reset, and its calls are seen again.
 * Bad: SCE stays taken away while the guest boots, or nothing is seen.
 */
static void test_reset(const void *data)
{
    const Mode *m = data;
    QTestState *qts = start_guest(m->accel, NULL);
    g_autoptr(QDict) before = NULL;
    g_autoptr(QDict) after = NULL;
    g_autoptr(Result) first = run_case(qts, CASE_CALL, NR, 0x202, 0);
    const uint64_t endless[3] = { UINT32_MAX, NR, RETURN_LINUX };

    check_call(first, 0x202);
    /* At rest */
    reset(qts);
    cont(qts);
    wait_stop(qts);
    g_assert_cmpuint(control(qts, CTL_BOOTS), ==, 2);
    g_assert_cmpuint(control(qts, CTL_STATUS), ==, STATUS_READY);
    for (unsigned i = 0; i < 3; i++) {
        g_autoptr(Result) r = run_case(qts, CASE_CALL, NR, 0x202, 0);

        check_call(r, 0x202);
    }
    before = query_frail(qts);
    g_assert_cmpuint(counter(before, "calls"), ==, 4);

    /* Amidst calls: the guest finds that it did not end its case. */
    begin_case(qts, CASE_LOOP, endless);
    alarm(PATIENCE);
    while (control(qts, CTL_CALLS) < 100) {
        g_assert_cmpuint(control(qts, CTL_STATUS), !=, STATUS_DONE);
    }
    reset(qts);
    wait_stop(qts);
    g_assert_cmpuint(control(qts, CTL_BOOTS), ==, 3);
    g_assert_cmpuint(control(qts, CTL_STATUS), ==, STATUS_DIED);
    for (unsigned i = 0; i < 3; i++) {
        g_autoptr(Result) r = run_case(qts, CASE_CALL, NR, 0x202, 0);

        check_call(r, 0x202);
    }
    after = query_frail(qts);
    g_assert_cmpuint(counter(after, "calls"), >=, 4 + 100 + 3);
    if (m->trap != TRAP_EMULATOR) {
        g_assert_true(is_armed(after));
        g_assert_cmpuint(counter(after, "armings"), ==, 3);
        g_assert_cmpuint(counter(after, "disarmings"), ==, 2);
    }
    qtest_quit(qts);
}

static bool is_running(QTestState *qts)
{
    QDict *response = qtest_qmp(qts, "{ 'execute': 'query-status' }");
    bool running = qdict_get_bool(qdict_get_qdict(response, "return"),
                                  "running");

    qobject_unref(response);
    return running;
}

/*
 * Interrupt the running case with NMIs until it ends: one, two or three at
 * once, as a second one waits for the first one's IRET.  The next ones come
 * when these have arrived; more would leave the guest no time of its own.
 */
static void send_nmis(QTestState *qts)
{
    bool running = true;

    alarm(PATIENCE);
    for (unsigned burst = 0; running; burst++) {
        uint64_t seen = control(qts, CTL_NMIS);

        for (unsigned i = 0; i <= burst % 3; i++) {
            qobject_unref(qtest_qmp(qts, "{ 'execute': 'inject-nmi' }"));
        }
        do {
            running = is_running(qts);
        } while (running && control(qts, CTL_NMIS) == seen);
    }
    wait_stop(qts);
}

static void nmi_storm(const char *name, const char *accel, const char *extra,
                      uint64_t want, bool traced)
{
    QTestState *qts = start_guest(accel, extra);
    uint64_t calls = 0, nmis = 0, ways = 0, killed = 0;

    while (calls < want || nmis < 400) {
        /* All ways back to user mode in turn */
        const uint64_t args[3] = { 2000, NR, ways++ % 3 };
        g_autoptr(Result) r = NULL;

        begin_case(qts, CASE_LOOP, args);
        send_nmis(qts);
        r = end_case(qts);
        calls += r->calls;
        nmis += r->nmis;
        killed += r->exceptions;    /* Linux would send a signal */
        g_assert_cmpuint(r->status, ==, STATUS_DONE);
        tell_exceptions(r);
        g_assert_cmpuint(r->exceptions, ==, 0);
        g_assert_cmpuint(r->loops, ==, 2000);
        g_assert_cmpuint(r->calls, ==, 2000);
        g_assert_cmpuint(r->bad, ==, 0);
        g_assert_cmpuint(r->records, ==, 1);
        g_assert_cmpuint(ways, <, 10000);
    }
    if (traced) {
        g_autoptr(QDict) frail = query_frail(qts);

        g_test_message("figures name=nmi-storm guest=qtest mode=%s"
                       " calls=%" PRIu64 " nmis=%" PRIu64 " lost=%" PRId64
                       " killed=%" PRIu64 " late-ud=%" PRIu64
                       " spurious-step=%" PRIu64, name, calls, nmis,
                       (int64_t)(calls - counter(frail, "calls")), killed,
                       counter(frail, "late-ud"),
                       counter(frail, "spurious-step"));
        g_assert_cmpuint(counter(frail, "calls"), ==, calls);
        g_assert_cmpuint(counter(frail, "genuine-ud"), ==, 0);
    } else {
        g_test_message("figures name=nmi-storm guest=qtest mode=%s-control"
                       " calls=%" PRIu64 " nmis=%" PRIu64 " killed=%" PRIu64,
                       name, calls, nmis, killed);
    }
    qtest_quit(qts);
}

/*
 * Good: NMIs at every point of the sequence lose no call and kill nothing.
 * Bad: a #UD whose breakpoint was missed reaches the guest; a step of KVM's
 * own reaches the guest; a call is counted twice.
 */
static void test_nmi(const void *data)
{
    const Mode *m = data;
    g_autofree char *extra = NULL;

    if (mode_args(m, &extra)) {
        nmi_storm(m->name, m->accel, extra, m->plugin ? 20000 : 100000, true);
    }
}

static void test_nmi_control(const void *data)
{
    nmi_storm(data, data, NULL, 100000, false);
}

/*
 * Good: the monitor shows the guest's own EFER while the hardware has another
 * one, and what state that would be lost in is not saved.
 * Bad: SCE looks switched off, to people or to who saves the machine.
 */
static void test_monitor(const void *data)
{
    const Mode *m = data;
    bool sce = m->trap == TRAP_SCE || m->trap == TRAP_SCE_INEXACT;
    QTestState *qts = start_guest(m->accel, NULL);
    g_autoptr(Result) r = run_case(qts, CASE_CALL, NR, 0x202, 0);
    g_autofree char *info = qtest_hmp(qts, "info frail");
    g_autofree char *registers = qtest_hmp(qts, "info registers");
    g_autoptr(QDict) migrate = qtest_qmp(qts,
                                         "{ 'execute': 'query-migrate' }");
    const char *efer = strstr(registers, "EFER=");

    check_call(r, 0x202);
    g_assert_nonnull(efer);
    g_assert_cmphex(g_ascii_strtoull(efer + strlen("EFER="), NULL, 16), ==,
                    0x501);
    g_assert_true(g_str_has_prefix(info, "on, trap "));
    g_assert_nonnull(strstr(info, "vCPU 0: armed, calls 1, "));
    g_assert_true(!strstr(info, "R11.RF") ==
                  (m->trap != TRAP_SCE_INEXACT));
    g_assert_true(qdict_haskey(qdict_get_qdict(migrate, "return"),
                               "blocked-reasons") == sce);
    qtest_quit(qts);
}

/*
 * Good: this guest is no Linux, and QMP and HMP say that its processes are not
 * known, and why.
 * Bad: an empty list, a guess, or a crash on memory that is not what it seems.
 */
static void test_processes(const void *data)
{
    const Mode *m = data;
    QTestState *qts = start_guest(m->accel, NULL);
    g_autoptr(Result) r = run_case(qts, CASE_CALL, NR, 0x202, 0);
    g_autoptr(QDict) info = query_frail(qts);
    QDict *guest = qdict_get_qdict(info, "guest");
    g_autoptr(QDict) list = qtest_qmp(qts,
        "{ 'execute': 'query-frail-processes' }");
    g_autofree char *ps = qtest_hmp(qts, "info frail-ps");
    const char *says;

    check_call(r, 0x202);
    g_assert_nonnull(guest);
    g_assert_false(qdict_get_bool(guest, "known"));
    g_assert_true(qdict_haskey(guest, "reason"));
    g_assert_true(qdict_haskey(list, "error"));
    says = qdict_get_str(qdict_get_qdict(list, "error"), "desc");
    g_assert_nonnull(strstr(says, "processes are not known: "));
    g_assert_nonnull(strstr(says, "frail-btf="));
    g_assert_nonnull(strstr(ps, "processes are not known: "));
    qtest_quit(qts);
}

/* --- Which modes this QEMU and this host have ---------------------------- */

/*
 * Good: a host that cannot is refused in one line that says why and what
 * works instead.
 */
static void test_unsuited(const void *data)
{
    const char *said = data;
    g_autofree char *text = g_strdup(said);

    g_strchomp(text);
    g_assert_null(strchr(text, '\n'));
    g_assert_nonnull(strstr(text, "this host"));
    g_assert_nonnull(strstr(text, "-accel tcg,frail=on"));
}

static char *test_path(const char *mode, const char *name)
{
    return g_strdup_printf("frail/%s/%s", mode, name);
}

static void add_mode_test(const Mode *m, const char *name,
                          void (*fn)(const void *))
{
    g_autofree char *path = test_path(m->name, name);

    qtest_add_data_func(path, m, fn);
}

static void add_mode(const Mode *m)
{
    add_mode_test(m, "equal", test_equal);
    add_mode_test(m, "expected", test_expected);
    add_mode_test(m, "counters", test_counters);
    add_mode_test(m, "entries", test_entries);
    if (m->trap == TRAP_EMULATOR && !m->plugin) {
        add_mode_test(m, "entries-refused", test_entries_refused);
    }
    if (!m->plugin) {
        add_mode_test(m, "refuse", test_refuse);
        add_mode_test(m, "reset", test_reset);
        add_mode_test(m, "monitor", test_monitor);
        add_mode_test(m, "processes", test_processes);
    }
    add_mode_test(m, "nmi", test_nmi);
    if (m->trap != TRAP_EMULATOR) {
        add_mode_test(m, "exits", test_exits);
    }
}

static void add_accel(const char *accel)
{
    g_autofree char *frail = g_strdup_printf("%s,frail=on", accel);
    g_autofree char *path = test_path(accel, "control");
    g_autofree char *nmi = test_path(accel, "nmi-control");
    char *says = NULL;

    if (!qtest_has_accel(accel) || !starts(accel, NULL)) {
        return;
    }
    if (!starts(frail, &says)) {
        if (strstr(says, "frail' not found")) {
            g_test_message("this QEMU is built without frail");
        } else {
            g_autofree char *refused = test_path(accel, "unsuited");

            qtest_add_data_func_full(refused, says, test_unsuited, g_free);
        }
        return;
    }
    qtest_add_data_func(path, accel, test_control);
    qtest_add_data_func(nmi, accel, test_nmi_control);
    if (g_str_equal(accel, "kvm")) {
        qtest_add_data_func("frail/kvm/exits-off", accel, test_exits_off);
    }
    g_free(says);
    for (unsigned i = 0; i < G_N_ELEMENTS(modes); i++) {
        if (g_str_equal(modes[i].control, accel)) {
            add_mode(&modes[i]);
        }
    }
}

int main(int argc, char **argv)
{
    int ret;

    g_test_init(&argc, &argv, NULL);
    write_rom();
    add_cases();
    add_accel("tcg");
    add_accel("kvm");
    ret = g_test_run();
    remove_rom();
    return ret;
}
