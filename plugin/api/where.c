/*
 * The filters of analyzers: evaluated by vCPUs, replaced meanwhile.
 *
 * A vCPU that looks at filters counts itself in, and out when it is done; it
 * waits for nobody, and nobody for it.  A filter that was replaced is kept
 * until every counter has been seen at zero since, which is looked at when the
 * next one is replaced: then whoever could have seen it has gone.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>

#include "api/internal.h"

void where_init(FrailApi *api)
{
    g_autofree char *err = NULL;

    g_mutex_init(&api->lock);
    api->retired = g_array_new(FALSE, TRUE, sizeof(Retired));
    callset_parse("fork:vfork:clone:clone3", &api->forks, &err);
}

void where_free(FrailApi *api)
{
    for (unsigned i = 0; i < api->retired->len; i++) {
        filter_free(g_array_index(api->retired, Retired, i).filter);
    }
    g_array_unref(api->retired);
    for (unsigned i = 0; i < api->n; i++) {
        filter_free(api->analyzer[i]->where);
    }
    family_free(api->family);
    g_mutex_clear(&api->lock);
}

/* --- Replacing ----------------------------------------------------------- */

/* Free what nobody can be looking at any more; with the lock. */
static void free_retired(FrailApi *api)
{
    uint64_t outside = 0;

    for (unsigned i = 0; i < READERS; i++) {
        if (!__atomic_load_n(&api->reader[i].inside, __ATOMIC_SEQ_CST)) {
            outside |= UINT64_C(1) << i;
        }
    }
    for (unsigned i = api->retired->len; i > 0; i--) {
        Retired *r = &g_array_index(api->retired, Retired, i - 1);

        r->seen |= outside;
        if (r->seen == UINT64_MAX) {
            filter_free(r->filter);
            g_array_remove_index_fast(api->retired, i - 1);
        }
    }
}

G_STATIC_ASSERT(READERS == 64);

static bool is_wanted(const FrailApi *api, unsigned abi, int64_t nr)
{
    if (api->monitor_call || api->monitor_ret ||
        (api->family && callset_has(&api->forks, abi, nr))) {
        return true;
    }
    for (unsigned i = 0; i < api->n; i++) {
        const FrailAnalyzer *a = api->analyzer[i];

        if ((a->on_call || a->on_return) && callset_has(&a->calls, abi, nr) &&
            (!a->where || filter_can_match(a->where, abi, nr))) {
            return true;
        }
    }
    return false;
}

void where_update_wants(FrailApi *api)
{
    bool filtered = false;

    for (unsigned i = 0; i < api->n; i++) {
        filtered |= api->analyzer[i]->where != NULL;
    }
    __atomic_store_n(&api->filtered, filtered, __ATOMIC_RELEASE);
    for (unsigned abi = 0; abi < CALL_ABI_MAX; abi++) {
        for (unsigned nr = 0; nr <= TABLE_SIZE; nr++) {
            __atomic_store_n(&api->wants[abi][nr], is_wanted(api, abi, nr),
                             __ATOMIC_RELAXED);
        }
    }
}

void where_need_family(FrailApi *api)
{
    g_mutex_lock(&api->lock);
    if (!api->family) {
        api->returns = true;
        __atomic_store_n(&api->family, family_new(), __ATOMIC_RELEASE);
        where_update_wants(api);
    }
    g_mutex_unlock(&api->lock);
}

/* Can @a have @f?  NULL, or why not. */
static const char *unfit(const FrailApi *api, const FrailAnalyzer *a,
                         const FrailFilter *f)
{
    if (filter_needs_return(f) && !a->on_return) {
        return "ret, errno, status and duration are known when a call "
               "returns, which this analyzer is not told of";
    }
    /* Once the guest runs it is too late to begin with returns. */
    if (filter_needs_family(f) && !api->returns && !api_bound()) {
        return "tree needs to see fork() return, and all analyzers were "
               "loaded without return values";
    }
    return NULL;
}

