/* SPDX-License-Identifier: GPL-2.0 */
/* The machines that guests can be: what each has, and how QEMU is asked for it. */
#ifndef KB_MACHINE_H
#define KB_MACHINE_H

#include <stdbool.h>

#include "error.h"

/**
 * struct kb_machine - one machine
 * @name:         of a board, as --machine names it; NULL: what guests of an architecture are
 * @arch:         architecture of a board, as packages name it
 * @kernel:       kernel spec of a board, when the user names none
 * @qemu:         QEMU's machine type
 * @cpu:          CPU model of an emulated guest, with its properties
 * @console:      device of the kernel's console, @earlycon: what makes it speak from the begin
 * @records:      device file of the record port in the guest
 * @records_args: QEMU's arguments for that port, ended by NULL; its chardev is "records"
 * @options:      on the kernel's command line
 * @max_cpus:     the most CPUs
 * @tree:         its device tree, a path among those of a kernel package; NULL: QEMU makes one
 * @memory_mib:   what a board has, 0: as much as is wanted
 * @all_cpus:     it has @max_cpus of them, never fewer
 * @stays_on:     the kernel cannot switch it off
 */
struct kb_machine {
	const char	*name;
	const char	*arch;
	const char	*kernel;
	const char	*qemu;
	const char	*cpu;
	const char	*console;
	const char	*earlycon;
	const char	*records;
	const char	*records_args[3];
	const char	*options;
	unsigned int	max_cpus;
	const char	*tree;
	unsigned int	memory_mib;
	bool		all_cpus;
	bool		stays_on;
};

/** kb_machine_pc, kb_machine_virt - guests of amd64 and arm64 that are no board */
extern const struct kb_machine kb_machine_pc, kb_machine_virt;

/** kb_boards - those that --machine can name; ended by an entry without name */
extern const struct kb_machine kb_boards[];

/** kb_board_find() - by its name, or NULL */
const struct kb_machine *kb_board_find(const char *name);

/** kb_machine_tree_file() - name of its device tree's file, without directories */
const char *kb_machine_tree_file(const struct kb_machine *machine);

/** kb_board_unknown() - say that there is no board @name, and which QEMU has; returns -1 */
int kb_board_unknown(const char *name, struct kb_error *err);

/** kb_board_check_qemu() - whether the installed QEMU has it; 0 or -1 with @err */
int kb_board_check_qemu(const struct kb_machine *board, struct kb_error *err);

#endif
