/*
 * Who makes a call: identity, what is kept of it, and the list of processes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fake-guest.h"

#define KEPT    4       /* map_page calls when nothing has to be read anew */

static const FrailProcess *ask(FakeGuest *g)
{
    const FrailProcess *p = fg_ask(g);

    g_assert_nonnull(p);
    return p;
}

static void test_getters(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_PCPU_HOT });
    FgTask *thread;
    const FrailProcess *p;
    const char *line;
    size_t len = 0;

    g->task->tgid = 1200;
    g->task->static_prio = 130;
    g->task->policy = 3;
    g->task->rt_priority = 7;
    p = ask(g);
    g_assert_cmpint(frail_process_tid(p), ==, 1234);
    g_assert_cmpint(frail_process_pid(p), ==, 1200);
    g_assert_cmpint(frail_process_ppid(p), ==, 1);
    g_assert_cmpint(frail_process_ns_tid(p), ==, 41234);
    g_assert_cmpuint(frail_process_uid(p, FRAIL_ID_REAL), ==, 1000);
    g_assert_cmpuint(frail_process_gid(p, FRAIL_ID_REAL), ==, 1001);
    g_assert_cmpuint(frail_process_uid(p, FRAIL_ID_SAVED), ==, 1002);
    g_assert_cmpuint(frail_process_gid(p, FRAIL_ID_SAVED), ==, 1003);
    g_assert_cmpuint(frail_process_uid(p, FRAIL_ID_EFFECTIVE), ==, 1004);
    g_assert_cmpuint(frail_process_gid(p, FRAIL_ID_EFFECTIVE), ==, 1005);
    g_assert_cmpuint(frail_process_uid(p, 3), ==, 1006);
    g_assert_cmpuint(frail_process_gid(p, 3), ==, 1007);
    g_assert_cmpuint(frail_process_uid(p, 4), ==, UINT32_MAX);
    g_assert_cmphex(frail_process_caps(p, FRAIL_CAP_INHERITABLE), ==, 1);
    g_assert_cmphex(frail_process_caps(p, FRAIL_CAP_PERMITTED), ==, 3);
    g_assert_cmphex(frail_process_caps(p, FRAIL_CAP_EFFECTIVE), ==,
                    0x1ffffffffff);
    g_assert_cmphex(frail_process_caps(p, FRAIL_CAP_BOUNDING), ==, 7);
    g_assert_cmphex(frail_process_caps(p, FRAIL_CAP_AMBIENT), ==, 15);
    g_assert_cmpint(frail_process_nice(p), ==, 10);
    g_assert_cmpint(frail_process_sched_policy(p), ==, 3);
    g_assert_cmpint(frail_process_rt_priority(p), ==, 7);
    g_assert_false(frail_process_is_kernel_thread(p));
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_UTS), ==,
                     4026531000);
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_IPC), ==,
                     4026531001);
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_MNT), ==,
                     4026531002);
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_NET), ==,
                     4026531003);
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_TIME), ==,
                     4026531004);
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_CGROUP), ==,
                     4026531005);
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_USER), ==,
                     4026531837);
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_PID), ==,
                     4026532000);
    g_assert_cmpuint(frail_process_namespace(p, 99), ==, 0);
    /* A thread of a container: which id its process has there is not told. */
    g_assert_cmpint(guest_kill_id(p), ==, 0);
    line = frail_process_cmdline(p, &len);
    g_assert_cmpmem(line, len, "cat\0/etc/passwd", 16);
    g_assert_cmpstr(frail_process_cwd(p), ==, "/usr/bin");
    g_assert_cmpstr(frail_process_root(p), ==, "/");
    g_assert_cmpstr(frail_process_fd(p, 3), ==, "/usr/bin/cat");
    g_assert_null(frail_process_fd(p, 4));
    /* The start is the process's, not the thread's. */
    thread = fg_task(g, 1200, "leader", g->systemd);
    fg_point(g, &g->task->group_leader, thread);
    g_assert_cmpuint(frail_process_start_ns(ask(g)), ==, 1000001200);
    g->task->tgid = 1234;
    g_assert_cmpuint(frail_process_start_ns(ask(g)), ==, 1000001234);
}

