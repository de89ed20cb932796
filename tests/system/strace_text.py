# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Read the text of strace -f, and that of Frail's strace analyzer.

Both have a line a call, with the thread in front: "1234  call(...) = 0" in
strace's files, "[pid 1234] call(...) = 0" where it is a terminal, and in
Frail's.  A call that others interrupt stands in two lines; here it is one.
"""
import re

PREFIX = re.compile(r"(?:\[pid\s+(\d+)\]|(\d+)) +(.*)", re.S)
NUMBER = re.compile(r"\[\s*(-?\d+|\?)\] ?(.*)", re.S)
RESUMED = re.compile(r"<\.\.\. (\S+) resumed>(.*)", re.S)
# How a line ends whose call goes on in another; the second is an execve of
# a thread that gets its group's number while strace writes the line.
UNFINISHED = re.compile(r" ?<(?:unfinished|pid changed to \d+) \.\.\.>$")
# Spaces in front of "=" are there to make a column.
RESULT = re.compile(r"\)\s+= ((?:\?|-?\d|0x).*)$", re.S)
NAME = re.compile(r"(\w+)\(")


class Call:
    """One call of one thread."""

    def __init__(self, tid, text, number=None):
        self.tid = tid
        self.number = number    # with strace -n
        self.text = text        # both halves, without a prefix
        self.index = 0          # of the line that begins it, in its file

    @property
    def name(self):
        hit = NAME.match(self.text)
        return hit.group(1) if hit else ""

    @property
    def result(self):
        """What stands behind "= "; None when there is nothing."""
        hit = None
        for hit in RESULT.finditer(self.text):
            pass
        return hit.group(1) if hit else None

    @property
    def value(self):
        """The result as a number; None for "?" and nothing."""
        text = self.result
        hit = re.match(r"-?\d+|0x[0-9a-f]+", text or "")
        return int(hit.group(0), 0) if hit else None

    def __repr__(self):
        return "%d %s" % (self.tid, self.text)


class Trace:
    """All that a file says."""

    def __init__(self):
        self.calls = []         # in the order in which they begin
        self.notes = []         # (tid, "--- SIGCHLD ... ---" and the like)
        self.lines = {}         # tid -> calls and texts of notes, in order
        self.superseded = {}    # tid -> tid of the thread that executed
        self.strange = []       # lines that were not understood

    def by_thread(self):
        found = {}
        for call in self.calls:
            found.setdefault(call.tid, []).append(call)
        return found


def read(source):
    """A Trace of the lines of @source."""
    trace, waiting = Trace(), {}
    for index, line in enumerate(source):
        hit = PREFIX.match(line.rstrip("\n"))
        if not hit:
            trace.strange.append(line)
            continue
        tid, text = int(hit.group(1) or hit.group(2)), hit.group(3)
        number = NUMBER.match(text)
        if number:
            text = number.group(2)
            number = number.group(1)
            number = int(number) if number != "?" else None
        if text.startswith(("+++", "---")):
            trace.notes.append((tid, text))
            trace.lines.setdefault(tid, []).append(text)
            other = re.match(r"\+\+\+ superseded by execve in pid (\d+)",
                             text)
            if other:
                # Its call goes on under the name of the first thread.
                trace.superseded[tid] = int(other.group(1))
                moved = waiting.pop(int(other.group(1)), None)
                if moved:
                    waiting[tid] = moved
            continue
        resumed = RESUMED.match(text)
        if resumed:
            call = waiting.pop(tid, None)
            if call is None:
                trace.strange.append(line)
                continue
            text = resumed.group(2)
        else:
            call = Call(tid, "", number)
            call.index = index
            trace.calls.append(call)
            trace.lines.setdefault(tid, []).append(call)
        whole = UNFINISHED.sub("", text)
        if whole != text:
            waiting[tid] = call
        call.text += whole
    return trace


def read_file(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as source:
        return read(source)
