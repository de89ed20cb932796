/*
 * What programs of the guest may do: rules from a file, each with calls that
 * it is about and what is done about them.  docs/policy.md has the format, and
 * what cannot be promised.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "policy.h"

enum {
    OPT_RULES = COMMON_OPTIONS_END, OPT_CONTROL, OPT_RETURNS, OPT_COLOR,
};

static const Option options[] = {
    COMMON_OPTIONS("not here: each rule says which calls it is about"),
    [OPT_RULES] = OPTION_TEXT("rules", NULL, "the file of rules, "
        "libfrail-policy(7)"),
    [OPT_CONTROL] = OPTION_TEXT("control", NULL, "a Unix socket for "
        "frail-policy reload and show"),
    [OPT_RETURNS] = OPTION_SWITCH("returns", "on", "judge at its return what "
        "could not be judged before the call"),
    [OPT_COLOR] = COLOR_OPTION,
};

static void add(_Atomic uint64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* --- What rules do -------------------------------------------------------- */

/* End the caller at its next call: all calls are to come from now on. */
static void end_later(PolicyState *s, const FrailProcess *process,
                      const PolicyRule *r)
{
    const char *why;

    policy_mark(&s->wait, process, r->name);
    if (s->common.handle && !atomic_exchange(&s->widened, true)) {
        frail_analyzer_set_where(s->common.handle, NULL, &why);
    }
}

static void stop_late(PolicyState *s, const FrailCall *call, PolicyRule *r,
                      PolicyAnswer *a)
{
    const FrailProcess *process = frail_call_process(call);
    int64_t result;

    if (r->acts & POLICY_KILL && process) {
        end_later(s, process, r);
        a->marked = true;
    } else if (frail_call_result(call, &result) || !call_is_error(result)) {
        add(&r->missed);
    }
}

static void stop(const FrailCall *call, PolicyRule *r, PolicyAnswer *a)
{
    if (r->acts & POLICY_KILL && a->why == POLICY_MATCH) {
        a->killed = frail_call_kill(call) == 0;
        a->spared = !a->killed;
    }
    if (a->killed) {
        add(&r->killed);
    } else {
        a->verdict = r->acts & POLICY_REFUSE ? -r->refuse_errno : -EPERM;
        add(&r->refused);
    }
}

/* Do what @r says; returns the verdict. */
static int act(PolicyState *s, const FrailCall *call, PolicyRule *r,
               PolicyWhy why, const char *opened)
{
    PolicyAnswer a = { .why = why, .opened = opened };

    add(&r->matched);
    if (r->acts & POLICY_STOPS) {
        if (why == POLICY_LATE) {
            stop_late(s, call, r, &a);
        } else if (!call_set_has(&s->musts, frail_call_abi(call),
                                 frail_call_number(call))) {
            stop(call, r, &a);
        }
    }
    a.event = r->acts & POLICY_EVENT && policy_say_event(s, call, r, &a);
    /* Last: whoever sees the machine stop has the event already. */
    a.paused = r->acts & POLICY_PAUSE && s->common.handle &&
               frail_vm_pause(s->common.handle, call, r->name) == 0;
    if (r->acts & POLICY_LOG) {
        policy_say_match(s, call, r, &a);
    }
    return a.verdict;
}

/* --- A call is entered ---------------------------------------------------- */

/* Does its caller end here? */
static bool end_now(PolicyState *s, const FrailCall *call, const Policy *p)
{
    const FrailProcess *process = frail_call_process(call);
    char name[POLICY_NAME_MAX + 1];

    if (!process || !policy_is_marked(&s->wait, process,
                                      frail_call_time_ns(call), name)) {
        return false;
    }
    if (frail_call_kill(call)) {
        policy_unmark(&s->wait, process);       /* the guest's init */
        return false;
    }
    for (unsigned i = 0; i < p->n; i++) {
        if (!strcmp(p->rule[i]->name, name)) {
            add(&p->rule[i]->killed);
        }
    }
    policy_say_kill(s, call, name);
    return true;
}

