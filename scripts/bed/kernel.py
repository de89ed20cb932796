# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Debian's kernel of this machine: its image and its modules."""
import glob
import lzma
import os
import re

from . import Failure

# All guests have a disk to write to; some tests want more of the kernel.  The
# *_diag are what strace asks for the addresses of sockets.
DISK = ("virtio_pci", "virtio_blk")
MORE = ("overlay", "unix_diag", "inet_diag", "tcp_diag", "udp_diag",
        "raw_diag", "netlink_diag", "af_packet_diag", "dummy")

def find(name=None):
    """(image, modules directory) of the newest cloud kernel, or of @name.

    Names are those of scripts/kernels: "6.1", "6.12", "newest".
    """
    image = None if name else os.environ.get("FRAIL_GUEST_KERNEL")
    root = _root(name)
    if image:
        if not os.path.isfile(image):
            raise Failure("FRAIL_GUEST_KERNEL=%s is not a file" % image)
        modules_top = os.environ.get("FRAIL_GUEST_MODULES")
    else:
        images = glob.glob(root + "/boot/vmlinuz-*-cloud-amd64") or \
            glob.glob(root + "/boot/vmlinuz-*-amd64")
        if not images:
            raise Failure("no Debian kernel in %s/boot; run ./configure.sh, "
                          "or set FRAIL_GUEST_KERNEL=IMAGE" % root)
        image = max(images, key=_version)
        modules_top = None if name else os.environ.get("FRAIL_GUEST_MODULES")
    if not os.access(image, os.R_OK):
        raise Failure("%s cannot be read by this user; copy it to a "
                      "readable place and set FRAIL_GUEST_KERNEL" % image)
    release = os.path.basename(image).replace("vmlinuz-", "", 1)
    return image, modules_top or root + "/lib/modules/" + release


def _build():
    top = os.path.dirname(os.path.dirname(os.path.dirname(
        os.path.abspath(__file__))))
    return os.environ.get("FRAIL_BUILD") or os.path.join(top, "build")


def _root(name):
    """Where the set-up has put the kernel; the machine's own root else."""
    if name:
        kernel = os.path.join(_build(), "kernels", name)
        if not os.path.isdir(kernel):
            raise Failure("no kernel %s; run: scripts/kernels %s" % (
                name, name))
        return kernel
    kernel = os.path.join(_build(), "kernel")
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


def add_guest_modules(archive, top):
    """What a test guest may load: lib/modules/order and lib/modules/more."""
    for what, names in (("order", DISK), ("more", MORE)):
        order = add_modules(archive, top, names)
        archive.text("lib/modules/" + what,
                     "".join(name + "\n" for name in order))


def _name(path):
    return os.path.basename(path).split(".ko", 1)[0].replace("-", "_")
