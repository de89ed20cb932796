/*
 * The other ways into the kernel: INT 0x80 and SYSENTER of 32-bit code
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "frail-helpers.h"

/* getpid of i386 */
#define NR32        20
#define RFLAGS      (FLAG_CF | FLAG_IF | FLAG_FIXED)

/* In long mode, SYSENTER is legal on Intel's only. */
#define INTEL       "-cpu qemu64,vendor=GenuineIntel "

typedef struct Way {
    unsigned number;        /* of the case */
    uint64_t vector;        /* of its entry */
    uint64_t after;         /* where user mode goes on */
} Way;

static const Way ways[] = {
    { CASE_INT80, ENTRY_INT80, USER_AT(user32_int80) + 2 },
    { CASE_SYSENTER, ENTRY_SYSENTER, USER_AT(user32_sysenter_after) },
};

/* The first @n of them */
static void run_ways(QTestState *qts, unsigned n, Result *result[2])
{
    for (unsigned i = 0; i < n; i++) {
        result[i] = run_case(qts, ways[i].number, NR32, RFLAGS, 0);
        g_assert_cmpuint(result[i]->status, ==, STATUS_DONE);
    }
}

static void check_entry(const Way *way, const Result *r)
{
    const uint64_t *in = r->record[0], *out = r->record[1];

    g_assert_cmpuint(r->records, ==, 2);
    g_assert_cmpuint(in[R_TAG], ==, RECORD_ENTRY);
    g_assert_cmpuint(in[R_VECTOR], ==, way->vector);
    g_assert_cmphex(in[R_RIP], ==, way->after);
    g_assert_cmphex(in[R_CS], ==, USER32_CS);
    g_assert_cmphex(in[R_RSP], ==, USER_STACK);
    g_assert_cmphex(in[R_RAX], ==, NR32);
    g_assert_cmpuint(out[R_TAG], ==, RECORD_USER);
    g_assert_cmphex(out[R_RAX], ==, NR32 + RESULT_ADD);
    g_assert_cmphex(out[R_RSP], ==, USER_STACK);
    for (unsigned word = R_RBX; word <= R_RDI; word++) {
        g_assert_cmphex(in[word], ==, start_value(word));
        g_assert_cmphex(out[word], ==, start_value(word));
    }
}

/*
 * Good: the guest cannot tell whether it is traced, on a CPU that has both
 * instructions; under TCG each is one call, with its return.
 * Bad: a register lost on the way in, a call counted twice, or none.
 *
 * Under KVM neither is traced yet, and the guest must run all the same.  There
 * SYSENTER is left out: in a bed whose CPU is TCG's it is executed although the
 * CPU is AMD's, and leaves a CS that the next VMRUN does not accept.
 */
void test_entries(const void *data)
{
    const Mode *m = data;
    bool emulator = m->trap == TRAP_EMULATOR;
    const char *cpu = emulator ? INTEL : "";
    unsigned n = emulator ? 2 : 1;
    g_autofree char *plugin = NULL;
    g_autofree char *args = NULL;
    Result *off[2], *on[2];
    g_autoptr(QDict) frail = NULL;
    QTestState *qts;

    if (!mode_args(m, &plugin)) {
        return;
    }
    args = g_strdup_printf("%s%s", cpu, plugin ?: "");
    qts = start_guest(m->control, cpu);
    run_ways(qts, n, off);
    qtest_quit(qts);
    qts = start_guest(m->accel, args);
    run_ways(qts, n, on);
    frail = query_frail(qts);
    qtest_quit(qts);
    for (unsigned i = 0; i < n; i++) {
        const Case c = { .name = "entry", .number = ways[i].number };

        compare(m, &c, off[i], on[i]);
        check_entry(&ways[i], off[i]);
        check_entry(&ways[i], on[i]);
        free_result(off[i]);
        free_result(on[i]);
    }
    g_assert_cmpuint(counter(frail, "calls"), ==, emulator ? 2 : 0);
    g_assert_cmpuint(counter(frail, "returns"), ==,
                     emulator && plugin ? 2 : 0);
}

/*
 * Good: a refused INT 0x80 comes back with the errno, and the kernel has not
 * run.  The instruction SYSENTER does not tell where it came from, so a
 * refused one reaches the kernel, with a number that no kernel knows.
 * Bad: the kernel sees the number that was refused.
 */
void test_entries_refused(const void *data)
{
    const Mode *m = data;
    g_autofree char *plugin = plugin_args("libfrail-deny.so", ",call=getpid");
    g_autofree char *args = g_strdup_printf(INTEL "%s", plugin ?: "");
    g_autoptr(QDict) frail = NULL;
    Result *r[2];
    QTestState *qts;

    if (!plugin) {
        g_test_skip("FRAIL_PLUGINS does not name the analyzers' directory");
        return;
    }
    qts = start_guest(m->accel, args);
    run_ways(qts, 2, r);
    g_assert_cmpuint(r[0]->calls, ==, 0);
    g_assert_cmpuint(r[0]->records, ==, 1);
    g_assert_cmpuint(r[0]->record[0][R_TAG], ==, RECORD_USER);
    g_assert_cmphex((uint32_t)r[0]->record[0][R_RAX], ==, (uint32_t)-EPERM);
    g_assert_cmphex(r[0]->record[0][R_RSP], ==, USER_STACK);
    g_assert_cmphex(r[0]->record[0][R_RFLAGS] & ~(uint64_t)FLAG_RF, ==,
                    RFLAGS);
    g_assert_cmphex(r[0]->record[0][R_RIP], ==, ways[0].after + 3);
    g_assert_cmpuint(r[1]->calls, ==, 1);
    g_assert_cmphex(r[1]->record[0][R_RAX], ==, UINT32_MAX);
    frail = query_frail(qts);
    g_assert_cmpuint(counter(frail, "refused"), ==, 2);
    qtest_quit(qts);
    free_result(r[0]);
    free_result(r[1]);
}
