#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# Filters choose exactly the calls that they should: a guest with json
# analyzers beside each other, one that takes all calls, and one for each
# filter; what they should have given is worked out from all calls.
set -eu
. "$(dirname "$0")/lib.sh"

# one CPUS
one()
{
    cpus=$1 dir=$work/tcg-$1 name=filters-tcg-$1
    mkdir -p "$dir"
    set --
    # QEMU loads a file once only, and wants commas within a value twice.
    while IFS=$tab read -r filter text; do
        ln -sf "$libs/libfrail-json.so" "$work/$filter.so"
        set -- "$@" -plugin "$work/$filter.so,namespaces=on,\
out=$dir/frail.$filter,where=$text"
    done <"$work/list"
    if ! run_guest tcg "$dir" 400 -s "$cpus" \
        -p json,namespaces=on,out=@/frail.json filters -- "$@" -plugin \
        "$libs/libfrail-count.so,out=$dir/frail.count,where=tree = 5000" \
        2>"$dir/run.err"; then
        not_ok "$name" "$(tail -n 1 "$dir/run.err")"
        return
    fi
    if [ "$(cat "$dir/out/root")" != 5000 ]; then
        not_ok "$name" "the tree's root is not process 5000"
        return
    fi
    "$top/tests/system/filters_check.py" "$dir" >"$dir/report" 2>&1 &&
        good=1 || good=0
    figures name=filters accel=tcg bed=none vcpus="$cpus" \
        calls="$(value calls "$dir/report")" \
        tree="$(value tree "$dir/report")" \
        orphans="$(value orphans "$dir/report")" \
        wrong="$(value wrong "$dir/report")"
    if [ $good = 1 ] && [ "$(value orphans "$dir/report")" -gt 0 ]; then
        ok "$name"
        rm -f "$dir"/frail.*
    else
        sed -n 's/^! /    /p' "$dir/report" | cut -c 1-700 | head -n 10
        not_ok "$name" "see $dir/report"
    fi
}

have_build filters || exit 1
libs=$FRAIL_BUILD/libfrail
tab=$(printf '\t')
guests tests
"$top/tests/system/filters_check.py" --list | sed 's/,/,,/g' >"$work/list"
for cpus in 1 2; do
    one $cpus
done
exit $failed
