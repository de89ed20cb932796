#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# What the json analyzer writes of a whole guest is what its schema says, and
# has every call that strace beside it has, with the same numbers.  Then over a
# socket: a consumer is killed and another one comes, one is too slow, one
# stops; QEMU ends all the same, and the lost lines are counted.
set -eu
. "$(dirname "$0")/lib.sh"

have_build json || exit 1
guests demo

# one MODE
one()
{
    mode=$1 dir=$work/$1 status=0
    mkdir -p "$dir"
    find "$dir" -mindepth 1 -delete
    # shellcheck disable=SC2016
    case $mode in
    tcg) OUT=$dir "$top/tests/system/json-guest" "$(accel_of tcg)" 300 \
            2>"$dir/run.err" && good=1 || good=0 ;;
    *)   in_bed "$dir" 400 tests/system/json-guest "$(accel_of "$mode")" 300 \
            2>"$dir/run.err" && good=1 || good=0 ;;
    esac
    if [ $good = 0 ]; then
        not_ok "json-$mode" "$(tail -n 1 "$dir/run.err")"
        return
    fi
    "$top/tests/system/json_check.py" --raw "$dir/frail.raw" \
        "$dir"/calls.json* >"$dir/report" 2>&1 || status=$?
    if [ $status = 77 ]; then
        skip "json-$mode" "$(cat "$dir/report")"
        return
    fi
    calls=$(value calls "$dir/report")
    figures name=json accel="$(accel_of "$mode" | cut -d, -f1)" \
        bed="$(bed_of "$mode")" mode="$mode" calls="${calls:-0}" \
        known="$(value known "$dir/report")" \
        exits="$(value exits "$dir/report")" \
        decoded="$(value decoded "$dir/report")" \
        validated="$(value validated "$dir/report")" \
        missing="$(value missing "$dir/report")" \
        different="$(value different "$dir/report")"
    if [ $status != 0 ] || [ "${calls:-0}" -le 1000 ]; then
        not_ok "json-$mode" "$(grep -v '^[a-z]*=0$' "$dir/report" |
            tr '\n' ' ' | cut -c 1-400)"
    elif [ "$(value exits "$dir/report")" -lt 15 ]; then
        not_ok "json-$mode" "only $(value exits "$dir/report") ends of" \
            "threads, the demo runs more programs"
    elif [ ! -e "$dir/calls.json.1" ]; then
        not_ok "json-$mode" "its file was not rotated"
    elif [ "$(find "$dir" -name 'calls.json*' -size +256k | wc -l)" != 0 ]; then
        not_ok "json-$mode" "a file is larger than rotate-size"
    else
        ok "json-$mode"
        rm -f "$dir"/calls.json* "$dir/frail.raw"
    fi
}

# socket NAME HOW OPTIONS: under TCG; json_socket.py is the consumer
socket()
{
    name=$1 how=$2 options=$3 dir=$work/$1 status=0
    mkdir -p "$dir"
    find "$dir" -mindepth 1 -delete
    # A socket's path has to be short.
    short=$(mktemp -d)
    "$top/tests/system/json_socket.py" "$how" "$short/socket" \
        "$dir/received" >"$dir/consumer" 2>&1 &
    consumer=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ -S "$short/socket" ] || sleep 0.5
    done
    OUT=$dir "$top/tests/system/json-guest" "$(accel_of tcg)" 300 \
        "out=unix:$short/socket,signals=off,exits=off,$options" 2>"$dir/run.err" || status=$?
    wait "$consumer" || not_ok "$name" "$(tail -n 1 "$dir/consumer")"
    rm -r "$short"
    # Only calls, for only they have numbers to find out what is missing by.
    made=$(grep -c '^C ' "$dir/frail.raw")
    got=$(value calls "$dir/consumer")
    told=$(sed -n 's/.* \([0-9]*\) lines lost$/\1/p' "$dir/run.err")
    if [ $status != 0 ]; then
        not_ok "$name" "QEMU ended with $status: $(tail -n 1 "$dir/run.err")"
        return
    fi
    figures name=json-socket how="$how" made="$made" got="${got:-0}" \
        lost="${told:-0}" in_flight="$(value in_flight "$dir/consumer")" \
        broken="$(value broken "$dir/consumer")"
    # What the kernel had taken for a consumer that was killed is seen as a
    # gap in the numbers; all else is exact.
    if [ "$(value broken "$dir/consumer")" != 0 ]; then
        not_ok "$name" "lines are broken or come twice, see $dir"
    elif [ $((got + ${told:-0} + $(value in_flight "$dir/consumer"))) != \
        "$made" ]; then
        not_ok "$name" "$made calls, $got received, ${told:-none} lost"
    elif [ "$(value told "$dir/consumer")" -gt "${told:-0}" ]; then
        not_ok "$name" "the stream tells of more lost lines than there are"
    elif [ "$how" = slow ] && [ "$(value told "$dir/consumer")" = 0 ]; then
        not_ok "$name" "the stream does not tell of lost lines"
    else
        case $how:${told:-0} in
        kill:0|slow:[1-9]*|stop:[1-9]*) ok "$name" ;;
        *) not_ok "$name" "${told:-0} lines were lost" ;;
        esac
    fi
}

for mode in $modes; do
    at_once one "$mode"
done
all_done
case " $modes " in
*" tcg "*)
    socket json-kill kill overflow=block
    socket json-slow slow overflow=drop,buffer=64K
    socket json-stop stop overflow=block,stall=3,buffer=64K ;;
esac
exit $failed
