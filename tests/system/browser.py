# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""A headless Chromium, spoken to over a pipe in its DevTools protocol.

    with Browser() as b:
        b.open("file:///tmp/x.html", width=1280, height=900)
        b.run("document.title")
        b.screenshot("x.png")

b.problems has what the page wrote as an error or a warning, what it threw,
and each request that it made for anything but itself.
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


def find():
    """The path of a Chromium, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return None


class Browser:
    def __init__(self, timeout=60):
        self.timeout = timeout
        self.problems = []
        self.number = 0
        self.events = []
        self.pending = b""
        self.profile = tempfile.mkdtemp(prefix="frail-browser-")
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()
        # The protocol's pipes are 3 and 4; ours may have these numbers.
        high_read = os.dup(to_read) if to_read < 5 else to_read
        high_write = os.dup(to_write) if to_write < 5 else to_write

        def pipes():
            os.dup2(high_read, 60)
            os.dup2(high_write, 61)
            os.dup2(60, 3)
            os.dup2(61, 4)

        # As root, in a container, its sandbox cannot be had; the page is
        # ours, and its content security policy is what is tested.
        self.process = subprocess.Popen(
            [find(), "--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
             "--disable-background-networking", "--disable-component-update",
             f"--user-data-dir={self.profile}", "--remote-debugging-pipe",
             "about:blank"],
            close_fds=False, preexec_fn=pipes, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        for fd in {high_read, high_write} - {to_read, to_write}:
            os.close(fd)
        self.session = None
        target = self.ask("Target.createTarget", url="about:blank")
        self.session = self.ask("Target.attachToTarget", flatten=True,
                                targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def read(self):
        """The next message."""
        end = time.monotonic() + self.timeout
        while b"\0" not in self.pending:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            part = os.read(self.back, 1 << 20)
            if not part:
                raise EOFError("the browser has ended")
            self.pending += part
        line, self.pending = self.pending.split(b"\0", 1)
        message = json.loads(line)
        if "method" in message:
            self.note(message["method"], message["params"])
            self.events.append(message["method"])
        return message

    def note(self, method, p):
        if method == "Runtime.exceptionThrown":
            d = p["exceptionDetails"]
            self.problems.append("thrown: " + d.get("exception", {}).get(
                "description", d["text"]))
        elif method == "Runtime.consoleAPICalled":
            self.problems.append("console: " + str(
                [a.get("value") for a in p["args"]]))
        elif method == "Log.entryAdded" and p["entry"]["level"] in (
                "error", "warning"):
            self.problems.append("log: " + p["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            url = p["request"]["url"]
            if url != p["documentURL"] and not url.startswith("about:"):
                self.problems.append("request: " + url)

    def ask(self, method, **params):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def open(self, url, width=1280, height=900, dark=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.events.clear()
        self.ask("Page.navigate", url=url)
        while "Page.loadEventFired" not in self.events:
            self.read()
        # What is drawn when sizes are known.
        self.run("new Promise(r => requestAnimationFrame(() => "
                 "requestAnimationFrame(r)))")

    def run(self, script):
        """The value of an expression in the page; promises are waited for."""
        r = self.ask("Runtime.evaluate", expression=script, awaitPromise=True,
                     returnByValue=True)
        if "exceptionDetails" in r:
            raise RuntimeError(script + ": " + str(r["exceptionDetails"]))
        return r["result"].get("value")

    def screenshot(self, file):
        """What is seen; PNG."""
        r = self.ask("Page.captureScreenshot", format="png")
        with open(file, "wb") as f:
            f.write(base64.b64decode(r["data"]))
