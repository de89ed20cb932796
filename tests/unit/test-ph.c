/*
 * What is normal for a program: profiles, sequences, threads.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "analyzers/ph-profile.h"
#include "analyzers/ph-tasks.h"
#include "fake-ph-profile.h"

static void test_pairs(void)
{
    static const int longer[] = { OPEN, READ, READ, READ, WRITE, CLOSE, -1 };
    static const int evil[] = { OPEN, READ, EXECVE, -1 };
    PhProfile *p = ph_profile_new("/bin/x", 3);
    unsigned pairs, windows;

    teach(p, usual);
    g_assert_cmpuint(p->n_calls, ==, 4);
    g_assert_cmpuint(p->calls, ==, 5);
    g_assert_cmpuint(p->changed, ==, 5);
    /*
     * OPEN after begin (1, 2); READ after OPEN (1, 2), begin (2), READ (1);
     * WRITE after READ (1, 2); CLOSE after WRITE (1), READ (2).
     */
    g_assert_cmpuint(p->n_pairs, ==, 10);
    g_assert_cmpuint(p->n_windows, ==, 5);

    count(p, usual, false, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 0);
    g_assert_cmpuint(windows, ==, 0);
    /* READ two before READ is a new pair, and twice a new window. */
    count(p, longer, false, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 1);
    g_assert_cmpuint(windows, ==, 1);
    count(p, evil, false, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 1);
    g_assert_cmpuint(windows, ==, 1);

    /* What is known is learned once. */
    teach(p, usual);
    g_assert_cmpuint(p->calls, ==, 10);
    g_assert_cmpuint(p->changed, ==, 5);
    g_assert_cmpuint(p->n_pairs, ==, 10);
    g_assert_cmpuint(p->n_windows, ==, 5);
    ph_profile_free(p);
}

/* Every pair is known, and the window is not: A B D and C B E, then A B E. */
static void test_windows_know_more(void)
{
    static const int one[] = { 10, 11, 13, -1 };
    static const int other[] = { 12, 11, 14, -1 };
    static const int third[] = { 10, 15, 14, -1 };
    static const int mixed[] = { 10, 11, 14, -1 };
    PhProfile *p = ph_profile_new("/bin/x", 3);
    unsigned pairs, windows;

    teach(p, one);
    teach(p, other);
    teach(p, third);
    count(p, mixed, false, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 0);
    g_assert_cmpuint(windows, ==, 1);
    ph_profile_free(p);
}

/* A thread that comes from nowhere is compared as far as it is known. */
static void test_join(void)
{
    static const int middle[] = { READ, WRITE, CLOSE, -1 };
    static const int wrong[] = { WRITE, READ, -1 };
    static const int alien[] = { EXECVE, -1 };
    PhProfile *p = ph_profile_new("/bin/x", 3);
    unsigned pairs, windows;

    teach(p, usual);
    count(p, middle, true, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 0);
    g_assert_cmpuint(windows, ==, 0);
    count(p, middle, false, &pairs, &windows);
    g_assert_cmpuint(pairs, >, 0);
    count(p, wrong, true, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 1);
    g_assert_cmpuint(windows, ==, 0);       /* none is whole */
    count(p, alien, true, &pairs, &windows);
    g_assert_cmpuint(pairs, ==, 1);
    g_assert_cmpuint(windows, ==, 1);
    ph_profile_free(p);
}

/* The longest window, in which the two words of PhWindow are in use. */
static void test_long_window(void)
{
    int calls[40];
    PhProfile *p = ph_profile_new("/bin/x", PH_WINDOW_MAX);
    unsigned pairs, windows;

    for (unsigned i = 0; i < 39; i++) {
        calls[i] = i * 7 % 39;
    }
    calls[39] = -1;
    teach(p, calls);
    g_assert_cmpuint(p->n_windows, ==, 39);
    count(p, calls, false, &pairs, &windows);
    g_assert_cmpuint(pairs + windows, ==, 0);
    calls[2] = calls[1];            /* 13 of the 16 see it */
    calls[16] = -1;
    count(p, calls, false, &pairs, &windows);
    g_assert_cmpuint(windows, ==, 14);
    g_assert_cmpuint(pairs, ==, 14);
    ph_profile_free(p);
}

