#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Compare the monitor's list of processes with the guest's own ps.

What has to be equal: which processes there are, and of each the columns pid,
ppid, uid, ni, pri, cls, comm, args and the link /proc/PID/exe.  Three things
are left out, all of them ps's:

    its own line    tests/guest/freeze.c has removed it: ps has ended
    "-" in NI       ps prints no niceness where the policy does not use it
    uid             Debian 12's ps prints those above 2^31 as negative ones,
                    so they are compared modulo 2^32
"""
import argparse
import json
import sys

COLUMNS = ("pid", "ppid", "uid", "nice", "priority", "class", "comm")


def read_guest(path):
    """{pid: {column: text}}"""
    with open(path, "rb") as source:
        text = source.read()
    if not text.endswith(b"\f"):
        raise ValueError("%s: the guest did not come to its end" % path)
    sections = {}
    for part in ("\n" + text[:-1].decode("utf-8", "surrogateescape")).split(
            "\n== ")[1:]:
        name, _, rest = part.partition("\n")
        sections[name] = rest.split("\n")
    found = {}
    for line in sections["ps"][1:]:
        words = line.split(None, 6)
        if len(words) == 6:
            words.append("")        # a name of no letters
        if words:
            found[int(words[0])] = dict(zip(COLUMNS, words))
    for name, key in (("args", "args"), ("exe", "exe")):
        for line in sections[name]:
            pid, _, rest = line.lstrip().partition(" ")
            if pid.isdigit() and int(pid) in found:
                found[int(pid)][key] = rest
    return found


def read_answer(path, command):
    """The monitor's answer to @command."""
    with open(path, encoding="utf-8", errors="surrogateescape") as source:
        for line in source:
            try:
                answer = json.loads(line)
            except ValueError:
                continue
            if answer.get("id") == command:
                if "error" in answer:
                    raise ValueError("%s: %s" % (
                        command, answer["error"].get("desc")))
                return answer["return"]
    raise ValueError("%s: no answer to %s" % (path, command))


def normal(key, value):
    if key in ("uid", "pid", "ppid", "priority", "nice"):
        return int(value) % (1 << 32)
    return (value or "").rstrip(" ")


def compare(guest, frail):
    """Yields (kind, text)."""
    for pid in sorted(set(guest) | set(frail)):
        want, got = guest.get(pid), frail.get(pid)
        if got is None:
            yield "missing", "%d is missing: %s" % (pid, want.get("args"))
        elif want is None:
            yield "too much", "%d is too much: %s" % (pid, got.get("args"))
        else:
            for key in COLUMNS[1:] + ("args", "exe"):
                one = want.get(key, "")
                if key == "nice" and one == "-":
                    continue
                if key not in got and key != "exe":
                    yield key, "%d has no %s" % (pid, key)
                elif normal(key, one) != normal(key, got.get(key)):
                    yield key, "%d %s: ps %r, frail %r" % (
                        pid, key, one[:200], str(got.get(key))[:200])


def check_hmp(text, frail):
    """Is every process in the human monitor's list, once?"""
    pids = [int(line.split()[0]) for line in text.splitlines()
            if line.strip() and line.split()[0].isdigit()]
    if sorted(pids) != sorted(frail):
        yield "hmp", "info frail-ps lists %d processes, QMP %d" % (
            len(pids), len(frail))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("guest", help="guest.txt of freeze-guest")
    parser.add_argument("qmp", help="qmp.json of freeze-guest")
    parser.add_argument("--least", type=int, default=60, metavar="N",
                        help="how many processes there must be (60)")
    opts = parser.parse_args()
    try:
        guest = read_guest(opts.guest)
        answer = read_answer(opts.qmp, "query-frail-processes")
        hmp = read_answer(opts.qmp, "human-monitor-command")
    except (ValueError, KeyError, OSError) as err:
        print("error=%s" % err)
        return 2
    frail = {one["pid"]: one for one in answer}
    differences = list(compare(guest, frail)) + list(check_hmp(hmp, frail))
    if len(frail) != len(answer):
        differences.append(("double", "a process is listed twice"))
    for kind, text in differences:
        print("%s: %s" % (kind, text.encode(
            "utf-8", "surrogateescape").decode("utf-8", "replace")))
    kernel_threads = sum(1 for p in guest.values()
                         if p.get("args", "").startswith("[") and
                         p.get("ppid") in ("0", "2"))
    for key, value in (
            ("processes", len(guest)), ("kernel_threads", kernel_threads),
            ("users", len({p["uid"] for p in guest.values()})),
            ("classes", len({p["class"] for p in guest.values()})),
            ("differences", len(differences))):
        print("%s=%d" % (key, value))
    return 0 if not differences and len(guest) >= opts.least and \
        kernel_threads else 1


if __name__ == "__main__":
    sys.exit(main())
