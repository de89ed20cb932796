/*
 * Whose child a process is, and notes about processes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fake-guest.h"

/* "1234@1000001234 1@1000000001": the lineage of the current process. */
static char *lineage(FakeGuest *g, unsigned max)
{
    GuestProcessKey keys[8];
    GString *text = g_string_new(NULL);
    unsigned n = guest_lineage(fg_ask(g), keys, max);

    for (unsigned i = 0; i < n; i++) {
        g_string_append_printf(text, "%s%d@%lu", i ? " " : "", keys[i].pid,
                               (unsigned long)keys[i].start_ns);
    }
    return g_string_free(text, FALSE);
}

#define SAY(text, call) do { \
    g_autofree char *said = call; \
    g_assert_cmpstr(said, ==, text); \
} while (0)

static void test_lineage(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_PCPU_HOT });
    FgTask *leader, *middle = fg_task(g, 900, "middle", g->systemd);

    SAY("1234@1000001234 1@1000000001", lineage(g, 8));
    fg_adopt(g, g->task, middle);
    SAY("1234@1000001234 900@1000000900 1@1000000001", lineage(g, 8));
    SAY("1234@1000001234 900@1000000900", lineage(g, 2));
    /* A thread stands for its process, at every step. */
    leader = fg_task(g, 1200, "leader", middle);
    fg_point(g, &g->task->group_leader, leader);
    g->task->tgid = 1200;
    SAY("1200@1000001200 900@1000000900 1@1000000001", lineage(g, 8));
    /* A circle ends where there is no more room. */
    fg_adopt(g, middle, g->task);
    SAY("1200@1000001200 900@1000000900 1200@1000001200 900@1000000900 "
        "1200@1000001200", lineage(g, 5));
    middle->group_leader = 0x1000;
    SAY("1200@1000001200", lineage(g, 8));
}

static bool brother;

static bool child(FakeGuest *g, int32_t nr, int32_t pid)
{
    GuestProcessKey key = { 0 };

    if (!guest_find_child(fg_ask(g), nr, &key, &brother)) {
        return false;
    }
    g_assert_cmpint(key.pid, ==, pid);
    g_assert_cmpuint(key.start_ns, ==, 1000000000ull + pid);
    return true;
}

/* Numbers of the caller's namespace are 40000 more (fake-guest-objects.c). */
static void test_child(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_CURRENT_TASK });
    FgTask *first, *last = NULL;

    g_assert_false(child(g, 41300, 0));
    first = fg_task(g, 1300, "first", g->task);
    g_assert_true(child(g, 41300, 1300));
    g_assert_false(brother);
    g_assert_false(child(g, 1300, 0));
    g_assert_false(child(g, 0, 0));
    g_assert_false(child(g, -41300, 0));
    /* With CLONE_PARENT. */
    fg_task(g, 1301, "brother", g->systemd);
    g_assert_true(child(g, 41301, 1301));
    g_assert_true(brother);
    /* Among many it is found if it is new. */
    for (int i = 0; i < 300; i++) {
        last = fg_task(g, 2000 + i, "more", g->task);
    }
    g_assert_true(child(g, 42299, 2299));
    g_assert_true(child(g, 42044, 2044));
    g_assert_false(child(g, 41300, 0));
    /* In a namespace that the caller is outside of, it has two numbers. */
    ((FgPid *)(g->ram + (last->thread_pid - g->phys)))->level = 2;
    ((FgPid *)(g->ram + (last->thread_pid - g->phys)))->numbers[2].nr = 1;
    g_assert_true(child(g, 42299, 2299));
    g_assert_false(child(g, 1, 0));
    /* Lists that lead nowhere, or round and round. */
    last->sibling.prev = fg_va(g, &last->sibling);
    g_assert_false(child(g, 41300, 0));
    last->sibling.prev = 0x1234;
    g_assert_false(child(g, 41300, 0));
    g->task->children.prev = fg_va(g, &first->sibling);
    g_assert_true(child(g, 41300, 1300));
}

static void test_no_lists(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) {
        .without = "task_struct.sibling",
    });

    fg_task(g, 1300, "first", g->task);
    g_assert_false(child(g, 41300, 0));
    SAY("1234@1000001234 1@1000000001", lineage(g, 8));
}

static void test_notes(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_RELATIVE });
    GuestNote *a = guest_note(fg_ask(g), 7);

    g_assert_cmphex(a->known, ==, 0);
    a->known = 3;
    guest_note(fg_ask(g), 8)->known = 4;
    g_assert_cmphex(guest_note(fg_ask(g), 7)->known, ==, 3);
    g_assert_cmphex(guest_note(fg_ask(g), 8)->known, ==, 4);
    /* Another one in the same place. */
    g_assert_cmphex(guest_note(fg_ask(g), 7 + 8)->known, ==, 0);
    g_assert_cmphex(guest_note(fg_ask(g), 7)->known, ==, 0);
    /* The process is another one after an exec. */
    g->task->self_exec_id++;
    g_assert_cmphex(guest_note(fg_ask(g), 8)->known, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lineage/parents", test_lineage);
    g_test_add_func("/lineage/child", test_child);
    g_test_add_func("/lineage/no-lists", test_no_lists);
    g_test_add_func("/lineage/notes", test_notes);
    return g_test_run();
}
