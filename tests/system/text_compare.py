#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Compare Frail's text with that of the guest's own strace -f -yy.

Both watch the same run of each program.  Lines are compared thread by thread,
in their order, after the halves of a call that others interrupt have been
joined.  Compared are the calls and how each thread ended, and each signal that
Frail tells of.  Signals are counted by themselves: of what strace says of
them, it is equal to Frail's (signals_equal), Frail has its name only, as the
handler does (signals_short), or Frail has not seen it (signals_unseen).
docs/strace-text.md says which differences there are, and why.

Before the comparison, on both sides:

    spaces       in front of "=" are one: strace makes a column
    truncation   none: both have the default of 32 characters
"""
import argparse
import collections
import difflib
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import strace_text      # noqa: E402

START = re.compile(r"syscall_0x5001\((0x[0-9a-f]+|\d+)[,)]")
COLUMN = re.compile(r"\)\s+= (?=\?|-?\d|0x)")


def normal(text):
    return COLUMN.sub(") = ", text).rstrip()


def split_arguments(text):
    """["name", argument..., "= result"]: where two texts differ."""
    parts, depth, quoted, word = [], 0, False, ""
    hit = re.match(r"(\w+)\(", text)
    if not hit:
        return [text]
    at = hit.end()
    while at < len(text):
        char = text[at]
        if quoted:
            word += char
            if char == "\\":
                at += 1
                word += text[at:at + 1]
            quoted = char != '"'
        elif char == '"':
            quoted = True
            word += char
        elif char in "([{<":
            depth += 1
            word += char
        elif char in ")]}>" and depth > 0:
            # "->" and "=>" are no brackets.
            depth -= not (char == ">" and text[at - 1] in "-=")
            word += char
        elif char == ")" and depth == 0:
            break
        elif char == "," and depth == 0:
            parts.append(word.strip())
            word = ""
        else:
            word += char
        at += 1
    parts.append(word.strip())
    return [hit.group(1)] + parts + [text[at + 1:].strip()]


def kind_of(want, got):
    """A name for the difference between two texts of one call."""
    one, two = split_arguments(want), split_arguments(got)
    if one[0] != two[0]:
        return "%s: is %s" % (one[0], two[0])
    wrong = []
    if len(one) != len(two):
        wrong.append("number of arguments")
    else:
        for at in range(1, len(one)):
            if one[at] != two[at]:
                wrong.append("result" if at == len(one) - 1 else
                             "argument %d" % at)
    return "%s: %s" % (one[0], ", ".join(wrong) or "text")


class Sums:
    """What has been found in all programs."""

    def __init__(self):
        self.programs = self.lines = self.equal = 0
        self.signals = self.signals_equal = 0
        self.signals_short = self.signals_unseen = 0
        self.signals_wrong = self.ends_wrong = 0
        self.kinds = collections.Counter()
        self.examples = {}
        self.worst = collections.Counter()

    def differ(self, program, kind, want, got):
        self.signals_wrong += is_signal(want or got)
        self.ends_wrong += (want or got).startswith("+++")
        self.kinds[kind] += 1
        self.worst[program] += 1
        self.examples.setdefault(kind, (program, want, got))

    def pair(self, program, want, got):
        """Two texts of the same thing."""
        if is_signal(want):
            self.signals += 1
            if got in (want, shortened(want)):
                self.signals_equal += got == want
                self.signals_short += got != want
                return
            self.lines += 1
        else:
            self.lines += 1
            if want == got:
                self.equal += 1
                return
        self.differ(program, kind_of(want, got), want, got)

    def missing(self, program, want):
        if is_signal(want):
            self.signals += 1
            self.signals_unseen += 1
            return
        self.lines += 1
        self.differ(program, "%s: missing" % name_of(want), want, "")

    def thread(self, program, want, got):
        """Two lists of texts of one thread."""
        names = [[name_of(t) for t in side] for side in (want, got)]
        matcher = difflib.SequenceMatcher(None, names[0], names[1],
                                          autojunk=False)
        for what, a, b, c, d in matcher.get_opcodes():
            if what == "equal":
                for one, two in zip(want[a:b], got[c:d]):
                    self.pair(program, one, two)
                continue
            for one in want[a:b]:
                self.missing(program, one)
            for two in got[c:d]:
                self.lines += 1     # too much is a difference as well
                self.differ(program, "%s: too much" % name_of(two), "", two)


def is_signal(text):
    return text.startswith("--- ")


def shortened(text):
    """A signal of which its handler does not get more than the number."""
    return re.sub(r"^(--- (\w+) ).*", r"\1{si_signo=\2, ...} ---", text)


def name_of(text):
    if is_signal(text):
        return " ".join(text.split(" ")[:2])
    return "+++" if text.startswith("+++") else text.split("(")[0]


def texts_of(lines):
    return [line if isinstance(line, str) else normal(line.text)
            for line in lines]


class Frail:
    """Frail's stream, cut where programs start."""

    def __init__(self, trace):
        self.trace = trace
        self.starts = {}        # N -> (tid, position behind the mark)
        for tid, lines in trace.lines.items():
            for at, text in enumerate(texts_of(lines)):
                hit = START.match(text)
                if hit:
                    self.starts[int(hit.group(1), 0)] = (tid, at + 1)

    def texts(self, tid, number):
        first, at = self.starts[number]
        texts = texts_of(self.trace.lines.get(tid, []))
        return texts[at:] if tid == first else texts