static void test_ids(void)
{
    g_assert_cmpuint(ph_id(0, 0), ==, 0);
    g_assert_cmpuint(ph_id(2, 5), ==, 2 * PH_NUMBERS + 5);
    g_assert_cmpuint(ph_id(1, -1), ==, 2 * PH_NUMBERS - 1);
    g_assert_cmpuint(ph_id(1, INT64_MAX), ==, 2 * PH_NUMBERS - 1);
    g_assert_cmpuint(ph_id(2, PH_NUMBERS), ==, PH_IDS - 1);
    g_assert_cmpuint(ph_id(77, 1), ==, 1);
}

static void test_full(void)
{
    static const int any[] = { OPEN, READ, 900, 901, 902, 903, -1 };
    PhProfile *p = full_profile();
    unsigned pairs, windows, found = 0;

    g_assert_true(p->full_calls);
    g_assert_true(p->full_windows);
    g_assert_cmpuint(p->n_calls, ==, PH_LAST);
    g_assert_cmpuint(p->n_windows, ==, PH_WINDOWS_MAX);
    g_assert_cmpuint(p->slots, ==, PH_SLOTS_MAX);
    for (unsigned i = 0; i < p->slots; i++) {
        found += p->slot[i].lo && ph_profile_has_window(p, p->slot[i]);
    }
    g_assert_cmpuint(found, ==, PH_WINDOWS_MAX);
    /* What had no room is not held against anybody. */
    count(p, any, false, &pairs, &windows);
    g_assert_cmpuint(windows, ==, 0);
    ph_profile_free(p);
}

static void test_frame(void)
{
    PhFrame f = { 0 };

    for (unsigned i = 0; i < 1000; i++) {
        g_assert_cmpuint(ph_frame_add(&f, true), ==, MIN(i + 1, PH_FRAME));
    }
    for (unsigned i = 1; i <= PH_FRAME; i++) {
        g_assert_cmpuint(ph_frame_add(&f, false), ==, PH_FRAME - i);
    }
    g_assert_cmpuint(ph_frame_add(&f, true), ==, 1);
    for (unsigned i = 1; i < PH_FRAME; i++) {
        g_assert_cmpuint(ph_frame_add(&f, false), ==, 1);
    }
    g_assert_cmpuint(ph_frame_add(&f, false), ==, 0);
}

/* Training, frozen, training again, frozen, testing. */
static void test_freeze(void)
{
    static const int more[] = { OPEN, CLOSE, -1 };
    const PhFreeze f = { .calls = 10, .ratio = 3, .time_ns = 1000 };
    PhProfile *p = ph_profile_new("/bin/x", 3);

    teach(p, usual);                /* 5 calls, all new */
    g_assert_false(ph_profile_advance(p, &f, 100));
    teach(p, usual);
    teach(p, usual);                /* 10 calls with nothing new, 2 times 5 */
    g_assert_false(ph_profile_advance(p, &f, 200));
    teach(p, usual);                /* 15: 3 times 5 */
    g_assert_true(ph_profile_advance(p, &f, 300));
    g_assert_cmpint(p->state, ==, PH_FROZEN);
    g_assert_false(ph_profile_advance(p, &f, 1299));
    teach(p, more);
    g_assert_true(ph_profile_advance(p, &f, 1300));
    g_assert_cmpint(p->state, ==, PH_TRAINING);
    for (unsigned i = 0; i < 20; i++) {
        teach(p, usual);
    }
    g_assert_true(ph_profile_advance(p, &f, 5000));
    g_assert_cmpint(p->state, ==, PH_FROZEN);
    /* The clock is set back: what is left is waited for anew. */
    g_assert_false(ph_profile_advance(p, &f, 10));
    g_assert_false(ph_profile_advance(p, &f, 1009));
    g_assert_true(ph_profile_advance(p, &f, 1010));
    g_assert_cmpint(p->state, ==, PH_TESTING);
    g_assert_false(ph_profile_advance(p, &f, 1));
    ph_profile_free(p);
}

