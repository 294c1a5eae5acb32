// SPDX-License-Identifier: GPL-2.0
/*
 * The vm target: a packaged kernel, or one that the user built, booted in QEMU, with the agent as
 * its only process.
 */
#include <errno.h>
#include <poll.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accel.h"
#include "device_trees.h"
#include "kernel.h"
#include "kernel_config.h"
#include "modules.h"
#include "paths.h"
#include "qemu.h"
#include "target.h"
#include "topology.h"
#include "tree.h"

#define BOOT_TIMEOUT_S	120
/* Where instructions are counted, a second of the guest's is a thousand million of them. */
#define ICOUNT_SLOWNESS	40
/* Seconds that a guest gets to power off after its last record. */
#define OFF_TIMEOUT_S	15
/*
 * Emulated CPUs sometimes trip over code that the kernel patches while it boots; then it is booted
 * again. What fails so often is no accident.
 */
#define BOOT_TRIES	3
#define SHOWN_LINES	20

/* What the kernel says when it fails, and last of all when it has been asked to power off. */
#define PANIC_MARK	"Kernel panic - "
#define TRIP_MARK	"Kernel panic - not syncing: Fatal exception"
/* A breakpoint that a CPU meets in code which another one patches: emulated CPUs only. */
#define BREAKPOINT_MARK	"int3: 0000 [#1]"
#define POWER_OFF_MARK	"reboot: Power down"
/* What it says instead where it cannot switch the machine off, up to 6.1 and since. */
#define HALT_MARK	"reboot: System halted"
#define NO_POWER_MARK	"reboot: Power off not available"

/**
 * struct vm - a guest's kernel and, between start and finish, its QEMU
 * @machine:      what the guest is
 * @config:       path of the kernel's configuration
 * @tree:         of the board's device tree, or NULL
 * @qemu_version: of the installed QEMU
 * @host_cpus:    that QEMU may run on; 0: not known
 * @counter:      the plugin that counts instructions by address, or NULL; @counts: where it writes
 */
struct vm {
	struct kb_target	target;
	struct kb_kernel	kernel;
	const struct kb_machine	*machine;
	char			*agent;
	char			*config;
	char			*tree;
	char			*qemu_version;
	enum kb_accel		accel;
	unsigned int		cpus;
	unsigned int		host_cpus;
	unsigned int		memory_mib;
	char			*counter;
	int			counts;
	struct kb_qemu		qemu;
};

static struct vm *vm_of(struct kb_target *target)
{
	return (struct vm *)target;
}

static const struct vm *vm_of_const(const struct kb_target *target)
{
	return (const struct vm *)target;
}

static struct kb_guest guest_of(const struct vm *vm, const char *plan, size_t length)
{
	bool elf = vm->kernel.elf && vm->accel != KB_ACCEL_KVM;

	return (struct kb_guest){
		.arch = vm->kernel.arch,
		.machine = vm->machine,
		.tree = vm->tree,
		.kernel = elf ? vm->kernel.elf : vm->kernel.image,
		.initramfs = {
			.agent = vm->agent,
			.module_dir = vm->target.module_dir,
			.config = vm->config,
			.plan = plan,
			.plan_length = length,
		},
		.accel = vm->accel,
		.cpus = vm->cpus,
		.host_cpus = vm->host_cpus,
		.memory_mib = vm->memory_mib,
		.seed = vm->target.seed,
		.counter = vm->counter,
		.counts = vm->counts,
	};
}

static bool said(const struct vm *vm, const char *mark)
{
	char *console = kb_qemu_console(&vm->qemu);
	bool found = strstr(console, mark) != NULL;

	free(console);
	return found;
}

/*
 * Wait for a record. Return: whether the kernel tripped instead. It is not waited for: stopping the
 * other CPUs may take it long.
 */
static bool trips_booting(const struct vm *vm)
{
	double end = kb_now() + vm->target.boot_timeout_s;

	while (!kb_interrupted && kb_now() < end) {
		struct pollfd fd = { .fd = vm->qemu.records, .events = POLLIN };

		if (poll(&fd, 1, 200) > 0)
			return !(fd.revents & POLLIN) && said(vm, TRIP_MARK);
		if (said(vm, TRIP_MARK))
			return true;
	}
	return false;
}

