#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# What cannot work is refused: one line, that says what is wrong and what
# would be right, and a non-zero exit.
set -eu
. "$(dirname "$0")/lib.sh"

have_build refusals || exit 0

# refused NAME STATUS FILE TEXT...: FILE is one line with each TEXT in it
refused()
{
    name=$1 status=$2 file=$3
    shift 3
    if [ "$status" -eq 0 ]; then
        not_ok "$name" "QEMU did not end with an error"
        return
    fi
    lines=$(grep -c . "$file" || true)
    if [ "$lines" -ne 1 ]; then
        not_ok "$name" "$lines lines instead of one: $(tr '\n' '|' <"$file")"
        return
    fi
    for text in "$@"; do
        if ! grep -qF -- "$text" "$file"; then
            not_ok "$name" "no '$text' in: $(cat "$file")"
            return
        fi
    done
    ok "$name"
}

# here NAME TEXTS(;-separated) QEMU ARGS...
here()
{
    name=$1 texts=$2
    shift 2
    status=0
    timeout 60 "$FRAIL_QEMU" -display none -machine none "$@" \
        </dev/null >"$work/$name" 2>&1 || status=$?
    old=$IFS
    IFS=';'
    # shellcheck disable=SC2086
    set -- $texts
    IFS=$old
    refused "$name" "$status" "$work/$name" "$@"
}

# A plugin for a libfrail of the future is not installed.
printf '%s\n' '#include <qemu-plugin.h>' \
    'QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;' \
    'QEMU_PLUGIN_EXPORT int frail_plugin_version = 99;' \
    'QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,' \
    '    const qemu_info_t *info, int argc, char **argv) { return 0; }' \
    >"$work/future.c"
# shellcheck disable=SC2046
cc -shared -fPIC -o "$work/future.so" "$work/future.c" \
    -I"$FRAIL_BUILD/qemu/include/qemu" $(pkg-config --cflags glib-2.0)

here wrong-trap "frail-trap;'x'" -accel kvm,frail-trap=x
here future-plugin 'version 99;build it again' -accel tcg,frail=on \
    -plugin "$work/future.so"
if [ -e /dev/kvm ] && ! host_kvm; then
    here unsuited-host 'accel tcg,frail=on' -accel kvm,frail=on
else
    skip unsuited-host "this host has no KVM that is unsuited"
fi

# In the bed: nested virtualisation, asked for by name and as part of a model
if ! host_kvm; then
    # shellcheck disable=SC2016
    in_bed "$work/bed" 120 sh -c '
        q=build/qemu-build/qemu-system-x86_64
        $q -L /usr/share/seabios -display none -accel kvm,frail=on \
            -nodefaults -vga none -S -cpu host,+svm </dev/null \
            >$OUT/by-name 2>&1
        echo $? >$OUT/status
        printf "%s\n" "{\"execute\":\"qmp_capabilities\"}" \
            "{\"execute\":\"qom-get\",\"arguments\":{\"path\":\"/machine/unattached/device[0]\",\"property\":\"svm\"}}" \
            "{\"execute\":\"quit\"}" |
        $q -L /usr/share/seabios -display none -accel kvm,frail=on \
            -nodefaults -vga none -S -cpu host -qmp stdio >$OUT/masked 2>&1
        ' 2>"$work/bed.err" || true
    refused svm-by-name "$(cat "$work/bed/status" 2>/dev/null || echo 0)" \
        "$work/bed/by-name" svm
    if grep -q '"return": false' "$work/bed/masked" 2>/dev/null; then
        ok svm-masked
    else
        not_ok svm-masked "$(tail -n 2 "$work/bed/masked" 2>&1)"
    fi
else
    skip svm-by-name "only in the bed"
    skip svm-masked "only in the bed"
fi
exit $failed
