#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# What `make install` installs is whole: it starts with its own library,
# firmware and analyzers, without the build tree.
set -eu
. "$(dirname "$0")/lib.sh"

have_build install || exit 1
dest=$work/dest
rm -rf "$dest"
if ! DESTDIR=$dest "$top/scripts/install" >"$work/log" 2>&1; then
    not_ok install "$(tail -n 1 "$work/log")"
    exit 1
fi
prefix=$dest$(sed -n 's/^prefix=//p' "$FRAIL_BUILD/config")
analyzer=$(find "$prefix" -name libfrail-strace.so)
library=$(dirname "$(find "$prefix" -name libfrail.so.0)")
# SeaBIOS alone makes no system call; it must only be found and run.
printf '%s\n' 'info frail' quit |
    LD_LIBRARY_PATH=$library timeout 60 "$prefix/bin/qemu-system-x86_64" \
        -accel tcg,frail=on -plugin "$analyzer" -L "$prefix/share/qemu" \
        -display none -net none -monitor stdio >"$work/run" 2>&1 || true
if ! grep -q '^on, trap emulator' "$work/run"; then
    not_ok install "it does not run, see $work/run"
elif [ "$(find "$prefix" -name 'frail-*.h' | wc -l)" != 3 ]; then
    not_ok install "not all public headers are there"
elif ! find "$prefix" -name 'libfrail-strace.7*' | grep -q .; then
    not_ok install "no manual pages"
else
    ok install
fi
rm -rf "$dest"
exit $failed
