#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The ssh target with a machine of arm64, emulated: not among the tests that always run, for its
kernel, its system and the agent for it are fetched and built for this alone (make check-ssh-arm64).
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import OK, USAGE, Work, load_result, main, same, test
from remote import Remote

RUN = ["run", "--no-plot", "--time", "2ms", "--samples", "8", "--target", "ssh:root@board"]


@test("arm64: modules built here for its packaged kernel measure it; nothing stays")
def arm64():
    with Work() as guest_work, Work() as work:
        remote = Remote(guest_work, arch="arm64")
        try:
            work.run(*RUN, "cache/true_sharing,cache/padded", "--cpus", "1,2", "-o",
                     work.path("r.json"), env=remote.env, exit=OK)
            same(remote.wait_until_gone(), "", "left on the machine")
            work.bad(USAGE, *RUN, "cache/padded", "--backend", "bpf", env=remote.env,
                     says=["--backend bpf", "arm64"])
            same(remote.wait_until_gone(), "", "left on the machine")
        finally:
            remote.close()
        result = load_result(work.path("r.json"))
        same(result["status"], "complete", "status")
        same(result["machine"]["arch"], "aarch64", "machine")
        # Its device tree says that it is QEMU's, and nothing says how that runs it.
        same(result["environment"]["fidelity"], "virtual", "fidelity")
        same({case["status"] for case in result["cases"]}, {"ok"}, "cases")


if __name__ == "__main__":
    main()