/* --- Threads -------------------------------------------------------------- */

static PhArrival arrive(PhTasks *t, int tid, uint64_t start, uint64_t stack,
                        uint64_t cr3)
{
    PhArrival arrival;
    PhTask *task = ph_tasks_lock(t, tid, start, stack, cr3, &arrival);

    if (arrival != PH_ARRIVAL_GOES_ON) {
        g_assert_cmpuint(task->calls, ==, 0);
        g_assert_null(task->program);
    }
    g_assert_cmpint(task->tid, ==, tid);
    task->calls++;
    ph_tasks_unlock(t, task);
    return arrival;
}

static void test_tasks(void)
{
    PhTasks *t = ph_tasks_new();
    PhArrival arrival;

    g_assert_cmpint(arrive(t, 7, 1, 0x4000, 0x1000), ==, PH_ARRIVAL_JOINS);
    g_assert_cmpint(arrive(t, 7, 1, 0x4000, 0x1000), ==, PH_ARRIVAL_GOES_ON);
    /* A PCID is no other address space. */
    g_assert_cmpint(arrive(t, 7, 1, 0x4000, 0x1006), ==, PH_ARRIVAL_GOES_ON);
    g_assert_cmpint(arrive(t, 7, 1, 0x4000, 0x2000), ==, PH_ARRIVAL_BEGINS);
    g_assert_cmpint(arrive(t, 7, 1, 0x4000, 0x2000), ==, PH_ARRIVAL_GOES_ON);
    /* Another thread with the number of a dead one; another process. */
    g_assert_cmpint(arrive(t, 7, 1, 0x8000, 0x2000), ==, PH_ARRIVAL_JOINS);
    g_assert_cmpint(arrive(t, 7, 2, 0x8000, 0x2000), ==, PH_ARRIVAL_JOINS);
    g_assert_cmpuint(t->evicted, ==, 0);
    ph_tasks_remove(t, ph_tasks_lock(t, 7, 2, 0x8000, 0x2000, &arrival));
    g_assert_cmpint(arrival, ==, PH_ARRIVAL_GOES_ON);
    g_assert_cmpint(arrive(t, 7, 2, 0x8000, 0x2000), ==, PH_ARRIVAL_JOINS);

    /* Too many in one set: the one that was quiet for longest has to go. */
    for (int i = 1; i <= PH_TASK_WAYS; i++) {
        arrive(t, 7 + i * PH_TASK_SETS, 1, 0x4000, 0x1000);
    }
    g_assert_cmpuint(t->evicted, ==, 1);
    g_assert_cmpint(arrive(t, 7 + PH_TASK_SETS, 1, 0x4000, 0x1000), ==,
                    PH_ARRIVAL_GOES_ON);
    g_assert_cmpint(arrive(t, 7, 2, 0x8000, 0x2000), ==, PH_ARRIVAL_JOINS);
    g_assert_cmpuint(t->evicted, ==, 2);
    ph_tasks_free(t);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ph/pairs", test_pairs);
    g_test_add_func("/ph/windows-know-more", test_windows_know_more);
    g_test_add_func("/ph/join", test_join);
    g_test_add_func("/ph/long-window", test_long_window);
    g_test_add_func("/ph/ids", test_ids);
    g_test_add_func("/ph/full", test_full);
    g_test_add_func("/ph/frame", test_frame);
    g_test_add_func("/ph/freeze", test_freeze);
    g_test_add_func("/ph/tasks", test_tasks);
    return g_test_run();
}
