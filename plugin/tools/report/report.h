/*
 * frail-report: a trace as a page for a browser.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_REPORT_H
#define FRAIL_REPORT_H

/* The whole program; returns its exit status. */
int report_main(int argc, char **argv);

#endif /* FRAIL_REPORT_H */
