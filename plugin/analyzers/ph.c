/*
 * Anomalies in the sequences of system calls that programs make: each program
 * of the guest has a profile of what is normal for it, learned by watching,
 * and a call that does not fit is told, and answered if the user wants that.
 * docs/ph.md has the method and where it comes from.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "ph.h"

/* Which programs the user wants. */
static bool is_chosen(const Ph *s, const char *exe)
{
    if (!s->opts.programs) {
        return true;
    }
    for (char **one = s->opts.programs; *one; one++) {
        if (!fnmatch(*one, exe, 0)) {
            return true;
        }
    }
    return false;
}

/* The thread's program, for its first call; NULL to leave its calls alone. */
static PhProgram *program_of(Ph *s, const FrailProcess *process)
{
    const char *exe = frail_process_exe(process);
    PhProgram *program;
    bool fresh;

    if (!exe) {
        atomic_fetch_add(&s->nameless, 1);
        return NULL;
    }
    if (!is_chosen(s, exe)) {
        return NULL;
    }
    program = ph_store_program(s->store, exe, &fresh);
    if (!program) {
        atomic_fetch_add(&s->no_room, 1);
        return NULL;
    }
    if (fresh) {
        g_mutex_lock(&program->lock);
        ph_say_program(s, "new", program);
        g_mutex_unlock(&program->lock);
    }
    return program->profile ? program : NULL;
}

static void learn(Ph *s, const FrailCall *call, PhTask *task)
{
    PhProgram *p = task->program;
    PhStep step;
    unsigned nr = ph_id(frail_call_abi(call), frail_call_number(call));
    bool changed = false;

    g_mutex_lock(&p->lock);
    if (p->profile->state == PH_TESTING) {
        /* Another vCPU has ended the training just now. */
        ph_test(p->profile, &task->sequence, nr, &step);
    } else {
        ph_learn(p->profile, &task->sequence, nr, &step);
        p->profile->runs += !task->calls && task->begun;
        if (s->opts.mode == PH_MODE_AUTO) {
            changed = ph_profile_advance(p->profile, &s->opts.freeze,
                                         frail_call_time_ns(call));
        }
        if (changed) {
            ph_say_program(s, ph_state_names[p->profile->state], p);
        }
        ph_store_learned(s->store, p, changed);
        atomic_store(&p->tests, p->profile->state == PH_TESTING);
    }
    g_mutex_unlock(&p->lock);
}

static void note_worst(PhProgram *p, unsigned count)
{
    unsigned worst = atomic_load_explicit(&p->worst, memory_order_relaxed);

    while (count > worst &&
           !atomic_compare_exchange_weak(&p->worst, &worst, count)) {
        /* @worst is what another vCPU found */
    }
}

/* Is it an anomaly?  Counted, if so. */
static bool test(Ph *s, const FrailCall *call, PhTask *task, PhStep *step,
                 unsigned *count)
{
    PhProgram *p = task->program;
    bool by_pairs, by_windows, anomaly;

    ph_test(p->profile, &task->sequence,
            ph_id(frail_call_abi(call), frail_call_number(call)), step);
    by_pairs = step->pairs_new || step->alien;
    by_windows = step->window_new || step->alien;
    anomaly = s->opts.windows ? by_windows : by_pairs;
    *count = ph_frame_add(&task->frame, anomaly);
    if (by_pairs) {
        atomic_fetch_add_explicit(&p->by_pairs, 1, memory_order_relaxed);
    }
    if (by_windows) {
        atomic_fetch_add_explicit(&p->by_windows, 1, memory_order_relaxed);
    }
    if (anomaly) {
        atomic_fetch_add_explicit(&p->anomalies, 1, memory_order_relaxed);
        note_worst(p, *count);
    }
    return anomaly;
}

/*
 * The vCPU's thread sleeps, for a second at most, and with it all that would
 * run on this vCPU; the end of QEMU wakes it.  Nothing is locked.
 */
static void sleep_ms(Ph *s, unsigned ms)
{
    int64_t until = g_get_monotonic_time() + ms * INT64_C(1000);

    g_mutex_lock(&s->end_lock);
    while (!s->ended && g_cond_wait_until(&s->end, &s->end_lock, until)) {
        /* woken for nothing */
    }
    g_mutex_unlock(&s->end_lock);
}

/* What is done about a call that ends a run of @count anomalies. */
static void answer(Ph *s, const FrailCall *call, const PhTask *task,
                   const PhStep *step, bool anomaly, unsigned count,
                   PhAnswer *a)
{
    unsigned react = s->opts.react;

    if (count < s->opts.limit) {
        return;
    }
    /* A program that is to end must not be kept from it. */
    if (call_set_has(&s->musts, frail_call_abi(call),
                     frail_call_number(call))) {
        react &= PH_EVENT;
    }
    if (react & PH_DELAY) {
        a->delay_ms = MIN((uint64_t)count * s->opts.delay_ms,
                          PH_DELAY_MAX_MS);
    }
    if (!anomaly) {
        return;
    }
    if (react & PH_REFUSE) {
        a->verdict = -s->opts.refuse_errno;
    }
    a->killed = react & PH_KILL && frail_call_kill(call) == 0;
    a->event = react & PH_EVENT && ph_say_event(s, call, task, step);
    /* Last: whoever sees the machine stop has the rest already. */
    a->paused = react & PH_PAUSE && s->common.handle &&
                frail_vm_pause(s->common.handle, call, "anomaly") == 0;
}

