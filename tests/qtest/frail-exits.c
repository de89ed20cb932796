/*
 * How many VM exits a traced call costs, as KVM itself counts them
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qlist.h"
#include "frail-helpers.h"

#define CALLS   20000

/* KVM_GET_STATS_FD, through QEMU's query-stats */
static uint64_t kvm_exits(QTestState *qts)
{
    g_autoptr(QDict) answer = qtest_qmp(qts,
        "{ 'execute': 'query-stats', 'arguments': { 'target': 'vcpu',"
        "  'providers': [ { 'provider': 'kvm', 'names': [ 'exits' ] } ] } }");
    QDict *provider, *stat;

    g_assert(qdict_haskey(answer, "return"));
    provider = qobject_to(QDict, qlist_peek(qdict_get_qlist(answer,
                                                            "return")));
    g_assert_nonnull(provider);
    stat = qobject_to(QDict, qlist_peek(qdict_get_qlist(provider, "stats")));
    g_assert_nonnull(stat);
    g_assert_cmpstr(qdict_get_str(stat, "name"), ==, "exits");
    return qdict_get_int(stat, "value");
}

static uint64_t debug_exits(QTestState *qts)
{
    g_autoptr(QDict) frail = query_frail(qts);

    return counter(frail, "debug-exits");
}

/*
 * Good: #UD and the breakpoint on its handler, or the breakpoint on LSTAR;
 * one more for a return that is seen.
 * Bad: an exit more for each call, which a tracer of many calls cannot pay.
 */
void test_exits(const void *data)
{
    const Mode *m = data;
    bool returns = m->plugin, sce = m->trap != TRAP_LSTAR;
    unsigned user = 1 + (returns || m->trap == TRAP_SCE);
    unsigned hardware = user + sce;
    g_autofree char *extra = NULL;
    uint64_t hw, us;
    QTestState *qts;

    if (m->plugin) {
        extra = plugin_args(m->plugin, ",out=/dev/null");
        if (!extra) {
            g_test_skip("FRAIL_PLUGINS does not name the analyzers' "
                        "directory");
            return;
        }
    }
    qts = start_guest(m->accel, extra);
    free_result(run_case(qts, CASE_LOOP, 10, NR, RETURN_LINUX));
    hw = kvm_exits(qts);
    us = debug_exits(qts);
    free_result(run_case(qts, CASE_LOOP, CALLS, NR, RETURN_LINUX));
    hw = kvm_exits(qts) - hw;
    us = debug_exits(qts) - us;
    g_test_message("figures name=exits-per-call mode=%s exact=%s returns=%s "
                   "hw=%.4f user=%.4f", sce ? "sce" : "lstar",
                   m->trap == TRAP_SCE_INEXACT ? "off" : "on",
                   returns ? "on" : "off", (double)hw / CALLS,
                   (double)us / CALLS);
    g_assert_cmpuint(us, >=, (uint64_t)user * CALLS);
    g_assert_cmpuint(us, <=, (uint64_t)user * CALLS + CALLS / 100);
    g_assert_cmpuint(hw, >=, (uint64_t)hardware * CALLS);
    g_assert_cmpuint(hw, <=, (uint64_t)hardware * CALLS + CALLS / 50);
    qtest_quit(qts);
}
