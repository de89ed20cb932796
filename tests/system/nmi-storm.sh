#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# Non-maskable interrupts at any point of the trap: no call is lost, nobody
# is killed.  Plain KVM in the same bed is the control.
set -eu
. "$(dirname "$0")/lib.sh"

nmis=400

if [ "${FRAIL_FULL:-0}" != 1 ] && [ -z "${FRAIL_MODES:-}" ]; then
    skip nmi-storm "in make check-full; frail-test's NMIs are in this run"
    exit 0
fi
have_build nmi-storm || exit 1
guests tests

# one MODE CPUS
one()
{
    mode=$1 cpus=$2 name=nmi-storm-$1-smp$2
    dir=$work/$mode-smp$cpus count=50000
    # In the bed a run of so many takes minutes, and gets thousands of NMIs.
    [ "$(bed_of "$mode")" != amd ] || count=10000
    mkdir -p "$dir"
    rm -rf "$dir/out"
    # shellcheck disable=SC2016
    if [ "$mode" = tcg ]; then
        timeout 600 "$top/tests/system/storm-guest" "$dir" $nmis $count \
            -a "$(accel_of tcg)" -s "$cpus" -t 600 2>"$dir/run.err" || true
    else
        in_bed "$dir" 960 sh -c 'exec tests/system/storm-guest "$OUT" "$@"' \
            sh $nmis $count -a "$(accel_of "$mode")" -s "$cpus" -t 900 \
            2>"$dir/run.err" || true
    fi
    got=$(cat "$dir/out/nmis" 2>/dev/null || echo 0)
    runs=$(wc -l 2>/dev/null <"$dir/out/dd" || echo 0)
    killed=$(awk '$2 > 128' "$dir/out/dd" 2>/dev/null | wc -l)
    lost='' good=1 other='' doubled=''
    if [ "$mode" != kvm ]; then
        "$top/tests/system/dd_check.py" "$dir/out" "$dir/frail.raw" $count \
            >"$dir/report" 2>&1 || good=0
        lost=$(value lost "$dir/report")
        doubled=$(value doubled "$dir/report")
        other=$(value other "$dir/report")
    fi
    figures name=nmi-storm accel="$(accel_of "$mode" | cut -d, -f1)" \
        bed="$(bed_of "$mode")" mode="$mode" cpus="$cpus" nmis="$got" \
        runs="$runs" calls=$((runs * 2 * count)) lost="$lost" \
        doubled="$doubled" other="$other" killed="$killed"
    if [ "$got" -lt $nmis ]; then
        not_ok "$name" "$got NMIs, $nmis wanted: $(
            tail -n 1 "$dir/run.err")"
    elif [ "$killed" -ne 0 ]; then
        not_ok "$name" "$killed processes were killed"
    elif [ $good = 0 ]; then
        not_ok "$name" "$(tr '\n' ' ' <"$dir/report")"
    else
        ok "$name"
        rm -f "$dir/frail.raw"
    fi
}

for cpus in ${FRAIL_CPUS:-1 2 4}; do
    for mode in kvm $modes; do
        at_once one "$mode" "$cpus"
    done
done
all_done
exit $failed
