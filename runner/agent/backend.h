/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What times: the small interface between the agent and whatever runs benches. The kernel module
 * (lkm.c) is the reference, BPF programs (bpf/) are for kernels that load none; all numbers are in
 * the units of kbench/uapi/kbench.h.
 */
#ifndef KB_AGENT_BACKEND_H
#define KB_AGENT_BACKEND_H

#include <stddef.h>
#include <stdint.h>

#include "../../kbench/uapi/kbench.h"
#include "plan.h"

struct backend;

/**
 * struct backend_fault - why a session cannot begin, as the error record says it
 * @code: "privilege", "device", "version", "bpf"
 * @text: one line: what is wrong, what to do
 */
struct backend_fault {
	const char	*code;
	char		text[400];
};

/**
 * struct backend_ops - calls return 0 or a negative errno
 * @open:    begin a session; @info gets what is there. On failure @fault is filled
 * @setup:   prepare a case. @reason gets one line on failure, or stays empty; backend->log more
 * @run:     one bounded, interruptible round; fills the "out" members of @run. -EINTR after a
 *           signal
 * @samples: the samples of the last round; valid until the next setup() or close()
 * @close:   cancel and free all; safe in any state
 */
struct backend_ops {
	const char	*name;
	int		(*open)(struct backend *backend, struct kbench_info *info,
				struct backend_fault *fault);
	int		(*setup)(struct backend *backend, const struct plan_case *kase,
				 char reason[KBENCH_REASON_LEN]);
	int		(*run)(struct backend *backend, struct kbench_run *run);
	int		(*samples)(struct backend *backend,
				   const struct kbench_map_header **header);
	void		(*close)(struct backend *backend);
};

struct bpf_case;

/**
 * struct backend - one session
 * @log:      malloc()ed: lines that tell more of the last failure, or NULL
 * @fd:       lkm: the device, or -1
 * @map:      lkm: the mapped samples of the case that is set up, or NULL
 * @map_size: lkm: their bytes
 * @bpf:      bpf: the case that is set up, or NULL
 */
struct backend {
	const struct backend_ops	*ops;
	char				*log;
	int				fd;
	void				*map;
	uint64_t			map_size;
	struct bpf_case			*bpf;
};

/** backend_lkm() - the kernel module's /dev/kbench */
void backend_lkm(struct backend *backend);

/** backend_bpf() - BPF programs in the running kernel; one that cannot be opened where the agent
 * was built without libbpf
 */
void backend_bpf(struct backend *backend);

/** backend_workers() - the entries that follow a map's header */
static inline const struct kbench_map_worker *
backend_workers(const struct kbench_map_header *header)
{
	return (const struct kbench_map_worker *)((const char *)header + header->header_size);
}

/** backend_sample() - sample @i of a worker */
static inline const struct kbench_sample *
backend_sample(const struct kbench_map_header *header, const struct kbench_map_worker *worker,
	       uint32_t i)
{
	return (const struct kbench_sample *)((const char *)header + worker->offset +
					      (size_t)i * header->sample_size);
}

#endif
