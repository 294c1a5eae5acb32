#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The Debian packages, in fresh systems: for make check-deb. Takes minutes and the network."""

import glob
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import TREE, Work, cached_kernel, check, contains, main, same, test

# A system with QEMU and a compiler is fetched and unpacked.
PATIENCE_S = 3600

BUILD_DEPENDS = ("make", "gcc", "git", "libc6-dev", "pkg-config", "libjansson-dev", "libyajl-dev",
                 "libgsl-dev", "libsmartcols-dev", "libarchive-dev", "libzstd-dev", "libmd-dev",
                 "libinih-dev",
                 "clang", "libbpf-dev", "libelf-dev", "zlib1g-dev", "dpkg-dev", "python3-minimal",
                 "scdoc", "ca-certificates")

# Nothing of that name is left but what the test itself has put there.
PURGE = """
find / -xdev -path '*kbench*' -not -path '/in/*' \
    -not -path '/out/*' -not -path '/cache/*' -not -path '/proc/*' -not -path '/sys/*' \
    -not -path '/dev/*' >/out/left
"""


def own_release():
    with open("/etc/os-release", encoding="utf-8") as file:
        return re.search(r"^VERSION_CODENAME=(\S+)", file.read(), re.M)[1]


def apt_sources(release):
    """Lines of sources.list for a release of Debian, from the mirror that apt uses here."""
    own = own_release()
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format",
         "$(CREATED_BY) $(ORIGIN) deb $(REPO_URI) $(CODENAME) $(COMPONENT)"],
        stdout=subprocess.PIPE, text=True, check=True).stdout
    lines = {re.sub(f" {own}", f" {release}", line.removeprefix("Packages Debian "))
             for line in targets.splitlines() if line.startswith("Packages Debian ")}
    check(lines, "apt knows no mirror of Debian here")
    return "\n".join(sorted(lines)) + "\n"


def in_fresh_root(release, packages, steps, given, work):
    """Runs a shell text in a new system that ends with it; files of @given are in its /in.

    Return: the directory with what the text left in /out
    """
    given_dir, out, script = work.path("in"), work.path("out"), work.path("steps")
    for directory in (given_dir, out):
        shutil.rmtree(directory, ignore_errors=True)
        os.mkdir(directory)
    for source in given:
        subprocess.run(["cp", "-a", "--reflink=auto", source, given_dir], check=True)
    with open(os.path.join(given_dir, "steps"), "w", encoding="utf-8") as file:
        # A terminal of apt's would still be in use for a moment when the system is unmounted.
        file.write("set -e\nexport HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8\n"
                   "echo 'Dpkg::Use-Pty \"0\";' >/etc/apt/apt.conf.d/99no-terminal\n"
                   "mkdir -p /out\n" + steps)
    hooks = [f"copy-in {given_dir} /",
             'chroot "$1" sh /in/steps </dev/null >&2',
             f"sync-out /out {out}"]
    command = ["mmdebstrap", "--quiet", "--variant=apt", "--format=null"]
    if packages:
        command.append("--include=" + ",".join(packages))
    command += [f"--customize-hook={hook}" for hook in hooks] + [release, "/dev/null", "-"]
    with open(script + ".log", "w+", encoding="utf-8") as log:
        run = subprocess.run(command, input=apt_sources(release), stdout=log,
                             stderr=subprocess.STDOUT, text=True, timeout=PATIENCE_S)
        log.seek(0)
        check(run.returncode == 0, f"in {release}:\n" + log.read()[-3000:])
    return out


def read(directory, name):
    with open(os.path.join(directory, name), encoding="utf-8", errors="replace") as file:
        return file.read()