/* Nothing is read again while nothing has changed. */
static void test_kept(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    FgPid *pid = (FgPid *)(g->ram + (g->task->thread_pid - g->phys));

    ask(g);
    ask(g);
    g->n_map = 0;
    for (unsigned i = 0; i < 100; i++) {
        ask(g);
    }
    g_assert_cmpuint(g->n_map, <=, KEPT);
    pid->numbers[1].nr = 6;             /* which no task's ever does */
    g_assert_cmpint(frail_process_ns_tid(ask(g)), ==, 41234);
    /* Asked twice in one call: the same. */
    g_assert_true(guest_process(g->cpu) == guest_process(g->cpu));
    /* Another memory map: the host's pointers are forgotten. */
    g->generation++;
    g->n_map = 0;
    ask(g);
    g_assert_cmpuint(g->n_map, >, KEPT);
}

static void test_map_moves(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    uint8_t *old = g->ram;

    ask(g);
    /* All of RAM is elsewhere in the host, and the old place is gone. */
    g->ram = g_memdup2(old, FG_RAM);
    memset(old, 0xff, FG_RAM);
    g_free(old);
    g->generation++;
    g_assert_cmpint(frail_process_tid(ask(g)), ==, 1234);
}

typedef struct Change {
    const char *name;
    void (*change)(FakeGuest *g);
    void (*check)(const FrailProcess *p);
} Change;

static void exec(FakeGuest *g)
{
    FgPid *pid = (FgPid *)(g->ram + (g->task->thread_pid - g->phys));

    /* Everything else by chance the same, but what is read only once. */
    g->task->self_exec_id++;
    pid->numbers[1].nr = 6;
    fg_point(g, &g->mm->exe_file, fg_file(g, g->root_mount, g->tmp));
}

static void check_exec(const FrailProcess *p)
{
    g_assert_cmpint(frail_process_ns_tid(p), ==, 6);
    g_assert_cmpstr(frail_process_exe(p), ==, "/tmp");
}

static void setuid_new(FakeGuest *g)
{
    FgCred *cred = fg_alloc(g, sizeof(*cred));

    *cred = *g->cred;
    cred->euid = 77;
    fg_point(g, &g->task->real_cred, cred);
}

static void setuid_same(FakeGuest *g)
{
    g->cred->euid = 77;
}

static void check_uid(const FrailProcess *p)
{
    g_assert_cmpuint(frail_process_uid(p, FRAIL_ID_EFFECTIVE), ==, 77);
}

static void change_gid(FakeGuest *g)
{
    g->cred->fsgid = 78;
}

static void check_gid(const FrailProcess *p)
{
    g_assert_cmpuint(frail_process_gid(p, 3), ==, 78);
}

static void change_comm(FakeGuest *g)
{
    strcpy(g->task->comm, "dog");
}

static void check_comm(const FrailProcess *p)
{
    g_assert_cmpstr(frail_process_comm(p), ==, "dog");
}

static void reuse(FakeGuest *g)
{
    /* The same address, pid and all; another life. */
    FgPid *pid = (FgPid *)(g->ram + (g->task->thread_pid - g->phys));

    g->task->start_boottime = 2000000000;
    pid->numbers[1].nr = 5;
}

static void check_reuse(const FrailProcess *p)
{
    g_assert_cmpuint(frail_process_start_ns(p), ==, 2000000000);
    g_assert_cmpint(frail_process_ns_tid(p), ==, 5);
}

static void new_pid(FakeGuest *g)
{
    g->task->pid = g->task->tgid = 4321;
}

static void check_pid(const FrailProcess *p)
{
    g_assert_cmpint(frail_process_tid(p), ==, 4321);
    g_assert_cmpint(frail_process_pid(p), ==, 4321);
}

static void orphan(FakeGuest *g)
{
    /* Its parent ends, and its number is another's. */
    g->systemd->tgid = 2;
}

static void check_orphan(const FrailProcess *p)
{
    g_assert_cmpint(frail_process_ppid(p), ==, 2);
}

static void renice(FakeGuest *g)
{
    g->task->static_prio = 101;
}

static void check_nice(const FrailProcess *p)
{
    g_assert_cmpint(frail_process_nice(p), ==, -19);
}

static void unshare(FakeGuest *g)
{
    FgNsproxy *n = fg_alloc(g, sizeof(*n));

    fg_point(g, &g->task->nsproxy, n);
}

