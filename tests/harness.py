# SPDX-License-Identifier: GPL-2.0
"""What test programs in Python share: reporting as TAP, running kbench, looking for leftovers."""

import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import uuid

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KBENCH = os.path.join(TREE, "build", "kbench")
SCHEMA = os.path.join(TREE, "docs", "result.schema.json")

# kbench's exit codes
OK, USAGE, ENVIRONMENT, TARGET, INTERRUPTED = 0, 2, 4, 5, 130

# Longer than any run of a test takes, however slow the machine: a hang ends here.
PATIENCE_S = 600

TESTS = []


def test(name):
    """Marks a function as a test. Tests run in the order in which they stand in the file."""
    def add(function):
        TESTS.append((name, function))
        return function
    return add


def main():
    """Runs the tests that were marked and reports them; ends the program."""
    wanted = [(name, function) for name, function in TESTS
              if len(sys.argv) < 2 or any(word in name for word in sys.argv[1:])]
    print(f"1..{len(wanted)}", flush=True)
    failed = 0
    for number, (name, function) in enumerate(wanted, 1):
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except (AssertionError, OSError, KeyError, ValueError, TypeError, IndexError,
                subprocess.SubprocessError) as error:
            failed += 1
            for line in (traceback.format_exc().splitlines()[-5:]
                         if not isinstance(error, AssertionError) else str(error).splitlines()):
                print(f"# {line}")
            print(f"not ok {number} - {name}", flush=True)
    sys.exit(1 if failed else 0)


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def same(got, wanted, what):
    check(got == wanted, f"{what}: {got!r}, wanted {wanted!r}")


def contains(part, text, what="output"):
    check(part in text, f"{what} has no {part!r}:\n{text}")


