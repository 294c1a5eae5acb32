#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""run --perf on this machine: what the perf tool found, and what becomes of a run without it."""

import json
import os
import shutil
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (ENVIRONMENT, INTERRUPTED, KBENCH, OK, USAGE, Work, check, contains, load_result, main,
                     same, test)

RUN = ("run", "counters/plain", "--backend", "bpf", "--cpus", "1", "--no-plot")

# What stands in for perf: it speaks with the agent as perf does, and says what it is told to.
FAKE = """#!/usr/bin/python3
import os, signal, sys, time
words = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "calls"), "a") as file:
    file.write(" ".join(words) + "\\n")
if "--control" not in words:
    print(open(os.path.join(here, "report")).read())
    sys.exit(0)
output = words[words.index("-o") + 1]
hang = HANG and "check" not in os.path.basename(output)
signal.signal(signal.SIGINT, signal.SIG_IGN if hang else lambda *_: sys.exit(0))
signal.signal(signal.SIGTERM, signal.SIG_IGN)
with open(output, "w") as file:
    file.write("data")
commands, acks = map(int, words[words.index("--control") + 1].split(":")[1].split(","))
assert os.read(commands, 100) == b"enable\\n"
os.write(acks, b"ack\\n")
time.sleep(300)
"""

REFUSES = """#!/bin/sh
echo "Error:" >&2
echo "Access to performance monitoring is limited." >&2
echo "Consider to change perf_event_paranoid." >&2
exit 255
"""

SHARED_LINES = """
           Shared Data Cache Line Table
      0  0xffff888100a3c080     0    9000   71.50%      715      700       15     4444
      Shared Cache Line Distribution Pareto
      0       15      700     2000        0        0  0xffff888100a3c080
      100.00%   60.00%  0.00%  0.00%  0.00%  0x0  0  1  0xffffffffc05d1234  0  90  [k] kb_plain  x
"""

LOCKS = """ contended   total wait     max wait     avg wait         type   caller

        19    231.15 us     38.84 us     12.17 us     spinlock   wake_up_q+0x33
"""


def can_measure(work):
    """Whether BPF programs time here, and perf can be asked for as it is named in PATH."""
    doctor = json.loads(work.run("doctor", "--json", exit=(OK, ENVIRONMENT)).out)
    if not doctor["backends"]["bpf"]["works"]:
        print("# skipped: this machine takes no BPF programs")
    elif os.getuid():
        print("# skipped: perf has to be started as root, by its name in root's PATH")
    else:
        return True
    return False


def put_perf(work, script, report=""):
    """Returns an environment in which perf is @script."""
    directory = work.path("bin")
    os.makedirs(directory, exist_ok=True)
    for name, text in (("perf", script), ("report", report)):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write(text)
    os.chmod(os.path.join(directory, "perf"), 0o755)
    return {"PATH": directory + ":" + os.environ["PATH"]}


def fake(work, report, hang=False):
    return put_perf(work, FAKE.replace("HANG", str(hang)), report)


def measured(result):
    """What perf saw at each case; every case has figures."""
    for case in result["cases"]:
        same(case["status"], "ok", f"{case['suite']}/{case['bench']}")
    return [case["perf"] for case in result["cases"] if "perf" in case]


def no_perf_left(work):
    """perf does not get the environment by which leftovers are told: its path tells it."""
    work.nothing_left()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                command = file.read()
        except OSError:
            continue
        check(work.path("bin").encode() not in command, f"left behind: {pid} {command[:200]}")


def has_perf(work, kind):
    """Whether the perf tool of this machine can do that at all; else it says so in one line."""
    if not shutil.which("perf"):
        print("# skipped: no perf tool here")
        return False
    output = work.run(*RUN, "--time", "1ms", "--perf", kind, "-o", work.path("try.json"),
                      exit=(OK, ENVIRONMENT))
    if output.exit == OK:
        return True
    contains(f"perf {kind} does not work here", output.one_error())
    print(f"# skipped: {output.one_error()}")
    return False