static void check_unshare(const FrailProcess *p)
{
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_NET), ==, 0);
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_USER), !=, 0);
}

static void move(FakeGuest *g)
{
    fg_set_cgroup(g, g->task, fg_kernfs(g, g->kernfs, "sub"));
}

static void check_move(const FrailProcess *p)
{
    g_assert_cmpstr(frail_process_cgroup(p), ==,
                    "/system.slice/ssh.service/sub");
}

static const Change changes[] = {
    { "exec", exec, check_exec },
    { "setuid-new-cred", setuid_new, check_uid },
    { "setuid-same-cred", setuid_same, check_uid },
    { "setfsgid", change_gid, check_gid },
    { "comm", change_comm, check_comm },
    { "pid-reuse", reuse, check_reuse },
    { "other-pid", new_pid, check_pid },
    { "orphan", orphan, check_orphan },
    { "renice", renice, check_nice },
    { "unshare", unshare, check_unshare },
    { "cgroup", move, check_move },
};

static void test_change(const void *data)
{
    const Change *c = data;
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });

    ask(g);
    ask(g);
    c->change(g);
    c->check(ask(g));
    c->check(ask(g));
}

/* A caller in whose space it is not: nobody, and counted. */
static void test_contradiction(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    FrailGuestInfo info = { .sz = sizeof(info) };
    uint64_t mm = g->task->mm, root;

    ask(g);
    root = fg_pages(g, 2);
    memcpy(g->ram + root, g->ram + g->root, FRAIL_PAGE_SIZE);
    g->state.cr3 = root;
    g_assert_null(fg_ask(g));
    g_assert_null(guest_process(g->cpu));
    guest_info(g->guest, &info);
    g_assert_cmpuint(info.rejected, ==, 1);
    /* An mm that is somebody else's, and none. */
    g->state.cr3 = g->root;
    ask(g);
    fg_point(g, &g->task->mm, fg_mm(g, root));
    g_assert_null(fg_ask(g));
    g->task->mm = 0;
    g_assert_null(fg_ask(g));
    g->task->mm = mm;
    ask(g);
    g->task->pid = 0;
    g_assert_null(fg_ask(g));
    g->task->pid = -5;
    g_assert_null(fg_ask(g));
    guest_info(g->guest, &info);
    g_assert_cmpuint(info.rejected, ==, 5);
    /* What is not known is no contradiction. */
    g->task->pid = 1234;
    g->task->real_cred = 8;
    g_assert_null(fg_ask(g));
    guest_info(g->guest, &info);
    g_assert_cmpuint(info.rejected, ==, 5);
}

/* More pid namespaces in each other than there can be. */
static void test_levels(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    FgPid *pid = fg_alloc(g, sizeof(FgPid) + 100 * sizeof(FgUpid));

    for (unsigned i = 0; i < 100; i++) {
        ((FgUpid *)((uint8_t *)pid + offsetof(FgPid, numbers)))[i].nr = 7;
    }
    fg_point(g, &g->task->thread_pid, pid);
    pid->level = 32;
    g_assert_cmpint(frail_process_ns_tid(ask(g)), ==, 7);
    pid->level = 33;
    g->task->start_boottime++;
    g_assert_cmpint(frail_process_ns_tid(ask(g)), ==, 0);
    g_assert_cmpuint(frail_process_namespace(ask(g), FRAIL_NS_PID), ==, 0);
}

/* By which id a caller can kill its own process. */
static void test_kill_id(void)
{
    static const struct {
        int pid, tgid;
        unsigned level, nr;
        int id;
    } list[] = {
        { 1234, 1234, 0, 1234, 1234 },
        { 1235, 1234, 0, 1235, 1235 },      /* a thread */
        { 1, 1, 0, 1, 0 },                  /* init, and a thread of it */
        { 77, 1, 0, 77, 0 },
        { 1234, 1234, 1, 5, 5 },            /* in a container */
        { 1234, 1234, 1, 1, 0 },            /* its first process */
        { 1235, 1234, 1, 5, 0 },            /* whose thread? */
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
        FgPid *pid = (FgPid *)(g->ram + (g->task->thread_pid - g->phys));

        g->task->pid = list[i].pid;
        g->task->tgid = list[i].tgid;
        pid->level = list[i].level;
        pid->numbers[list[i].level].nr = list[i].nr;
        g_assert_cmpint(guest_kill_id(ask(g)), ==, list[i].id);
    }
}

