# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Read what the json analyzer writes (docs/frail-json.schema.json)."""
import json


class Event:
    """One call; what is not known is None."""

    def __init__(self, line):
        process = line.get("process") or {}
        self.seq = line["seq"]
        self.name = line["call"] or str(line["nr"])
        self.number = line["nr"]
        self.args = line["args"]
        self.raw = [int(arg["raw"], 16) for arg in self.args.values()]
        self.value = line["ret"]
        self.process = process
        self.tid = process.get("tid")
        self.pid = process.get("pid")
        self.ppid = process.get("ppid")
        self.comm = process.get("comm")
        self.uid = process.get("uid")
        self.euid = process.get("euid")
        self.gid = process.get("gid")
        # Names whose bytes are no UTF-8 are given as Latin-1.
        if "comm" in process.get("latin1", ()):
            self.comm = self.comm.encode("latin-1").decode(
                "utf-8", "surrogateescape")


def read_file(path):
    """[Event] in the order of entry."""
    events = []
    with open(path, encoding="utf-8", errors="surrogateescape") as source:
        for text in source:
            line = json.loads(text)
            if line["type"] == "call":
                events.append(Event(line))
    return sorted(events, key=lambda e: e.seq)
