#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# dd with 100,000 reads and writes of one byte: none is lost, none is double,
# and the rest is what strace sees.
set -eu
. "$(dirname "$0")/lib.sh"

have_build dd-exact || exit 1
guests tests

# one NAME MODE CPUS
one()
{
    name=$1 mode=$2 cpus=$3 dir=$work/$1
    mkdir -p "$dir"
    if ! run_guest "$mode" "$dir" 900 -s "$cpus" "dd,100000" \
        2>"$dir/run.err"; then
        not_ok "$name" "$(tail -n 1 "$dir/run.err")"
        return
    fi
    "$top/tests/system/dd_check.py" "$dir/out" "$dir/frail.raw" 100000 \
        >"$dir/report" 2>&1 && good=1 || good=0
    figures name=dd-exact accel="$(accel_of "$mode" | cut -d, -f1)" \
        bed="$(bed_of "$mode")" mode="$mode" cpus="$cpus" \
        reads="$(value reads "$dir/report")" \
        writes="$(value writes "$dir/report")" \
        lost="$(value lost "$dir/report")" \
        doubled="$(value doubled "$dir/report")" \
        other="$(value other "$dir/report")" \
        unknown="$(value unknown "$dir/report")"
    if [ $good = 1 ]; then
        ok "$name"
        rm -f "$dir/frail.raw"
    else
        not_ok "$name" "$(tr '\n' ' ' <"$dir/report")"
    fi
}

for mode in $modes; do
    at_once one "dd-exact-$mode" "$mode" 1
    if [ "${FRAIL_FULL:-0}" = 1 ]; then
        at_once one "dd-exact-$mode-smp2" "$mode" 2
        at_once one "dd-exact-$mode-smp4" "$mode" 4
    fi
done
all_done
exit $failed
