// SPDX-License-Identifier: GPL-2.0
/*
 * What /dev/kbench promises, tried from user space inside a guest: the errors of every command,
 * the life of a session, and facts about samples that do not depend on speed. Runs as /init with
 * kbench.ko and the modules of some suites in /modules; prints "ok NAME" or
 * "not ok NAME: why" per check, then "done", and powers off.
 */
#include "abi_device.h"

/* A struct of the future: longer, with a tail that is zero or not. */
struct long_info {
	struct kbench_info	info;
	uint64_t		tail;
};

static void test_info(int fd)
{
	struct long_info longer = { .info.size = sizeof(longer) };
	struct kbench_info info = { .size = sizeof(info) };

	check("info", !ioctl(fd, KBENCH_IOC_INFO, &info), 0);
	check("info_abi", info.abi == KBENCH_ABI, info.abi);
	check("info_version", !strcmp(info.version, KBENCH_VERSION), 0);
	check("info_sample_size", info.sample_size == sizeof(struct kbench_sample),
	      info.sample_size);
	info.size = 8;
	check_error("info_too_short", ioctl(fd, KBENCH_IOC_INFO, &info), EINVAL);
	check("info_longer_zero_tail", !ioctl(fd, KBENCH_IOC_INFO, &longer), 0);
	check("info_longer_keeps_size", longer.info.size == sizeof(longer), longer.info.size);
	longer.tail = 1;
	check_error("info_nonzero_tail", ioctl(fd, KBENCH_IOC_INFO, &longer), E2BIG);
	check_error("info_bad_pointer", ioctl(fd, KBENCH_IOC_INFO, (void *)8), EFAULT);
	check_error("unknown_command", ioctl(fd, _IO(KBENCH_IOC_MAGIC, 99), &info), ENOTTY);
	check_error("foreign_command", ioctl(fd, _IO('x', 0), &info), ENOTTY);
}

static void test_list(int fd)
{
	struct kbench_bench_desc desc;
	struct kbench_list list = {
		.size = sizeof(list), .buf = (uintptr_t)&desc, .buf_size = sizeof(desc),
	};
	struct kbench_info info = { .size = sizeof(info) };
	uint32_t count = 0, named = 0;

	ioctl(fd, KBENCH_IOC_INFO, &info);
	while (!ioctl(fd, KBENCH_IOC_LIST, &list)) {
		named += desc.suite[0] && desc.name[0] && desc.help[0];
		list.index = ++count;
	}
	check("list_ends", errno == ENOENT, errno);
	check("list_counts", count == info.nr_benches && count > 0, count);
	check("list_names", named == count, named);
	list.index = 0;
	list.flags = 1;
	check_error("list_unknown_flag", ioctl(fd, KBENCH_IOC_LIST, &list), EINVAL);
}

static void test_setup_errors(int fd)
{
	struct kbench_run run = run_of(10, 1000);
	static const uint32_t twice[] = { 1, 1 }, absent[] = { 4096 }, offline[] = { 4 };
	struct kbench_param_value param = { .name = "cs", .value = -1 };
	struct kbench_setup setup;

	check_error("run_before_setup", ioctl(fd, KBENCH_IOC_RUN, &run), ENXIO);
	setup = setup_of("locks", "no_such_bench", 1);
	check_error("setup_unknown_bench", ioctl(fd, KBENCH_IOC_SETUP, &setup), ENOENT);
	check("setup_unknown_bench_reason", strstr(setup.reason, "no_such_bench") != NULL, 0);
	setup = setup_of("locks", "spin_lock", 2);
	setup.cpus = (uintptr_t)twice;
	check_error("setup_cpu_twice", ioctl(fd, KBENCH_IOC_SETUP, &setup), EINVAL);
	setup = setup_of("locks", "spin_lock", 1);
	setup.cpus = (uintptr_t)absent;
	check_error("setup_absent_cpu", ioctl(fd, KBENCH_IOC_SETUP, &setup), ENODEV);
	setup.cpus = (uintptr_t)offline;
	check_error("setup_offline_cpu", ioctl(fd, KBENCH_IOC_SETUP, &setup), ENODEV);
	setup = setup_of("locks", "spin_lock", 0);
	check_error("setup_no_cpu", ioctl(fd, KBENCH_IOC_SETUP, &setup), EINVAL);
	setup = setup_of("locks", "spin_lock", 1);
	setup.params = (uintptr_t)&param;
	setup.nr_params = 1;
	check_error("setup_param_range", ioctl(fd, KBENCH_IOC_SETUP, &setup), ERANGE);
	strcpy(param.name, "nosuch");
	check_error("setup_param_name", ioctl(fd, KBENCH_IOC_SETUP, &setup), ENOENT);
	setup = setup_of("locks", "spin_lock", 1);
	setup.flags = 1U << 31;
	check_error("setup_unknown_flag", ioctl(fd, KBENCH_IOC_SETUP, &setup), EINVAL);
}

