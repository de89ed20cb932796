# shellcheck shell=bash
# Where things come from: Debian packages by an apt state of our own, QEMU's
# source from there or from the user.  Sourced after lib.sh, never run.
#
# Copyright (c) 2026 The Frail developers
# SPDX-License-Identifier: GPL-2.0-or-later

dl=$cache/dl

# tested KEY: a value of qemu-patches/QEMU_VERSION
tested()
{
    sed -n "s/^$1=//p" "$top/qemu-patches/QEMU_VERSION"
}

# own_mirror PATTERN DEFAULT: the mirror the machine itself uses for the
# first suite that matches
own_mirror()
{
    local uri

    # The $(...) are apt's own.
    # shellcheck disable=SC2016
    uri=$(apt-get indextargets --format \
              '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' \
              2>/dev/null | sed -n "s|^\(http[^ ]*\)/ $1 main\$|\1|p") || :
    uri=${uri%%$'\n'*}
    printf '%s\n' "${uri:-$2}"
}

# private_conf DIR: settings that write nowhere but in DIR, and that keep
# the machine's proxies
private_conf()
{
    mkdir -p "$1/lists/partial" "$1/cache/archives/partial" "$1/none"
    {
        apt-config dump Acquire |
            grep -E '^Acquire::(https?|tor|Check-[^:]*|ForceIPv[46])(::| )' ||
            :
        cat <<EOF
Dir::Etc::Main "$1/none/apt.conf";
Dir::Etc::Parts "$1/none";
Dir::Etc::SourceList "$1/sources.list";
Dir::Etc::SourceParts "$1/none";
Dir::State "$1";
Dir::State::Lists "$1/lists";
Dir::Cache "$1/cache";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
APT::Update::Error-Mode "any";
EOF
        [ "$(id -u)" != 0 ] || echo 'APT::Sandbox::User "root";'
    } >"$1/apt.conf"
}

