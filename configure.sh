#!/bin/bash
# Set-up on a fresh Debian 12 or 13: dependencies, QEMU's source, the series,
# libfrail, QEMU.  Does only what is not done yet, so it can be run at any
# time, and again after it was interrupted.
#
# Copyright (c) 2026 The Frail developers
# SPDX-License-Identifier: GPL-2.0-or-later
set -euo pipefail

. "$(dirname "$0")/scripts/lib.sh"
. "$top/scripts/qemu-source.sh"

# Debian packages, the same names in 12 and 13: tools, QEMU's libraries, what
# guests and the test bed are made of, and what only tests need.
packages="build-essential dpkg-dev git perl xz-utils bzip2 ca-certificates
    ccache ninja-build pkg-config python3 python3-venv
    libglib2.0-dev libpixman-1-dev libslirp-dev libcapstone-dev libbpf-dev
    zlib1g-dev seabios qemu-system-data ipxe-qemu busybox-static cpio strace kmod
    zstd lz4 libseccomp-dev libjson-glib-dev python3-jsonschema
    tshark"

qemu_flags=(--without-default-features --target-list=x86_64-softmmu
    --enable-kvm --enable-tcg --enable-plugins --enable-capstone
    --enable-slirp --enable-tools --disable-install-blobs
    --disable-download --python=/usr/bin/python3 --with-pkgversion=frail)

qemu_src=
prefix=
jobs=
install_deps=yes

usage()
{
    cat <<'EOF'
usage: ./configure.sh [OPTION...]

  --qemu-src=DIR|TARBALL  build on this QEMU 10.0.x (DIR is copied, never
                          changed); --qemu-src=debian: Debian's package again
  --prefix=DIR            where `make install` puts things (/usr/local)
  --jobs=N                compile N files at a time (as many as processors)
  --no-install-deps       never run apt-get; stop when something is missing
  --quiet                 show only steps that have something to do
  --help                  this text

--qemu-src and --prefix are remembered for the next run (build/config).
All is built in build/; downloads and compiled objects are kept in
~/.cache/frail, or below $XDG_CACHE_HOME. FRAIL_MIRROR=URL names a Debian
mirror.

  ./configure.sh                            set up, or do what is missing
  ./configure.sh --qemu-src=~/qemu-10.0.4   on a source of your own
EOF
}

check_host()
{
    [ "$(uname -m)" = x86_64 ] ||
        die "this machine is $(uname -m); Frail needs x86_64"
    case $top in
    *[[:space:]:]*) die "QEMU cannot be built below '$top':" \
        "use a path without spaces and colons" ;;
    esac
    ID='' VERSION_ID='' VERSION_CODENAME=''
    # shellcheck disable=SC1091
    [ ! -r /etc/os-release ] || . /etc/os-release
    case $ID:$VERSION_ID in
    debian:12|debian:13) ;;
    *) have dpkg-query ||
           die "this is ${ID:-no known system} ${VERSION_ID:-};" \
               "Frail's set-up needs Debian 12 or 13"
       warn "this is $ID $VERSION_ID; tested are Debian 12 and 13" ;;
    esac
    # Debian 12's meson is too old for QEMU 10: see need_meson.
    [ "$ID:$VERSION_ID" = debian:12 ] || packages="$packages meson"
}

missing_packages()
{
    local p

    # shellcheck disable=SC2086
    dpkg-query -W -f '${Package} ${db:Status-Status}\n' $packages \
        2>/dev/null | sed -n 's/ installed$//p' | sort -u >"$build/.have" ||
        :
    for p in $packages; do
        grep -qxF "$p" "$build/.have" || echo "$p"
    done
    rm -f "$build/.have"
}

need_packages()
{
    local missing line root=()

    missing=$(missing_packages | tr '\n' ' ')
    missing=${missing% }
    [ -n "$missing" ] || return 0
    busy
    line="apt-get update && apt-get install --no-install-recommends $missing"
    [ "$install_deps" = yes ] ||
        die "packages are missing; as root: $line"
    if [ "$(id -u)" != 0 ]; then
        # Without a terminal nobody could type a password.
        if have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
            root=(sudo)
        else
            die "packages are missing; as root: $line"
        fi
    fi
    say "  installing $missing"
    # Lists of other archives may fail without harm to what is needed here.
    "${root[@]}" apt-get -q update >"$logs/apt-get.log" 2>&1 || :
    # shellcheck disable=SC2086
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qy \
        -o DPkg::Lock::Timeout=120 install --no-install-recommends $missing \
        >>"$logs/apt-get.log" 2>&1 </dev/null ||
        die "apt-get cannot install $missing: $(sed -n 's/^[EW]: //p' \
            "$logs/apt-get.log" | head -n 1) (log: $logs/apt-get.log)"
    missing=$(missing_packages | tr '\n' ' ')
    [ -z "$missing" ] || die "still missing after apt-get: $missing"
}

