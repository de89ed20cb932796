#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# Who makes each call: Frail's thread, process, name and user are those that
# the guest's own strace sees, with each kernel, with KASLR, with isolated page
# tables and without; and finding the kernel's description takes a moment.
set -eu
. "$(dirname "$0")/lib.sh"

# Without most of what strace does itself: half of all calls.
json_plugin='json,caps=off,trace=!ptrace:process_vm_readv,out=@/frail.json'

# one NAME MODE KERNEL PTI ROUNDS SECONDS
one()
{
    name=$1 mode=$2 kernel=$3 pti=$4 rounds=$5 limit=$6 dir=$work/$1
    mkdir -p "$dir"
    export BED_OPTIONS="$bed_options --image tests --kernel $kernel"
    if ! run_guest "$mode" "$dir" "$limit" -k "$kernel" -c "pti=$pti" -q \
        -p "$json_plugin" "identity,$rounds" 2>"$dir/run.err"; then
        not_ok "$name" "$(tail -n 1 "$dir/run.err")"
        return
    fi
    "$top/tests/system/identity_check.py" --qmp "$dir/qmp.json" \
        "$dir/out/strace" "$dir/frail.json" >"$dir/report" 2>&1 && good=1 ||
        good=0
    if [ -z "$(value wrong "$dir/report")" ]; then
        not_ok "$name" "no comparison: $(tail -n 1 "$dir/report")"
        return
    fi
    discovery=$(value discovery_ms "$dir/report")
    figures name=identity kernel="$kernel" \
        accel="$(accel_of "$mode" | cut -d, -f1)" mode="$mode" pti="$pti" \
        calls="$(value calls "$dir/report")" \
        asked="$(value asked "$dir/report")" \
        threads="$(value threads "$dir/report")" \
        wrong="$(value wrong "$dir/report")" \
        discovery_ms="${discovery:-unknown}"
    isolated=off
    [ ! -s "$dir/out/pti" ] || isolated=on
    # The bed's emulated processor makes everything longer.
    longest=300
    [ "$mode" = tcg ] || host_kvm || longest=30000
    if [ $good = 0 ]; then
        head -n 10 "$dir/report" | cut -c 1-300 | sed 's/^/    /'
        not_ok "$name" "$(value wrong "$dir/report") wrong, see $dir/report"
    elif [ "$isolated" != "$pti" ]; then
        not_ok "$name" "the guest's page tables: isolation is $isolated"
    elif ! [ "${discovery%.*}" -lt $longest ] 2>/dev/null; then
        not_ok "$name" "discovery took ${discovery:-no known number of} ms"
    else
        ok "$name"
        rm -f "$dir/frail.json"
    fi
}

have_build identity || exit 1
bed_options=${BED_OPTIONS:-}
# 5.10 is found by other means than the rest; the generic flavour has what the
# cloud flavour leaves out.
others=
[ "${FRAIL_FULL:-0}" = 0 ] || others='5.10 6.1-generic'
which=${FRAIL_KERNELS:-6.1 6.12 newest $others}
# shellcheck disable=SC2086
kernels $which
guests tests
for mode in $modes; do
    for kernel in $which; do
        case $mode in
        tcg)
            for pti in on off; do
                at_once one "identity-$kernel-tcg-pti-$pti" tcg "$kernel" \
                    "$pti" 3 300
            done ;;
        sce)
            # A minute each: all of them only in the long version.
            for pti in on off; do
                case $kernel-$pti in
                6.1-on|6.12-on|newest-*) ;;
                *) [ "${FRAIL_FULL:-0}" = 1 ] || continue ;;
                esac
                at_once one "identity-$kernel-sce-pti-$pti" sce "$kernel" \
                    "$pti" 1 900
            done ;;
        esac
    done
done
all_done
exit $failed
