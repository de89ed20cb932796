#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""report_images.py PAGE DIR: the screenshots of docs/report.md, of a report."""
import os
import sys

from browser import Browser

DRAWN = ("new Promise(r => requestAnimationFrame(() => "
         "requestAnimationFrame(r)))")


def shoot(b, file, at=None):
    if at:
        b.run(f"$('{at}').scrollIntoView()")
    b.run(DRAWN)
    b.screenshot(file)


def main():
    page, directory = sys.argv[1:]
    url = "file://" + os.path.abspath(page)
    with Browser() as b:
        b.open(url, 1200, 760)
        shoot(b, f"{directory}/report-top.png")
        shoot(b, f"{directory}/report-timeline.png", "timeline")
        b.open(url, 1200, 760, dark=True)
        shoot(b, f"{directory}/report-processes-dark.png", "processes")
        b.open(url, 400, 760)
        shoot(b, f"{directory}/report-narrow.png", "timeline")
        b.open(url, 1200, 760)
        b.run("document.querySelectorAll('.lane')[1].click()")
        shoot(b, f"{directory}/report-process.png")


main()
