// SPDX-License-Identifier: GPL-2.0
#include "qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"

/*
 * Beside other work of the machine, an emulated CPU that holds a lock often waits while others spin
 * for it. Short slices bring it back soon.
 */
#define SLICE_NS	100000

#define MAX_ARGS	48

const char *kb_accel_name(enum kb_accel accel)
{
	static const char *const names[] = {
		[KB_ACCEL_TCG] = "tcg", [KB_ACCEL_KVM] = "kvm", [KB_ACCEL_ICOUNT] = "icount",
	};

	return names[accel];
}

const char *kb_qemu_cpu(const struct kb_machine *machine, enum kb_accel accel)
{
	return accel == KB_ACCEL_KVM ? "host" : machine->cpu;
}

static const struct kb_machine *machine_of(const struct kb_guest *guest)
{
	return guest->machine ? guest->machine : guest->arch->machine;
}

char *kb_qemu_version(const struct kb_arch *arch, struct kb_error *err)
{
	const char *const argv[] = { arch->qemu, "--version", NULL };
	struct kb_command command = { .argv = argv, .timeout = 60 };
	char *found = kb_find_program(arch->qemu);
	char *version = NULL;
	const char *at;
	int ret;

	free(found);
	if (!found) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "%s is missing: apt install %s", arch->qemu,
			arch->qemu_package);
		return NULL;
	}
	ret = kb_command_run(&command, err);
	at = ret == 0 ? strstr(command.output, "version ") : NULL;
	if (at) {
		at += strlen("version ");
		version = kb_path("%.*s", (int)strcspn(at, "\n"), at);
	} else if (ret >= 0) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "%s does not work: %.*s", arch->qemu,
			(int)strcspn(command.errors, "\n"), command.errors);
	}
	kb_command_free(&command);
	return version;
}

static char *kernel_command_line(const struct kb_guest *guest)
{
	const struct kb_machine *machine = machine_of(guest);

	/* A guest that fails ends at once. An emulated timer may be late for the test at boot. */
	return kb_path("console=%s kbench.port=%s panic=-1 oops=panic %s %s%s%s",
		       machine->console, machine->records, machine->options,
		       guest->loud ? machine->earlycon : "quiet",
		       guest->loud ? " loglevel=7" : "",
		       guest->accel != KB_ACCEL_KVM ? " no_timer_check" : "");
}

/*
 * Counting instructions, the guest's clocks advance by one nanosecond with each, and all that a
 * guest could take from the world outside is fixed: equal seeds make equal boots.
 */
static size_t add_icount(char **args, const struct kb_guest *guest)
{
	size_t nr = 0;

	args[nr++] = kb_path("-icount");
	args[nr++] = kb_path("shift=0,sleep=off");
	args[nr++] = kb_path("-seed");
	args[nr++] = kb_path("%u", guest->seed);
	args[nr++] = kb_path("-rtc");
	args[nr++] = kb_path("base=2020-01-01,clock=vm");
	return nr;
}

/* A comma in the path would begin the next option. */
static size_t add_counter(char **args, const struct kb_guest *guest)
{
	char *path = kb_path("%s", "");

	for (const char *at = guest->counter; *at; at++) {
		char *longer = kb_path("%s%c%s", path, *at, *at == ',' ? "," : "");

		free(path);
		path = longer;
	}
	args[0] = kb_path("-plugin");
	args[1] = kb_path("%s,fd=%d", path, guest->counts);
	free(path);
	return 2;
}

/*
 * With more CPUs than the machine, one whose turn it is to have a lock often does not run while all
 * others spin for it: each op then waits for the scheduler, for milliseconds. In one thread they
 * take turns, and one that spins (pause, wfe, yield) gives its own away at once.
 */
static const char *emulation(const struct kb_guest *guest, unsigned int cpus)
{
	bool turns = guest->accel == KB_ACCEL_ICOUNT ||
		     (guest->host_cpus && cpus > guest->host_cpus);

	return turns ? "tcg,thread=single" : "tcg,thread=multi";
}