/* What is to be done about rule @r now; false: nothing. */
static bool decide(const Policy *p, const PolicyRule *r,
                   const FrailCall *call, PolicyWhy *why, bool *later)
{
    FrailMatch match = policy_match(r, call);

    *why = POLICY_MATCH;
    *later = match != FRAIL_MATCH_NO &&
             (r->late || match == FRAIL_MATCH_LATER);
    if (!(r->acts & POLICY_STOPS)) {
        return match == FRAIL_MATCH_YES && !*later;
    }
    if (match == FRAIL_MATCH_NO && p->refuse_unknown &&
        !frail_call_process(call)) {
        *why = POLICY_UNKNOWN;
        return true;
    }
    if (*later && !r->late && p->refuse_undecided) {
        *why = POLICY_UNDECIDED;
        *later = false;
        return true;
    }
    return match == FRAIL_MATCH_YES && !*later;
}

static int on_call(const FrailCall *call, void *opaque)
{
    PolicyState *s = opaque;
    const Policy *p = atomic_load(&s->policy);
    const uint16_t *list = policy_list(p, frail_call_abi(call),
                                       frail_call_number(call));
    PolicyBits bits = { 0 };
    bool any = false;
    int verdict = FRAIL_CONTINUE;

    if (atomic_load_explicit(&s->wait.marks, memory_order_relaxed) &&
        end_now(s, call, p)) {
        return FRAIL_CONTINUE;
    }
    for (; *list != POLICY_LIST_END; list++) {
        PolicyRule *r = p->rule[*list];
        PolicyWhy why;
        bool later;

        if (decide(p, r, call, &why, &later)) {
            verdict = act(s, call, r, why, NULL);
            if (r->acts & POLICY_ENDS) {
                break;
            }
        } else if (later) {
            bits.word[*list / 64] |= UINT64_C(1) << *list % 64;
            any = true;
        }
    }
    if (any && !verdict && !s->common.no_returns) {
        policy_wait_put(&s->wait, frail_call_sequence(call), p, &bits);
    }
    return verdict;
}

/* --- It has returned ------------------------------------------------------ */

/* Is what it has opened what the rule means?  Then the path, in *@path. */
static bool has_opened(PolicyRule *r, const FrailCall *call,
                       const char **path)
{
    const FrailProcess *process = frail_call_process(call);
    int64_t fd;

    if (frail_call_result(call, &fd) || fd < 0 || fd > INT32_MAX) {
        return false;
    }
    *path = process ? frail_process_fd(process, fd) : NULL;
    if (!*path) {
        add(&r->missed);
    }
    return *path && !fnmatch(r->opened, *path, 0);
}

static void on_return(const FrailCall *call, void *opaque)
{
    PolicyState *s = opaque;
    const Policy *p = atomic_load(&s->policy);
    PolicyBits bits;

    if (!policy_wait_take(&s->wait, frail_call_sequence(call), p, &bits) ||
        frail_call_refused(call) || frail_call_killed(call)) {
        return;
    }
    for (unsigned i = 0; i < p->n; i++) {
        const char *path = NULL;
        PolicyRule *r = p->rule[i];

        if (!(bits.word[i / 64] >> i % 64 & 1) ||
            policy_match(r, call) != FRAIL_MATCH_YES ||
            (r->opened && !has_opened(r, call, &path))) {
            continue;
        }
        act(s, call, r, POLICY_LATE, path);
        if (r->acts & POLICY_ENDS) {
            break;
        }
    }
}

/* --- Begin, reload, end --------------------------------------------------- */

/* NULL and one line in *@err, to be freed. */
static Policy *load(const PolicyState *s, char **err)
{
    PolicyError error;
    Policy *p = policy_load(s->path, &error);

    if (!p) {
        *err = policy_error_line(s->path, &error);
        g_free(error.text);
        return NULL;
    }
    for (unsigned i = 0; s->common.no_returns && i < p->n; i++) {
        if (p->rule[i]->late) {
            *err = g_strdup_printf("%s:%u:1: rule %s needs returns=on",
                                   s->path, p->rule[i]->line,
                                   p->rule[i]->name);
            policy_free(p);
            return NULL;
        }
    }
    return p;
}

/*
 * Put @p in the place of the rules in force.  Each call is judged by the old
 * ones or the new ones, whole.
 */
