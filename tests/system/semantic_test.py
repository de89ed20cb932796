#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""The comparators of identity, text, files, processes and containers find
what they are there to find."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
# pylint: disable=wrong-import-position
import strace_text      # noqa: E402
import text_compare     # noqa: E402

# A parent that renames itself, a thread of it, a child that executes.
STRACE = """\
10  [  59] execve("/usr/local/bin/mark", ["mark"], 0x7ffe) = 0
10  [20481] syscall_0x5001(0x1, 0x1, 0, 0, 0, 0) = -1 ENOSYS (Function)
10  [  59] execve("/usr/bin/bash", ["bash", "/tmp/work"], 0x7ffe) = 0
10  [  39] getpid()                   = 10
10  [ 157] prctl(PR_SET_NAME, "two \\"words\\"") = 0
10  [  56] clone(child_stack=NULL, flags=CLONE_VM|CLONE_THREAD <unfinished ...>
11  [ 186] gettid( <unfinished ...>
10  [  56] <... clone resumed>, tls=0x1) = 11
11  [ 186] <... gettid resumed>)      = 11
10  [  57] fork()                     = 12
12  [  59] execve("/usr/bin/a_very_long_name", ["x"], 0x1) = 0
12  [ 107] geteuid()                  = 1000
12  [ 231] exit_group(0)              = ?
12  +++ exited with 0 +++
10  [  61] wait4(-1, NULL, 0, NULL)   = 12
10  --- SIGCHLD {si_signo=SIGCHLD, si_pid=12} ---
"""


def event(seq, tid, pid, comm, number, value, raw=0, **more):
    process = {"tid": tid, "pid": pid, "ppid": 1, "comm": comm, "uid": 0,
               "euid": 1000 if tid == 12 else 0, "gid": 0}
    process.update(more)
    return {"type": "call", "seq": seq, "vcpu": 0, "nr": number,
            "call": "call" if number < 0x5000 else None,
            "args": {"a": {"raw": hex(raw), "text": None}}, "ret": value,
            "process": process}


EVENTS = [
    event(1, 9, 9, "runner", 0x5000, -38),
    event(2, 10, 10, "mark", 0x5001, -38),
    event(3, 10, 10, "mark", 59, 0),
    event(4, 10, 10, "bash", 39, 10),
    event(5, 10, 10, "bash", 157, 0),
    event(6, 10, 10, 'two "words"', 56, 11),
    event(7, 11, 10, 'two "words"', 186, 11),
    event(8, 10, 10, 'two "words"', 57, 12),
    event(9, 12, 12, 'two "words"', 59, 0),
    event(10, 12, 12, "a_very_long_nam", 107, 1000),
    event(11, 12, 12, "a_very_long_nam", 231, None),
    event(12, 10, 10, 'two "words"', 61, 12),
    event(13, 9, 9, "runner", 0x5002, -38),
]


