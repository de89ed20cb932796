# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Debian's kernel of this machine: its image and its modules."""
import glob
import lzma
import os
import re

from . import Failure


def find():
    """(image, modules directory) of the newest cloud kernel."""
    image = os.environ.get("FRAIL_GUEST_KERNEL")
    root = _root()
    if image:
        if not os.path.isfile(image):
            raise Failure("FRAIL_GUEST_KERNEL=%s is not a file" % image)
    else:
        images = glob.glob(root + "/boot/vmlinuz-*-cloud-amd64") or \
            glob.glob(root + "/boot/vmlinuz-*-amd64")
        if not images:
            raise Failure("no Debian kernel in %s/boot; run ./configure.sh, "
                          "or set FRAIL_GUEST_KERNEL=IMAGE" % root)
        image = max(images, key=_version)
    if not os.access(image, os.R_OK):
        raise Failure("%s cannot be read by this user; copy it to a "
                      "readable place and set FRAIL_GUEST_KERNEL" % image)
    release = os.path.basename(image).replace("vmlinuz-", "", 1)
    return image, os.environ.get("FRAIL_GUEST_MODULES",
                                 root + "/lib/modules/" + release)


def _root():
    """Where the set-up has put the kernel; the machine's own root else."""
    top = os.path.dirname(os.path.dirname(os.path.dirname(
        os.path.abspath(__file__))))
    build = os.environ.get("FRAIL_BUILD") or os.path.join(top, "build")
    kernel = os.path.join(build, "kernel")
    return kernel if os.path.isdir(os.path.join(kernel, "boot")) else ""


def _version(path):
    return [int(n) for n in re.findall(r"\d+", os.path.basename(path))]


def modules(top, names):
    """Files of the modules @names and of what they need, in load order."""
    needs = {}
    try:
        with open(os.path.join(top, "modules.dep"),
                  encoding="ascii") as source:
            for line in source:
                path, rest = line.split(":", 1)
                needs[_name(path)] = (path, rest.split())
    except OSError as err:
        raise Failure("no modules of the kernel: %s" % err) from err
    order = []
    for name in names:
        if name not in needs:
            continue            # built in, or not in this kernel
        path, rest = needs[name]
        for one in list(reversed(rest)) + [path]:
            full = os.path.join(top, one)
            if full not in order:
                order.append(full)
    return order


def add_modules(archive, top, names, where="lib/modules"):
    """Put modules into @archive, unpacked; their names in load order."""
    order = []
    for path in modules(top, names):
        name = os.path.basename(path).split(".ko", 1)[0] + ".ko"
        target = os.path.join(where, name)
        if path.endswith(".xz"):
            with lzma.open(path) as source:
                archive.data(target, source.read())
        elif path.endswith(".ko"):
            archive.file(target, path)
        else:
            raise Failure("%s: only .ko and .ko.xz can be read" % path)
        order.append(name)
    return order


def _name(path):
    return os.path.basename(path).split(".ko", 1)[0].replace("-", "_")