static void replace(PolicyState *s, Policy *p)
{
    g_autofree char *where = policy_where(p);
    const char *why;
    Policy *old;

    /* First ask for all calls: those of neither set of rules are missed. */
    frail_analyzer_set_where(s->common.handle, NULL, &why);
    old = atomic_exchange(&s->policy, p);
    /* When this has been got, nobody looks at the old ones any more. */
    g_rw_lock_writer_lock(&s->common.gate.lock);
    g_rw_lock_writer_unlock(&s->common.gate.lock);
    policy_say_counts(s, "old", old);
    policy_free(old);
    atomic_store(&s->widened, false);
    if (!atomic_load(&s->wait.marks) && where) {
        frail_analyzer_set_where(s->common.handle, where, &why);
        if (atomic_load(&s->wait.marks)) {
            frail_analyzer_set_where(s->common.handle, NULL, &why);
        }
    }
}

static char *reload(PolicyState *s)
{
    g_autofree char *why = NULL;
    Policy *p = load(s, &why);

    if (!p) {
        s->bad_reloads++;
        policy_say_reload(s, NULL, why);
        return g_strdup_printf(POLICY_BAD " %s\nThe rules that were in force "
                               "still are.\n", why);
    }
    replace(s, p);
    s->reloads++;
    policy_say_reload(s, p, NULL);
    return g_strdup_printf(POLICY_GOOD " %s: %u rule%s in force\n", s->path,
                           p->n, p->n == 1 ? " is" : "s are");
}

/* On the control socket's thread: one command after the other. */
static char *on_command(const char *command, void *opaque)
{
    PolicyState *s = opaque;

    if (!s->common.handle) {
        return g_strdup(POLICY_BAD " QEMU is still starting; try again\n");
    }
    if (!strcmp(command, "reload")) {
        return reload(s);
    }
    if (!strcmp(command, "show")) {
        return policy_counts_text(s, s->policy);
    }
    return g_strdup(POLICY_BAD " the commands are reload and show\n");
}

static bool start(void *state, const Option *opts, char **err)
{
    PolicyState *s = state;

    if (!opts[OPT_RULES].value) {
        *err = g_strdup("which rules?  Give rules=FILE; man libfrail-policy "
                        "has an example");
        return false;
    }
    /* Calls that are left out would be a hole. */
    if (opts[OPT_WHERE].value || opts[OPT_TRACE].value) {
        *err = g_strdup_printf("%s=: each rule says in the file which calls "
                               "it is about", opts[OPT_WHERE].value ?
                               "where" : "trace");
        return false;
    }
    /* Without its return from a signal's handler a program is torn. */
    call_set_init(&s->musts, (const char *const[CALL_SET_MAX]) {
        "exit", "exit_group", "rt_sigreturn", "sigreturn" });
    policy_wait_init(&s->wait);
    s->common.no_returns = !option_is_on(&opts[OPT_RETURNS]);
    /* QEMU may go to another directory when it becomes a daemon. */
    s->path = g_canonicalize_filename(opts[OPT_RULES].value, NULL);
    s->policy = load(s, err);
    if (!s->policy) {
        return false;
    }
    s->common.where = policy_where(s->policy);
    if (opts[OPT_CONTROL].value) {
        g_autofree char *path = g_canonicalize_filename(
            opts[OPT_CONTROL].value, NULL);

        s->control = policy_control_open(path, on_command, s, err);
        return s->control;
    }
    return true;
}

static void clear(void *state)
{
    PolicyState *s = state;

    policy_control_close(g_steal_pointer(&s->control));
    policy_free(s->policy);
    g_clear_pointer(&s->path, g_free);
}

static void finish(void *state)
{
    PolicyState *s = state;

    policy_control_close(g_steal_pointer(&s->control));
    policy_say_end(s);
    clear(s);
}

static const Analyzer policy = {
    .name = "frail-policy",
    .options = options,
    .option_count = G_N_ELEMENTS(options),
    .state_size = sizeof(PolicyState),
    .on_call = on_call,
    .on_return = on_return,
    .start = start,
    .finish = finish,
    .clear = clear,
};
ANALYZER_PLUGIN(policy)
