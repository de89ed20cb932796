/*
 * A task of the guest: who it is.
 *
 * What was read of a task is kept, and is right for as long as what it was
 * made of is unchanged: that is compared anew for every call (some 150 bytes),
 * so exec, setuid and the reuse of a task's memory need not be noticed by
 * other means.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "guest/discover.h"
#include "guest/internal.h"

#define PF_KTHREAD          0x00200000
#define PF_WQ_WORKER        0x00000020
#define RESCUER             "kworker/R-"

/* --- Reading a task ------------------------------------------------------ */

/* The members of a key: where they come from, and where they go. */
typedef struct KeyPart {
    GuestFieldId field;
    uint8_t at, size;       /* in TaskKey */
    bool needed;
} KeyPart;

#define PART(field, member, needed) \
    { F_ ## field, offsetof(TaskKey, member), \
      sizeof(((TaskKey *)NULL)->member), needed }

static const KeyPart task_parts[] = {
    PART(task_cred, cred, true),
    PART(task_pid, pid, true),
    PART(task_tgid, tgid, true),
    PART(task_start, start, true),
    PART(task_mm, mm, true),
    PART(task_parent, parent, true),
    PART(task_exec_id, exec_id, true),
    PART(task_cgroups, cgroups, false),
    PART(task_nsproxy, nsproxy, false),
    PART(task_static_prio, static_prio, false),
    PART(task_prio, prio, false),
    PART(task_policy, policy, false),
    PART(task_rt_priority, rt_priority, false),
};

static const KeyPart cred_parts[] = {
    PART(cred_uid, ids[0], true), PART(cred_gid, ids[1], true),
    PART(cred_suid, ids[2], true), PART(cred_sgid, ids[3], true),
    PART(cred_euid, ids[4], true), PART(cred_egid, ids[5], true),
    PART(cred_fsuid, ids[6], true), PART(cred_fsgid, ids[7], true),
};

G_STATIC_ASSERT(G_N_ELEMENTS(task_parts) == KEY_TASK_FIELDS);
G_STATIC_ASSERT(G_N_ELEMENTS(cred_parts) == KEY_CRED_FIELDS);

uint64_t guest_optional(FrailGuestCpu *c, uint64_t base, GuestFieldId id)
{
    uint64_t value;

    return kread_field(c, base, id, &value) ? value : 0;
}

static bool read_parts(FrailGuestCpu *c, uint64_t base, const KeyPart *part,
                       unsigned n, TaskKey *key)
{
    for (unsigned i = 0; i < n; i++) {
        uint64_t value;

        if (!kread_field(c, base, part[i].field, &value) && part[i].needed) {
            return false;
        }
        memcpy((uint8_t *)key + part[i].at, &value, part[i].size);
    }
    return true;
}

bool guest_read_key(FrailGuestCpu *c, uint64_t task, TaskKey *key)
{
    const GuestField *comm = guest_field(c, F_task_comm);

    memset(key, 0, sizeof(*key));
    if (!guest_is_kernel(task) ||
        !read_parts(c, task, task_parts, KEY_TASK_FIELDS, key) ||
        !guest_is_kernel(key->cred) ||
        !read_parts(c, key->cred, cred_parts, KEY_CRED_FIELDS, key) ||
        !kread(c, task + comm->offset, key->comm,
               MIN(comm->size, sizeof(key->comm)))) {
        return false;
    }
    key->comm[sizeof(key->comm) - 1] = '\0';
    return true;
}

/* The host's address of a member; NULL when it is in no page, or in two. */
static const uint8_t *host_of(FrailGuestCpu *c, uint64_t base,
                              GuestFieldId id, size_t size)
{
    uint64_t va = base + guest_field(c, id)->offset;

    if ((va & ~FRAIL_PAGE_MASK) + size > FRAIL_PAGE_SIZE) {
        return NULL;
    }
    return frail_mem_pointer(c->mem, c->kernel, va);
}

static void remember_parts(FrailGuestCpu *c, FrailProcess *p)
{
    unsigned n = 0;

    for (unsigned i = 0; i < KEY_TASK_FIELDS; i++, n++) {
        p->part[n] = host_of(c, p->task, task_parts[i].field, 8);
    }
    for (unsigned i = 0; i < KEY_CRED_FIELDS; i++, n++) {
        p->part[n] = host_of(c, p->key.cred, cred_parts[i].field, 8);
    }
    p->part[n] = host_of(c, p->task, F_task_comm, GUEST_COMM_LEN);
    p->seen = c->mem->seen;
}

/*
 * Is @p what it was?  Without a walk: the kernel's structures stay where they
 * are, and what lies there is either the same task or differs in its key.
 */
