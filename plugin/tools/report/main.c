/*
 * frail-report: a trace as a page for a browser.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tools/report/report.h"

int main(int argc, char **argv)
{
    return report_main(argc, argv);
}