def make_deb(release, work):
    """Files of the packages for a release: built here when this is that release, else there."""
    if release == own_release():
        env = {name: value for name, value in os.environ.items()
               if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
        subprocess.run(["make", "-C", TREE, "deb"], env=env, check=True,
                       stdout=subprocess.DEVNULL, timeout=PATIENCE_S)
        return sorted(glob.glob(os.path.join(TREE, "build", "deb", "*.deb")))
    source = work.path("source")
    subprocess.run(["git", "clone", "--quiet", TREE, source], check=True)
    out = in_fresh_root(release, BUILD_DEPENDS, """
git config --global --add safe.directory /in/source
make -C /in/source -j2 deb
cp /in/source/build/deb/*.deb /out/
""", [source], work)
    kept = work.path("packages")
    shutil.copytree(out, kept)
    return sorted(glob.glob(os.path.join(kept, "*.deb")))


def runner_and_dkms(packages):
    same(len(packages), 2, f"packages made: {packages}")
    return (next(path for path in packages if "/kbench_" in path),
            next(path for path in packages if "/kbench-dkms_" in path))


def check_purged(out):
    same(read(out, "left"), "", "left after the purge")


def recommended(package):
    """What a package recommends, of which apt would install all that these recommend, too."""
    return subprocess.run(["dpkg-deb", "-f", package, "Recommends"], stdout=subprocess.PIPE,
                          text=True, check=True).stdout.replace(",", " ").split()


def try_in(release, recommends, steps, given, work):
    """Installs, with what is recommended or without, does what every release can do, then @steps;
    purges."""
    runner, dkms = runner_and_dkms(make_deb(release, work))
    more = " ".join(recommended(runner)) if recommends else ""
    out = in_fresh_root(release, (), f"""
apt-get install -qy --no-install-recommends /in/kbench_*.deb {more}
kbench --version >/out/version
cat /usr/share/bash-completion/completions/kbench /usr/share/zsh/vendor-completions/_kbench \\
	/usr/share/fish/vendor_completions.d/kbench.fish >/out/completion
kbench show /in/locks.json >/out/show
kbench doctor >/out/doctor || echo "exit $?" >>/out/doctor
{steps}
apt-get purge -qy kbench
rm -rf /root/.cache
{PURGE}
""", [runner, dkms, os.path.join(TREE, "results", "example", "locks.json"), *given], work)
    version = subprocess.run([os.path.join(TREE, "build", "kbench"), "--version"], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    same(read(out, "version").split()[:2], version.split()[:2], "kbench --version")
    same(read(out, "completion").count("SPDX-License-Identifier"), 3, "completions")
    contains("locks/mutex", read(out, "show"), "kbench show")
    contains("modules", read(out, "doctor"), "kbench doctor")
    check_purged(out)
    return out


@test("Debian 12: installed with what it recommends it measures in a guest, and leaves nothing")
def bookworm():
    kernel = cached_kernel("6.12-cloud")
    with Work() as work:
        # The kernel is put where it lies here, since its headers hold that path.
        out = try_in("bookworm", True, f"""
mkdir -p {os.path.dirname(kernel)}
mv /in/{os.path.basename(kernel)} {os.path.dirname(kernel)}/
export XDG_CACHE_HOME={os.path.dirname(os.path.dirname(os.path.dirname(kernel)))}
cd /tmp
kbench list >/out/list
kbench run counters/plain --accel tcg --kernels {os.path.basename(kernel)} --no-plot \
    -o /tmp/r.json >/out/run
unset XDG_CACHE_HOME
""", [kernel], work)
        contains("locks", read(out, "list"), "kbench list")
        contains("counters/plain", read(out, "run"), "kbench run")


@test("Debian 13: built there, it installs with its dependencies alone, and leaves nothing")
def trixie():
    with Work() as work:
        try_in("trixie", False, "", [], work)


def try_dkms(release, work):
    """Every suite's module is built for a kernel whose headers come with or after the package,
    which is the same for all releases."""
    _, dkms = runner_and_dkms(make_deb(own_release(), work))
    arch = subprocess.run(["dpkg", "--print-architecture"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout.strip()
    out = in_fresh_root(release, (), f"""
apt-get install -qy --no-install-recommends /in/kbench-dkms_*.deb linux-headers-cloud-{arch}
dkms status -m kbench >/out/status
find /lib/modules -name 'kbench*.ko*' -printf '%f\\n' >/out/modules
apt-get purge -qy kbench-dkms
{PURGE}
""", [dkms], work)
    contains("installed", read(out, "status"), "dkms status")
    suites = glob.glob(os.path.join(TREE, "suites", "*.c"))
    wanted = ["kbench"] + ["kbench_" + os.path.basename(path).removesuffix(".c")
                           for path in suites]
    same(sorted(name.split(".")[0] for name in read(out, "modules").split()), sorted(wanted),
         "modules")
    check_purged(out)


for name in ("bookworm", "trixie"):
    @test(f"{name}: DKMS builds every module for an installed kernel, and removes them")
    def dkms_of(release=name):
        with Work() as work:
            try_dkms(release, work)


@test("lintian finds no errors")
def lintian():
    if not shutil.which("lintian"):
        print("# lintian is not installed: not tried")
        return
    with Work() as work:
        run = subprocess.run(["lintian", "--fail-on", "error", "--allow-root",
                              *make_deb(own_release(), work)], stdout=subprocess.PIPE, text=True,
                             env=work.env(), check=False)
        same(run.returncode, 0, run.stdout)


if __name__ == "__main__":
    main()