static int vm_start(struct kb_target *target, const char *plan_text, size_t length,
		    struct kb_error *err)
{
	struct vm *vm = vm_of(target);
	struct kb_guest guest = guest_of(vm, plan_text, length);
	int tries = vm->accel == KB_ACCEL_TCG ? BOOT_TRIES : 1;

	kb_qemu_stop(&vm->qemu);
	while (!kb_qemu_start(&vm->qemu, &guest, err)) {
		if (!--tries || !trips_booting(vm))
			return vm->qemu.records;
		kb_note("the emulated guest crashed while it booted; booting it again");
		kb_qemu_stop(&vm->qemu);
	}
	return -1;
}

/* The last lines of the console, for the user to look at. */
static void show_console(const char *console)
{
	const char *end = console + strlen(console);
	const char *start;
	unsigned int lines = 0;

	while (end > console && end[-1] == '\n')
		end--;
	for (start = end; start > console; start--)
		if (start[-1] == '\n' && ++lines == SHOWN_LINES)
			break;
	kb_note("the last lines of the guest's console:");
	while (start < end) {
		size_t n = strcspn(start, "\n");

		fprintf(stderr, "  | %.*s\n", (int)n, start);
		start += n + 1;
	}
}

/* What went wrong, in one line: the panic's own words, QEMU's, or what is known from outside. */
static int guest_failed(const struct vm *vm, const char *console, bool ended,
			struct kb_error *err)
{
	char *qemu = kb_path("%s: ", vm->kernel.arch->qemu);
	const char *const marks[] = { PANIC_MARK, qemu };
	const char *at = NULL;

	if (*console)
		show_console(console);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && !at; i++)
		at = strstr(console, marks[i]);
	free(qemu);
	if (at)
		return kb_fail(err, KB_EXIT_TARGET, "the guest with kernel %s failed: %.*s",
			       vm->target.kernel_title, (int)strcspn(at, "\n"), at);
	return kb_fail(err, KB_EXIT_TARGET, "the guest with kernel %s %s%s",
		       vm->target.kernel_title, ended ? "ended unexpectedly" : "hung",
		       *console ? "" : " and said nothing on its console");
}

/* The kernel's last word, after which nothing more comes. */
static bool went_off(const struct vm *vm)
{
	if (vm->machine->stays_on)
		return said(vm, HALT_MARK) || said(vm, NO_POWER_MARK);
	return said(vm, POWER_OFF_MARK);
}

/* Wait for the guest's end; a board that stays on has ended when its kernel says so. */
static bool wait_end(struct vm *vm, double seconds)
{
	double end = kb_now() + seconds;

	if (!vm->machine->stays_on)
		return kb_process_wait(&vm->qemu.process, seconds);
	while (!went_off(vm)) {
		if (kb_interrupted || kb_now() >= end)
			return false;
		if (kb_process_wait(&vm->qemu.process, 0.1))
			return true;
	}
	return true;
}

static int vm_finish(struct kb_target *target, bool kill, struct kb_error *err)
{
	struct vm *vm = vm_of(target);
	char *console;
	bool ended, off;
	int ret = 0;

	if (!vm->qemu.process.pid && vm->qemu.console < 0)
		return 0;
	ended = wait_end(vm, kill ? 0 : OFF_TIMEOUT_S);
	off = went_off(vm);
	console = kb_qemu_console(&vm->qemu);
	kb_qemu_stop(&vm->qemu);
	target->tripped = vm->accel == KB_ACCEL_TCG && strstr(console, BREAKPOINT_MARK);
	if (!kb_interrupted && (!ended || !off))
		ret = guest_failed(vm, console, ended, err);
	free(console);
	return ret;
}

static char *file_sum(const char *dir, const char *name)
{
	char *path = kb_path("%s/%s", dir, name);
	char *sum = SHA256File(path, NULL);

	free(path);
	return sum;
}

static json_t *string_array(char **strings)
{
	json_t *array = json_array();

	for (size_t i = 0; strings && strings[i]; i++)
		json_array_append_new(array, json_string(strings[i]));
	return array;
}

static const char *fidelity(enum kb_accel accel)
{
	return accel == KB_ACCEL_KVM ? "virtual" : kb_accel_name(accel);
}