@test("record: hot functions, the measured one among them, and perf's files beside the result")
def record():
    with Work() as work:
        if not can_measure(work) or not has_perf(work, "record"):
            return
        path = work.path("r.json")
        output = work.run(*RUN, "--perf", "record", "-o", path)
        result = load_result(path)
        same(result["environment"]["perf"], "record", "environment.perf")
        contains("it disturbs", " ".join(result["environment"]["warnings"]), "warnings")
        perfs = measured(result)
        same(len(perfs), len(result["cases"]), "cases with perf")
        for perf in perfs:
            shares = [function["share"] for function in perf["functions"]]
            check(shares and shares == sorted(shares, reverse=True), f"shares: {shares}")
            check(sum(shares) <= 1.01, f"all samples are {sum(shares)}")
            check(perf["event"], "no event")
            file = os.path.join(work.dir, perf["file"])
            check(os.path.getsize(file) > 1000, f"{file} is empty")
            check(os.path.exists(file.replace(".data", ".txt")), "no report beside it")
        found = {function["name"] + " " + function["object"]
                 for function in perfs[0]["functions"]}
        check(any("bpf_prog_" in name or "[kernel" in name for name in found), str(found))

        contains("perf record (samples of ", output.out)
        contains(f"perf: {work.path('r.perf')}", output.out)
        contains("its files are in r.perf", work.run("show", path).out)
        work.run("report", path, "--no-plots", "-o", work.path("report.md"))
        with open(work.path("report.md"), encoding="utf-8") as file:
            text = file.read()
        os.remove(work.path("report.md"))
        contains("What perf saw", text, "the report")
        contains(perfs[0]["functions"][0]["object"], text.replace("\\", ""), "the report")
        same(sorted(os.listdir(work.dir)),
             ["r.json", "r.perf", "r.samples.jsonl.zst", "tmp", "try.json", "try.perf",
              "try.samples.jsonl.zst"], "files")

        # A result in its place takes them away, and a comparison says what differed.
        shutil.copy(path, work.path("with.json"))
        work.run(*RUN, "-o", path)
        check(not os.path.exists(work.path("r.perf")), "perf's files stay without their result")
        check("perf" not in load_result(path)["environment"], "perf that was not there")
        contains("perf beside the cases", work.run("compare", work.path("with.json"), path).out)


@test("stat: events, with a reason where the machine lacks one")
def stat():
    with Work() as work:
        if not can_measure(work) or not has_perf(work, "stat"):
            return
        work.run(*RUN, "--perf", "stat", "-o", work.path("r.json"))
        for perf in measured(load_result(work.path("r.json"))):
            events = {event["name"]: event for event in perf["events"]}
            check(events["cpu-clock"]["value"] > 0 if "cpu-clock" in events else events,
                  str(events))
            for event in events.values():
                check(("value" in event) != ("reason" in event), str(event))
            check(perf["file"].endswith(".txt"), perf["file"])


@test("c2c and lock of this machine's perf work, or say in one line why not")
def others():
    with Work() as work:
        if not can_measure(work):
            return
        for kind, items in (("c2c", "lines"), ("lock", "locks")):
            if not has_perf(work, kind):
                continue
            for perf in measured(load_result(work.path("try.json"))):
                check(isinstance(perf[items], list), str(perf))


@test("shared lines and locks, of a perf that has them")
def canned():
    with Work() as work:
        if not can_measure(work):
            return
        path = work.path("r.json")
        output = work.run(*RUN, "--perf", "c2c", "-o", path, env=fake(work, SHARED_LINES))
        for perf in measured(load_result(path)):
            same(perf["lines"], [{"address": "0xffff888100a3c080", "share": 0.715, "loads": 715,
                                  "functions": ["kb_plain"]}], "lines")
        contains("71.5 %  0xffff888100a3c080  715 loads  kb_plain", output.out)
        with open(work.path("bin", "calls"), encoding="utf-8") as file:
            calls = [line for line in file if line.startswith("c2c record")]
        # Once to try it, then at the case and at the empty loop.
        same(len(calls), 3, "calls")
        for call in calls:
            contains(" -a -C ", call, "call")

        output = work.run(*RUN, "--perf", "lock", "-o", path, env=fake(work, LOCKS))
        for perf in measured(load_result(path)):
            same(perf["locks"], [{"name": "wake_up_q+0x33", "type": "spinlock", "contended": 19,
                                  "wait_ns": 231150.0, "max_wait_ns": 38840.0}], "locks")
        contains("231.2 us in 19 waits  spinlock wake_up_q+0x33", output.out)


