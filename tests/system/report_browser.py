#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""report_browser.py HOSTILE MANY REAL DIR: three reports in a real browser.

HOSTILE is of trace_make.py's hostile trace, MANY of its many processes, REAL
of a guest.  Screenshots are left in DIR.  Prints a fault a line, and figures.
Exits with 77 where there is no browser.
"""
import json
import os
import sys
from pathlib import Path

from browser import Browser, find
from trace_make import HOSTILE

SECTIONS = ["findings", "timeline", "calls", "processes", "files", "addresses",
            "slow"]
DRAWN = ("new Promise(r => requestAnimationFrame(() => "
         "requestAnimationFrame(r)))")
faults = []


def fault(text):
    faults.append(text)
    print(text)


def equal(what, a, b):
    if a != b:
        fault(f"{what}: {a}, not {b}")


def usual(b, name):
    """What holds of every report."""
    for section in SECTIONS:
        if b.run(f"$('{section}').children.length") < 2:
            fault(f"{name}: nothing in {section}")
    if b.run("document.documentElement.scrollWidth > innerWidth"):
        fault(f"{name}: wider than the window")
    equal(f"{name}: lanes", b.run("document.querySelectorAll('.lane').length"),
          min(25, b.run("data.processes.length")))
    # Something is drawn in the first lane.
    if not b.run("(() => { const c = document.querySelector('.lane canvas');"
                 "return c.getContext('2d').getImageData(0, 0, c.width,"
                 "c.height).data.some(x => x); })()"):
        fault(f"{name}: the first lane is empty")


def check_hostile(b, file):
    b.open("file://" + file)
    usual(b, "hostile")
    b.run("document.querySelectorAll('button').forEach(x => "
          "x.textContent.startsWith('Show') && x.click())")
    for i in range(len(HOSTILE)):
        b.run(f"showProcess(data.processes[{i}])")
        b.run("$('detail').close()")
    if b.run("window.hacked"):
        fault("a script of the trace's has run")
    allowed = {"HTML", "HEAD", "META", "TITLE", "STYLE", "BODY", "HEADER",
               "DIV", "SPAN", "NAV", "A", "BUTTON", "MAIN", "NOSCRIPT", "P",
               "H1", "H2", "H3", "SECTION", "FOOTER", "DIALOG", "SCRIPT",
               "TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "B", "I", "UL",
               "LI", "DL", "DT", "DD", "CANVAS", "INPUT", "SELECT", "OPTION"}
    tags = set(json.loads(b.run("JSON.stringify([...document."
                                "querySelectorAll('*')].map(e => e.tagName))")))
    if tags - allowed:
        fault(f"the trace has made {tags - allowed}")
    for bad in HOSTILE[:6]:
        if not b.run("document.body.innerText.includes(" + json.dumps(bad) +
                     ")"):
            fault(f"{bad!r} is not shown as it is")


def check_policy(b, file, directory):
    """A script that gets into the page all the same does not run."""
    text = Path(file).read_text(encoding="utf-8").replace(
        "</main>", "</main><script>window.hacked=1</script>"
        "<img src=http://127.0.0.1:9/x onerror=window.hacked=1>", 1)
    other = Path(directory) / "policy.html"
    other.write_text(text, encoding="utf-8")
    before = len(b.problems)
    b.open(f"file://{other}")
    if b.run("window.hacked"):
        fault("the content security policy lets a foreign script run")
    refused = [p for p in b.problems[before:] if "Content Security" in p]
    if len(refused) < 2:
        fault("the content security policy refuses nothing: " +
              str(b.problems[before:]))
    b.problems[before:] = []
    other.unlink()


def check_many(b, file, directory):
    b.open("file://" + file)
    usual(b, "many")
    equal("processes", b.run("data.processes.length"), 1000)
    equal("rows of the tree",
          b.run("document.querySelectorAll('#processes tbody tr').length"), 60)
    # All of them, and the page still answers.
    b.run("for (let i = 0; i < 9; i++) document.querySelectorAll("
          "'#processes > button, #timeline .lanes > button')"
          ".forEach(x => x.hidden || x.click())")
    b.run(DRAWN)
    equal("rows of the whole tree",
          b.run("document.querySelectorAll('#processes tbody tr').length"),
          1000)
    equal("all lanes", b.run("document.querySelectorAll('.lane').length"),
          1000)
    b.run("(() => { const i = document.querySelector('.lanes input');"
          "i.value = 'worker-7'; i.dispatchEvent(new Event('input')); })()")
    equal("lanes that were searched for",
          b.run("document.querySelectorAll('.lane').length"), 20)
    b.run("window.scrollTo(0, 0)")
    b.screenshot(f"{directory}/many.png")


def check_real(b, file, directory):
    b.open("file://" + file, 1280, 1000)
    usual(b, "real")
    b.screenshot(f"{directory}/report.png")
    for name in ("timeline", "processes"):
        b.run(f"$('{name}').scrollIntoView()")
        b.run(DRAWN)
        b.screenshot(f"{directory}/{name}.png")
    # Sorting: the names of calls from a to z, then back.
    head = "document.querySelectorAll('#calls th')[0]"
    cell = "document.querySelector('#calls td').textContent"
    names = sorted(json.loads(b.run("JSON.stringify(data.calls.map(c => "
                                    "c[0]))")))
    b.run(head + ".click()")
    equal("first name", b.run(cell), names[0])
    b.run(head + ".click()")
    equal("last name", b.run(cell), names[-1])
    # A process, by a click on its lane.
    b.run("document.querySelector('.lane').click()")
    equal("the dialog", b.run("$('detail').open"), True)
    b.run(DRAWN)
    b.screenshot(f"{directory}/process.png")
    b.run("$('detail').close()")
    # A subtree that is closed.
    rows = "document.querySelectorAll('#processes tbody tr').length"
    before = b.run(rows)
    b.run("document.querySelector('.twig button').click()")
    if b.run(rows) >= before:
        fault("a subtree cannot be closed")
    b.open("file://" + file, 1280, 1000, dark=True)
    usual(b, "dark")
    equal("dark background",
          b.run("getComputedStyle(document.body).backgroundColor"),
          "rgb(16, 21, 28)")
    b.screenshot(f"{directory}/dark.png")
    b.run("$('theme').click()")
    equal("light background",
          b.run("getComputedStyle(document.body).backgroundColor"),
          "rgb(246, 247, 249)")
    b.open("file://" + file, 400, 1200)
    usual(b, "narrow")
    b.screenshot(f"{directory}/narrow.png")


def main():
    hostile, many, real, directory = map(os.path.abspath, sys.argv[1:5])
    if not find():
        print("no chromium here")
        sys.exit(77)
    with Browser() as b:
        check_hostile(b, hostile)
        check_policy(b, hostile, directory)
        check_many(b, many, directory)
        check_real(b, real, directory)
        for problem in b.problems:
            fault(problem)
    print(f"faults={len(faults)}")
    sys.exit(bool(faults))


main()
