#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Compare our text with that of the strace that is installed.

usage: compare.py REPLAY [--show] PROGRAM...

Each program (a command line) runs twice without address randomisation: under
strace -f -yy and under frail-replay.  Prints TAP; a program is good when all
lines but those that no two runs have in common are equal.  Sockets are left
out of the comparison: here they are not looked up, a guest's are.
"""
import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)")
UNFINISHED = re.compile(r"(.*?) ?<unfinished \.\.\.>$")
# Random bytes, times, loads, and what depends on the tracer or on when a signal
# comes: a handler returns into the call's result, or to before the call.
VARYING = re.compile(r"getrandom\(|sysinfo\(|times\(|/proc/|getppid\(|"
                     r"0x7ff|/dev/urandom|restart_syscall\(|"
                     r"rt_sigreturn\(")


def run(command, path):
    open(path, "w", encoding="ascii").close()
    subprocess.run(["timeout", "20", "setarch", "-R"] + command,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    streams, order, begun = {}, [], {}
    with open(path, encoding="utf-8", errors="replace") as source:
        for line in source:
            pid, _, text = line.rstrip("\n").partition(" ")
            text = text.strip()
            if text.startswith(("---", "+++")):
                continue
            hit = UNFINISHED.match(text)
            if hit:
                begun[pid] = hit.group(1)
                continue
            hit = RESUMED.match(text)
            if hit and pid in begun:
                text = begun.pop(pid) + hit.group(1)
            if pid not in streams:
                streams[pid] = []
                order.append(pid)
            streams[pid].append(re.sub(r"\) += ", ") = ", text))
    return normal(streams, order)


def normal(streams, order):
    out = []
    pids = re.compile(r"\b(%s)\b" % "|".join(order or ["-"]))
    for number, pid in enumerate(order):
        for text in streams[pid]:
            text = pids.sub(lambda m: "P%d" % order.index(m.group(1)), text)
            text = re.sub(r"<(TCP|UDP|UNIX|NETLINK|socket)[^>]*:\[.*?\]>",
                          "<socket>", text)
            text = re.sub(r"pipe:\[\d+\]", "pipe", text)
            if not VARYING.search(text):
                out.append("P%d %s" % (number, text))
    return out


def main():
    args = sys.argv[1:]
    show = "--show" in args
    replay, *programs = [a for a in args if a != "--show"]
    if not shutil.which("strace") or not shutil.which("setarch"):
        print("1..0 # SKIP no strace")
        return 0
    bad = 0
    with tempfile.TemporaryDirectory() as top:
        theirs, ours = os.path.join(top, "strace"), os.path.join(top, "frail")
        print("1..%d" % len(programs))
        for number, program in enumerate(programs, 1):
            words = shlex.split(program)
            want = run(["strace", "-f", "-yy", "-o", theirs] + words, theirs)
            if not want:        # no ptrace here
                print("ok %d %s # SKIP strace sees nothing" % (number,
                                                               program))
                continue
            got = run([replay, ours] + words, ours)
            lines = [l for l in difflib.unified_diff(want, got, lineterm="",
                                                     n=0)
                     if l[0] in "+-" and l[:3] not in ("+++", "---")]
            good = len(want) > 20 and not lines
            bad += not good
            print("%sok %d %s # %d lines" % ("" if good else "not ", number,
                                             program, len(want)))
            for line in lines[:1000 if show else 10]:
                print("# " + line[:400])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