char **kb_qemu_args(const struct kb_guest *guest, const char *initrd, const char *console)
{
	const struct kb_machine *machine = machine_of(guest);
	unsigned int cpus = machine->all_cpus ? machine->max_cpus : guest->cpus;
	char **args = calloc(MAX_ARGS, sizeof(*args));
	size_t nr = 0;

	if (!args)
		return NULL;
	args[nr++] = kb_path("-no-user-config");
	args[nr++] = kb_path("-nodefaults");
	args[nr++] = kb_path("-no-reboot");
	args[nr++] = kb_path("-display");
	args[nr++] = kb_path("none");
	args[nr++] = kb_path("-machine");
	args[nr++] = kb_path("%s", machine->qemu);
	args[nr++] = kb_path("-accel");
	args[nr++] = kb_path("%s", guest->accel == KB_ACCEL_KVM ? "kvm" : emulation(guest, cpus));
	if (guest->accel == KB_ACCEL_ICOUNT)
		nr += add_icount(args + nr, guest);
	args[nr++] = kb_path("-cpu");
	args[nr++] = kb_path("%s", kb_qemu_cpu(machine, guest->accel));
	args[nr++] = kb_path("-smp");
	args[nr++] = kb_path("%u,sockets=1,cores=%u,threads=1", cpus, cpus);
	args[nr++] = kb_path("-m");
	args[nr++] = kb_path("%u", machine->memory_mib ? machine->memory_mib : guest->memory_mib);
	if (guest->tree) {
		args[nr++] = kb_path("-dtb");
		args[nr++] = kb_path("%s", guest->tree);
	}
	args[nr++] = kb_path("-kernel");
	args[nr++] = kb_path("%s", guest->kernel);
	args[nr++] = kb_path("-initrd");
	args[nr++] = kb_path("%s", initrd);
	args[nr++] = kb_path("-append");
	args[nr++] = kernel_command_line(guest);
	args[nr++] = kb_path("-chardev");
	args[nr++] = kb_path("file,id=console,append=on,path=%s", console);
	args[nr++] = kb_path("-chardev");
	args[nr++] = kb_path("stdio,id=records,signal=off");
	args[nr++] = kb_path("-serial");
	args[nr++] = kb_path("chardev:console");
	for (size_t i = 0; machine->records_args[i]; i++)
		args[nr++] = kb_path("%s", machine->records_args[i]);
	if (guest->counter)
		nr += add_counter(args + nr, guest);
	return args;
}

void kb_qemu_args_free(char **args)
{
	for (size_t i = 0; args && args[i]; i++)
		free(args[i]);
	free(args);
}

/* QEMU opens the files in memory by the names that the system has for its descriptors. */
static char **args_for(const struct kb_guest *guest, int initrd, int console)
{
	char *initrd_path = kb_path("/proc/self/fd/%d", initrd);
	char *console_path = kb_path("/proc/self/fd/%d", console);
	char **args = kb_qemu_args(guest, initrd_path, console_path);

	free(console_path);
	free(initrd_path);
	return args;
}

/* Run it with its standard output into a pipe, which is where the record port goes. */
static int spawn(struct kb_qemu *qemu, const struct kb_guest *guest, char **args, int initrd,
		 struct kb_error *err)
{
	const int keep[] = { initrd, qemu->console, guest->counter ? guest->counts : -1, -1 };
	const char *argv[MAX_ARGS + 1] = { guest->arch->qemu };
	struct kb_spawn spawn = {
		.argv = argv, .in = -1, .err = qemu->console, .keep = keep,
		.death_signal = SIGKILL, .slice_ns = guest->accel == KB_ACCEL_TCG ? SLICE_NS : 0,
	};
	int records[2];
	int ret;

	for (size_t i = 0; args[i]; i++)
		argv[i + 1] = args[i];
	if (pipe2(records, O_CLOEXEC))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot make a pipe: %s",
			       strerror(errno));
	spawn.out = records[1];
	ret = kb_process_start(&qemu->process, &spawn, err);
	close(records[1]);
	if (ret)
		close(records[0]);
	else
		qemu->records = records[0];
	return ret;
}

int kb_qemu_start(struct kb_qemu *qemu, const struct kb_guest *guest, struct kb_error *err)
{
	int initrd = memfd_create("kbench-initramfs", MFD_CLOEXEC);
	char **args;
	int ret = -1;

	*qemu = (struct kb_qemu)KB_QEMU_NONE;
	qemu->console = memfd_create("kbench-console", MFD_CLOEXEC);
	if (initrd < 0 || qemu->console < 0) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot create a file in memory: %s",
			strerror(errno));
	} else {
		/* QEMU's own complaints are appended to what the guest says. */
		fcntl(qemu->console, F_SETFL, O_APPEND);
		ret = kb_initramfs_write(initrd, &guest->initramfs, err);
	}
	if (!ret) {
		args = args_for(guest, initrd, qemu->console);
		ret = args ? spawn(qemu, guest, args, initrd, err) :
			kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		kb_qemu_args_free(args);
	}
	if (initrd >= 0)
		close(initrd);
	if (ret)
		kb_qemu_stop(qemu);
	return ret;
}

void kb_qemu_stop(struct kb_qemu *qemu)
{
	kb_process_stop(&qemu->process, 0);
	if (qemu->records >= 0)
		close(qemu->records);
	if (qemu->console >= 0)
		close(qemu->console);
	*qemu = (struct kb_qemu)KB_QEMU_NONE;
}

static char *without_returns(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = '\0';
	return text;
}

char *kb_qemu_console(const struct kb_qemu *qemu)
{
	struct stat st;
	char *text;
	ssize_t n;

	if (qemu->console < 0 || fstat(qemu->console, &st))
		return kb_path("%s", "");
	text = malloc((size_t)st.st_size + 1);
	if (!text)
		return kb_path("%s", "");
	n = pread(qemu->console, text, (size_t)st.st_size, 0);
	text[n > 0 ? n : 0] = '\0';
	/* A 0 among it would hide the rest. */
	for (ssize_t i = 0; i < n; i++)
		if (!text[i])
			text[i] = ' ';
	return without_returns(text);
}