static const struct kbench_map_worker *worker_of(const void *map, uint32_t index)
{
	const struct kbench_map_header *header = map;

	return (const void *)((const char *)map + header->header_size +
			      index * sizeof(struct kbench_map_worker));
}

static void check_samples(const void *map, uint32_t nr_workers, uint64_t batch_ops)
{
	uint32_t i, j, filled = 0, ordered = 0, lengths = 0, total = 0;

	for (i = 0; i < nr_workers; i++) {
		const struct kbench_map_worker *worker = worker_of(map, i);
		const struct kbench_sample *samples =
			(const void *)((const char *)map + worker->offset);

		filled += worker->nr_samples >= 4;
		for (j = 0; j < worker->nr_samples; j++) {
			int twice = !!(samples[j].flags & KBENCH_SAMPLE_DOUBLE);

			total++;
			ordered += samples[j].start_ns <= samples[j].end_ns && samples[j].value > 0;
			lengths += samples[j].ops == batch_ops << twice;
		}
	}
	check("samples_every_worker", filled == nr_workers, filled);
	check("samples_ordered", ordered == total && total > 0, ordered);
	check("samples_two_lengths", lengths == total, lengths);
}

static void test_run(int fd, uint32_t nr_cpus)
{
	struct kbench_setup setup = setup_of("locks", "spin_lock", nr_cpus);
	struct kbench_run run = run_of(50, 5000);
	const struct kbench_map_header *map;

	check("setup", !ioctl(fd, KBENCH_IOC_SETUP, &setup), 0);
	run.flags = 0;
	check_error("run_uncalibrated", ioctl(fd, KBENCH_IOC_RUN, &run), EINVAL);
	run.flags = KBENCH_RUN_CALIBRATE;
	check("run", !ioctl(fd, KBENCH_IOC_RUN, &run), 0);
	check("run_no_complaint", !(run.result_flags & KBENCH_RUN_FATAL), run.result_flags);
	check_error("mmap_writable",
		    mmap(NULL, setup.map_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) ==
		    MAP_FAILED ? -1 : 0, EPERM);
	map = mmap(NULL, setup.map_size, PROT_READ, MAP_SHARED, fd, 0);
	check("mmap", map != MAP_FAILED, 0);
	if (map == MAP_FAILED)
		return;
	check_error("mprotect_writable", mprotect((void *)map, 4096, PROT_READ | PROT_WRITE),
		    EACCES);
	check("map_workers", map->nr_workers == nr_cpus, map->nr_workers);
	check("map_clock_runs",
	      map->ticks_end > map->ticks_begin && map->ns_end > map->ns_begin, 0);
	check("map_window", map->window_end > map->window_begin, 0);
	check_samples(map, nr_cpus, run.batch_ops);
	munmap((void *)map, setup.map_size);
}

/* An event that every kernel has, one that the emulated CPU lacks, and one that is no event. */
static const struct kbench_counter counters[] = {
	{ .type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_CPU_CLOCK },
	{ .type = PERF_TYPE_HARDWARE, .config = PERF_COUNT_HW_CPU_CYCLES },
	{ .type = PERF_TYPE_SOFTWARE, .config = 4096 },
};

