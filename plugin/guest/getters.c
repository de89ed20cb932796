/*
 * What analyzers may ask of a process; see frail-plugin.h.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guest/internal.h"

#define PF_KTHREAD          0x00200000

int32_t frail_process_tid(const FrailProcess *p)
{
    return p->key.pid;
}

int32_t frail_process_pid(const FrailProcess *p)
{
    return p->key.tgid;
}

int32_t frail_process_ppid(const FrailProcess *p)
{
    return p->ppid;
}

int32_t frail_process_ns_tid(const FrailProcess *p)
{
    return p->ns_tid;
}

/* A thread other than the first does not tell whose id the process has. */
int32_t guest_kill_id(const FrailProcess *p)
{
    bool first_thread = p->key.pid == p->key.tgid;

    if (p->ns_tid <= 0 || (p->ns_level && !first_thread)) {
        return 0;
    }
    return p->ns_level ? (p->ns_tid == 1 ? 0 : p->ns_tid) :
        (p->key.tgid == 1 ? 0 : p->ns_tid);
}

uint64_t frail_process_start_ns(const FrailProcess *p)
{
    uint64_t leader, start;

    if (p->gone) {
        return p->leader_start;
    }
    /* That of the process, not of the thread. */
    if (p->key.pid != p->key.tgid &&
        kread_pointer(p->cpu, p->task, F_task_leader, &leader) &&
        kread_field(p->cpu, leader, F_task_start, &start)) {
        return start;
    }
    return p->key.start;
}

const char *frail_process_comm(const FrailProcess *p)
{
    return p->key.comm;
}

uint32_t frail_process_uid(const FrailProcess *p, FrailId which)
{
    static const uint8_t at[] = { 0, 4, 2, 6 };

    return (unsigned)which < sizeof(at) ? p->key.ids[at[which]] : UINT32_MAX;
}

uint32_t frail_process_gid(const FrailProcess *p, FrailId which)
{
    static const uint8_t at[] = { 1, 5, 3, 7 };

    return (unsigned)which < sizeof(at) ? p->key.ids[at[which]] : UINT32_MAX;
}

uint64_t frail_process_caps(const FrailProcess *p, FrailCapSet which)
{
    static const GuestFieldId fields[] = {
        [FRAIL_CAP_EFFECTIVE] = F_cred_effective,
        [FRAIL_CAP_PERMITTED] = F_cred_permitted,
        [FRAIL_CAP_INHERITABLE] = F_cred_inheritable,
        [FRAIL_CAP_BOUNDING] = F_cred_bset,
        [FRAIL_CAP_AMBIENT] = F_cred_ambient,
    };

    return (unsigned)which < G_N_ELEMENTS(fields) && !p->gone ?
        guest_optional(p->cpu, p->key.cred, fields[which]) : 0;
}

int frail_process_sched_policy(const FrailProcess *p)
{
    return p->key.policy;
}

int frail_process_nice(const FrailProcess *p)
{
    return p->key.static_prio - 120;    /* PRIO_TO_NICE() */
}

int frail_process_rt_priority(const FrailProcess *p)
{
    return p->key.rt_priority;
}

bool frail_process_is_kernel_thread(const FrailProcess *p)
{
    return !p->gone &&
        guest_optional(p->cpu, p->task, F_task_flags) & PF_KTHREAD;
}

uint64_t frail_process_namespace(const FrailProcess *p, FrailNamespace which)
{
    static const struct {
        GuestFieldId pointer, inum;
    } spaces[] = {
        [FRAIL_NS_CGROUP] = { F_nsproxy_cgroup, F_cgroup_inum },
        [FRAIL_NS_IPC] = { F_nsproxy_ipc, F_ipc_inum },
        [FRAIL_NS_MNT] = { F_nsproxy_mnt, F_mnt_inum },
        [FRAIL_NS_NET] = { F_nsproxy_net, F_net_inum },
        [FRAIL_NS_TIME] = { F_nsproxy_time, F_time_inum },
        [FRAIL_NS_UTS] = { F_nsproxy_uts, F_uts_inum },
    };
    FrailGuestCpu *c = p->cpu;
    const GuestField *numbers = guest_field(c, F_pid_numbers);
    uint64_t ns, pid, level;

    if (p->gone) {
        return 0;
    }
    switch (which) {
    case FRAIL_NS_USER:
        return kread_pointer(c, p->key.cred, F_cred_user_ns, &ns) ?
            guest_optional(c, ns, F_user_inum) : 0;
    case FRAIL_NS_PID:
        /* Its own, not the one that its children will be in. */
        return numbers->size &&
            kread_pointer(c, p->task, F_task_thread_pid, &pid) &&
            kread_field(c, pid, F_pid_level, &level) &&
            level <= GUEST_PID_LEVELS &&
            kread_pointer(c, pid + numbers->offset +
                          level * c->k->types.sizeof_upid, F_upid_ns, &ns) ?
            guest_optional(c, ns, F_pid_inum) : 0;
    default:
        return (unsigned)which < G_N_ELEMENTS(spaces) &&
            guest_is_kernel(p->key.nsproxy) &&
            kread_pointer(c, p->key.nsproxy, spaces[which].pointer, &ns) ?
            guest_optional(c, ns, spaces[which].inum) : 0;
    }
}

static FrailText text_for(FrailGuestCpu *c, unsigned which)
{
    FrailText t;

    text_init(&t, c->text[which], sizeof(c->text[which]));
    return t;
}

const char *frail_process_exe(const FrailProcess *p)
{
    FrailText t = text_for(p->cpu, TEXT_EXE);

    return !p->gone && guest_exe_text(p->cpu, p->key.mm, &t) ?
        text_terminate(&t) : NULL;
}

const char *frail_process_cwd(const FrailProcess *p)
{
    FrailText t = text_for(p->cpu, TEXT_CWD);

    return !p->gone && guest_cwd_text(p->cpu, p, &t) ?
        text_terminate(&t) : NULL;
}

const char *frail_process_root(const FrailProcess *p)
{
    FrailText t = text_for(p->cpu, TEXT_ROOT);

    return !p->gone && guest_root_text(p->cpu, p, &t) ?
        text_terminate(&t) : NULL;
}

const char *frail_process_cgroup(const FrailProcess *p)
{
    FrailText t = text_for(p->cpu, TEXT_CGROUP);

    return !p->gone && guest_cgroup_text(p->cpu, p->task, &t) ?
        text_terminate(&t) : NULL;
}

const char *frail_process_container(const FrailProcess *p)
{
    char *id = p->cpu->text[TEXT_CONTAINER];
    const char *cgroup = frail_process_cgroup(p);

    return cgroup && guest_container_id(cgroup, id,
                                        sizeof(p->cpu->text[0])) ? id : NULL;
}

const char *frail_process_cmdline(const FrailProcess *p, size_t *len)
{
    FrailText t = text_for(p->cpu, TEXT_CMDLINE);

    if (p->gone || !guest_cmdline(p->cpu, p->key.mm, p->pgd, &t)) {
        return NULL;
    }
    *len = t.len;
    return text_terminate(&t);
}

const char *frail_process_fd(const FrailProcess *p, int fd)
{
    FrailText t = text_for(p->cpu, TEXT_FD);

    return !p->gone && guest_fd_path(p->cpu, p, fd, &t) ?
        text_terminate(&t) : NULL;
}
