#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# What is submitted to rings of io_uring of every kind, which makes no system
# call: the json analyzer shows each entry as the program has made it, and the
# strace analyzer, as strace, none.
set -eu
. "$(dirname "$0")/lib.sh"

# one NAME KERNEL KINDS: of so many kinds must the kernel have rings
one()
{
    name=$1 kernel=$2 kinds=$3 dir=$work/$1
    mkdir -p "$dir"
    if ! run_guest tcg "$dir" 300 -k "$kernel" \
        -p json,trace=io_uring_enter,fd=number,out=@/frail.json \
        -p strace,trace=io_uring_enter,join=on,out=@/frail.text io-uring \
        2>"$dir/run.err"; then
        not_ok "$name" "$(tail -n 1 "$dir/run.err"); $(tail -n 1 "$dir/console")"
        return
    fi
    "$top/tests/system/uring_check.py" "$dir/out/list" "$dir/frail.json" \
        "$dir/frail.text" >"$dir/report" 2>&1 && good=1 || good=0
    figures name=io-uring kernel="$kernel" \
        calls="$(value calls "$dir/report")" \
        kinds="$(value kinds "$dir/report")" \
        differences="$(value differences "$dir/report")" \
        unlike_strace="$(value unlike_strace "$dir/report")"
    if [ $good = 0 ]; then
        head -n 9 "$dir/report" | cut -c 1-300 | sed 's/^/    /'
        not_ok "$name" "$(value differences "$dir/report") differences," \
            "see $dir/report"
    elif [ "$(value kinds "$dir/report")" -lt "$kinds" ]; then
        not_ok "$name" "rings of $(value kinds "$dir/report") kinds only;" \
            "this kernel lacked $(value skipped "$dir/report")"
    else
        ok "$name"
    fi
}

have_build io-uring || exit 1
list='6.1 6.12 newest'
[ "${FRAIL_FULL:-0}" = 0 ] || list="5.10 $list"
# shellcheck disable=SC2086
kernels $list
guests tests
[ "${FRAIL_FULL:-0}" = 0 ] || at_once one io-uring-5.10 5.10 1
at_once one io-uring-6.1 6.1 3
at_once one io-uring-6.12 6.12 6
at_once one io-uring-newest newest 8
all_done
exit $failed
