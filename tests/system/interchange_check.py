#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""interchange_check.py pcapng|perfetto|sysdig TRACE FILE | table: is FILE,
which frail-convert made of TRACE, what other programs take, and has it what
TRACE has?

pcapng    tshark is the judge
sysdig    FILE is what sysdig printed, see interchange.sh
perfetto  perfetto.schema.json, and what a schema cannot say
table     the table of events.c: each argument that it names is one of its call

Prints figures as KEY=VALUE, and each fault as a line of its own.
"""
import collections
import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# Calls that sysdig knows by another one's name.
SAME = {"accept4": "accept", "dup2": "dup", "dup3": "dup",
        "eventfd2": "eventfd", "fcntl64": "fcntl", "pipe2": "pipe",
        "pread64": "pread", "pwrite64": "pwrite", "sendfile64": "sendfile",
        "signalfd4": "signalfd", "inotify_init1": "inotify_init",
        "umount2": "umount"}
SAME.update({n + "32": n for n in (
    "getuid", "geteuid", "getgid", "getegid", "setuid", "setgid", "setresuid",
    "setresgid")})
# What kinds of calls.in fit which parameters of events.c.
KINDS = {"path": "path|outpath|mount_type", "fd": "fd|dirfd|pid",
         "addr": "sockaddr_in", "tuple": "fd", "buf": "(sock_)?(in|out)buf", "oflags": "open_flags",
         "mapflags": "mmap_flags", "fcntl": "enum"}
faults = 0


def fault(text):
    global faults
    faults += 1
    if faults <= 20:
        print(text)


def equal(what, a, b):
    if a != b:
        fault(f"{what}: {a}, not {b}")


def records_of(trace, kind):
    with open(trace, encoding="utf-8") as f:
        return [r for r in map(json.loads, f) if r["type"] == kind]


def calls_of(trace):
    return records_of(trace, "call")


def tid_of(r):
    return r["process"]["tid"] if r["process"] else 0


def ends(r):
    return r["time_ns"] + (r["duration_ns"] or 0)


def unquote(text):
    """The bytes of strace's string, or None."""
    m = re.match(r'"((?:[^"\\]|\\.)*)"', text or "", re.S)
    if not m:
        return None
    names = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
    out = bytearray()
    for part in re.findall(r"\\[0-7]{1,3}|\\x[0-9a-f]{2}|\\.|[^\\]", m[1],
                           re.S):
        if part[0] != "\\":
            out += part.encode()
        elif part[1] in "01234567":
            out.append(int(part[1:], 8))
        elif part[1] == "x":
            out.append(int(part[2:], 16))
        else:
            out.append(names.get(part[1], ord(part[1])))
    return bytes(out)


def tshark(*args):
    r = subprocess.run(["tshark", *args], capture_output=True, text=True)
    if r.returncode:
        fault(f"tshark ended with {r.returncode}: {r.stderr[-300:]}")
    return r.stdout


def event_names():
    """tshark's own names of event types, and of sysdig's numbers of calls."""
    types, codes = {}, {}
    for line in tshark("-G", "values").splitlines():
        f = line.split("\t")
        if f[:2] == ["V", "sysdig.event_type"]:
            types[int(f[2])] = f[3]
        elif f[:2] == ["V", "sysdig.param.syscall.nativeID"]:
            codes[int(f[2])] = f[3]
    # A slip in Wireshark: it is vhangup.
    codes[68] = "vhangup"
    return types, codes


