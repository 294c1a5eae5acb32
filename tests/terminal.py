# SPDX-License-Identifier: GPL-2.0
"""A terminal of some width, by tmux."""

import os
import re
import shlex
import subprocess
import time

from harness import KBENCH, check

# A screen on which everything has room that a command prints.
ROWS = 1500
PATIENCE_S = 60
COLOUR = re.compile(r"\033\[[0-9;]*m")


class Terminal:
    """What is typed and seen there. Ends with the block that it stands in."""

    def __init__(self, work, columns, *command, env=None):
        self.work = work
        self.columns = columns
        self.env = dict(work.env({"TERM": None, "TMUX": None, **(env or {})}),
                        TMUX_TMPDIR=work.dir)
        self.tmux("new-session", "-d", "-x", str(columns), "-y", str(ROWS), *command)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.tmux("kill-server")
        for _ in range(100):
            if not self.work.left_processes():
                break
            time.sleep(0.05)
        self.work.nothing_left()

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-L", "test", "-f", "/dev/null", *arguments], env=self.env,
                              check=True, stdout=subprocess.PIPE, text=True,
                              timeout=PATIENCE_S).stdout

    def type(self, text, *keys):
        self.tmux("send-keys", "-l", text)
        if keys:
            self.tmux("send-keys", *keys)

    def screen(self, *options):
        """Lines as they are seen; trailing spaces are gone."""
        return self.tmux("capture-pane", "-p", *options).rstrip("\n").split("\n")

    def wait_for(self, pattern):
        """Until that is seen. Return: the screen"""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            lines = self.screen()
            if re.search(pattern, "\n".join(lines), re.M):
                return lines
            time.sleep(0.05)
        check(False, f"{pattern!r} is not seen:\n" + "\n".join(lines))


def show(work, columns, *arguments, env=None, term=None):
    """What kbench prints on a terminal: lines, the same without the terminal's line breaks, and
    with colours."""
    words = " ".join(shlex.quote(word) for word in [KBENCH, *arguments])
    setting = f"TERM={term} " if term else ""
    with Terminal(work, columns, "sh", "-c", f"{setting}{words}; echo; echo 'THE END'; exec cat",
                  env=env) as terminal:
        lines = terminal.wait_for(r"^THE END$")
        joined = [line.rstrip() for line in terminal.screen("-J")]
        return lines[:-2], joined[:-2], terminal.screen("-e")[:-2]
