#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
#
# What can go wrong with the set-up ends in one line that says what is wrong,
# and in nothing that would spoil the next run.
set -eu
. "$(dirname "$0")/lib.sh"

tree=$work/tree
scratch=$work/scratch
mounted=
trap '[ -z "$mounted" ] || umount "$tree/build"' EXIT
rm -rf "$tree" "$scratch"
mkdir -p "$tree" "$scratch"
for name in configure.sh scripts qemu-patches plugin; do
    cp -a "$top/$name" "$tree/$name"
done

# ends NAME TEXT...: the last run has failed, its error is one line that has
# each TEXT in it, and nothing half-done is left
ends()
{
    name=$1
    shift
    log=$work/$name.log
    if [ "$status" -eq 0 ]; then
        not_ok "$name" "configure.sh did not fail, see $log"
        return
    fi
    if [ "$(grep -c '^error: ' "$log")" != 1 ] ||
       ! tail -n 1 "$log" | grep -q '^error: ' ||
       grep -qE 'line [0-9]+:|unbound variable' "$log"; then
        not_ok "$name" "no single line at the end, see $log"
        return
    fi
    for text; do
        if ! tail -n 1 "$log" | grep -qF -- "$text"; then
            not_ok "$name" "no '$text' in: $(tail -n 1 "$log")"
            return
        fi
    done
    if [ -e "$tree/build/unpack.tmp" ]; then
        not_ok "$name" "it leaves build/unpack.tmp behind"
        return
    fi
    ok "$name"
}

# setup NAME ARGS...: run it; sets $status
setup()
{
    log=$work/$1.log
    shift
    status=0
    "$tree/configure.sh" --no-install-deps "$@" </dev/null >"$log" 2>&1 ||
        status=$?
}

setup unknown-option --frobnicate
ends unknown-option "'--frobnicate'" --help

setup no-such-source --qemu-src="$scratch/nowhere"
ends no-such-source "no QEMU source at $scratch/nowhere"

mkdir "$scratch/other"
setup not-qemu --qemu-src="$scratch/other"
ends not-qemu "$scratch/other is not a QEMU source tree"

echo 9.2.4 >"$scratch/other/VERSION"
setup wrong-version --qemu-src="$scratch/other"
ends wrong-version "QEMU 9.2.4" "needs 10.0.x"

tar -C "$scratch" -cf "$scratch/other.tar" other
setup wrong-tarball --qemu-src="$scratch/other.tar"
ends wrong-tarball "QEMU 9.2.4" "needs 10.0.x"

# The right branch, but other files: the first patch does not apply.
echo 10.0.99 >"$scratch/other/VERSION"
for name in patch-does-not-apply patch-still-does-not; do
    setup $name --qemu-src="$scratch/other"
    ends $name 0001-docs "does not apply to QEMU 10.0.99"
done

# Killed while it copies QEMU's source: the next run goes on as ever.
"$tree/configure.sh" --no-install-deps --qemu-src="$FRAIL_BUILD/qemu" \
    </dev/null >"$work/killed.log" 2>&1 &
pid=$!
while kill -0 $pid 2>/dev/null &&
      [ ! -e "$tree/build/unpack.tmp/qemu/VERSION" ]; do
    :
done
kill -KILL $pid 2>/dev/null || true
wait $pid 2>/dev/null || true
pkill -KILL -f "$tree/build/unpack.tmp" 2>/dev/null || true
if [ ! -e "$tree/build/unpack.tmp" ]; then
    not_ok killed "it was not killed amidst its work, see $work/killed.log"
else
    echo 9.2.4 >"$scratch/other/VERSION"
    setup killed --qemu-src="$scratch/other"
    ends killed "QEMU 9.2.4" "needs 10.0.x"
fi

# No package is installed, says this one.
mkdir "$scratch/bin"
printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/dpkg-query"
chmod +x "$scratch/bin/dpkg-query"
log=$work/missing-packages.log status=0
PATH=$scratch/bin:$PATH "$tree/configure.sh" --no-install-deps \
    </dev/null >"$log" 2>&1 || status=$?
ends missing-packages "as root: apt-get" build-essential ninja-build

# A mirror that is not there, and nothing in the cache.
log=$work/no-network.log status=0
XDG_CACHE_HOME=$scratch/cache FRAIL_MIRROR=http://127.0.0.1:9/debian \
    "$tree/configure.sh" --no-install-deps --qemu-src=debian \
    </dev/null >"$log" 2>&1 || status=$?
ends no-network "cannot fetch" 127.0.0.1

rm -rf "$tree/build"
mkdir "$tree/build"
if mount -t tmpfs -o size=8m tmpfs "$tree/build" 2>/dev/null; then
    mounted=1
    setup disk-full --qemu-src="$FRAIL_BUILD/qemu"
    ends disk-full "disk full" "MiB"
    umount "$tree/build"
    mounted=
else
    skip disk-full "no right to mount a small file system"
fi
rm -rf "$tree" "$scratch"
exit $failed
