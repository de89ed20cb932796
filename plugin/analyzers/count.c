/*
 * How often the guest made each system call, as a table when QEMU ends.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <frail-plugin.h>
#include <inttypes.h>
#include <qemu-plugin.h>
#include <stdatomic.h>

#include "output.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;
FRAIL_PLUGIN_EXPORT int frail_plugin_version = FRAIL_PLUGIN_VERSION;

#define NAME "frail-count"

#define ABIS        3
#define NUMBERS     1024        /* the last stands for all beyond */
#define BEYOND      (NUMBERS - 1)

typedef struct Counter {
    _Atomic uint64_t calls;
    _Atomic uint64_t errors;
} Counter;

typedef struct Count {
    FrailWriter *writer;
    bool errors;
    Counter counters[ABIS][NUMBERS];
} Count;

static const char *const abi_suffix[ABIS] = { "", " [x32]", " [i386]" };

typedef struct Row {
    unsigned abi, nr;
    uint64_t calls, errors;
} Row;

static Counter *counter_of(Count *s, const FrailCall *call)
{
    unsigned abi = frail_call_abi(call);
    int64_t nr = frail_call_number(call);

    if (abi >= ABIS) {
        abi = 0;
        nr = BEYOND;
    }
    if (nr < 0 || nr > BEYOND) {
        nr = BEYOND;
    }
    return &s->counters[abi][nr];
}

static int on_call(const FrailCall *call, void *opaque)
{
    Count *s = opaque;

    atomic_fetch_add_explicit(&counter_of(s, call)->calls, 1,
                              memory_order_relaxed);
    return FRAIL_CONTINUE;
}

static void on_return(const FrailCall *call, void *opaque)
{
    Count *s = opaque;
    int64_t result;

    if (frail_call_refused(call) ||
        (!frail_call_result(call, &result) && result < 0 &&
         result >= -4095 && !frail_call_restarts(call))) {
        atomic_fetch_add_explicit(&counter_of(s, call)->errors, 1,
                                  memory_order_relaxed);
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

static void print_table(Count *s)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
    GString *text = g_string_new(NULL);
    bool colour = frail_writer_is_terminal(s->writer);
    uint64_t calls = 0, errors = 0;

    for (unsigned abi = 0; abi < ABIS; abi++) {
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
    frail_writer_put(s->writer, text->str, text->len);
    g_string_free(text, TRUE);
}

static void on_exit_of_qemu(qemu_plugin_id_t id G_GNUC_UNUSED, void *opaque)
{
    Count *s = opaque;

    print_table(s);
    frail_writer_close(s->writer);
    s->writer = NULL;
}

enum {
    OPT_TRACE = OUTPUT_OPTIONS_END, OPT_ERRORS,
    OPTIONS
};

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
                                           const qemu_info_t *info
                                           G_GNUC_UNUSED,
                                           int argc, char **argv)
{
    Option opts[OPTIONS] = {
        OUTPUT_OPTIONS,
        [OPT_TRACE] = { "trace", NULL, NULL,
            "calls to count, openat:read, or !futex for all others" },
        [OPT_ERRORS] = { "errors", "on|off", "off",
            "count errors too; needs return values" },
    };
    FrailAnalyzerOptions a = {
        .sz = sizeof(a), .name = NAME, .on_call = on_call,
    };
    const char *err = NULL;
    Count *s;

    if (!options_parse(NAME, opts, OPTIONS, argc, argv)) {
        return -1;
    }

    s = g_new0(Count, 1);
    s->errors = option_is_on(&opts[OPT_ERRORS]);
    s->writer = open_output(opts, NULL, NULL, &err);
    if (!s->writer) {
        goto fail;
    }
    a.on_return = s->errors ? on_return : NULL;
    a.opaque = s;
    a.filter = opts[OPT_TRACE].value;
    if (!frail_analyzer_register(&a, &err)) {
        goto fail;
    }
    qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, s);
    return 0;

fail:
    fprintf(stderr, NAME ": %s\n", err);
    frail_writer_close(s->writer);
    g_free(s);
    return -1;
}
