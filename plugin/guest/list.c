/*
 * All processes of the guest, from its list of tasks.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>

#include "guest/discover.h"
#include "guest/internal.h"

#define TASKS_MAX       65536u
#define RETRIES         3
/* Bytes of a command line, of all together, and of each when that is used up */
#define ARGS_MAX        (128u << 10)
#define ARGS_TOTAL      (16u << 20)
#define ARGS_LEAST      256u
#define PF_KTHREAD      0x00200000
#define EXIT_ZOMBIE     0x20
#define EXIT_DEAD       0x10

static int by_pid(const void *a, const void *b, void *opaque G_GNUC_UNUSED)
{
    const uint64_t *x = a, *y = b;

    return x[1] < y[1] ? -1 : x[1] > y[1];
}

/*
 * The leaders of all thread groups, as (task, pid).  Other vCPUs go on and
 * change the list: a link that does not point back means that it did, just
 * there; and a circle that does not come back to its start is no list.
 */
static bool collect(FrailGuestCpu *c, uint64_t start, GArray *list,
                    const char **why)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash,
                                                  g_direct_equal);
    const uint64_t link = guest_field(c, F_task_tasks)->offset;
    uint64_t task = start;

    g_array_set_size(list, 0);
    do {
        uint64_t next, back, entry[2] = { task };

        if (g_hash_table_size(seen) >= TASKS_MAX ||
            !g_hash_table_add(seen, (gpointer)task)) {
            *why = "the guest's list of tasks has no end (65536 at most)";
            return false;
        }
        if (!kread_field(c, task, F_task_pid, &entry[1]) ||
            !kread(c, task + link, &next, sizeof(next)) ||
            !kread(c, next + 8, &back, sizeof(back)) ||
            back != task + link) {
            *why = "the guest's list of tasks changes, or is broken";
            return false;
        }
        if ((int32_t)entry[1] > 0) {
            g_array_append_val(list, entry);
        }
        task = next - link;
    } while (task != start);
    g_array_sort_with_data(list, by_pid, NULL);
    return true;
}

static FrailText text_in(FrailGuestCpu *c, unsigned which)
{
    FrailText t;

    text_init(&t, c->text[which], sizeof(c->text[which]));
    return t;
}

static bool describe(FrailGuestCpu *c, uint64_t task, FrailText args,
                     FrailProcessInfo *p)
{
    FrailText exe = text_in(c, TEXT_EXE), name = text_in(c, TEXT_FD);
    FrailText cgroup = text_in(c, TEXT_CGROUP);
    uint64_t tgid, flags = 0, exit_state = 0;
    TaskKey key;

    if (!guest_read_key(c, task, &key) || key.pid <= 0) {
        return false;
    }
    kread_field(c, task, F_task_flags, &flags);
    kread_field(c, task, F_task_exit_state, &exit_state);
    if (exit_state & EXIT_DEAD) {
        return false;           /* gone, as for /proc */
    }
    *p = (FrailProcessInfo) {
        .sz = sizeof(*p),
        .pid = key.pid,
        .ppid = guest_is_kernel(key.parent) &&
                kread_field(c, key.parent, F_task_tgid, &tgid) ?
                (int32_t)tgid : 0,
        .uid = key.ids[4],
        .nice = key.static_prio - 120,
        .priority = key.prio,
        .policy = key.policy,
        .rt_priority = key.rt_priority,
        .state = exit_state & EXIT_ZOMBIE ? 'Z' : 0,
        .kernel_thread = flags & PF_KTHREAD,
        .start_ns = key.start,
    };
    guest_task_name(c, task, &key, &name);
    p->name = text_terminate(&name);
    if (!p->kernel_thread && guest_is_kernel(key.mm)) {
        uint64_t pgd = guest_pgd(c, key.mm);

        if (guest_cmdline(c, key.mm, pgd, &args)) {
            p->cmdline_len = args.len;
            p->cmdline = text_terminate(&args);
        }
        if (guest_exe_text(c, key.mm, &exe)) {
            p->exe = text_terminate(&exe);
        }
    }
    if (guest_cgroup_text(c, task, &cgroup)) {
        p->cgroup = text_terminate(&cgroup);
        if (guest_container_id(p->cgroup, c->text[TEXT_CONTAINER],
                               sizeof(c->text[0]))) {
            p->container = c->text[TEXT_CONTAINER];
        }
    }
    return true;
}

/*
 * init_task, the parent of all, and its own: idle tasks of other CPUs are not
 * on the list.
 */
static bool find_init(FrailGuestCpu *c, uint64_t *task)
{
    for (unsigned i = 0; i < TASKS_MAX; i++) {
        uint64_t parent;

        if (!kread_pointer(c, *task, F_task_parent, &parent)) {
            return false;
        }
        if (parent == *task) {
            return true;
        }
        *task = parent;
    }
    return false;
}

static bool first_task(FrailGuestCpu *c, const GuestCpuState *state,
                       uint64_t percpu_alt, uint64_t *task, const char **why)
{
    const uint64_t bases[] = { state->percpu, percpu_alt };

    *why = "the vCPU has not started a kernel that is known";
    for (unsigned i = 0; i < G_N_ELEMENTS(bases); i++) {
        GuestCpuState s = *state;

        s.percpu = bases[i];
        if (guest_is_kernel(s.percpu) && s.lstar &&
            guest_discover(c, &s, true, why) &&
            kread(c, s.percpu + c->k->current_offset, task, sizeof(*task)) &&
            find_init(c, task)) {
            return true;
        }
    }
    return false;
}

int guest_list_processes(FrailGuestCpu *c, const GuestCpuState *state,
                         uint64_t percpu_alt, FrailProcessFn *fn,
                         void *opaque, const char **why)
{
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, 2 * sizeof(uint64_t));
    g_autofree char *args = g_malloc(ARGS_MAX);
    size_t left = ARGS_TOTAL;
    uint64_t first;
    int n = 0;

    if (!first_task(c, state, percpu_alt, &first, why)) {
        return -ENODATA;
    }
    for (unsigned i = 0; !collect(c, first, list, why); i++) {
        if (i == RETRIES) {
            return -EAGAIN;
        }
    }
    for (unsigned i = 0; i < list->len; i++) {
        uint64_t *entry = (uint64_t *)list->data + 2 * i;
        FrailProcessInfo p;
        FrailText t;

        text_init(&t, args, MIN(ARGS_MAX, left + ARGS_LEAST));
        if (describe(c, entry[0], t, &p)) {
            fn(&p, opaque);
            left -= MIN(left, p.cmdline_len);
            n++;
        }
    }
    return n;
}
