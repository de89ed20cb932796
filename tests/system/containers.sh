#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# Containers of one guest are told apart by the id that their engine gives.
set -eu
. "$(dirname "$0")/lib.sh"

# one NAME KERNEL
one()
{
    name=$1 kernel=$2 dir=$work/$1
    mkdir -p "$dir"
    if ! run_guest tcg "$dir" 300 -k "$kernel" -p json,out=@/frail.json \
        containers 2>"$dir/run.err"; then
        not_ok "$name" "$(tail -n 1 "$dir/run.err")"
        return
    fi
    "$top/tests/system/containers_check.py" "$dir/out/containers" \
        "$dir/frail.json" >"$dir/report" 2>&1 && good=1 || good=0
    figures name=containers kernel="$kernel" \
        found="$(value found "$dir/report")" \
        wrong="$(value wrong "$dir/report")"
    if [ $good = 1 ]; then
        ok "$name"
        rm -f "$dir/frail.json"
    else
        sed 's/^/    /' "$dir/report" | cut -c 1-300 | head -n 10
        not_ok "$name" "see $dir/report"
    fi
}

have_build containers || exit 1
kernels 6.1 6.12 newest
guests tests
for kernel in 6.1 6.12 newest; do
    at_once one "containers-$kernel" $kernel
done
all_done
exit $failed
