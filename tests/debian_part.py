# SPDX-License-Identifier: GPL-2.0
"""Parts of Debian packages that tests need, without installing the packages: those would start a
server, or fill the disk. What was fetched once is kept in build/."""

import os
import shutil
import subprocess
import tempfile

from harness import TREE, check

FETCH_S = 300
UNPACK_S = 120


def known(package):
    run = subprocess.run(["apt-cache", "show", "--no-all-versions", package],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    sizes = [line.split()[1] for line in run.stdout.splitlines() if line.startswith("Size: ")]
    return int(sizes[0]) if sizes else 0


def fetch(package, directory):
    """The package's file. It may be large: how large is said before."""
    size = known(package)
    check(size, f"apt knows no package {package}: apt-get update")
    print(f"# fetching {package}, {size / 1e6:.1f} MB", flush=True)
    run = subprocess.run(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", package],
                         cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         timeout=FETCH_S)
    check(run.returncode == 0, f"apt-get download {package}: {run.stdout}")
    return os.path.join(directory, os.listdir(directory)[0])


def unpack(package, members, directory):
    """What is named of its files, directories with all that is in them."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package],
                          stdout=subprocess.PIPE) as data:
        subprocess.run(["tar", "--extract", "--directory", directory,
                        *("./" + member for member in members)], stdin=data.stdout, check=True,
                       timeout=UNPACK_S)


def part(package, *members, inside=None):
    """A directory that has @members of @package in it. @inside: names in an archive, which is the
    only member, that are wanted of it."""
    kept = os.path.join(TREE, "build", "tests", "formats", package)
    if os.path.isdir(kept):
        return kept
    os.makedirs(os.path.dirname(kept), exist_ok=True)
    with tempfile.TemporaryDirectory(dir=os.path.dirname(kept)) as work:
        download, out = (os.path.join(work, name) for name in ("download", "out"))
        os.mkdir(download)
        os.mkdir(out)
        unpack(fetch(package, download), members, out)
        if inside:
            archive = os.path.join(out, members[0])
            subprocess.run(["tar", "--extract", "--file", archive, "--directory", out,
                            "--strip-components", "1", inside], check=True, timeout=UNPACK_S)
            shutil.rmtree(os.path.join(out, members[0].split("/")[0]))
        os.rename(out, kept)
    return kept
