#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The cache when things go wrong, and private roots: nothing is booted or fetched."""

import glob
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (ENVIRONMENT, KBENCH, OK, PATIENCE_S, TREE, Work, cached_kernel, check, contains,
                     main, same, test)

KERNEL = "6.12-cloud"
# A port where nothing listens: whoever asks the network fails at once.
NO_NETWORK = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy")}
# As a file of the entry says where a kernel came from: '+' for another suite than the machine's.
ORIGIN = "+trixie-backports"
# The compiler of no Debian.
SERIES = "gcc-99"


class Cache:
    """A cache of one kernel: its own copy, or a link to that of others."""

    def __init__(self, work, copy):
        self.work = work
        kernel = cached_kernel(KERNEL)
        self.release = os.path.basename(kernel)
        self.entry = work.path("cache", "kbench", "kernels", self.release)
        os.makedirs(os.path.dirname(self.entry))
        if copy:
            shutil.copytree(kernel, self.entry, symlinks=True)
        else:
            os.symlink(kernel, self.entry)
        self.env = dict(NO_NETWORK, XDG_CACHE_HOME=work.path("cache"),
                        KBENCH_DATADIR=work.path("data"))
        self.sources()

    def sources(self):
        """Of the suites one, which is built sooner than all."""
        shutil.copytree(os.path.join(TREE, "kbench"), self.work.path("data", "kbench"))
        suites = os.path.join("runner", "kernel", "debian-suites")
        os.makedirs(self.work.path("data", os.path.dirname(suites)))
        shutil.copy(os.path.join(TREE, suites), self.work.path("data", suites))
        os.mkdir(self.work.path("data", "suites"))
        for name in ("Kbuild", "selfcheck.c"):
            shutil.copy(os.path.join(TREE, "suites", name), self.work.path("data", "suites"))

    def list(self, env=None, **options):
        """Builds modules, when they are not there."""
        return self.work.run("list", "selfcheck", "--kernel", self.release,
                             env=dict(self.env, **(env or {})), **options)

    def left(self):
        return [path for path in glob.glob(self.work.path("cache", "kbench", "**", "*.tmp-*"),
                                           recursive=True)]


