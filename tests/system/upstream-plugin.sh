#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# QEMU's own tests/tcg/plugins/syscall.c, unmodified as QEMU builds it, counts
# the calls of a whole guest, and counts as the count analyzer beside it does.
set -eu
. "$(dirname "$0")/lib.sh"

plugin=$FRAIL_BUILD/qemu-build/tests/tcg/plugins/libsyscall.so
count=$FRAIL_BUILD/libfrail/libfrail-count.so

have_build upstream-plugin || exit 1
guests demo

for mode in $modes; do
    dir=$work/$mode
    mkdir -p "$dir"
    rm -f "$dir"/*.txt "$dir/out/plugin.txt"
    # shellcheck disable=SC2016
    case $mode in
    tcg) OUT=$dir "$top/tests/system/plugin-guest" "$(accel_of tcg)" \
            "$plugin" "$count" 300 2>"$dir/run.err" && good=1 || good=0 ;;
    *)   BED_OPTIONS="--file $plugin" in_bed "$dir" 400 \
            tests/system/plugin-guest "$(accel_of "$mode")" "$plugin" \
            "$count" 300 2>"$dir/run.err" && good=1 || good=0 ;;
    esac
    if [ $good = 0 ]; then
        not_ok "upstream-plugin-$mode" "$(tail -n 1 "$dir/run.err")"
        continue
    fi
    theirs=$(awk '$1 ~ /^[0-9]+$/ && NF == 3 { n += $2 } END { print n + 0 }' \
        "$dir/syscall.txt")
    ours=$(awk '$NF == "total" { print $1 }' "$dir/count.txt")
    kinds=$(grep -c '^[0-9]' "$dir/syscall.txt")
    figures name=upstream-plugin accel="$(accel_of "$mode" | cut -d, -f1)" \
        bed="$(bed_of "$mode")" mode="$mode" calls="$theirs" \
        ours="${ours:-0}" kinds="$kinds"
    if [ "$theirs" = "$ours" ] && [ "$theirs" -gt 1000 ]; then
        ok "upstream-plugin-$mode"
    else
        not_ok "upstream-plugin-$mode" \
            "QEMU's plugin counted $theirs calls, ours ${ours:-none}"
    fi
done
exit $failed