@test("a perf that is missing or not permitted ends the run before it begins")
def refused():
    with Work() as work:
        if not can_measure(work):
            return
        os.mkdir(work.path("results"))
        output = ("-o", work.path("results"))
        work.bad(ENVIRONMENT, *RUN, *output, "--perf", "record", env={"PATH": "/nonexistent"},
                 says=["perf tool is missing", "install"])
        work.bad(ENVIRONMENT, *RUN, *output, "--perf", "record", env=put_perf(work, REFUSES),
                 says=["perf record does not work here", "Access to performance monitoring"])
        work.bad(ENVIRONMENT, *RUN, *output, "--perf", "stat",
                 env=put_perf(work, "#!/bin/sh\nexit 0\n"), says="does not say why")
        same(os.listdir(work.path("results")), [], "files of runs that were refused")


@test("a perf that does not end is killed, and the case is there all the same")
def hanging():
    with Work() as work:
        if not can_measure(work):
            return
        path = work.path("r.json")
        work.run(*RUN, "--perf", "lock", "-o", path, env=fake(work, LOCKS, hang=True))
        result = load_result(path)
        perfs = measured(result)
        check(all("locks" not in perf for perf in perfs), str(perfs))
        contains("was killed", " ".join(result["environment"]["warnings"]), "warnings")


@test("an interrupted run leaves no perf, and no files that belong to no result")
def interrupted():
    with Work() as work:
        if not can_measure(work):
            return
        results = work.path("results")
        os.mkdir(results)
        run = work.start(*RUN, "--perf", "lock", "--time", "60s", "--deadline", "100", "-o",
                         os.path.join(results, "r.json"), env=fake(work, LOCKS))
        calls, end = "", time.monotonic() + 60
        while "/0.data" not in calls and run.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
            if os.path.exists(work.path("bin", "calls")):
                with open(work.path("bin", "calls"), encoding="utf-8") as file:
                    calls = file.read()
        contains("/0.data", calls, "calls of perf")
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)
        same(run.returncode, INTERRUPTED, "exit code")
        no_perf_left(work)
        left = os.listdir(results)
        check(all(name in ("r.json", "r.samples.jsonl.zst") for name in left), str(left))


def agent(work, files, env, caller=65534):
    """The agent as a user's sudo starts it, at one case. Returns its perf record."""
    with open(work.path("plan"), "w", encoding="utf-8") as file:
        file.write("kbench-plan 1\nbackend bpf\nperf lock\ncase 7\nsuite counters\n"
                   "bench plain\ncontext 0\ncpus 0\nduration_ns 1000000\n"
                   "deadline_ns 10000000000\nend\ngo\n")
    output = work.run("--plan", work.path("plan"), "--perf-dir", files,
                      env={**env, "SUDO_UID": str(caller)}, program=KBENCH + "-agent")
    records = (json.loads(line.split(" ", 3)[-1]) for line in output.out.splitlines())
    return next(record for record in records if record["rec"] == "perf")


@test("what perf writes as root belongs to whom its directory belongs, and to nobody else")
def owner():
    with Work() as work:
        if not can_measure(work):
            return
        files = work.path("perf")
        os.mkdir(files, 0o700)
        os.chown(files, 65534, 65534)
        perf = agent(work, files, fake(work, LOCKS))
        same((perf["file"], perf["note"]), ("7.data", ""), "file and note")
        states = {name: os.stat(os.path.join(files, name)) for name in os.listdir(files)}
        same({name: (state.st_uid, state.st_mode & 0o777) for name, state in states.items()},
             {"7.data": (65534, 0o600), "7.txt": (65534, 0o600)}, "owners and modes")


@test("as root it writes through no link, and into no directory of others")
def links():
    with Work() as work:
        if not can_measure(work):
            return
        env, files, victim = fake(work, LOCKS), work.path("perf"), work.path("victim")
        os.mkdir(files, 0o755)
        os.chown(files, 65534, 65534)
        with open(victim, "w", encoding="utf-8") as file:
            file.write("precious")
        for name in ("7.data", "7.txt"):
            os.symlink(victim, os.path.join(files, name))
        perf = agent(work, files, env)
        same(perf["file"], "", "file")
        contains("7.data is not kept", perf["note"], "note")
        contains("wake_up_q", perf["text"], "the report, which came all the same")

        # A link in the directory's place, one of somebody else's, one that others may write.
        os.rename(files, files + ".away")
        os.symlink(files + ".away", files)
        contains("cannot go to", agent(work, files, env)["note"], "a link")
        contains("not yours", agent(work, files + ".away", env, caller=65533)["note"], "another's")
        os.chmod(files + ".away", 0o777)
        contains("others may write", agent(work, files + ".away", env)["note"], "writable")
        with open(victim, encoding="utf-8") as file:
            same(file.read(), "precious", "what the links led to")
        same([os.path.islink(os.path.join(files, name)) for name in ("7.data", "7.txt")],
             [True, True], "links")


