#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# The calls of Debian programs, as Frail sees them from outside, are those
# that strace sees inside the guest: numbers, return values, order.
set -eu
. "$(dirname "$0")/lib.sh"

# compare NAME MODE DIR FIGURES...
compare()
{
    name=$1 mode=$2 dir=$3
    shift 3
    "$top/tests/system/compare.py" "$dir/out" "$dir/frail.raw" \
        >"$dir/report" 2>&1 || true
    programs=$(value programs "$dir/report")
    differences=$(value differences "$dir/report")
    if [ -z "$programs" ]; then
        not_ok "$name" "no comparison: $(tail -n 1 "$dir/report")"
        return
    fi
    figures name=strace-equality accel="$(accel_of "$mode" | cut -d, -f1)" \
        bed="$(bed_of "$mode")" mode="$mode" programs="$programs" \
        calls="$(value calls "$dir/report")" differences="$differences" \
        same_run="$(value same_run "$dir/report")" \
        unknown="$(value unknown "$dir/report")" \
        unpaired="$(value unpaired "$dir/report")" "$@"
    bad=0
    for key in same_run unpaired unknown; do
        bad=$((bad + $(value $key "$dir/report")))
    done
    # With several vCPUs two runs of a program differ by themselves: whether
    # SIGCHLD finds a shell before or in its wait is a matter of who is faster.
    # What strace and Frail saw of one and the same run is equal all the same.
    case "$*" in
    *cpus=1) bad=$((bad + differences)) ;;
    esac
    if [ "$bad" -ne 0 ]; then
        head -n 10 "$dir/report" | cut -c 1-300 | sed 's/^/    /'
        not_ok "$name" "$bad differences, see $dir/report"
    elif [ "$*" != "${*#*pti=on}" ] && [ ! -s "$dir/out/pti" ]; then
        not_ok "$name" "the guest's kernel does not isolate its page tables"
    elif [ "$programs" -lt "$want" ]; then
        not_ok "$name" "only $programs programs, $want wanted"
    else
        ok "$name"
    fi
}

# one NAME MODE IMAGE LIST KERNEL-ARGS CPUS
one()
{
    dir=$work/$1
    mkdir -p "$dir"
    if run_guest "$2" "$dir" "${LIMIT:-900}" -i "$3" -c "$5" -s "$6" \
        -m "${MEM:-512}" "progs,$4" 2>"$dir/run.err"; then
        compare "$1" "$2" "$dir" kernel="${5:-default}" cpus="$6"
    else
        not_ok "$1" "$(tail -n 1 "$dir/run.err")"
    fi
}

have_build strace-equality || exit 1
guests tests full
full=${FRAIL_FULL:-0}
for mode in $modes; do
    want=60
    case $mode in
    tcg)
        want=300 MEM=1536
        if [ "$full" = 1 ]; then
            LIMIT=3600
            at_once one tcg-full tcg full all '' 1
        else
            at_once one tcg-300 tcg full all,1,420 '' 1
        fi
        want=60 MEM=512 LIMIT=900
        at_once one tcg tcg tests programs.txt '' 1
        at_once one tcg-smp2 tcg tests programs.txt '' 2
        [ "$full" = 0 ] || at_once one tcg-smp4 tcg tests programs.txt '' 4
        ;;
    sce)
        at_once one sce sce tests programs.txt '' 1
        at_once one sce-pti sce tests programs.txt pti=on 1
        # Two vCPUs on one processor spin for each other: it takes minutes.
        if [ "$full" = 1 ]; then
            at_once one sce-smp2 sce tests programs.txt '' 2
            at_once one sce-smp4 sce tests programs.txt '' 4
        else
            at_once one sce-smp2 sce tests programs.txt,1,75 '' 2
        fi
        ;;
    *)
        at_once one "$mode" "$mode" tests programs.txt '' 1
        if [ "$full" = 1 ]; then
            at_once one "$mode-pti" "$mode" tests programs.txt pti=on 1
            at_once one "$mode-smp2" "$mode" tests programs.txt '' 2
            at_once one "$mode-smp4" "$mode" tests programs.txt '' 4
        fi
        ;;
    esac
done
all_done
exit $failed
