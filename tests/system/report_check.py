#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""report_check.py TRACE PAGE [--hostile|--odd]: is the page whole, alone and
harmless, and do its figures equal those of the trace?

With --hostile or --odd the page is of that trace of trace_make.py.  Prints
figures as KEY=VALUE, and each fault as a line of its own.
"""
import collections
import json
import re
import sys
from html.parser import HTMLParser

# A page needs these, and has no others that a trace could have brought.
TAGS = {"html", "head", "meta", "title", "style", "body", "header", "div",
        "span", "nav", "a", "button", "main", "noscript", "p", "h1", "h2",
        "section", "footer", "dialog", "script"}

faults = []


def fault(text):
    faults.append(text)
    print(text)


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.scripts = []
        self.title = ""
        self.at = None

    def handle_starttag(self, tag, attrs):
        self.at = tag
        if tag not in TAGS:
            fault(f"the page has a <{tag}>")
        for name, value in attrs:
            if name.startswith("on"):
                fault(f"<{tag}> has an attribute {name}")
            if name in ("src", "href") and not value.startswith("#"):
                fault(f"<{tag}> refers to {value}")
        if tag == "script":
            self.scripts.append([dict(attrs), ""])

    def handle_endtag(self, tag):
        self.at = None

    def handle_data(self, text):
        if self.at == "script":
            self.scripts[-1][1] += text
        elif self.at == "title":
            self.title += text


def visible(s):
    """As trace_display() has it, for what is valid UTF-8."""
    out = ""
    for c in s:
        n = ord(c)
        if n < 32 or n == 127:
            out += f"\\x{n:02x}"
        elif 0x80 <= n < 0xa0 or c == "\u00ad" or re.match(
                "[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", c):
            out += f"\\u{n:04x}"
        else:
            out += c
    return out


def check_page(file):
    text = open(file, encoding="utf-8").read()
    page = Page()
    page.feed(text)
    page.close()
    if len(page.scripts) != 2:
        fault(f"the page has {len(page.scripts)} scripts, not 2")
        return None
    if page.scripts[0][0].get("type") != "application/json":
        fault("the first script is not the data")
    if "Content-Security-Policy" not in text.split("<style>")[0]:
        fault("no content security policy")
    if re.search(r"https?://|//[a-z]+\.[a-z]", text.replace(
            page.scripts[0][1], "")):
        fault("the page names an address of the network")
    if re.search(r"\b(innerHTML|outerHTML|insertAdjacentHTML|eval|"
                 r"document\.write|new Function)\b(?!;)", re.sub(
                     r"//.*", "", page.scripts[1][1])):
        fault("the script makes HTML or code of text")
    if "<" in page.scripts[0][1]:
        fault("there is a < in the data")
    return json.loads(page.scripts[0][1])


def check_figures(trace, data):
    calls = collections.Counter()
    errors = collections.Counter()
    ns = collections.Counter()
    of = collections.defaultdict(collections.Counter)
    ends = {}
    times = collections.defaultdict(list)
    opened = collections.Counter()
    lost = 0
    first = 1 << 63
    for line in open(trace, encoding="utf-8"):
        r = json.loads(line)
        if r["type"] == "lost":
            lost += r["lost"]
        if r["type"] in ("signal", "exit"):
            of[r["process"]["key"]]
        if r["type"] == "exit" and r["process"]["tid"] == r["process"]["pid"]:
            ends[r["process"]["key"]] = {
                "exited": f"exit {r.get('status')}",
                "killed": f"killed by {r.get('name')}" +
                          (", core dumped" if r.get("core") else ""),
            }.get(r["how"])
        if r["type"] != "call":
            continue
        name = r["call"] or f"syscall_{r['nr']}"
        calls[name] += 1
        errors[name] += r["errno"] is not None
        ns[name] += r["duration_ns"] or 0
        if r["process"]:
            of[r["process"]["key"]][name] += 1
            times[r["process"]["key"]].append(r["time_ns"])
        first = min(first, r["time_ns"])
        m = re.match(r"\d+<(/[^<>\\]*)>", r["ret_text"] or "")
        if name in ("open", "openat", "openat2", "creat") and m and \
                r["errno"] is None:
            opened[m[1]] += 1
    print(f"calls={sum(calls.values())}")
    print(f"processes={len(of)}")

    def equal(what, a, b):
        if a != b:
            fault(f"{what}: {a} in the page, {b} in the trace")

    equal("calls", data["calls_all"], sum(calls.values()))
    equal("errors", data["errors_all"], sum(errors.values()))
    equal("lost", data["lost"], lost)
    equal("processes", len(data["processes"]), len(of))
    rows = {c[0]: c for c in data["calls"]}
    equal("names of calls", sorted(rows), sorted(calls))
    for name, n in calls.items():
        if name in rows:
            equal(name, rows[name][2:5], [n, errors[name], ns[name]])
            equal(name + "'s errors", sum(e[1] for e in rows[name][8]),
                  errors[name])
    base = first - data["first"]
    for p in data["processes"]:
        mine = of[p["key"]]
        line = collections.Counter((t - base) // data["width"]
                                   for t in times[p["key"]])
        equal(f"time line of {p['key']}",
              dict(zip(p["line"][0::3], p["line"][1::3])), dict(line))
        equal(f"calls of {p['key']}", p["calls"], sum(mine.values()))
        if p["key"] in ends:
            equal(f"the end of {p['key']}", p["end"], ends[p["key"]])
        equal(f"errors of {p['key']}", sum(p["line"][2::3]), p["errors"])
        for index, n, *_ in p["top"]:
            name = data["calls"][index][0]
            equal(f"{name} of {p['key']}", n, mine[name])
    equal("time line", sum(map(sum, data["lines"])), data["calls_all"])
    equal("time line's errors", sum(data["lineErrors"]), data["errors_all"])
    files = {f[0]: f for f in data["files"]}
    for path, n in opened.items():
        if path in files:
            equal(path, files[path][2], n)
        elif data["filesAll"] <= len(data["files"]):
            fault(f"{path} was opened and is not among the files")
    # A parent's number is that of an earlier process, so there is no circle.
    for i, p in enumerate(data["processes"]):
        if not -1 <= p["parent"] < i:
            fault(f"process {i} has the parent {p['parent']}")
        elif p["parent"] >= 0 and \
                data["processes"][p["parent"]]["pid"] != p["ppid"]:
            fault(f"{p['key']} has the wrong parent")


def check_hostile(data):
    sys.path.insert(0, __file__.rsplit("/", 1)[0])
    import trace_make
    comms = {p["comm"] for p in data["processes"]}
    paths = {f[0] for f in data["files"]}
    for bad in trace_make.HOSTILE:
        if not any(c and visible(bad[:200]).startswith(c[:150])
                   for c in comms):
            fault(f"no process is called {bad[:40]!r}")
        if len(bad) < 1000 and visible("/" + bad) not in paths:
            fault(f"no file is called {bad[:40]!r}")


def check_odd(data):
    """Whose child is whose, and what stands out."""
    p = data["processes"]
    parents = {x["key"]: p[x["parent"]]["key"] if x["parent"] >= 0 else None
               for x in p}
    want = {"7@7000": None, "7@900000": None, "8@8000": "7@7000",
            "11@11000": "7@900000", "10@1": None, "20@5": None, "21@5": "20@5",
            "22@5": None}
    for key, parent in want.items():
        if parents.get(key) != parent:
            fault(f"the parent of {key} is {parents.get(key)}, not {parent}")
    by_key = {x["key"]: x for x in p}
    for key, end in (("7@900000", "probably killed"), ("40@40000", None),
                     ("41@41000", "killed by an analyzer"),
                     ("8@8000", "exit 3"),
                     ("9@9000", "killed by SIGSEGV, core dumped")):
        if by_key[key]["end"] != end:
            fault(f"{key} ended with {by_key[key]['end']}, not {end}")
    if by_key["7@900000"]["threads"] != 3:
        fault("threads are not counted")
    if data["unknown"] != 3 or data["other"] != 1:
        fault(f"unknown callers: {data['unknown']}, others: {data['other']}")
    if by_key["42@42000"]["comm"] != "\\xff\\xe4":
        fault(f"bytes are shown as {by_key['42@42000']['comm']}")
    rules = sorted((h["rule"], h["count"]) for h in data["hits"])
    if by_key["8@8000"]["signals"] != 1:
        fault("signals are not counted")
    if rules != [("crash", 1), ("gone", 1), ("no-call", 1), ("refused", 2)]:
        fault(f"findings are {rules}")
    if not any(f[0] == "/tmp/a/../b" and f[6] == 1 for f in data["files"]):
        fault("a relative path is not put together")


def main():
    data = check_page(sys.argv[2])
    if data:
        if "--hostile" in sys.argv:
            check_hostile(data)
        else:
            check_figures(sys.argv[1], data)
        if "--odd" in sys.argv:
            check_odd(data)
        print(f"findings={len(data['hits'])}")
    print(f"faults={len(faults)}")
    sys.exit(bool(faults))


main()
