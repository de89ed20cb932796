#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""trace_make.py hostile|many PROCESSES CALLS|calls|odd: a made-up trace, as the
json analyzer would write it, to standard output.

hostile  names that try to get out of whatever they are shown in
many     so many processes, and so many calls of each
calls    each call of plugin/decode/calls.in once
odd      pids used again, processes that are each other's parents, threads,
         callers that are not known, calls that do not return, lost lines,
         signals, ends of threads
"""
import json
import re
import sys
from pathlib import Path

T0 = 1_769_487_361_000_000_000
ROOT = Path(__file__).resolve().parents[2]

# What would harm: in HTML, in its script, in a terminal, in the eye.
HOSTILE = [
    "<script>window.hacked=1</script>",
    "</script><script>window.hacked=1</script>",
    "<!--<script>",
    "<img src=x onerror=window.hacked=1>",
    "\"><svg onload=window.hacked=1>",
    "';window.hacked=1;//",
    "{{window.hacked=1}}${window.hacked=1}",
    "]]>\\\" \\u003cb> &lt;b&gt; &#60;b>",
    "line\nfeed\ttab\x1b[31mred\x7f\x9b",
    "gnp.\u202egood\u2066\u2028\u2029\u200b\ufeff",
    "__proto__",
    "constructor",
    "a" * 3000,
    "\u00e4\u4e2d\U0001f600",
]


def quoted(text):
    """As strace quotes it."""
    out = '"'
    for b in text.encode():
        c = chr(b)
        if c in '"\\':
            out += "\\" + c
        elif 32 <= b < 127:
            out += c
        else:
            out += f"\\{b:03o}"
    return out + '"'


def process(pid, ppid=1, comm="cat", **more):
    p = {"key": f"{pid}@{pid * 1000}", "pid": pid, "start_ns": pid * 1000,
         "tid": pid, "ppid": ppid, "ns_tid": pid, "comm": comm,
         "exe": "/usr/bin/" + comm, "uid": 0, "gid": 0, "euid": 0, "egid": 0,
         "suid": 0, "sgid": 0, "fsuid": 0, "fsgid": 0, "cgroup": "/",
         "container": None, "cmdline": [comm], "cwd": "/"}
    p.update(more)
    return p


def call(seq, name, args, proc, ret=0, error=None, nr=1, time=None,
         duration=1000, **more):
    time = T0 + seq * 10_000 if time is None else time
    r = {"type": "call", "seq": seq, "time": "", "time_ns": time, "vcpu": 0,
         "task": "0xff", "cr3": "0x1000", "process": proc, "abi": "x86-64",
         "call": name, "nr": nr, "args": args, "outcome": "returned",
         "ret": -error[0] if error else ret,
         "ret_text": f"-1 {error[1]} (Error)" if error else str(ret),
         "errno": error[0] if error else None,
         "error": error[1] if error else None, "duration_ns": duration}
    r.update(more)
    return r


def arg(text, raw=1):
    return {"raw": hex(raw), "text": text}


def hostile():
    seq = 0
    for n, bad in enumerate(HOSTILE):
        pid = 100 + n
        p = process(pid, comm=bad[:200], exe="/" + bad, cmdline=[bad, bad],
                    cgroup="/" + bad, container=bad, cwd="/" + bad)
        for name, args, error in [
            ("openat", {"dfd": arg("AT_FDCWD"),
                        "filename": arg(quoted("/" + bad)),
                        "flags": arg("O_RDONLY")}, None),
            ("execve", {"filename": arg(quoted("/tmp/" + bad)),
                        "argv": arg("[" + quoted(bad) + "]")}, None),
            ("connect", {"fd": arg("3"), "uservaddr": arg(
                "{sa_family=AF_UNIX, sun_path=" + quoted(bad[:100]) + "}")},
             (2, "ENOENT")),
            (bad[:80], {bad[:60]: arg(bad)}, (1, bad[:70])),
            ("read", {"fd": arg("4<" + bad + ">"), "buf": arg(quoted(bad)),
                      "count": arg("5")}, None),
        ]:
            seq += 1
            yield call(seq, name, args, p, error=error,
                       ret_text=bad if error else "0")


def many(processes, calls):
    seq = 0
    for n in range(calls):
        for i in range(processes):
            seq += 1
            pid = 100 + i
            p = process(pid, ppid=1 if i < 10 else 100 + i // 3,
                        comm=f"worker-{i % 50}",
                        cmdline=[f"worker-{i % 50}", "--number", str(i)])
            bad = (2, "ENOENT") if (n + i) % 7 == 0 else None
            yield call(seq, ["openat", "read", "mmap", "futex"][n % 4],
                       {"filename": arg(f'"/data/{i % 300}/file-{n}"')}, p,
                       error=bad, duration=500 + 37 * (seq % 1000))


def every_call():
    seq = 0
    lines = (ROOT / "plugin/decode/calls.in").read_text().splitlines()
    seen = set()
    for line in lines:
        m = re.match(r"(?:i386:)?([a-z0-9_|]+):(.*?)(->|$)", line)
        if not m:
            continue
        args = {a: arg({"path": '"/a/b"', "fd": "3</a/b>"}.get(kind, "1"), 3)
                for a, kind in re.findall(r"(\w+)=(\w+)", m[2])[:6]}
        for name in m[1].split("|"):
            if name not in seen:
                seen.add(name)
                seq += 1
                yield call(seq, name, args, process(100 + seq), nr=seq)


def odd():
    openat = {"dfd": arg("AT_FDCWD</tmp>"), "filename": arg('"a/../b"'),
              "flags": arg("O_RDONLY")}
    first = process(7, comm="first")
    again = process(7, comm="again", key="7@900000", start_ns=900000)
    yield call(1, "openat", openat, first, ret_text="3</tmp/b>", ret=3)
    yield call(2, "openat", openat, first, error=(2, "ENOENT"))
    yield call(21, "openat", dict(openat, filename=arg('"/tmp/b"')), first,
               error=(13, "EACCES"))
    # The child of the first one, then of the second one, and one of neither.
    yield call(3, "getpid", {}, process(8, ppid=7))
    yield call(4, "getpid", {}, again)
    yield call(5, "getpid", {}, process(11, ppid=7, start_ns=950000))
    yield call(6, "getpid", {}, process(10, ppid=7, key="10@1", start_ns=1))
    # A circle.
    yield call(7, "getpid", {}, process(20, ppid=21, key="20@5", start_ns=5))
    yield call(8, "getpid", {}, process(21, ppid=20, key="21@5", start_ns=5))
    yield call(9, "getpid", {}, process(22, ppid=22, key="22@5", start_ns=5))
    # Threads, the second of which returns first.
    yield call(11, "read", {"fd": arg("3")}, process(7, tid=31, key="7@900000",
                                                     start_ns=900000),
               time=T0 + 120_000, duration=1000)
    yield call(10, "read", {"fd": arg("3")}, process(7, tid=30, key="7@900000",
                                                     start_ns=900000),
               time=T0 + 100_000, duration=90_000)
    yield {"type": "lost", "lost": 17, "total": 17}
    yield {"type": "future", "what": [1, {"a": "b"}]}
    yield call(12, "getpid", {}, None, task="0x1000")
    yield call(13, "getpid", {}, None, task="0x2000")
    yield call(14, None, {}, None, nr=9999, task=None, error=(38, "ENOSYS"))
    none = {"ret": None, "ret_text": None, "duration": None}
    yield call(15, "exit_group", {"error_code": arg("3", 3)}, again,
               outcome="no-return", **none)
    yield call(16, "futex", {}, again, outcome="unseen", **none)
    yield call(17, "pause", {}, process(40), outcome="unfinished", **none)
    yield call(18, "ptrace", {"request": arg("PTRACE_ATTACH")}, process(41),
               outcome="killed", **none)
    yield call(19, "connect", {"fd": arg("3")}, process(41), refused=True,
               outcome="refused", error=(13, "EACCES"))
    # As docs/json.md has signals and ends of threads.
    event = {"time": "", "time_ns": T0 + 195_000, "vcpu": 0, "task": "0xff"}
    yield {"type": "signal", **event, "cr3": "0x1", "process": process(8),
           "abi": "x86-64", "signal": 14, "name": "SIGALRM",
           "handler": "0x401236", "info": "{si_signo=SIGALRM, si_pid=7}"}
    yield {"type": "exit", **event, "process": process(8), "how": "exited",
           "status": 3}
    yield {"type": "exit", **event, "process": process(9), "how": "killed",
           "signal": 11, "name": "SIGSEGV", "core": True}
    yield {"type": "exit", **event, "process": process(10, tid=77),
           "how": "superseded", "by": 10}
    # Long before the others, and bytes that are no text.
    yield call(20, "getpid", {}, process(42, comm="\u00ff\u00e4",
                                         latin1=["comm"]),
               time=T0 - 3_600_000_000_000)


def main():
    what, *more = sys.argv[1:]
    records = {"hostile": hostile, "many": many, "calls": every_call,
               "odd": odd}[what](
        *map(int, more))
    for r in records:
        sys.stdout.write(json.dumps(r, separators=(",", ":"),
                                    ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