/* Tasks by the hundred on one vCPU, each of them right. */
static void test_many_tasks(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    FgTask *task[100];

    for (unsigned i = 0; i < G_N_ELEMENTS(task); i++) {
        task[i] = fg_task(g, 2000 + i, "many", g->systemd);
        fg_point(g, &task[i]->mm, g->mm);
    }
    for (unsigned i = 0; i < 1000; i++) {
        fg_switch(g, task[i * 37 % G_N_ELEMENTS(task)]);
        g_assert_cmpint(frail_process_tid(ask(g)), ==, g->task->pid);
    }
}

/* @at bytes of @t in one page, and the rest in another one. */
static void put_split(FakeGuest *g, uint64_t pages, unsigned at,
                      const FgTask *t)
{
    const uint8_t *bytes = (const uint8_t *)t;

    memcpy(g->ram + pages + FRAIL_PAGE_SIZE - at, bytes, at);
    memcpy(g->ram + pages + 2 * FRAIL_PAGE_SIZE, bytes + at,
           sizeof(*t) - at);
}

/* A member at a page's end, and a comm across two that are not neighbours. */
static void test_page_ends(void)
{
    const uint64_t base = 0xffffc90000000000;

    for (unsigned at = 8; at < sizeof(FgTask); at += 8) {
        g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
        uint64_t pages = fg_pages(g, 3);
        FgTask t = *g->task;

        fg_map(g, g->root, base, pages, 0);
        fg_map(g, g->root, base + FRAIL_PAGE_SIZE,
               pages + 2 * FRAIL_PAGE_SIZE, 0);
        put_split(g, pages, at, &t);
        ask(g);
        *(uint64_t *)fg_percpu(g, FG_OFF_CURRENT) =
            base + FRAIL_PAGE_SIZE - at;
        g_assert_cmpstr(frail_process_comm(ask(g)), ==, "cat");
        strcpy(t.comm, "dog and a cat");
        put_split(g, pages, at, &t);
        g_assert_cmpstr(frail_process_comm(ask(g)), ==, "dog and a cat");
        strcpy(t.comm, "dog and a cow");
        put_split(g, pages, at, &t);
        g_assert_cmpstr(frail_process_comm(ask(g)), ==, "dog and a cow");
        t.pid = 99;
        put_split(g, pages, at, &t);
        g_assert_cmpint(frail_process_tid(ask(g)), ==, 99);
    }
}

/* --- Command lines ------------------------------------------------------- */

static void expect_cmdline(FakeGuest *g, const char *bytes, size_t args,
                           size_t env, const char *expected, size_t n)
{
    const char *line;
    size_t len = 0;

    fg_args(g, bytes, args, env);
    line = frail_process_cmdline(ask(g), &len);
    if (!expected) {
        g_assert_null(line);
        return;
    }
    g_assert_cmpmem(line, len, expected, n);
    g_assert_cmpint(line[len], ==, '\0');
}

#define EXPECT(bytes, args, env, expected) \
    expect_cmdline(g, bytes, args, env, expected, sizeof(expected) - 1)

