#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Are the calls of "dd bs=1 count=N" exactly N reads, N writes and the rest?

The rest is what strace sees of the same with count=1.  Every marked run of
the stream is checked; prints KEY=VALUE lines, the sums of all runs.
"""
import argparse
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare  # noqa: E402  pylint: disable=wrong-import-position

READ, WRITE = compare.Event(0, 1), compare.Event(1, 1)


def split(rest):
    """What comes before and after the one byte that is copied."""
    for at, event in enumerate(rest):
        if rest[at:at + 2] == [READ, WRITE]:
            return rest[:at], rest[at + 2:]
    raise SystemExit("dd_check: strace saw no read and write of one byte")


def check(got, before, after, count):
    """(reads, writes, lost, doubled, other differences) of one run."""
    middle = got[len(before):len(got) - len(after)]
    numbers = [e.nr for e in middle]
    reads, writes = numbers.count(0), numbers.count(1)
    lost = max(0, count - reads) + max(0, count - writes)
    doubled = max(0, reads - count) + max(0, writes - count)
    other = sum(1 for at, event in enumerate(middle)
                if event != (WRITE if at % 2 else READ))
    other += abs(len(middle) - reads - writes)
    ends = before + after, got[:len(before)] + got[len(got) - len(after):]
    other += compare.count_differences(
        *[[compare.normal(e, False) for e in one] for one in ends])[0]
    return reads, writes, lost, doubled, other


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", help="what the guest left: strace/, dd")
    parser.add_argument("frail", help="Frail's stream, format=raw")
    parser.add_argument("count", type=int, help="dd's count=")
    opts = parser.parse_args()
    truth = compare.load_strace(os.path.join(opts.out, "strace"))
    (rest,) = list(truth.values())[0]
    before, after = split(rest)
    seen = compare.load_frail(opts.frail)
    sums = dict.fromkeys(("runs", "reads", "writes", "lost", "doubled",
                          "other", "unknown"), 0)
    for (_, kind), processes in seen.programs.items():
        if kind != 0:
            continue
        sums["runs"] += 1
        found = check(processes[0] if processes else [], before, after,
                      opts.count)
        for key, value in zip(("reads", "writes", "lost", "doubled",
                               "other"), found):
            sums[key] += value
        sums["other"] += max(0, len(processes) - 1)
        sums["unknown"] += compare.unknown(processes)
    with open(os.path.join(opts.out, "dd"), encoding="ascii") as source:
        made = sum(1 for _ in source)
    # A run whose mark was lost is a run that was lost.
    sums["lost"] += max(0, made - sums["runs"]) * 2 * opts.count
    sums["doubled"] += max(0, sums["runs"] - made) * 2 * opts.count
    sums["doubled"] += seen.unpaired
    for key, value in sums.items():
        print("%s=%d" % (key, value))
    return 1 if not sums["runs"] or sums["lost"] or sums["doubled"] or \
        sums["other"] or sums["unknown"] else 0


if __name__ == "__main__":
    sys.exit(main())
