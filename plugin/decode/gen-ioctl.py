#!/usr/bin/env python3
"""The numbers of ioctl requests: from the kernel's headers to ioctl-names.inc.

  gen-ioctl.py [--root=DIR] OUTPUT [CC...]

DIR: linux-libc-dev, the newest there is, unpacked by dpkg -x.  Run by hand;
the output is checked in.  What is no request, or has its own text, is left
out below.

Copyright (c) 2026 The Frail developers
SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import sys

sys.dont_write_bytecode = True

from uapi import Headers  # noqa: E402

ROOTS = ('linux', 'asm', 'asm-generic', 'drm', 'rdma', 'sound', 'mtd', 'misc',
         'scsi', 'video', 'xen', 'cxl', 'fwctl')
ENCODED = {'_IO', '_IOR', '_IOW', '_IOWR', '_IOC', '_IOR_BAD', '_IOW_BAD'}
# What many headers need and do not include.
BEFORE = ['stdbool.h', 'sys/types.h', 'linux/types.h', 'linux/ioctl.h',
          'linux/time.h', 'linux/fiemap.h', 'linux/blktrace_api.h',
          'linux/filter.h', 'linux/major.h', 'linux/atmioc.h',
          'linux/serial.h', 'asm/termbits.h']
# Requests that are enumerators.
ENUMERATED = {'linux/android/binder.h': r'BINDER_[A-Z_]+'}
DEFINE = re.compile(r'#define\s+([A-Za-z_]\w*)(\([^)]*\))?\s*(.*)')
MARKER = re.compile(r'# \d+ "([^"]*)"')
WORD = re.compile(r'[A-Za-z_]\w*')

# Requests from before the encoding: header, names, first and last number.
PLAIN = [
    ('asm-generic/ioctls.h', r'(T|FIO|SIOC)[A-Z0-9_]+', 0x5400, 0x54ff),
    ('asm-generic/sockios.h', r'(SIOC|FIO)[A-Z]+', 0x8900, 0x89ff),
    ('linux/sockios.h', r'SIOC[A-Z0-9]+', 0x8900, 0x89ff),
    ('linux/wireless.h', r'SIOC[A-Z0-9]+', 0x8b00, 0x8bff),
    ('linux/hdreg.h', r'HDIO_[A-Z0-9_]+', 0x0300, 0x03ff),
    ('linux/cdrom.h', r'(CDROM|DVD_)[A-Z0-9_]+', 0x5300, 0x53ff),
    ('linux/kd.h', r'(GIO|PIO|KD)[A-Z0-9_]+', 0x4b00, 0x4bff),
    ('linux/vt.h', r'VT_[A-Z0-9_]+', 0x5600, 0x56ff),
    ('linux/loop.h', r'LOOP_[A-Z0-9_]+', 0x4c00, 0x4cff),
    ('linux/fb.h', r'FBIO[A-Z0-9_]+', 0x4600, 0x46ff),
    ('linux/lp.h', r'LP[A-Z0-9]+', 0x0600, 0x06ff),
    ('linux/ppp-ioctl.h', r'SIOC[A-Z0-9]+', 0x8900, 0x89ff),
    ('linux/i2c-dev.h', r'I2C_[A-Z0-9_]+', 0x0700, 0x07ff),
    ('linux/tty.h', r'TIO[A-Z0-9_]+', 0x5400, 0x54ff),
    ('linux/nvram.h', r'NVRAM_[A-Z]+', 0x7000, 0x70ff),
    ('linux/if_eql.h', r'EQL_[A-Z]+', 0x89f0, 0x89ff),
    ('scsi/sg.h', r'SG_[A-Z_]+', 0x2201, 0x22ff),
    ('scsi/scsi.h', r'SCSI_IOCTL_[A-Z_]+', 0x5382, 0x5387),
    ('scsi/scsi_ioctl.h', r'SCSI_IOCTL_[A-Z_]+', 0x5380, 0x5387),
    ('linux/cyclades.h', r'CY[A-Z0-9]+', 0x435900, 0x4359ff),
]
# Parts of requests, and names of something else.
NOT = re.compile(r'.*_(IOCTL_BASE|IOC_MAGIC|IOC_BASE|IOCTL_MAGIC|SIZE_?MASK)|'
                 r'_IO.*|SIOCDEVPRIVATE|SIOCPROTOPRIVATE|SIOCIWFIRST(PRIV)?|'
                 r'SIOCIWLAST(PRIV)?|TIOCPKT_.*|TIOCSER_.*|'
                 r'SIOCGSTAMP(NS)?|SIOCETHTOOL_.*|'
                 r'VT_(AUTO|PROCESS|ACKACQ|EVENT_.*|MAX_.*)|'
                 r'.*_IOCTL_(NR|START|END|FIRST|LAST|COUNT)|'
                 r'IOC(_|SIZE_|ARG).*')

# Names that give way to another one of the same number.
SPECIAL = re.compile(r'(EXT4|EXFAT|F2FS)_IOC|BTRFS_IOC_SHUTDOWN|PMIC_|'
                     r'VIDIOC_SUBDEV_|KVM_(ARM|PPC|S390|RISCV)_|'
                     r'HDIO_DRIVE_CMD_AEB|DMA_BUF_SET_NAME$')


def all_headers(root):
    include = os.path.join(root, 'usr', 'include')
    for top in ROOTS:
        base = include
        if top == 'asm':
            base = os.path.join(include, 'x86_64-linux-gnu')
        elif top == 'scsi':
            base = '/usr/include'       # the C library's
        for where, _, files in os.walk(os.path.join(base, top),
                                       followlinks=True):
            for name in sorted(files):
                path = os.path.join(where, name)
                if name.endswith('.h'):
                    yield os.path.relpath(path, base), path


def macros(headers):
    """name -> (file, body) of all macros, those with arguments too."""
    found = {}
    where = ''
    for line in headers.run(headers.text, ['-E', '-dD']).stdout.split('\n'):
        m = MARKER.match(line)
        if m:
            where = m.group(1)
            continue
        m = DEFINE.match(line)
        if m:
            found[m.group(1)] = (where, m.group(2), m.group(3))
    return found


def is_encoded(name, found, seen=()):
    body = found[name][2]
    for word in WORD.findall(body):
        if word in ENCODED:
            return True
        if word in found and word not in seen and \
                is_encoded(word, found, seen + (name,)):
            return True
    return False


def requests(header, headers, report):
    """The names that @header itself defines, and may be requests."""
    found = macros(headers)
    rules = [r for r in PLAIN if r[0] == header]
    encoded, plain = [], []
    for name, (where, args, body) in found.items():
        if args or NOT.fullmatch(name) or not where.endswith('/' + header):
            continue
        if is_encoded(name, found):
            encoded.append(name)
        elif any(re.fullmatch(r[1], name) for r in rules):
            plain.append(name)
    if header in ENUMERATED:
        encoded += [n for n, what in headers.names().items()
                    if what[0] == 'enum' and
                    re.fullmatch(ENUMERATED[header], n)]
    values = headers.values(encoded + plain)
    lost = [n for n in encoded if n not in values]
    if lost and report:
        print(f'{header}: not constants: {" ".join(lost)}', file=sys.stderr)
    for name in plain:
        if name in values and not any(
                r[2] <= values[name] <= r[3] for r in rules):
            del values[name]
    return {n: (v, found[n][2] if n in found else '')
            for n, v in values.items()}


def collect(root, cc, abi_flag, report):
    table = {}
    for header, path in all_headers(root):
        with open(path, errors='replace') as f:
            text = f.read()
        if not re.search(r'\b_?[A-Z0-9_]*IO(WR|R|W|C)?\s*\(', text) and \
                not any(r[0] == header for r in PLAIN):
            continue
        try:
            values = requests(header, Headers(
                cc, BEFORE + [header], True, root,
                [abi_flag, '-ffreestanding', '-Ddomid_t=__u16',
                 '-Dgrant_ref_t=__u32']), report)
        except SystemExit as e:
            if report:
                print(f'{header}: left out: {str(e)[:300]}', file=sys.stderr)
            continue
        for name, (value, alias) in values.items():
            # Encoded requests are 32 bits; small enumerators are none.
            if 0 < value < 2 ** 32 and not (
                    header in ENUMERATED and value < 2 ** 29):
                table.setdefault(value, {})[name] = (header, alias)
    return table


def choose(names):
    """The names of one number as strace shows them."""
    # "#define A B": A is another name of B.
    chosen = [n for n, (_, alias) in names.items() if alias not in names]
    general = [n for n in chosen if not SPECIAL.match(n)]
    return ' or '.join(sorted(general or chosen))


def main():
    args = sys.argv[1:]
    root = '/'
    if args and args[0].startswith('--root='):
        root = args.pop(0)[len('--root='):]
    if not args:
        print(__doc__, file=sys.stderr)
        return 2
    out, cc = args[0], args[1:] or ['cc']
    table = collect(root, cc, '-m64', True)
    for flag in '-mx32', '-m32':
        for value, names in collect(root, cc, flag, False).items():
            table.setdefault(value, names)
    with open(out, 'w') as f:
        f.write('/*\n * The numbers of ioctl requests of x86-64, x32 and '
                'i386.\n * Made by gen-ioctl.py; do not edit.\n *\n'
                ' * Copyright (c) 2026 The Frail developers\n'
                ' * SPDX-License-Identifier: GPL-2.0-or-later\n */\n')
        for value in sorted(table):
            f.write(f'{{ {value:#x}, "{choose(table[value])}" }},\n')
    print(f'{len(table)} numbers, '
          f'{sum(len(n) for n in table.values())} names')
    return 0


if __name__ == '__main__':
    sys.exit(main())
