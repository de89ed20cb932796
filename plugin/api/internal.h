/*
 * Shared by the files of plugin/api/ that deliver calls to analyzers.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_API_INTERNAL_H
#define FRAIL_API_INTERNAL_H

#include <glib.h>

#include "api/analyzer.h"
#include "decode/decode.h"
#include "decode/pool.h"
#include "filter/family.h"
#include "trap/engine.h"

#define ANALYZERS_MAX   CALL_JUDGES
#define TABLE_SIZE      CALLSET_NUMBERS     /* numbers above share one answer */

/* Who looks at filters just now, a count for each few vCPUs. */
#define READERS     64u

typedef struct Reader {
    uint32_t inside;            /* atomic */
} __attribute__((aligned(64))) Reader;

/* A filter that is no analyzer's any more. */
typedef struct Retired {
    FrailFilter *filter;
    uint64_t seen;              /* readers that were outside since */
} Retired;

/*
 * Written while plugins are loaded, before the first vCPU runs; afterwards
 * only what is atomic changes, so the vCPUs need no lock.
 */
typedef struct FrailApi {
    FrailVM *vm;
    FrailAnalyzer *analyzer[ANALYZERS_MAX];
    unsigned n;
    unsigned last_id;
    DecodePool *pool;
    FrailMonitorCallFn *monitor_call;
    FrailMonitorRetFn *monitor_ret;
    bool returns;
    bool wants[CALL_ABI_MAX][TABLE_SIZE + 1];       /* atomic */

    bool filtered;              /* an analyzer has a filter; atomic */
    Family *family;             /* NULL: nobody asks for trees; atomic */
    CallSet forks;
    Reader reader[READERS];
    GMutex lock;                /* of whoever changes a filter */
    GArray *retired;            /* of Retired */
} FrailApi;

/* The machine that analyzers are loaded for, or NULL; made when needed. */
FrailApi *api_bound(void);

/* --- where.c ------------------------------------------------------------- */

void where_init(FrailApi *api);
void where_free(FrailApi *api);

/* Anew which calls are wanted; with the lock, or before vCPUs run. */
void where_update_wants(FrailApi *api);

/*
 * Make a filter for @a; false and *@err, as of frail_analyzer_set_where().
 * @text NULL is none.
 */
bool where_set(FrailApi *api, FrailAnalyzer *a, const char *text,
               const char **err);
/* Begin to note who forks. */
void where_need_family(FrailApi *api);

/* At entry: fills in call->matched, undecided and wants_return. */
void where_enter(FrailApi *api, FrailCall *call);
/*
 * At return: of the undecided ones those that match; call->undecided is left
 * as it is.
 */
unsigned where_leave(FrailApi *api, const FrailCall *call);

/* --- filter.c ------------------------------------------------------------ */

/* filter_new() with its error kept for this thread: the sentence, or NULL. */
FrailFilter *filter_or_error(const char *text, const char **err);

#endif /* FRAIL_API_INTERNAL_H */
