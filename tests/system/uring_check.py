#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Compare submitted entries of io_uring with what a guest program submitted.

usage: uring_check.py LIST CALLS.JSON STRACE.TEXT

LIST is that of tests/guest/uring.c: a kind of ring, a tab, and the text of the
second argument of an io_uring_enter(), or "skip".  CALLS.JSON is what the json
analyzer wrote with fd=number, STRACE.TEXT what the strace analyzer wrote
without its io-uring=on: that must have no entries.  Prints KEY=VALUE lines;
status 1 when anything differs.
"""
import json
import re
import sys


def main():
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    expected, skipped, kinds = [], [], {}
    with open(sys.argv[1], encoding="ascii") as source:
        for line in source:
            kind, text = line.rstrip("\n").split("\t")
            if text == "skip":
                skipped.append(kind)
            else:
                expected.append((kind, text))
                kinds[kind] = True
    got = []
    with open(sys.argv[2], encoding="utf-8") as source:
        for line in source:
            call = json.loads(line)
            if call.get("call") == "io_uring_enter":
                got.append((call["seq"], call["args"]["to_submit"]["text"]))
    # Records are in the order of returns.
    got = [text for _, text in sorted(got)]
    differences = abs(len(got) - len(expected))
    for (kind, theirs), ours in zip(expected, got):
        if theirs != ours:
            differences += 1
            print("%s:\n  submitted %s\n  shown     %s" % (kind, theirs, ours))
    with open(sys.argv[3], encoding="utf-8", errors="replace") as source:
        plain = re.findall(r"io_uring_enter\([^,]*, ([^,]*),", source.read())
    unlike = sum(1 for text in plain if not text.isdigit())
    print("calls=%d\nkinds=%d\nskipped=%s\nunlike_strace=%d\ndifferences=%d" % (
        len(got), len(kinds), ",".join(skipped) or "none",
        unlike + abs(len(plain) - len(expected)), differences))
    return 1 if differences or unlike or len(plain) != len(expected) or \
        not expected else 0


if __name__ == "__main__":
    sys.exit(main())
