#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# The series of QEMU patches: untouched source, no fuzz, checkpatch.pl has no
# complaint, export gives the same bytes; in check-full, each patch builds.
# And a series that is not so is found out.
set -eu
. "$(dirname "$0")/lib.sh"

have_build series || exit 1
how=--no-build
[ "${FRAIL_FULL:-0}" = 0 ] || how=
# shellcheck disable=SC2086
if "$top/scripts/patches.sh" check $how >"$work/log" 2>&1; then
    ok series
else
    not_ok series "$(grep 'FAILED' "$work/log" | head -n 1), see $work/log"
fi

# A copy of the scripts with a patch that has been tampered with, on the same
# tree of QEMU.
copy=$work/copy
# spoiled NAME SED TEXT: the check says TEXT
spoiled()
{
    rm -rf "$copy"
    mkdir -p "$copy/build"
    cp -a "$top/scripts" "$top/qemu-patches" "$copy"
    cp "$FRAIL_BUILD/env" "$copy/build"
    patch=$(echo "$copy"/qemu-patches/0006-*.patch)
    sed -i "$2" "$patch"
    if cmp -s "$patch" "$top/qemu-patches/${patch##*/}"; then
        not_ok "$1" "nothing was changed in ${patch##*/}"
    elif "$copy/scripts/patches.sh" --tree="$FRAIL_BUILD/qemu" check \
        --no-build >"$work/$1.log" 2>&1; then
        not_ok "$1" "the check has nothing to say, see $work/$1.log"
    elif ! grep -q "$3" "$work/$1.log"; then
        not_ok "$1" "the check does not say '$3', see $work/$1.log"
    else
        ok "$1"
    fi
    rm -rf "$copy"
}

spoiled spoiled-style 's/^+    plugin.check = check;$/&     /' \
    'FAILED:.* 0006-.*checkpatch.pl: 1'
spoiled spoiled-context 's/^ struct qemu_plugin_state plugin;$/ & /' \
    '0006-.* does not apply'
spoiled spoiled-bytes 's/^Subject: \[PATCH\] /&  /' \
    'FAILED:.*export gives the series byte for byte'
exit $failed
