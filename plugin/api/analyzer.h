/*
 * A registered analyzer, as the files of plugin/api/ know it.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_H
#define FRAIL_ANALYZER_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "frail-plugin.h"
#include "frail-host.h"

#include "filter/callset.h"
#include "filter/filter.h"

struct FrailAnalyzer {
    FrailVM *vm;
    unsigned id;            /* from 1, never used again */
    char *name;
    FrailCallFn *on_call;
    FrailReturnFn *on_return;
    FrailDropFn *on_drop;
    FrailSignalFn *on_signal;
    FrailExitFn *on_exit;
    void *opaque;
    CallSet calls;
    FrailFilter *where;     /* or NULL; atomic, replaced under a lock */
};

#endif /* FRAIL_ANALYZER_H */
