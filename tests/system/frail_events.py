# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Read what the json analyzer writes (docs/frail-json.schema.json)."""
import json


class Event:
    """One call; what is not known is None."""

    def __init__(self, line):
        process = line.get("process") or {}
        self.seq = line["seq"]
        self.name = line["call"]
        self.number = line.get("nr")
        self.raw = [arg.get("raw") if isinstance(arg, dict) else arg
                    for arg in (line.get("args") or {}).values()]
        self.args = line.get("args") or {}
        self.value = line.get("return")
        self.process = process
        self.tid = process.get("tid")
        self.pid = process.get("pid")
        self.ppid = process.get("ppid")
        self.comm = process.get("comm")
        self.uid = process.get("uid")
        self.euid = process.get("euid")
        self.gid = process.get("gid")


def read_file(path):
    """[Event] in the order of entry."""
    events = []
    with open(path, encoding="utf-8", errors="surrogateescape") as source:
        for text in source:
            line = json.loads(text)
            if "call" in line and "seq" in line:
                events.append(Event(line))
    return sorted(events, key=lambda e: e.seq)
