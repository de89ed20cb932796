/*
 * Processes of the made-up guest, as the ph analyzer needs them.  Included by
 * fake-qemu.h.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_PH_H
#define FAKE_PH_H

struct FrailProcess {
    int32_t tid, pid;
    uint64_t start_ns;
    const char *exe;
};

const FrailProcess *frail_call_process(const FrailCall *c)
{
    return c->process;
}

int32_t frail_process_tid(const FrailProcess *p) { return p->tid; }
uint64_t frail_process_start_ns(const FrailProcess *p) { return p->start_ns; }
const char *frail_process_exe(const FrailProcess *p) { return p->exe; }

/* Asked for when an anomaly is told: who waits for one can wait for this. */
static GMutex told_lock;
static GCond told_cond;
static unsigned told;

int32_t frail_process_pid(const FrailProcess *p)
{
    g_mutex_lock(&told_lock);
    told++;
    g_cond_broadcast(&told_cond);
    g_mutex_unlock(&told_lock);
    return p->pid;
}

/* What an analyzer may do beside its verdict: noted. */
static gint events, pauses, kills;
static char event_text[512];

int frail_event_emit(FrailAnalyzer *a, const FrailCall *c, const char *kind,
                     const FrailEventField *field, unsigned n)
{
    GString *text = g_string_new(kind);

    g_assert_true(a == (FrailAnalyzer *)&registered);
    g_assert_nonnull(c);
    for (unsigned i = 0; i < n; i++) {
        g_string_append_printf(text, " %s=", field[i].name);
        if (field[i].text) {
            g_string_append(text, field[i].text);
        } else {
            g_string_append_printf(text, "%ld", (long)field[i].number);
        }
    }
    g_strlcpy(event_text, text->str, sizeof(event_text));
    g_string_free(text, TRUE);
    return g_atomic_int_add(&events, 1) ? -ENOBUFS : 0;
}

int frail_vm_pause(FrailAnalyzer *a, const FrailCall *c, const char *reason)
{
    g_assert_true(a == (FrailAnalyzer *)&registered);
    g_assert_nonnull(c);
    g_assert_cmpstr(reason, ==, "anomaly");
    g_atomic_int_inc(&pauses);
    return 0;
}

int frail_call_kill(const FrailCall *c)
{
    if (c->process->pid == 1) {
        return -EPERM;
    }
    g_atomic_int_inc(&kills);
    return 0;
}

static const FrailProcess somebody = { 1234, 1200, 5000, "/bin/x" };
static const FrailProcess *const usual_process = &somebody;

#endif /* FAKE_PH_H */
