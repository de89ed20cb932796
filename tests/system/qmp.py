# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""QEMU with a test guest, and its QMP monitor, for the tests' scripts."""
import json
import os
import select
import socket
import subprocess
import time


class QmpError(Exception):
    """A command failed; str() is QEMU's own sentence."""


class Machine:
    """QEMU running a program of tests/guest, with a monitor to it.

    The guest's disk, console and whatever analyzers write lie in @folder.
    """

    def __init__(self, folder, run, options=(), *, accel="tcg,frail=on",
                 cpus=1, image="tests", memory=512, args=""):
        top = os.path.dirname(os.path.dirname(os.path.dirname(
            os.path.abspath(__file__))))
        self.build = os.environ.get("FRAIL_BUILD", os.path.join(top, "build"))
        self.folder = folder
        self.events = []
        self.buffer = b""
        os.makedirs(folder, exist_ok=True)
        self.disk = os.path.join(folder, "guest.disk")
        with open(self.disk, "wb") as disk:
            disk.truncate(64 << 20)
        self.console = os.path.join(folder, "console")
        self.stderr = os.path.join(folder, "qemu.err")
        ours, theirs = socket.socketpair()
        kernel = os.path.join(self.build, "guest")
        command = [
            os.environ.get("FRAIL_QEMU", os.path.join(
                self.build, "qemu-build", "qemu-system-x86_64")),
            "-L", "/usr/share/qemu", "-L", "/usr/share/seabios",
            "-accel", accel,
            "-cpu", "host" if accel.startswith("kvm") else "max",
            "-M", "q35,sata=off", "-m", str(memory), "-smp", str(cpus),
            "-display", "none", "-vga", "none", "-nic", "none",
            "-monitor", "none", "-no-reboot", "-no-shutdown",
            "-serial", "file:" + self.console,
            "-chardev", "socket,id=qmp,fd=%d" % theirs.fileno(),
            "-mon", "chardev=qmp,mode=control",
            "-drive", "if=none,id=out,format=raw,cache=unsafe,file="
            + self.disk, "-device", "virtio-blk-pci,drive=out",
            "-kernel", os.path.join(kernel, "vmlinuz"),
            "-initrd", os.path.join(kernel, image + ".cpio"),
            "-append", "console=ttyS0 quiet loglevel=1 panic=-1 "
            "tsc=reliable no_timer_check random.trust_cpu=on norandmaps "
            "mitigations=off frail.out=1 frail.run=%s frail.arg=%s"
            % (run, args)] + list(options)
        with open(self.stderr, "wb") as err:
            # pylint: disable=consider-using-with
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=err, stderr=err,
                pass_fds=(theirs.fileno(),))
        theirs.close()
        self.socket = ours
        self._message(30)           # the greeting
        self.command("qmp_capabilities")

    def _message(self, seconds):
        """The next line of QMP; None after @seconds."""
        end = time.monotonic() + seconds
        while b"\n" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                return None
            got = self.socket.recv(65536)
            if not got:
                raise QmpError("QEMU has ended: " + self.last_words())
            self.buffer += got
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)

    def last_words(self):
        with open(self.stderr, encoding="utf-8", errors="replace") as source:
            return (source.read().splitlines() or ["not a word"])[-1]

    def command(self, name, seconds=120, **arguments):
        """Do it and return what it returns; events are kept."""
        request = {"execute": name}
        if arguments:
            request["arguments"] = {key.replace("_", "-"): value for
                                    key, value in arguments.items()}
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        while True:
            message = self._message(seconds)
            if message is None:
                raise QmpError("%s: no answer in %d s" % (name, seconds))
            if "event" in message:
                self.events.append(message)
            elif "error" in message:
                raise QmpError(message["error"]["desc"])
            else:
                return message["return"]

    def human(self, line):
        return self.command("human-monitor-command", command_line=line)

    def event(self, name, seconds=120, **data):
        """The next event of that name whose data has these members."""
        end = time.monotonic() + seconds
        at = 0
        while True:
            while at < len(self.events):
                one = self.events[at]
                if one["event"] == name and all(
                        one["data"].get(key.replace("_", "-")) == value
                        for key, value in data.items()):
                    return self.events.pop(at)
                at += 1
            message = self._message(end - time.monotonic())
            if message is None:
                raise QmpError("no event %s in %d s" % (name, seconds))
            self.events.append(message)

    def finish(self, seconds=120):
        """Wait until the guest is off; what it left in /out is unpacked."""
        self.event("SHUTDOWN", seconds)
        self.quit()
        out = os.path.join(self.folder, "out")
        os.makedirs(out, exist_ok=True)
        subprocess.run(["tar", "-C", out, "-xf", self.disk], check=True)
        os.unlink(self.disk)

    def quit(self):
        if self.process.poll() is None:
            try:
                self.command("quit")
            except (QmpError, OSError):
                pass
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise QmpError("QEMU does not end") from None
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