static void look_at(Ph *s, const FrailCall *call, const FrailProcess *process,
                    PhTask *task, PhAnswer *a)
{
    PhProgram *p = task->program;
    unsigned count = 0;
    PhStep step;
    bool anomaly;

    atomic_fetch_add_explicit(&p->calls, 1, memory_order_relaxed);
    if (!task->calls && task->begun) {
        atomic_fetch_add_explicit(&p->runs, 1, memory_order_relaxed);
    }
    if (!atomic_load(&p->tests)) {
        learn(s, call, task);
        task->calls++;
        return;
    }
    anomaly = test(s, call, task, &step, &count);
    task->calls++;
    answer(s, call, task, &step, anomaly, count, a);
    if (anomaly) {
        ph_say_anomaly(s, call, process, task, &step, a);
    }
}

static int on_call(const FrailCall *call, void *opaque)
{
    Ph *s = opaque;
    PhAnswer a = { .verdict = FRAIL_CONTINUE };
    const FrailProcess *process;
    PhArrival arrival;
    PhTask *task;

    if (!gate_enter(&s->common.gate)) {
        return FRAIL_CONTINUE;
    }
    process = frail_call_process(call);
    if (!process) {
        atomic_fetch_add_explicit(&s->nobody, 1, memory_order_relaxed);
        gate_leave(&s->common.gate);
        return FRAIL_CONTINUE;
    }
    task = ph_tasks_lock(s->tasks, frail_process_tid(process),
                         frail_process_start_ns(process),
                         frail_call_task(call), frail_call_cr3(call),
                         &arrival);
    if (arrival != PH_ARRIVAL_GOES_ON) {
        task->program = program_of(s, process);
        task->begun = arrival == PH_ARRIVAL_BEGINS;
        if (task->begun) {
            ph_sequence_begin(&task->sequence);
        } else {
            ph_sequence_join(&task->sequence);
        }
    }
    if (task->program) {
        look_at(s, call, process, task, &a);
    }
    if (call_set_has(&s->ends, frail_call_abi(call),
                     frail_call_number(call))) {
        ph_tasks_remove(s->tasks, task);
    } else {
        ph_tasks_unlock(s->tasks, task);
    }
    gate_leave(&s->common.gate);
    if (a.delay_ms) {
        sleep_ms(s, a.delay_ms);
    }
    return a.verdict;
}

static bool start(void *state, const Option *opts, char **err)
{
    Ph *s = state;
    PhStoreOptions store;

    if (!ph_options_read(&s->opts, &store, opts, err)) {
        return false;
    }
    if (s->common.by_return) {
        *err = g_strdup("where=: a result is not known yet when the call is "
                        "looked at; ask for something else");
        return false;
    }
    call_set_init(&s->ends, (const char *const[CALL_SET_MAX]) {
        "exit", "exit_group" });
    /* Without its return from a signal's handler a program is torn. */
    call_set_init(&s->musts, (const char *const[CALL_SET_MAX]) {
        "exit", "exit_group", "rt_sigreturn", "sigreturn" });
    g_mutex_init(&s->end_lock);
    g_cond_init(&s->end);
    s->tasks = ph_tasks_new();
    s->store = ph_store_open(&store, err);
    return s->store;
}

static void clear(void *state)
{
    Ph *s = state;

    g_free(ph_store_close(s->store));   /* nothing was learned */
    g_clear_pointer(&s->tasks, ph_tasks_free);
    ph_options_clear(&s->opts);
}

static void finish(void *state)
{
    Ph *s = state;
    g_autofree char *failure = NULL;

    /* Nobody is behind the gate any more; who sleeps has left it. */
    g_mutex_lock(&s->end_lock);
    s->ended = true;
    g_cond_broadcast(&s->end);
    g_mutex_unlock(&s->end_lock);
    ph_say_summary(s);
    g_clear_pointer(&s->tasks, ph_tasks_free);
    failure = ph_store_close(g_steal_pointer(&s->store));
    if (failure) {
        fprintf(stderr, "%s: %s\n", s->common.analyzer->name, failure);
    }
    ph_options_clear(&s->opts);
}

static const Analyzer ph = {
    .name = "frail-ph",
    .options = ph_options,
    .option_count = G_N_ELEMENTS(ph_options),
    .state_size = sizeof(Ph),
    .on_call = on_call,
    .ungated = true,        /* it passes the gate itself, and sleeps outside */
    .start = start,
    .finish = finish,
    .clear = clear,
};
ANALYZER_PLUGIN(ph)
