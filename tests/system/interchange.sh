#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# A guest's calls go over a socket into rsyslog, with the configuration of
# docs/fleet; what that wrote is every record, to the byte, and is what other
# programs read when frail-convert has converted it: tshark, sysdig (where it
# can be had), and Perfetto by a schema, for that is not in Debian.
set -eu
. "$(dirname "$0")/lib.sh"

convert=$FRAIL_BUILD/libfrail/frail-convert
check=$top/tests/system/interchange_check.py
have_build interchange || exit 1
guests demo
find "$work" -mindepth 1 -delete
# A socket's path has to be short.
short=$(mktemp -d)
daemon=
clean()
{
    [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || :
    rm -rf "$short"
}
trap clean EXIT

# within SECONDS COMMAND...: wait for it to be true
within()
{
    left=$(($1 * 5))
    shift
    until "$@"; do
        [ $left -gt 0 ] || return 1
        left=$((left - 1))
        sleep 0.2
    done
}

# run_rsyslogd ARGUMENT...: of this machine, or unpacked; no service of either
run_rsyslogd()
{
    root=$FRAIL_BUILD/tools/rsyslog
    if [ -d "$root/usr/sbin" ]; then
        libs=$(dirname "$(find "$root/" -name 'libestr.so.*' | head -n 1)")
        LD_LIBRARY_PATH=$libs exec "$root/usr/sbin/rsyslogd" \
            -M "$(dirname "$(find "$root/" -name imptcp.so)")" "$@"
    else
        exec rsyslogd "$@"
    fi
}

all_there()
{
    [ "$(grep -c '"type":"call"' "$work/calls.json" 2>/dev/null ||
        :)" -ge "$made" ]
}

# --- Into the fleet -----------------------------------------------------------

trace=$work/calls.json
name=fleet-rsyslog
if ! command -v rsyslogd >/dev/null && ! "$top/scripts/tool" rsyslog \
    2>"$work/tool.err"; then
    skip $name "$(tail -n 1 "$work/tool.err")"
    out=out=$trace
else
    sed -e "s,/run/frail,$short,g; s,/var/log/frail,$work,g" \
        -e "s,/var/spool/frail,$work,g" "$top/docs/fleet/rsyslog.conf" \
        >"$work/rsyslog.conf"
    (run_rsyslogd -n -f "$work/rsyslog.conf" -i "$short/pid") \
        >"$work/rsyslog.log" 2>&1 &
    daemon=$!
    out=out=unix:$short/calls
    if ! within 30 test -S "$short/calls"; then
        not_ok $name "rsyslogd does not listen: $(tail -n 1 \
            "$work/rsyslog.log")"
        exit 1
    fi
fi
mkdir "$work/guest"
OUT=$work/guest "$top/tests/system/json-guest" "$(accel_of tcg)" 300 "$out" \
    2>"$work/run.err" || {
    not_ok interchange "QEMU ended with $?: $(tail -n 1 "$work/run.err")"
    exit 1
}
made=$(grep -c '^C ' "$work/guest/frail.raw")
if [ -n "$daemon" ]; then
    within 30 all_there || :
    kill "$daemon"
    wait "$daemon" || :
    daemon=
    # Numbers of calls from 1 on, each once; which failed, Python says as well.
    if ! fleet=$(python3 - "$trace" "$work/failed.json" "$made" <<'EOF_PY'
import json, sys
def read(name):
    records = [json.loads(line) for line in open(name, encoding="utf-8")]
    return [r for r in records if r["type"] == "call"]
calls, failed, made = read(sys.argv[1]), read(sys.argv[2]), int(sys.argv[3])
assert sorted(r["seq"] for r in calls) == list(range(1, made + 1)), \
    f"{made} calls were made, {len(calls)} records came"
want = [r["seq"] for r in calls if r["error"]]
assert [r["seq"] for r in failed] == want, \
    f"{len(want)} calls failed, {len(failed)} are in failed.json"
assert want, "no call failed"
print(len(failed))
EOF_PY
    ) 2>"$work/fleet.err"; then
        not_ok $name "$(tail -n 1 "$work/fleet.err")"
    elif [ -s "$work/rsyslog.log" ]; then
        not_ok $name "rsyslogd says: $(head -n 1 "$work/rsyslog.log")"
    else
        ok $name
        figures name=$name calls="$made" failed="$fleet"
    fi
fi

# --- Other programs' formats --------------------------------------------------

# judged NAME CHECK TRACE FILE
judged()
{
    name=$1
    shift
    if "$check" "$@" >"$work/$name.log" 2>&1; then
        ok "$name"
        [ $# = 1 ] || figures name=interchange format="$1" trace="$one" \
            calls="$(wc -l <"$2")" events="$(value events "$work/$name.log")"
    else
        not_ok "$name" "$(grep -v '^[a-z]*=[0-9]*$' "$work/$name.log" |
            tr '\n' ' ' | cut -c 1-300)"
    fi
}

judged convert-table table
"$top/tests/system/trace_make.py" calls >"$work/each.json"
for one in hostile odd; do
    "$top/tests/system/trace_make.py" $one >"$work/$one.json"
done
for one in calls each hostile odd; do
    "$convert" -q --to=pcapng "$work/$one.json"
    "$convert" -q --to=perfetto "$work/$one.json"
    judged perfetto-$one perfetto "$work/$one.json" "$work/$one.trace.json"
    if command -v tshark >/dev/null; then
        judged tshark-$one pcapng "$work/$one.json" "$work/$one.pcapng"
    else
        skip tshark-$one "no tshark here: apt-get install tshark"
    fi
done

# sysdig decodes every parameter, and ends when there is one too few.
root=$FRAIL_BUILD/tools/sysdig
if [ ! -d "$root" ] && { [ "${FRAIL_FULL:-0}" = 0 ] ||
     ! "$top/scripts/tool" sysdig 2>"$work/tool.err"; }; then
    skip sysdig "no sysdig here (make check-full fetches it)"
else
    libs=$(find "$root/" -name 'lib*.so.*' -printf '%h\n' | sort -u |
           tr '\n' ':')
    for one in calls each odd; do
        LD_LIBRARY_PATH=$libs "$root/usr/bin/sysdig" -r "$work/$one.pcapng" \
            -p '%evt.rawtime %thread.tid %evt.dir %evt.type %evt.args' \
            >"$work/$one.sysdig" 2>"$work/sysdig.err" ||
            tail -n 1 "$work/sysdig.err"
        judged sysdig-$one sysdig "$work/$one.json" "$work/$one.sysdig"
    done
fi

# What is wrong with its arguments it says in one line, and leaves nothing.
name=convert-errors
wrong=
# error STATUS PATTERN ARGUMENT...
error()
{
    status=$1 pattern=$2 got=0
    shift 2
    "$convert" "$@" >/dev/null 2>"$work/error.err" || got=$?
    if [ $got != "$status" ] || [ "$(wc -l <"$work/error.err")" != 1 ] ||
       ! grep -q -e "$pattern" "$work/error.err"; then
        wrong="$wrong; $*: $got, $(head -n 1 "$work/error.err")"
    fi
}
error 2 '--to= is missing' "$trace"
error 2 "no format 'pcap'; did you mean --to=pcapng" --to=pcap "$trace"
error 2 'it is pcapng or perfetto' --to=xml "$trace"
error 2 'which FILE' --to=pcapng
error 1 'cannot read .*/none: No such file' --to=pcapng "$work/none"
error 1 'cannot write to /dev/full: No space' --to=perfetto -o /dev/full \
    "$trace"
if [ -n "$wrong" ]; then
    not_ok $name "${wrong#; }"
else
    ok $name
fi
exit $failed
