# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Initramfs archives ("newc" cpio), written without root and repeatably.

Several archives may stand one after the other in one initrd; the kernel
unpacks them in order.  Nothing is compressed: inside an emulator, copying is
cheaper than inflating.
"""
import hashlib
import os
import re
import stat
import subprocess

# Debian's merged /usr: these stand in the root as links.
MERGED = ("bin", "sbin", "lib", "lib64", "lib32", "libx32")


class Archive:
    """Collects paths, then writes them sorted, parents first."""

    def __init__(self):
        self.entries = {}

    @staticmethod
    def _clean(path):
        path = os.path.normpath("/" + path).lstrip("/")
        if path.startswith("./"):
            path = path[2:]
        first = path.split("/", 1)[0]
        if first in MERGED and "/" in path:
            path = "usr/" + path
        return path

    def _parents(self, path):
        parent = os.path.dirname(path)
        while parent and parent not in self.entries:
            self.entries[parent] = (stat.S_IFDIR | 0o755, None, 0)
            parent = os.path.dirname(parent)

    def directory(self, path, mode=0o755):
        path = self._clean(path)
        if path in MERGED:
            return
        self._parents(path)
        self.entries[path] = (stat.S_IFDIR | mode, None, 0)

    def symlink(self, path, target):
        path = self._clean(path)
        self._parents(path)
        self.entries[path] = (stat.S_IFLNK | 0o777, target.encode(), 0)

    def device(self, path, major, minor, mode=0o600):
        path = self._clean(path)
        self._parents(path)
        self.entries[path] = (stat.S_IFCHR | mode, None, (major, minor))

    def data(self, path, content, mode=0o644):
        path = self._clean(path)
        self._parents(path)
        self.entries[path] = (stat.S_IFREG | mode, content, 0)

    def text(self, path, content, mode=0o644):
        self.data(path, content.encode(), mode)

    def file(self, path, source, mode=None):
        """One regular file; links are followed."""
        path = self._clean(path)
        self._parents(path)
        if mode is None:
            mode = stat.S_IMODE(os.stat(source).st_mode)
        self.entries[path] = (stat.S_IFREG | mode, source, 0)

    def host(self, path):
        """A path of this machine under the same name, links kept as links.

        A link's target comes along.
        """
        path = os.path.abspath(path)
        where = self._clean(path)
        if where in self.entries or not os.path.lexists(path):
            return
        if os.path.islink(path):
            if "/" not in where and where in MERGED:
                return
            target = os.readlink(path)
            self.symlink(where, target)
            self.host(os.path.join(os.path.dirname(path), target))
        elif os.path.isdir(path):
            self.directory(where)
        elif os.path.isfile(path):
            self.file(where, path)

    def tree(self, top, skip=None):
        """A directory of this machine with all that is in it."""
        self.host(top)
        for base, dirs, names in os.walk(top):
            dirs.sort()
            for name in dirs + names:
                path = os.path.join(base, name)
                if not (skip and skip(path)):
                    self.host(path)

    def merge_links(self):
        for name in MERGED:
            if os.path.islink("/" + name) or name in ("bin", "sbin", "lib"):
                self.entries.setdefault("usr/" + name,
                                        (stat.S_IFDIR | 0o755, None, 0))
                self.symlink("/" + name, "usr/" + name)
        self.entries.setdefault("usr", (stat.S_IFDIR | 0o755, None, 0))

    def stamp(self, *more):
        """A digest of what would be written; cheap: sizes and times."""
        digest = hashlib.sha256(repr(more).encode())
        for path in sorted(self.entries):
            mode, data, dev = self.entries[path]
            if isinstance(data, str):
                info = os.stat(data)
                data = (data, info.st_size, info.st_mtime_ns)
            digest.update(repr((path, mode, data, dev)).encode())
        return digest.hexdigest()

    def write(self, path):
        """Write the archive; a half-written one never has the name."""
        part = path + ".part"
        with open(part, "wb") as out:
            self._emit(out)
        os.replace(part, path)

    def _emit(self, out):
        number = 0
        for name in sorted(self.entries):
            number += 1
            mode, data, dev = self.entries[name]
            if isinstance(data, str):
                with open(data, "rb") as source:
                    data = source.read()
            _member(out, number, name, mode, data or b"", dev or (0, 0))
        _member(out, 0, "TRAILER!!!", 0, b"", (0, 0))
        out.write(b"\0" * (-out.tell() % 512))


def _member(out, number, name, mode, data, dev):
    raw = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 2 if stat.S_ISDIR(mode) else 1, 0,
              len(data), 0, 0, dev[0], dev[1], len(raw), 0)
    out.write(b"070701" + b"".join(b"%08X" % f for f in fields) + raw)
    out.write(b"\0" * (-out.tell() % 4))
    out.write(data)
    out.write(b"\0" * (-out.tell() % 4))


def is_elf(path):
    try:
        with open(path, "rb") as source:
            return source.read(4) == b"\x7fELF"
    except OSError:
        return False


def libraries(paths):
    """The shared libraries that @paths need, as ldd finds them here."""
    paths = [p for p in paths if os.path.isfile(p) and is_elf(p)]
    found = set()
    for start in range(0, len(paths), 200):
        run = subprocess.run(["ldd"] + paths[start:start + 200],
                             stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True,
                             check=False)
        for line in run.stdout.splitlines():
            hit = re.match(r"\s+(?:\S+ => )?(/\S+) \(0x", line)
            if hit:
                found.add(hit.group(1))
    return sorted(found)


def write_if_changed(archive, path, *more):
    """Write @archive unless @path holds it already.  True if written."""
    stamp = archive.stamp(*more)
    note = path + ".stamp"
    try:
        with open(note, encoding="ascii") as source:
            if source.read().strip() == stamp and os.path.exists(path):
                return False
    except OSError:
        pass
    os.makedirs(os.path.dirname(path), exist_ok=True)
    archive.write(path)
    with open(note, "w", encoding="ascii") as out:
        out.write(stamp + "\n")
    return True
