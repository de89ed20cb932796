/*
 * How often the guest made each system call, as a table when QEMU ends.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdatomic.h>

#include "analyzer.h"
#include "calls.h"

#define NUMBERS     1024        /* the last stands for all beyond */
#define BEYOND      (NUMBERS - 1)

typedef struct Counter {
    _Atomic uint64_t calls;
    _Atomic uint64_t errors;
} Counter;

typedef struct Count {
    AnalyzerState common;
    bool errors;
    Counter counters[CALL_ABIS][NUMBERS];
} Count;

static const char *const abi_suffix[CALL_ABIS] = { "", " [x32]", " [i386]" };

typedef struct Row {
    unsigned abi, nr;
    uint64_t calls, errors;
} Row;

static Counter *counter_of(Count *s, const FrailCall *call)
{
    unsigned abi = frail_call_abi(call);
    int64_t nr = frail_call_number(call);

    if (abi >= CALL_ABIS) {
        abi = 0;
        nr = BEYOND;
    }
    if (nr < 0 || nr > BEYOND) {
        nr = BEYOND;
    }
    return &s->counters[abi][nr];
}

static void add(_Atomic uint64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static int on_call(const FrailCall *call, void *opaque)
{
    /* What only the return decides is counted then. */
    if (frail_call_match(call) == FRAIL_MATCH_YES) {
        add(&counter_of(opaque, call)->calls);
    }
    return FRAIL_CONTINUE;
}

static void on_return(const FrailCall *call, void *opaque)
{
    Counter *counter = counter_of(opaque, call);
    int64_t result;

    if (frail_call_match(call) == FRAIL_MATCH_LATER) {
        add(&counter->calls);
    }
    if (frail_call_refused(call) ||
        (!frail_call_result(call, &result) && call_is_error(result) &&
         !frail_call_restarts(call))) {
        add(&counter->errors);
    }
}

static int row_order(const void *a, const void *b)
{
    const Row *x = a, *y = b;

    if (x->calls != y->calls) {
        return x->calls > y->calls ? -1 : 1;
    }
    if (x->abi != y->abi) {
        return x->abi < y->abi ? -1 : 1;
    }
    return x->nr < y->nr ? -1 : x->nr > y->nr;
}

static void print_row(const Count *s, GString *text, uint64_t calls,
                      uint64_t errors)
{
    g_string_append_printf(text, "%12" PRIu64, calls);
    if (s->errors) {
        g_string_append_printf(text, "%12" PRIu64, errors);
    }
    g_string_append(text, "  ");
}

static void print_table(void *state)
{
    Count *s = state;
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
    GString *text = g_string_new(NULL);
    bool colour = s->common.colour;
    uint64_t calls = 0, errors = 0;

    for (unsigned abi = 0; abi < CALL_ABIS; abi++) {
        for (unsigned nr = 0; nr < NUMBERS; nr++) {
            Row row = {
                .abi = abi, .nr = nr,
                .calls = s->counters[abi][nr].calls,
                .errors = s->counters[abi][nr].errors,
            };

            if (row.calls) {
                g_array_append_val(rows, row);
                calls += row.calls;
                errors += row.errors;
            }
        }
    }
    g_array_sort(rows, row_order);

    g_string_append_printf(text, "%s%12s%s  call%s\n",
                           colour ? "\033[1m" : "", "calls",
                           s->errors ? "      errors" : "",
                           colour ? "\033[0m" : "");
    for (unsigned i = 0; i < rows->len; i++) {
        const Row *row = &g_array_index(rows, Row, i);
        const char *name = frail_syscall_name(row->abi, row->nr);

        print_row(s, text, row->calls, row->errors);
        if (name) {
            g_string_append(text, name);
        } else if (row->nr == BEYOND) {
            g_string_append(text, "other numbers");
        } else {
            g_string_append_printf(text, "syscall_0x%x", row->nr);
        }
        g_string_append_printf(text, "%s\n", abi_suffix[row->abi]);
    }
    print_row(s, text, calls, errors);
    g_string_append(text, "total\n");
    frail_writer_put(s->common.writer, text->str, text->len);
    g_string_free(text, TRUE);
}

enum {
    OPT_ERRORS = COMMON_OPTIONS_END,
};

static const Option options[] = {
    COMMON_OPTIONS("calls to count, openat:read, or !futex for all others"),
    [OPT_ERRORS] = OPTION_SWITCH("errors", "off", "count errors too; needs "
        "return values"),
};

static bool start(void *state, const Option *opts, char **err G_GNUC_UNUSED)
{
    Count *s = state;

    s->errors = option_is_on(&opts[OPT_ERRORS]);
    s->common.no_returns = !s->errors && !s->common.by_return;
    return true;
}

static const Analyzer count = {
    .name = "frail-count",
    .options = options,
    .option_count = G_N_ELEMENTS(options),
    .state_size = sizeof(Count),
    .on_call = on_call,
    .on_return = on_return,
    .ungated = true,
    .start = start,
    .finish = print_table,
};
ANALYZER_PLUGIN(count)
