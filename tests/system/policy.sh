#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# Rules of the policy analyzer hold, as the guest's own programs see it: a port
# is refused for one container only, a file is hidden from one program, who
# traces is killed, and so is who opens a file by a link; others get what they
# asked for.  New rules come into force while the guest runs, without a moment
# without any; wrong ones are refused.
set -eu
. "$(dirname "$0")/lib.sh"
tool=$FRAIL_BUILD/libfrail/frail-policy

first_rules()
{
    container=$(printf 'a%.0s' $(seq 64))
    cat <<END
# What tests/guest/policy is about.
rule no-web-for-a
    when container = $container
    when call in (connect, socketcall) and port = 8080
    do refuse EACCES, log, event
rule hide-secret
    when %FILE and exe ~ "*/cat" and path = /srv/secret
    do refuse ENOENT, log
rule go
    when path = /srv/go
    do log
rule links-lead-nowhere
    when exe ~ "*/tac"
    opened /srv/secret
    do kill, log
rule no-tracing
    when call = ptrace
    do kill, log, event
rule no-access-32
    when abi = i386 and call = access and path = /
    do refuse EACCES
rule may-in-tmp
    when call in (mkdir, mkdirat) and path ~ "/tmp/*"
    do allow
rule no-mine
    when call in (mkdir, mkdirat) and path ~ "*/mine"
    do refuse EROFS
rule no-rmdir
    when call in (rmdir, unlinkat) and path = /tmp/rmdir
    do refuse EBUSY
END
}

second_rules()
{
    cat <<END
rule other-no-rmdir
    when call in (unlinkat, rmdir) and path ~ "/tmp/rm*"
    do refuse EXDEV
rule hide-late
    when %FILE and path = /srv/late
    do refuse ENOENT
END
}

# %FILE, in words of the language
file_rules()
{
    sed 's/%FILE/call in (%file)/'
}

# When the guest says so: a wrong file, which changes nothing; then a right one.
replace_rules()
{
    until grep -q 'rule=go ' "$dir/frail.policy" 2>/dev/null; do
        kill -0 "$guest" 2>/dev/null || return 1
        sleep 0.2
    done
    printf 'rule x\n    when path ~ "/srv/*"\n    do refuse EWHAT\n' \
        >"$dir/rules"
    if "$tool" reload "$dir/socket" >"$dir/reload-bad" 2>&1; then
        echo "a wrong file was taken" >>"$dir/reload-bad"
        return 1
    fi
    second_rules | file_rules >"$dir/rules"
    "$tool" show "$dir/socket" >"$dir/show" &&
        "$tool" reload "$dir/socket" >"$dir/reload" 2>&1
}

# expect FILE PATTERN: one line of FILE is exactly that
expect()
{
    grep -qx "$2" "$1" || {
        not_ok "policy" "no line of $1 is '$2': \
$(grep "^${2%% *}" "$1" | head -n 1)"
        return 0
    }
    seen=$((seen + 1))
}

have_build policy || exit 1
guests tests
dir=$work/tcg seen=0
mkdir -p "$dir"
rm -f "$dir/socket" "$dir/frail.policy"
first_rules | file_rules >"$dir/rules"
cp "$dir/rules" "$dir/rules.1"
run_guest tcg "$dir" 120 -q -s 2 \
    -p policy,rules=@/rules,control=@/socket,out=@/frail.policy policy \
    2>"$dir/run.err" &
guest=$!
replace_rules || not_ok policy "the rules were not replaced: see $dir"
wait $guest || not_ok policy "$(tail -n 1 "$dir/run.err")"
[ $failed = 0 ] || exit 1

view=$dir/out/seen
expect "$view" 'connect-a: Permission denied, status 1'
expect "$view" 'connect-a-other-port: connected'
expect "$view" 'connect-b: connected'
expect "$view" 'connect-none: connected'
for name in cat cat-relative cat-dots; do
    expect "$view" "$name: No such file or directory, status 1"
done
expect "$view" 'cat-other: other'
expect "$view" 'head: secret'
expect "$view" 'tac-link: status 137'
expect "$view" 'tac-other: other'
expect "$view" 'strace: status 137'
expect "$view" 'after-strace: well'
expect "$view" 'calls32-int80: status 1'
expect "$view" 'calls32-vdso: status 1'
expect "$view" 'mkdir-tmp: '
expect "$view" 'mkdir-srv: Read-only file system, status 1'
expect "$view" 'late-before: late'
expect "$view" 'late-after: No such file or directory, status 1'
expect "$view" 'rmdir: Invalid cross-device link, status 1'
expect "$view" 'gap: 0'
expect "$view" 'calls32-after: '
expect "$view" 'ptrace-after: 0'
out=$dir/frail.policy
expect "$out" 'match .* rule=no-web-for-a .* comm="perl" .* did=log,refuse:EACCES.* call="connect(.*htons(8080).*'
expect "$out" 'match .* rule=hide-secret .* comm="cat" .* did=log,refuse:ENOENT.*'
expect "$out" 'match .* rule=links-lead-nowhere .* did=log,kill-next why=late opened="/srv/secret" .*'
expect "$out" 'kill rule=links-lead-nowhere .* comm="tac" .*'
expect "$out" 'match .* rule=no-tracing .* did=log,kill.*'
expect "$out" 'old rule=no-web-for-a matched=1 refused=1 killed=0 missed=0'
expect "$out" 'old rule=hide-secret matched=[1-9][0-9]* refused=[1-9][0-9]* killed=0 missed=0'
expect "$out" 'old rule=no-rmdir matched=\([5-9]\|[1-9][0-9]\+\) .*'
expect "$out" 'new-rules rules=2'
expect "$out" 'bad-rules error=".*/rules:3:15: refuse needs the name of an error.*'
expect "$out" 'end rules=2 reloads=1 bad-reloads=1 forgotten-calls=0 forgotten-kills=0'
expect "$dir/qmp.json" '.*"event": "FRAIL_REPORT".*'
expect "$dir/reload-bad" 'frail-policy: .*/rules:3:15: refuse needs .*'
expect "$dir/show" ' *1  *1  *0  *0  no-web-for-a'
figures name=policy accel=tcg bed=none checks=$seen
[ $failed = 0 ] && ok policy
exit $failed
