#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""A consumer of the json analyzer, of a bad kind.

    kill  two of them: the first is killed after 1,000 lines, unread data and all
    slow  it reads a page of data, then sleeps, until QEMU ends
    stop  it stops reading after 1,000 lines, and reads on when QEMU has ended

Prints KEY=VALUE lines: calls received whole, broken lines (cut off, double,
no JSON), told, the lost lines that the stream tells of, and in_flight, the
calls that the first one was killed over.
"""
import argparse
import json
import os
import select
import signal
import socket
import sys
import time


def lines_until(sock, count, out):
    """The bytes of @count lines and what comes with them."""
    data = b""
    while data.count(b"\n") < count:
        got = sock.recv(65536)
        if not got:
            break
        data += got
    out.write(data)


def rest(sock, out, size=1 << 20, pause=0):
    while True:
        got = sock.recv(size)
        if not got:
            return
        out.write(got)
        if pause:
            # When QEMU has ended, nobody is kept waiting any more.
            if select.select([sock], [], [], pause)[0]:
                time.sleep(pause)


def killed(listener, path):
    pid = os.fork()
    if pid == 0:
        with open(path + ".1", "wb") as out:
            sock = listener.accept()[0]
            lines_until(sock, 1000, out)
            out.flush()
            time.sleep(2)           # let more come, which nobody reads
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    with open(path + ".2", "wb") as out:
        rest(listener.accept()[0], out)


def one(listener, path, how):
    sock = listener.accept()[0]
    with open(path + ".1", "wb") as out:
        if how == "slow":
            rest(sock, out, 4096, 0.05)
            return
        lines_until(sock, 1000, out)
        poll = select.poll()
        poll.register(sock, 0)      # nothing but the other end's close
        poll.poll()
        rest(sock, out)


# A Unix socket's buffer takes less than 256 KiB, a record more than 512 bytes.
IN_FLIGHT_MAX = 512


def load(path):
    """(records, broken lines, is the last one cut off?) of a file."""
    records, broken = [], 0
    with open(path, "rb") as source:
        data = source.read()
    whole, _, cut = data.rpartition(b"\n")
    for line in whole.split(b"\n"):
        try:
            records.append(json.loads(line))
        except ValueError:
            broken += 1
    return records, broken, bool(cut)


def report(path, how):
    records, broken, cut = load(path + ".1")
    in_flight = 0
    if how == "kill":
        second, more, cut = load(path + ".2")
        broken += more + cut + (not second or
                                "reconnected" not in second[0])
        records += second
    elif how == "slow":
        broken += cut
    seqs = [r["seq"] for r in records if r["type"] == "call"]
    if how == "kill":
        in_flight = max(seqs) - len(seqs)
        broken += in_flight > IN_FLIGHT_MAX
    told = sum(r["lost"] for r in records if r["type"] == "lost")
    broken += len(seqs) - len(set(seqs))
    print("calls=%d\nbroken=%d\ntold=%d\nin_flight=%d" %
          (len(seqs), broken, told, in_flight))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("how", choices=("kill", "slow", "stop"))
    parser.add_argument("socket")
    parser.add_argument("output", help="OUTPUT.1 and .2 get what was received")
    opts = parser.parse_args()
    signal.alarm(600)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(opts.socket)
    listener.listen(1)
    if opts.how == "kill":
        killed(listener, opts.output)
    else:
        one(listener, opts.output, opts.how)
    report(opts.output, opts.how)
    return 0


if __name__ == "__main__":
    sys.exit(main())
