/*
 * What the analyzers of Frail have in common.  One of them is a table of
 * options, its callbacks, an Analyzer that names them, and ANALYZER_PLUGIN():
 *
 *     typedef struct Mine {
 *         AnalyzerState common;
 *         ...
 *     } Mine;
 *
 *     static const Option options[] = {
 *         COMMON_OPTIONS("calls to show"),
 *         [OPT_MINE] = OPTION_SWITCH("mine", "off", "as I like it"),
 *     };
 *
 *     static const Analyzer mine = {
 *         .name = "frail-mine",
 *         .options = options, .option_count = G_N_ELEMENTS(options),
 *         .state_size = sizeof(Mine),
 *         .start = start, .on_call = on_call, .finish = finish,
 *     };
 *     ANALYZER_PLUGIN(mine)
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_H
#define FRAIL_ANALYZER_H

#include <frail-plugin.h>
#include <qemu-plugin.h>

#include "gate.h"
#include "output.h"

typedef struct Analyzer Analyzer;

/* The first member of an analyzer's state. */
typedef struct AnalyzerState {
    const Analyzer *analyzer;
    /*
     * NULL in start() and clear(), and in a callback, maybe, on a vCPU that
     * runs while the analyzer is being loaded.
     */
    FrailAnalyzer *handle;
    FrailWriter *writer;    /* NULL in start() and clear() */
    bool colour;            /* the output is to have colours */
    /* start() sets them: on_return, on_signal, on_exit is not wanted */
    bool no_returns, no_signals, no_exits;
    bool by_return;         /* where= asks for what only the return tells */
    char *where;            /* start() may set it, in place of where= */
    Gate gate;
} AnalyzerState;

struct Analyzer {
    const char *name;       /* for messages; lib + name + .so is the file's */
    const Option *options;  /* the first are COMMON_OPTIONS() */
    unsigned option_count;
    size_t state_size;      /* of what begins with an AnalyzerState */
    /*
     * All get the state as @opaque, on a vCPU's thread, and not any more
     * once finish() has been called.  Each may be NULL.
     */
    FrailCallFn *on_call;
    FrailReturnFn *on_return;
    FrailDropFn *on_drop;
    FrailSignalFn *on_signal;
    FrailExitFn *on_exit;
    /*
     * on_call and on_return may come during and after finish(), too: for
     * callbacks that do not write, and are so short that a lock's cost would
     * be seen.
     */
    bool ungated;
    FrailLossFn *on_loss;   /* of the writer, @opaque is the state; or NULL */
    /*
     * Fill in @state, which is all zeros, from the parsed options, whose
     * texts are valid during the call.  False, with one sentence in *@err, to
     * be freed, when they are wrong.  Nothing has been opened yet.  Or NULL.
     */
    bool (*start)(void *state, const Option *opts, char **err);
    /*
     * QEMU ends: write what is left, free what may be freed.  The writer is
     * closed afterwards, the state itself stays.  Or NULL.
     */
    void (*finish)(void *state);
    /*
     * The analyzer is not loaded after all, start() may have failed half-way:
     * free what it made.  Or NULL.
     */
    void (*clear)(void *state);
};

/*
 * colour is what an option of this name says; without one, or with "auto", it
 * is on when the output is a terminal.
 */
#define COLOR_OPTION    OPTION_CHOICE("color", "auto|on|off", "auto", "colours")

/* For qemu_plugin_install(): 0, or -1 after one line on standard error. */
int analyzer_install(const Analyzer *a, qemu_plugin_id_t id, int argc,
                     char **argv);

/* All that a plugin exports. */
#define ANALYZER_PLUGIN(a) \
    QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION; \
    FRAIL_PLUGIN_EXPORT int frail_plugin_version = FRAIL_PLUGIN_VERSION; \
    QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, \
                                               const qemu_info_t *info \
                                               G_GNUC_UNUSED, \
                                               int argc, char **argv) \
    { \
        return analyzer_install(&(a), id, argc, argv); \
    }

#endif /* FRAIL_ANALYZER_H */