@test("a check of perf that is stopped leaves nothing")
def check_stopped():
    with Work() as work:
        # It never begins to count.
        env = put_perf(work, "#!/bin/sh\ntouch " + work.path("began") + "\nsleep 300\n")
        for number in (signal.SIGTERM, signal.SIGINT):
            process = work.start("--check-perf", "lock", env=env, program=KBENCH + "-agent")
            end = time.monotonic() + 30
            while not os.path.exists(work.path("began")) and time.monotonic() < end:
                time.sleep(0.05)
            check(os.path.exists(work.path("began")), "perf was not started")
            os.remove(work.path("began"))
            process.send_signal(number)
            out, _ = process.communicate(timeout=30)
            contains("asked to stop", out, "records")
            check("within" not in out, out)
            no_perf_left(work)


@test("perf is taken from no relative directory of PATH, and gets nothing of the environment")
def relative():
    with Work() as work:
        env = put_perf(work, "#!/bin/sh\nenv >" + work.path("env") + "\nexit 1\n")
        for path in ("bin", ".:/nonexistent", ":/nonexistent"):
            output = work.run("--check-perf", "stat", env={"PATH": path}, exit=3,
                              cwd=work.path("bin") if path != "bin" else work.dir,
                              program=KBENCH + "-agent")
            contains("perf tool is missing", output.out, path)
        check(not os.path.exists(work.path("env")), "it was started")
        work.run("--check-perf", "stat", env={**env, "SECRET": "1", "LD_LIBRARY_PATH": "/x"},
                 exit=3, program=KBENCH + "-agent")
        with open(work.path("env"), encoding="utf-8") as file:
            names = {line.split("=")[0] for line in file} - {"PWD", "SHLVL", "_", "OLDPWD"}
        same(names, {"PATH", "HOME", "LC_ALL", "PERF_CONFIG", "DEBUGINFOD_URLS"}, "environment")


# An agent with capabilities: BPF programs work, and perf does not. It tells by what it was called.
CAPABLE = """#!/bin/sh
echo "${BY_SUDO:-directly} $1" >>CALLS
case "$1" in
--check-bpf) exec AGENT --facts ;;
--check-perf) exec AGENT --check-perf nonsense ;;
esac
exec AGENT "$@"
"""

SUDO = """#!/bin/sh
shift 2
BY_SUDO=sudo exec "$@"
"""


@test("an agent that is not root is started through sudo for perf, or the message says what helps")
def capable():
    with Work() as work:
        as_user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", KBENCH]
        if not os.getuid():
            os.chmod(work.dir, 0o777)
            os.chmod(work.tmp, 0o777)
        for name, text in (("agent", CAPABLE), ("sudo", SUDO)):
            with open(work.path(name), "w", encoding="utf-8") as file:
                file.write(text.replace("CALLS", work.path("calls"))
                           .replace("AGENT", KBENCH + "-agent"))
            os.chmod(work.path(name), 0o755)
        program, *options = as_user if not os.getuid() else [KBENCH]
        program = shutil.which(program)
        if not program or work.run(*options, "--version", program=program, exit=(0, 1, 126, 127)).exit:
            print("# skipped: the program cannot be started as another user")
            return
        env = {"KBENCH_AGENT": work.path("agent"), "PATH": "/nonexistent",
               "XDG_CACHE_HOME": work.path("cache")}
        for path, how in (("/nonexistent", "directly"), (work.dir, "sudo")):
            output = work.run(*options, *RUN, "--target", "host", "--perf", "stat", "-o",
                              work.path("r.json"), env={**env, "PATH": path}, program=program,
                              exit=ENVIRONMENT)
            with open(work.path("calls"), encoding="utf-8") as file:
                calls = file.read().splitlines()
            same(calls[-1], f"{how} --check-perf", "calls")
            contains("knows no perf", output.one_error())
            same("kernel.perf_event_paranoid=-1" in output.err, how == "directly", output.err)
            os.remove(work.path("calls"))


@test("wrong requests say what is right")
def wrong():
    with Work() as work:
        for options, says in ((("--perf", "top"), "record, stat, c2c or lock"),
                              (("--perf", "stat", "--boots", "3"), "leave out --boots")):
            work.bad(USAGE, *RUN, *options, says=says)


main()