bool where_set(FrailApi *api, FrailAnalyzer *a, const char *text,
               const char **err)
{
    FrailFilter *f = text && *text ? filter_or_error(text, err) : NULL;
    FrailFilter *old;

    if (text && *text && !f) {
        return false;
    }
    *err = f ? unfit(api, a, f) : NULL;
    if (*err) {
        filter_free(f);
        return false;
    }
    if (f && filter_needs_family(f)) {
        where_need_family(api);
    }
    g_mutex_lock(&api->lock);
    old = a->where;
    __atomic_store_n(&a->where, f, __ATOMIC_SEQ_CST);
    where_update_wants(api);
    if (old) {
        g_array_append_vals(api->retired, &(Retired) { .filter = old }, 1);
    }
    free_retired(api);
    g_mutex_unlock(&api->lock);
    return true;
}

static FrailApi *api_of(const FrailAnalyzer *a)
{
    return a->vm->sink_opaque;
}

int frail_analyzer_set_where(FrailAnalyzer *a, const char *text,
                             const char **err)
{
    return where_set(api_of(a), a, text, err) ? 0 : -EINVAL;
}

size_t frail_analyzer_get_where(FrailAnalyzer *a, char *buf, size_t size)
{
    FrailApi *api = api_of(a);
    size_t len;

    g_mutex_lock(&api->lock);
    len = g_strlcpy(buf, a->where ? filter_text(a->where) : "", size);
    g_mutex_unlock(&api->lock);
    return len;
}

/* --- Evaluating ---------------------------------------------------------- */

static uint32_t *begin_looking(FrailApi *api, const FrailCall *call)
{
    uint32_t *inside = &api->reader[call->vcpu % READERS].inside;

    /* Before any filter is looked at: see free_retired(). */
    __atomic_add_fetch(inside, 1, __ATOMIC_SEQ_CST);
    return inside;
}

static void end_looking(uint32_t *inside)
{
    __atomic_sub_fetch(inside, 1, __ATOMIC_RELEASE);
}

static FrailFilter *filter_of(const FrailAnalyzer *a)
{
    return __atomic_load_n(&a->where, __ATOMIC_SEQ_CST);
}

void where_enter(FrailApi *api, FrailCall *call)
{
    bool filtered = __atomic_load_n(&api->filtered, __ATOMIC_ACQUIRE);
    uint32_t *inside = filtered ? begin_looking(api, call) : NULL;

    for (unsigned i = 0; i < api->n; i++) {
        const FrailAnalyzer *a = api->analyzer[i];
        const FrailFilter *f = filtered ? filter_of(a) : NULL;
        FrailMatch match = FRAIL_MATCH_YES;

        if (!callset_has(&a->calls, call->abi, call->nr)) {
            continue;
        }
        if (f) {
            match = filter_enter(f, call, &call->judged[i]);
        }
        if (match == FRAIL_MATCH_YES) {
            call->matched |= 1u << i;
            call->wants_return |= a->on_return != NULL;
        } else if (match == FRAIL_MATCH_LATER && a->on_return) {
            /* Else the caller's memory is unreadable, and stays so. */
            call->undecided |= 1u << i;
            call->wants_return = true;
            call->judge[i] = filter_serial(f);
        }
    }
    if (inside) {
        end_looking(inside);
    }
}

unsigned where_leave(FrailApi *api, const FrailCall *call)
{
    unsigned yes = 0;
    uint32_t *inside;

    if (!call->undecided) {
        return 0;
    }
    inside = begin_looking(api, call);
    for (unsigned i = 0; i < api->n; i++) {
        if (call->undecided >> i & 1) {
            const FrailFilter *f = filter_of(api->analyzer[i]);

            /* Another filter by now: what it asks for is asked now. */
            if (!f || filter_leave(f, call, filter_serial(f) ==
                                   call->judge[i] ? &call->judged[i] :
                                                    NULL)) {
                yes |= 1u << i;
            }
        }
    }
    end_looking(inside);
    return yes;
}
