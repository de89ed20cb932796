"""What the headers of the kernel (and of the C library) call a number.

Used by gen-xlat.py and gen-ioctl.py; run at build time, so it needs no more
than Python 3 and the compiler.

Copyright (c) 2026 The Frail developers
SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess
import tempfile

STUBS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                     'uapi-stubs')
NAME = re.compile(r'[A-Za-z_]\w*')
DEFINE = re.compile(r'#define\s+([A-Za-z_]\w*)(\(?)(.*)')
ENUM = re.compile(r'\benum\b\s*(?:__attribute__\s*\(\([^)]*\)\)\s*)?'
                  r'(?:[A-Za-z_]\w*)?\s*\{([^{}]*)\}')
MARKER = re.compile(r'# \d+ "([^"]*)"')
ERROR = re.compile(r'^values\.c:(\d+):', re.M)


class Headers:
    """A set of headers, included together, and the names they define."""

    def __init__(self, cc, headers, kernel=True, root=None, flags=()):
        self.cc = list(cc)
        self.flags = list(flags)
        if kernel:
            self.flags += ['-I', STUBS]
        if root:
            # In front of the installed ones, whose asm/ must not be seen.
            include = os.path.join(root, 'usr', 'include')
            arch = os.path.join(include, 'x86_64-linux-gnu')
            for path in (include, arch):
                if not os.path.isdir(path):
                    raise SystemExit(f'{path}: no such directory')
                self.flags += ['-isystem', path]
        self.text = '#define _GNU_SOURCE 1\n#include <stddef.h>\n'
        if kernel:
            self.text += '#include <sys/socket.h>\n'
        for header in headers:
            self.text += (f'#if __has_include(<{header}>)\n'
                          f'#include <{header}>\n#endif\n')

    def run(self, text, args, check=True):
        with tempfile.TemporaryDirectory() as tmp:
            with open(os.path.join(tmp, 'values.c'), 'w') as f:
                f.write(text)
            p = subprocess.run(self.cc + ['-std=gnu11', '-w'] + self.flags +
                               args + ['values.c'], cwd=tmp,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               universal_newlines=True,
                               env=dict(os.environ, LC_ALL='C'))
        if check and p.returncode:
            raise SystemExit(f'headers do not compile:\n{p.stderr}')
        return p

    def names(self):
        """name -> (kind, header, text), in the order of the headers."""
        names = {}
        header = ''
        code = []
        for line in self.run(self.text, ['-E', '-dD']).stdout.split('\n'):
            m = MARKER.match(line)
            if m:
                header = m.group(1)
                continue
            m = DEFINE.match(line)
            if m:
                if not m.group(2) and not header.startswith('<'):
                    names.setdefault(m.group(1),
                                     ('macro', header, m.group(3).strip()))
            elif not line.startswith('#'):
                code.append(line)
        for m in ENUM.finditer('\n'.join(code)):
            for item in split_commas(m.group(1)):
                n = NAME.match(item.strip())
                # An enumerator that is a macro too is the enumerator.
                if n:
                    names.pop(n.group(0), None)
                    names[n.group(0)] = ('enum', '', '')
        return names

    def values(self, names):
        """name -> value, of those names that are constants."""
        names = list(names)
        while names:
            # In three parts: a constant in assembly has 31 bits.
            head = (self.text +
                    '#define WIDE(n) (sizeof(n) > 4 ? (unsigned long long)'
                    '(n) : (unsigned long long)(unsigned)(n))\n'
                    '#define VALUE(i, n) __asm__("#VALUE " #i " %c0 %c1 %c2" '
                    ':: "i"(WIDE(n) >> 48), "i"(WIDE(n) >> 24 & 0xffffff), '
                    '"i"(WIDE(n) & 0xffffff));\nvoid values(void)\n{\n')
            first = head.count('\n') + 1
            body = ''.join(f'VALUE({i}, {n})\n' for i, n in enumerate(names))
            p = self.run(head + body + '}\n',
                         ['-S', '-O1', '-o', '-', '-fmax-errors=0'], False)
            bad = {int(n) - first for n in ERROR.findall(p.stderr)}
            bad = {n for n in bad if 0 <= n < len(names)}
            if p.returncode == 0:
                got = re.findall(r'#VALUE (\d+) (\d+) (\d+) (\d+)', p.stdout)
                return {names[int(i)]:
                        int(a) << 48 | int(b) << 24 | int(c)
                        for i, a, b, c in got}
            if not bad:
                raise SystemExit(f'headers do not compile:\n{p.stderr}')
            names = [n for i, n in enumerate(names) if i not in bad]
        return {}


def split_commas(text):
    """@text at its commas that stand outside of parentheses."""
    depth = 0
    item = ''
    for c in text:
        depth += (c == '(') - (c == ')')
        if c == ',' and not depth:
            yield item
            item = ''
        else:
            item += c
    yield item
