#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# frail-report: its figures are those of the trace, a real guest's; names that
# the guest chose stay text; a large trace takes little memory.  Then in a real
# browser, where there is one (chromium; `make check` does not install it).
set -eu
. "$(dirname "$0")/lib.sh"

report=$FRAIL_BUILD/libfrail/frail-report
have_build report || exit 1
find "$work" -mindepth 1 -delete
make=$top/tests/system/trace_make.py
check=$top/tests/system/report_check.py

# checked NAME TRACE PAGE [OPTION]
checked()
{
    name=$1
    shift
    if "$check" "$@" >"$work/$name.log" 2>&1; then
        ok "$name"
    else
        not_ok "$name" "$(grep -v '^[a-z]*=[0-9]*$' "$work/$name.log" |
            tr '\n' ' ' | cut -c 1-300)"
    fi
}

# A real one, under TCG.
guests demo
mkdir "$work/guest"
OUT=$work/guest "$top/tests/system/json-guest" "$(accel_of tcg)" 300 \
    "out=$work/guest.json" 2>"$work/run.err" || {
    not_ok report "QEMU ended with $?: $(tail -n 1 "$work/run.err")"
    exit 1
}
"$report" "$work/guest.json" 2>"$work/report.err" || {
    not_ok report "$(tail -n 1 "$work/report.err")"
    exit 1
}
checked report "$work/guest.json" "$work/guest.html"
figures name=report calls="$(value calls "$work/report.log")" \
    processes="$(value processes "$work/report.log")" \
    findings="$(value findings "$work/report.log")" \
    kbytes=$(($(wc -c <"$work/guest.html") / 1024))

# One trace makes one page, to the byte.
"$report" -q -o "$work/again.html" --title=guest.json "$work/guest.json"
if cmp -s "$work/guest.html" "$work/again.html"; then
    ok report-same
else
    not_ok report-same "two reports of one trace differ"
fi

"$make" hostile >"$work/hostile.json"
"$report" -q "$work/hostile.json"
checked report-hostile "$work/hostile.json" "$work/hostile.html" --hostile
"$make" odd >"$work/odd.json"
"$report" -q "$work/odd.json"
checked report-odd "$work/odd.json" "$work/odd.html" --odd
"$make" many 1000 20 >"$work/many.json"
"$report" -q "$work/many.json"
checked report-many "$work/many.json" "$work/many.html"

# From standard input, in parts, rubbish between them.
name=report-stdin
{
    cat "$work/many.json"
    echo rubbish
    head -c 1000 "$work/many.json"
} | "$report" -o "$work/stdin.html" - 2>"$work/stdin.err" || :
if ! grep -q '^frail-report: skipped 2 lines that are no record; the first: standard input:20001: not a JSON object$' \
    "$work/stdin.err"; then
    not_ok $name "it says: $(cat "$work/stdin.err")"
elif ! grep -q '"bad":2,' "$work/stdin.html"; then
    not_ok $name "the page does not tell of bad lines"
else
    ok $name
fi

# What is wrong with its arguments it says in one line, and leaves nothing.
name=report-errors
wrong=
# error STATUS PATTERN ARGUMENT...
error()
{
    status=$1 pattern=$2 got=0
    shift 2
    "$report" "$@" >/dev/null 2>"$work/error.err" || got=$?
    if [ $got != "$status" ] || [ "$(wc -l <"$work/error.err")" != 1 ] ||
       ! grep -q "$pattern" "$work/error.err"; then
        wrong="$wrong; $*: $got, $(head -n 1 "$work/error.err")"
    fi
}
echo nothing >"$work/empty"
error 2 'which FILE'
error 2 'Unknown option --bad (see --help)' --bad
error 1 'cannot read .*/none: No such file' "$work/none"
error 1 'cannot read .*: Is a directory' "$work"
error 1 'no system call in the input; .*/empty:1: not a JSON' "$work/empty"
error 1 'cannot write to /none/x: No such file' -o /none/x "$work/many.json"
[ -n "$wrong" ] || [ ! -e "$work/empty.html" ] || wrong='; empty.html is made'
[ -n "$wrong" ] || ! ls "$work"/*.html.?????? 2>/dev/null ||
    wrong='; a temporary file is left'
if [ -n "$wrong" ]; then
    not_ok $name "${wrong#; }"
else
    ok $name
fi

# 20,000 processes and 40,000 files do not fit into the tables.
name=report-memory
"$make" many 20000 6 >"$work/large.json"
kb=$(python3 - "$report" "$work/large.json" <<'E'
import resource, subprocess, sys
subprocess.run([sys.argv[1], "-q", sys.argv[2]], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
E
)
figures name=$name kbytes="$kb" input_kbytes=$(($(wc -c \
    <"$work/large.json") / 1024))
if [ "$kb" -gt 98304 ]; then
    not_ok $name "$kb KB of memory"
elif ! grep -q '"forgotten":{"processes":[1-9]' "$work/large.html"; then
    not_ok $name "the page does not say that processes were forgotten"
else
    ok $name
    rm "$work"/large.*
fi

name=report-browser status=0
"$top/tests/system/report_browser.py" "$work/hostile.html" \
    "$work/many.html" "$work/guest.html" "$work" >"$work/$name.log" 2>&1 ||
    status=$?
case $status in
0) ok $name ;;
77) if [ "${FRAIL_FULL:-0}" = 1 ]; then
        not_ok $name "chromium is missing: apt-get install chromium"
    else
        skip $name "no chromium here (make check-full wants it)"
    fi ;;
*) not_ok $name "$(tr '\n' ' ' <"$work/$name.log" | tail -c 300)" ;;
esac
exit $failed