static void test_cmdline(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    g_autofree char *large = g_strnfill(8191, 'a');
    size_t len;

    EXPECT("a\0bc\0", 5, 0, "a\0bc\0");
    EXPECT("\0", 1, 0, "\0");
    /* setproctitle(3) within the arguments, and on into the environment. */
    EXPECT("sshd: x\0\0\0", 10, 0, "sshd: x\0\0\0");
    EXPECT("nginx: worker\0X=1\0", 5, 13, "nginx: worker\0");
    EXPECT("nginx: worker without end", 5, 20, "nginx: worker without end");
    /* The environment is elsewhere: only the arguments. */
    fg_args(g, "abcdef", 3, 3);
    g->mm->env_start += 8;
    g->mm->env_end += 8;
    g_assert_nonnull(frail_process_cmdline(ask(g), &len));
    g_assert_cmpuint(len, ==, 3);
    /* None. */
    expect_cmdline(g, "", 0, 0, NULL, 0);
    g->mm->arg_start = FG_USER + 100;
    g->mm->arg_end = FG_USER;
    g_assert_null(frail_process_cmdline(ask(g), &len));
    /* Not more than 4096 bytes; as far as it can be read. */
    fg_args(g, large, 8191, 1);
    g_assert_nonnull(frail_process_cmdline(ask(g), &len));
    g_assert_cmpuint(len, ==, 4096);
    g->mm->arg_start = FG_USER + 0x1ff0;
    g->mm->arg_end = g->mm->env_start = g->mm->env_end = FG_USER + 0x3000;
    fg_user(g)[0x1ff0] = 'z';
    g_assert_nonnull(frail_process_cmdline(ask(g), &len));
    g_assert_cmpuint(len, ==, 16);
    /* The kernel's memory is not what a process may have shown. */
    g->mm->arg_start = fg_va(g, g->task->comm);
    g->mm->arg_end = g->mm->arg_start + 4;
    g_assert_null(frail_process_cmdline(ask(g), &len));
    g->mm->arg_start = 0;
    g->mm->arg_end = ~0ull;
    g_assert_null(frail_process_cmdline(ask(g), &len));
}

/* --- All processes ------------------------------------------------------- */

static FgTask *kernel_thread(FakeGuest *g, int pid, const char *comm,
                             FgKthread **kt)
{
    FgTask *t = fg_task(g, pid, comm, g->init);

    *kt = fg_alloc(g, sizeof(**kt));
    t->flags = FG_KTHREAD;
    fg_point(g, &t->worker_private, *kt);
    return t;
}

static FgWorker *worker(FakeGuest *g, int pid, const char *comm,
                        const char *desc, bool busy)
{
    FgWorker *w = fg_alloc(g, sizeof(*w));
    FgKthread *kt;
    FgTask *t = kernel_thread(g, pid, comm, &kt);

    t->flags |= FG_WORKER;
    fg_point(g, &kt->data, w);
    fg_point(g, &w->pool, w);
    w->current_work = busy ? FG_IMAGE : 0;
    strcpy(w->desc, desc);
    return w;
}

static void test_list(const void *data)
{
    g_autoptr(FakeGuest) g = fg_new(*(const FgOptions *)data);
    g_autofree char *list = NULL;
    FgTask *zombie, *dead;
    FgWorkqueue *wq = fg_alloc(g, sizeof(*wq));
    FgKthread *kt;

    kernel_thread(g, 30, "rcu_tasks_kthre", &kt);
    kt->full_name = fg_string(g, "rcu_tasks_kthread");
    kernel_thread(g, 31, "kauditd", &kt);
    worker(g, 22, "kworker/0:1", "events", false);
    worker(g, 21, "kworker/u8:0", "writeback", true);
    worker(g, 20, "kworker/1:0", "", false);
    strcpy(wq->name, "a_long_work_queue");
    fg_point(g, &worker(g, 23, "kworker/R-a_lon", "", false)->rescue_wq, wq);
    zombie = fg_task(g, 40, "sh", g->task);
    zombie->exit_state = 0x20;
    zombie->static_prio = 139;
    dead = fg_task(g, 41, "gone", g->task);
    dead->exit_state = 0x10;
    fg_args(g, "nginx: master\0", 5, 9);
    list = fg_list(g);
    g_assert_cmpstr(list, ==,
        "1 0 1004 0 120 .systemd - - -\n"
        "20 0 1004 0 120 [.kworker/1:0 - - -\n"
        "21 0 1004 0 120 [.kworker/u8:0+writeback - - -\n"
        "22 0 1004 0 120 [.kworker/0:1-events - - -\n"
        "23 0 1004 0 120 [.kworker/R-a_long_work_queue - - -\n"
        "30 0 1004 0 120 [.rcu_tasks_kthread - - -\n"
        "31 0 1004 0 120 [.kauditd - - -\n"
        "40 1234 1004 19 120 Zsh - - -\n"
        "1234 1 1004 0 120 .cat \"nginx: master|\" /usr/bin/cat "
        "/system.slice/ssh.service -\n");
}

