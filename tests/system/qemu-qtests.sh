#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# With frail=off the series changes nothing: those of QEMU's own qtests that
# pass without the series pass with it.  In check-full only: QEMU is built once
# more, and the tests take minutes.
set -eu
. "$(dirname "$0")/lib.sh"

if [ "${FRAIL_FULL:-0}" != 1 ]; then
    skip qemu-qtests "in make check-full only"
    exit 0
fi
have_build qemu-qtests || exit 1
. "$top/scripts/lib.sh"

# qtests BUILD NAME [TEST...]: NAME.list gets a line "TEST RESULT" for each.
# Twice QEMU's own time: on some hosts a test never ends, of which the control
# tells (with a page-table based KVM migration-test waits for a dirty ring).
qtests()
{
    local out=$1 name=$2

    shift 2
    "$top/scripts/build-env" meson test -C "$out" --no-rebuild \
        --suite qtest-x86_64 -t 2 "$@" >"$work/$name.log" 2>&1 || true
    grep -oE 'qtest-x86_64/[A-Za-z0-9_-]+ +(OK|SKIP|ERROR|FAIL|TIMEOUT)' \
        "$work/$name.log" | sed 's,qtest-x86_64/,,; s/  */ /' |
        sort >"$work/$name.list" || true
}

# The control: the same source, without the series
control=$FRAIL_BUILD/check/pristine
if [ ! -f "$control/qemu/VERSION" ]; then
    rm -rf "$control"
    mkdir -p "$control/qemu" "$control/qemu-build"
    git -C "$FRAIL_BUILD/qemu" archive pristine |
        tar -C "$control/qemu" -xf -
fi
# shellcheck disable=SC1091
. "$FRAIL_BUILD/env"
if ! (cd "$control/qemu-build" &&
      { [ -f build.ninja ] || ../qemu/configure "${qemu_flags[@]}"; } &&
      ninja) >"$work/control-build.log" 2>&1 </dev/null; then
    not_ok qemu-qtests "QEMU without the series does not build, see $(
        )$work/control-build.log"
    exit 1
fi
link_firmware "$control/qemu-build/qemu-bundle$(saved prefix)/share/qemu"
qtests "$control/qemu-build" control
# Only what passes there says anything of the series.
mapfile -t passing < <(sed -n 's,^\(.*\) OK$,qtest-x86_64/\1,p' \
    "$work/control.list")
if [ ${#passing[@]} -lt 50 ]; then
    not_ok qemu-qtests "only ${#passing[@]} pass without the series, see $(
        )$work/control.log"
    exit 1
fi
qtests "$FRAIL_BUILD/qemu-build" series "${passing[@]}"
passed=$(grep -c ' OK$' "$work/series.list" || true)
without=$(grep -c ' OK$' "$work/control.list" || true)
worse=$(grep ' OK$' "$work/control.list" |
        grep -vxF -f "$work/series.list" | cut -d ' ' -f 1 | tr '\n' ' ' ||
        true)
figures name=qemu-qtests accel=tcg bed=none mode=off passed="$passed" \
    passed_without="$without" worse="${worse:-none}"
if [ -n "$worse" ]; then
    not_ok qemu-qtests "pass without the series only: $worse"
else
    ok qemu-qtests
fi
exit "$failed"
