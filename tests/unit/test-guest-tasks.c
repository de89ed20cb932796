/*
 * The tasks that have made calls, and what is left of them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fake-guest.h"

#define ZOMBIE  0x20
#define DEAD    0x10

static GString *seen;

static void on_end(const GuestEnd *end, void *opaque)
{
    const FrailProcess *p = end->process;
    size_t len;

    g_assert_true(opaque == seen);
    /* What is gone is not read, whatever lies there now. */
    g_assert_null(frail_process_exe(p));
    g_assert_null(frail_process_cwd(p));
    g_assert_null(frail_process_root(p));
    g_assert_null(frail_process_cgroup(p));
    g_assert_null(frail_process_container(p));
    g_assert_null(frail_process_cmdline(p, &len));
    g_assert_null(frail_process_fd(p, 3));
    g_assert_cmphex(frail_process_caps(p, FRAIL_CAP_EFFECTIVE), ==, 0);
    g_assert_cmpuint(frail_process_namespace(p, FRAIL_NS_PID), ==, 0);
    g_assert_false(frail_process_is_kernel_thread(p));
    if (end->marks) {
        g_string_append_printf(seen, "[%x] ", end->marks);
    }
    g_string_append_printf(seen, "%d/%d %s start=%d call=%d: ",
                           frail_process_tid(p), frail_process_pid(p),
                           frail_process_comm(p),
                           (int)(frail_process_start_ns(p) - 1000000000),
                           (int)end->seq);
    switch (end->how) {
    case GUEST_END_EXITED:
        g_string_append_printf(seen, "exited %d\n", end->value);
        break;
    case GUEST_END_KILLED:
        g_string_append_printf(seen, "killed %d%s\n", end->value,
                               end->core ? " core" : "");
        break;
    case GUEST_END_SUPERSEDED:
        g_string_append_printf(seen, "superseded %d\n", end->value);
        break;
    default:
        g_string_append(seen, "gone\n");
    }
}

#define SEEN(text) \
    do { \
        g_assert_cmpstr(seen->str, ==, text); \
        g_string_truncate(seen, 0); \
    } while (0)

static FakeGuest *open_guest(FgOptions opts)
{
    FakeGuest *g = fg_new(opts);

    seen = g_string_new(NULL);
    guest_watch_tasks(g->guest);
    return g;
}

static void close_guest(FakeGuest *g)
{
    g_string_free(seen, TRUE);
    fg_free(g);
}

/* A task that can make calls; a thread of @leader if that is one. */
static FgTask *task(FakeGuest *g, int pid, const char *comm, FgTask *parent,
                    FgTask *leader)
{
    FgTask *t = fg_task(g, pid, comm, parent);

    fg_point(g, &t->mm, g->mm);
    if (leader) {
        t->tgid = leader->pid;
        fg_point(g, &t->group_leader, leader);
    }
    return t;
}

static uint64_t stack_of(const FgTask *t)
{
    return t->stack + FG_STACK_SIZE;
}

/* @t runs on the CPU. */
static void run(FakeGuest *g, FgTask *t)
{
    fg_switch(g, t);
    g_assert_nonnull(fg_ask(g));
    g_assert_cmpint(frail_process_tid(guest_process(g->cpu)), ==, t->pid);
}

static void call(FakeGuest *g, FgTask *t, uint64_t seq)
{
    run(g, t);
    guest_note_call(g->cpu, stack_of(t), seq, on_end, seen);
}

static void wait_for(FakeGuest *g, FgTask *t, int32_t pid)
{
    run(g, t);
    guest_note_child(g->cpu, pid, on_end, seen);
}

static void die(FgTask *t, uint32_t state, uint32_t code)
{
    t->exit_state = state;
    t->exit_code = code;
}

