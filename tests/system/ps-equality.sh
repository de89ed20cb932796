#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# The monitor's list of the guest's processes is that of the guest's own ps at
# the same moment: a Debian that runs systemd, with kernel threads and a crowd
# of odd processes, with three kernels.  In the bed this guest does not come to
# rest within 400 s, so it is run under TCG only.
set -eu
. "$(dirname "$0")/lib.sh"

# one NAME MODE KERNEL SECONDS
one()
{
    name=$1 mode=$2 kernel=$3 limit=$4 dir=$work/$1
    mkdir -p "$dir"
    accel=$(accel_of "$mode")
    OUT=$dir "$top/tests/system/freeze-guest" "$accel" "$kernel" "$limit" \
        2>"$dir/run.err" && good=1 || good=0
    if [ $good = 0 ]; then
        not_ok "$name" "$(tail -n 1 "$dir/run.err")"
        return
    fi
    "$top/tests/system/ps_compare.py" "$dir/guest.txt" "$dir/qmp.json" \
        >"$dir/report" 2>&1 && good=1 || good=0
    if [ -z "$(value differences "$dir/report")" ]; then
        not_ok "$name" "no comparison: $(tail -n 1 "$dir/report")"
        return
    fi
    figures name=ps-equality kernel="$kernel" mode="$mode" \
        processes="$(value processes "$dir/report")" \
        kernel_threads="$(value kernel_threads "$dir/report")" \
        differences="$(value differences "$dir/report")"
    if [ $good = 1 ]; then
        ok "$name"
    else
        head -n 10 "$dir/report" | cut -c 1-300 | sed 's/^/    /'
        not_ok "$name" "$(value differences "$dir/report") differences," \
            "see $dir/report"
    fi
}

have_build ps-equality || exit 1
kernels 6.1 6.12 newest
guests systemd
for mode in $modes; do
    case $mode in
    tcg)
        for kernel in 6.1 6.12 newest; do
            at_once one "ps-$kernel-tcg" tcg $kernel 300
        done ;;
    esac
done
all_done
exit $failed
