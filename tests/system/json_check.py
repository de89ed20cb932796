#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Is what the json analyzer wrote what docs/frail-json.schema.json says?

Every line must be JSON without double keys, and no call may come twice.  The
schema, which takes a millisecond for a line, is asked for every kind of line
and for one in --every others.  Prints KEY=VALUE lines: how many there are.
Exits with 77 when python3-jsonschema is not installed.
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
    return record.get("call"), record.get("outcome"), shape(record)


class Checker:
    def __init__(self, every):
        with open(SCHEMA, encoding="ascii") as source:
            schema = json.load(source)
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)
        self.every = every
        self.kinds = set()
        self.seqs = set()
        self.sums = collections.OrderedDict.fromkeys(
            ("lines", "calls", "validated", "known", "decoded", "unreadable",
             "late", "double", "lost"), 0)

    def check(self, line):
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
        sums["calls"] += 1
        sums["known"] += record["process"] is not None
        sums["decoded"] += any(a["text"] is not None
                               for a in record["args"].values())
        sums["unreadable"] += "unreadable" in record
        sums["late"] += "late" in record
        if "late" not in record:
            sums["double"] += record["seq"] in self.seqs
            self.seqs.add(record["seq"])
        process = record["process"]
        if process and process["key"] != "%d@%d" % (process["pid"],
                                                    process["start_ns"]):
            raise ValueError("the key is not of this process")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--every", type=int, default=50)
    opts = parser.parse_args()
    checker = Checker(opts.every)
    with open(opts.file, "rb") as source:
        for number, line in enumerate(source, 1):
            try:
                if not line.endswith(b"\n"):
                    raise ValueError("the line is cut off")
                checker.check(line)
            except (ValueError, KeyError,
                    jsonschema.ValidationError) as error:
                sys.exit("json_check: line %d: %s: %s" %
                         (number, getattr(error, "message", error),
                          line[:300]))
    for key, value in checker.sums.items():
        print("%s=%d" % (key, value))
    return 1 if checker.sums["double"] or not checker.sums["lines"] else 0


if __name__ == "__main__":
    sys.exit(main())
