/*
 * Processes and decoded arguments of the made-up guest, as the strace analyzer
 * needs them.  Included by fake-qemu.h.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_STRACE_H
#define FAKE_STRACE_H

/* Who makes it. */
struct FrailProcess {
    int32_t tid, pid;
    uint32_t uid;
    const char *comm;
};

const FrailProcess *frail_call_process(const FrailCall *c)
{
    return c->process;
}

int32_t frail_process_tid(const FrailProcess *p) { return p->tid; }
int32_t frail_process_pid(const FrailProcess *p) { return p->pid; }
const char *frail_process_comm(const FrailProcess *p) { return p->comm; }

uint32_t frail_process_uid(const FrailProcess *p, FrailId which)
{
    return which == FRAIL_ID_EFFECTIVE ? p->uid : 9999;
}

static const FrailProcess somebody = { 1234, 1200, 33, "sh" };
static const FrailProcess *const usual_process = &somebody;

/*
 * A decoder that knows read()'s buffer for what the kernel writes, clone()'s
 * first argument for one with a name, and socketcall for socket.
 */
struct FrailDecoded {
    FrailDecodeOptions opts;
    FrailAbi abi;
    int64_t nr;
    unsigned n;
    char text[6][64];
    char result[64];
    bool finished;
};

static gint decoded_in_use;
static bool no_room;            /* nothing is decoded */

FrailDecoded *frail_call_decode(const FrailCall *c,
                                const FrailDecodeOptions *opts)
{
    FrailDecoded *d;

    if (no_room) {
        return NULL;
    }
    g_assert_cmpuint(opts->sz, ==, sizeof(*opts));
    d = g_new0(FrailDecoded, 1);
    g_atomic_int_inc(&decoded_in_use);
    d->opts = *opts;
    d->abi = c->abi;
    d->nr = c->nr;
    d->n = frail_call_arg_count(c);
    for (unsigned i = 0; i < d->n; i++) {
        snprintf(d->text[i], sizeof(d->text[i]), "%#lx", (long)c->args[i]);
    }
    return d;
}

void frail_decoded_finish(FrailDecoded *d, const FrailCall *c)
{
    d->finished = true;
    if (d->nr == 0) {
        strcpy(d->text[1], "\"text\"");
    } else if (d->nr == 435) {
        strcat(d->text[0], " => {5}");
    }
    if (!c->has_result) {
        strcpy(d->result, c->restarts ? "? ERESTARTSYS (again)" : "?");
    } else if (c->result < 0 && c->result >= -4095) {
        const char *name = frail_errno_name(-c->result);

        snprintf(d->result, sizeof(d->result), "-1 %s (Words)",
                 name ? name : "?");
    } else {
        snprintf(d->result, sizeof(d->result), "%ld", (long)c->result);
    }
}

void frail_decoded_free(FrailDecoded *d)
{
    if (d) {
        g_atomic_int_add(&decoded_in_use, -1);
        g_free(d);
    }
}

const char *frail_decoded_name(const FrailDecoded *d)
{
    const char *name = frail_syscall_name(d->abi, d->nr);

    return name && !strcmp(name, "socketcall") ? "socket" : name;
}

unsigned frail_decoded_arg_count(const FrailDecoded *d) { return d->n; }

const char *frail_decoded_arg_name(const FrailDecoded *d, unsigned i)
{
    g_assert_cmpuint(i, <, d->n);
    return "name";
}

const char *frail_decoded_arg_text(const FrailDecoded *d, unsigned i)
{
    g_assert_cmpuint(i, <, d->n);
    return d->text[i];
}

unsigned frail_decoded_arg_flags(const FrailDecoded *d, unsigned i)
{
    return d->nr == 0 && i == 1 ? FRAIL_ARG_OUT :
           d->nr == 56 && i == 0 ? FRAIL_ARG_NAMED : 0;
}

const char *frail_decoded_result(const FrailDecoded *d)
{
    g_assert_true(d->finished);
    return d->result;
}

#endif /* FAKE_STRACE_H */