static void test_child(void)
{
    FakeGuest *g = open_guest((FgOptions) { 0 });
    FgTask *sh = task(g, 50, "sh", g->systemd, NULL);
    FgTask *a = task(g, 51, "a", sh, NULL), *b = task(g, 52, "b", sh, NULL);
    FgTask *c = task(g, 53, "c", g->systemd, NULL);

    call(g, sh, 1);
    call(g, a, 2);
    call(g, a, 3);
    call(g, b, 4);
    call(g, c, 5);
    SEEN("");
    /* Stopped, or another's: nobody has ended. */
    wait_for(g, sh, 51);
    wait_for(g, sh, 9999);
    wait_for(g, sh, 0);
    SEEN("");
    die(a, DEAD, 9);
    die(c, ZOMBIE, 1);
    wait_for(g, sh, 51);
    SEEN("51/51 a start=51 call=3: killed 9\n");
    wait_for(g, sh, 51);
    SEEN("");
    /* It does not say who, or by a number of its own namespace. */
    die(b, ZOMBIE, 11 | 0x80);
    wait_for(g, sh, 7);
    SEEN("52/52 b start=52 call=4: killed 11 core\n");
    wait_for(g, c, 0);
    SEEN("");
    /* Nobody is known. */
    *(uint64_t *)fg_percpu(g, FG_OFF_CURRENT) = 0;
    fg_ask(g);
    guest_note_child(g->cpu, 53, on_end, seen);
    guest_note_call(g->cpu, stack_of(c), 9, on_end, seen);
    guest_note_exec(g->cpu, stack_of(c), on_end, seen);
    g_assert_false(guest_note_exit(g->cpu, stack_of(c), true, 0, on_end,
                                   seen));
    SEEN("");
    close_guest(g);
}

/* All threads end with their process, by what is left of each. */
static void test_group(void)
{
    FakeGuest *g = open_guest((FgOptions) { .layout = FG_PCPU_HOT });
    FgTask *sh = task(g, 50, "sh", g->systemd, NULL);
    FgTask *a = task(g, 51, "a", sh, NULL);
    FgTask *b = task(g, 52, "b", sh, a), *c = task(g, 53, "c", sh, a);

    call(g, a, 1);
    call(g, b, 2);
    call(g, c, 3);
    /* The first one is dead, others live: it may have ended by itself. */
    die(a, ZOMBIE, 0);
    wait_for(g, sh, 51);
    wait_for(g, sh, 0);
    SEEN("");
    die(a, ZOMBIE, 9);
    die(b, DEAD, 9);
    wait_for(g, sh, 51);
    SEEN("");
    /* The memory of the third is another one's by now. */
    c->pid = 777;
    c->start_boottime++;
    wait_for(g, sh, 51);
    SEEN("52/51 b start=51 call=2: killed 9\n"
         "53/51 c start=51 call=3: killed 9\n"
         "51/51 a start=51 call=1: killed 9\n");
    close_guest(g);
}

static void test_exit(void)
{
    FakeGuest *g = open_guest((FgOptions) { 0 });
    FgTask *a = task(g, 51, "a", g->systemd, NULL);
    FgTask *b = task(g, 52, "b", g->systemd, a);
    FgTask *c = task(g, 53, "c", g->systemd, a);
    FgTask *old = task(g, 54, "old", g->systemd, NULL);

    call(g, a, 1);
    call(g, b, 2);
    call(g, c, 3);
    /* One who had the number before, whose end nobody has seen. */
    old->pid = old->tgid = 51;
    call(g, old, 4);
    run(g, b);
    g_assert_true(guest_note_exit(g->cpu, stack_of(b), false, 7, on_end,
                                  seen));
    SEEN("52/51 b start=51 call=2: exited 7\n");
    run(g, a);
    g_assert_true(guest_note_exit(g->cpu, stack_of(a), true, 0x105, on_end,
                                  seen));
    SEEN("53/51 c start=51 call=3: exited 5\n"
         "51/51 a start=51 call=1: exited 5\n");
    /* Another thread was just about to do the same. */
    call(g, c, 5);
    g_assert_true(guest_note_exit(g->cpu, stack_of(c), true, 6, on_end,
                                  seen));
    SEEN("");
    close_guest(g);
}

