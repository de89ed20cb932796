/*
 * A caller for the tests of filters, with all that they may ask of one, and a
 * count of what they have asked.  Included once, by a test program; it takes
 * the place of plugin/guest/.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_CALLER_H
#define FAKE_CALLER_H

#include <string.h>

#include "fake-user.h"
#include "filter/family.h"

struct FrailProcess {
    int32_t pid, tid, ppid, ns_tid;
    uint32_t uid[4], gid[4];
    const char *comm, *exe, *cwd, *root, *cgroup, *container;
    const char *fd3, *cmdline;
    size_t cmdline_len;
    uint64_t caps, ns;
    int32_t ancestors[3];       /* 0: no more */
    GuestNote note;
};

static FrailProcess caller;
static bool nobody;             /* the caller is not known */
static struct {
    unsigned process, exe, cgroup, tree, decode;
} asked;

const FrailProcess *frail_call_process(const FrailCall *c G_GNUC_UNUSED)
{
    asked.process++;
    return nobody ? NULL : &caller;
}

int32_t frail_process_pid(const FrailProcess *p) { return p->pid; }
int32_t frail_process_tid(const FrailProcess *p) { return p->tid; }
int32_t frail_process_ppid(const FrailProcess *p) { return p->ppid; }
int32_t frail_process_ns_tid(const FrailProcess *p) { return p->ns_tid; }
const char *frail_process_comm(const FrailProcess *p) { return p->comm; }
const char *frail_process_cwd(const FrailProcess *p) { return p->cwd; }
const char *frail_process_root(const FrailProcess *p) { return p->root; }

uint32_t frail_process_uid(const FrailProcess *p, FrailId which)
{
    return p->uid[which];
}

uint32_t frail_process_gid(const FrailProcess *p, FrailId which)
{
    return p->gid[which];
}

uint64_t frail_process_caps(const FrailProcess *p, FrailCapSet which)
{
    g_assert_cmpint(which, ==, FRAIL_CAP_EFFECTIVE);
    return p->caps;
}

uint64_t frail_process_namespace(const FrailProcess *p, FrailNamespace which)
{
    return p->ns ? p->ns + which : 0;
}

const char *frail_process_exe(const FrailProcess *p)
{
    asked.exe++;
    return p->exe;
}

const char *frail_process_cgroup(const FrailProcess *p)
{
    asked.cgroup++;
    return p->cgroup;
}

const char *frail_process_container(const FrailProcess *p)
{
    return p->container;
}

const char *frail_process_cmdline(const FrailProcess *p, size_t *len)
{
    *len = p->cmdline_len;
    return p->cmdline;
}

const char *frail_process_fd(const FrailProcess *p, int fd)
{
    return fd == 3 ? p->fd3 : NULL;
}

GuestNote *guest_note(const FrailProcess *p G_GNUC_UNUSED, uint32_t owner)
{
    if (caller.note.owner != owner) {
        caller.note = (GuestNote) { .owner = owner };
    }
    return &caller.note;
}

int family_descends(Family *f G_GNUC_UNUSED, const FrailProcess *p,
                    int32_t pid)
{
    asked.tree++;
    for (unsigned i = 0; i < G_N_ELEMENTS(p->ancestors); i++) {
        if (p->ancestors[i] == pid) {
            return 1;
        }
    }
    return p->ancestors[0] ? 0 : -1;
}

/* The texts of a call's arguments are what the test says. */
struct FrailDecoded {
    const char *name, *text;
    unsigned flags;
};

static FrailDecoded decoded = { "op", "FUTEX_WAIT", 0 };

FrailDecoded *frail_call_decode(const FrailCall *c G_GNUC_UNUSED,
                                const FrailDecodeOptions *opts)
{
    g_assert_cmpuint(opts->sz, ==, sizeof(*opts));
    asked.decode++;
    return &decoded;
}

void frail_decoded_free(FrailDecoded *d)
{
    asked.decode -= d ? 100 : 0;
}

unsigned frail_decoded_arg_count(const FrailDecoded *d G_GNUC_UNUSED)
{
    return 2;
}

const char *frail_decoded_arg_name(const FrailDecoded *d, unsigned i)
{
    return i == 1 ? d->name : "first";
}

const char *frail_decoded_arg_text(const FrailDecoded *d, unsigned i)
{
    return i == 1 ? d->text : "0";
}

unsigned frail_decoded_arg_flags(const FrailDecoded *d, unsigned i)
{
    return i == 1 ? d->flags : 0;
}

static void usual_caller(void)
{
    memset(&asked, 0, sizeof(asked));
    nobody = false;
    caller = (FrailProcess) {
        .pid = 1200, .tid = 1234, .ppid = 900, .ns_tid = 7,
        .uid = { 1000, 33, 1002, 1003 }, .gid = { 100, 34, 102, 103 },
        .comm = "sshd", .exe = "/usr/sbin/sshd", .cwd = "/home/user",
        .root = "/", .cgroup = "/system.slice/ssh.service",
        .fd3 = "/etc/ssh/sshd_config", .caps = 0x21, .ns = 4026531840,
        .cmdline = "sshd\0-D\0-p 22", .cmdline_len = sizeof("sshd -D -p 22"),
        .ancestors = { 1200, 900, 1 },
    };
}

#endif /* FAKE_CALLER_H */
