#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Completion in bash, zsh and fish: words of the command line as these offer them."""

import glob
import os
import re
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import KBENCH, TREE, Work, check, main, same, test
from terminal import Terminal

SCRIPTS = os.path.join(TREE, "runner", "completion")


HERE = os.path.dirname(KBENCH) + ":" + os.environ["PATH"]


def shell(work, *command, path=HERE):
    run = subprocess.run(command, env=dict(work.env(), PATH=path, HOME=work.dir), cwd=work.dir,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True, timeout=60)
    check(run.returncode == 0 and not run.stderr, f"{command}: {run.returncode}\n{run.stderr}")
    return run.stdout


def asked(work, *words):
    """What kbench offers for the last of these words."""
    return [line.split("\t")[0] for line in work.run("complete", *words).out.splitlines()]


def bash(work, line, breaks="=:", path=HERE):
    """COMPREPLY for that line, whose words are taken apart as bash does it.

    @breaks: which of "=" and ":" are in COMP_WORDBREAKS
    """
    words = re.findall(rf"[{breaks}]+|[^\s{breaks}]+" if breaks else r"\S+", line)
    if line.endswith(" "):
        words.append("")
    script = f"""
source {shlex.quote(SCRIPTS)}/kbench.bash
complete -p kbench >/dev/null || exit
compopt() {{ :; }}
COMP_WORDBREAKS=$' \\t\\n"\\'><;|&('{breaks}
COMP_WORDS=({" ".join(map(shlex.quote, words))})
COMP_CWORD={len(words) - 1}
COMP_LINE={shlex.quote(line)}
COMP_POINT={len(line)}
_kbench kbench
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    return shell(work, "bash", "--norc", "-c", script, path=path).split()


def put_at_home(work):
    """kbench as ~/x/kbench, HOME being the test's directory."""
    os.mkdir(work.path("x"))
    os.symlink(KBENCH, work.path("x", "kbench"))


def fish(work, line, path=HERE):
    script = f"source {SCRIPTS}/kbench.fish; complete -C {shlex.quote(line)}"
    return [one.split("\t")[0]
            for one in shell(work, "fish", "-N", "-c", script, path=path).splitlines()]


def make_files(work):
    os.mkdir(work.path("results"))
    for name in ("one.json", "other.json"):
        with open(work.path("results", name), "w", encoding="utf-8"):
            pass


@test("commands, options, their values, suites and benches, from the tables themselves")
def words():
    with Work() as work:
        every = re.findall(r"^  kbench (\S+) ", work.run("--help").out, re.M)
        same(asked(work, "")[:len(every)], every, "commands")
        same(asked(work, "ru"), ["run"], "ru")
        same(asked(work, "help", "bi"), ["bisect"], "help bi")
        for name in every:
            told = set(re.findall(r"^ {2,6}(?:-\w, )?(--[a-z-]+=?)", work.run(name, "--help").out,
                                  re.M))
            offered = set(asked(work, name, "-"))
            check(told <= offered, f"{name}: {told - offered} is not offered")
        same(asked(work, "run", "--target="), [f"--target={one}" for one in
                                               ("auto", "vm", "host", "ssh:")], "--target=")
        same(asked(work, "run", "--accel", "k"), ["kvm"], "--accel k")
        same(asked(work, "run", "-t", "h"), ["host"], "-t h")
        same(asked(work, "run", "--quiet", "lo"), ["locks"], "run lo")
        suites = sorted(os.path.basename(path)[:-2] for path in
                        glob.glob(f"{TREE}/suites/*.c") + glob.glob(f"{TREE}/suites/bpf/*.c"))
        same(sorted(asked(work, "list", "")), suites, "suites")
        same(asked(work, "run", "locks,al"), ["locks,alloc"], "a list")
        check("bpf/hash_update" in asked(work, "run", "bpf/"), "no benches")
        same(asked(work, "run", "--machine", "raspi3"), ["raspi3b"], "--machine")
        same(asked(work, "compare", "--only=im"), ["--only=improved"], "--only=")
        same(asked(work, "export", "--format=cs"), ["--format=csv"], "--format=")
        same(asked(work, "kernels", ""), ["add", "update"], "kernels")
        same(asked(work, "show", ""), [":files "], "show")
        same(asked(work, "run", "--output="), [":files --output="], "--output=")
        same(asked(work, "run", "--resume", ""), [":directories "], "--resume")
        same(asked(work, "agent-step", ""), [":directories "], "agent-step")
        same(asked(work, "run", "--cpus", ""), [], "--cpus")
        same(asked(work, "nothing", ""), [], "no command")
        same(asked(work), [], "no word")
        same(asked(work, "run", "--nothing=x"), [], "no option")


