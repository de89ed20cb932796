#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# What README.md and the analyzers' guide tell a reader to type works: the
# example is the file it claims to be, it compiles with the command given
# there, and the demo runs with it.  What they say the compiler forbids is
# forbidden.
set -eu
. "$(dirname "$0")/lib.sh"

have_build readme || exit 1
guests demo

# block FILE FENCE FIRST: the text of a fenced block, by its first line
block()
{
    awk -v fence="\`\`\`$2" -v first="$3" '
        inside && $0 == "```" { exit }
        inside { print; next }
        seen && $0 == first { inside = 1; print }
        { seen = $0 == fence }' "$1"
}

example=$top/plugin/examples/deny.c
head=$(head -n 1 "$example")
for doc in README.md docs/analyzers.md; do
    block "$top/$doc" c "$head" >"$work/example.c"
    if ! cmp -s "$work/example.c" "$example"; then
        not_ok example "the example in $doc is not plugin/examples/deny.c"
    fi
done
lines=$(wc -l <"$example")
[ "$lines" -le 30 ] || not_ok example "it has $lines lines, 30 are promised"
[ $failed = 1 ] || ok example

# README's own commands, in a directory that looks like the tree.
here=$work/tree
rm -rf "$here"
mkdir -p "$here"
ln -s "$top"/* "$here"
block "$top/README.md" '' \
    'export PKG_CONFIG_PATH=$PWD/build/libfrail/meson-uninstalled' \
    >"$work/commands"
before=$failed
if ! grep -q '^gcc .*deny' "$work/commands" ||
   ! grep -q '^scripts/demo ' "$work/commands"; then
    not_ok example-run "README.md has no commands to build and load it"
elif ! (cd "$here" && sh -eu "$work/commands") >"$work/demo" 2>&1; then
    not_ok example-run "$(tail -n 1 "$work/demo")"
elif ! grep -q '^deny: mkdir refused$' "$work/demo"; then
    not_ok example-run "it refused no mkdir, see $work/demo"
elif ! grep -q 'mkdir(.*) *= -1 EPERM (Operation not permitted) (refused)' "$work/demo"; then
    not_ok example-run "strace beside it shows no refusal, see $work/demo"
elif ! grep -q '^demo: [1-9][0-9]* system calls' "$work/demo"; then
    not_ok example-run "the demo counted nothing, see $work/demo"
fi
[ $failed = "$before" ] && ok example-run

# compiles INCLUDE...: does an analyzer with these headers?
compiles()
{
    for header; do
        echo "#include <$header>"
    done | ${CC:-cc} -x c -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror \
        -fsyntax-only -I"$top/plugin/include" -I"$top/plugin" \
        -isystem "$FRAIL_BUILD/qemu/include/qemu" \
        $(pkg-config --cflags glib-2.0) - 2>"$work/cc"
}

before=$failed
compiles frail-plugin.h || not_ok headers "frail-plugin.h: see $work/cc"
compiles qemu-plugin.h frail-plugin.h ||
    not_ok headers "with qemu-plugin.h: see $work/cc"
compiles frail-host.h || not_ok headers "frail-host.h: see $work/cc"
for path in "$top"/plugin/*/*.h "$top"/plugin/*/*/*.h; do
    header=${path#"$top/plugin/"}
    # tools/ are programs of their own: there is nothing of libfrail in them.
    case $header in
    include/frail-plugin.h|analyzers/*|text/*|tools/*|decode/uapi-stubs/*)
        continue ;;
    esac
    if compiles frail-plugin.h "${header#include/}"; then
        not_ok headers "an analyzer may include ${header#include/}"
    elif ! grep -q '#error.*frail-plugin.h only' "$work/cc"; then
        not_ok headers "${header#include/} is not refused with a reason"
    fi
done
[ $failed = "$before" ] && ok headers
exit $failed
