#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# Where open files of every kind lead, across mounts and namespaces: what Frail
# reads is what strace -yy and the guest's /proc say.
set -eu
. "$(dirname "$0")/lib.sh"

# one NAME KERNEL
one()
{
    name=$1 kernel=$2 dir=$work/$1
    mkdir -p "$dir"
    if ! run_guest tcg "$dir" 300 -k "$kernel" -p "$text_plugin" fd-path \
        2>"$dir/run.err"; then
        not_ok "$name" "$(tail -n 1 "$dir/run.err")"
        return
    fi
    "$top/tests/system/fd_compare.py" "$dir/out/list" "$dir/out/strace" \
        "$dir/frail.text" >"$dir/report" 2>&1 && good=1 || good=0
    if [ -z "$(value differences "$dir/report")" ]; then
        not_ok "$name" "no comparison: $(tail -n 1 "$dir/report")"
        return
    fi
    if [ "$(value kinds "$dir/report")" -lt 100 ]; then
        not_ok "$name" "only $(value kinds "$dir/report") kinds of files"
    elif [ $good = 1 ]; then
        ok "$name"
        rm -f "$dir/frail.text"
    else
        grep -v '=' "$dir/report" | head -n 10 | cut -c 1-300 |
            sed 's/^/    /'
        not_ok "$name" "$(value differences "$dir/report") differences," \
            "see $dir/report"
    fi
}

have_build fd-path || exit 1
rm -f "$work"/*/report
kernels 6.1 6.12 newest
guests tests
for kernel in 6.1 6.12 newest; do
    at_once one "fd-path-$kernel" $kernel
done
all_done
# A row per kind, over all kernels.
cat "$work"/*/report 2>/dev/null | awk -F '[ =]' '
    /^kind=/ { if (!($2 in sum)) { kinds[++n] = $2 } sum[$2] += $4 }
    END { for (i = 1; i <= n; i++) { print kinds[i], sum[kinds[i]] } }' |
    while read -r kind differences; do
        figures name=fd-path kind="$kind" differences="$differences"
    done
exit $failed
