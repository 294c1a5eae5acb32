// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sched.h>

#include "bpf.h"

/* Programs and what they look up are small; libbpf's calls are not made in these threads. */
#define STACK_BYTES	(256 * 1024)

static int set_attributes(pthread_attr_t *attr, uint32_t cpu)
{
	cpu_set_t cpus;
	int err;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	err = pthread_attr_setaffinity_np(attr, sizeof(cpus), &cpus);
	return err ? err : pthread_attr_setstacksize(attr, STACK_BYTES);
}

int bpf_thread_start(pthread_t *thread, uint32_t cpu, void *(*start)(void *arg), void *arg)
{
	pthread_attr_t attr;
	int err = pthread_attr_init(&attr);

	if (err)
		return -err;
	err = set_attributes(&attr, cpu);
	if (!err)
		err = pthread_create(thread, &attr, start, arg);
	pthread_attr_destroy(&attr);
	return -err;
}
