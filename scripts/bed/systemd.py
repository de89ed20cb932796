# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""The guest image "systemd": a whole small Debian, not a shell script.

Its files are those that scripts/debian-root has unpacked.  What packages do
when they are installed is done here by hand, as far as this guest needs it.
"""
import fnmatch
import os

from . import Failure

# Nothing of these is needed to run, and an initramfs lives in memory.
SKIP = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*",
        "/usr/share/info/*", "/usr/share/i18n/*", "/usr/share/zoneinfo/*",
        "/usr/share/lintian/*", "/usr/share/bash-completion/*",
        "/usr/share/zsh/*", "/usr/share/perl*", "/usr/lib/*/perl*",
        "/usr/lib/*/gconv/*", "/usr/share/common-licenses/*", "/boot/*",
        "/usr/lib/udev/hwdb.d/*", "/usr/lib/udev/hwdb.bin", "/lib/udev/hwdb*",
        "/usr/lib/systemd/catalog/*", "/usr/share/bug/*", "/usr/lib/apt/*",
        "/etc/init.d/*", "/etc/rc*.d/*", "/usr/share/debconf/*",
        "/usr/lib/gcc/*", "/usr/src/*", "/usr/include/*")

PASSWD = (("messagebus", 100, 100), ("systemd-network", 998, 998),
          ("systemd-resolve", 997, 997), ("alice", 1000, 1000),
          ("bob", 1001, 1001))
GROUPS = ("adm:x:4:", "tty:x:5:", "disk:x:6:", "lp:x:7:", "dialout:x:20:",
          "cdrom:x:24:", "audio:x:29:", "utmp:x:43:", "video:x:44:",
          "kmem:x:15:", "tape:x:26:", "input:x:994:", "kvm:x:993:",
          "render:x:992:", "sgx:x:991:", "crontab:x:101:", "shadow:x:42:",
          "users:x:100:", "systemd-journal:x:999:", "nogroup:x:65534:")

UNIT = """[Unit]
Description=What the test wants of this guest
[Service]
Type=idle
Environment=PATH=/usr/local/bin:/usr/bin:/usr/sbin HOME=/root LC_ALL=C.UTF-8
ExecStart=/usr/bin/bash /frail/systemd
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyS0
KillMode=none
[Install]
WantedBy=multi-user.target
"""

TEXTS = {
    "etc/hostname": "frail\n",
    "etc/hosts": "127.0.0.1 localhost frail\n",
    "etc/fstab": "",
    "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "etc/locale.conf": "LANG=C.UTF-8\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\n"
                         "hosts: files\n",
    "etc/systemd/system/frail.service": UNIT,
    # Journals to the console say why a boot went wrong.
    "etc/systemd/system.conf.d/frail.conf":
        "[Manager]\nDefaultTimeoutStartSec=300s\nStatusUnitFormat=name\n",
    "etc/systemd/journald.conf.d/frail.conf": "[Journal]\nStorage=volatile\n",
}

# What `systemctl enable` would make.
ENABLED = ("frail.service", "cron.service")
# These wait for hardware, networks or a first boot that are not here, or
# make work at a moment of their own.
MASKED = ("systemd-firstboot.service", "systemd-hwdb-update.service",
          "systemd-update-done.service", "systemd-random-seed.service",
          "systemd-pcrphase.service", "systemd-pcrphase-sysinit.service",
          "apt-daily.timer", "apt-daily-upgrade.timer", "fstrim.timer",
          "e2scrub_all.timer", "dpkg-db-backup.timer", "modprobe@.service",
          "systemd-tmpfiles-clean.timer", "getty@tty1.service")


def fill(image, root):
    """Put the guest's files into the archive @image."""
    if not os.path.isdir(root):
        raise Failure("no Debian in %s; run: scripts/debian-root" % root)
    _packages(image, root)
    _users(image)
    for path, text in TEXTS.items():
        image.text(path, text)
    for name in ENABLED:
        where = "lib" if name != "frail.service" else "etc"
        image.symlink("etc/systemd/system/multi-user.target.wants/" + name,
                      "/%s/systemd/system/%s" % (where, name))
    for name in MASKED:
        image.symlink("etc/systemd/system/" + name, "/dev/null")
    image.symlink("etc/systemd/system/default.target",
                  "/lib/systemd/system/multi-user.target")
    image.symlink("bin/sh", "dash")
    image.symlink("usr/bin/awk", "mawk")
    for one in ("proc", "sys", "dev", "run", "root", "out", "home/alice",
                "home/bob", "var/log", "var/tmp", "var/lib/systemd"):
        image.directory(one)
    image.directory("tmp", 0o1777)
    image.device("dev/console", 5, 1)
    image.device("dev/null", 1, 3, 0o666)


def _packages(image, root):
    for base, dirs, names in os.walk(root):
        dirs.sort()
        for name in sorted(dirs + names):
            path = os.path.join(base, name)
            inside = path[len(root):]
            if any(fnmatch.fnmatch(inside, one) for one in SKIP):
                continue
            if os.path.islink(path):
                image.symlink(inside, os.readlink(path))
            elif os.path.isdir(path):
                image.directory(inside)
            else:
                image.file(inside, path)


def _users(image):
    passwd = ["root:x:0:0:root:/root:/bin/bash",
              "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin",
              "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin"]
    group = ["root:x:0:", "daemon:x:1:"] + list(GROUPS)
    for name, uid, gid in PASSWD:
        passwd.append("%s:x:%d:%d::/home/%s:/bin/bash" % (name, uid, gid,
                                                          name))
        if not any(":%d:" % gid in line for line in group):
            group.append("%s:x:%d:" % (name, gid))
    image.text("etc/passwd", "\n".join(passwd) + "\n")
    image.text("etc/group", "\n".join(group) + "\n")
    image.text("etc/shadow", "root:*:19000:0:99999:7:::\n", 0o640)