# After `sudo ./configure.sh` in a user's checkout the rest runs as that user,
# or build/ would be root's and the next run without sudo would fail.
back_to_user()
{
    if [ "$(id -u)" = 0 ] && [ "${SUDO_UID:-0}" != 0 ] &&
       [ "$(stat -c %u "$top")" = "$SUDO_UID" ]; then
        chown -R "$SUDO_UID:$SUDO_GID" "$build"
        trap - EXIT
        exec {lock_fd}>&-
        exec sudo -H -u "#$SUDO_UID" -- "$top/configure.sh" \
            --no-install-deps "$@"
    fi
}

# at_least WANTED VERSION
at_least()
{
    [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

# QEMU 10 needs meson 1.5.  Where the distribution's is older that of its
# backports is unpacked beside it; the system is left as it is.
need_meson()
{
    local own=$cache/meson

    meson=/usr/bin/meson
    if at_least 1.5 "$(dpkg-query -W -f '${Version}' meson 2>/dev/null)"; then
        return
    fi
    if [ ! -x "$own/usr/bin/meson" ]; then
        busy
        say "  fetching meson from $VERSION_CODENAME-backports"
        fetch_deb meson "deb @MAIN@ $VERSION_CODENAME-backports main" meson
        rm -rf "$own.tmp"
        logged meson "cannot unpack meson" \
            dpkg -x "$dl"/meson.tmp/meson_*.deb "$own.tmp"
        at_least 1.5 "$(dpkg-deb -f "$dl"/meson.tmp/meson_*.deb Version)" ||
            die "$VERSION_CODENAME-backports has no meson from 1.5 on"
        rm -rf "$own" "$dl/meson.tmp"
        mv "$own.tmp" "$own"
    fi
    meson=$own/usr/bin/meson
    export PYTHONPATH=$own/usr/lib/python3/dist-packages
}

# The guest kernel and the modules for the test bed, as build/kernel/boot and
# build/kernel/lib/modules: those installed, else unpacked from the package.
# Installing it would make it the next kernel this machine boots.  Those of
# other releases are in build/kernels, for the tests.
need_kernel()
{
    local name=6.12 dir

    [ "$VERSION_CODENAME" != bookworm ] || name=6.1
    "$top/scripts/kernels" --check || busy
    if compgen -G '/boot/vmlinuz-*-cloud-amd64' >/dev/null; then
        dir=/
    else
        FRAIL_LOCKED=1 "$top/scripts/kernels" "$name"
        dir=$cache/kernel-$name
    fi
    [ "$(readlink "$build/kernel" || :)" = "$dir" ] ||
        ln -sfn "$dir" "$build/kernel"
    # A mirror without the others is no reason to stop: tests say it, too.
    FRAIL_LOCKED=1 "$top/scripts/kernels" ||
        warn "not all of the tests' kernels could be fetched"
}

# What build/qemu is to be made from; when it is already, nothing happens.
need_source()
{
    local key key_file=$build/qemu/.git/frail/source
    local new=$build/unpack.tmp/qemu

    if [ -n "$qemu_src" ]; then
        if [ ! -e "$qemu_src" ] && [ -f "$key_file" ]; then
            warn "$qemu_src is gone; using the copy in build/qemu"
            return
        fi
        [ -e "$qemu_src" ] || die "no QEMU source at $qemu_src"
        key="user $(user_key "$qemu_src")"
    else
        key="debian $(tested version)"
    fi
    if [ -f "$key_file" ] && [ "$(head -n 1 "$key_file")" = "$key" ]; then
        got=$(sed -n 2p "$key_file")
    else
        busy
        need_space "$build" 3000
        rm -rf "$build/unpack.tmp"
        # A tree with somebody's work in it is not thrown away.
        [ ! -d "$build/qemu" ] ||
            "$top/scripts/patches.sh" unchanged
        if [ -n "$qemu_src" ]; then
            say "  copying $qemu_src"
            unpack_user "$qemu_src" "$new"
            got=$(head -n 1 "$new/VERSION")
        else
            say "  fetching and unpacking Debian's QEMU"
            fetch_qemu
            unpack_debian "$got" "$new"
            check_branch "$new/VERSION" "Debian's QEMU"
        fi
        logged pristine "git cannot store QEMU's source" \
            make_pristine "$new"
        mkdir "$new/.git/frail"
        printf '%s\n%s\n' "$key" "$got" >"$new/.git/frail/source"
        rm -rf "$build/qemu.old"
        [ ! -d "$build/qemu" ] || mv "$build/qemu" "$build/qemu.old"
        mv "$new" "$build/qemu"
        rm -rf "$build/qemu.old"
    fi
    [ -n "$qemu_src" ] || [ "$got" = "$(tested version)" ] ||
        warn "QEMU $got is not the tested $(tested version)"
}

# For commands in the build directories that are run by hand, too: what
# scripts/build-env sets.
write_env()
{
    export PKG_CONFIG_PATH=$build/libfrail/meson-uninstalled
    {
        declare -p PKG_CONFIG_PATH
        declare -p qemu_flags
        [ -z "$ccache" ] ||
            declare -p CCACHE_DIR CCACHE_BASEDIR CCACHE_NOHASHDIR
        if [ "$meson" != /usr/bin/meson ]; then
            declare -p PYTHONPATH
            # shellcheck disable=SC2016
            printf 'export PATH=%q:"$PATH"\n' "${meson%/*}"
        fi
    } | sed 's/^declare -x/export/' >"$build/env.new"
    mv "$build/env.new" "$build/env"
}

build_libfrail()
{
    local out=$build/libfrail

    [ -f "$top/plugin/meson.build" ] || return 0
    if [ "$(cat "$out/.frail-flags" 2>/dev/null)" != "$prefix $meson" ]; then
        busy
        rm -rf "$out"
        CC="${ccache}gcc" logged libfrail-configure \
            "cannot configure libfrail" /usr/bin/python3 "$meson" setup \
            --prefix="$prefix" --buildtype=debugoptimized "$out" \
            "$top/plugin"
        echo "$prefix $meson" >"$out/.frail-flags"
    fi
    run_ninja libfrail "libfrail does not build" "$out" -j "$jobs"
}

configure_qemu()
{
    local out=$build/qemu-build key

    # The option exists once the series is applied.
    ! grep -q "^option('frail'" "$build/qemu/meson_options.txt" ||
        qemu_flags+=(--enable-frail)
    key="${qemu_flags[*]} $meson $(head -n 1 \
        "$build/qemu/.git/frail/source")"
    if [ -f "$out/build.ninja" ] &&
       [ "$(cat "$out/.frail-flags" 2>/dev/null)" = "$key" ]; then
        return
    fi
    busy
    mkdir -p "$out"
    rm -f "$out/.frail-flags"
    # shellcheck disable=SC2016
    logged qemu-configure "QEMU's configure failed" sh -c \
        'cd "$1" && shift && exec ../qemu/configure "$@"' sh "$out" \
        "${qemu_flags[@]}"
    echo "$key" >"$out/.frail-flags"
}

for arg; do
    case $arg in
    --qemu-src=) die "--qemu-src= needs a directory or a tarball" ;;
    --qemu-src=debian) qemu_src=debian ;;
    --qemu-src=*) qemu_src=$(realpath -e "${arg#*=}" 2>/dev/null) ||
        die "no QEMU source at ${arg#*=}" ;;
    --prefix=/*) prefix=${arg#*=} ;;
    --prefix=*) die "--prefix needs a path that begins with /" ;;
    --jobs=[1-9]*) jobs=${arg#*=} ;;
    --jobs=*) die "--jobs needs a number from 1" ;;
    --no-install-deps) install_deps=no ;;
    --quiet) quiet=yes ;;
    --help|-h) usage; exit ;;
    --qemu-src|--prefix|--jobs) die "write $arg=VALUE, with an equals sign" ;;
    *) die "configure.sh does not know '$arg' (see --help)" ;;
    esac
done
case $jobs in
*[!0-9]*) die "--jobs needs a number from 1" ;;
esac
jobs=${jobs:-$(nproc)}

trap 'trap - INT; say ""; say "interrupted; run it again to go on"; exit 130' \
    INT
check_host
mkdir -p "$logs" 2>/dev/null ||
    die "cannot write to $build: it must belong to $(id -un)"
take_lock "$build/.lock" "$build"
trap 'rm -rf "$build/unpack.tmp" "$build/qemu.old"' EXIT
# Remembered options hold where none is given.
qemu_src=${qemu_src:-$(saved qemu_src)}
[ "$qemu_src" != debian ] || qemu_src=
prefix=${prefix:-$(saved prefix)}
prefix=${prefix:-/usr/local}

step 1 "Dependencies"
need_packages
back_to_user "$@"
take_lock "$cache/.lock" "$cache"
need_meson
need_kernel
ccache=
if have ccache; then
    ccache='ccache '
    # Shared by all checkouts, so no object may depend on where it was made.
    export CCACHE_DIR=$cache/ccache CCACHE_BASEDIR=$top CCACHE_NOHASHDIR=1
    qemu_flags+=(--cc="ccache gcc")
fi
qemu_flags+=(--prefix="$prefix")
write_env

step 2 "QEMU source"
need_source
printf 'qemu_src=%s\nprefix=%s\n' "$qemu_src" "$prefix" >"$build/config"

step 3 "Patches"
"$top/scripts/patches.sh" apply

step 4 "libfrail and its analyzers"
build_libfrail

step 5 "Configuring QEMU"
configure_qemu

step 6 "Building QEMU"
[ -x "$build/qemu-build/qemu-system-x86_64" ] || need_space "$build" 1500
run_ninja qemu "QEMU does not build" "$build/qemu-build" -j "$jobs"
link_firmware "$build/qemu-build/qemu-bundle$prefix/share/qemu"
[ "$quiet" = yes ] || say "Done: $build/qemu-build/qemu-system-x86_64"
