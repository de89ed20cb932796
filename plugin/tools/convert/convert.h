/*
 * frail-convert: a trace in other programs' formats.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_CONVERT_H
#define FRAIL_CONVERT_H

/* The whole program; returns its exit status. */
int convert_main(int argc, char **argv);

#endif /* FRAIL_CONVERT_H */