static bool unchanged(const FrailGuestCpu *c, const FrailProcess *p)
{
    const GuestField *f = c->k->types.field;
    const uint8_t *comm = p->part[KEY_PARTS - 1];

    if (p->seen != c->mem->seen || !comm ||
        memcmp(comm, p->key.comm, GUEST_COMM_LEN - 1)) {
        return false;
    }
    for (unsigned i = 0; i < KEY_PARTS - 1; i++) {
        const KeyPart *part = i < KEY_TASK_FIELDS ? &task_parts[i] :
            &cred_parts[i - KEY_TASK_FIELDS];
        size_t size = MIN(f[part->field].size, part->size);

        if (size && (!p->part[i] ||
                     memcmp(p->part[i], (const uint8_t *)&p->key + part->at,
                            size))) {
            return false;
        }
    }
    return true;
}

uint64_t guest_pgd(FrailGuestCpu *c, uint64_t mm)
{
    uint64_t pgd, gpa;

    if (!guest_is_kernel(mm) || !kread_pointer(c, mm, F_mm_pgd, &pgd) ||
        !frail_mem_walk(c->mem, c->kernel, pgd, &gpa)) {
        return 0;
    }
    return gpa;
}

/* The thread's number in its own pid namespace, and how deep that lies. */
static int32_t own_pid(FrailGuestCpu *c, uint64_t task, uint32_t *depth)
{
    uint64_t pid, level, nr;
    const GuestField *numbers = guest_field(c, F_pid_numbers);

    if (!c->k->types.sizeof_upid || !numbers->size ||
        !kread_pointer(c, task, F_task_thread_pid, &pid) ||
        !kread_field(c, pid, F_pid_level, &level) || level > GUEST_PID_LEVELS ||
        !kread_field(c, pid + numbers->offset +
                     level * c->k->types.sizeof_upid, F_upid_nr, &nr)) {
        return 0;
    }
    *depth = level;
    return nr;
}

static int32_t parent_pid(FrailGuestCpu *c, uint64_t parent)
{
    uint64_t tgid;

    return guest_is_kernel(parent) &&
        kread_field(c, parent, F_task_tgid, &tgid) ? (int32_t)tgid : 0;
}

/* --- The current one ----------------------------------------------------- */

static FrailProcess *slot_of(FrailGuestCpu *c, uint64_t task)
{
    /* Tasks are some KiB apart: mix the upper bits down. */
    uint64_t hash = (task >> 6) * UINT64_C(0x9e3779b97f4a7c15);

    return &c->cache[hash >> 56];
}

G_STATIC_ASSERT(GUEST_CACHE == 256);

/* The address of the CPU's current task, by a pointer kept from last time. */
static bool read_current(FrailGuestCpu *c, uint64_t *task)
{
    if (!c->current || c->current_seen != c->mem->seen ||
        c->current_cr3 != c->kernel.cr3) {
        uint64_t va = c->percpu + c->k->current_offset;

        c->current = va % 8 || !guest_is_kernel(va) ? NULL :
            frail_mem_pointer(c->mem, c->kernel, va);
        c->current_seen = c->mem->seen;
        c->current_cr3 = c->kernel.cr3;
    }
    if (!c->current) {
        return false;
    }
    *task = __atomic_load_n((const uint64_t *)c->current, __ATOMIC_RELAXED);
    return guest_is_kernel(*task);
}

static const FrailProcess *find_process(FrailGuestCpu *c)
{
    const GuestCpuState *state = &c->state;
    const char *why;
    uint64_t task, pgd;
    FrailProcess *p;
    TaskKey key;

    if (!state->lstar || !state->percpu ||
        !guest_discover(c, state, false, &why) || !read_current(c, &task)) {
        return NULL;
    }
    p = slot_of(c, task);
    if (p->task == task && p->cr3 == c->kernel.cr3 && unchanged(c, p)) {
        p->ppid = parent_pid(c, p->key.parent);
        return p;
    }
    if (!guest_read_key(c, task, &key)) {
        return NULL;
    }
    /*
     * Whoever makes calls has an address space, and it is in use.  A caller
     * that contradicts itself is nobody.
     */
    pgd = guest_pgd(c, key.mm);
    if (key.pid <= 0 || key.tgid <= 0 || pgd != c->kernel.cr3) {
        __atomic_add_fetch(&c->guest->rejected, 1, __ATOMIC_RELAXED);
        return NULL;
    }
    p->cpu = c;
    p->task = task;
    p->cr3 = c->kernel.cr3;
    p->pgd = pgd;
    p->key = key;
    p->ppid = parent_pid(c, key.parent);
    p->ns_tid = own_pid(c, task, &p->ns_level);
    remember_parts(c, p);
    memset(p->note, 0, sizeof(p->note));
    return p;
}

GuestNote *guest_note(const FrailProcess *p, uint32_t owner)
{
    /* All processes are in the cache of their vCPU, which is not constant. */
    GuestNote *note = (GuestNote *)&p->note[owner & (GUEST_NOTES - 1)];

    if (note->owner != owner) {
        *note = (GuestNote) { .owner = owner };
    }
    return note;
}

