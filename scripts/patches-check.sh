# shellcheck shell=bash
# `scripts/patches.sh check`: proves the series.  Sourced by it, never run.
#
# Copyright (c) 2026 The Frail developers
# SPDX-License-Identifier: GPL-2.0-or-later

# The same names as configure.sh uses, one level down: ccache knows most
# objects already.
check=$build/check
passed=0 failed=0 skipped=0

pass()
{
    passed=$((passed + 1))
    say "ok: $*"
}

fail()
{
    failed=$((failed + 1))
    say "${red}FAILED:${plain} $*"
}

skip()
{
    skipped=$((skipped + 1))
    say "skipped: $*"
}

# The tag holds what comes out of the archive, and nothing else.
check_pristine()
{
    local key got fresh=$check/fresh/qemu what tag

    key=$(sed -n 1p "$state/source" 2>/dev/null) || :
    got=$(sed -n 2p "$state/source" 2>/dev/null) || :
    what="the tag pristine is QEMU's source as it was published"
    tag=$(git_in rev-parse 'pristine^{tree}')
    # The name of a tree tells all that is in it: once is enough.
    if [ "$(cat "$state/verified" 2>/dev/null)" = "$got $tag" ]; then
        pass "$what ($got)"
        return
    fi
    rm -rf "$check/fresh"
    case $key in
    debian*)
        if [ "$got" = "$(tested version)" ]; then
            fetch_qemu
        fi
        unpack_debian "$got" "$fresh"
        ;;
    *)
        skip "$what: the tree was not made from Debian's package"
        return
        ;;
    esac
    logged pristine "git cannot store QEMU's source" make_pristine "$fresh"
    if [ "$(qgit -C "$fresh" rev-parse 'pristine^{tree}')" = "$tag" ]; then
        pass "$what ($got)"
        echo "$got $tag" >"$state/verified"
    else
        fail "$what: it differs from Debian's $got"
    fi
    rm -rf "$check/fresh"
}

check_fuzz()
{
    # Git's apply knows no fuzz; what is left is a patch that slid.
    if [ ! -s "$tmp/offsets" ]; then
        pass "all patches apply without fuzz and without offset"
    elif [ "$(sed -n 2p "$state/source" 2>/dev/null)" = \
           "$(tested version)" ]; then
        fail "patches apply with an offset:" \
            "$(tr '\n' ' ' <"$tmp/offsets")"
    else
        skip "offsets: the source is not the tested version"
    fi
}

check_export()
{
    local what="export gives the series byte for byte"

    mkdir "$tmp/again" "$tmp/now"
    format_series "$target" "$tmp/again"
    series | while read -r patch; do
        cp "$patch" "$tmp/now/"
    done
    if diff -r "$tmp/now" "$tmp/again" >"$logs/patches-export.log"; then
        pass "$what"
    else
        fail "$what (log: $logs/patches-export.log)"
    fi
}

# check_style PATCH
check_style()
{
    local name=${1##*/} log

    log=$logs/checkpatch-${name%.patch}.log
    if (cd "$check/qemu" && perl scripts/checkpatch.pl "$1") >"$log" 2>&1 &&
       grep -q 'total: 0 errors, 0 warnings' "$log"; then
        pass "$name: checkpatch.pl has no complaint"
    else
        fail "$name: checkpatch.pl: $(grep -c '^\(ERROR\|WARNING\)' \
            "$log") complaints (log: $log)"
    fi
}

# check_build NAME COMMIT: a tree with the patches so far, and no later one
check_build()
{
    local name=$1 out=$check/qemu-build flags=() log targets=()

    log=$logs/patches-${name%.patch}.log
    GIT_INDEX_FILE=$check/index GIT_WORK_TREE=$check/qemu \
        git_in read-tree --reset -u "$2"
    if [ "$no_build" = yes ]; then
        skip "$name: builds by itself: --no-build"
        return
    fi
    # shellcheck disable=SC2154
    flags=("${qemu_flags[@]}")
    ! grep -q "^option('frail'" "$check/qemu/meson_options.txt" ||
        flags+=(--enable-frail)
    [ "$fast" = no ] || targets=(qemu-system-x86_64)
    mkdir -p "$out"
    if [ "$(cat "$out/.frail-flags" 2>/dev/null)" != "${flags[*]}" ]; then
        rm -f "$out/.frail-flags"
        if ! (cd "$out" && ../qemu/configure "${flags[@]}") \
             >"$log" 2>&1 </dev/null; then
            fail "$name: configure fails (log: $log)"
            return
        fi
        echo "${flags[*]}" >"$out/.frail-flags"
    fi
    if NINJA_STATUS='[%f/%t] ' ninja -C "$out" "${targets[@]}" 2>&1 \
        </dev/null | tee "$log" | progress; then
        pass "$name: builds by itself"
    else
        fail "$name: does not build by itself (log: $log)"
    fi
}

run_check()
{
    local patch i=0

    need_tree
    [ -f "$build/env" ] || die "nothing is built yet: run ./configure.sh"
    take_lock "$check/.lock" "$check"
    # shellcheck disable=SC1091
    . "$build/env"
    mkdir -p "$logs" "$check/qemu"
    need_space "$check" 2500
    check_pristine
    commit_series
    pass "all ${#commits[@]} trees of the series can be made"
    check_fuzz
    check_export
    while read -r patch; do
        i=$((i + 1))
        check_build "${patch##*/}" "${commits[i]}"
        check_style "$patch"
    done < <(series)
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}

run_check
