#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Make C tables of calls.in.

usage: gen-calls.py OUTPUT DIRECTORY

DIRECTORY has calls.in, kinds/kinds.h, syscalls-*.inc, the tables of constants
xlat/*.in and the headers of printers, print/*.h.
"""
import os
import re
import sys

ABIS = ("x86-64", "x32", "i386")
XLAT_KINDS = ("flags", "flags_long", "flags64", "enum")
STRUCT_KINDS = ("in", "out", "out_any", "both", "inout")
STRUCT_OF_KINDS = ("in_of", "out_of", "out_n")
# Kinds that take more than one register: {abi: how many}.
WIDTHS = {
    "off": {"i386": 2},
    "off_lh": {"x86-64": 2, "i386": 2},
    "off_high": {"x86-64": 2, "x32": 2, "i386": 2},
    "flags64": {"i386": 2},
}
VIA = {"memory": "VIA_MEMORY", "socketcall": "VIA_SOCKETCALL",
       "ipc": "VIA_IPC"}

ROW = re.compile(r"([\w:|-]+):(?:\s+(.*?))?\s*->\s*(\w+)$")
JUMP = re.compile(r"([\w:|-]+)\s+->\s*(\w+)(?:\((\w+)\))?$")
ARG = re.compile(r"(\w+)=(\w+)(?:\(([\w,]+)\))?(?:@([\d-]))?(!?)$")
PRINTER = re.compile(r"void print_(\w+)\(Printer \*\w+,\s*uint64_t \w+"
                     r"(,\s*uint64_t \w+)?\);")


class Wrong(Exception):
    pass


class Row:
    def __init__(self, number, args=(), result=None, via=None, target=None):
        self.number, self.result = number, result
        self.via, self.target = via, target
        self.args = list(args)


def split_names(text):
    """[(abi or None, name)]"""
    abi = None
    for item in text.split("|"):
        own, _, name = item.rpartition(":")
        abi = own or abi
        if abi and abi not in ABIS:
            raise Wrong("no ABI is named '%s'" % abi)
        yield abi, name


def read_calls(path):
    """{(abi or None, name): Row}"""
    rows = {}
    with open(path, encoding="ascii") as source:
        for number, line in enumerate(source, 1):
            line = line.split("#", 1)[0].strip()
            if not line:
                continue
            try:
                names, row = parse_line(number, line)
                for key in split_names(names):
                    if key in rows:
                        raise Wrong("'%s' has a row already" % key[1])
                    rows[key] = row
            except Wrong as err:
                raise Wrong("%s:%d: %s" % (path, number, err))
    return rows


def parse_line(number, line):
    hit = ROW.match(line)
    if hit:
        args = []
        for item in (hit.group(2) or "").split():
            arg = ARG.match(item)
            if not arg:
                raise Wrong("'%s' is not name=kind" % item)
            args.append(arg.groups())
        return hit.group(1), Row(number, args, hit.group(3))
    hit = JUMP.match(line)
    if hit and hit.group(2) in VIA:
        return hit.group(1), Row(number, via=hit.group(2),
                                 target=hit.group(3))
    raise Wrong("neither 'name: args -> result' nor 'name -> via'")


def read_syscalls(directory, abi):
    """[(number, name, argument count)]"""
    path = os.path.join(directory, "syscalls-%s.inc" % abi)
    with open(path, encoding="ascii") as source:
        return [(int(nr), name, int(count)) for nr, name, count in re.findall(
            r'^SYSCALL\((\d+), "(\w+)", (\d)\)', source.read(), re.M)]


class Known:
    """The kinds, tables and printers there are."""

    def __init__(self, directory):
        with open(os.path.join(directory, "kinds", "kinds.h"),
                  encoding="ascii") as source:
            text = source.read()
        self.kinds = set(re.findall(r"^ArgFn arg_(\w+);", text, re.M))
        with open(os.path.join(directory, "result.h"),
                  encoding="ascii") as source:
            text = source.read()
        self.results = set(re.findall(r"^ResultFn res_(\w+);", text, re.M))
        self.xlats = {name[:-3] for name in
                      os.listdir(os.path.join(directory, "xlat"))
                      if name.endswith(".in")}
        self.printers, self.printers_of = {}, {}
        for name in sorted(os.listdir(os.path.join(directory, "print"))):
            if not name.endswith(".h"):
                continue
            name = "print/" + name
            with open(os.path.join(directory, name),
                      encoding="utf-8") as source:
                for printer, more in re.findall(PRINTER, source.read()):
                    (self.printers_of if more else
                     self.printers)[printer] = name


class Maker:
    def __init__(self, rows, known):
        self.rows, self.known = rows, known
        self.out, self.made, self.missing = [], {}, set()

    def find(self, abi, name):
        return self.rows.get((abi, name)) or self.rows.get((None, name))

    def spec(self, abi, name):
        """The C name of the row's description for @abi; makes it once."""
        row = self.find(abi, name)
        if not row:
            return None
        key = (row.number, abi if self.differs(row) else None)
        if key not in self.made:
            self.made[key] = "spec_%d%s" % (
                row.number, "_" + abi.replace("-", "_") if key[1] else "")
            self.emit(self.made[key], row, abi)
        return self.made[key]

    def differs(self, row):
        return row.via or any(a[1] in WIDTHS for a in row.args)

    def width(self, abi, kind):
        return WIDTHS.get(kind, {}).get(abi, 1)

    def registers(self, abi, row):
        """[first register of each argument], and how many are used."""
        at, first = 0, []
        for arg in row.args:
            if arg[3] == "-":
                first.append(0)
                continue
            if arg[3] is not None:
                first.append(int(arg[3]))
            else:
                first.append(at)
            at += self.width(abi, arg[1])
        return first, at

    def count(self, abi, row):
        return self.registers(abi, row)[1]

    def emit(self, cname, row, abi):
        target = "NULL"
        if row.target:
            target = "&" + self.spec(abi, row.target)
        first, _ = self.registers(abi, row)
        by_name = {a[0]: r for a, r in zip(row.args, first)}
        lines = []
        for (name, kind, param, _, shown), reg in zip(row.args, first):
            lines.append(self.argument(row, abi, name, kind, param, shown,
                                       reg, by_name))
        if lines:
            self.out.append("static const ArgSpec %s_args[] = {\n%s\n};\n" % (
                cname, "\n".join(lines)))
        result = row.result or "dec"
        if result not in self.known.results:
            self.missing.add("result %s (line %d)" % (result, row.number))
            result = "dec"
        self.out.append(
            "static const CallSpec %s = {\n    %s, %d, %s, res_%s, %s\n};\n" %
            (cname, cname + "_args" if lines else "NULL", len(lines),
             VIA.get(row.via, "VIA_NONE"), result, target))

    def argument(self, row, abi, name, kind, param, shown, reg, by_name):
        extra = ""
        where = " (line %d)" % row.number
        if kind not in self.known.kinds:
            self.missing.add("kind %s%s" % (kind, where))
            kind = "raw"
        elif kind in XLAT_KINDS:
            if param in self.known.xlats:
                extra = ", .xlat = &xlat_" + param
            else:
                self.missing.add("table %s%s" % (param, where))
                kind = "raw"
        elif kind in STRUCT_KINDS:
            if param in self.known.printers:
                extra = ", .structure = print_" + param
            else:
                self.missing.add("printer %s%s" % (param, where))
                kind = "raw"
        elif kind in STRUCT_OF_KINDS:
            printer, _, ref = param.partition(",")
            if ref and ref not in by_name:
                raise Wrong("line %d: no argument is named '%s'" % (
                    row.number, ref))
            if printer in self.known.printers_of:
                extra = ", .structure_of = print_%s, .ref = %d" % (
                    printer, by_name.get(ref, 0))
            else:
                self.missing.add("printer %s%s" % (param, where))
                kind = "raw"
        elif param is not None:
            if param not in by_name:
                raise Wrong("line %d: no argument is named '%s'" % (
                    row.number, param))
            extra = ", .ref = %d" % by_name[param]
        if kind == "raw":
            extra += ", .raw = true"
        if self.width(abi, kind) == 2:
            extra += ", .wide = true"
        if shown:
            extra += ", .named = true"
        return '    { .name = "%s", .kind = "%s", .print = arg_%s, ' \
            ".reg = %d%s }," % (name, kind, kind, reg, extra)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    output, directory = sys.argv[1:]
    rows = read_calls(os.path.join(directory, "calls.in"))
    known = Known(directory)
    maker = Maker(rows, known)
    tables, used, wrong = [], set(), []
    for abi in ABIS:
        lines = []
        for number, name, count in read_syscalls(directory, abi):
            row = maker.find(abi, name)
            if not row:
                wrong.append("no row for %s of %s" % (name, abi))
                continue
            used.add(row.number)
            if not row.via and maker.count(abi, row) != count:
                wrong.append("%s of %s has %d arguments, its row %d" % (
                    name, abi, count, maker.count(abi, row)))
            lines.append("    [%d] = &%s," % (number, maker.spec(abi, name)))
        tables.append("static const CallSpec *const %s_specs[] = {\n%s\n};\n" %
                      (abi.replace("-", "_"), "\n".join(lines)))
        for name in ("send", "recv"):       # only behind socketcall
            used.add(maker.find(abi, name).number)
    for key, row in rows.items():
        if row.target:
            used.add(maker.find(key[0], row.target).number)
    for key, row in rows.items():
        if row.number not in used:
            wrong.append("line %d: no ABI has a call %s" % (row.number,
                                                           key[1]))
    # What socketcall and ipc stand for, by name.
    by_name = ["    { \"%s\", &%s }," % (name, maker.spec("i386", name))
               for name in SUBCALLS]
    wrong += ["nobody has the %s" % what for what in sorted(maker.missing)]
    for text in wrong:
        print("gen-calls: %s" % text, file=sys.stderr)
    if wrong:
        return 1
    headers = sorted({*known.printers.values(), *known.printers_of.values()})
    with open(output, "w", encoding="ascii") as out:
        out.write("/* Made of calls.in by gen-calls.py; do not edit. */\n\n")
        for name in headers:
            out.write('#include "decode/%s"\n' % name)
        out.write("\n" + "\n".join(maker.out) + "\n" + "\n".join(tables))
        out.write("\nstatic const NamedSpec sub_calls[] = {\n%s\n};\n" %
                  "\n".join(by_name))
    return 0


SUBCALLS = (
    "socket", "bind", "connect", "listen", "accept", "getsockname",
    "getpeername", "socketpair", "send", "recv", "sendto", "recvfrom",
    "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4",
    "recvmmsg", "sendmmsg", "semop", "semget", "semctl", "semtimedop",
    "msgsnd", "msgrcv", "msgget", "msgctl", "shmat", "shmdt", "shmget",
    "shmctl")

if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as err:
        sys.exit("gen-calls: %s" % err)