static void test_exec(void)
{
    FakeGuest *g = open_guest((FgOptions) { 0 });
    FgTask *a = task(g, 51, "a", g->systemd, NULL);
    FgTask *b = task(g, 52, "b", g->systemd, a);
    FgTask *c = task(g, 53, "c", g->systemd, a);
    uint64_t start = b->start_boottime;

    call(g, a, 1);
    call(g, c, 2);
    call(g, b, 3);
    /* de_thread(): the numbers change hands. */
    die(a, ZOMBIE, 0);
    b->pid = 51;
    a->pid = 52;
    b->start_boottime = a->start_boottime;
    a->start_boottime = start;
    fg_point(g, &b->group_leader, b);
    strcpy(b->comm, "new");
    run(g, b);
    guest_note_exec(g->cpu, stack_of(b), on_end, seen);
    SEEN("53/51 c start=51 call=2: exited 0\n"
         "51/51 a start=51 call=1: superseded 52\n");
    call(g, b, 4);
    SEEN("");
    die(b, ZOMBIE, 0x300);
    wait_for(g, c, 51);
    SEEN("51/51 new start=51 call=4: exited 3\n");
    close_guest(g);
}

/* Another task has the stack. */
static void test_stack(void)
{
    FakeGuest *g = open_guest((FgOptions) { 0 });
    FgTask *a = task(g, 51, "a", g->systemd, NULL);
    FgTask *b = task(g, 52, "b", g->systemd, NULL);
    FgTask *c = task(g, 53, "c", g->systemd, NULL);
    FgTask *d = task(g, 54, "d", g->systemd, NULL);

    b->stack = c->stack = d->stack = a->stack;
    call(g, a, 1);
    die(a, DEAD, 15);
    call(g, b, 2);
    SEEN("51/51 a start=51 call=1: killed 15\n");
    b->start_boottime++;        /* nothing is left of it */
    call(g, c, 3);
    SEEN("52/52 b start=52 call=2: gone\n");
    call(g, d, 4);              /* c lives, says its memory: no guess */
    SEEN("");
    /* The same one with another name. */
    strcpy(d->comm, "renamed");
    call(g, d, 5);
    SEEN("");
    /* A reset, and all is forgotten. */
    guest_reset(g->guest);
    die(d, ZOMBIE, 9);
    wait_for(g, a, 54);
    SEEN("");
    close_guest(g);
}

/* More of them than there is room for. */
static void test_many(void)
{
    FakeGuest *g = open_guest((FgOptions) { 0 });
    FgTask *sh = task(g, 50, "sh", g->systemd, NULL);
    FgTask *a = task(g, 51, "a", sh, NULL);
    uint64_t stack = a->stack;

    for (unsigned i = 1; i < 20000; i++) {
        run(g, a);
        a->pid = a->tgid = 100 + i;
        a->start_boottime = 2000000000ull + i;
        a->stack = stack + i * 0x4000ull;
        fg_ask(g);
        guest_note_call(g->cpu, stack_of(a), i, on_end, seen);
    }
    SEEN("");
    die(a, ZOMBIE, 9);
    wait_for(g, sh, a->pid);
    g_assert_nonnull(strstr(seen->str, "call=19999: killed 9\n"));
    g_assert_true(g_str_has_suffix(seen->str, "killed 9\n"));
    g_assert_cmpuint(seen->len, <, 80);
    close_guest(g);
}

