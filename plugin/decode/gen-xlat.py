#!/usr/bin/env python3
"""Tables of the names of constants: from xlat/*.in to C.

  gen-xlat.py build DIR OUTDIR [CC...]   tables and checks, for the build
  gen-xlat.py missing DIR [CC...]        what the headers know and we do not
  gen-xlat.py update DIR [CC...]         the same, put into the .in files

With --root=DIR (linux-libc-dev, unpacked by dpkg -x) the headers are those
below DIR.  xlat/README describes the .in files.

Copyright (c) 2026 The Frail developers
SPDX-License-Identifier: GPL-2.0-or-later
"""
import glob
import os
import re
import sys

sys.dont_write_bytecode = True

from uapi import Headers  # noqa: E402

# Ends of enums, include guards.
NEVER = [re.compile(r'__.*|.*_(MAX|LAST)|.*_H_?')]
KINDS = ('flags', 'enum')
HEAD = '/* Made by gen-xlat.py from {}; do not edit. */\n'


class Table:
    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)[:-len('.in')]
        self.kind = self.label = None
        self.headers, self.libc, self.cover = [], [], []
        self.names, self.excepted = {}, []
        with open(path) as f:
            for number, line in enumerate(f, 1):
                self.line(line.strip(), f'{path}:{number}')
        if self.kind not in KINDS or not self.label:
            raise SystemExit(f'{path}: no kind, or no label')
        if not re.fullmatch(r'[a-z][a-z0-9_]*', self.name):
            raise SystemExit(f'{path}: not a name for a table')

    def line(self, line, where):
        if not line or line.startswith('#'):
            return
        key, colon, value = line.partition(':')
        value = value.strip()
        if colon and key in ('kind', 'label'):
            setattr(self, key, value)
        elif colon and key == 'header':
            self.headers += value.split()
        elif colon and key == 'libc':
            self.libc += value.split()
        elif colon and key == 'cover':
            self.cover.append(re.compile(value))
        elif colon and key == 'except':
            self.excepted += [re.compile(v) for v in value.split()]
        else:
            words = line.split()
            if len(words) != 2 or words[0] in self.names:
                raise SystemExit(f'{where}: not "NAME VALUE", or again')
            try:
                self.names[words[0]] = c_number(words[1])
            except ValueError:
                raise SystemExit(f'{where}: not a number')

    def covers(self, name):
        return any(c.fullmatch(name) for c in self.cover) and not \
            any(e.fullmatch(name) for e in self.excepted + NEVER)

    def missing(self, names):
        return [n for n in names if n not in self.names and self.covers(n)]

    def by_value(self):
        """(value, name), sorted; of several names the first of the file."""
        first = {}
        for name, value in self.names.items():
            first.setdefault(value, name)
        return sorted(first.items())


def c_number(text):
    if re.fullmatch(r'0[0-7]+', text):
        return int(text, 8)
    return int(text, 0) & (2 ** 64 - 1)


def write_tables(tables, out, source):
    c = HEAD.format(source) + '#include "decode/names/xlat.h"\n'
    h = HEAD.format(source)
    for t in tables:
        # All of the flags, in the file's order, which is the printing order.
        rows = t.by_value() if t.kind == 'enum' else \
            [(v, n) for n, v in t.names.items()]
        dense = t.kind == 'enum' and \
            [v for v, _ in rows] == list(range(len(rows)))
        c += f'\nstatic const XlatName {t.name}_names[] = {{\n'
        c += ''.join(f'    {{ {v:#x}u, "{n}" }},\n' if v < 2 ** 32 else
                     f'    {{ {v:#x}ull, "{n}" }},\n' for v, n in rows)
        c += '};\n'
        c += f'const Xlat xlat_{t.name} = {{\n    .label = '
        c += '"{}",\n'.format(t.label.replace('??', '?\\?'))
        c += f'    .names = {t.name}_names,\n    .count = {len(rows)},\n'
        c += f'    .sorted = {str(t.kind == "enum").lower()},\n'
        c += f'    .dense = {str(dense).lower()},\n}};\n'
        h += f'extern const Xlat xlat_{t.name};\n'
    c += '\nconst XlatTable xlat_tables[] = {\n'
    c += ''.join(f'    {{ "{t.name}", &xlat_{t.name} }},\n' for t in tables)
    c += '};\nconst size_t xlat_tables_count = ' + f'{len(tables)};\n'
    write(os.path.join(out, 'xlat-tables.c'), c)
    write(os.path.join(out, 'xlat-tables.h'), h)


