#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# The tools of the tests find what they are there to find.
set -eu
. "$(dirname "$0")/lib.sh"

if "$top/tests/system/compare_test.py" >"$work/log" 2>&1; then
    ok comparator
else
    not_ok comparator "see $work/log"
fi
exit $failed