class Work:
    """A directory for one test. Whatever kbench leaves in TMPDIR or running is found out."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="kbench-test-")
        self.tmp = os.path.join(self.dir, "tmp")
        os.mkdir(self.tmp)
        # Every process that a run starts inherits this: so they are told from those of others.
        self.mark = "KBENCH_TEST=" + uuid.uuid4().hex

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()

    def remove(self):
        subprocess.run(["chmod", "-R", "u+w", self.dir], check=False)
        shutil.rmtree(self.dir)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def env(self, more=None):
        env = dict(os.environ, TMPDIR=self.tmp, TERM="dumb", XDG_CACHE_HOME=test_cache(),
                   XDG_CONFIG_HOME=self.path("config"))
        for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
            env.pop(name, None)
        name, value = self.mark.split("=")
        env[name] = value
        for key, text in (more or {}).items():
            if text is None:
                env.pop(key, None)
            else:
                env[key] = text
        return env

    def start(self, *arguments, env=None, program=KBENCH, cwd=None):
        return subprocess.Popen([program, *arguments], env=self.env(env), cwd=cwd or self.dir,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, errors="replace")

    def run(self, *arguments, env=None, exit=OK, program=KBENCH, cwd=None):
        """Runs kbench to its end: the exit code is as wanted, and nothing is left behind."""
        process = self.start(*arguments, env=env, program=program, cwd=cwd)
        try:
            out, err = process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=10)
            raise AssertionError(f"still running after {PATIENCE_S} s:\n{err}")
        finally:
            if process.poll() is None:
                process.kill()
        check(process.returncode in (exit if isinstance(exit, tuple) else (exit,)),
              f"kbench {' '.join(arguments)}: exit {process.returncode}, wanted {exit}\n"
              f"{err[-3000:]}")
        self.nothing_left()
        return Output(out, err, process.returncode)

    def bad(self, exit, *arguments, says, env=None, cwd=None):
        """The run is refused: this exit code, one line on stderr that has all of @says."""
        output = self.run(*arguments, env=env, exit=exit, cwd=cwd)
        same(output.out, "", "stdout")
        line = output.one_error()
        for part in [says] if isinstance(says, str) else says:
            contains(part, line, "the message")
        return output

    def left_processes(self):
        left = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    environ = file.read().split(b"\0")
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    command = file.read().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if self.mark.encode() in environ:
                left.append(f"{pid} {command[:200]}")
        return left

    def nothing_left(self):
        left = self.left_processes()
        check(not left, "processes left behind:\n" + "\n".join(left))
        same(sorted(os.listdir(self.tmp)), [], "files left in TMPDIR")


# What is said of a long wait, which is due or not by what the tests find in the cache: an unknown
# kernel is looked for in fresh package lists, and suites are built when they are first named.
WAITS = ("kbench: fetching the package lists", "kbench: building the modules for kernel ")


class Output:
    def __init__(self, out, err, exit):
        self.out = out
        self.err = err
        self.exit = exit

    def one_error(self):
        """The error on stderr, which is one line. A long wait may have been announced before it."""
        lines = [line for line in self.err.splitlines()
                 if line.strip() and not line.startswith(WAITS)]
        check(lines, "nothing on stderr")
        check(len(lines) == 1, "stderr is not one line:\n" + self.err)
        return lines[0]


def load_result(path):
    """A result file, which is what the schema says."""
    import jsonschema

    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    with open(path, encoding="utf-8") as file:
        text = file.read()

    def refuse(word):
        raise AssertionError(f"{path}: {word} is no number")

    result = json.loads(text, parse_constant=refuse)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    errors = sorted(kind(schema).iter_errors(result), key=lambda error: list(error.path))
    check(not errors, f"{path} is not what the schema says:\n" + "\n".join(
        "/".join(map(str, error.path)) + ": " + error.message[:300] for error in errors[:5]))
    return result


def cache_dir():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "kbench")


def test_cache():
    """The cache of the tests' runs, in build/. It shares kernels and package lists with the user's;
    the modules that tests build do not stay among what the user built."""
    cache = os.path.join(TREE, "build", "tests", "cache")
    os.makedirs(os.path.join(cache, "kbench"), exist_ok=True)
    for name in ("kernels", "roots", "apt", "apt-arm64", "apt-suites", "apt-suites-arm64"):
        link = os.path.join(cache, "kbench", name)
        os.makedirs(os.path.join(cache_dir(), name), exist_ok=True)
        if not os.path.islink(link):
            os.symlink(os.path.join(cache_dir(), name), link)
    return cache


def version_key(release):
    return [int(number) for number in re.findall(r"\d+", release)]


def cached_kernel(spec, arch="amd64"):
    """Directory in the cache of the newest kernel of "6.12-cloud"; fetched when there is none."""
    version, flavour = spec.split("-")
    pattern = os.path.join(cache_dir(), "kernels", f"{version}.*-{flavour}-{arch}")
    if not glob.glob(pattern):
        subprocess.run([KBENCH, "kernels", "add", f"{spec}@{arch}"], check=True, stdout=subprocess.DEVNULL,
                       timeout=PATIENCE_S)
    return max(glob.glob(pattern), key=version_key)


def kernel_headers(spec):
    kernel = cached_kernel(spec)
    return glob.glob(os.path.join(kernel, "**", "usr", "src", "linux-headers-*-amd64"),
                     recursive=True)[0]


def build_modules(directory, headers, sources):
    """Copies files into kbench/ and suites/ of a directory and builds them.

    @sources: pairs of a path in the tree and one in the directory.
    """
    for source, target in sources:
        target = os.path.join(directory, target)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(os.path.join(TREE, source), target)
    with open(os.path.join(directory, "Kbuild"), "w", encoding="utf-8") as file:
        file.write("obj-m += kbench/ suites/\n")
    env = {name: value for name, value in os.environ.items()
           if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    make = subprocess.run(["make", "-C", headers, f"M={directory}", "-j2",
                           "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules"], env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=PATIENCE_S)
    check(make.returncode == 0, f"the modules do not build:\n{make.stdout[-3000:]}")


def core_sources():
    files = [os.path.relpath(path, TREE)
             for path in glob.glob(os.path.join(TREE, "kbench", "**"), recursive=True)
             if os.path.isfile(path)]
    files += [os.path.relpath(path, TREE)
              for path in glob.glob(os.path.join(TREE, "suites", "*.h"))]
    return [(path, path) for path in files + ["suites/Kbuild"]]


def guide_example():
    """The suite that docs/writing-a-suite.md shows."""
    with open(os.path.join(TREE, "docs", "writing-a-suite.md"), encoding="utf-8") as file:
        blocks = re.findall(r"^```c\n(.*?)^```$", file.read(), re.M | re.S)
    same(len(blocks), 1, "examples in the guide")
    return blocks[0]
