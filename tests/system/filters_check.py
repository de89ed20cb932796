#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Do filters choose exactly the calls that they should?

    filters_check.py --list             NAME and EXPRESSION, a line each
    filters_check.py DIRECTORY          compare what they gave in one run

DIRECTORY has what json analyzers wrote beside each other: frail.json without
a filter, frail.NAME with filter NAME; and frail.count, what count says of the
filter "tree".  What each filter should have given is worked out here from all
calls, without libfrail.  Prints KEY=VALUE lines and what is wrong.
"""
import json
import os
import re
import sys

ROOT = 5000             # tests/guest/filters
INIT_PID_NS = 4026531836
INIT_UTS_NS = 4026531838
FORKS = ("fork", "vfork", "clone", "clone3")
# What they return with is no result (docs/json.md).
NO_RESULT = "call not in (rt_sigreturn, exit, exit_group) and "


def result(c):
    """The value, or None."""
    return None if c["outcome"] in ("unseen", "unfinished", "no-return",
                                    "entered", "restarts") else c["ret"]


def failed(c):
    return result(c) is not None and c["error"] is not None


def process(c, key):
    """A member of the process; None: not known."""
    return c["process"][key] if c["process"] else None


def starts(value, prefix):
    return value is not None and value.startswith(prefix)


def unquote(quoted):
    """The bytes that a string of strace's stands for."""
    return re.sub(r"\\([0-7]{1,3}|.)", lambda m: {
        "n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}.get(
            m.group(1), chr(int(m.group(1), 8)) if m.group(1).isdigit()
            else m.group(1)), quoted[1:-1])


def absolute(c):
    """The path of an openat, or None."""
    name, dfd = c["args"]["filename"]["text"], c["args"]["dfd"]["text"]
    if not name.startswith('"'):
        return None
    name = unquote(name)
    if not name.startswith("/"):
        base = re.search(r"<(/.*)>$", dfd)
        if not base:
            return None
        name = base.group(1) + "/" + name
    return "/" + os.path.normpath(name).lstrip("/")


def flags(c):
    return int(c["args"]["flags"]["raw"], 16) & 0xffffffff


class Tree:
    """Who descends from ROOT, by what fork() has returned."""

    def __init__(self, calls):
        by_pid, by_own, self.parent, self.orphans = {}, {}, {}, 0
        for c in calls:
            p = c["process"]
            if p:
                by_pid.setdefault(p["pid"], []).append(p)
                by_own[p["namespaces"]["pid"], p["ns_tid"]] = p["pid"]
        for c in calls:
            p = c["process"]
            if c["call"] in FORKS and p and (result(c) or -1) > 0:
                # The number is of the namespace that the caller is in.
                space = p["namespaces"]["pid"]
                child = c["ret"] if space == INIT_PID_NS else \
                    by_own.get((space, c["ret"]))
                if child in by_pid and child != p["pid"]:
                    self.parent[child] = p["pid"]
        for child in self.parent:
            self.orphans += self.has(child) and \
                by_pid[child][-1]["ppid"] == 1
        self.members = sum(self.has(pid) for pid in by_pid)

    def has(self, pid):
        while pid:
            if pid == ROOT:
                return True
            pid = self.parent.get(pid)
        return False

    def __call__(self, c):
        return self.has(process(c, "pid"))


