// SPDX-License-Identifier: GPL-2.0
/* The backend's calls, and whether this process may load programs at all. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <linux/capability.h>

#include "bpf.h"

#define BTF	"/sys/kernel/btf/vmlinux"

/* The kernel's header is older than the capabilities on some systems. */
#ifndef CAP_PERFMON
#define CAP_PERFMON	38
#endif
#ifndef CAP_BPF
#define CAP_BPF		39
#endif

static uint64_t effective_capabilities(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long effective = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %llx", &effective) == 1)
			break;
	if (file)
		fclose(file);
	return effective;
}

/* What is missing, or NULL. CAP_SYS_ADMIN stands for both, as before Linux 5.8. */
static const char *missing_capability(void)
{
	uint64_t has = effective_capabilities();

	if (has & (1ULL << CAP_SYS_ADMIN))
		return NULL;
	if (!(has & (1ULL << CAP_BPF)))
		return has & (1ULL << CAP_PERFMON) ? "CAP_BPF" : "CAP_BPF and CAP_PERFMON";
	return has & (1ULL << CAP_PERFMON) ? NULL : "CAP_PERFMON";
}

static void agent_path(char *path, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", path, size - 1);

	path[length > 0 ? length : 0] = '\0';
}

/* The smallest map: the call that fails first where BPF is off or little memory may be locked. */
static int try_map(void)
{
	union bpf_attr attr;
	int fd;

	/* All of it: the kernel wants zeroes behind the members of the command, too. */
	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = 4;
	attr.value_size = 8;
	attr.max_entries = 1;
	fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int check_privilege(struct backend_fault *fault)
{
	const char *missing = missing_capability();
	char path[200];

	if (!missing)
		return 0;
	agent_path(path, sizeof(path));
	fault->code = "privilege";
	snprintf(fault->text, sizeof(fault->text), "loading BPF programs needs %s: run as root, "
		 "or give them to the agent: sudo setcap cap_bpf,cap_perfmon=ep %s", missing, path);
	return -EPERM;
}

static int check_kernel(struct backend_fault *fault)
{
	int err;

	fault->code = "bpf";
	if (access(BTF, R_OK)) {
		snprintf(fault->text, sizeof(fault->text), "this kernel does not tell its types "
			 "(no " BTF ": CONFIG_DEBUG_INFO_BTF is off), which BPF programs need: "
			 "use --backend lkm");
		return -EOPNOTSUPP;
	}
	err = try_map();
	if (err == -ENOSYS)
		snprintf(fault->text, sizeof(fault->text), "this kernel has no BPF "
			 "(CONFIG_BPF_SYSCALL is off, or a sandbox forbids it): use --backend lkm");
	else if (err == -EPERM)
		snprintf(fault->text, sizeof(fault->text), "the kernel lets no BPF map be made: a "
			 "sandbox or lockdown forbids it, or before Linux 5.11 too little memory "
			 "may be locked (ulimit -l unlimited)");
	else if (err)
		snprintf(fault->text, sizeof(fault->text), "no BPF map can be made: %s",
			 strerror(-err));
	return err;
}

static int bpf_open(struct backend *backend, struct kbench_info *info,
		    struct backend_fault *fault)
{
	int err = check_privilege(fault);

	(void)backend;
	if (!err)
		err = check_kernel(fault);
	if (err)
		return err;
	*info = (struct kbench_info) {
		.size = sizeof(*info), .abi = KBENCH_ABI, .version = KBENCH_VERSION,
		.clock = "ktime", .nr_cpu_ids = KB_BPF_CPUS,
		.sample_size = sizeof(struct kbench_sample),
	};
	return 0;
}

static int bpf_setup(struct backend *backend, const struct plan_case *kase,
		     char reason[KBENCH_REASON_LEN])
{
	int err;

	reason[0] = '\0';
	bpf_case_free(backend->bpf);
	free(backend->log);
	backend->bpf = bpf_case_create(kase, reason, &backend->log, &err);
	return err;
}

static int bpf_run_round(struct backend *backend, struct kbench_run *run)
{
	return backend->bpf ? bpf_round_run(backend->bpf, run) : -ENXIO;
}

static int bpf_samples(struct backend *backend, const struct kbench_map_header **header)
{
	if (!backend->bpf)
		return -ENXIO;
	*header = backend->bpf->map;
	return 0;
}

static void bpf_close(struct backend *backend)
{
	bpf_case_free(backend->bpf);
	backend->bpf = NULL;
	free(backend->log);
	backend->log = NULL;
}

static const struct backend_ops bpf_ops = {
	.name = "bpf",
	.open = bpf_open,
	.setup = bpf_setup,
	.run = bpf_run_round,
	.samples = bpf_samples,
	.close = bpf_close,
};

void backend_bpf(struct backend *backend)
{
	memset(backend, 0, sizeof(*backend));
	backend->ops = &bpf_ops;
	backend->fd = -1;
}
