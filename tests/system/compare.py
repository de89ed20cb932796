#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Compare what Frail saw with what strace saw inside the guest.

For each marked program there are three streams of (number, return value) per
process: A, strace's; B, Frail's of that very run, under strace; C, Frail's
of the same program run by itself.  A and B must be equal but for addresses
(strace does not run there, nothing differs); A and C but for what no two
runs have in common:

    addresses    returned by mmap, mremap, shmat and brk
    ids          of processes and threads: getpid and its like, fork, wait,
    times        returned by time and times

rt_sigreturn has no value: it gives back that of what a signal broke into.
Calls that the kernel restarts are left out on all sides: the call that was
restarted follows.  Processes of one program are matched by their streams, so
the order in which siblings ran does not matter.
"""
import argparse
import collections
import difflib
import errno
import os
import re
import sys

MARK_BEGIN, MARK_START, MARK_END = 0x5000, 0x5001, 0x5002
UNKNOWN = "?"

ADDRESSES = {9: "mmap", 12: "brk", 25: "mremap", 30: "shmat"}
RT_SIGRETURN = 15
IDS = {39: "getpid", 56: "clone", 57: "fork", 58: "vfork", 61: "wait4",
       110: "getppid", 111: "getpgrp", 112: "setsid", 121: "getpgid",
       124: "getsid", 186: "gettid", 218: "set_tid_address",
       435: "clone3"}
TIMES = {100: "times", 201: "time"}
EXITS = (60, 231)
FORKS = (56, 57, 58, 435)
EXECS = (59, 322)
SET_ROBUST_LIST, SET_TID_ADDRESS, RSEQ = 273, 218, 334
RESTARTS = range(-516, -511)
CODES = {name: -getattr(errno, name) for name in dir(errno)
         if name.startswith("E")}
CODES["ENOTSUPP"] = -524

Event = collections.namedtuple("Event", "nr ret")


# --- strace's files ---------------------------------------------------------

RESULT = re.compile(r"\)\s+= (.*)")
LINE = re.compile(r"\[\s*(\d+)\] \S*?\((.*)")


def strace_return(text):
    """Return value of a line; UNKNOWN; None when it is to be left out."""
    hit = RESULT.search(text)
    if not hit:
        return UNKNOWN          # <unfinished ...>: killed in it
    words = hit.group(1).split()
    if words[0] == "?":
        if len(words) > 1 and words[1].startswith("ERESTART"):
            return None
        return UNKNOWN
    if words[0] == "-1" and len(words) > 1:
        code = CODES.get(words[1])
        if code is None and words[1].startswith("ERRNO_"):
            code = -int(words[1].split("_")[1])
        return -1 if code is None else code
    return int(words[0], 0)


def read_strace(path):
    """[Event] of one process after its mark; all of it for a child."""
    events = []
    with open(path, encoding="utf-8", errors="replace") as source:
        for line in source:
            hit = LINE.match(line)
            if not hit:
                continue
            number = int(hit.group(1))
            if number == MARK_START:
                events = []
                continue
            value = strace_return(hit.group(2))
            if value is not None:
                events.append(Event(number, value))
    return events


def load_strace(top):
    """{N: [[Event], ...]}"""
    found = collections.defaultdict(list)
    for name in sorted(os.listdir(top), key=lambda n: [
            int(p) for p in n.split(".")]):
        events = read_strace(os.path.join(top, name))
        if events:
            found[int(name.split(".")[0])].append(events)
    return found


# --- Frail's stream ---------------------------------------------------------

class Cutter:
    """Cuts the stream of a whole machine into processes of programs.

    Between a program's BEGIN and START only the runner (and strace, and
    timeout) are active.  Those that fork or become another program there are
    strangers, and live on.  The rest are children that strace forks to try
    ptrace with: it kills them and waits for them before it goes on, so
    their kernel stacks are free again at START.  Every task but a stranger
    until END belongs to the program, except the one that makes END.
    """

    def __init__(self):
        self.programs = {}      # (N, kind) -> [[Event], ...]
        self.calls = 0
        self.unpaired = 0       # returns without a call, or given twice
        self._phase = None
        self._key = None
        self._strangers = set()
        self._live = {}         # task -> [[nr, ret], ...]
        self._all = []
        self._open = {}         # seq -> [nr, ret]
        self._seqs = set()

    def call(self, seq, task, number, args):
        self.calls += 1
        if seq in self._seqs:
            self.unpaired += 1
        self._seqs.add(seq)
        if number == MARK_BEGIN:
            self._phase, self._strangers = "begin", set()
            self._live, self._all = {}, []
            return
        if number == MARK_START and self._phase == "begin":
            self._phase = "run"
            self._key = (args[0], args[1])
            self._strangers.discard(task)
            self._live[task] = []
            self._all.append(self._live[task])
            return
        if self._phase == "run" and number == MARK_END:
            self._finish(task)
        elif number in EXITS and task in self._strangers:
            self._strangers.discard(task)
        elif self._phase == "begin":
            if number in FORKS or number in EXECS:
                self._strangers.add(task)
        elif self._phase == "run" and task not in self._strangers:
            self._take(seq, task, number)

    def _take(self, seq, task, number):
        # A signal kills without a call, and the next process may get the
        # same stack: the C library begins a child of fork with this call,
        # a program or a thread with one of the others before it.
        last = self._live.get(task)
        if number == SET_ROBUST_LIST and last and last[-1][0] not in (
                SET_TID_ADDRESS, RSEQ):
            del self._live[task]
        if task not in self._live:
            self._live[task] = []
            self._all.append(self._live[task])
        event = [number, UNKNOWN]
        self._live[task].append(event)
        self._open[seq] = event
        if number in EXITS:
            del self._live[task]

    def _finish(self, task):
        last = self._live.get(task)
        self.programs[self._key] = [
            [Event(*e) for e in one if e[1] is not None]
            for one in self._all if one is not last]
        self._phase = None
        self._open.clear()

    def ret(self, seq, value, restart):
        if seq not in self._seqs:
            self.unpaired += 1
        event = self._open.pop(seq, None)
        if event is not None:
            event[1] = None if restart or (
                value != UNKNOWN and value in RESTARTS) else value


def load_frail(path):
    cutter = Cutter()
    with open(path, encoding="utf-8", errors="replace") as source:
        for line in source:
            words = line.split()
            if not words or words[0] not in ("C", "R"):
                continue
            pairs = dict(w.split("=", 1) for w in words[1:] if "=" in w)
            seq = int(pairs["seq"])
            if words[0] == "C":
                cutter.call(seq, pairs["task"], int(pairs["nr"]),
                            [int(a, 16) for a in pairs["a"].split(",")])
            else:
                value = pairs["ret"]
                if value != UNKNOWN:
                    value = int(value)
                cutter.ret(seq, value, pairs.get("restart") == "1")
    return cutter


# --- The comparison ---------------------------------------------------------

def normal(event, same_run):
    """What has to be equal of an event."""
    number, value = event
    if value == UNKNOWN:
        return event
    if number == RT_SIGRETURN:
        return Event(number, "restored")
    if number in ADDRESSES and not -4096 < value < 4096:
        return event if same_run else Event(number, "address")
    if not same_run:
        if number in IDS and value > 0:
            return Event(number, "id")
        if number in TIMES and value > 0:
            return Event(number, "time")
    return event


def settle(want, got):
    """@got, with the value of its last call if only strace can know it.

    A process that a signal kills in a call does not come back to user mode:
    strace may have seen the value that the kernel was about to return.
    """
    if got and len(want) == len(got) and got[-1].ret == UNKNOWN and \
            got[-1].nr == want[-1].nr:
        return got[:-1] + want[-1:]
    return got


def count_differences(want, got):
    """(differences, first one in words) of two processes."""
    got = settle(want, got)
    if want == got:
        return 0, None
    if len(want) + len(got) > 20000:    # difflib would take hours
        pairs = list(zip(want, got))
        wrong = [n for n, (a, b) in enumerate(pairs) if a != b]
        at = wrong[0] if wrong else len(pairs)
        return len(wrong) + abs(len(want) - len(got)), \
            "at call %d of %d: strace %s, frail %s" % (
                at + 1, len(want), show(want[at:at + 4]),
                show(got[at:at + 4]))
    matcher = difflib.SequenceMatcher(None, want, got, autojunk=False)
    total, first = 0, None
    for what, a, b, c, d in matcher.get_opcodes():
        if what != "equal":
            total += max(b - a, d - c)
            first = first or "at call %d: strace %s, frail %s" % (
                a + 1, show(want[a:b]), show(got[c:d]))
    return total, first


def show(events):
    text = ", ".join("%s=%s" % (e.nr, e.ret) for e in events[:4])
    return "[%s%s]" % (text, ", ..." if len(events) > 4 else "")


def compare(want, got, same_run):
    """Match the processes of one program; (differences, [text])."""
    want = [[normal(e, same_run) for e in one] for one in want]
    got = [[normal(e, same_run) for e in one] for one in got]
    left = []
    for one in want:
        for other in got:
            if one == settle(one, other):
                got.remove(other)
                break
        else:
            left.append(one)
    total, texts = 0, []
    for one in left:
        best = max(got, key=lambda o: _likeness(one, o), default=None)
        if best is not None:
            got.remove(best)
        number, text = count_differences(one, best or [])
        total += number
        texts.append(text or "a process of %d calls is missing" % len(one))
    for other in got:
        total += len(other)
        texts.append("a process of %d calls is too much: %s" % (
            len(other), show(other)))
    return total, texts


def _likeness(one, other):
    return -abs(len(one) - len(other)) + 10 * sum(
        1 for a, b in zip(one, other) if a.nr == b.nr)


def unknown(processes):
    """How many values Frail did not learn though the process went on."""
    return sum(1 for one in processes for e in one[:-1]
               if e.ret == UNKNOWN)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", help="what the guest left: programs, strace/")
    parser.add_argument("frail", help="Frail's stream, format=raw")
    parser.add_argument("--show", type=int, default=20, metavar="N",
                        help="how many differing programs to name (20)")
    opts = parser.parse_args()
    truth = load_strace(os.path.join(opts.out, "strace"))
    seen = load_frail(opts.frail)
    with open(os.path.join(opts.out, "programs"), encoding="utf-8",
              errors="replace") as source:
        programs = {int(line.split()[0]): line.rstrip("\n").split(" ", 3)[1:]
                    for line in source}
    sums = collections.Counter()
    sums["unpaired"] = seen.unpaired
    shown = 0
    for number, (status, _, name) in sorted(programs.items()):
        # Not a program: a name that the shell or mark could not run.
        sums["not_run"] += status in ("126", "127")
        if number not in truth:
            print("strace saw nothing of program %d: %s" % (number, name))
            sums["differences"] += 1
            continue
        sums["programs"] += 1
        for kind, what in ((1, "same_run"), (0, "differences")):
            got = seen.programs.get((number, kind), [])
            sums["unknown"] += unknown(got)
            total, texts = compare(truth[number], got, kind == 1)
            if kind == 0:
                sums["calls"] += sum(map(len, truth[number]))
            if total:
                sums[what] += total
                sums["programs_differ"] += kind == 0
                shown += 1
                if shown <= opts.show:
                    print("%s (%s): %d: %s" % (
                        name, "under strace" if kind else "by itself",
                        total, "; ".join(texts[:2])))
    sums["programs"] -= sums["not_run"]
    for key in ("programs", "not_run", "calls", "differences", "same_run", "unknown",
                "unpaired", "programs_differ"):
        print("%s=%d" % (key, sums[key]))
    return 0 if sums["programs"] and not (
        sums["differences"] or sums["same_run"] or sums["unpaired"] or
        sums["unknown"]) else 1


if __name__ == "__main__":
    sys.exit(main())
