#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# The unit tests under AddressSanitizer, UndefinedBehaviorSanitizer and the
# leak check; in check-full only, for libfrail is built once more.
set -eu
. "$(dirname "$0")/lib.sh"

if [ "${FRAIL_FULL:-0}" != 1 ]; then
    skip sanitize "in make check-full only"
    exit 0
fi
have_build sanitize || exit 1
out=$FRAIL_BUILD/sanitize
env=$top/scripts/build-env
if ! { [ -f "$out/build.ninja" ] ||
       "$env" meson setup "$out" "$top/plugin" -Db_lundef=false \
           -Db_sanitize=address,undefined; } >"$work/log" 2>&1 ||
   ! "$env" ninja -C "$out" >>"$work/log" 2>&1; then
    not_ok sanitize "it does not build, see $work/log"
    exit 1
fi
export UBSAN_OPTIONS=halt_on_error=1
for test in "$out"/test-*; do
    [ -f "$test" ] && [ -x "$test" ] || continue
    name=${test##*/}
    if FRAIL_ANALYZERS=$out LD_LIBRARY_PATH=$out "$test" \
        >"$work/$name.log" 2>&1; then
        ok "sanitize-$name"
    else
        not_ok "sanitize-$name" "see $work/$name.log"
    fi
done
exit $failed