@test("bash")
def in_bash():
    with Work() as work:
        make_files(work)
        shell(work, "bash", "-n", f"{SCRIPTS}/kbench.bash")
        same(bash(work, "kbench ru"), ["run"], "ru")
        same(bash(work, "kbench run --tar"), ["--target="], "--tar")
        same(bash(work, "kbench run --target=ho"), ["host"], "--target=ho")
        same(bash(work, "kbench run --target="), ["auto", "vm", "host", "ssh:"], "--target=")
        same(bash(work, "kbench run locks,al"), ["locks,alloc"], "a list")
        same(bash(work, "kbench show results/o"), ["results/one.json", "results/other.json"],
             "files")
        same(bash(work, "kbench run --output=res"), ["results"], "--output=")
        same(bash(work, "kbench run --resume r"), ["results"], "--resume")


@test("bash where = or : or both part no words: what is completed is the whole of one")
def in_bash_with_breaks():
    with Work() as work:
        make_files(work)
        for breaks in ("", ":"):
            same(bash(work, "kbench run --tar", breaks), ["--target="], "--tar")
            same(bash(work, "kbench run --target=ho", breaks), ["--target=host"], "--target=ho")
            same(bash(work, "kbench run --target=", breaks),
                 [f"--target={one}" for one in ("auto", "vm", "host", "ssh:")], "--target=")
            same(bash(work, "kbench run --output=res", breaks), ["--output=results/"], "--output=")
            same(bash(work, "kbench run --quiet lo", breaks), ["locks"], "lo")
        same(bash(work, "kbench run --target=ho", "="), ["host"], "--target=ho with =")


@test("the command as it was typed: below ~, elsewhere, not there at all")
def typed():
    with Work() as work:
        make_files(work)
        put_at_home(work)
        for ask in (bash, fish):
            same(ask(work, "~/x/kbench run lo", path=os.environ["PATH"]), ["locks"], "~/x/kbench")
            same(ask(work, "~/none/kbench run lo"), ["locks"], "one that there is not")
            same(ask(work, "~/none/kbench run lo", path=os.environ["PATH"]), [], "none at all")


@test("fish")
def in_fish():
    with Work() as work:
        make_files(work)
        shell(work, "fish", "--no-execute", f"{SCRIPTS}/kbench.fish")
        same(fish(work, "kbench ru"), ["run"], "ru")
        same(sorted(fish(work, "kbench run --target=")), [f"--target={one}" for one in
                                                          ("auto", "host", "ssh:", "vm")],
             "--target=")
        same(fish(work, "kbench run locks,al"), ["locks,alloc"], "a list")
        same(fish(work, "kbench show results/o"), ["results/one.json", "results/other.json"],
             "files")
        same(fish(work, "kbench run --output=res"), ["--output=results/"], "--output=")


@test("zsh, in a terminal")
def in_zsh():
    with Work() as work:
        make_files(work)
        shell(work, "zsh", "-n", f"{SCRIPTS}/_kbench")
        with Terminal(work, 80, "sh", "-c", f"cd {shlex.quote(work.dir)}; exec zsh -f",
                      env={"PATH": HERE, "HOME": work.dir}) as terminal:
            terminal.type(f"PS1='READY> '; fpath=({SCRIPTS} $fpath); autoload -U compinit; "
                          "compinit -u -D; setopt no_beep no_list_ambiguous; echo SET UP",
                          "Enter")
            terminal.wait_for(r"^SET UP$")
            put_at_home(work)
            for typed, becomes in (("~/x/kbench ru", "~/x/kbench run"),
                                   ("kbench ru", "kbench run"),
                                   ("kbench run --tar", "kbench run --target="),
                                   ("kbench run --target=ho", "kbench run --target=host"),
                                   ("kbench run locks,al", "kbench run locks,alloc"),
                                   ("kbench show results/on", "kbench show results/one.json"),
                                   ("kbench run --output=res", "kbench run --output=results/")):
                terminal.type(typed, "Tab")
                terminal.wait_for(rf"^READY> {re.escape(becomes)}$")
                terminal.tmux("send-keys", "C-u")
            # Several: a list, with what each is.
            terminal.type("kbench ", "Tab")
            terminal.wait_for(r"^run +-- measure suites and write a result file")
            terminal.tmux("send-keys", "C-u")


if __name__ == "__main__":
    main()
