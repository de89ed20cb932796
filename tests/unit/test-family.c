/*
 * Process trees, also when those between have ended.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fake-guest.h"
#include "filter/family.h"

/* fake-guest-objects.c: numbers of the callers' own namespace */
#define OWN(pid)    ((pid) + 40000)

/* @t makes the next call. */
static const FrailProcess *run(FakeGuest *g, FgTask *t)
{
    const FrailProcess *p;

    t->mm = fg_va(g, g->mm);
    fg_switch(g, t);
    p = fg_ask(g);
    g_assert_nonnull(p);
    return p;
}

/* @parent forks, and its fork() returns. */
static FgTask *forked(FakeGuest *g, Family *f, FgTask *parent, int pid)
{
    FgTask *t = fg_task(g, pid, "child", parent);

    family_forked(f, run(g, parent), OWN(pid));
    return t;
}

static FakeGuest *guest(void)
{
    return fg_new((FgOptions) { .layout = FG_PCPU_HOT });
}

static void test_living(void)
{
    g_autoptr(FakeGuest) g = guest();
    FgTask *a = fg_task(g, 1300, "a", g->task);
    FgTask *b = fg_task(g, 1301, "b", a);
    const FrailProcess *p = run(g, b);

    /* By its living parents alone. */
    g_assert_cmpint(family_descends(NULL, p, 1301), ==, 1);
    g_assert_cmpint(family_descends(NULL, p, 1300), ==, 1);
    g_assert_cmpint(family_descends(NULL, p, 1234), ==, 1);
    g_assert_cmpint(family_descends(NULL, p, 1), ==, 1);
    g_assert_cmpint(family_descends(NULL, p, 1302), ==, 0);
    g_assert_cmpint(family_descends(NULL, p, 0), ==, 0);
    g_assert_cmpuint(family_epoch(NULL), ==, 0);
}

static void test_orphans(void)
{
    g_autoptr(FakeGuest) g = guest();
    Family *f = family_new();
    FgTask *a = forked(g, f, g->task, 1300);
    FgTask *b = forked(g, f, a, 1301);
    FgTask *c = forked(g, f, b, 1302);
    const FrailProcess *p;

    /* All between end; who is left becomes the child of process 1. */
    fg_adopt(g, b, g->systemd);
    fg_adopt(g, c, g->systemd);
    p = run(g, c);
    g_assert_cmpint(family_descends(NULL, p, 1234), ==, 0);
    g_assert_cmpint(family_descends(f, p, 1234), ==, 1);
    g_assert_cmpint(family_descends(f, p, 1300), ==, 1);
    g_assert_cmpint(family_descends(f, p, 1), ==, 1);
    g_assert_cmpint(family_descends(f, p, 1303), ==, 0);
    /* A daemon's own children are found through it. */
    p = run(g, fg_task(g, 1400, "new", c));
    g_assert_cmpint(family_descends(f, p, 1300), ==, 1);
    /* Another process with the same number is another one. */
    c->start_boottime++;
    p = run(g, c);
    g_assert_cmpint(family_descends(f, p, 1300), ==, 0);
    g_assert_cmpuint(family_epoch(f), ==, 0);
    family_free(f);
}

/* Those that were there before anybody looked, as long as they live. */
static void test_older(void)
{
    g_autoptr(FakeGuest) g = guest();
    Family *f = family_new();
    FgTask *a = fg_task(g, 1300, "a", g->task);
    FgTask *b = fg_task(g, 1301, "b", a);
    FgTask *c = forked(g, f, b, 1302);

    /* What b has told when it forked. */
    fg_adopt(g, c, g->systemd);
    g_assert_cmpint(family_descends(f, run(g, c), 1300), ==, 1);
    g_assert_cmpint(family_descends(f, run(g, c), 1234), ==, 1);
    family_free(f);
}

static void test_brothers(void)
{
    g_autoptr(FakeGuest) g = guest();
    Family *f = family_new();
    FgTask *me = g->task, *b = fg_task(g, 1300, "brother", g->systemd);

    /* CLONE_PARENT does not lead out of a tree. */
    g_assert_cmpint(family_descends(f, run(g, b), 1234), ==, 0);
    family_forked(f, run(g, me), OWN(1300));
    g_assert_cmpuint(family_epoch(f), ==, 1);
    g_assert_cmpint(family_descends(f, run(g, b), 1234), ==, 1);
    /* A thread is no child, and nobody is none either. */
    family_forked(f, run(g, me), OWN(1234) + 1);
    family_forked(f, run(g, me), 1);
    g_assert_cmpuint(family_epoch(f), ==, 1);
    family_free(f);
}

/* More than there is room for: the new ones are known. */
static void test_many(void)
{
    g_autoptr(FakeGuest) g = guest();
    Family *f = family_new();
    FgTask *t = forked(g, f, g->task, 1300);
    FgPid *pid = (FgPid *)(g->ram + (t->thread_pid - g->phys));

    for (int i = 0; i < 40000; i++) {
        t->pid = t->tgid = pid->numbers[0].nr = 1300 + i;
        pid->numbers[1].nr = OWN(1300 + i);
        t->start_boottime++;
        family_forked(f, run(g, g->task), OWN(1300 + i));
    }
    fg_adopt(g, t, g->systemd);
    g_assert_cmpint(family_descends(f, run(g, t), 1234), ==, 1);
    family_free(f);
}

/* Parents in a circle, and a process that has none. */
static void test_hostile(void)
{
    g_autoptr(FakeGuest) g = guest();
    Family *f = family_new();
    FgTask *a = forked(g, f, g->task, 1300);

    fg_adopt(g, g->task, a);
    family_forked(f, run(g, a), OWN(1234));
    g_assert_cmpint(family_descends(f, run(g, a), 1), ==, 1);
    g_assert_cmpint(family_descends(f, run(g, a), 77), ==, 0);
    family_free(f);
    f = family_new();
    family_forked(f, run(g, a), OWN(1234));
    g_assert_cmpint(family_descends(f, run(g, a), 77), ==, 0);
    a->group_leader = 0x1000;
    g_assert_cmpint(family_descends(f, run(g, a), 1300), ==, -1);
    family_forked(f, run(g, a), OWN(1234));
    family_free(f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/family/living", test_living);
    g_test_add_func("/family/orphans", test_orphans);
    g_test_add_func("/family/older", test_older);
    g_test_add_func("/family/brothers", test_brothers);
    g_test_add_func("/family/many", test_many);
    g_test_add_func("/family/hostile", test_hostile);
    return g_test_run();
}
