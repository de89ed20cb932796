#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# How many arguments of the calls have a type, and how many are raw numbers:
# what the unit test counts, for the report.
set -eu
. "$(dirname "$0")/lib.sh"

test=$FRAIL_BUILD/libfrail/test-decode-calls
if ! "$test" --tap >"$work/log" 2>&1; then
    not_ok decode-coverage "see $work/log"
elif ! grep -q '^# decode-coverage ' "$work/log"; then
    not_ok decode-coverage "$test prints no figures, see $work/log"
else
    sed -n 's/^# decode-coverage //p' "$work/log" | while read -r pairs; do
        # shellcheck disable=SC2086
        figures name=decode-coverage $pairs
    done
    ok decode-coverage
fi
exit $failed
