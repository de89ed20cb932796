#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# The ph analyzer learns what normal runs of real programs look like, in two
# guests whose profiles are merged.  Then, each in a guest of its own: of 20
# fresh normal runs nothing is told; of two attacks on a web server's CGI
# program both are; and when anomalies are refused, or their processes killed,
# the attackers get nothing.
# Under TCG: what is seen of a guest is the same under KVM, as others test.
set -eu
. "$(dirname "$0")/lib.sh"
tool=$FRAIL_BUILD/libfrail/frail-ph
only=/srv/cgi-bin/board:/usr/bin/dash

# in_guest NAME OPTIONS ARGUMENTS
in_guest()
{
    dir=$work/$1
    mkdir -p "$dir"
    if ! run_guest tcg "$dir" 1200 -p "ph,$2,out=@/frail.ph" "ph,$3" \
        2>"$dir/run.err"; then
        not_ok "ph-$1" "$(tail -n 1 "$dir/run.err")"
    fi
}

# One profile of the two that there may be.
merge_all()
{
    mkdir "$work/profiles"
    for file in "$work/profiles-1"/*.ph; do
        name=${file##*/}
        other=$work/profiles-2/$name
        [ -e "$other" ] || other=
        "$tool" merge -o "$work/profiles/$name" "$file" ${other:+"$other"} ||
            return 1
    done
    "$tool" check "$work/profiles" && "$tool" show "$work/profiles"
}

# What frail-ph says of files that are no profiles.
tool_tells()
{
    board=$(echo "$work"/profiles/srv.cgi-bin.board-*.ph)
    sed 's/^call 2 .*/call 2 arm:1/' "$board" >"$work/broken.ph"
    sed '$d' "$board" >"$work/cut.ph"
    line=$(grep -n '^call 2 arm' "$work/broken.ph" | cut -d: -f1)
    last=$(wc -l <"$board")
    status=0
    "$tool" check "$work/broken.ph" "$work/cut.ph" "$board" \
        >"$work/check" 2>&1 || status=$?
    if [ $status != 1 ] ||
        ! grep -q "^frail-ph: $work/broken.ph:$line: 'arm:1' must be" \
            "$work/check" ||
        ! grep -q "^frail-ph: $work/cut.ph:$last: the file ends too early" \
            "$work/check" || ! grep -q "^$board: good$" "$work/check"; then
        not_ok ph-tool "frail-ph check: $(tr '\n' ' ' <"$work/check")"
    elif "$tool" merge -o "$work/out.ph" "$board" \
        "$work"/profiles/usr.bin.dash-*.ph 2>"$work/check" ||
        ! grep -q 'are profiles of different programs' "$work/check"; then
        not_ok ph-tool "frail-ph merges what does not belong together"
    else
        ok ph-tool
    fi
}

have_build ph || exit 1
guests tests
find "$work" -mindepth 1 -maxdepth 1 -name 'profiles*' -exec rm -r {} +
at_once in_guest train-1 mode=train,profiles="$work/profiles-1" 1,60
at_once in_guest train-2 mode=train,profiles="$work/profiles-2" 61,120
all_done
[ $failed = 0 ] || exit 1
if ! merge_all >"$work/merge" 2>&1; then
    not_ok ph-merge "$(tail -n 1 "$work/merge")"
    exit 1
fi
ok ph-merge
tool_tells
test=mode=test,profiles=$work/profiles
at_once in_guest normal "$test" 1001,1020
at_once in_guest attack "$test" 1,0,attack
at_once in_guest refused "$test,react=refuse,programs=$only" 1,0,attack
at_once in_guest killed "$test,react=kill,programs=$only" 1,0,attack
all_done
[ $failed = 0 ] || exit 1
"$top/tests/system/ph_check.py" --runs 20 "$work/normal" "$work/attack" \
    "$work/refused" "$work/killed" >"$work/report" 2>&1 && good=1 || good=0
while read -r program rest; do
    case $program in
    /*) # shellcheck disable=SC2086
        figures name=ph program="$program" normal_runs=20 $rest ;;
    esac
done <"$work/report"
if [ $good = 1 ]; then
    ok ph-evaluation
else
    grep -v '^/' "$work/report" | sed 's/^/    /' | head -n 10
    not_ok ph-evaluation "see $work/report"
fi
exit $failed
