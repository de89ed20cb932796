#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# The tools of the tests find what they are there to find.
set -eu
. "$(dirname "$0")/lib.sh"

for one in compare ph_check semantic; do
    if "$top/tests/system/${one}_test.py" >"$work/$one.log" 2>&1; then
        ok "comparator-$one"
    else
        not_ok "comparator-$one" "see $work/$one.log"
    fi
done
exit $failed
