#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Kernels that the user has built, named by the path of their tree. A packaged kernel stands for
them: its headers and image, laid out as make O= leaves a build."""

import glob
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (ENVIRONMENT, USAGE, Work, cached_kernel, check, contains, kernel_headers,
                     load_result, main, same, test)

KERNEL = "6.12-cloud"
BUILDING = "building the modules"
RUN = ("run", "counters/plain", "--accel", "tcg", "--time", "2ms", "--samples", "8", "--no-plot")


def marks(directory, names):
    """make's marks of options, thousands of empty files that modules are built without."""
    wanted = ("auto.conf", "kernel.release")
    return [name for name in names if name not in wanted] if directory.endswith("config") else []


def made_tree(work, name, image_end=b""):
    """A built tree; bytes behind an image change nothing but its checksum."""
    tree, headers = work.path(name), kernel_headers(KERNEL)
    os.makedirs(os.path.join(tree, "arch/x86/boot"))
    shutil.copytree(os.path.join(headers, "include"), os.path.join(tree, "include"),
                    ignore=marks)
    shutil.copytree(os.path.join(headers, "arch"), os.path.join(tree, "arch"),
                    dirs_exist_ok=True)
    # All but what tells packaged headers their compiler: of a tree kbench has to find it out.
    for file in ("Module.symvers", ".config"):
        shutil.copy(os.path.join(headers, file), tree)
    source, = glob.glob(os.path.join(os.path.dirname(headers), "linux-headers-*-common"))
    with open(os.path.join(tree, "Makefile"), "w", encoding="utf-8") as file:
        file.write(f"include {source}/Makefile\n")
    for link in ("scripts", "tools"):
        os.symlink(os.path.realpath(os.path.join(headers, link)), os.path.join(tree, link))
    with open(os.path.join(cached_kernel(KERNEL), "vmlinuz"), "rb") as file:
        image = file.read()
    with open(os.path.join(tree, "arch/x86/boot/bzImage"), "wb") as file:
        file.write(image + image_end)
    return tree


def contents(tree):
    """Every file with its size and the time of its last change."""
    found = {}
    for path, _, files in os.walk(tree):
        for name in files + ["."]:
            st = os.lstat(os.path.join(path, name))
            found[os.path.join(path, name)] = (st.st_size, st.st_mtime_ns)
    return found


def change(tree, name, old, new):
    path = os.path.join(tree, name)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    contains(old, text, name)
    # The file may have another name in another tree.
    os.unlink(path)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))


def change_config(tree, old, new):
    for name in ("include/config/auto.conf", ".config"):
        change(tree, name, old, new)


@test("two trees of one release: which is which in files, results and compare; none is changed")
def two_trees():
    with Work() as work:
        base = made_tree(work, "base")
        patched = made_tree(work, "up/patched", image_end=b"\n")
        before = contents(base), contents(patched)
        work.run(*RUN, "--kernels", f"{base},up/patched/", "-o", "d")
        check((contents(base), contents(patched)) == before, "a tree was written to")
        release = os.path.basename(cached_kernel(KERNEL))
        results = {}
        for name in sorted(os.listdir(work.path("d"))):
            if name.endswith(".json"):
                result = load_result(work.path("d", name))
                tree = result["kernel"]["tree"]
                results[tree] = work.path("d", name), result
                check(name.startswith(f"counters-plain-{release}-{tree}-"), name)
                same(result["kernel"]["release"], release, "release")
                check(work.dir not in json.dumps(result), "a path of this machine in the result")
                contains("base,up/patched/", result["command"])
        same(sorted(results), ["base", "patched"], "trees")
        found = work.run("compare", results["base"][0], results["patched"][0]).out
        contains("kernel tree: base, patched", found)
        contains("kernel image differs", found)
        contains("built in patched", work.run("show", results["patched"][0]).out)
        # Modules are built once for each build, and again when there is another of that release:
        # without its scripts the tree builds none.
        os.unlink(os.path.join(base, "scripts"))
        wrong = ("run", "counters/plane", "--kernels", "./base")
        check(BUILDING not in work.run(*wrong, exit=USAGE).err, "modules were built again")
        with open(os.path.join(base, "arch/x86/boot/bzImage"), "ab") as file:
            file.write(b"another build")
        contains(BUILDING, work.run(*wrong, exit=ENVIRONMENT).err)


@test("paths that are no kernel tree: exit 2")
def no_tree():
    with Work() as work:
        made_tree(work, "linux")
        os.mkdir(work.path("empty"))
        for spec, says in (("./none", "No such file or directory"),
                           ("linux/Makefile", "no directory"), ("empty", "no kernel tree"),
                           (".", "no kernel tree"), ("..", "no kernel tree")):
            work.bad(USAGE, *RUN, "--kernels", spec, says=[spec, says])
        work.bad(USAGE, *RUN, "--kernels", "linx", says="the path of a built tree")
        work.bad(USAGE, *RUN, "--target", "host", "--kernels", "linux", says="--target host")
        work.bad(USAGE, "kernels", "add", "linux", says=["linux", "no fetching"])


@test("trees that lack something: exit 4, and what to do")
def lacking():
    with Work() as work:
        whole = made_tree(work, "whole")

        def refused(says, remove=(), unset=(), options=(), edit=None, set_also=None,
                    instead=None):
            tree = work.path("linux")
            shutil.copytree(whole, tree, symlinks=True, copy_function=os.link)
            for name in remove:
                os.unlink(os.path.join(tree, name))
            for option in unset:
                change_config(tree, f"\nCONFIG_{option}=y\n", "\n")
            if set_also:
                change_config(tree, "\nCONFIG_MODULES=y\n", f"\nCONFIG_MODULES=y\n{set_also}\n")
            if instead:
                change_config(tree, *instead)
            if edit:
                change(tree, *edit)
            work.bad(ENVIRONMENT, *RUN, "--kernels", "./linux", *options, says=says)
            shutil.rmtree(tree)

        refused(["arch/x86/boot/bzImage", "run make"], remove=["arch/x86/boot/bzImage"])
        refused(["kernel.release", "run make"], remove=["include/config/kernel.release"])
        refused("no release", edit=("include/config/kernel.release", "6.12", "../6.12"))
        refused(["Module.symvers", "run make"], remove=["Module.symvers"])
        refused("CONFIG_MODULES=y", unset=["MODULES"])
        refused("another architecture", unset=["X86_64"])
        refused("User Mode Linux", set_also="CONFIG_UML=y")
        refused(["set CONFIG_BLK_DEV_INITRD, CONFIG_DEVTMPFS, CONFIG_SERIAL_8250_CONSOLE,"],
                unset=["BLK_DEV_INITRD", "DEVTMPFS", "SERIAL_8250_CONSOLE"])
        refused("CONFIG_SMP", unset=["SMP"], options=("--cpus", "2"))
        refused("signed", set_also="CONFIG_MODULE_SIG_FORCE=y")
        refused("as /nowhere and moved", edit=("Makefile", "include ", "# made\nexport "
                                               "KBUILD_OUTPUT = /nowhere\ninclude "))
        refused("gcc-99", instead=("gcc-12", "gcc-99"))


if __name__ == "__main__":
    main()
