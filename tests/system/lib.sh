# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# What the system tests share.  A test prints "ok NAME", "not ok NAME: why" or
# "skip NAME: why" for each of its cases, and gives its figures to `figures`.
#
# Environment:
#     FRAIL_BUILD     the build directory (build)
#     FRAIL_MODES     which ways to test: tcg sce lstar (all)
#     FRAIL_FULL      1: the long version
#     FRAIL_CPUS      with how many vCPUs nmi-storm runs (1 2 4)
#     FRAIL_KERNELS   which kernels identity runs (scripts/kernels --help)
#     FRAIL_BED       amd: this already runs inside the bed
top=$(cd "$(dirname "$0")/../.." && pwd)
: "${FRAIL_BUILD:=$top/build}"
: "${FRAIL_QEMU:=$FRAIL_BUILD/qemu-build/qemu-system-x86_64}"
export FRAIL_BUILD FRAIL_QEMU
modes=${FRAIL_MODES:-tcg sce lstar}
work=$FRAIL_BUILD/test/$(basename "$0" .sh)
failed=0
mkdir -p "$work"

ok()
{
    echo "ok $1"
}

# not_ok NAME WHY...
not_ok()
{
    (one=$1; shift; echo "not ok $one: $*")
    failed=1
}

skip()
{
    echo "skip $1: $2"
}

# The strace analyzer as strace -f -yy writes it (run-guest -p).
text_plugin=strace,format=text,yy=on,out=@/frail.text

# at_once COMMAND...: run it beside others, as many as there are processors;
# $failed is set when one that is waited for, here or in all_done, had it set
pids=
at_once()
{
    # shellcheck disable=SC2086
    if [ "$(echo $pids | wc -w)" -ge "${FRAIL_JOBS:-$(nproc)}" ]; then
        wait "${pids%% *}" || failed=1
        pids=${pids#* }
    fi
    (
        failed=0
        "$@"
        exit "$failed"
    ) &
    pids="$pids$! "
}

all_done()
{
    for pid in $pids; do
        wait "$pid" || failed=1
    done
    pids=
}

figures()
{
    "$top/scripts/result" "$@"
}

# have_build NAME: false, and NAME failed, when there is nothing to test.
have_build()
{
    for file in "$FRAIL_QEMU" "$FRAIL_BUILD/libfrail/libfrail-strace.so"; do
        if [ ! -e "$file" ]; then
            not_ok "$1" "$file is not built; run make first"
            return 1
        fi
    done
}

# guests IMAGE...: see that they are up to date.
guests()
{
    case " $* " in
    *" systemd "*) "$top/scripts/debian-root" || return 1 ;;
    esac
    "$top/scripts/mkguest" "$@" 2>"$work/mkguest.log" || {
        cat "$work/mkguest.log" >&2
        return 1
    }
}

# kernels NAME...: see that guests can run with them (run_guest MODE ... -k).
kernels()
{
    "$top/scripts/kernels" "$@" || return 1
    for one; do
        "$top/scripts/mkguest" --kernel "$one" 2>"$work/mkguest.log" || {
            cat "$work/mkguest.log" >&2
            return 1
        }
    done
}

# host_kvm: can the KVM of this very machine do it?
host_kvm()
{
    "$FRAIL_BUILD/libfrail/frail-check-kvm" >/dev/null 2>&1
}

accel_of()
{
    case $1 in
    tcg) echo tcg,thread=multi,frail=on ;;
    kvm) echo kvm ;;
    sce) echo kvm,frail=on,frail-trap=sce ;;
    sce-inexact) echo kvm,frail=on,frail-trap=sce,frail-exact=off ;;
    lstar) echo kvm,frail=on,frail-trap=lstar ;;
    esac
}

bed_of()
{
    if [ "$1" = tcg ]; then
        echo none
    elif host_kvm; then
        echo bare
    else
        echo amd
    fi
}

# in_bed DIR SECONDS COMMAND...: run it where KVM is; DIR gets its /out, and
# $OUT in COMMAND names that directory.  What an earlier run left in DIR is
# removed, but for *.err, to which the caller may be writing.
in_bed()
{
    dir=$1 limit=$2
    shift 2
    mkdir -p "$dir"
    find "$dir" -mindepth 1 ! -name '*.err' -delete
    if host_kvm; then
        OUT=$dir timeout "$limit" "$@"
    else
        # shellcheck disable=SC2086
        "$top/scripts/testbed" amd --smp "${BED_CPUS:-1}" \
            --timeout "$limit" --out "$dir" --env OUT=/out \
            ${BED_OPTIONS:-} -- "$@"
    fi
}

# run_guest MODE DIR SECONDS ARGS...: tests/system/run-guest, wherever; for
# another kernel than the usual one or another image than demo and tests,
# BED_OPTIONS must say so to the bed.
run_guest()
{
    mode=$1 dir=$2 limit=$3
    shift 3
    if [ "$mode" = tcg ]; then
        "$top/tests/system/run-guest" -a "$(accel_of tcg)" -o "$dir" \
            -t "$limit" "$@"
    else
        # shellcheck disable=SC2016
        in_bed "$dir" $((limit + 60)) sh -c 'exec tests/system/run-guest \
            -a "$0" -o "$OUT" "$@"' "$(accel_of "$mode")" -t "$limit" "$@"
    fi
}

# value KEY FILE: of a line KEY=VALUE
value()
{
    sed -n "s/^$1=//p" "$2" | tail -n 1
}