# private_apt NAME LINE...: an apt state of our own with fresh lists of the
# given sources, where @MAIN@ and @SECURITY@ stand for the mirrors.  Sets
# APT_CONFIG for what the caller runs next; false when there is no network.
private_apt()
{
    local name=$1 dir=$cache/apt/$1 key line main security
    local debian=http://deb.debian.org/debian mirrors

    shift
    for key in /usr/share/keyrings/debian-archive-keyring.gpg \
               /usr/share/keyrings/debian-archive-keyring.pgp; do
        [ ! -e "$key" ] || break
    done
    [ -e "$key" ] ||
        die "no Debian archive keys: install debian-archive-keyring"
    private_conf "$dir"
    # FRAIL_MIRROR is for mirrors that the machine's apt does not know.
    mirrors="${FRAIL_MIRROR:-$(own_mirror "$VERSION_CODENAME" $debian)}"
    [ -n "${FRAIL_MIRROR:-}" ] || [ "$mirrors" = $debian ] ||
        mirrors="$mirrors $debian"
    for main in $mirrors; do
        security=${FRAIL_MIRROR:+$FRAIL_MIRROR-security}
        [ "$main" != $debian ] || security=$debian-security
        [ -n "$security" ] || security=$(own_mirror \
            "$VERSION_CODENAME-security" $debian-security)
        for line; do
            line=${line//@MAIN@/[signed-by=$key] $main}
            printf '%s\n' "${line//@SECURITY@/[signed-by=$key] $security}"
        done >"$dir/sources.list"
        if APT_CONFIG=$dir/apt.conf apt-get -q update \
               >"$logs/apt-$name.log" 2>&1 </dev/null; then
            export APT_CONFIG=$dir/apt.conf
            return 0
        fi
    done
    return 1
}

# no_network NAME WHAT: why private_apt failed, in one line
no_network()
{
    local why

    why=$(sed -n 's/^[EW]: //p' "$logs/apt-$1.log" | cut -c 1-200 |
          head -n 1)
    need_space "$cache" 64
    die "cannot fetch $2: ${why:-apt-get update failed}" \
        "(log: $logs/apt-$1.log)"
}

# fetch_deb NAME LINE PACKAGE: the newest PACKAGE of that source, verified by
# apt; the .deb is left in the new directory $dl/NAME.tmp.
fetch_deb()
{
    local name=$1 line=$2 package=$3

    mkdir -p "$dl" "$logs"
    rm -rf "$dl/$name.tmp"
    mkdir "$dl/$name.tmp"
    (
        private_apt "$name" "$line" || no_network "$name" "$package"
        cd "$dl/$name.tmp"
        apt-get -q download "$package" >>"$logs/apt-$name.log" 2>&1 ||
            no_network "$name" "$package"
    )
}

# The tested files are in the cache and are what they were.
cached_tested()
{
    local kind file sum

    for kind in dsc orig debian; do
        file=$dl/$(tested $kind)
        sum=$(tested ${kind}_sha256)
        [ -f "$file" ] || return 1
        if ! echo "$sum  $file" | sha256sum --check --status; then
            warn "${file##*/} in $dl does not have the tested SHA-256;" \
                 "fetching it again"
            rm -f "$file"
            return 1
        fi
    done
}

# The newest other version of the branch that apt once verified.
cached_other()
{
    local sums

    for sums in "$dl"/qemu_"$(tested branch)".*.sums; do
        [ -f "$sums" ] || continue
        (cd "$dl" && sha256sum --check --status "$sums" 2>/dev/null) ||
            continue
        sums=${sums##*/qemu_}
        printf '1:%s\n' "${sums%.sums}"
    done | sort -V | tail -n 1
}

# fetch_qemu: sets $got to a version of the branch whose files are in $dl
fetch_qemu()
{
    local branch suite tmp=$dl/qemu.tmp

    branch=$(tested branch)
    suite=$(tested suite)
    got=$(tested version)
    if cached_tested; then
        return
    fi
    busy
    rm -rf "$tmp"
    mkdir -p "$tmp" "$logs"
    need_space "$dl" 200
    if ! private_apt qemu "deb-src @MAIN@ $suite main" \
                          "deb-src @SECURITY@ $suite-security main"; then
        got=$(cached_other)
        [ -n "$got" ] || no_network qemu "QEMU's source"
        return
    fi
    got=$(apt-cache showsrc --only-source qemu 2>/dev/null |
          sed -n "s/^Version: \(1:$branch\.[^ ]*\)\$/\1/p" |
          sort -uV | tail -n 1)
    [ -n "$got" ] ||
        die "Debian $suite has no QEMU $branch.x any more;" \
            "give one with --qemu-src=DIR or TARBALL"
    # The version that was tested is the better one while it is there.
    if apt-cache showsrc --only-source qemu 2>/dev/null |
       grep -qxF "Version: $(tested version)"; then
        got=$(tested version)
    fi
    (cd "$tmp" && apt-get -q source --download-only --only-source \
        "qemu=$got" >>"$logs/apt-qemu.log" 2>&1 </dev/null) ||
        no_network qemu "QEMU $got"
    (cd "$tmp" && sha256sum -- * >"qemu_${got#*:}.sums")
    mv -f "$tmp"/* "$dl/"
    rmdir "$tmp"
    unset APT_CONFIG
    [ "$got" != "$(tested version)" ] || cached_tested ||
        die "QEMU $got from the mirror does not have the tested SHA-256"
}

# unpack_debian VERSION DIR
unpack_debian()
{
    mkdir -p "$(dirname "$2")"
    # Without --no-check a missing key of one maintainer would stop it; apt
    # or the tested checksums have verified the files already.
    logged unpack "cannot unpack QEMU $1" \
        dpkg-source --no-check --no-copy -x "$dl/qemu_${1#*:}.dsc" "$2"
    # Traces of quilt, and what a user's tree would not have either.
    rm -rf "$2/.pc"
}

# check_branch FILE WHAT: FILE is the VERSION of WHAT
check_branch()
{
    local version=

    [ ! -f "$1" ] || version=$(head -c 64 "$1")
    case $version in
    "$(tested branch)".*) ;;
    '') die "$2 is not a QEMU source tree (it has no VERSION file)" ;;
    *) die "$2 is QEMU $version, but the series needs $(tested branch).x" ;;
    esac
}

# unpack_user PATH DIR: a copy of the user's tree or tarball
unpack_user()
{
    if [ -d "$1" ]; then
        check_branch "$1/VERSION" "$1"
        mkdir -p "$2"
        # shellcheck disable=SC2016
        logged unpack "cannot copy $1" bash -o pipefail -c \
            'tar -C "$1" --exclude=./.git --exclude=./build -cf - . |
             tar -C "$2" --no-same-owner -xf -' bash "$1" "$2"
    else
        mkdir -p "$2"
        logged unpack "cannot unpack $1" tar -C "$2" --no-same-owner \
            --strip-components=1 -xf "$1"
        check_branch "$2/VERSION" "$1"
    fi
}

# user_key PATH: changes when the user's tree or tarball does
user_key()
{
    if [ -d "$1" ]; then
        (cd "$1" && find . \( -path ./.git -o -path ./build \) -prune -o \
            -type f -printf '%T@ %s %p\n' | sort | sha256sum)
    else
        sha256sum <"$1"
    fi
}

# make_pristine DIR: one commit whose name depends on nothing but the files
make_pristine()
{
    # --force: QEMU's own .gitignore names files that the archive has.
    chown -R "$(id -u):$(id -g)" "$1" &&
        qgit -C "$1" init -q -b frail &&
        qgit -C "$1" add -A --force &&
        qgit -C "$1" -c user.name=Frail -c user.email=frail@localhost \
            commit -q --date='1767225600 +0000' -m pristine &&
        qgit -C "$1" tag pristine
}
