#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# A 32-bit program in the Debian guest: its calls are those that strace sees,
# whichever instruction makes them, and signals do not lose a return value.
set -eu
. "$(dirname "$0")/lib.sh"

have_build compat || exit 1
guests tests

# one NAME MODE PROGRAMS CPU
one()
{
    name=$1 mode=$2 want=$3 dir=$work/$1
    mkdir -p "$dir"
    # The environment reaches the guest's QEMU in the bed as well.
    if ! FRAIL_CPU=$4 run_guest "$mode" "$dir" 300 \
        "progs,compat.txt,1,$want" 2>"$dir/run.err"; then
        not_ok "$name" "$(tail -n 1 "$dir/run.err")"
        return
    fi
    "$top/tests/system/compare.py" "$dir/out" "$dir/frail.raw" \
        >"$dir/report" 2>&1 && good=1 || good=0
    seen=$(grep -c '^C .*abi=i386' "$dir/frail.raw" || true)
    figures name=compat accel="$(accel_of "$mode" | cut -d, -f1)" \
        bed="$(bed_of "$mode")" mode="$mode" case="$name" \
        programs="$(value programs "$dir/report")" i386="$seen" \
        differences="$(value differences "$dir/report")" \
        unknown="$(value unknown "$dir/report")"
    if [ $good = 0 ] || [ "$(value programs "$dir/report")" != "$want" ]; then
        not_ok "$name" "$(tr '\n' ' ' <"$dir/report" | cut -c 1-300)"
    elif [ "$seen" -lt $((want * 2 * 20)) ]; then
        not_ok "$name" "only $seen calls were of the i386 ABI"
    else
        ok "$name"
    fi
}

for mode in $modes; do
    case $mode in
    tcg)
        one syscall32-tcg tcg 3 max
        one sysenter-tcg tcg 3 max,vendor=GenuineIntel
        ;;
    # INT 0x80 is not trapped yet, and a signal handler returns by it.
    sce) one syscall32-sce sce 1 host ;;
    esac
done
exit $failed
