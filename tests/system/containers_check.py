#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Does Frail tell the guest's containers apart?

In each of them a program has marked itself with the container's number.  That
call, and all calls of the pid namespace that made it, must carry the
container's id; those of a process in none must carry no id.
"""
import argparse
import collections
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import frail_events     # noqa: E402

MARK_BEGIN, MARK_END = 0x5000, 0x5002


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", help="what the guest left: N ID CGROUP")
    parser.add_argument("frail", help="JSON Lines")
    opts = parser.parse_args()
    with open(opts.list, encoding="ascii") as source:
        wanted = {}
        for line in source:
            number, name, cgroup = line.split()
            wanted[int(number)] = (None if name == "-" else name, cgroup)
    marks, calls = {}, collections.Counter()
    for event in frail_events.read_file(opts.frail):
        container = event.process.get("container") or None
        calls[container] += 1
        if event.number in (MARK_BEGIN, MARK_END):
            marks.setdefault(event.raw[0], []).append(
                (container, event.process.get("cgroup")))
    wrong = found = 0
    for number, want in sorted(wanted.items()):
        got = marks.get(number, [])
        bad = [one for one in got if one != want]
        if len(got) != 2 or bad:
            wrong += 1
            print("container %d is %s, Frail says %s" % (number, want, got))
        elif want[0] is not None:
            found += 1
            # churn alone makes more calls than this.
            if calls[want[0]] < 100:
                wrong += 1
                print("container %d: only %d calls" % (number,
                                                       calls[want[0]]))
    for name in set(calls) - {want[0] for want in wanted.values()}:
        if name is not None:
            wrong += 1
            print("a container that is none: %s" % name)
    print("found=%d" % found)
    print("wrong=%d" % wrong)
    return 0 if found >= 2 and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
