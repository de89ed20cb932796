#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""act_check.py ACTOR DIR ACCEL: an analyzer kills, pauses and tells.

The guest runs tests/guest/act.  Ends with a sentence and 1 when what QMP and
the guest saw is not what should have happened.
"""
import re
import sys
import os

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
from qmp import Machine, QmpError  # noqa: E402

SYMLINKAT = 266


def check(what, good):
    if not good:
        sys.exit("act: " + what)


def main():
    actor, folder, accel = sys.argv[1:]
    with Machine(folder, "act", ["-plugin", actor +
                                 ",kill=mknodat,pause=symlinkat,event=rmdir"],
                 accel=accel) as vm:
        vm.event("FRAIL_ARMED")
        report = vm.event("FRAIL_REPORT")["data"]
        paused = vm.event("FRAIL_PAUSED")["data"]
        vm.event("STOP")
        check("it is not paused", vm.command("query-status")["status"] ==
              "paused")
        # The guest stands at its kernel's entry, and has not run on.
        registers = vm.human("info registers")
        rax = int(re.search(r"RAX=(\w+)", registers).group(1), 16)
        check("the call has happened: RAX=%#x" % rax, rax == SYMLINKAT)
        check("its CPL is not 0", "CPL=0" in registers)
        vm.command("cont")
        vm.finish()
    with open(os.path.join(folder, "out", "act"), encoding="utf-8") as source:
        told = dict(line.split() for line in source)
    want = {"killed": "9", "container": str(137 << 8),
            "contained": str(42 << 8), "pid": told.get("pid"), "linked": "0"}
    check("the guest says %s" % told, told == want)
    check("the report is %s" % report,
          report["analyzer"] == "actor" and report["kind"] == "seen" and
          report["call"] == "rmdir" and report["comm"] == "rmdir" and
          report["pid"] == int(told["pid"]) and
          report["data"]["path"] == "/tmp/none")
    check("the pause is %s" % paused,
          paused["reason"] == "actor says so" and paused["comm"] == "ln" and
          paused["call"] == "symlinkat")


if __name__ == "__main__":
    try:
        main()
    except QmpError as err:
        sys.exit("act: %s" % err)