void guest_begin(FrailGuestCpu *c, const GuestCpuState *state)
{
    c->state = *state;
    c->asked = false;
}

const FrailProcess *guest_process(FrailGuestCpu *c)
{
    if (!c->asked) {
        c->process = find_process(c);
        c->asked = true;
    }
    return c->process;
}

/* --- Names and command lines --------------------------------------------- */

/*
 * The name that /proc/PID/comm does not show: proc_task_name() in
 * fs/proc/array.c, wq_worker_comm() and format_worker_id() in
 * kernel/workqueue.c (6.12).
 */
void guest_task_name(FrailGuestCpu *c, uint64_t task, const TaskKey *key,
                     FrailText *out)
{
    uint64_t flags = guest_optional(c, task, F_task_flags), kthread, data;
    const GuestField *desc = guest_field(c, F_worker_desc);
    const GuestField *wq_name = guest_field(c, F_wq_name);
    char text[GUEST_TASK_NAME];

    if (!(flags & PF_KTHREAD) ||
        !kread_pointer(c, task, F_task_kthread, &kthread)) {
        text_str(out, key->comm);
        return;
    }
    if (!(flags & PF_WQ_WORKER)) {
        if (kread_pointer(c, kthread, F_kthread_full_name, &data) &&
            kread_string(c, data, text, sizeof(text))) {
            text_str(out, text);
        } else {
            text_str(out, key->comm);
        }
        return;
    }
    memset(text, 0, sizeof(text));
    /* In 6.12, not in 6.1, rescuers are called so, and longer than comm */
    if (g_str_has_prefix(key->comm, RESCUER) && wq_name->size &&
        kread_pointer(c, kthread, F_kthread_data, &data) &&
        kread_pointer(c, data, F_worker_rescue_wq, &data) &&
        kread(c, data + wq_name->offset, text,
              MIN(wq_name->size, sizeof(text) - sizeof(RESCUER)))) {
        text_str(out, RESCUER);
        text_str(out, text);
        return;
    }
    text_str(out, key->comm);
    if (desc->size && kread_pointer(c, kthread, F_kthread_data, &data) &&
        guest_optional(c, data, F_worker_pool) &&
        kread(c, data + desc->offset, text,
              MIN(desc->size, sizeof(text) - 1)) && *text) {
        text_char(out, guest_optional(c, data, F_worker_current_work) ?
                  '+' : '-');
        text_str(out, text);
    }
    if (out->len > GUEST_TASK_NAME - 1) {
        out->len = GUEST_TASK_NAME - 1;
    }
}

/* As the kernel reads another process's memory. */
static size_t read_user(FrailGuestCpu *c, uint64_t pgd, uint64_t va,
                        char *buf, size_t len)
{
    FrailSpace space = {
        .cr3 = pgd, .la57 = c->kernel.la57, .user = true,
    };

    return frail_mem_read(c->mem, space, va, buf, len);
}

/* As much of @start to @end as there is room for in @out, from there on. */
static size_t append_user(FrailGuestCpu *c, uint64_t pgd, uint64_t start,
                          uint64_t end, FrailText *out)
{
    size_t len = MIN(end - start, out->size - out->len);
    size_t got = read_user(c, pgd, start, out->buf + out->len, len);

    out->cut |= len < end - start;
    out->len += got;
    return got;
}

/*
 * get_mm_cmdline() and get_mm_proctitle() in fs/proc/base.c (6.12): arguments
 * that no longer end in a zero were overwritten by setproctitle(3), and go on
 * into the environment up to the first one.
 */
bool guest_cmdline(FrailGuestCpu *c, uint64_t mm, uint64_t pgd,
                   FrailText *out)
{
    uint64_t start, end, env_start, env_end;
    size_t from = out->len, got;
    char last;

    if (!pgd || !kread_field(c, mm, F_mm_arg_start, &start) ||
        !kread_field(c, mm, F_mm_arg_end, &end) ||
        !kread_field(c, mm, F_mm_env_start, &env_start) ||
        !kread_field(c, mm, F_mm_env_end, &env_end) || start >= end) {
        return false;
    }
    if (env_start != end || env_end < env_start) {
        env_end = end;
    }
    if (read_user(c, pgd, end - 1, &last, 1) == 1 && last) {
        end = MIN(env_end, start + FRAIL_PAGE_SIZE);
        got = append_user(c, pgd, start, end, out);
        out->len = from + MIN(strnlen(out->buf + from, got) + 1, got);
        return got;
    }
    return append_user(c, pgd, start, end, out);
}

bool guest_exe_text(FrailGuestCpu *c, uint64_t mm, FrailText *out)
{
    uint64_t file;

    return guest_is_kernel(mm) &&
        kread_pointer(c, mm, F_mm_exe_file, &file) &&
        guest_file_text(c, file, out);
}
