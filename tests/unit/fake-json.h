/*
 * Processes and decoded arguments of the made-up guest, as a test wants them.
 * Included by fake-qemu.h.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_JSON_H
#define FAKE_JSON_H

struct FrailProcess {
    int32_t tid, pid, ppid, ns_tid;
    uint64_t start_ns;
    const char *comm, *exe, *cwd, *root, *cgroup, *container, *cmdline;
    size_t cmdline_len;
    uint32_t uid[4], gid[4];
    uint64_t caps[5], ns[8];
};

/* What a call's arguments are decoded to; a copy is in use. */
struct FrailDecoded {
    unsigned n;
    struct {
        const char *name, *text, *text_at_return;
        unsigned flags;
    } arg[6];
    uint64_t raw[6];            /* what was passed */
    const char *result;
    const char *name;           /* NULL: the call's own */
    bool finished;
};

/* --- Who makes the call -------------------------------------------------- */

const FrailProcess *frail_call_process(const FrailCall *c)
{
    return c->process;
}

/* Nobody, unless the test says who. */
static const FrailProcess *const usual_process;

#define PROCESS_GETTER(type, name) \
    type frail_process_##name(const FrailProcess *p) { return p->name; }

PROCESS_GETTER(int32_t, tid)
PROCESS_GETTER(int32_t, pid)
PROCESS_GETTER(int32_t, ppid)
PROCESS_GETTER(int32_t, ns_tid)
PROCESS_GETTER(uint64_t, start_ns)
PROCESS_GETTER(const char *, comm)
PROCESS_GETTER(const char *, exe)
PROCESS_GETTER(const char *, cwd)
PROCESS_GETTER(const char *, root)
PROCESS_GETTER(const char *, cgroup)
PROCESS_GETTER(const char *, container)

uint32_t frail_process_uid(const FrailProcess *p, FrailId which)
{
    return which < 4 ? p->uid[which] : UINT32_MAX;
}

uint32_t frail_process_gid(const FrailProcess *p, FrailId which)
{
    return which < 4 ? p->gid[which] : UINT32_MAX;
}

uint64_t frail_process_caps(const FrailProcess *p, FrailCapSet which)
{
    return p->caps[which];
}

uint64_t frail_process_namespace(const FrailProcess *p, FrailNamespace which)
{
    return p->ns[which];
}

const char *frail_process_cmdline(const FrailProcess *p, size_t *len)
{
    *len = p->cmdline_len;
    return p->cmdline;
}

/* --- Decoded arguments --------------------------------------------------- */

static gint decoded_in_use;
static FrailDecodeOptions decoded_with;

FrailDecoded *frail_call_decode(const FrailCall *c,
                                const FrailDecodeOptions *opts)
{
    FrailDecoded *d;

    g_assert_cmpuint(opts->sz, ==, sizeof(*opts));
    decoded_with = *opts;
    if (!c->decoded) {
        return NULL;
    }
    g_atomic_int_inc(&decoded_in_use);
    d = g_memdup2(c->decoded, sizeof(*c->decoded));
    memcpy(d->raw, c->args, sizeof(d->raw));
    d->name = d->name ? d->name : frail_call_name(c);
    return d;
}

const char *frail_decoded_name(const FrailDecoded *d) { return d->name; }

void frail_decoded_finish(FrailDecoded *d, const FrailCall *c G_GNUC_UNUSED)
{
    g_assert_false(d->finished);
    d->finished = true;
}

void frail_decoded_free(FrailDecoded *d)
{
    if (d) {
        g_atomic_int_add(&decoded_in_use, -1);
        g_free(d);
    }
}

unsigned frail_decoded_arg_count(const FrailDecoded *d) { return d->n; }

const char *frail_decoded_arg_name(const FrailDecoded *d, unsigned i)
{
    g_assert_cmpuint(i, <, d->n);
    return d->arg[i].name;
}

uint64_t frail_decoded_arg_raw(const FrailDecoded *d, unsigned i)
{
    g_assert_cmpuint(i, <, d->n);
    return d->raw[i];
}

const char *frail_decoded_arg_text(const FrailDecoded *d, unsigned i)
{
    g_assert_cmpuint(i, <, d->n);
    return d->finished && d->arg[i].text_at_return ?
           d->arg[i].text_at_return : d->arg[i].text;
}

unsigned frail_decoded_arg_flags(const FrailDecoded *d, unsigned i)
{
    g_assert_cmpuint(i, <, d->n);
    return d->arg[i].flags;
}

const char *frail_decoded_result(const FrailDecoded *d)
{
    g_assert_true(d->finished);
    return d->result;
}

#endif /* FAKE_JSON_H */
