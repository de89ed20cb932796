# shellcheck shell=bash
# What the set-up scripts share: messages, steps, logs and progress.
# Sourced, never run.
#
# Copyright (c) 2026 The Frail developers
# SPDX-License-Identifier: GPL-2.0-or-later

export LC_ALL=C.UTF-8
shopt -s inherit_errexit

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=$top/build
logs=$build/log
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/frail

quiet=no            # yes: steps that have nothing to do print nothing
pending=            # the step line that still waits for work to do
steps=6

bold='' red='' yellow='' plain=''
if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$'\e[1m' red=$'\e[31m' yellow=$'\e[33m' plain=$'\e[0m'
fi

say()
{
    printf '%s\n' "$*" >&2
}

warn()
{
    say "${yellow}warning:${plain} $*"
}

die()
{
    say "${red}error:${plain} $*"
    exit 1
}

# step NUMBER TEXT: what comes next; shown at once, or with --quiet only
# when busy() says that there is work.
step()
{
    pending="${bold}[$1/$steps]${plain} $2"
    [ "$quiet" = yes ] || busy
}

busy()
{
    [ -z "$pending" ] || say "$pending"
    pending=
}

have()
{
    command -v "$1" >/dev/null 2>&1
}

# free_mib DIR: free space where DIR is or will be
free_mib()
{
    local dir=$1

    while [ ! -d "$dir" ]; do
        dir=$(dirname "$dir")
    done
    df -Pm "$dir" | awk 'NR == 2 { print $4 }'
}

# need_space DIR MIB
need_space()
{
    local free

    free=$(free_mib "$1")
    [ "$free" -ge "$2" ] ||
        die "disk full: $1 has $free MiB free, $2 MiB are needed"
}

# why_failed TEXT LOG: ends the run after a failed command
why_failed()
{
    local dir free

    for dir in "$build" "$cache" /tmp; do
        free=$(free_mib "$dir")
        [ "$free" -ge 64 ] ||
            die "$1: disk full, $dir has $free MiB free (log: $2)"
    done
    # What failed may have removed its half, so that there is space again.
    ! grep -q 'No space left on device' "$2" ||
        die "$1: disk full (log: $2)"
    # Ninja's own report begins at FAILED and may lie far from the end.
    if grep -q '^FAILED: ' "$2"; then
        sed -n '/^FAILED: /,$p' "$2" | cut -c 1-400 | head -n 30 >&2
    else
        tail -n 15 "$2" | cut -c 1-400 >&2
    fi
    die "$1 (log: $2)"
}

# logged NAME TEXT COMMAND...: output to build/log/NAME.log
logged()
{
    local log=$logs/$1.log text=$2

    shift 2
    mkdir -p "$logs"
    "$@" >"$log" 2>&1 </dev/null || why_failed "$text" "$log"
}

# Turns ninja's output into one moving line on a terminal and into a line
# per tenth elsewhere.  The step's line comes first, when there is work.
progress()
{
    local tty=0 cols=80

    if [ -t 2 ]; then
        tty=1
        cols=$(tput cols 2>/dev/null) || cols=80
    fi
    # Not awk: Debian 13's reads a pipe in blocks, minutes late.
    # shellcheck disable=SC2016
    perl -e '
        my ($tty, $cols, $head) = @ARGV;
        my ($tenth, $shown) = (0, 0);
        $| = 1;
        while (my $line = <STDIN>) {
            # The first is what ninja does each time: not worth a line.
            $line =~ m{^\[(\d+)/(\d+)\] } && $1 > 1 or next;
            print "$head\n" if $head ne "";
            $head = "";
            if ($tty) {
                chomp $line;
                print "\r", substr("  $line", 0, $cols - 1), "\e[K";
                $shown = 1;
            } elsif (int($1 * 10 / $2) > $tenth) {
                $tenth = int($1 * 10 / $2);
                print "  [$1/$2]\n";
            }
        }
        print "\r\e[K" if $shown;
    ' "$tty" "$cols" "$pending" >&2
}

# run_ninja NAME TEXT DIR [ARG...]
run_ninja()
{
    local log=$logs/$1.log text=$2 dir=$3

    shift 3
    mkdir -p "$logs"
    # Plain status lines whatever the user's environment says.
    NINJA_STATUS='[%f/%t] ' ninja -C "$dir" "$@" 2>&1 </dev/null |
        tee "$log" | progress || why_failed "$text" "$log"
    pending=
}

# take_lock FILE WHAT: one run at a time; the lock ends with the process, or
# when $lock_fd is closed
take_lock()
{
    mkdir -p "$(dirname "$1")" 2>/dev/null ||
        die "cannot write to $(dirname "$1"): it must belong to $(id -un)"
    { exec {lock_fd}>>"$1"; } 2>/dev/null ||
        die "cannot write to $1: it must belong to $(id -un)"
    if ! flock -n "$lock_fd"; then
        say "waiting for another run that uses $2"
        flock "$lock_fd"
    fi
}

# saved KEY: an option that configure.sh was once given
saved()
{
    sed -n "s/^$1=//p" "$build/config" 2>/dev/null || :
}

# link_firmware DIR: Debian's QEMU source has no firmware; a QEMU whose data
# directory is DIR finds Debian's.
link_firmware()
{
    local file

    mkdir -p "$1"
    for file in /usr/share/seabios/* /usr/share/qemu/* \
                /usr/lib/ipxe/qemu/*.rom; do
        [ -e "$1/${file##*/}" ] || ln -sfn "$file" "$1/"
    done
}

# Git without the user's settings: what it writes must not depend on them.
qgit()
{
    env GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 \
        GIT_CONFIG_COUNT=5 \
        GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' \
        GIT_CONFIG_KEY_1=core.autocrlf GIT_CONFIG_VALUE_1=false \
        GIT_CONFIG_KEY_2=gc.auto GIT_CONFIG_VALUE_2=0 \
        GIT_CONFIG_KEY_3=core.fsync GIT_CONFIG_VALUE_3=none \
        GIT_CONFIG_KEY_4=advice.detachedHead GIT_CONFIG_VALUE_4=false \
        GIT_COMMITTER_NAME=Frail GIT_COMMITTER_EMAIL=frail@localhost \
        GIT_COMMITTER_DATE='1767225600 +0000' \
        git "$@"
}
