#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# known-calls.sh CC...: the calls that the installed kernel headers know, as
# rows { abi, number, "name" } of C.
set -eu
abi=0
for header in unistd_64.h unistd_x32.h unistd_32.h; do
    echo "#include <asm/$header>" |
        "$@" -D__X32_SYSCALL_BIT=0 -E -dM -x c - |
        sed -n 's/^#define __NR_\([a-z_0-9]*\) (*\([_A-Z0-9a-z]* *+ *\)\{0,1\}\([0-9][0-9]*\))*$/\3 \1/p' |
        sort -n | sed "s/^\([0-9]*\) \(.*\)/{ $abi, \1, \"\2\" },/"
    abi=$((abi + 1))
done
