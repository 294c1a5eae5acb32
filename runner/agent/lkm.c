// SPDX-License-Identifier: GPL-2.0
/* The backend that talks to the kbench module through its device. */

#include "backend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int lkm_info(const struct backend *backend, struct kbench_info *info)
{
	memset(info, 0, sizeof(*info));
	info->size = sizeof(*info);
	if (ioctl(backend->fd, KBENCH_IOC_INFO, info))
		return -errno;
	info->version[sizeof(info->version) - 1] = 0;
	info->clock[sizeof(info->clock) - 1] = 0;
	return 0;
}

__attribute__((format(printf, 4, 5)))
static int set_fault(struct backend_fault *fault, int err, const char *code, const char *format,
		     ...)
{
	va_list args;

	fault->code = code;
	va_start(args, format);
	vsnprintf(fault->text, sizeof(fault->text), format, args);
	va_end(args);
	return err;
}

static int lkm_open(struct backend *backend, struct kbench_info *info,
		    struct backend_fault *fault)
{
	int err;

	backend->fd = open(KBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	err = backend->fd < 0 ? -errno : 0;
	if (err == -EPERM || err == -EACCES)
		return set_fault(fault, err, "privilege", KBENCH_DEVICE " cannot be opened (%s): "
				 "run as root, outside of containers", strerror(-err));
	if (!err)
		err = lkm_info(backend, info);
	if (err)
		return set_fault(fault, err, "device", KBENCH_DEVICE " cannot be used (%s): is a "
				 "foreign module of that name loaded? See dmesg", strerror(-err));
	if (info->abi == KBENCH_ABI && !strcmp(info->version, KBENCH_VERSION))
		return 0;
	return set_fault(fault, -EPROTO, "version", "the loaded module kbench is version %s "
			 "(interface %u), this kbench is version %s (interface %u): unload it "
			 "(rmmod kbench) and try again", info->version, info->abi, KBENCH_VERSION,
			 KBENCH_ABI);
}

static void unmap(struct backend *backend)
{
	if (backend->map)
		munmap(backend->map, backend->map_size);
	backend->map = NULL;
	backend->map_size = 0;
}

static int lkm_setup(struct backend *backend, const struct plan_case *kase,
		     char reason[KBENCH_REASON_LEN])
{
	struct kbench_setup setup = {
		.size = sizeof(setup),
		.flags = kase->latency ? KBENCH_SETUP_LATENCY : 0,
		.context = kase->context,
		.nr_cpus = kase->nr_cpus,
		.cpus = (uintptr_t)kase->cpus,
		.params = (uintptr_t)kase->params,
		.nr_params = kase->nr_params,
		.max_samples = kase->samples,
		.counters = (uintptr_t)kase->counters,
		.nr_counters = kase->nr_counters,
	};
	void *map;

	memcpy(setup.suite, kase->suite, sizeof(setup.suite));
	memcpy(setup.bench, kase->bench, sizeof(setup.bench));
	reason[0] = 0;
	unmap(backend);
	if (ioctl(backend->fd, KBENCH_IOC_SETUP, &setup)) {
		int err = -errno;

		memcpy(reason, setup.reason, KBENCH_REASON_LEN);
		reason[KBENCH_REASON_LEN - 1] = 0;
		return err;
	}
	map = mmap(NULL, setup.map_size, PROT_READ, MAP_SHARED, backend->fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	backend->map = map;
	backend->map_size = setup.map_size;
	return 0;
}

static int lkm_run(struct backend *backend, struct kbench_run *run)
{
	int err = 0;

	run->size = sizeof(*run);
	if (ioctl(backend->fd, KBENCH_IOC_RUN, run))
		err = -errno;
	run->reason[sizeof(run->reason) - 1] = 0;
	return err;
}

static bool counts_fit(const struct kbench_map_header *header,
		       const struct kbench_map_worker *worker, uint64_t size)
{
	uint64_t each = (uint64_t)header->nr_counters * header->count_size;

	return !each || (worker->counts <= size && worker->counts % 8 == 0 &&
			 worker->nr_samples <= (size - worker->counts) / each);
}

static bool histograms_fit(const struct kbench_map_header *header,
			   const struct kbench_map_worker *worker, uint64_t size)
{
	uint64_t each = header->histogram_size;

	if (!worker->histograms)
		return true;
	return each >= sizeof(struct kbench_histogram) && each % 8 == 0 &&
	       worker->histograms % 8 == 0 && worker->histograms <= size &&
	       header->nr_phases < (size - worker->histograms) / each;
}

/* A module of another build may lay its samples out differently: never read past the map. */
static int check_map(const struct backend *backend, const struct kbench_map_header *header)
{
	const struct kbench_map_worker *workers = backend_workers(header);
	uint64_t size = backend->map_size;

	if (header->nr_counters > KBENCH_MAX_COUNTERS || header->count_size % 8 ||
	    (header->nr_counters && header->count_size < sizeof(struct kbench_count)))
		return -EPROTO;

	if (header->header_size < sizeof(*header) ||
	    header->sample_size < sizeof(struct kbench_sample) ||
	    header->header_size > size || header->header_size % 8 || header->sample_size % 8 ||
	    header->nr_workers > (size - header->header_size) / sizeof(*workers))
		return -EPROTO;
	for (uint32_t i = 0; i < header->nr_workers; i++)
		if (workers[i].offset > size || workers[i].offset % 8 ||
		    workers[i].nr_samples > (size - workers[i].offset) / header->sample_size ||
		    !counts_fit(header, &workers[i], size) ||
		    !histograms_fit(header, &workers[i], size))
			return -EPROTO;
	return 0;
}

static int lkm_samples(struct backend *backend, const struct kbench_map_header **header)
{
	if (backend->map_size < sizeof(**header))
		return -EPROTO;
	*header = backend->map;
	return check_map(backend, *header);
}

static void lkm_close(struct backend *backend)
{
	unmap(backend);
	if (backend->fd >= 0)
		close(backend->fd);
	backend->fd = -1;
}

static const struct backend_ops lkm_ops = {
	.name = "lkm",
	.open = lkm_open,
	.setup = lkm_setup,
	.run = lkm_run,
	.samples = lkm_samples,
	.close = lkm_close,
};

void backend_lkm(struct backend *backend)
{
	memset(backend, 0, sizeof(*backend));
	backend->ops = &lkm_ops;
	backend->fd = -1;
}
