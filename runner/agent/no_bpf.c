// SPDX-License-Identifier: GPL-2.0
/* Stands for bpf/ in an agent that is built without libbpf. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "backend.h"

static int no_bpf_open(struct backend *backend, struct kbench_info *info,
		       struct backend_fault *fault)
{
	(void)backend;
	(void)info;
	fault->code = "bpf";
	snprintf(fault->text, sizeof(fault->text),
		 "the agent for this architecture is built without BPF: use --backend lkm");
	return -EOPNOTSUPP;
}

static void no_bpf_close(struct backend *backend)
{
	(void)backend;
}

static const struct backend_ops no_bpf_ops = {
	.name = "bpf",
	.open = no_bpf_open,
	.close = no_bpf_close,
};

void backend_bpf(struct backend *backend)
{
	memset(backend, 0, sizeof(*backend));
	backend->ops = &no_bpf_ops;
	backend->fd = -1;
}
