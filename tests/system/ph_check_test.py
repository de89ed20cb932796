#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""ph_check.py refuses what an analyzer that is broken would write."""
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import ph_check     # noqa: E402

END = ("end", {"unknown-callers": "0", "unknown-programs": "0",
               "evicted-threads": "0"})
ANSWERS = {"overflow": "x\nowned 7\nroot:secret\n",
           "inject": "0\nowned 9\nroot:secret\n"}
NOTHING = {"overflow": "", "inject": "0\n"}


def total(program, runs="60", anomalies="0", state="testing"):
    return ("sum", {"program": program, "runs": runs, "state": state,
                    "anomalies": anomalies})


def anomaly(program, pid="7", n="22", did="log", call="execve"):
    return ("anomaly", {"program": program, "pid": pid, "n": n, "did": did,
                        "call": call})


class Normal(unittest.TestCase):
    def setUp(self):
        self.log = [total(one) for one in ph_check.JUDGED] + [END]

    def wrong(self):
        return ph_check.check_normal(self.log, 20)

    def test_good(self):
        self.assertEqual(self.wrong(), [])

    def test_flags_everything(self):
        self.log.insert(0, anomaly(ph_check.BOARD))
        self.assertTrue(self.wrong())

    def test_counts_what_it_does_not_tell(self):
        self.log[0] = total(ph_check.BOARD, anomalies="1")
        self.assertTrue(self.wrong())

    def test_does_not_test(self):
        self.log[0] = total(ph_check.BOARD, state="training")
        self.assertTrue(self.wrong())

    def test_does_not_see_runs(self):
        self.log[0] = total(ph_check.BOARD, runs="19")
        self.assertTrue(self.wrong())
        del self.log[0]
        self.assertTrue(self.wrong())

    def test_ends_early(self):
        del self.log[-1]
        self.assertTrue(self.wrong())


class Attack(unittest.TestCase):
    def setUp(self):
        self.log = [anomaly(ph_check.BOARD),
                    anomaly(ph_check.DASH, "9", call="vfork")]

    def wrong(self, answers=None):
        return ph_check.check_attack(self.log, answers or ANSWERS)

    def test_good(self):
        self.assertEqual(self.wrong(), [])

    def test_flags_nothing(self):
        self.log = []
        self.assertEqual(len(self.wrong()), 2)

    def test_flags_others(self):
        self.log[0] = anomaly(ph_check.BOARD, "8")
        self.assertEqual(len(self.wrong()), 1)

    def test_flags_late(self):
        self.log[0] = anomaly(ph_check.BOARD, n="51")
        self.assertEqual(len(self.wrong()), 1)

    def test_flags_what_is_before_it(self):
        self.log[0] = anomaly(ph_check.BOARD, call="write")
        self.assertEqual(len(self.wrong()), 1)

    def test_no_attack(self):
        self.assertEqual(len(self.wrong(NOTHING)), 2)


class Stopped(unittest.TestCase):
    def setUp(self):
        self.log = [anomaly(one, did="log,refuse:EPERM")
                    for one in ph_check.ATTACKS.values()]

    def wrong(self, answers, how="refuse:EPERM"):
        return len(ph_check.check_stopped(self.log, answers, how))

    def test_good(self):
        self.assertEqual(self.wrong(NOTHING), 0)

    def test_got_it(self):
        self.assertEqual(self.wrong(ANSWERS), 2)

    def test_does_something_else(self):
        self.assertEqual(self.wrong(NOTHING, "kill"), 2)

    def test_does_nothing(self):
        self.log = [anomaly(one) for one in ph_check.ATTACKS.values()]
        self.assertEqual(self.wrong(NOTHING), 2)


if __name__ == "__main__":
    unittest.main()
