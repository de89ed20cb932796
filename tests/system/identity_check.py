#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Did Frail name the right thread for every call?

The guest's own strace saw the same run.  Each thread of it must have made the
same calls in the same order, as Frail has it.  Then, call by call:

    pid     that of its thread group, which clone's flags tell, or getpid
    comm    that of the last execve, PR_SET_NAME or of the parent
    tid pid ppid uid euid gid
            of the calls that ask for them (getpid and its like), what the
            kernel answered, whoever made them: strace's own calls, too

A call without an identity is wrong.
"""
import argparse
import difflib
import json
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import frail_events     # noqa: E402
import strace_text      # noqa: E402

MARK_START, MARK_END = 0x5001, 0x5002
ASKING = {39: "pid", 186: "tid", 110: "ppid", 102: "uid", 107: "euid",
          104: "gid"}
FORKS = ("clone", "clone3", "fork", "vfork")
EXECS = ("execve", "execveat")


def unquote(text):
    """Bytes of a string as strace prints it, as text."""
    raw = re.sub(r'\\([0-7]{1,3}|x[0-9a-f]{2}|.)', lambda m: {
        "n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}.get(
            m.group(1)) or (chr(int(m.group(1), 8))
                            if m.group(1)[0] in "01234567"
                            else m.group(1)), text)
    return raw


class Model:
    """What strace's text says about the threads."""

    def __init__(self, trace):
        self.threads = trace.by_thread()
        self.born = {}          # tid -> (parent, position of its clone)
        self.group = {}         # tid -> pid
        for tid, calls in self.threads.items():
            for at, call in enumerate(calls):
                child = call.value
                if call.name in FORKS and child and child > 0:
                    self.born[child] = (tid, at)
                    thread = "CLONE_THREAD" in call.text
                    self.group[child] = ("with", tid) if thread else child
        # A clone whose caller an execve has killed has no value: what the
        # kernel said to the child itself.
        for tid, calls in self.threads.items():
            for call in calls:
                if call.name == "getpid" and call.value:
                    self.group.setdefault(tid, call.value)

    def pid(self, tid):
        while True:
            what = self.group.get(tid, tid)
            if not isinstance(what, tuple):
                return what
            tid = what[1]

    def comms(self, tid, at=None):
        """The name at each call of @tid; at its call @at alone."""
        calls = self.threads.get(tid, [])
        name = None
        if tid in self.born:
            parent, position = self.born[tid]
            name = self.comms(parent, position)
        names = []
        for call in calls:
            names.append(name)
            if call.name in EXECS and call.value == 0:
                hit = re.search(r'execve(?:at)?\((?:[^"]*, )?"((?:[^"\\]|'
                                r'\\.)*)"', call.text)
                name = unquote(hit.group(1)).split("/")[-1][:15]
            elif call.name == "prctl" and "PR_SET_NAME" in call.text:
                hit = re.search(r'PR_SET_NAME, "((?:[^"\\]|\\.)*)"',
                                call.text)
                name = unquote(hit.group(1))[:15]
        return names if at is None else names[at]


def cut(events):
    """What lies between the marks; the thread that begins."""
    inside, first = [], None
    for event in events:
        if event.number == MARK_START:
            inside, first = [], event.tid
        elif event.number == MARK_END and first is not None:
            break
        if first is not None:
            inside.append(event)
    return inside, first


class Check:
    """Counts what is wrong."""

    def __init__(self):
        self.calls = self.asked = self.wrong = self.unknown = 0
        self.texts = []

    def bad(self, text):
        self.wrong += 1
        self.texts.append(text)

    def asking(self, events):
        """Calls that the kernel has answered itself."""
        for event in events:
            key = ASKING.get(event.number)
            if key and event.value is not None:
                self.asked += 1
                got = getattr(event, key)
                if got != event.value:
                    self.bad("seq %d: %s gave %s, Frail says %s (comm %s)" % (
                        event.seq, event.name, event.value, got, event.comm))

    def thread(self, tid, calls, events, model):
        want = [c.number for c in calls]
        got = [e.number for e in events]
        self.calls += len(calls)
        names, pid = model.comms(tid), model.pid(tid)
        matcher = difflib.SequenceMatcher(None, want, got, autojunk=False)
        for what, a, b, c, d in matcher.get_opcodes():
            if what != "equal":
                self.wrong += max(b - a, d - c)
                self.texts.append("thread %d: strace %s, Frail %s" % (
                    tid, calls[a:b][:3],
                    ["%d %s" % (e.seq, e.name) for e in events[c:d][:3]]))
                continue
            for one, event, name in zip(calls[a:b], events[c:d], names[a:b]):
                if event.pid != pid:
                    self.bad("%r: pid %s, not %d" % (one, event.pid, pid))
                elif name is not None and event.comm != name:
                    self.bad("%r: comm %r, not %r" % (one, event.comm, name))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("strace", help="strace -f -n of the guest")
    parser.add_argument("frail", help="JSON Lines of the same run")
    parser.add_argument("--qmp", help="answers of the monitor (query-frail)")
    opts = parser.parse_args()
    trace = strace_text.read_file(opts.strace)
    model = Model(trace)
    events = frail_events.read_file(opts.frail)
    inside, first = cut(events)
    check = Check()
    if trace.strange:
        check.bad("strace's file has a strange line: %r" % trace.strange[0])
    # The first thread has become the program after the mark.
    calls = model.threads.get(first, [])
    marks = [n for n, c in enumerate(calls) if c.number == MARK_START]
    if not marks:
        print("error=strace and Frail do not agree on who begins (%s)" % first)
        return 2
    seen = {}
    for event in inside:
        if event.tid is None:
            check.unknown += 1
        seen.setdefault(event.tid, []).append(event)
    if check.unknown:
        check.bad("%d calls without an identity" % check.unknown)
        check.wrong += check.unknown - 1
    for tid, calls in sorted(model.threads.items()):
        names = seen.get(tid, [])
        if tid == first:
            model.threads[tid] = calls = calls[marks[0]:]
            for child, (parent, at) in list(model.born.items()):
                if parent == tid:
                    model.born[child] = (parent, at - marks[0])
        check.thread(tid, calls, names, model)
    check.asking(events)
    for text in check.texts[:20]:
        print(text[:400])
    if opts.qmp:
        with open(opts.qmp, encoding="utf-8") as source:
            for line in source:
                answer = json.loads(line)
                if answer.get("id") == "query-frail":
                    guest = answer.get("return", {}).get("guest", {})
                    print("discovery_ms=%s" % guest.get("discovery-ms", ""))
                    print("method=%s" % guest.get("method", ""))
                    print("banner=%s" % guest.get("banner", ""))
    for key in ("calls", "asked", "wrong", "unknown"):
        print("%s=%d" % (key, getattr(check, key)))
    print("threads=%d" % len(model.threads))
    return 0 if check.calls and check.asked and not check.wrong else 1


if __name__ == "__main__":
    sys.exit(main())