def damage(path, keep_size=True):
    os.chmod(path, 0o644)
    with open(path, "r+b") as file:
        if keep_size:
            file.seek(os.path.getsize(path) // 2)
            file.write(b"damage")
        else:
            file.truncate(os.path.getsize(path) // 2)


@test("a damaged kernel, configuration or header is noticed, and fetched again")
def damaged_kernel():
    with Work() as work:
        cache = Cache(work, copy=True)
        header = glob.glob(os.path.join(cache.entry, "usr", "src", "*-common", "include", "linux",
                                        "mutex.h"))[0]
        for path, keep_size in ((os.path.join(cache.entry, "vmlinuz"), True),
                                (os.path.join(cache.entry, "config"), False), (header, True)):
            with open(path, "rb") as file:
                whole = file.read()
            damage(path, keep_size)
            output = cache.list(exit=ENVIRONMENT)
            contains(f"{cache.release} is damaged; fetching it again", output.err)
            same(cache.left(), [], "left half-made")
            with open(path, "wb") as file:
                file.write(whole)
        # The contents are what they were, with other times.
        cache.list()


@test("damaged modules are noticed, and built again")
def damaged_modules():
    with Work() as work:
        cache = Cache(work, copy=False)
        cache.list()
        module = glob.glob(work.path("cache", "kbench", "modules", "*", "kbench_selfcheck.ko"))[0]
        damage(module)
        contains("is damaged; building it again", cache.list().err)
        check("damaged" not in cache.list().err, "damaged once more")
        same(cache.left(), [], "left half-made")


@test("two at once that lack the same modules: one builds them, both succeed")
def two_at_once():
    with Work() as work:
        cache = Cache(work, copy=False)
        both = [work.start("list", "selfcheck", "--kernel", cache.release, env=cache.env)
                for _ in range(2)]
        said = []
        for process in both:
            out, err = process.communicate(timeout=PATIENCE_S)
            same(process.returncode, OK, f"exit code; {err}")
            contains("selfcheck", out)
            said.append(err)
        same(sum("kbench: building the modules" in err for err in said), 1, f"who built them; {said}")
        same(len(glob.glob(work.path("cache", "kbench", "modules", "*", "kbench.ko"))), 1,
             "entries of the cache")
        same(cache.left(), [], "left half-made")


@test("no space in the cache: one line, exit 4, nothing half-made left")
def no_space():
    with Work() as work:
        cache = Cache(work, copy=False)
        modules = work.path("cache", "kbench", "modules")
        os.mkdir(modules)
        steps = ('mount -t tmpfs -o size=100k none "$0" && "$@"; code=$?; '
                 'test -z "$(find "$0" -name "*.tmp-*")" && exit $code')
        output = work.run("--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh",
                          "-c", steps, modules, KBENCH, "list", "selfcheck", "--kernel",
                          cache.release, env=cache.env, exit=ENVIRONMENT, program="unshare")
        contains("No space left on device", output.one_error())


class FakeRoot:
    """A kernel that wants a compiler of another suite, and a mmdebstrap that makes a root of a
    shell, and of scripts for compiler and make."""

    def __init__(self, work, mmdebstrap):
        self.cache = Cache(work, copy=True)
        self.entry = self.cache.entry
        with open(os.path.join(self.entry, "origin"), "w", encoding="utf-8") as file:
            file.write(ORIGIN)
        for name in ("sums", "sums.headers"):
            if os.path.exists(os.path.join(self.entry, name)):
                os.remove(os.path.join(self.entry, name))
        headers = os.path.join(self.entry, "usr", "src", "linux-headers-" + self.cache.release)
        for name in (".config", "include/config/auto.conf"):
            path = os.path.join(headers, name)
            if os.path.exists(path):
                subprocess.run(["sed", "-i", f's/gcc-12 (Debian/{SERIES} (Debian/', path],
                               check=True)
        self.programs(work, mmdebstrap)
        self.env = dict(self.cache.env, PATH=work.path("bin"))
        self.lists(work)

    @staticmethod
    def programs(work, mmdebstrap):
        os.mkdir(work.path("bin"))
        for directory in ("/usr/sbin", "/usr/bin", "/sbin", "/bin"):
            for name in os.listdir(directory):
                target = work.path("bin", name)
                if name != "mmdebstrap" and not os.path.lexists(target):
                    os.symlink(os.path.join(directory, name), target)
        if mmdebstrap:
            with open(work.path("bin", "mmdebstrap"), "w", encoding="utf-8") as file:
                file.write(mmdebstrap)
            os.chmod(work.path("bin", "mmdebstrap"), 0o755)

    def lists(self, work):
        """Package lists as others have fetched them: the mirror is known by these."""
        apt = os.path.join(os.path.dirname(os.path.dirname(cached_kernel(KERNEL))), "apt")
        shutil.copytree(apt, work.path("cache", "kbench", "apt"),
                        ignore=lambda _, names: [name for name in names if name == "partial"])
        with open(work.path("cache", "kbench", "apt", "kernels"), "w", encoding="utf-8") as file:
            file.write("6.1.0-1-amd64 linux-image-6.1.0-1-amd64 bookworm\n")


MAKE_ROOT = r"""#!/bin/sh
set -e
echo run >>"${0%/bin/*}/roots"
for last; do tar=$sources; sources=$last; done
grep -q '^Suites: trixie$' "$sources"
root=$(mktemp -d)
mkdir -p "$root/usr/bin" "$root/etc" "$root/dev"
ldd /bin/sh | grep -o '/[^ ]*' | while read -r library; do
	mkdir -p "$root/usr${library%/*}"
	cp -L "$library" "$root/usr$library"
done
cp -L /bin/sh "$root/usr/bin/sh"
for link in bin lib lib64; do ln -s usr/$link "$root/$link"; done
echo 'echo "gcc-99 (Debian 99.1)"' >"$root/usr/bin/gcc-99"
cat >"$root/usr/bin/make" <<'END'
#!/bin/sh
for word; do case $word in M=*) cd "${word#M=}";; esac; done
for file in suites/selfcheck.c /root /etc/passwd; do
	test -e $file && echo "sees $file"
done
echo x 2>&1 >/usr/written && echo writes
exit 2
END
sed -i '1i #!/bin/sh' "$root/usr/bin/gcc-99"
chmod 755 "$root"/usr/bin/*
tar -C "$root" -cf "$tar" .
rm -rf "$root"
"""


@test("a compiler of another suite comes with a private root, in which modules are built")
def private_root():
    with Work() as work:
        fake = FakeRoot(work, MAKE_ROOT)
        command = ("list", "selfcheck", "--kernel", fake.cache.release)
        # Other roots: one that was used last week, one that nobody has used for long.
        others = {name: work.path("cache", "kbench", "roots", name) for name in ("new", "old")}
        for name, days in (("new", 7), ("old", 100)):
            os.makedirs(os.path.join(others[name], "system"))
            then = time.time() - days * 24 * 3600
            os.utime(others[name], (then, then))
        # Two at once: one makes the root, the other waits for it.
        both = [work.start(*command, env=fake.env) for _ in range(2)]
        for process in both:
            _, err = process.communicate(timeout=120)
            same(process.returncode, ENVIRONMENT, f"exit code; {err}")
            contains("sees suites/selfcheck.c\n", err)
            check("sees /root" not in err and "sees /etc/passwd" not in err and
                  "writes" not in err, f"it is not private:\n{err}")
            contains(f"what {SERIES} said is above", err.splitlines()[-1])
        with open(work.path("roots"), encoding="utf-8") as file:
            same(file.read(), "run\n", "roots that were made")
        same([name for name, path in others.items() if os.path.exists(path)], ["new"],
             "other roots that are left")
        roots = os.path.join(work.path("cache", "kbench", "roots"), "trixie_" + SERIES)
        same(sorted(os.listdir(os.path.join(roots, "system"))),
             ["bin", "etc", "lib", "lib64", "usr"], "what is in the root")
        damage(os.path.join(roots, "system", "usr", "bin", "make"))
        output = work.run(*command, env=fake.env, exit=ENVIRONMENT)
        contains("is damaged; making it again", output.err)
        same(fake.cache.left(), [], "left half-made")


@test("no private root: one line says what is missing, or why it could not be made")
def no_private_root():
    with Work() as work:
        fake = FakeRoot(work, None)
        command = ("list", "selfcheck", "--kernel", fake.cache.release)
        work.bad(ENVIRONMENT, *command, env=fake.env,
                 says=[SERIES, "trixie", "apt install mmdebstrap"])
        for text, says in (("E: x is not signed: NO_PUBKEY 12", "debian-archive-keyring"),
                           ("W: a\ntar: x: No space left on device", "make room")):
            with open(work.path("bin", "mmdebstrap"), "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\necho 'I: begin\n{text}' >&2\nexit 1\n")
            os.chmod(work.path("bin", "mmdebstrap"), 0o755)
            output = work.run(*command, env=fake.env, exit=ENVIRONMENT)
            contains(says, output.err.splitlines()[-1], "the message")
            same(fake.cache.left(), [], "left half-made")
        os.remove(work.path("bin", "bwrap"))
        work.bad(ENVIRONMENT, *command, env=fake.env, says=[SERIES, "apt install bubblewrap"])


if __name__ == "__main__":
    main()
