// SPDX-License-Identifier: GPL-2.0
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "catalog.h"
#include "paths.h"
#include "process.h"

const struct kb_machine kb_machine_pc = {
	/* Boots as fast as q35; microvm has but one serial port and loses CPUs. */
	.qemu = "pc",
	/*
	 * "max" says that it is an AMD CPU whose counter may change its rate, so that the kernel
	 * calibrates its delay loop on each CPU by itself; of this vendor's it knows better.
	 */
	.cpu = "max,vendor=GenuineIntel",
	.console = "ttyS0", .earlycon = "earlyprintk=ttyS0",
	.records = "/dev/ttyS1", .records_args = { "-serial", "chardev:records" },
	/*
	 * The counter is the host's, whose word counts: watching it from a guest whose CPUs take
	 * turns on the host only finds false faults.
	 */
	.options = "tsc=reliable", .max_cpus = 255,
};

const struct kb_machine kb_machine_virt = {
	.qemu = "virt,gic-version=3",
	/*
	 * A counter of 1 GHz: the default of 62.5 MHz is coarse, and where instructions are counted
	 * it would advance by one for sixteen. Pointer authentication as specified takes the
	 * emulator long.
	 */
	.cpu = "max,cntfrq=1000000000,pauth-impdef=on",
	.console = "ttyAMA0", .earlycon = "earlycon",
	/* The machine has one serial port for the guest; a second comes on its bus. */
	.records = "/dev/ttyS0",
	.records_args = { "-device", "pci-serial,chardev=records" },
	.options = "", .max_cpus = 123,
};

/*
 * Boards run the plain kernel: the cloud kernel has no drivers for them. The PL011 port belongs to
 * Bluetooth by their device trees, which leaves no device file, but the kernel's console works on
 * it all the same; so the second port, which programs can open, has the records for itself.
 */
const struct kb_machine kb_boards[] = {
	{
		.name = "raspi3b", .arch = "arm64", .kernel = "@arm64",
		.qemu = "raspi3b", .cpu = "cortex-a53,cntfrq=1000000000",
		.console = "ttyAMA0", .earlycon = "earlycon=pl011,mmio32,0x3f201000",
		.records = "/dev/ttyS1", .records_args = { "-serial", "chardev:records" },
		.options = "", .max_cpus = 4,
		.tree = "broadcom/bcm2837-rpi-3-b.dtb", .memory_mib = 1024,
		.all_cpus = true, .stays_on = true,
	}, {
		.name = "raspi4b", .arch = "arm64", .kernel = "@arm64",
		.qemu = "raspi4b", .cpu = "cortex-a72,cntfrq=1000000000",
		.console = "ttyAMA0", .earlycon = "earlycon=pl011,mmio32,0xfe201000",
		.records = "/dev/ttyS1", .records_args = { "-serial", "chardev:records" },
		.options = "", .max_cpus = 4,
		.tree = "broadcom/bcm2711-rpi-4-b.dtb", .memory_mib = 2048,
		.all_cpus = true, .stays_on = true,
	}, {
		.name = NULL,
	},
};

#define NR_BOARDS	(sizeof(kb_boards) / sizeof(kb_boards[0]) - 1)

const struct kb_machine *kb_board_find(const char *name)
{
	for (size_t i = 0; i < NR_BOARDS; i++)
		if (!strcmp(kb_boards[i].name, name))
			return &kb_boards[i];
	return NULL;
}

const char *kb_machine_tree_file(const struct kb_machine *machine)
{
	return strrchr(machine->tree, '/') + 1;
}

/* Whether QEMU's list of machine types, a line for each, has @type. */
static bool listed(const char *list, const char *type)
{
	size_t length = strlen(type);

	for (const char *at = list; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (!strncmp(at, type, length) && at[length] == ' ')
			return true;
	}
	return false;
}

/* The boards that an architecture's QEMU has: "raspi3b, raspi4b"; malloc()ed, NULL with @err. */
static char *boards_of_qemu(const struct kb_arch *arch, struct kb_error *err)
{
	const char *const argv[] = { arch->qemu, "-machine", "help", NULL };
	struct kb_command command = { .argv = argv, .timeout = 60 };
	char *program = kb_find_program(arch->qemu), *names = kb_path("%s", "");

	if (!program) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "%s is missing: apt install %s", arch->qemu,
			arch->qemu_package);
	} else if (!kb_command_run(&command, err)) {
		for (size_t i = 0; i < NR_BOARDS; i++) {
			char *more;

			if (strcmp(kb_boards[i].arch, arch->deb) ||
			    !listed(command.output, kb_boards[i].qemu))
				continue;
			more = kb_path("%s%s%s", names, *names ? ", " : "", kb_boards[i].name);
			free(names);
			names = more;
		}
	} else if (err->exit == KB_EXIT_OK) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "%s does not say which machines it has",
			arch->qemu);
	}
	if (program)
		kb_command_free(&command);
	free(program);
	if (err->exit == KB_EXIT_OK)
		return names;
	free(names);
	return NULL;
}

int kb_board_unknown(const char *name, struct kb_error *err)
{
	const char *names[NR_BOARDS], *near;
	struct kb_error unsaid = { 0 };
	char *has = boards_of_qemu(kb_arch_find(kb_boards[0].arch), &unsaid);

	for (size_t i = 0; i < NR_BOARDS; i++)
		names[i] = kb_boards[i].name;
	near = kb_near(name, names, NR_BOARDS);
	kb_fail(err, KB_EXIT_USAGE, "--machine %.80s: no such machine is known%s%s%s %s%s", name,
		near ? "; did you mean '" : ";", near ? near : "", near ? "'?" : "",
		has ? "QEMU here has " : unsaid.text, !has ? "" : *has ? has : "none that is");
	free(has);
	return -1;
}

int kb_board_check_qemu(const struct kb_machine *board, struct kb_error *err)
{
	const struct kb_arch *arch = kb_arch_find(board->arch);
	char *has = boards_of_qemu(arch, err), *at = has ? strstr(has, board->name) : NULL;

	if (has && !at)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "--machine %s: the installed %s has no such "
			"machine, only %s; install a newer QEMU", board->name, arch->qemu,
			*has ? has : "others that kbench does not know");
	free(has);
	return at ? 0 : -1;
}
