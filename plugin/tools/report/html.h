/*
 * The page that a report is.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_REPORT_HTML_H
#define FRAIL_REPORT_HTML_H

#include <stdio.h>

#include "tools/report/model.h"
#include "tools/trace/input.h"

/*
 * One file that needs nothing else, and that can do nothing else: its content
 * security policy allows its own script, by its hash, and no other; what the
 * guest chose is data in JSON, and shown as text.  @title: what it is of.
 * False, with errno, when it cannot be written.
 */
bool html_write(FILE *to, Model *m, const TraceInputStats *stats,
                const char *title);

#endif /* FRAIL_REPORT_HTML_H */
