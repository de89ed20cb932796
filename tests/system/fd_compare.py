#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Does Frail say the same of an open file as strace -yy and as the kernel?

The guest's program (tests/guest/fds.c) makes one fcntl(FD, F_GETFD) for each
kind of file; its list has the kernel's own word, the link /proc/PID/fd/N.  For
the few sockets of which strace says less than is true, MORE has what Frail
must say.
"""
import argparse
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import strace_text      # noqa: E402

CALL = re.compile(r"fcntl\((\d+)((?:<.*>(?:\(deleted\))?)?), F_GETFD\b", re.S)

# Sockets that are bound and no more are not in what inet_diag lists; an
# abstract name ends at a zero byte for strace, not for the kernel.
MORE = {
    "inet-tcp-bound": r"<TCP:\[127\.0\.0\.1:\d+\]>",
    "inet6-tcp-bound": r"<TCPv6:\[\[::1\]:\d+\]>",
    "unix-abstract": r'<UNIX:\[\d+,@"abs\\0tract"\]>',
}


def marked(path):
    """{tid: [(fd, text)]}"""
    found = {}
    for call in strace_text.read_file(path).calls:
        hit = CALL.match(call.text)
        if hit:
            found.setdefault(call.tid, []).append(
                (int(hit.group(1)), hit.group(2)))
    return found


def unescaped(text):
    """A path as strace prints it, as the list has it."""
    raw = re.sub(r"\\([0-7]{1,3}|.)", lambda m: {
        "n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}.get(
            m.group(1)) or (chr(int(m.group(1), 8)) if m.group(1).isdigit()
                            else m.group(1)), text)
    raw = raw.encode("latin-1", "surrogateescape").decode(
        "utf-8", "surrogateescape")
    return raw.replace("\n", "\\n")


def as_link(text):
    """What the link would be; None where strace says other things than it."""
    hit = re.match(r"<(/.*?)(?:<(?:char|block) \d+:\d+>)?>(\(deleted\))?$",
                   text, re.S)
    if not hit:
        return None
    return unescaped(hit.group(1)) + (" (deleted)" if hit.group(2) else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list")
    parser.add_argument("strace")
    parser.add_argument("frail")
    opts = parser.parse_args()
    theirs, ours = marked(opts.strace), marked(opts.frail)
    kinds = differences = 0
    taken = {}
    with open(opts.list, encoding="utf-8", errors="surrogateescape",
              newline="\n") as source:
        rows = [line.rstrip("\n").split("\t") for line in source]
    for kind, tid, fd, link in rows:
        tid, fd = int(tid), int(fd)
        at = taken.get(tid, 0)
        taken[tid] = at + 1
        kinds += 1
        want = theirs.get(tid, [])[at:at + 1]
        got = ours.get(tid, [])[at:at + 1]
        why = None
        if not want or want[0][0] != fd:
            why = "strace has no such call"
        elif not got:
            why = "Frail has no such call"
        elif got[0][0] == fd and kind in MORE and \
                re.fullmatch(MORE[kind], got[0][1]):
            why = None
        elif got != want:
            why = "strace %d%s, Frail %d%s" % (want[0] + got[0])
        else:
            says = as_link(want[0][1])
            if says is not None and says != link:
                why = "both say %s, the kernel %s" % (want[0][1], link)
        if why:
            differences += 1
            print("%s: %s" % (kind, why.encode(
                "utf-8", "replace").decode()))
        print("kind=%s differences=%d" % (kind, why is not None))
    print("kinds=%d" % kinds)
    print("differences=%d" % differences)
    return 0 if kinds and not differences else 1


if __name__ == "__main__":
    sys.exit(main())
