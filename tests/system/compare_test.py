#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""The comparator itself: it must find what it is there to find."""
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))

PARENT = [(59, 0), (12, 0x55550000), (9, 0x7ffff0000000), (21, -2),
          (257, 3), (56, 101), (61, 101), (1, 5)]
CHILD = [(186, 101), (0, 10), (0, 0), (3, 0)]
CODES = {-2: "ENOENT", -512: "ERESTARTSYS"}


class Stream:
    """Frail's lines, of a machine with a runner and other tasks."""

    def __init__(self):
        self.lines = []
        self.seq = 0

    def call(self, task, number, value, args=(0, 0), more=""):
        self.seq += 1
        self.lines.append(
            "C seq=%d ns=1 vcpu=0 task=%s cr3=1 abi=x86-64 nr=%d name=x "
            "rip=0x1 rsp=0x2 a=%s" % (self.seq, task, number, ",".join(
                hex(a) for a in list(args) + [0] * (6 - len(args)))))
        if value is not None:
            self.lines.append("R seq=%d nr=%d ret=%s task=%s ns=2%s" % (
                self.seq, number, value, task, more))

    def program(self, number, kind, parent, child, killed=False,
                tried="dd00"):
        self.call("ff00", 0x5000, -38, (number,))
        self.call("ff00", 231, None)
        self.call("aa00", 56, 99)           # the runner
        if kind:
            self.call("bb00", 59, 0)        # strace
            self.call("bb00", 56, 98)
            self.call(tried, 101, 0)        # is killed while it pauses
            self.call(tried, 34, None)
            self.call("bb00", 56, 100)
        self.call("cc00", 59, 0)
        self.call("cc00", 0x5001, -38, (number, kind))
        for event in parent[:6]:
            self.call("cc00", *event)
            if kind:
                self.call("bb00", 61, 100)
        for event in child:
            self.call("ff00", *event)
        self.call("ff00", 231, None)
        for event in parent[6:]:
            self.call("cc00", *event)
        if not killed:
            self.call("cc00", 231, None)
        self.call("aa00", 61, 5)
        self.call("cc00", 273, 0)           # a stack used again: mark end
        self.call("cc00", 59, 0)
        self.call("cc00", 0x5002, -38, (number,))
        self.call("cc00", 231, None)


def strace_line(number, value):
    if value in CODES:
        text = "? ERESTARTSYS (x)" if value == -512 else \
            "-1 %s (x = y)" % CODES[value]
    else:
        text = hex(value)
    return "[%4d] name(0x1, 0x2) = %s\n" % (number, text)