/* Of a packaged kernel, by its release; one that the user built says itself what it is. */
static char *flavour_of(const struct kb_kernel *kernel)
{
	struct kb_spec parts = { 0 };

	if (kernel->tree)
		return NULL;
	kb_release_parse(&parts, kernel->release);
	return kb_path("%s", parts.flavour[0] ? parts.flavour : kernel->arch->deb);
}

static json_t *vm_facts(const struct kb_target *target)
{
	const struct vm *vm = vm_of_const(target);
	struct kb_guest guest = guest_of(vm, NULL, 0);
	char *config = file_sum(vm->kernel.dir, "config");
	char *compiler = target->module_dir ? kb_modules_compiler(target->module_dir) : NULL;
	char *image = vm->kernel.tree ? file_sum(vm->kernel.dir, "vmlinuz") : NULL;
	char *flavour = flavour_of(&vm->kernel);
	json_t *facts;
	char **args;

	/* Where the user keeps files is nobody's business, and differs between equal setups. */
	guest.kernel = strrchr(guest.kernel, '/') + 1;
	guest.tree = guest.tree ? strrchr(guest.tree, '/') + 1 : NULL;
	args = kb_qemu_args(&guest, "initramfs", "console");
	facts = json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s, s:o}, s:s*, s:s*, s:s*, s:s*, "
			  "s:s*}",
			  "target", "vm", "backend", target->module_dir ? "lkm" : "bpf",
			  "fidelity", fidelity(vm->accel),
			  "emulator", "version", vm->qemu_version,
			  "machine", vm->machine->qemu,
			  "cpu", kb_qemu_cpu(vm->machine, vm->accel),
			  "accel", kb_accel_name(vm->accel), "args", string_array(args),
			  "flavour", flavour, "config_sha256", config, "module_compiler", compiler,
			  "tree", vm->kernel.tree, "image_sha256", image);
	free(flavour);
	free(image);
	free(compiler);
	free(config);
	kb_qemu_args_free(args);
	return facts;
}

static void vm_free(struct kb_target *target)
{
	struct vm *vm = vm_of(target);

	kb_qemu_stop(&vm->qemu);
	kb_kernel_free(&vm->kernel);
	free(vm->agent);
	free(vm->counter);
	free(vm->config);
	free(vm->tree);
	free(vm->qemu_version);
	free(target->module_dir);
	free(target->kernel_release);
	free(target->kernel_title);
	free(target->kernel_tree);
	free(target->kernel_spec);
	free(vm);
}

static const struct kb_target_ops vm_ops = {
	.name = "vm",
	.start = vm_start,
	.finish = vm_finish,
	.facts = vm_facts,
	.free = vm_free,
};

/* MiB that the machine can give. */
static unsigned long available_mib(void)
{
	char *text = kb_read_text("/proc/meminfo", NULL);
	const char *at = text ? strstr(text, "MemAvailable:") : NULL;
	unsigned long mib = at ? strtoul(at + strlen("MemAvailable:"), NULL, 10) / 1024 : 0;

	free(text);
	return mib;
}

/* Enough for every worker's batch of large allocations, and no more than half of what is free. */
static unsigned int choose_memory(unsigned int cpus)
{
	unsigned long wanted = 1024 + 64UL * cpus;
	unsigned long half = available_mib() / 2;

	if (half && wanted > half)
		wanted = half;
	return (unsigned int)(wanted < 512 ? 512 : wanted);
}

static unsigned int count_host_cpus(void)
{
	struct kb_topology topology;
	struct kb_error unsaid = { 0 };
	unsigned int nr;

	if (kb_topology_read(&topology, "/sys/devices/system", &unsaid))
		return 0;
	kb_topology_keep_allowed(&topology);
	nr = (unsigned int)topology.nr;
	kb_topology_free(&topology);
	return nr;
}