static void test_list_from_kernel(void)
{
    /* The vCPU is idle in the kernel: a kernel thread, in anyone's space. */
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_RELATIVE,
                                                  .kpti = true });
    g_autofree char *list = NULL;

    g->state.cr3 = g->root;
    fg_switch(g, g->init);
    list = fg_list(g);
    g_assert_true(g_str_has_prefix(list, "1 0 "));
    g_assert_nonnull(strstr(list, "\n1234 1 "));
}

static void test_list_unknown(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .no_btf = true });
    g_autofree char *list = fg_list(g), *none = NULL;

    g_assert_true(g_str_has_prefix(list, "!the guest's kernel has no BTF"));
    g->state.lstar = 0;
    none = fg_list(g);
    g_assert_true(g_str_has_prefix(none, "!the vCPU has not started"));
}

static void expect_broken(FakeGuest *g, const char *why)
{
    g_autofree char *list = NULL;

    g->n_map = 0;
    list = fg_list(g);
    if (list[0] != '!' || !strstr(list, why)) {
        g_error("not '%s' but: %s", why, list);
    }
    g_assert_cmpuint(g->n_map, <, 4000000);
}

static void test_list_circles(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    FgList init = g->init->tasks, first = g->systemd->tasks;
    FgList last = g->task->tasks;
    g_autofree char *good = fg_list(g), *again = NULL;
    FgTask *a;

    /* A circle that its start is not in, and whose links agree. */
    g->task->tasks.next = fg_va(g, &g->systemd->tasks);
    g->systemd->tasks.prev = fg_va(g, &g->task->tasks);
    expect_broken(g, "broken");
    g->init->tasks.prev = fg_va(g, &g->systemd->tasks);
    expect_broken(g, "");
    /* A task that is its own next one. */
    g->systemd->tasks.next = g->systemd->tasks.prev =
        fg_va(g, &g->systemd->tasks);
    expect_broken(g, "broken");
    g->init->tasks = init;
    g->systemd->tasks = first;
    g->task->tasks = last;
    again = fg_list(g);
    g_assert_cmpstr(good, ==, again);
    /* Parents in a circle: no init_task is found. */
    a = g->systemd;
    a->real_parent = fg_va(g, g->task);
    expect_broken(g, "");
    a->real_parent = fg_va(g, g->init);
    /* A parent that does not exist. */
    a->real_parent = 0;
    expect_broken(g, "");
}

/* Tasks without end: each page is the same one, at another address. */
static void test_list_endless(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .level = 2 });
    const uint64_t base = 0xffffc90000000000ull;
    const uint64_t step = 1ull << 21;
    uint64_t link = offsetof(FgTask, tasks), page = fg_pages(g, 512 + 512);
    FgTask *t;

    /*
     * 2^17 addresses of one page, by way of one page table: whatever is read
     * there has to link to the next address and back, which it cannot for
     * more than one; so the links agree only if each is right by itself.
     */
    page = (page + step - 1) & ~(step - 1);
    fg_map(g, g->root, base, page, 1);
    for (unsigned i = 0; i < 4000; i++) {
        t = (FgTask *)(g->ram + page + i * 512ull);
        *t = *g->systemd;
        t->pid = i + 10;
        t->tasks.next = base + (i + 1) * 512ull + link;
        t->tasks.prev = i ? base + (i - 1) * 512ull + link :
            fg_va(g, &g->init->tasks);
    }
    /* The last one goes back into the middle of the others. */
    t->tasks.next = base + 2000 * 512ull + link;
    g->init->tasks.next = base + link;
    expect_broken(g, "broken");
    /* The same with links that agree. */
    t = (FgTask *)(g->ram + page + 2000 * 512ull);
    t->tasks.prev = base + 3999 * 512ull + link;
    expect_broken(g, "");
}

/* --- System calls -------------------------------------------------------- */