#define NR_COUNTERS	(sizeof(counters) / sizeof(counters[0]))

static struct kbench_setup counting_setup(const struct kbench_counter *wanted, uint32_t nr)
{
	struct kbench_setup setup = setup_of("locks", "spin_lock", 2);

	setup.counters = (uintptr_t)wanted;
	setup.nr_counters = nr;
	return setup;
}

static void check_counts(const void *map, uint32_t nr_workers)
{
	uint64_t counted = 0, took = 0;
	uint32_t i, j, total = 0, running = 0, silent = 0;

	for (i = 0; i < nr_workers; i++) {
		const struct kbench_map_worker *worker = worker_of(map, i);
		const struct kbench_sample *samples =
			(const void *)((const char *)map + worker->offset);
		const struct kbench_count *counts =
			(const void *)((const char *)map + worker->counts);

		for (j = 0; j < worker->nr_samples; j++, counts += NR_COUNTERS) {
			total++;
			took += samples[j].end_ns - samples[j].start_ns;
			counted += counts[0].value;
			running += counts[0].enabled > 0 && counts[0].enabled == counts[0].running;
			silent += !counts[1].value && !counts[1].running && !counts[2].enabled;
		}
	}
	/* The counter is a clock, and is read before and after each batch. */
	check("counts_around_batches", counted > took / 2 && took > 0, (long)counted);
	check("counts_all_the_time", running == total, running);
	check("counts_of_absent_are_0", silent == total && total > 0, silent);
}

static void test_counters(int fd)
{
	static const struct kbench_counter reserved = { .type = 1, .reserved = 1 };
	struct kbench_setup setup = counting_setup(counters, KBENCH_MAX_COUNTERS + 1);
	struct kbench_run run = run_of(20, 5000);
	const struct kbench_map_header *map;

	check_error("setup_many_counters", ioctl(fd, KBENCH_IOC_SETUP, &setup), EINVAL);
	setup = counting_setup((void *)8, 1);
	check_error("setup_counters_pointer", ioctl(fd, KBENCH_IOC_SETUP, &setup), EFAULT);
	setup = counting_setup(&reserved, 1);
	check_error("setup_counter_reserved", ioctl(fd, KBENCH_IOC_SETUP, &setup), EINVAL);
	setup = counting_setup(counters, NR_COUNTERS);
	setup.reserved = 1;
	check_error("setup_reserved", ioctl(fd, KBENCH_IOC_SETUP, &setup), EINVAL);
	setup.reserved = 0;
	check("setup_absent_counter_is_no_error", !ioctl(fd, KBENCH_IOC_SETUP, &setup), 0);
	check("run_counting", !ioctl(fd, KBENCH_IOC_RUN, &run), 0);
	map = mmap(NULL, setup.map_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return check("mmap_counts", 0, -1);
	check("counter_of_kernel", !map->counter_errors[0], map->counter_errors[0]);
	check("counter_not_in_cpu", map->counter_errors[1] == ENOENT, map->counter_errors[1]);
	check("counter_unknown", map->counter_errors[2] != 0, map->counter_errors[2]);
	check_counts(map, 2);
	munmap((void *)map, setup.map_size);
}

static uint64_t count_ops(const struct kbench_histogram *histogram)
{
	uint64_t ops = histogram->beyond;

	for (uint32_t i = 0; i < KBENCH_HISTOGRAM_BUCKETS; i++)
		ops += histogram->buckets[i];
	return ops;
}

/* Whether the slowest op is where the last ops are counted. */
static int max_agrees(const struct kbench_histogram *histogram)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < KBENCH_HISTOGRAM_BUCKETS; i++)
		if (histogram->buckets[i])
			last = i;
	return histogram->beyond ? histogram->max >> KBENCH_HISTOGRAM_BITS != 0 :
				   kbench_histogram_index(histogram->max) == last;
}