/* What can be said before anything is fetched. */
static int check_options(const struct kb_vm_options *options, const struct kb_arch *arch,
			 const struct vm *vm, struct kb_error *err)
{
	if (options->cpus > vm->machine->max_cpus)
		return kb_fail(err, KB_EXIT_USAGE, "%u CPUs: a guest of %s has at most %u",
			       options->cpus, arch->deb, vm->machine->max_cpus);
	if (options->bpf && !kb_arch_is_native(arch))
		return kb_fail(err, KB_EXIT_USAGE, "--backend bpf: the agent for %s is built "
			       "without it; measure modules there (--backend lkm)", arch->deb);
	if (kb_arch_is_native(arch) && access(vm->agent, R_OK))
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "kbench-agent is missing (%s); run make, or set KBENCH_AGENT",
			       vm->agent);
	if (vm->counter && access(vm->counter, R_OK))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "kbench-count.so, which counts in the "
			       "emulator, is missing (%s); run make", vm->counter);
	if (access(vm->agent, R_OK))
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "the agent for %s is missing (%s): apt install gcc-12-%s "
			       "libc6-dev-%s-cross, then run make", arch->deb, vm->agent,
			       arch->triplet, arch->deb);
	return 0;
}

/* Packaged kernels can be guests; what users build may lack what that takes. */
static int check_config(const struct vm *vm, struct kb_error *err)
{
	char *config = kb_read_text(vm->config, NULL);
	int ret;

	if (!config)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read %s: %s", vm->config,
			       strerror(errno));
	ret = kb_config_check_guest(config, vm->kernel.arch, vm->cpus, vm->target.kernel_spec, err);
	free(config);
	return ret;
}

static int prepare(struct vm *vm, const struct kb_vm_options *options, struct kb_error *err)
{
	const struct kb_arch *arch;

	if (kb_kernel_arch(&arch, options->kernel_spec, err))
		return -1;
	vm->agent = kb_agent_path(kb_arch_is_native(arch) ? NULL : arch->deb);
	vm->machine = options->machine ? options->machine : arch->machine;
	if (check_options(options, arch, vm, err) || kb_modules_check_cache(err) ||
	    (options->machine && kb_board_check_qemu(options->machine, err)))
		return -1;
	vm->qemu_version = kb_qemu_version(arch, err);
	if (!vm->qemu_version || kb_kernel_get(&vm->kernel, options->kernel_spec, err))
		return -1;
	vm->target.kernel_release = kb_path("%s", vm->kernel.release);
	vm->target.kernel_title = kb_kernel_title(&vm->kernel);
	vm->target.kernel_tree = vm->kernel.tree ? kb_path("%s", vm->kernel.tree) : NULL;
	vm->config = kb_path("%s/config", vm->kernel.dir);
	if (vm->kernel.tree && check_config(vm, err))
		return -1;
	if (vm->machine->tree) {
		vm->tree = kb_trees_path(&vm->kernel, vm->machine, err);
		if (!vm->tree)
			return -1;
	}
	if (!options->bpf &&
	    kb_modules_build(&vm->target.module_dir, &vm->kernel, options->suites, err))
		return -1;
	if (vm->kernel.tree && kb_tree_check_build(&vm->kernel, err))
		return -1;
	if (kb_accel_choose(&vm->accel, options->accel, &vm->kernel, vm->agent, vm->qemu_version,
			    err))
		return -1;
	if (vm->accel == KB_ACCEL_ICOUNT) {
		vm->target.slowness = ICOUNT_SLOWNESS;
		vm->target.boot_timeout_s *= 2;
	}
	return 0;
}

struct kb_target *kb_target_vm(const struct kb_vm_options *options, struct kb_error *err)
{
	struct vm *vm = calloc(1, sizeof(*vm));

	if (!vm) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		return NULL;
	}
	vm->target.ops = &vm_ops;
	vm->target.boot_timeout_s = options->boot_timeout_s ? options->boot_timeout_s :
				    BOOT_TIMEOUT_S;
	/* Never NULL, which says that this is a host. */
	vm->target.kernel_spec = kb_path("%s", options->kernel_spec ? options->kernel_spec : "");
	vm->cpus = options->cpus;
	vm->host_cpus = count_host_cpus();
	vm->counter = options->counts ? kb_counter_path() : NULL;
	vm->counts = options->counts;
	vm->memory_mib = options->memory_mib ? options->memory_mib : choose_memory(options->cpus);
	vm->qemu = (struct kb_qemu)KB_QEMU_NONE;
	if (!prepare(vm, options, err))
		return &vm->target;
	vm_free(&vm->target);
	return NULL;
}