class Tools(unittest.TestCase):
    """Each comparator: equal is equal, and one change is found."""

    def setUp(self):
        # pylint: disable=consider-using-with
        self.scratch = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.scratch.cleanup()

    def path(self, name, text=None):
        path = os.path.join(self.scratch.name, name)
        if text is not None:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="\n") as out:
                out.write(text)
        return path

    def tool(self, name, *args):
        run = subprocess.run([os.path.join(HERE, name)] + list(args),
                             stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True,
                             check=False)
        values = dict(line.split("=", 1) for line in run.stdout.splitlines()
                      if "=" in line and " " not in line.split("=", 1)[0])
        return run.returncode, values, run.stdout

    def lines(self, name, events):
        return self.path(name, "".join(json.dumps(e) + "\n"
                                       for e in events))

    def identity(self, events):
        return self.tool("identity_check.py", self.path("strace", STRACE),
                         self.lines("json", events))

    def test_join(self):
        trace = strace_text.read(STRACE.splitlines())
        texts = [c.text for c in trace.calls if c.name == "clone"]
        self.assertEqual(texts, ["clone(child_stack=NULL, flags=CLONE_VM|"
                                 "CLONE_THREAD, tls=0x1) = 11"])
        self.assertEqual([c.value for c in trace.calls if c.tid == 11], [11])
        self.assertEqual(trace.strange, [])

    def test_superseded(self):
        trace = strace_text.read([
            "[pid 5] pause( <unfinished ...>", "[pid 6] execve(\"/x\" "
            "<unfinished ...>", "[pid 5] <... pause resumed>) = ?",
            "[pid 5] +++ superseded by execve in pid 6 +++",
            "[pid 5] <... execve resumed>) = 0"])
        self.assertEqual([(c.tid, c.text) for c in trace.calls],
                         [(5, "pause() = ?"), (6, 'execve("/x") = 0')])
        trace = strace_text.read([
            '6  execve("/x" <pid changed to 5 ...>',
            "5  +++ superseded by execve in pid 6 +++",
            "5  <... execve resumed>) = 0"])
        self.assertEqual([(c.tid, c.text) for c in trace.calls],
                         [(6, 'execve("/x") = 0')])
        self.assertEqual(trace.strange, [])

    def test_identity_right(self):
        status, values, text = self.identity(EVENTS)
        self.assertEqual((status, values["wrong"]), (0, "0"), text)
        self.assertEqual(values["calls"], "11")

    def test_identity_wrong(self):
        for at, change in ((3, {"tid": 12}), (6, {"pid": 11}),
                           (8, {"comm": "bash"}), (9, {"euid": 0}),
                           (9, {"comm": "a_very_long_name"}),
                           (4, {"tid": None, "pid": None, "comm": None})):
            events = json.loads(json.dumps(EVENTS))
            events[at]["process"].update(change)
            status, values, text = self.identity(events)
            self.assertNotEqual(status, 0, text)
            self.assertGreater(int(values["wrong"]), 0, text)

    def test_identity_lost(self):
        for at in range(3, 11):
            status, _, text = self.identity(EVENTS[:at] + EVENTS[at + 1:])
            self.assertNotEqual(status, 0, text)

    def test_containers(self):
        wanted = self.path("list", "1 aa /docker/aa\n2 bb /docker/bb\n"
                           "0 - /x\n")
        events = []
        for number, name in ((1, "aa"), (2, "bb"), (0, None)):
            group = "/docker/" + name if name else "/x"
            for seq in range(110):
                mark = {0: 0x5000, 109: 0x5002}.get(seq, 39)
                events.append(event(len(events) + 1, 7, 7, "x", mark, 7,
                                    number, container=name, cgroup=group))
        status, values, text = self.tool("containers_check.py", wanted,
                                         self.lines("j", events))
        self.assertEqual((status, values["found"]), (0, "2"), text)
        for at, change in ((0, "bb"), (219, None), (220, "cc"), (5, "zz")):
            other = json.loads(json.dumps(events))
            other[at]["process"]["container"] = change
            status, _, text = self.tool("containers_check.py", wanted,
                                        self.lines("j", other))
            self.assertNotEqual(status, 0, text)

    def processes(self, change=None):
        guest = self.path("guest", "== ps\n PID PPID UID NI PRI CLS COMMAND\n"
                          " 1 0 0 0 19 TS systemd\n 2 0 0 -20 39 TS kthr\n"
                          " 9 1 -294967296 - 139 FF two words\n"
                          " 10 1 0 0 19 TS \n== args\n PID COMMAND\n"
                          " 1 /init\n 2 [kthr]\n 9 a  b\n 10 crowd\n== exe\n"
                          "1 /usr/lib/systemd\n2 \n9 /b\n10 /c\n\f")
        answer = [
            {"pid": 1, "ppid": 0, "uid": 0, "nice": 0, "priority": 19,
             "class": "TS", "comm": "systemd", "args": "/init",
             "exe": "/usr/lib/systemd"},
            {"pid": 2, "ppid": 0, "uid": 0, "nice": -20, "priority": 39,
             "class": "TS", "comm": "kthr", "args": "[kthr]"},
            {"pid": 9, "ppid": 1, "uid": 4000000000, "nice": 3,
             "priority": 139, "class": "FF", "comm": "two words",
             "args": "a  b", "exe": "/b"},
            {"pid": 10, "ppid": 1, "uid": 0, "nice": 0, "priority": 19,
             "class": "TS", "comm": "", "args": "crowd", "exe": "/c"}]
        hmp = "PID ARGS\r\n1 /init\r\n2 x\r\n9 y\r\n10 z\r\n"
        if change:
            change(answer)
        qmp = self.path("qmp", "\n".join(json.dumps(one) for one in (
            {"return": {}},
            {"return": answer, "id": "query-frail-processes"},
            {"return": hmp, "id": "human-monitor-command"})))
        return self.tool("ps_compare.py", "--least", "3", guest, qmp)

    def test_processes(self):
        status, values, text = self.processes()
        self.assertEqual((status, values["differences"]), (0, "0"), text)
        for change in (lambda a: a.pop(), lambda a: a[0].update(uid=1),
                       lambda a: a[1].update(nice=0),
                       lambda a: a[2].update(comm="two"),
                       lambda a: a[2].update(args="a b"),
                       lambda a: a[2].update(ppid=2),
                       lambda a: a[2].update({"class": "RR"}),
                       lambda a: a[0].update(exe="/init"),
                       lambda a: a.append(dict(a[0])),
                       lambda a: a.append(dict(a[0], pid=11))):
            status, _, text = self.processes(change)
            self.assertNotEqual(status, 0, text)

    def files(self, frail):
        wanted = self.path("list", "open\t5\t3\t/tmp/a b\ndeleted\t5\t4\t"
                           "/tmp/\u00fc (deleted)\npipe\t6\t3\tpipe:[7]\n")
        strace = ('5  fcntl(3</tmp/a b>, F_GETFD)  = 0\n5  fcntl(4</tmp/'
                  '\\303\\274>(deleted), F_GETFD) = 0\n6  fcntl(3<pipe:[7]>, '
                  'F_GETFD) = 0\n')
        return self.tool("fd_compare.py", wanted, self.path("s", strace),
                         self.path("f", frail or strace))

    def test_files(self):
        status, values, text = self.files(None)
        self.assertEqual((status, values["differences"]), (0, "0"), text)
        good = ("[pid 5] fcntl(3</tmp/a b>, F_GETFD) = 0\n[pid 6] fcntl("
                "3<pipe:[7]>, F_GETFD) = 0\n[pid 5] fcntl(4</tmp/\\303\\274>"
                "(deleted), F_GETFD) = 0\n")
        self.assertEqual(self.files(good)[0], 0)
        for old, new in (("a b", "ab"), ("(deleted)", ""), ("[7]", "[8]"),
                         ("[pid 6]", "[pid 5]"), ("F_GETFD", "F_GETFL")):
            self.assertNotEqual(self.files(good.replace(old, new, 1))[0], 0)

    def text(self, frail):
        out = self.path("out")
        strace = ('10  syscall_0x5001(0x3, 0x1, 0, 0, 0, 0) = -1 ENOSYS\n'
                  '10  execve("/bin/x", ["x"], 0x1 /* 1 var */) = 0\n'
                  '10  read(3</a, (>, "b\\"c", 8) = 3\n'
                  '10  --- SIGCHLD {si_pid=11} ---\n'
                  '10  exit_group(0)         = ?\n'
                  '10  +++ exited with 0 +++\n')
        self.path("out/text/3", strace)
        self.path("out/programs", "3 0 x y\n")
        return self.tool("text_compare.py", out, self.path("f", frail))

    def test_text(self):
        good = ('[pid 9] write(1, "x", 1) = 1\n'
                '[pid 10] getpid() = 10\n'
                '[pid 10] syscall_0x5001(0x3, 0x1, 0, 0, 0, 0) = -1 ENOSYS\n'
                '[pid 10] execve("/bin/x", ["x"], 0x1 /* 1 var */) = 0\n'
                '[pid 10] read(3</a, (>,  <unfinished ...>\n'
                '[pid 9] getpid() = 9\n'
                '[pid 10] <... read resumed>"b\\"c", 8) = 3\n'
                '[pid 10] --- SIGCHLD {si_pid=11} ---\n'
                '[pid 10] exit_group(0) = ?\n'
                '[pid 10] +++ exited with 0 +++\n')
        status, values, text = self.text(good)
        self.assertEqual((status, values["equal"], values["lines"],
                          values["signals_equal"]), (0, "4", "4", "1"), text)
        for old, new in (('"b\\"c"', '"b"'), ("8) = 3", "8) = 4"),
                         ("exited with 0", "exited with 1"),
                         ("[pid 10] exit_group(0) = ?\n", ""),
                         ("execve", "execveat"), ("0x3, 0x1", "0x4, 0x1")):
            status, _, text = self.text(good.replace(old, new, 1))
            self.assertNotEqual(status, 0, text)
        signal = "[pid 10] --- SIGCHLD {si_pid=11} ---\n"
        for new, status, found in (
                ("", 0, {"signals_unseen": "1"}),
                (signal.replace("si_pid=11", "si_signo=SIGCHLD, ..."), 0,
                 {"signals_short": "1"}),
                (signal.replace("11", "12"), 1, {"signals_wrong": "1"}),
                (signal.replace("SIGCHLD", "SIGHUP"), 1,
                 {"signals_wrong": "1", "signals_unseen": "1"}),
                (2 * signal, 1, {"signals_wrong": "1", "signals_equal": "1"})):
            got, values, text = self.text(good.replace(signal, new))
            self.assertEqual(got, status, text)
            self.assertEqual({k: values[k] for k in found}, found, text)
        for new in ("", "killed by SIGHUP"):
            status, values, text = self.text(good.replace(
                "[pid 10] +++ exited with 0 +++\n",
                new and "[pid 10] +++ %s +++\n" % new))
            self.assertEqual((status, values["ends_wrong"]), (1, "1"), text)

    def test_kinds(self):
        self.assertEqual(text_compare.kind_of('f(1, {a=[2, 3]}, "x,)") = 0',
                                              'f(1, {a=[2, 4]}, "x,)") = 0'),
                         "f: argument 2")
        self.assertEqual(text_compare.kind_of("f(3<TCP:[1->2]>, 1) = 0",
                                              "f(3<TCP:[1->2]>, 1) = 1"),
                         "f: result")


if __name__ == "__main__":
    unittest.main()
