# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Byte streams out of an emulated machine, each ended by a token."""
import os
import selectors
import tarfile
import time


class Stream:
    """Passes bytes on until the token; keeps what follows in .rest."""

    def __init__(self, token, sink):
        self.token = token
        self.sink = sink
        self.held = b""
        self.done = False
        self.rest = b""

    def feed(self, data):
        if self.done:
            self.rest += data
            return
        data = self.held + data
        at = data.find(self.token)
        if at >= 0:
            self.done = True
            self.sink(data[:at])
            self.rest = data[at + len(self.token):]
            self.held = b""
            return
        keep = min(len(self.token) - 1, len(data))
        while keep and not self.token.startswith(data[-keep:]):
            keep -= 1
        self.held = data[len(data) - keep:]
        if len(data) > keep:
            self.sink(data[:len(data) - keep])

    def end(self):
        """The other side is gone: nothing is held back any more."""
        if self.held:
            self.sink(self.held)
            self.held = b""


def sink_to(number):
    """Write all of it to a descriptor of ours; a closed one is ignored."""
    def sink(data):
        while data:
            try:
                data = data[os.write(number, data):]
            except BrokenPipeError:
                return
    return sink


def pump(pairs, finished, deadline):
    """Feed [(descriptor, Stream)] until finished().

    Returns "done", "ended" (all writers are gone) or "timeout".
    """
    with selectors.DefaultSelector() as watch:
        for number, stream in pairs:
            watch.register(number, selectors.EVENT_READ, stream)
        while not finished():
            if not watch.get_map():
                return "ended"
            left = deadline - time.monotonic()
            if left <= 0:
                return "timeout"
            for key, _ in watch.select(left):
                data = os.read(key.fd, 1 << 16)
                if data:
                    key.data.feed(data)
                else:
                    key.data.end()
                    watch.unregister(key.fd)
    return "done"


def unpack(path, where):
    """Plain files and directories of a tar; anything else is left out."""
    count = 0
    os.makedirs(where, exist_ok=True)
    with tarfile.open(path) as tar:
        for one in tar:
            name = os.path.normpath(one.name)
            if name.startswith(("/", "..")) or name == ".":
                continue
            target = os.path.join(where, name)
            if one.isdir():
                os.makedirs(target, exist_ok=True)
            elif one.isfile():
                os.makedirs(os.path.dirname(target), exist_ok=True)
                if os.path.islink(target):
                    os.unlink(target)
                with tar.extractfile(one) as src, open(target, "wb") as dst:
                    while True:
                        data = src.read(1 << 20)
                        if not data:
                            break
                        dst.write(data)
                count += 1
    return count