static void test_syscalls(const void *data)
{
    static const char *const types[] = { "int", "const char *", "int",
                                         "umode_t", "x", "y" };
    static const char *const args[] = { "dfd", "filename", "flags", "mode",
                                        "a", "b" };
    g_autoptr(FakeGuest) g = fg_new(*(const FgOptions *)data);
    const GuestSyscall *s;
    FgMeta *m;

    fg_meta(g, 4096, "sys_openat", 257, 4, types, args);
    fg_meta(g, 4096 + 200, "sys_getpid", 39, 0, NULL, NULL);
    fg_meta(g, 8192 - 40, "sys_mmap", 9, 6, types, args);
    fg_meta(g, 8192 + 1000, "sys_exit_group", 231, 1, types, args);
    fg_meta(g, 8192 + 1200, "sys_enter_openat", 10, 1, types, args);
    fg_meta(g, 8192 + 1400, "sys_exit_openat", 11, 1, types, args);
    fg_meta(g, 8192 + 1600, "sys_seven", 12, 6, types, args)->nb_args = 7;
    fg_meta(g, 8192 + 1800, "sys_far", 1024, 0, NULL, NULL);
    fg_meta(g, 8192 + 2000, "sys_negative", -1, 0, NULL, NULL);
    fg_meta(g, 8192 + 2200, "not_sys", 13, 0, NULL, NULL);
    fg_meta(g, 8192 + 2400, "sys_\x80", 14, 0, NULL, NULL);
    m = fg_meta(g, 8192 + 2600, "sys_no_event", 15, 0, NULL, NULL);
    m->enter_event = 0;
    m = fg_meta(g, 8192 + 2800, "sys_bad_list", 16, 2, types, args);
    m->args = FG_USER;
    fg_meta(g, 4096 + 400, "sys_getpid_again", 39, 0, NULL, NULL);
    g_assert_null(guest_syscall(g->cpu, 39));
    ask(g);
    s = guest_syscall(g->cpu, 257);
    g_assert_nonnull(s);
    g_assert_cmpstr(s->name, ==, "openat");
    g_assert_cmpuint(s->nargs, ==, 4);
    g_assert_cmpstr(s->type[1], ==, "const char *");
    g_assert_cmpstr(s->arg[1], ==, "filename");
    g_assert_cmpstr(s->arg[3], ==, "mode");
    g_assert_cmpstr(guest_syscall(g->cpu, 39)->name, ==, "getpid");
    g_assert_cmpuint(guest_syscall(g->cpu, 39)->nargs, ==, 0);
    g_assert_cmpstr(guest_syscall(g->cpu, 9)->arg[5], ==, "b");
    g_assert_cmpstr(guest_syscall(g->cpu, 231)->name, ==, "exit_group");
    for (int nr = 10; nr <= 16; nr++) {
        g_assert_null(guest_syscall(g->cpu, nr));
    }
    g_assert_null(guest_syscall(g->cpu, -1));
    g_assert_null(guest_syscall(g->cpu, 1023));
    g_assert_null(guest_syscall(g->cpu, 1024));
    g_assert_null(guest_syscall(g->cpu, INT64_MAX));
    g_assert_null(guest_syscall(g->cpu, INT64_MIN));
}

int main(int argc, char **argv)
{
    static const FgOptions plain, old = { .old_names = true };
    static const FgOptions newest = { .layout = FG_RELATIVE, .header = 32 };

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guest/process/getters", test_getters);
    g_test_add_func("/guest/process/kept", test_kept);
    g_test_add_func("/guest/process/map-moves", test_map_moves);
    for (unsigned i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *path = g_strdup_printf("/guest/process/change/%s",
                                                changes[i].name);

        g_test_add_data_func(path, &changes[i], test_change);
    }
    g_test_add_func("/guest/process/contradiction", test_contradiction);
    g_test_add_func("/guest/process/levels", test_levels);
    g_test_add_func("/guest/process/kill-id", test_kill_id);
    g_test_add_func("/guest/process/many-tasks", test_many_tasks);
    g_test_add_func("/guest/process/page-ends", test_page_ends);
    g_test_add_func("/guest/process/cmdline", test_cmdline);
    g_test_add_data_func("/guest/list/plain", &plain, test_list);
    g_test_add_data_func("/guest/list/old-names", &old, test_list);
    g_test_add_data_func("/guest/list/newest", &newest, test_list);
    g_test_add_func("/guest/list/from-kernel", test_list_from_kernel);
    g_test_add_func("/guest/list/unknown", test_list_unknown);
    g_test_add_func("/guest/list/circles", test_list_circles);
    g_test_add_func("/guest/list/endless", test_list_endless);
    g_test_add_data_func("/guest/syscalls/plain", &plain, test_syscalls);
    g_test_add_data_func("/guest/syscalls/newest", &newest, test_syscalls);
    return g_test_run();
}
