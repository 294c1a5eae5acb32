/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of /dev/kbench are made of: checks, modules, the device and its requests. */
#ifndef KB_ABI_DEVICE_H
#define KB_ABI_DEVICE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "../../kbench/uapi/kbench.h"

#define MS	1000000ULL

static void check(const char *name, int holds, long got)
{
	if (holds)
		printf("ok %s\n", name);
	else
		printf("not ok %s: got %ld, errno %d (%s)\n", name, got, errno, strerror(errno));
	fflush(stdout);
}

static void check_error(const char *name, int returned, int wanted)
{
	check(name, returned == -1 && errno == wanted, returned);
}

static int load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = (int)syscall(SYS_finit_module, fd, "", 0);

	if (err)
		fprintf(stderr, "cannot load %s: %s\n", path, strerror(errno));
	close(fd);
	return err;
}

static int unload(const char *name)
{
	return (int)syscall(SYS_delete_module, name, O_NONBLOCK);
}

static int device(void)
{
	return open(KBENCH_DEVICE, O_RDWR | O_CLOEXEC);
}

static const uint32_t all_cpus[] = { 0, 1, 2, 3 };

static struct kbench_setup setup_of(const char *suite, const char *bench, uint32_t nr_cpus)
{
	struct kbench_setup setup = {
		.size = sizeof(setup), .nr_cpus = nr_cpus, .max_samples = 16,
		.cpus = (uintptr_t)all_cpus,
	};

	snprintf(setup.suite, sizeof(setup.suite), "%s", suite);
	snprintf(setup.bench, sizeof(setup.bench), "%s", bench);
	return setup;
}

static struct kbench_run run_of(uint64_t duration_ms, uint64_t deadline_ms)
{
	return (struct kbench_run){
		.size = sizeof(struct kbench_run), .flags = KBENCH_RUN_CALIBRATE,
		.duration_ns = duration_ms * MS, .deadline_ns = deadline_ms * MS, .min_samples = 4,
	};
}

#endif
