#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Does the ph analyzer tell normal runs from attacks?

Of four runs of tests/guest/ph with mode=test: of normal runs no anomaly may be
told; of the attack each hole must be told of, in time; when anomalies are
refused, or their processes killed, neither attacker may get what was wanted.

Prints lines PROGRAM KEY=VALUE... for the figures, and what is wrong.
"""
import argparse
import re
import sys

BOARD, DASH = "/srv/cgi-bin/board", "/usr/bin/dash"
# Those that do the same each time they get the same data: the server's child
# and its shell, and real programs of Debian.
JUDGED = (BOARD, DASH, "/usr/bin/grep", "/usr/bin/sort", "/usr/bin/tar",
          "/usr/bin/ls")
# What the attackers want to see, and which program lets them.
SECRET = "root:secret"
ATTACKS = {"overflow": BOARD, "inject": DASH}
# The bytes of the overflow are in the program after some 20 calls.  The shell
# that is told too much begins with that after the 56 that each shell makes.
LATEST = {"overflow": 50, "inject": 80}
# What the attacker's own code does first that an honest process does not.
OWN_CALL = {"overflow": "execve", "inject": "vfork"}
FIELD = re.compile(r'([a-z-]+)=("[^"]*"|\S*)')


def read_log(path):
    """[(kind, {key: value})]"""
    lines = []
    with open(path, encoding="ascii") as source:
        for line in source:
            kind, _, rest = line.rstrip("\n").partition(" ")
            fields = {key: value.strip('"')
                      for key, value in FIELD.findall(rest)}
            lines.append((kind, fields))
    return lines


def sums(log):
    return {fields["program"]: fields for kind, fields in log
            if kind == "sum"}


def anomalies(log, program, pid=None):
    return [fields for kind, fields in log if kind == "anomaly" and
            fields["program"] == program and pid in (None, fields["pid"])]


def check_normal(log, runs):
    """What is wrong with the log of @runs normal runs."""
    wrong, found = [], sums(log)
    if not log or log[-1][0] != "end":
        return ["the log has no end"]
    for key in ("unknown-callers", "unknown-programs", "evicted-threads"):
        if log[-1][1][key] != "0":
            wrong.append("%s=%s" % (key, log[-1][1][key]))
    for program in JUDGED:
        have = found.get(program)
        if not have or have["state"] != "testing" or \
                int(have["runs"]) < runs:
            wrong.append("%s did not run %d times" % (program, runs))
            continue
        false = len(anomalies(log, program))
        if false or have["anomalies"] != "0":
            wrong.append("%s: %d anomalies in normal runs" % (
                program, max(false, int(have["anomalies"]))))
    return wrong


def owner(text):
    """The process that the attacker has got, as the attacker sees it."""
    match = re.search(r"^owned (\d+)$", text, re.M)
    return match.group(1) if match else None


def first_calls(log, answers):
    """{attack: the call, from its program's start on, that is told first}"""
    first = {}
    for attack, program in ATTACKS.items():
        pid = owner(answers[attack])
        told = anomalies(log, program, pid) if pid else []
        first[attack] = int(told[0]["n"]) if told else None
    return first


def check_attack(log, answers):
    wrong, first = [], first_calls(log, answers)
    for attack, program in ATTACKS.items():
        if SECRET not in answers[attack] or not owner(answers[attack]):
            wrong.append("%s does not work: there was nothing to find" %
                         attack)
        elif first[attack] is None:
            wrong.append("%s was not told of" % attack)
        elif first[attack] > LATEST[attack]:
            wrong.append("%s was told of after %d calls" % (
                attack, first[attack]))
        elif OWN_CALL[attack] not in [
                fields["call"] for fields in
                anomalies(log, program, owner(answers[attack]))]:
            wrong.append("%s: %s was not told of" % (
                attack, OWN_CALL[attack]))
    return wrong


def check_stopped(log, answers, how):
    wrong = []
    for attack, program in ATTACKS.items():
        if SECRET in answers[attack] or owner(answers[attack]):
            wrong.append("%s got what it wanted in spite of %s" % (
                attack, how))
        if not any(how in fields["did"].split(",")
                   for fields in anomalies(log, program)):
            wrong.append("%s: no %s" % (program, how))
    return wrong


def read_answers(directory):
    answers = {}
    for attack in ATTACKS:
        with open("%s/out/%s" % (directory, attack), encoding="ascii",
                  errors="replace") as source:
            answers[attack] = source.read()
    return answers


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    for name in ("normal", "attack", "refused", "killed"):
        parser.add_argument(name, help="directory of that run")
    opts = parser.parse_args()
    normal = read_log(opts.normal + "/frail.ph")
    attack = read_log(opts.attack + "/frail.ph")
    answers = read_answers(opts.attack)
    wrong = check_normal(normal, opts.runs) + check_attack(attack, answers)
    for directory, how in ((opts.refused, "refuse:EPERM"),
                           (opts.killed, "kill")):
        wrong += check_stopped(read_log(directory + "/frail.ph"),
                               read_answers(directory), how)
    first = first_calls(attack, answers)
    by_program = {program: first[name] for name, program in ATTACKS.items()}
    for program, have in sorted(sums(normal).items()):
        call = by_program.get(program, "-")
        print("%s execs=%s calls=%s false_positives=%s by_windows=%s "
              "detected=%s first_call=%s" % (
                  program, have["runs"], have["calls"], have["by-pairs"],
                  have["by-windows"],
                  "-" if call == "-" else "no" if call is None else "yes",
                  "-" if call is None else call))
    for one in wrong:
        print("wrong: " + one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
