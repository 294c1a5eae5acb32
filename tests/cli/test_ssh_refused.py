#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Remote machines that cannot be measured: one line, exit 4, nothing left here or there. The machine
is this one, behind an `ssh` that runs commands here; its `uname`, `id` and `sudo` are the test's.
A real connection: make check-ssh."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import ENVIRONMENT, TREE, Work, main, test

# As a master it only waits, with its socket there; else it runs the command behind the host.
FAKE_SSH = """#!/bin/sh
while [ "$1" != -- ]; do
	case $1 in
	-oControlMaster=yes) master=1;;
	-S) control=$2; shift;;
	esac
	shift
done
if [ "$master" ]; then
	: >"$control"
	exec sleep 600
fi
PATH=%s:$PATH exec sh -c "$3"
"""

REFUSING_SSH = """#!/bin/sh
cat >&2 <<'END'
%s
END
exit 255
"""

# What OpenSSH says when a host's key is not the one it knows.
CHANGED = """@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
Offending ED25519 key in /home/me/.ssh/known_hosts:3
Host key for board has changed and you have requested strict checking.
Host key verification failed."""


def put_program(work, name, text):
    path = work.path(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)


def refused(says, ssh=None, there=None, machine="board"):
    """@there: programs of the machine, which come before this one's"""
    with Work() as work:
        put_program(work, "bin/ssh", ssh or FAKE_SSH % work.path("there"))
        for name, text in (there or {}).items():
            put_program(work, "there/" + name, "#!/bin/sh\n" + text)
        work.bad(ENVIRONMENT, "run", "cache/padded", "--target", "ssh:" + machine, says=says,
                 env={"PATH": work.path("bin") + ":" + os.environ["PATH"]})


def uname(machine):
    return f'case $1 in -m) echo {machine};; -r) echo 6.12.9;; -v) echo "#1 SMP";; esac\n'


@test("nobody listens there, or ssh says that the machine's key has changed")
def unreachable():
    with Work() as work:
        # A port that is nobody's: the real ssh.
        work.bad(ENVIRONMENT, "run", "cache/padded", "--target", "ssh:127.0.0.1:1",
                 says=["127.0.0.1 port 1: Connection refused", "sshd"])
    refused(["known_hosts:3", "ssh-keygen -R 'board'"], ssh=REFUSING_SSH % CHANGED)
    refused("Could not resolve hostname board",
            ssh=REFUSING_SSH % "ssh: Could not resolve hostname board: Name or service not known")


@test("a machine that no agent runs on, or whose programs are of 32 bits")
def architecture():
    refused(["board", "riscv64", "no agent"], there={"uname": uname("riscv64")})
    refused(["board", "armv7l", "Raspberry Pi OS, 64-bit"], there={"uname": uname("armv7l")})
    refused(["64 bits and programs of 32", "Raspberry Pi OS, 64-bit"],
            there={"uname": uname("aarch64"), "getconf": "echo 32\n"})


@test("an agent that is for another architecture than the machine")
def wrong_agent():
    with Work() as work:
        put_program(work, "bin/ssh", FAKE_SSH % work.path("there"))
        with open(os.path.join(TREE, "build", "kbench-agent"), "rb") as file:
            agent = bytearray(file.read())
        # The machine that an ELF file is for: RISC-V.
        agent[18:20] = (243).to_bytes(2, "little")
        with open(work.path("agent"), "wb") as file:
            file.write(agent)
        work.bad(ENVIRONMENT, "run", "cache/padded", "--target", "ssh:board",
                 says=["board cannot run the agent", os.uname().machine, "KBENCH_AGENT"],
                 env={"PATH": work.path("bin") + ":" + os.environ["PATH"],
                      "KBENCH_AGENT": work.path("agent")})


@test("not root there, and no sudo, or one that asks for a password")
def no_root():
    user = 'case $1 in -u) echo 1000;; *) echo pi;; esac\n'

    refused(["loading modules on board needs root", "no sudo", "ssh:root@board"],
            there={"id": user, "sudo": "exit 127\n"})
    refused(["a password is required", "pi ALL = NOPASSWD: ALL", "ssh:root@board"],
            there={"id": user, "sudo": 'echo "sudo: a password is required" >&2; exit 1\n'})


@test("a shell that is none, no place for the agent")
def odd_machines():
    refused(["board", "does not answer as a Linux system"], there={"uname": "exit 1\n"})
    refused(["no space on board"], there={
        "mktemp": 'echo "mktemp: x: No space left on device" >&2; exit 1\n'})


if __name__ == "__main__":
    main()