static void test_marks(void)
{
    FakeGuest *g = open_guest((FgOptions) { 0 });
    FgTask *a = task(g, 51, "a", g->systemd, NULL);
    FgTask *b = task(g, 52, "b", g->systemd, NULL);
    FgTask *sh = task(g, 50, "sh", g->systemd, NULL);
    uint32_t marks = 99;

    run(g, a);
    g_assert_true(guest_task_marks(g->cpu, stack_of(a), &marks));
    g_assert_cmphex(marks, ==, 0);
    guest_mark_task(g->cpu, stack_of(a), 1);    /* not noted */
    guest_mark_task(g->cpu, 0, 1);
    call(g, a, 1);
    g_assert_true(guest_task_marks(g->cpu, stack_of(a), &marks));
    g_assert_cmphex(marks, ==, 0);
    guest_mark_task(g->cpu, stack_of(a), 1);
    guest_mark_task(g->cpu, stack_of(a), 4);
    /* It stays the same task with another name, and in an execve. */
    strcpy(a->comm, "other");
    call(g, a, 2);
    g_assert_true(guest_task_marks(g->cpu, stack_of(a), &marks));
    g_assert_cmphex(marks, ==, 5);
    /* Who has its stack next has no part in that. */
    b->stack = a->stack;
    run(g, b);
    g_assert_true(guest_task_marks(g->cpu, stack_of(b), &marks));
    g_assert_cmphex(marks, ==, 0);
    die(a, ZOMBIE, 9);
    call(g, b, 3);
    SEEN("[5] 51/51 other start=51 call=2: killed 9\n");
    g_assert_true(guest_task_marks(g->cpu, stack_of(b), &marks));
    g_assert_cmphex(marks, ==, 0);
    die(b, ZOMBIE, 9);
    wait_for(g, sh, 52);
    SEEN("52/52 b start=52 call=3: killed 9\n");
    *(uint64_t *)fg_percpu(g, FG_OFF_CURRENT) = 0;
    fg_ask(g);
    g_assert_false(guest_task_marks(g->cpu, stack_of(b), &marks));
    close_guest(g);
}

static void test_without(void)
{
    /* The kernel does not say in which state a task is. */
    FakeGuest *g = open_guest((FgOptions) {
        .without = "task_struct.exit_state",
    });
    FgTask *sh = task(g, 50, "sh", g->systemd, NULL);
    FgTask *a = task(g, 51, "a", sh, NULL);

    call(g, a, 1);
    die(a, ZOMBIE, 9);
    wait_for(g, sh, 51);
    SEEN("");
    close_guest(g);
}

/* --- Signals ------------------------------------------------------------- */

static void test_action(void)
{
    FakeGuest *g = open_guest((FgOptions) { 0 });
    FgSighand *hand = fg_alloc(g, sizeof(*hand));
    FgTask *a = task(g, 51, "a", g->systemd, NULL);
    const FrailProcess *p;
    GuestAction action;

    run(g, a);
    p = guest_process(g->cpu);
    g_assert_false(guest_signal_action(g->cpu, p, 1, &action));
    fg_point(g, &a->sighand, hand);
    for (unsigned i = 0; i < 64; i++) {
        hand->action[i].handler = 0x401000 + i;
        hand->action[i].flags = i;
    }
    for (int sig = 1; sig <= 64; sig++) {
        g_assert_true(guest_signal_action(g->cpu, p, sig, &action));
        g_assert_cmphex(action.handler, ==, 0x401000 + sig - 1);
        g_assert_cmphex(action.flags, ==, sig - 1);
    }
    g_assert_false(guest_signal_action(g->cpu, p, 0, &action));
    g_assert_false(guest_signal_action(g->cpu, p, 65, &action));
    a->sighand = 0x1000;
    g_assert_false(guest_signal_action(g->cpu, p, 1, &action));
    close_guest(g);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guest-tasks/child", test_child);
    g_test_add_func("/guest-tasks/group", test_group);
    g_test_add_func("/guest-tasks/exit", test_exit);
    g_test_add_func("/guest-tasks/exec", test_exec);
    g_test_add_func("/guest-tasks/stack", test_stack);
    g_test_add_func("/guest-tasks/many", test_many);
    g_test_add_func("/guest-tasks/marks", test_marks);
    g_test_add_func("/guest-tasks/without", test_without);
    g_test_add_func("/guest-tasks/action", test_action);
    return g_test_run();
}
