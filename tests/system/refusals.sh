#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# What cannot work is refused: one line, that says what is wrong and what
# would be right, and a non-zero exit.
set -eu
. "$(dirname "$0")/lib.sh"

have_build refusals || exit 1

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

# plugin NAME LINE: one that has LINE in it, and whose install says so
plugin()
{
    printf '%s\n' '#include <stdio.h>' '#include <qemu-plugin.h>' \
        '#include <frail-plugin.h>' \
        'QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;' \
        "$2" \
        'QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,' \
        '    const qemu_info_t *info, int argc, char **argv)' '{' \
        '    FrailAnalyzerOptions o = { .sz = sizeof(o), .name = "x" };' \
        '    const char *err = "";' \
        '    void *a = frail_analyzer_register(&o, &err);' \
        '    fprintf(stderr, "install: %s\\n", a ? "registered" : err);' \
        '    return a ? 0 : -1;' '}' >"$work/$1.c"
    # shellcheck disable=SC2046
    cc -shared -fPIC -o "$work/$1.so" "$work/$1.c" -I"$top/plugin/include" \
        -I"$FRAIL_BUILD/qemu/include/qemu" $(pkg-config --cflags glib-2.0)
}

plugin future 'QEMU_PLUGIN_EXPORT int frail_plugin_version = 99;'
plugin unversioned ''

here wrong-trap "frail-trap;'x'" -accel kvm,frail-trap=x
# Its install, which prints a line of its own, is never called.
here future-plugin 'version 99;build it again' -accel tcg,frail=on \
    -plugin "$work/future.so"
# This one is called, and told what it lacks; QEMU says that it gave up.
"$FRAIL_QEMU" -display none -machine none -accel tcg,frail=on \
    -plugin "$work/unversioned.so" </dev/null >"$work/unversioned" 2>&1 &&
    not_ok unversioned-plugin "it was let in"
if grep -q '^install: .*frail_plugin_version' "$work/unversioned"; then
    ok unversioned-plugin
else
    not_ok unversioned-plugin "$(head -n 1 "$work/unversioned")"
fi
if [ -e /dev/kvm ] && ! host_kvm; then
    here unsuited-host 'accel tcg,frail=on' -accel kvm,frail=on
else
    skip unsuited-host "this host has no KVM that is unsuited"
fi

# Where KVM is: what Frail cannot coexist with is refused when it is asked for,
# and masked when it merely comes along with the CPU model.
cat >"$work/script" <<'END'
try()
{
    name=$1
    shift
    timeout 30 build/qemu-build/qemu-system-x86_64 -L /usr/share/seabios \
        -display none -nodefaults -vga none -S "$@" </dev/null \
        >"$OUT/$name" 2>&1
    echo $? >"$OUT/$name.status"
}
try svm -accel kvm,frail=on -cpu host,+svm
try smm -accel kvm,frail=on -M q35,smm=on
try sev -accel kvm,frail=on -M q35,confidential-guest-support=s \
    -object sev-guest,id=s,policy=1,cbitpos=47,reduced-phys-bits=1
try no-frail -accel kvm,frail-trap=lstar
printf '%s\n' '{"execute":"qmp_capabilities"}' \
    '{"execute":"qom-get","arguments":{"path":"/machine/unattached/device[0]",
      "property":"svm"}}' '{"execute":"quit"}' |
    timeout 30 build/qemu-build/qemu-system-x86_64 -L /usr/share/seabios \
        -display none -accel kvm,frail=on -nodefaults -vga none -S -cpu host \
        -qmp stdio >"$OUT/masked" 2>&1
END
in_bed "$work/bed" 300 sh -c "$(cat "$work/script")" 2>"$work/bed.err" ||
    not_ok refusals-bed "$(tail -n 1 "$work/bed.err")"
while read -r name text; do
    refused "$name" "$(cat "$work/bed/$name.status" 2>/dev/null || echo 0)" \
        "$work/bed/$name" "$text"
done <<'END'
svm leave out +svm
smm leave out smm=on
sev confidential-guest-support
no-frail give frail=on
END
if grep -q '"return": false' "$work/bed/masked" 2>/dev/null; then
    ok svm-masked
else
    not_ok svm-masked "$(tail -n 2 "$work/bed/masked" 2>&1)"
fi
exit $failed