def compare(number, program, theirs, frail, sums):
    """False when there is nothing to compare."""
    mine = {tid: texts_of(lines) for tid, lines in theirs.lines.items()}
    if number not in frail.starts:
        return False
    first = frail.starts[number][0]
    marks = [n for n, text in enumerate(mine.get(first, []))
             if START.match(text)]
    if not marks:
        return False
    mine[first] = mine[first][marks[0] + 1:]
    sums.programs += 1
    for tid, texts in mine.items():
        sums.thread(program, texts, frail.texts(tid, number))
    return True


def printable(text):
    return text.encode("utf-8", "replace").decode("utf-8")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", help="what the guest left: programs, text/")
    parser.add_argument("frail", help="the strace analyzer's text")
    parser.add_argument("--show", type=int, default=40, metavar="N",
                        help="how many kinds of differences to list (40)")
    parser.add_argument("--least", type=float, default=99, metavar="PERCENT",
                        help="how many lines must be equal (99)")
    opts = parser.parse_args()
    frail = Frail(strace_text.read_file(opts.frail))
    sums, absent = Sums(), []
    with open(os.path.join(opts.out, "programs"), encoding="utf-8",
              errors="replace") as source:
        programs = [line.rstrip("\n").split(" ", 2) for line in source]
    for number, _, command in programs:
        theirs = strace_text.read_file(os.path.join(opts.out, "text", number))
        if not compare(int(number), command, theirs, frail, sums):
            absent.append(command)
    for command in absent:
        print("nothing to compare: %s" % printable(command))
    for line in frail.trace.strange[:5]:
        print("a strange line of Frail's: %s" % printable(line.rstrip()))
    print("%7s  %s" % ("count", "kind"))
    for kind, count in sums.kinds.most_common(opts.show):
        program, want, got = sums.examples[kind]
        print("%7d  %s   (%s)" % (count, kind, printable(program)[:60]))
        print("         strace %s" % printable(want)[:300])
        print("         frail  %s" % printable(got)[:300])
    for program, count in sums.worst.most_common(10):
        print("worst: %d: %s" % (count, printable(program)))
    share = 100.0 * sums.equal / sums.lines if sums.lines else 0
    for key in ("programs", "lines", "equal", "signals", "signals_equal",
                "signals_short", "signals_unseen", "signals_wrong",
                "ends_wrong"):
        print("%s=%d" % (key, getattr(sums, key)))
    print("absent=%d" % len(absent))
    print("strange=%d" % len(frail.trace.strange))
    print("kinds=%d" % len(sums.kinds))
    print("share=%.2f" % share)
    return 0 if sums.programs and not absent and share >= opts.least else 1


if __name__ == "__main__":
    sys.exit(main())
