# SPDX-License-Identifier: GPL-2.0
"""Chromium without a screen, spoken to through a pipe (its DevTools protocol): what a page looks
like, and what it asks for."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PATIENCE_S = 60


class Browser:
    """One page at a time. @requests, @messages: what the page that is open asked for, and what was
    said of it (errors of scripts and loading, violations of its policy)."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="kbench-browser-")
        self.number = 0
        self.buffer = b""
        self.events = []
        command_out, self.commands = os.pipe()
        self.answers, answer_in = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4.
        shell = f"exec 3<&{command_out} 4>&{answer_in}; exec \"$@\""
        self.process = subprocess.Popen(
            ["/bin/bash", "-c", shell, "bash", "chromium", "--headless=new", "--no-sandbox",
             "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update",
             f"--user-data-dir={self.profile}", "--remote-debugging-pipe", "about:blank"],
            pass_fds=[command_out, answer_in], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(command_out)
        os.close(answer_in)
        self.session = None
        target = next(one for one in self.call("Target.getTargets")["targetInfos"]
                      if one["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"],
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        try:
            self.session = None
            self.send("Browser.close")
            self.process.wait(timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.commands)
        os.close(self.answers)
        shutil.rmtree(self.profile, ignore_errors=True)

    def send(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        return self.number

    def receive(self):
        while b"\0" not in self.buffer:
            if not select.select([self.answers], [], [], PATIENCE_S)[0]:
                raise AssertionError("the browser is silent")
            data = os.read(self.answers, 1 << 20)
            if not data:
                raise AssertionError("the browser is gone")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        number = self.send(method, **parameters)
        while True:
            message = self.receive()
            if message.get("id") != number:
                self.events.append(message)
            elif "error" in message:
                raise AssertionError(f"{method}: {message['error']['message']}")
            else:
                return message["result"]

    def wait_for(self, event):
        while not any(message.get("method") == event for message in self.events):
            self.events.append(self.receive())

    def evaluate(self, expression):
        return self.call("Runtime.evaluate", expression=expression,
                         returnByValue=True)["result"].get("value")

    def open(self, path, width=1280, height=2000, dark=False, mobile=False):
        """Seconds until the page was loaded and laid out."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=mobile)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.events = []
        begin = time.monotonic()
        self.call("Page.navigate", url="file://" + path)
        self.wait_for("Page.loadEventFired")
        self.evaluate("document.documentElement.getBoundingClientRect().height")
        return time.monotonic() - begin

    @property
    def requests(self):
        return [message["params"]["request"]["url"] for message in self.events
                if message.get("method") == "Network.requestWillBeSent"]

    @property
    def messages(self):
        said = [message["params"]["entry"]["text"] for message in self.events
                if message.get("method") == "Log.entryAdded"]
        said += [str(message["params"]) for message in self.events
                 if message.get("method") in ("Runtime.exceptionThrown",
                                              "Runtime.consoleAPICalled")]
        return said

    def screenshot(self, path=None, whole=False):
        """PNG; of the whole page, however long it is."""
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        data = base64.b64decode(answer["data"])
        if path:
            with open(path, "wb") as file:
                file.write(data)
        return data
