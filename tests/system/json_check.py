#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Is what the json analyzer wrote what docs/frail-json.schema.json says?

Every line must be JSON without double keys, and no call may come twice.  The
schema, which takes a millisecond for a line, is asked for every kind of line
and for one in --every others.  With --raw, what frail-strace wrote of the same
run with format=raw must say the same.  Prints KEY=VALUE lines: how many there
are.  Exits with 77 when python3-jsonschema is not installed.
"""
import argparse
import collections
import json
import os
import sys

try:
    import jsonschema
except ImportError:
    print("json_check: python3-jsonschema is not installed")
    sys.exit(77)

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../docs/frail-json.schema.json")


def no_doubles(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key comes twice")
    return result


def no_constants(name):
    raise ValueError("%s is not JSON" % name)


def shape(value):
    """What lines of one kind have in common: keys and types."""
    if isinstance(value, dict):
        return tuple((k, shape(v)) for k, v in value.items())
    return type(value).__name__


def kind_of(record):
    return (record.get("call"), record.get("outcome"), record.get("how"),
            shape(record))


class Checker:
    def __init__(self, every):
        with open(SCHEMA, encoding="ascii") as source:
            schema = json.load(source)
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)
        self.every = every
        self.kinds = set()
        self.seen = {}
        self.sums = collections.OrderedDict.fromkeys(
            ("lines", "calls", "signals", "exits", "validated", "known", "decoded", "unreadable",
             "late", "double", "lost", "missing", "extra", "different"), 0)

    def check(self, line):
        if not line.endswith(b"\n"):
            raise ValueError("the line is cut off")
        record = json.loads(line.decode("utf-8"),
                            object_pairs_hook=no_doubles,
                            parse_constant=no_constants)
        sums = self.sums
        kind = kind_of(record)
        if kind not in self.kinds or sums["lines"] % self.every == 0:
            self.kinds.add(kind)
            self.validator.validate(record)
            sums["validated"] += 1
        sums["lines"] += 1
        if record["type"] == "lost":
            sums["lost"] += record["lost"]
            return
        self.check_key(record["process"])
        if record["type"] != "call":
            sums[record["type"] + "s"] += 1
            return
        sums["calls"] += 1
        sums["known"] += record["process"] is not None
        sums["decoded"] += any(a["text"] is not None
                               for a in record["args"].values())
        sums["unreadable"] += "unreadable" in record
        sums["late"] += "late" in record
        if "late" not in record:
            sums["double"] += record["seq"] in self.seen
            self.seen[record["seq"]] = essence(record)

    def check_key(self, process):
        if process and process["key"] != "%d@%d" % (process["pid"],
                                                    process["start_ns"]):
            raise ValueError("the key is not of this process")

    def compare(self, path):
        """With the calls and returns of a raw stream."""
        sums, calls = self.sums, load_raw(path)
        sums["extra"] += len(set(self.seen) - set(calls))
        for seq, call in calls.items():
            if seq not in self.seen:
                sums["missing"] += 1
                continue
            mine = dict(self.seen[seq])
            args = mine.pop("args")
            registers = call.pop("args")
            wanted = registers[:len(args)]
            if call["name"] == "clone":
                # Named in strace's order, and as many as its flags have.
                wanted = [a for a in args if a in registers]
            if call["abi"] == "i386" and call["name"] in ("socketcall", "ipc"):
                # What they stand for, whose arguments may lie in memory.
                mine["name"], wanted = call["name"], args
            if mine["ret"] is None and mine["outcome"] == "no-return":
                call["ret"] = None
            del mine["outcome"]
            if mine != call or args != wanted:
                sums["different"] += 1
                if sums["different"] <= 5:
                    print("# call %d: %r %r, not %r %r" %
                          (seq, mine, args, call, wanted))


def essence(record):
    """What a raw stream has of a call, too."""
    return {"nr": record["nr"], "abi": record["abi"],
            "name": record["call"], "vcpu": record["vcpu"],
            "task": record["task"], "cr3": record["cr3"],
            "ns": record["time_ns"], "ret": record["ret"],
            "outcome": record["outcome"],
            "args": [a["raw"] for a in record["args"].values()]}


def load_raw(path):
    calls = {}
    with open(path, encoding="ascii") as source:
        for line in source:
            kind, *pairs = line.split()
            if kind not in ("C", "R"):
                continue
            fields = dict(pair.split("=", 1) for pair in pairs)
            seq = int(fields["seq"])
            if kind == "C":
                name, task = fields["name"], fields["task"]
                calls[seq] = {
                    "nr": int(fields["nr"]), "abi": fields["abi"],
                    "name": None if name == "?" else name,
                    "vcpu": int(fields["vcpu"]),
                    "task": None if task == "0" else "0x" + task,
                    "cr3": "0x" + fields["cr3"], "ns": int(fields["ns"]),
                    "ret": None, "args": fields["a"].split(",")}
            elif seq in calls and fields["ret"] != "?":
                calls[seq]["ret"] = int(fields["ret"])
    return calls


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", metavar="file")
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("--raw")
    opts = parser.parse_args()
    checker = Checker(opts.every)
    for path in opts.files:
        with open(path, "rb") as source:
            for number, line in enumerate(source, 1):
                try:
                    checker.check(line)
                except (ValueError, KeyError,
                        jsonschema.ValidationError) as error:
                    sys.exit("json_check: %s: line %d: %s: %s" %
                             (path, number,
                              getattr(error, "message", error), line[:300]))
    if opts.raw:
        checker.compare(opts.raw)
    for key, value in checker.sums.items():
        print("%s=%d" % (key, value))
    return 1 if not checker.sums["lines"] or any(
        checker.sums[k] for k in ("double", "missing", "extra",
                                  "different")) else 0


if __name__ == "__main__":
    sys.exit(main())
