#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# The strace analyzer writes what Debian's strace -f -yy writes of the same
# run: line by line as text (docs/strace-text.md).
set -eu
. "$(dirname "$0")/lib.sh"

# one NAME KERNEL IMAGE MB SECONDS LEAST EACH[,FIRST[,LIST]] [PERCENT [SIGNALS]]
# At least LEAST programs, PERCENT of whose lines are equal; and as many signals,
# with no end of a thread that strace tells otherwise.
one()
{
    name=$1 kernel=$2 image=$3 mem=$4 limit=$5 least=$6 dir=$work/$1
    percent=${8:-99} signals=${9:-}
    mkdir -p "$dir"
    if ! run_guest tcg "$dir" "$limit" -k "$kernel" -i "$image" -m "$mem" \
        -p "$text_plugin" "text,$7" 2>"$dir/run.err"; then
        not_ok "$name" "$(tail -n 1 "$dir/run.err")"
        return
    fi
    "$top/tests/system/text_compare.py" --least "$percent" "$dir/out" \
        "$dir/frail.text" >"$dir/report" 2>&1 && good=1 || good=0
    if [ -z "$(value share "$dir/report")" ]; then
        not_ok "$name" "no comparison: $(tail -n 1 "$dir/report")"
        return
    fi
    programs=$(value programs "$dir/report")
    figures name=strace-text kernel="$kernel" programs="$programs" \
        lines="$(value lines "$dir/report")" \
        equal="$(value equal "$dir/report")" \
        percent="$(value share "$dir/report")" \
        kinds="$(value kinds "$dir/report")" \
        signals="$(value signals "$dir/report")" \
        signals_equal="$(value signals_equal "$dir/report")" \
        signals_short="$(value signals_short "$dir/report")" \
        signals_unseen="$(value signals_unseen "$dir/report")" \
        signals_wrong="$(value signals_wrong "$dir/report")" \
        ends_wrong="$(value ends_wrong "$dir/report")"
    echo "# $name: $(value equal "$dir/report") of" \
        "$(value lines "$dir/report") lines equal," \
        "$(value share "$dir/report") %; of $(value signals "$dir/report")" \
        "signals $(value signals_equal "$dir/report") equal," \
        "$(value signals_short "$dir/report") by name"
    if [ "$programs" -lt "$least" ]; then
        not_ok "$name" "only $programs programs, $least wanted"
    elif [ -n "$signals" ] && { [ "$(value ends_wrong "$dir/report")" != 0 ] ||
        [ "$(value signals_wrong "$dir/report")" != 0 ] ||
        [ "$(value signals_equal "$dir/report")" -lt "$signals" ]; }; then
        not_ok "$name" "$(value signals_equal "$dir/report") signals equal," \
            "$signals wanted, $(value signals_wrong "$dir/report") wrong;" \
            "$(value ends_wrong "$dir/report") ends wrong, see $dir/report"
    elif [ $good = 1 ]; then
        ok "$name"
        rm -f "$dir/frail.text"
    else
        sed -n 1,9p "$dir/report" | cut -c 1-200 | sed 's/^/    /'
        not_ok "$name" "$(value share "$dir/report") % of the lines," \
            "$(value absent "$dir/report") programs absent, see $dir/report"
    fi
    if [ "${FRAIL_FULL:-0}" = 1 ]; then
        # What is left, by kind: the table that docs/strace-text.md explains.
        sed -n '/^  count/,/^worst/p' "$dir/report" |
            grep -v '^worst' | cut -c 1-160 | sed 's/^/# /'
    fi
}

have_build strace-text || exit 1
kernels 6.1 6.12 newest
if [ "${FRAIL_FULL:-0}" = 1 ]; then
    guests tests full
    at_once one strace-text-all 6.1 full 2048 3600 150 1
    at_once one strace-text-newest newest tests 1024 2400 150 1
    for kernel in 6.1 6.12 newest; do
        at_once one "strace-text-signals-$kernel" $kernel tests 768 900 23 \
            1,1,signals.txt 98 24
    done
else
    guests tests
    at_once one strace-text-sample 6.1 tests 768 900 30 9
    at_once one strace-text-6.12 6.12 tests 768 900 15 18,5
    at_once one strace-text-signals 6.1 tests 768 900 23 1,1,signals.txt 98 24
fi
all_done
exit $failed
