# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Cut a kernel's BTF down to some structures and what lies in them.

Types keep their bytes and their order; only the numbers of types and the
offsets of names change.  What is merely pointed to becomes a declaration
(BTF_KIND_FWD), but for what is kept anyway.  The format is that of the
kernel's Documentation/bpf/btf.rst.
"""
import struct

(INT, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT,
 FUNC, FUNC_PROTO, VAR, DATASEC, FLOAT, DECL_TAG, TYPE_TAG,
 ENUM64) = range(1, 20)
WRAPPERS = (TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG)
# Words behind the first three, and words for each of its members.
WORDS = {INT: (1, 0), PTR: (0, 0), ARRAY: (3, 0), STRUCT: (0, 3),
         UNION: (0, 3), ENUM: (0, 2), FWD: (0, 0), TYPEDEF: (0, 0),
         VOLATILE: (0, 0), CONST: (0, 0), RESTRICT: (0, 0), FUNC: (0, 0),
         FUNC_PROTO: (0, 2), VAR: (1, 0), DATASEC: (0, 3), FLOAT: (0, 0),
         DECL_TAG: (1, 0), TYPE_TAG: (0, 0), ENUM64: (0, 3)}
HEADER = struct.Struct("<HBBIIIII")
# guest_btf_length() takes nothing smaller for a kernel's.
SMALLEST = 65536


class Unsound(Exception):
    """This is no BTF that can be cut."""


class Type:
    """One type: its words, of which [0] names it and [1] says what it is."""

    def __init__(self, words):
        self.words = words
        self.kind = words[1] >> 24 & 31
        self.count = words[1] & 0xffff

    def members(self):
        """Index of the first word of each."""
        fixed, each = WORDS[self.kind]
        return range(3 + fixed, 3 + fixed + each * self.count, each or 1)


class Whole:
    """All types of a BTF."""

    def __init__(self, blob):
        magic, version, _, length, types, types_len, strings, strings_len = \
            HEADER.unpack_from(blob)
        if magic != 0xeb9f or version != 1:
            raise Unsound("the section .BTF does not begin as BTF does")
        self.strings = blob[length + strings:length + strings + strings_len]
        at, end = length + types, length + types + types_len
        self.types = [None]
        while at < end:
            _, info, _ = struct.unpack_from("<III", blob, at)
            kind = info >> 24 & 31
            if kind not in WORDS:
                raise Unsound("a type of kind %d, which is not known" % kind)
            fixed, each = WORDS[kind]
            count = 3 + fixed + each * (info & 0xffff)
            self.types.append(Type(list(struct.unpack_from(
                "<%dI" % count, blob, at))))
            at += 4 * count

    def text(self, offset):
        return self.strings[offset:self.strings.index(b"\0", offset)]

    def name(self, number):
        return self.text(self.types[number].words[0]).decode()


class Cut:
    """Which types are kept, and how."""

    def __init__(self, whole):
        self.whole = whole
        self.full = set()       # with all that lies in them
        self.declared = set()   # structures that are only pointed to
        self.others = set()     # pointers and their like

    def keep(self, number):
        """@number and what lies in it, not what it points to."""
        todo = [number]
        while todo:
            number = todo.pop()
            if not number or number in self.full:
                continue
            one = self.whole.types[number]
            self.full.add(number)
            if one.kind in WRAPPERS + (VAR,):
                todo.append(one.words[2])
            elif one.kind == ARRAY:
                todo += one.words[3:5]
            elif one.kind in (STRUCT, UNION):
                todo += [one.words[at + 1] for at in one.members()]

    def point(self):
        """What the kept pointers point to, when all is kept that will be."""
        todo = [self.whole.types[n].words[2] for n in self.full
                if self.whole.types[n].kind == PTR]
        while todo:
            number = todo.pop()
            if not number or number in self.full or number in self.others:
                continue
            one = self.whole.types[number]
            if one.kind in (STRUCT, UNION):
                if one.words[0]:
                    self.declared.add(number)
            elif one.kind in WRAPPERS + (PTR,):
                self.others.add(number)
                todo.append(one.words[2])
            elif one.kind == ARRAY:
                self.others.add(number)
                todo += one.words[3:5]
            elif one.kind in (INT, ENUM, ENUM64, FWD, FLOAT):
                self.others.add(number)


class Writer:
    """The types again, with numbers of their own."""

    def __init__(self, whole, numbers):
        self.whole = whole
        self.new = {old: i + 1 for i, old in enumerate(numbers)}
        self.new[0] = 0
        self.strings = bytearray(b"\0")
        self.known = {b"": 0}
        self.types = bytearray()

    def string(self, offset):
        text = self.whole.text(offset)
        if text not in self.known:
            self.known[text] = len(self.strings)
            self.strings += text + b"\0"
        return self.known[text]

    def add(self, words):
        self.types += struct.pack("<%dI" % len(words), *words)

    def declare(self, number):
        one = self.whole.types[number]
        self.add([self.string(one.words[0]),
                  FWD << 24 | (one.kind == UNION) << 31, 0])

    def write(self, number, wanted):
        one = self.whole.types[number]
        words = list(one.words)
        words[0] = self.string(words[0])
        if one.kind in WRAPPERS + (PTR, VAR):
            # A prototype, or a structure without a name: to void.
            words[2] = self.new.get(words[2], 0)
        elif one.kind == ARRAY:
            words[3:5] = [self.new.get(n, 0) for n in words[3:5]]
        elif one.kind in (STRUCT, UNION):
            for at in one.members():
                words[at] = self.string(words[at])
                words[at + 1] = self.new[words[at + 1]]
        elif one.kind in (ENUM, ENUM64):
            for at in one.members():
                words[at] = self.string(words[at])
        elif one.kind == DATASEC:
            kept = [words[at:at + 3] for at in one.members()
                    if self.whole.name(words[at]) in wanted]
            words = words[:3] + [n for m in kept
                                 for n in (self.new[m[0]], m[1], m[2])]
            words[1] = words[1] & ~0xffff | len(kept)
        self.add(words)

    def finish(self):
        missing = SMALLEST - len(self.types) - len(self.strings)
        self.strings += bytes(max(missing, 0))
        return HEADER.pack(0xeb9f, 1, 0, HEADER.size, 0, len(self.types),
                           len(self.types), len(self.strings)) + \
            bytes(self.types) + bytes(self.strings)


def minimised(blob, roots, variables):
    """
    The BTF @blob with the structures called @roots, and with what the per-CPU
    section has of @variables.
    """
    whole = Whole(blob)
    cut = Cut(whole)
    section = None
    for number in range(1, len(whole.types)):
        one = whole.types[number]
        if one.kind == STRUCT and whole.name(number) in roots:
            cut.keep(number)
        elif one.kind == DATASEC and whole.name(number) == ".data..percpu":
            section = number
            for at in one.members():
                if whole.name(one.words[at]) in variables:
                    cut.keep(one.words[at])
    if section:
        cut.full.add(section)
    cut.point()
    numbers = sorted(cut.full | cut.declared | cut.others)
    writer = Writer(whole, numbers)
    for number in numbers:
        if number in cut.declared:
            writer.declare(number)
        else:
            writer.write(number, variables)
    return writer.finish()
