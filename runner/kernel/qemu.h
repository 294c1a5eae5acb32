/* SPDX-License-Identifier: GPL-2.0 */
/* QEMU: one guest, its console and its record port. */
#ifndef KB_QEMU_H
#define KB_QEMU_H

#include <stdbool.h>
#include <stddef.h>

#include "arch.h"
#include "error.h"
#include "initramfs.h"
#include "process.h"

/** enum kb_accel - what runs the guest's code */
enum kb_accel {
	KB_ACCEL_TCG,		/* emulated */
	KB_ACCEL_KVM,
	KB_ACCEL_ICOUNT,	/* emulated, one CPU after the other, instructions counted */
};

/**
 * struct kb_guest - what to boot
 * @arch:      its architecture
 * @machine:   what it is; NULL: what guests of the architecture are
 * @tree:      path of the machine's device tree, where it needs one
 * @kernel:    path of its image
 * @host_cpus: CPUs of this machine that it may run on; 0: not known
 * @seed:      of all that is random in a guest whose instructions are counted
 * @loud:      let the kernel say all on its console, from the first moment
 * @counter:   path of the plugin that counts its batches' instructions by address, or NULL
 * @counts:    descriptor of the file that these go to; stays the caller's
 */
struct kb_guest {
	const struct kb_arch	*arch;
	const struct kb_machine	*machine;
	const char		*kernel;
	const char		*tree;
	struct kb_initramfs	initramfs;
	enum kb_accel		accel;
	unsigned int		cpus;
	unsigned int		host_cpus;
	unsigned int		memory_mib;
	unsigned int		seed;
	bool			loud;
	const char		*counter;
	int			counts;
};

/**
 * struct kb_qemu - a started QEMU
 * @records: to read the agent's lines from; owned by this struct, -1 when there is none
 * @console: a file in memory that the guest's console goes to; -1 when there is none
 *
 * No file is left behind however the runner ends: initramfs and console are memory, and QEMU dies
 * with the runner.
 */
struct kb_qemu {
	struct kb_process	process;
	int			records;
	int			console;
};

#define KB_QEMU_NONE	{ .records = -1, .console = -1 }

/** kb_accel_name() - "tcg", "kvm", "icount" */
const char *kb_accel_name(enum kb_accel accel);

/** kb_qemu_cpu() - CPU model of guests */
const char *kb_qemu_cpu(const struct kb_machine *machine, enum kb_accel accel);

/** kb_qemu_version() - "7.2.22 (Debian ...)", malloc()ed; NULL with @err: QEMU is missing */
char *kb_qemu_version(const struct kb_arch *arch, struct kb_error *err);

/**
 * kb_qemu_args() - QEMU's command line, without the program
 * @initrd, @console: paths, as QEMU is to open them
 * Return: array ended by NULL, for kb_qemu_args_free()
 */
char **kb_qemu_args(const struct kb_guest *guest, const char *initrd, const char *console);
void kb_qemu_args_free(char **args);

/** kb_qemu_start() - boot a guest; 0 or -1 with @err */
int kb_qemu_start(struct kb_qemu *qemu, const struct kb_guest *guest, struct kb_error *err);

/** kb_qemu_stop() - kill it if it runs, and close all; does nothing on KB_QEMU_NONE */
void kb_qemu_stop(struct kb_qemu *qemu);

/** kb_qemu_console() - what the console said so far, malloc()ed text without \r; never NULL */
char *kb_qemu_console(const struct kb_qemu *qemu);

#endif
