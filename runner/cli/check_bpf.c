// SPDX-License-Identifier: GPL-2.0
#include "check.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "local.h"
#include "paths.h"

#define BTF	"/sys/kernel/btf/vmlinux"

/* Whether the kernel knows the call: with no attributes it refuses it for another reason. */
static bool has_bpf(void)
{
	return syscall(SYS_bpf, BPF_MAP_CREATE, NULL, 0) == 0 || errno != ENOSYS;
}

static void check_kernel(struct kb_checks *checks)
{
	struct kb_check *check = kb_check_add(checks, "bpf", KB_NEEDS_BPF);

	if (!has_bpf()) {
		kb_check_found(check, "the running kernel has no BPF, or a sandbox forbids it");
		kb_check_mend(check, "use --target vm, or boot a kernel with CONFIG_BPF_SYSCALL");
	} else if (access(BTF, R_OK)) {
		kb_check_found(check, "no " BTF);
		kb_check_mend(check, "use --target vm, or boot a kernel with "
			      "CONFIG_DEBUG_INFO_BTF");
	} else {
		kb_check_found(check, "the running kernel has BPF, and tells its types");
	}
}

/* What the agent itself finds, where it can be asked without sudo. */
static void check_privilege(struct kb_checks *checks)
{
	struct kb_check *check = kb_check_add(checks, "bpf privilege", KB_NEEDS_BPF);
	char *agent = kb_agent_path(NULL), *sudo = kb_find_program("sudo");
	struct kb_error err = { 0 };

	if (!kb_local_bpf(agent, false, &err)) {
		kb_check_found(check, "%s", geteuid() ? "the agent has capabilities of its own" :
							"root");
	} else if (geteuid() && sudo) {
		kb_check_found(check, "%s (for the agent alone)", sudo);
	} else {
		kb_check_found(check, "%s", geteuid() ? "not root, and no sudo" : err.text);
		kb_check_mend(check, "as root: setcap cap_bpf,cap_perfmon=ep %s", agent);
	}
	free(sudo);
	free(agent);
}

void kb_checks_bpf(struct kb_checks *checks)
{
	check_kernel(checks);
	check_privilege(checks);
}
