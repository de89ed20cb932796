#!/bin/bash
# The series of QEMU patches: into the tree, out of the tree, and proven.
#
# Copyright (c) 2026 The Frail developers
# SPDX-License-Identifier: GPL-2.0-or-later
set -euo pipefail

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/qemu-source.sh
. "$top/scripts/qemu-source.sh"

patches=$top/qemu-patches
tree=$build/qemu
force=no
fast=no
no_build=no

usage()
{
    cat <<'EOF'
usage: scripts/patches.sh [--tree=DIR] apply [--force]
       scripts/patches.sh [--tree=DIR] export
       scripts/patches.sh [--tree=DIR] check [--fast|--no-build]

apply   make the tree QEMU's pristine source plus qemu-patches/*.patch;
        touches only files that differ.  Work in the tree that is not in
        the series stops it; --force drops that work.
export  write the commits since the tag `pristine` to qemu-patches/
check   prove the series: pristine source, no fuzz, each patch passes
        checkpatch.pl and builds by itself, export gives the same bytes.
        --fast builds qemu-system-x86_64 only, not all of QEMU's tests;
        --no-build builds nothing.

The tree is build/qemu, made by configure.sh, unless --tree names another.
EOF
}

series()
{
    find "$patches" -maxdepth 1 -name '*.patch' | sort
}

# What the tree was made from, in one word.
series_id()
{
    series | while read -r patch; do
        cat "$patch"
    done | sha256sum | cut -d ' ' -f 1
}

git_in()
{
    qgit -C "$tree" "$@"
}

need_tree()
{
    git_in rev-parse -q --verify pristine >/dev/null 2>&1 ||
        die "no QEMU source in $tree: run ./configure.sh first"
}

# commit_patch PATCH PARENT: the commit of one patch, made in the index
# $GIT_INDEX_FILE without touching a file of the tree
commit_patch()
{
    local patch=$1 parent=$2 name=${1##*/} err

    qgit mailinfo "$tmp/msg" "$tmp/diff" <"$patch" >"$tmp/info" \
        2>/dev/null || die "$name is not a patch in mail format"
    [ -s "$tmp/diff" ] || die "$name has no diff"
    if ! git_in apply --cached --verbose --whitespace=nowarn \
             "$tmp/diff" 2>"$tmp/err"; then
        err=$(sed -n '/while searching/d; s/^error: //p' "$tmp/err" |
              head -n 1)
        die "$name does not apply to QEMU" \
            "$(git_in show pristine:VERSION): ${err:-see git apply}"
    fi
    ! grep -q '(offset ' "$tmp/err" ||
        echo "$name" >>"$tmp/offsets"
    {
        sed -n 's/^Subject: //p' "$tmp/info"
        echo
        cat "$tmp/msg"
    } >"$tmp/text"
    GIT_AUTHOR_NAME=$(sed -n 's/^Author: //p' "$tmp/info") \
    GIT_AUTHOR_EMAIL=$(sed -n 's/^Email: //p' "$tmp/info") \
    GIT_AUTHOR_DATE=$(sed -n 's/^Date: //p' "$tmp/info") \
        git_in commit-tree "$(git_in write-tree)" -p "$parent" \
        -F - < <(qgit stripspace <"$tmp/text")
}

# Sets $commits to pristine and one commit per patch, and $target to the
# last of them.
commit_series()
{
    local patch

    export GIT_INDEX_FILE=$tmp/index
    git_in read-tree pristine
    target=$(git_in rev-parse pristine^0)
    commits=("$target")
    while read -r patch; do
        target=$(commit_patch "$patch" "$target")
        commits+=("$target")
    done < <(series)
    unset GIT_INDEX_FILE
}

# The tree is as set-up left it: no commit, no change, no new file.
untouched()
{
    [ "$(git_in rev-parse HEAD)" = "$(cat "$state/commit")" ] &&
        [ -z "$(git_in status --porcelain | head -n 1)" ]
}

record()
{
    git_in rev-parse HEAD >"$state/commit"
    series_id >"$state/series"
}

# For configure.sh, which is about to replace the tree.
unchanged()
{
    [ -f "$state/commit" ] || return 0
    [ ! -f "$state/updating" ] || return 0
    untouched ||
        die "$tree has work that is not in the series:" \
            "scripts/patches.sh export keeps it, apply --force drops it"
}

apply()
{
    need_tree
    mkdir -p "$state"
    [ -f "$state/commit" ] || git_in rev-parse pristine^0 >"$state/commit"
    # An update that was interrupted is finished first: the half of it that
    # is there must not be taken for somebody's work.
    if [ -f "$state/updating" ]; then
        rm -f "$tree/.git/index.lock"
        update "$(cat "$state/updating")"
        rm -f "$state/series"       # which may have changed since
    fi
    if [ "$force" = no ] && [ -f "$state/series" ] &&
       [ "$(cat "$state/series")" = "$(series_id)" ]; then
        untouched || warn "$tree has work that is not in the series" \
            "(scripts/patches.sh export keeps it); it is used as it is"
        return
    fi
    commit_series
    [ "$force" = yes ] || git_in diff --quiet "$target" -- 2>/dev/null ||
        unchanged
    echo "$target" >"$state/updating.new"
    mv "$state/updating.new" "$state/updating"
    # Only files that differ are written, so that little is built again.
    update "$target"
}

update()
{
    git_in reset -q --hard "$1" ||
        die "cannot write the patched files to $tree; run it again"
    record
    rm -f "$state/updating"
}

# format_series COMMIT DIR: the commits since pristine as files whose bytes
# depend on nothing else
format_series()
{
    git_in format-patch -q -N --zero-commit --no-signature --full-index \
        --no-renames --no-attach --no-thread --no-cover-letter --no-base \
        --no-notes --no-color --no-ext-diff --no-textconv \
        --diff-algorithm=myers --unified=3 -p --stat=72 --summary \
        --src-prefix=a/ --dst-prefix=b/ --filename-max-length=64 \
        -o "$2" "pristine..$1" >/dev/null
}

export_series()
{
    local old new=$tmp/new count

    need_tree
    [ -z "$(git_in status --porcelain --untracked-files=no)" ] ||
        die "$tree has changes that are not committed"
    mkdir "$new"
    format_series HEAD "$new"
    for old in "$patches"/*.patch; do
        [ -e "$new/${old##*/}" ] || rm -f "$old"
    done
    count=0
    for new in "$new"/*.patch; do
        [ -e "$new" ] || continue
        count=$((count + 1))
        cmp -s "$new" "$patches/${new##*/}" ||
            cp "$new" "$patches/${new##*/}"
    done
    [ ! -d "$state" ] || record
    say "$count patches in ${patches#"$top"/}"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

verb=
for arg; do
    case $arg in
    --tree=*) tree=$(cd "${arg#*=}" 2>/dev/null && pwd -P) ||
        die "no directory ${arg#*=}" ;;
    --force) force=yes ;;
    --fast) fast=yes ;;
    --no-build) no_build=yes ;;
    --help|-h) usage; exit ;;
    apply|export|check|unchanged) verb=$arg ;;
    *) die "patches.sh does not know '$arg' (see --help)" ;;
    esac
done
state=$tree/.git/frail
case $verb in
apply) apply ;;
unchanged) unchanged ;;
export) export_series ;;
check) . "$top/scripts/patches-check.sh" ;;
*) usage >&2; exit 2 ;;
esac
