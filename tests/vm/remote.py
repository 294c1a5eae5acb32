# SPDX-License-Identifier: GPL-2.0
"""A Debian system in a guest with sshd, which is a remote machine to kbench.

It is reached through a port of this machine. kbench finds an `ssh` in its PATH that is OpenSSH's
with a configuration of the test: its names for the guest, its keys, its list of known hosts.
"""

import os
import shlex
import shutil
import socket
import subprocess
import time

from debian import BOOT_TRIES, KERNEL, make_disk, qemu_command, wait_for_steps
from harness import PATIENCE_S, cached_kernel, check

# In the guest: the network and sshd.
STEPS = r"""
for name in failover net_failover virtio_net; do insmod /lib/network/$name.ko; done
ip link set lo up
device=$(ls /sys/class/net | grep -v lo)
ip addr add 10.0.2.15/24 dev $device
ip link set $device up
ip route add default via 10.0.2.2
for user in root alice bob; do
	getent passwd $user >/dev/null || continue
	home=$(getent passwd $user | cut -d: -f6)
	mkdir -p $home/.ssh
	cp /mnt/user_key.pub $home/.ssh/authorized_keys
	chown -R $user: $home/.ssh
	chmod -R go= $home/.ssh
done
mkdir -p /run/sshd
cp /mnt/host_key /root/host_key
chmod 600 /root/host_key
/usr/sbin/sshd -f /mnt/sshd_config -E /tmp/sshd.log || echo "no sshd" >/dev/console
echo "step ready" >/dev/console
sleep 1000000
"""

# What there is of kbench in the guest, one a line.
STATE = ("ls -d /var/tmp/kbench-* 2>/dev/null; cut -d' ' -f1 /proc/modules | grep '^kbench'; "
         "pgrep -l kbench-agent; pgrep -l '^make$'; true")

SSHD_CONFIG = """
Port 22
HostKey /root/host_key
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PidFile none
Subsystem sftp /bin/false
"""


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Remote:
    """One boot of the guest, until close()."""

    def __init__(self, work, cpus=2, arch="amd64"):
        self.work = work
        self.kernel = cached_kernel(KERNEL, arch)
        self.release = os.path.basename(self.kernel)
        self.port = free_port()
        self.make_keys()
        self.write_config()
        tree = work.path("tree")
        os.mkdir(tree)
        for name in ("user_key.pub", "host_key"):
            shutil.copy(work.path(name), tree)
        for name, text in (("steps", STEPS), ("sshd_config", SSHD_CONFIG)):
            with open(os.path.join(tree, name), "w", encoding="utf-8") as file:
                file.write(text)
        self.qemu = self.monitor = None
        self.boot(make_disk(work, self.kernel, tree), cpus)

    def make_keys(self):
        for name in ("user_key", "host_key", "other_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f",
                            self.work.path(name)], check=True)

    def write_config(self):
        """The guest's names: "board" and "twin"; "stranger" is unknown, "changed" was another."""
        lines = [f"IdentityFile {self.work.path('user_key')}", "IdentitiesOnly yes",
                 "HostName 127.0.0.1", f"Port {self.port}", "StrictHostKeyChecking ask",
                 "GlobalKnownHostsFile /dev/null", "UserKnownHostsFile %known"]
        known = {"board": "host_key", "twin": "host_key", "keyless": "host_key",
                 "stranger": None, "changed": "other_key"}
        with open(self.work.path("ssh_config"), "w", encoding="utf-8") as config:
            for name, key in known.items():
                path = self.work.path("known_" + name)
                with open(path, "w", encoding="utf-8") as file:
                    if key:
                        with open(self.work.path(key + ".pub"), encoding="utf-8") as public:
                            file.write(f"[127.0.0.1]:{self.port} {public.read()}")
                text = "\n  ".join(lines).replace("%known", path)
                if name == "keyless":
                    text = text.replace("user_key", "other_key")
                config.write(f"Host {name}\n  {text}\n")
        programs = self.work.path("bin")
        os.mkdir(programs)
        wrapper = os.path.join(programs, "ssh")
        with open(wrapper, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec {shutil.which('ssh')} "
                       f"-F {shlex.quote(self.work.path('ssh_config'))} \"$@\"\n")
        os.chmod(wrapper, 0o755)
        self.env = {"PATH": programs + ":" + os.environ["PATH"], "SSH_AUTH_SOCK": None}

    def boot(self, disk, cpus):
        console, monitor = self.work.path("console"), self.work.path("monitor")
        command = qemu_command(self.kernel, disk, console, cpus) + [
            "-netdev", f"user,id=net,restrict=off,hostfwd=tcp:127.0.0.1:{self.port}-:22",
            "-device", "virtio-net-pci,netdev=net,id=card",
            "-monitor", f"unix:{monitor},server=on,wait=off",
        ]
        for _ in range(BOOT_TRIES):
            self.qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL)
            if wait_for_steps(self.qemu, console) and "step ready" in self.console_text():
                break
            self.close()
        check(self.qemu, "the guest does not boot:\n" + self.console_text()[-2000:])
        self.monitor = socket.socket(socket.AF_UNIX)
        self.monitor.connect(monitor)

    def console_text(self):
        with open(self.work.path("console"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def set_link(self, on):
        """The guest's network cable, plugged in or pulled."""
        self.monitor.sendall(f"set_link card {'on' if on else 'off'}\n".encode())

    def state(self):
        return self.shell(STATE)

    def wait_until_gone(self):
        """Until nothing of kbench is in the guest any more, for ten seconds. Return: what stays"""
        return self.shell(f"for i in $(seq 20); do [ -n \"$({STATE})\" ] || break; sleep 0.5; done; "
                          f"{STATE}")

    def watch(self):
        """From now on the guest says on its console when nothing of kbench is in it."""
        self.shell(f"(while [ -n \"$({STATE})\" ]; do sleep 0.5; done; echo 'all gone' >/dev/console) "
                   "</dev/null >/dev/null 2>&1 &")

    def wait_for_watch(self):
        """Until it has said so. Return: seconds since the call, or None"""
        begin = time.monotonic()
        while time.monotonic() < begin + PATIENCE_S:
            if "all gone" in self.console_text():
                return time.monotonic() - begin
            time.sleep(0.1)
        return None

    def shell(self, command, user="root"):
        """What a command in the guest prints; its exit code does not matter."""
        run = subprocess.run(["ssh", "-oBatchMode=yes", f"{user}@board", command],
                             env=self.work.env(self.env), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             timeout=PATIENCE_S)
        return run.stdout

    def close(self):
        if self.monitor:
            self.monitor.close()
        if self.qemu:
            self.qemu.kill()
            self.qemu.wait()
        self.qemu = self.monitor = None
