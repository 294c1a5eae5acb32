# SPDX-License-Identifier: GPL-2.0
"""A Debian system in a guest, with kbench installed in it: for tests of the host target.

The guest gets a copy of the system's disk with a tar file on it, which holds kbench and a shell
script. It leaves there what the script's steps printed.
"""

import hashlib
import os
import shutil
import subprocess
import tarfile
import time

from harness import PATIENCE_S, TREE, cache_dir, cached_kernel, check

KERNEL = "6.12-cloud"

# An emulated guest crashes or hangs while it boots once in a while, which says nothing of kbench.
BOOT_TRIES = 3
BOOT_S = 120

# debugfs lies there, which is not in everyone's PATH.
SBIN = ":/usr/sbin:/sbin"

# A guest that builds modules, emulated, beside whatever else a machine does.
GUEST_PATIENCE_S = 2 * PATIENCE_S


def codename():
    with open("/etc/os-release", encoding="utf-8") as file:
        facts = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
    return facts["VERSION_CODENAME"].strip('"')


def base_image(kernel):
    """The system's disk, made once for a kernel and kept in the cache."""
    maker = os.path.join(TREE, "tests", "vm", "make-debian-image")
    with open(maker, "rb") as file:
        key = hashlib.sha256(file.read() + (codename() + kernel).encode()).hexdigest()[:16]
    directory = os.path.join(cache_dir(), "tests")
    prefix = f"debian-{kernel.rsplit('-', 1)[-1]}-"
    image = os.path.join(directory, f"{prefix}{key}.ext4")
    if not os.path.exists(image):
        os.makedirs(directory, exist_ok=True)
        for old in os.listdir(directory):
            if old.startswith(prefix):
                os.remove(os.path.join(directory, old))
        subprocess.run([maker, codename(), kernel, image], check=True, timeout=PATIENCE_S)
    return image


def install(directory):
    """kbench as users get it: make install."""
    env = {name: value for name, value in os.environ.items()
           if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    subprocess.run(["make", "-C", TREE, "install", f"DESTDIR={directory}", "PREFIX=/usr"], env=env,
                   check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE_S)


def debugfs(*arguments):
    *options, request = arguments
    subprocess.run(["debugfs", "-R", request, *options], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, env=dict(os.environ, PATH=os.environ["PATH"] + SBIN))


def owned_by_root(info):
    info.uid = info.gid = 0
    info.uname = info.gname = "root"
    return info


def make_disk(work, kernel, tree):
    """A copy of the system's disk with a directory in it, which the guest unpacks in /mnt."""
    disk = work.path("disk")
    with tarfile.open(work.path("in.tar"), "w") as tar:
        tar.add(tree, arcname=".", filter=owned_by_root)
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", base_image(kernel), disk],
                   check=True)
    debugfs("-w", disk, f"write {work.path('in.tar')} in.tar")
    return disk


# The machine and its console, by the end of a kernel's release.
MACHINES = {
    "amd64": (["qemu-system-x86_64", "-cpu", "max"], "ttyS0 tsc=reliable"),
    "arm64": (["qemu-system-aarch64", "-M", "virt,gic-version=3", "-cpu",
               "max,pauth-impdef=on"], "ttyAMA0"),
}


def qemu_command(kernel, disk, console, cpus):
    machine, tty = MACHINES[kernel.rsplit("-", 1)[-1]]
    return machine + [
        "-accel", "tcg,thread=multi", "-smp", str(cpus),
        "-m", "2G", "-nodefaults", "-display", "none", "-no-reboot",
        "-kernel", os.path.join(kernel, "vmlinuz"),
        "-append", f"console={tty} panic=-1 quiet rw root=/dev/nvme0n1 init=/test-init",
        "-serial", f"file:{console}",
        "-drive", f"id=disk,if=none,format=raw,cache=unsafe,file={disk}",
        "-device", "nvme,drive=disk,serial=kbench",
    ]


def wait_for_steps(qemu, console):
    """Whether the guest came as far as its steps."""
    for _ in range(BOOT_S):
        if os.path.exists(console):
            with open(console, encoding="utf-8", errors="replace") as file:
                if "step " in file.read():
                    return True
        if qemu.poll() is not None:
            return False
        time.sleep(1)
    return False


class Step:
    """What a step printed, and its exit code; None when it was not reached."""

    def __init__(self, directory, name):
        def read(suffix):
            try:
                with open(os.path.join(directory, name + suffix), encoding="utf-8",
                          errors="replace") as file:
                    return file.read()
            except FileNotFoundError:
                return None

        self.out = read(".out")
        self.err = read(".err")
        code = read(".code")
        self.code = int(code) if code else None


class Debian:
    """One boot of the guest.

    @steps: pairs of a name and a shell text, run by root one after the other in /mnt
    @files: pairs of a file here and its path below /mnt there
    """

    def __init__(self, work, steps, files=(), cpus=2):
        self.work = work
        kernel = cached_kernel(KERNEL)
        self.release = os.path.basename(kernel)
        tree = work.path("tree")
        os.mkdir(tree)
        install(os.path.join(tree, "install"))
        for source, target in files:
            os.makedirs(os.path.dirname(os.path.join(tree, target)), exist_ok=True)
            shutil.copy(source, os.path.join(tree, target))
        self.write_steps(os.path.join(tree, "steps"), steps)
        self.boot(kernel, cpus, tree)
        self.read(steps)

    @staticmethod
    def write_steps(path, steps):
        with open(path, "w", encoding="utf-8") as file:
            file.write("cd /mnt\ncp -a install/. /\n")
            for number, (name, text) in enumerate(steps):
                script = f"{path}.{number}"
                with open(script, "w", encoding="utf-8") as step:
                    step.write(text)
                file.write(f"echo \"$(cut -d. -f1 /proc/uptime) s: step {name}\"\n"
                           f"timeout 300 sh /mnt/steps.{number} >/mnt/out/{name}.out "
                           f"2>/mnt/out/{name}.err </dev/null\n"
                           f"echo $? >/mnt/out/{name}.code\n")

    def boot(self, kernel, cpus, tree):
        disk = make_disk(self.work, kernel, tree)
        command = qemu_command(kernel, disk, self.work.path("console"), cpus)
        for _ in range(BOOT_TRIES):
            if self.run_guest(command):
                break
        debugfs(disk, f"dump out.tar {self.work.path('out.tar')}")
        os.remove(disk)

    def run_guest(self, command):
        """Whether the guest came as far as its steps; then it has also come to its end."""
        console = self.work.path("console")
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, env=self.work.env()) as qemu:
            try:
                begun = wait_for_steps(qemu, console)
                if begun:
                    qemu.wait(GUEST_PATIENCE_S)
            finally:
                qemu.kill()
        with open(console, encoding="utf-8", errors="replace") as file:
            self.console = file.read()
        return begun

    def read(self, steps):
        out = self.work.path("out")
        os.mkdir(out)
        try:
            with tarfile.open(self.work.path("out.tar")) as tar:
                tar.extractall(out)
        except (tarfile.ReadError, FileNotFoundError) as error:
            raise AssertionError("the guest left nothing; its console:\n" +
                                 self.console[-2000:]) from error
        self.steps = {name: Step(out, name) for name, _ in steps}
        self.out = out

    def step(self, name):
        step = self.steps[name]
        check(step.code is not None, f"step {name} was not reached:\n{self.console[-2000:]}")
        return step
