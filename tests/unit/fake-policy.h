/*
 * Processes of the made-up guest, and filters that say what the test wants,
 * for the policy analyzer.  Included by fake-qemu.h.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_POLICY_H
#define FAKE_POLICY_H

struct FrailProcess {
    int32_t pid;
    const char *fd_path;        /* of all its descriptors */
};

const FrailProcess *frail_call_process(const FrailCall *c)
{
    return c->process;
}

int32_t frail_process_tid(const FrailProcess *p) { return p->pid; }
int32_t frail_process_pid(const FrailProcess *p) { return p->pid; }
uint64_t frail_process_start_ns(const FrailProcess *p) { return p->pid * 2; }
const char *frail_process_comm(const FrailProcess *p G_GNUC_UNUSED)
{
    return "sh";
}

const char *frail_process_exe(const FrailProcess *p G_GNUC_UNUSED)
{
    return "/bin/sh";
}

const char *frail_process_fd(const FrailProcess *p, int fd G_GNUC_UNUSED)
{
    return p->fd_path;
}

/* Nothing is decoded. */
FrailDecoded *frail_call_decode(const FrailCall *c G_GNUC_UNUSED,
                                const FrailDecodeOptions *opts)
{
    g_assert_cmpuint(opts->sz, ==, sizeof(*opts));
    return NULL;
}

void frail_decoded_free(FrailDecoded *d)
{
    g_assert_null(d);
}

/* For the linker: what is not decoded has none of these. */
const char *frail_decoded_name(const FrailDecoded *d G_GNUC_UNUSED)
{
    g_assert_not_reached();
}

/*
 * A filter for "vcpu = N" matches the calls of that one; those of N >= 100
 * are decided when they return.
 */
FrailMatch frail_filter_match(const FrailFilter *f, const FrailCall *c)
{
    const char *n = strstr(frail_filter_text(f), "vcpu = ");
    unsigned vcpu = n ? g_ascii_strtoull(n + 7, NULL, 10) : c->vcpu;

    if (n && !c->process) {
        return FRAIL_MATCH_NO;
    }
    return vcpu != c->vcpu ? FRAIL_MATCH_NO :
           vcpu >= 100 && !c->has_result ? FRAIL_MATCH_LATER :
           FRAIL_MATCH_YES;
}

/* What an analyzer may do beside its verdict: noted. */
static gint events, pauses, kills, wheres;
static char event_text[512], last_where[4096];

int frail_event_emit(FrailAnalyzer *a, const FrailCall *c, const char *kind,
                     const FrailEventField *field, unsigned n)
{
    g_autoptr(GString) text = g_string_new(kind);

    g_assert_true(a == (FrailAnalyzer *)&registered);
    g_assert_nonnull(c);
    for (unsigned i = 0; i < n; i++) {
        g_string_append_printf(text, " %s=%s", field[i].name, field[i].text);
    }
    g_strlcpy(event_text, text->str, sizeof(event_text));
    return g_atomic_int_add(&events, 1) ? -ENOBUFS : 0;
}

int frail_vm_pause(FrailAnalyzer *a, const FrailCall *c, const char *reason)
{
    g_assert_true(a == (FrailAnalyzer *)&registered);
    g_assert_nonnull(c);
    g_assert_nonnull(reason);
    g_atomic_int_inc(&pauses);
    return 0;
}

int frail_call_kill(const FrailCall *c)
{
    if (c->process && c->process->pid == 1) {
        return -EPERM;
    }
    g_atomic_int_inc(&kills);
    return 0;
}

int frail_analyzer_set_where(FrailAnalyzer *a, const char *text,
                             const char **err G_GNUC_UNUSED)
{
    g_assert_true(a == (FrailAnalyzer *)&registered);
    g_strlcpy(last_where, text ? text : "all", sizeof(last_where));
    g_atomic_int_inc(&wheres);
    return 0;
}

static const FrailProcess somebody = { 1200, "/etc/shadow" };
static const FrailProcess *const usual_process = &somebody;

#endif /* FAKE_POLICY_H */