def check_pcapng(trace, file):
    types, codes = event_names()
    # What bpf's event needs is not known; its number is above those of 4.0.
    known = (set(types.values()) | set(codes.values())) - {"bpf"}
    fields = ["frame.time_epoch", "sysdig.cpu_id", "sysdig.thread_id",
              "sysdig.event_type", "sysdig.param.syscall.ID",
              "sysdig.param.syscall.nativeID", "sysdig.param.openat2.name",
              "sysdig.param.openat2.fd", "_ws.malformed"]
    out = tshark("-r", file, "-T", "fields",
                 *sum((["-e", f] for f in fields), []))
    # tshark's numbers of calls end at 313: what is newer has no name there.
    expected = collections.Counter()
    numbers = set()
    opened = collections.Counter()
    for r in calls_of(trace):
        name = SAME.get(r["call"], r["call"])
        name = name if name in known else None
        who = (r["vcpu"], tid_of(r))
        expected[(r["time_ns"], *who, 0, name)] += 1
        numbers.add((r["time_ns"], tid_of(r), r["nr"]))
        if r["ret"] is not None:
            expected[(ends(r), *who, 1, name)] += 1
            if r["call"] == "openat":
                path = unquote(r["args"]["filename"]["text"])
                path = b"<NA>" if path is None else path.split(b"\0")[0]
                opened[(ends(r), path + b"\0", str(r["ret"]))] += 1
    # sysdig's own: a pair where lines are lost, signals, ends of threads.
    seen = collections.Counter()
    own = collections.Counter({148: len(records_of(trace, "lost")),
                               149: len(records_of(trace, "lost"))})
    own[232] = len(records_of(trace, "signal"))
    own[186] = sum(r["how"] != "superseded" for r in records_of(trace, "exit"))
    typed = last = 0
    lines = out.splitlines()
    for line in lines:
        time, cpu, tid, event, code, nr, path, fd, bad = line.split("\t")
        time = int(time.replace(".", ""))
        event, cpu, tid = int(event), int(cpu), int(tid)
        if bad:
            fault(f"malformed: {line}")
        if time < last:
            fault(f"{time} comes after {last}")
        last = time
        if event in own:
            own[event] -= 1
            continue
        if event > 1:
            typed += 1
            name = types[event]
        else:
            name = codes.get(int.from_bytes(bytes.fromhex(code), "little"))
            name = name if name in known else None
            if nr and (time, tid, int(nr)) not in numbers:
                fault(f"no call {nr} of {tid} at {time}")
        seen[(time, cpu, tid, event & 1, name)] += 1
        if event == 307:
            opened[(time, bytes.fromhex(path), fd)] -= 1
    for item in list((expected - seen) | (seen - expected))[:10]:
        fault(f"{item}: {seen[item]} times, not {expected[item]}")
    for item in [i for i, n in opened.items() if n][:10]:
        fault(f"opened file {item}: {opened[item]} too few")
    equal("sysdig's own events that are missing", any(own.values()), False)
    print(f"events={len(lines)}")
    print(f"typed={typed}")


def check_sysdig(trace, file):
    calls = calls_of(trace)
    lines = Path(file).read_text(errors="replace").splitlines()
    expected, got = collections.Counter(), collections.Counter()
    names = collections.defaultdict(set)
    unnamed = 0
    for r in calls:
        expected[(r["time_ns"], tid_of(r), ">")] += 1
        names[(r["time_ns"], tid_of(r))].add(SAME.get(r["call"], r["call"]))
        if r["ret"] is not None:
            expected[(ends(r), tid_of(r), "<")] += 1
    for line in lines:
        time, tid, way, name = line.split(" ", 4)[:4]
        if name in ("signaldeliver", "procexit"):
            continue
        got[(int(time), int(tid), way)] += 1
        if way == ">" and name.startswith("<unknown"):
            unnamed += 1
        elif way == ">" and name not in names[(int(time), int(tid))]:
            fault(f"sysdig sees {name}, not {names[(int(time), int(tid))]}")
    for item in list((expected - got) | (got - expected))[:10]:
        fault(f"{item}: {got[item]} times, not {expected[item]}")
    print(f"events={len(lines)}")
    print(f"unnamed={unnamed}")


