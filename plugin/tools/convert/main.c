/*
 * frail-convert: a trace in other programs' formats.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tools/convert/convert.h"

int main(int argc, char **argv)
{
    return convert_main(argc, argv);
}
