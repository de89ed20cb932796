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

/*
 * KVM_GET_STATS_FD, through QEMU's query-stats: all exits but those that the
 * host's own interrupts cause, which only depend on how long it takes.
 */
static uint64_t kvm_exits(QTestState *qts)
{
    g_autoptr(QDict) answer = qtest_qmp(qts,
        "{ 'execute': 'query-stats', 'arguments': { 'target': 'vcpu',"
        "  'providers': [ { 'provider': 'kvm',"
        "                   'names': [ 'exits', 'irq_exits' ] } ] } }");
    uint64_t exits = 0, irqs = 0;
    unsigned found = 0;
    QListEntry *entry;
    QDict *provider;

    g_assert(qdict_haskey(answer, "return"));
    provider = qobject_to(QDict, qlist_peek(qdict_get_qlist(answer,
                                                            "return")));
    g_assert_nonnull(provider);
    QLIST_FOREACH_ENTRY(qdict_get_qlist(provider, "stats"), entry) {
        QDict *stat = qobject_to(QDict, qlist_entry_obj(entry));
        bool irq = g_str_equal(qdict_get_str(stat, "name"), "irq_exits");

        *(irq ? &irqs : &exits) = qdict_get_int(stat, "value");
        found++;
    }
    g_assert_cmpuint(found, ==, 2);
    return exits - irqs;
}

/*
 * Exits to user space are not among KVM's statistics, but a tracepoint counts
 * them: for root, and those of all machines of this host together.
 */
#define TRACEPOINT  "/sys/kernel/tracing/events/kvm/kvm_userspace_exit/"

static bool trace_user_exits(bool on)
{
    const char *trigger = on ? "hist:keys=reason" : "!hist:keys=reason";
    int fd = open(TRACEPOINT "trigger", O_WRONLY);
    bool done = fd >= 0 && write(fd, trigger, strlen(trigger)) > 0;

    if (fd >= 0) {
        close(fd);
    }
    return done;
}

static uint64_t user_exits(void)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) err = NULL;
    const char *hits;

    g_file_get_contents(TRACEPOINT "hist", &text, NULL, &err);
    g_assert_no_error(err);
    hits = strstr(text, "Hits: ");
    g_assert_nonnull(hits);
    return g_ascii_strtoull(hits + strlen("Hits: "), NULL, 10);
}

static uint64_t debug_exits(QTestState *qts)
{
    g_autoptr(QDict) frail = query_frail(qts);

    return counter(frail, "debug-exits");
}

typedef struct Exits {
    uint64_t hardware, user, debug;
    bool traced;            /* @user is KVM's own count */
} Exits;

static Exits exits_of_calls(const char *accel, const char *extra, bool frail)
{
    QTestState *qts = start_guest(accel, extra);
    Exits e = { 0 };

    free_result(run_case(qts, CASE_LOOP, 10, NR, RETURN_LINUX));
    e.traced = trace_user_exits(true);
    e.hardware = -kvm_exits(qts);
    e.user = e.traced ? -user_exits() : 0;
    e.debug = frail ? -debug_exits(qts) : 0;
    free_result(run_case(qts, CASE_LOOP, CALLS, NR, RETURN_LINUX));
    e.hardware += kvm_exits(qts);
    e.debug += frail ? debug_exits(qts) : 0;
    if (e.traced) {
        e.user += user_exits();
        trace_user_exits(false);
    } else {
        e.user = e.debug;
    }
    qtest_quit(qts);
    return e;
}

static void tell_exits(const Exits *e, const char *mode, const char *exact,
                       const char *returns)
{
    g_test_message("figures name=exits-per-call mode=%s exact=%s returns=%s "
                   "hw=%.4f user=%.4f user-by=%s", mode, exact, returns,
                   (double)e->hardware / CALLS, (double)e->user / CALLS,
                   e->traced ? "kvm" : "frail");
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
    Exits e;

    if (!mode_args(m, &extra)) {
        return;
    }
    e = exits_of_calls(m->accel, extra, true);
    tell_exits(&e, sce ? "sce" : "lstar",
               m->trap == TRAP_SCE_INEXACT ? "off" : "on",
               returns ? "on" : "off");
    /* The case begins with an IRETQ to user mode, which is one to look at. */
    g_assert_cmpuint(e.debug, ==, (uint64_t)user * CALLS + returns);
    g_assert_cmpuint(e.user, >=, (uint64_t)user * CALLS);
    g_assert_cmpuint(e.user, <=, (uint64_t)user * CALLS + CALLS / 100);
    g_assert_cmpuint(e.hardware, >=, (uint64_t)hardware * CALLS);
    g_assert_cmpuint(e.hardware, <=, (uint64_t)hardware * CALLS + CALLS / 100);
}

/*
 * Good: without frail=on a call is the guest's own affair.
 * Bad: a breakpoint or an MSR filter that is there all the same.
 */
void test_exits_off(const void *data)
{
    Exits e = exits_of_calls(data, NULL, false);

    tell_exits(&e, "off", "on", "off");
    g_assert_cmpuint(e.user, <=, CALLS / 100);
    g_assert_cmpuint(e.hardware, <=, CALLS / 100);
}