def filters(tree):
    """[(name, expression, what it means)]"""
    return [
        ("comm", "comm = cat", lambda c: process(c, "comm") == "cat"),
        ("exe", "exe ~ \"*/churn\" and not call in (getpid, gettid)",
         lambda c: (process(c, "exe") or "").endswith("/churn") and
         c["call"] not in ("getpid", "gettid")),
        ("tree", "tree = %d" % ROOT, tree),
        ("outside", "tree != %d and call in (%%file, %%process)" % ROOT,
         None),
        ("failed", NO_RESULT + "status = failed and comm != bash",
         lambda c: failed(c) and process(c, "comm") not in (None, "bash")),
        ("errno", NO_RESULT + "(errno in (ENOENT, EBADF) or ret > 1000 and "
         "call = read)",
         lambda c: c["error"] in ("ENOENT", "EBADF") and failed(c) or
         (result(c) or 0) > 1000 and c["call"] == "read"),
        ("pid", "pid < 1000 and pid != 1 || tid in (%d, %d)" %
         (ROOT, ROOT + 1), lambda c: c["process"] is not None and
         (1 < process(c, "pid") < 1000 or
          process(c, "tid") in (ROOT, ROOT + 1))),
        ("uid", "euid != 0 or egid > 0", lambda c: c["process"] is not None
         and (process(c, "euid") != 0 or process(c, "egid") > 0)),
        ("container", "container = aaaa and cgroup ~ \"/docker/*\"",
         lambda c: starts(process(c, "container"), "aaaa") and
         starts(process(c, "cgroup"), "/docker/")),
        ("uts", "ns.uts != %d" % INIT_UTS_NS,
         lambda c: process(c, "namespaces") is not None and
         process(c, "namespaces")["uts"] != INIT_UTS_NS),
        ("path", "path ~ \"/etc/*\" and call = openat",
         lambda c: c["call"] == "openat" and starts(absolute(c), "/etc/")),
        ("flags", "call = openat and flags has O_CREAT and !(comm ~ b*)",
         lambda c: c["call"] == "openat" and flags(c) & 0o100 and
         process(c, "comm") and not process(c, "comm").startswith("b")),
        ("daemon", "tree = %d and ppid = 1 and call != /^rt_/" % ROOT,
         lambda c: tree(c) and process(c, "ppid") == 1 and
         not c["call"].startswith("rt_")),
    ]


def read(path):
    calls = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            c = json.loads(line)
            if c["type"] == "lost":
                raise ValueError("%s: lines are lost" % path)
            if c["type"] == "call":
                calls[c["seq"]] = c
    return calls


def outside(tree, calls):
    """Calls not of the tree; some of those that the classes have."""
    return {seq for seq, c in calls.items() if c["process"] and not tree(c)
            and c["call"] in ("execve", "openat", "newfstatat", "access",
                              "clone", "vfork", "wait4", "exit_group")}


def same(a, b):
    """All but what another vCPU may change between the two looks at it."""
    return all(a[k] == b[k] for k in ("call", "ret", "outcome", "time_ns",
                                      "duration_ns", "process"))


def compare(directory):
    calls = read(os.path.join(directory, "frail.json"))
    tree = Tree(list(calls.values()))
    wrong = []
    print("calls=%d\nmembers=%d\norphans=%d" % (len(calls), tree.members,
                                                tree.orphans))
    for name, _, means in filters(tree):
        got = read(os.path.join(directory, "frail." + name))
        if means:
            expected = {seq for seq, c in calls.items() if means(c)}
        else:
            # A part of it is enough: nothing of the tree, all of these.
            expected = outside(tree, calls)
            expected |= {seq for seq in got if seq in calls and
                         calls[seq]["process"] and not tree(calls[seq])}
        missing, more = expected - set(got), set(got) - expected
        other = [s for s in expected & set(got) if not same(got[s], calls[s])]
        print("%s=%d" % (name, len(got)))
        if not expected:
            wrong.append("%s: the guest made no such call" % name)
        for what, some in (("missing", missing), ("too many", more),
                           ("different", other)):
            if some:
                seq = min(some)
                wrong.append("%s: %d calls %s, the first is %s" % (
                    name, len(some), what, json.dumps(
                        calls.get(seq) or got.get(seq))[:600]))
    with open(os.path.join(directory, "frail.count"),
              encoding="ascii") as table:
        counted = int(table.read().split("\n")[-2].split()[0])
    if counted != len(read(os.path.join(directory, "frail.tree"))):
        wrong.append("count has %d calls of the tree" % counted)
    print("wrong=%d" % len(wrong))
    for line in wrong:
        print("! " + line)
    return 1 if wrong else 0


def main():
    if sys.argv[1:] == ["--list"]:
        for name, text_of, _ in filters(None):
            print("%s\t%s" % (name, text_of))
        return 0
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    return compare(sys.argv[1])


if __name__ == "__main__":
    sys.exit(main())
