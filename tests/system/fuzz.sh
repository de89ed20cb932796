#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# The fuzzers of tests/fuzz, a minute each; in check-full only, for libfrail is
# built once more.  The seeds by themselves are among the unit tests.
set -eu
. "$(dirname "$0")/lib.sh"

if [ "${FRAIL_FULL:-0}" != 1 ]; then
    skip fuzz "in make check-full only, or tests/fuzz/run"
    exit 0
fi
have_build fuzz || exit 1
exec "$top/tests/fuzz/run"