class Compare(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.TemporaryDirectory()
        self.addCleanup(self.top.cleanup)
        os.mkdir(os.path.join(self.top.name, "strace"))
        self.put("programs", "1 0 0 ls -l 'a b'\n")
        self.put("strace/1.100", "[  59] execve(0x1) = 0\n"
                 "[20481] syscall_0x5001(0x1) = -1 ENOSYS (x)\n" +
                 "".join(strace_line(*e) for e in PARENT) +
                 "[ 231] exit_group(0) = ?\n")
        self.put("strace/1.101", "".join(strace_line(*e) for e in CHILD) +
                 "[ 231] exit_group(0) = ?\n")
        self.stream = Stream()

    def put(self, name, text):
        with open(os.path.join(self.top.name, name), "w",
                  encoding="ascii") as out:
            out.write(text)

    def run_it(self):
        self.put("frail.raw", "\n".join(self.stream.lines) + "\n")
        run = subprocess.run(
            [os.path.join(HERE, "compare.py"), self.top.name,
             os.path.join(self.top.name, "frail.raw")],
            stdout=subprocess.PIPE, text=True, check=False)
        figures = dict(line.split("=") for line in run.stdout.splitlines()
                       if "=" in line and " " not in line)
        return run.returncode, {k: int(v) for k, v in figures.items()}

    def both(self, parent=None, child=None):
        self.stream.program(1, 0, parent or PARENT, child or CHILD)
        self.stream.program(1, 1, PARENT, CHILD)
        return self.run_it()

    def test_equal(self):
        status, figures = self.both()
        self.assertEqual(status, 0)
        self.assertEqual(figures["differences"], 0)
        self.assertEqual(figures["same_run"], 0)
        self.assertEqual(figures["calls"], len(PARENT) + len(CHILD) + 2)

    def test_addresses_ids(self):
        parent = list(PARENT)
        parent[2] = (9, 0x7fff12340000)
        parent[5] = (56, 777)
        parent[6] = (61, 777)
        status, figures = self.both(parent)
        self.assertEqual((status, figures["differences"]), (0, 0))

    def test_lost(self):
        status, figures = self.both(PARENT[:3] + PARENT[4:])
        self.assertEqual((status, figures["differences"]), (1, 1))

    def test_doubled(self):
        status, figures = self.both(child=CHILD + CHILD[-1:])
        self.assertEqual((status, figures["differences"]), (1, 1))

    def test_wrong_value(self):
        parent = list(PARENT)
        parent[4] = (257, 4)
        status, figures = self.both(parent)
        self.assertEqual((status, figures["differences"]), (1, 1))

    def test_failed_mmap_is_not_an_address(self):
        parent = list(PARENT)
        parent[2] = (9, -12)
        self.assertEqual(self.both(parent)[0], 1)

    def test_restarted(self):
        """Both sides leave the restarted call out."""
        self.put("strace/1.101", strace_line(0, -512) +
                 "".join(strace_line(*e) for e in CHILD) +
                 "[ 231] exit_group(0) = ?\n")
        child = [(0, "?", (0, 0), " restart=1")] + CHILD
        status, figures = self.both(child=child)
        self.assertEqual((status, figures["same_run"]), (0, 0))

    def test_process_missing(self):
        self.stream.program(1, 0, PARENT, [])
        self.stream.program(1, 1, PARENT, CHILD)
        self.assertEqual(self.run_it()[0], 1)

    def test_lost_return(self):
        """A value that Frail did not learn is a difference."""
        for kind in (0, 1):
            self.stream = Stream()
            parent = list(PARENT)
            parent[3] = (21, None)
            self.stream.program(1, 0, PARENT if kind else parent, CHILD)
            self.stream.program(1, 1, parent if kind else PARENT, CHILD)
            status, figures = self.run_it()
            self.assertEqual(status, 1)
            self.assertEqual(figures["same_run" if kind else "differences"],
                             1)
            self.assertEqual(figures["unknown"], 1)

    def test_killed_in_its_last_call(self):
        """strace saw a value that never reached the process."""
        self.put("strace/1.100", "[20481] syscall_0x5001(0x1) = -1 ENOSYS (x)"
                 "\n" + "".join(strace_line(*e) for e in PARENT) +
                 "[  62] kill(0x64, 0xf) = 0\n+++ killed by SIGTERM +++\n")
        parent = PARENT + [(62, None)]
        for kind in (0, 1):
            self.stream.program(1, kind, parent, CHILD, killed=True)
        status, figures = self.run_it()
        self.assertEqual((status, figures["unknown"]), (0, 0))

    def test_killed(self):
        """No exit_group, and the stack is used again at once."""
        self.put("strace/1.100", "[20481] syscall_0x5001(0x1) = -1 ENOSYS (x)"
                 "\n" + "".join(strace_line(*e) for e in PARENT) +
                 "+++ killed by SIGTERM +++\n")
        for kind in (0, 1):
            self.stream.program(1, kind, PARENT, CHILD, killed=True)
        self.assertEqual(self.run_it()[0], 0)

    def test_stack_of_a_killed_child_of_strace(self):
        """It is used again by the program's child."""
        self.stream.program(1, 0, PARENT, CHILD)
        self.stream.program(1, 1, PARENT, CHILD, tried="ff00")
        self.assertEqual(self.run_it()[0], 0)

    def test_program_missing(self):
        self.stream.program(1, 1, PARENT, CHILD)
        status, figures = self.run_it()
        self.assertEqual(status, 1)
        self.assertGreaterEqual(figures["differences"], len(PARENT))

    def test_same_run_ids_count(self):
        """Under strace it is one run: process ids must be the same."""
        parent = list(PARENT)
        parent[5] = (56, 102)
        self.stream.program(1, 0, PARENT, CHILD)
        self.stream.program(1, 1, parent, CHILD)
        status, figures = self.run_it()
        self.assertEqual((status, figures["same_run"]), (1, 1))

    def test_return_twice(self):
        self.stream.program(1, 0, PARENT, CHILD)
        self.stream.program(1, 1, PARENT, CHILD)
        self.stream.lines.append("R seq=99999 nr=0 ret=0 task=aa00 ns=1")
        status, figures = self.run_it()
        self.assertEqual((status, figures["unpaired"]), (1, 1))


if __name__ == "__main__":
    sys.exit(unittest.main())