def check_schema(data):
    import jsonschema
    schema = json.loads((HERE / "perfetto.schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    for error in list(validator.iter_errors(data))[:5]:
        best = jsonschema.exceptions.best_match([error])
        fault(f"{list(error.absolute_path)}: {best.message[:200]}")


def check_perfetto(trace, file):
    text = Path(file).read_text(encoding="utf-8")
    data = json.loads(text)
    check_schema(data)
    events = data["traceEvents"]
    names, ids = set(), {}
    own = collections.Counter({k: len(records_of(trace, k))
                               for k in ("lost", "signal", "exit")})
    slices = collections.defaultdict(list)
    last = 0
    start = int(data["otherData"]["start_ns"])
    by_seq = {r["seq"]: r for r in calls_of(trace)}
    # Times as text has them: a double has not enough digits for some.
    times = {int(m[1]): int(m[2] + m[3]) for m in re.finditer(
        r'"args":{"seq":(\d+)[,}].*"ts":(\d+)\.(\d{3})}', text)}
    for e in events:
        track = (e["pid"], e["tid"])
        if e["ph"] == "M":
            names.add((e["name"], *track))
            continue
        if e["ts"] < last:
            fault(f"{e} comes too late")
        last = e["ts"]
        if e["cat"] in own:
            own[e["cat"]] -= 1
            continue
        r = by_seq.pop(e["args"]["seq"], None)
        if not r:
            fault(f"{e} is not in the trace, or twice")
            continue
        equal("name", e["name"], r["call"] or f"syscall_{r['nr']}")
        equal("error", e["cat"] == "syscall,error", r["errno"] is not None)
        equal("kind", e["ph"] == "X", r["duration_ns"] is not None)
        equal("time", times[r["seq"]] + start, r["time_ns"])
        if e["ph"] == "X":
            equal("duration", round(e["dur"] * 1000), r["duration_ns"])
        slices[track].append(e)
        if ("thread_name", *track) not in names:
            fault(f"thread {track} has no name")
        if r["process"]:
            key = r["process"]["key"]
            equal(f"whose {e['pid']} is", ids.setdefault(e["pid"], key), key)
            if r["process"]["tid"] == r["process"]["pid"]:
                equal("main thread", e["tid"], e["pid"])
                if ("process_name", e["pid"], e["pid"]) not in names:
                    fault(f"process {e['pid']} has no name")
    equal("calls that are missing", len(by_seq), 0)
    equal("other events that are missing", any(own.values()), False)
    # On one track, one call ends before the next begins.
    for track, list_ in slices.items():
        end = 0
        for e in list_:
            if e["ts"] < end - 0.0005:
                fault(f"{track}: calls overlap at {e['ts']}")
            end = max(end, e["ts"] + e.get("dur", 0))
    print(f"events={len(events)}")
    print(f"tracks={len(slices)}")


def check_table():
    """events.c against calls.in: a wrong name would give zeros."""
    kinds = collections.defaultdict(dict)
    for line in (ROOT / "plugin/decode/calls.in").read_text().splitlines():
        m = re.match(r"(?:i386:)?([a-z0-9_|]+):(.*?)(->|$)", line)
        if m:
            for name in m[1].split("|"):
                for arg, kind in re.findall(r"(\w+)=(\w+)", m[2]):
                    kinds[name].setdefault(arg, kind)
    text = (ROOT / "plugin/tools/convert/events.c").read_text()
    rows = re.findall(
        r'\{ "([a-z0-9_ ]+)", (\d+),\s*"([^"]*)",\s*"([^"]*)" \}', text)
    lines = re.search(r"rows\[\] = \{(.*?)\n\};", text, re.S)[1]
    equal("rows that could be read", len(rows), lines.count('{ "'))
    types = collections.Counter()
    for names, number, enter, exit_ in rows:
        types[number] += 1
        equal(f"{names}: the type is even", int(number) % 2, 0)
        for name in names.split():
            for param in (enter + " " + exit_).split():
                how, _, arg = param.partition(":")
                if arg and not re.fullmatch(KINDS.get(how, ".+"),
                                            kinds[name].get(arg, "")):
                    fault(f"{name} has no argument {arg} for {param}")
    for number, n in types.items():
        # dup and dup2 name their argument differently.
        if n > 1 and number != "124":
            fault(f"{number} stands {n} times")
    print(f"rows={len(rows)}")


def main():
    what, *files = sys.argv[1:]
    {"pcapng": check_pcapng, "perfetto": check_perfetto,
     "sysdig": check_sysdig, "table": check_table}[what](*files)
    print(f"faults={faults}")
    sys.exit(bool(faults))


main()