static void check_histograms(const void *map, uint32_t nr_workers)
{
	const struct kbench_map_header *header = map;
	uint32_t counted = 0, clocked = 0, agree = 0;

	for (uint32_t i = 0; i < nr_workers; i++) {
		const char *first = (const char *)map + worker_of(map, i)->histograms;
		const struct kbench_histogram *op = (const void *)first;
		const struct kbench_histogram *clock =
			(const void *)(first + header->histogram_size);

		counted += count_ops(op) >= 4;
		clocked += count_ops(clock) == 4096;
		agree += max_agrees(op) && max_agrees(clock) && op->max_at > clock->max_at &&
			 clock->max_at >= header->ticks_begin && op->max_at <= header->ticks_end;
	}
	check("latency_every_worker", counted == nr_workers, counted);
	check("latency_clock", clocked == nr_workers, clocked);
	check("latency_max", agree == nr_workers, agree);
}

/* Histograms are asked for in SETUP; a round fills them and leaves the samples as they were. */
static void test_latency(int fd, uint32_t nr_cpus)
{
	struct kbench_setup setup = setup_of("locks", "spin_lock", nr_cpus);
	struct kbench_run run = run_of(20, 5000);
	const struct kbench_map_header *map;
	struct kbench_sample before, after;

	ioctl(fd, KBENCH_IOC_SETUP, &setup);
	run.flags = KBENCH_RUN_CALIBRATE | KBENCH_RUN_LATENCY;
	check_error("latency_without_setup", ioctl(fd, KBENCH_IOC_RUN, &run), EINVAL);
	setup.flags = KBENCH_SETUP_LATENCY;
	check("latency_setup", !ioctl(fd, KBENCH_IOC_SETUP, &setup), 0);
	run.flags = KBENCH_RUN_LATENCY;
	check_error("latency_uncalibrated", ioctl(fd, KBENCH_IOC_RUN, &run), EINVAL);
	map = mmap(NULL, setup.map_size, PROT_READ, MAP_SHARED, fd, 0);
	check("latency_mmap", map != MAP_FAILED, 0);
	if (map == MAP_FAILED)
		return;
	run.flags = KBENCH_RUN_CALIBRATE;
	check("latency_ordinary_run", !ioctl(fd, KBENCH_IOC_RUN, &run), 0);
	memcpy(&before, (const char *)map + worker_of(map, 0)->offset, sizeof(before));
	run.flags = KBENCH_RUN_LATENCY;
	check("latency_run", !ioctl(fd, KBENCH_IOC_RUN, &run), 0);
	check("latency_no_complaint", !run.result_flags, run.result_flags);
	memcpy(&after, (const char *)map + worker_of(map, 0)->offset, sizeof(after));
	check("latency_keeps_samples", !memcmp(&before, &after, sizeof(before)) &&
	      worker_of(map, 0)->nr_samples >= 4, 0);
	check_histograms(map, nr_cpus);
	munmap((void *)map, setup.map_size);
}

static void on_alarm(int signal)
{
	(void)signal;
}

static void test_interrupt(int fd)
{
	struct kbench_setup setup = setup_of("locks", "spin_lock", 2);
	struct itimerval timer = { .it_value.tv_usec = 100000 };
	struct kbench_run run = run_of(1000000, 1000000);
	struct sigaction action = { .sa_handler = on_alarm };

	setup.max_samples = 65536;
	sigaction(SIGALRM, &action, NULL);
	ioctl(fd, KBENCH_IOC_SETUP, &setup);
	setitimer(ITIMER_REAL, &timer, NULL);
	check_error("run_interrupted", ioctl(fd, KBENCH_IOC_RUN, &run), EINTR);
}

static int set_online(const char *state)
{
	int fd = open("/sys/devices/system/cpu/cpu3/online", O_WRONLY | O_CLOEXEC);
	int ret = write(fd, state, 1) == 1 ? 0 : -1;

	close(fd);
	return ret;
}