def write_check(headers, tables, path, source):
    """A file that compiles only if the headers say the same as we do."""
    known = headers.names()
    c = HEAD.format(source) + headers.text
    c += ('#define CHECK(name, value) _Static_assert( \\\n'
          '    (sizeof(name) > 4 ? (unsigned long long)(name) : \\\n'
          '     (unsigned long long)(unsigned)(name)) == value, #name)\n')
    done = set()
    for t in tables:
        for name, value in t.names.items():
            bare = name[len('1<<'):] if name.startswith('1<<') else name
            if (name, value) in done or bare not in known:
                continue
            done.add((name, value))
            c += f'CHECK({name.replace("1<<", "1ull<<")}, {value:#x}ull);\n'
    write(path, c)


def write(path, text):
    with open(path, 'w') as f:
        f.write(text)


def header_sets(tables, cc, root):
    """The kernel's headers, and the C library's: they do not go together."""
    uapi = sorted({h for t in tables for h in t.headers})
    libc = sorted({h for t in tables for h in t.libc})
    return Headers(cc, uapi, True, root), Headers(cc, libc, False)


def build(directory, out, cc, root):
    paths = sorted(glob.glob(os.path.join(directory, '*.in')))
    tables = [Table(p) for p in paths]
    uapi, libc = header_sets(tables, cc, root)
    write_tables(tables, out, 'xlat/NAME.in')
    write_check(uapi, [t for t in tables if t.headers],
                os.path.join(out, 'xlat-check-uapi.c'), 'xlat/NAME.in')
    write_check(libc, [t for t in tables if t.libc],
                os.path.join(out, 'xlat-check-libc.c'), 'xlat/NAME.in')
    # The directory itself: a new file must make the tables anew.
    write(os.path.join(out, 'xlat-tables.d'),
          'xlat-tables.c: ' + ' '.join([directory] + paths) + '\n')


def find_missing(directory, cc, root):
    """(table, name, value) of all that the headers have more than we."""
    tables = [Table(p) for p in
              sorted(glob.glob(os.path.join(directory, '*.in')))]
    for which, headers in zip(('headers', 'libc'),
                              header_sets(tables, cc, root)):
        known = headers.names()
        lacking = [(t, t.missing(known)) for t in tables
                   if getattr(t, which)]
        values = headers.values(dict.fromkeys(
            n for _, names in lacking for n in names))
        for t, names in lacking:
            for n in names:
                if n in values:
                    yield t, n, values[n]


def missing(directory, cc, root):
    count = 0
    for t, name, value in find_missing(directory, cc, root):
        print(f'{t.path}: {name} {value:#x}')
        count += 1
    return 1 if count else 0


def update(directory, cc, root):
    lines = {}
    seen = set()
    for t, name, value in find_missing(directory, cc, root):
        if (t.path, name) not in seen:
            seen.add((t.path, name))
            lines.setdefault(t.path, []).append(
                f'{name} {value}\n' if t.kind == 'enum' and value < 4096
                else f'{name} {value:#x}\n')
    for path, new in lines.items():
        with open(path, 'a') as f:
            f.writelines(new)
    return 0


def main():
    args = sys.argv[1:]
    root = None
    if args and args[0].startswith('--root='):
        root = args.pop(0)[len('--root='):]
    if len(args) > 2 and args[0] == 'build':
        build(args[1], args[2], args[3:] or ['cc'], root)
        return 0
    if len(args) > 1 and args[0] in ('missing', 'update'):
        return globals()[args[0]](args[1], args[2:] or ['cc'], root)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == '__main__':
    sys.exit(main())
