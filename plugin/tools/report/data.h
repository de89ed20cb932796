/*
 * What a report's script is given.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_REPORT_DATA_H
#define FRAIL_REPORT_DATA_H

#include <stdio.h>

#include "tools/report/model.h"
#include "tools/trace/input.h"

/*
 * The model as JSON in which no "<" stands.  Its members are what
 * page/start.js says.
 */
bool data_write(FILE *to, Model *m, const TraceInputStats *stats,
                const char *title);

#endif /* FRAIL_REPORT_DATA_H */