/* A CPU leaves while its worker is at work: the round ends at once, and says so. */
static void test_cpu_leaves(int fd)
{
	struct kbench_setup setup = setup_of("locks", "spin_lock", 4);
	struct kbench_run run = run_of(60000, 100000);
	int status = -1;
	pid_t child;

	setup.max_samples = 65536;
	check("cpu_leaves_setup", !ioctl(fd, KBENCH_IOC_SETUP, &setup), 0);
	child = fork();
	if (!child) {
		usleep(300000);
		_exit(set_online("0") ? 1 : 0);
	}
	check("cpu_leaves_run", !ioctl(fd, KBENCH_IOC_RUN, &run), 0);
	waitpid(child, &status, 0);
	check("cpu_leaves", !status, status);
	check("cpu_leaves_flag", !!(run.result_flags & KBENCH_RUN_CPU_GONE), run.result_flags);
	check("cpu_leaves_reason", strstr(run.reason, "went offline") != NULL, 0);
	check_error("setup_cpu_that_left", ioctl(fd, KBENCH_IOC_SETUP, &setup), ENODEV);
	check("cpu_returns", !set_online("1"), 0);
}

static void test_broken(int fd, const char *bench, uint32_t nr_cpus, uint32_t flag)
{
	struct kbench_setup setup = setup_of("selfcheck", bench, nr_cpus);
	struct kbench_run run = run_of(50, 1000);
	char name[64];

	snprintf(name, sizeof(name), "broken_%s_cpus_%u", bench, nr_cpus);
	if (ioctl(fd, KBENCH_IOC_SETUP, &setup)) {
		check(name, 0, -1);
		return;
	}
	errno = 0;
	if (ioctl(fd, KBENCH_IOC_RUN, &run))
		check(name, 0, -1);
	else
		check(name, (run.result_flags & flag) && run.reason[0], run.result_flags);
}

/*
 * A bench that holds the address space of a process, which has the samples mapped, so that the
 * mapping holds the file: that process is killed, and nothing may stay of all this.
 */
static void test_killed(void)
{
	struct kbench_setup setup = setup_of("mem", "copy_to_user", 2);
	struct kbench_run run = run_of(10, 5000);
	int tries = 100, status = 0, left;
	pid_t pid = fork();

	if (!pid) {
		int fd = device();

		if (ioctl(fd, KBENCH_IOC_SETUP, &setup) || ioctl(fd, KBENCH_IOC_RUN, &run) ||
		    (run.result_flags & KBENCH_RUN_FATAL) ||
		    mmap(NULL, setup.map_size, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
			_exit(1);
		raise(SIGKILL);
	}
	waitpid(pid, &status, 0);
	check("killed_while_mapped", WIFSIGNALED(status), status);
	while ((left = unload("kbench_mem")) && --tries)
		usleep(100000);
	check("killed_leaves_nothing", !left, left);
}

int main(void)
{
	int fd;

	mount("proc", "/proc", "proc", 0, NULL);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	mkdir("/sys", 0755);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	check("load_core", !load("/modules/kbench.ko"), 0);
	check("load_locks", !load("/modules/kbench_locks.ko"), 0);
	check("load_selfcheck", !load("/modules/kbench_selfcheck.ko"), 0);
	check("load_mem", !load("/modules/kbench_mem.ko"), 0);
	fd = device();
	check("open", fd >= 0, fd);
	test_info(fd);
	test_list(fd);
	test_setup_errors(fd);
	test_run(fd, 1);
	test_run(fd, 4);
	test_counters(fd);
	test_latency(fd, 2);
	check_error("unload_in_use", unload("kbench_locks"), EWOULDBLOCK);
	test_interrupt(fd);
	test_cpu_leaves(fd);
	test_killed();
	test_broken(fd, "sleeps_in_atomic", 1, KBENCH_RUN_SLEPT);
	test_broken(fd, "leaks", 1, KBENCH_RUN_LEAKED);
	test_broken(fd, "never_ends", 1, KBENCH_RUN_OVERRAN);
	/* On every CPU: no thread is left that could stop it. */
	test_broken(fd, "never_ends", 4, KBENCH_RUN_OVERRAN);
	test_run(fd, 4);
	close(fd);
	check("unload_locks", !unload("kbench_locks"), 0);
	check("unload_selfcheck", !unload("kbench_selfcheck"), 0);
	check("unload_core", !unload("kbench"), 0);
	printf("done\n");
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return 0;
}
