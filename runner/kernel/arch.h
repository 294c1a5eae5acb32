/* SPDX-License-Identifier: GPL-2.0 */
/* The architectures that guests can have: what each is called, and how QEMU plays it. */
#ifndef KB_ARCH_H
#define KB_ARCH_H

#include <stdbool.h>

/**
 * struct kb_arch - one architecture
 * @deb:          in package names and kernel specs: "amd64"
 * @uname:        as uname -m says
 * @kbuild:       ARCH= of a module build
 * @triplet:      prefix of a cross compiler, without its last '-'
 * @qemu:         the emulator, @qemu_package: what brings it
 * @machine:      QEMU's machine type
 * @cpu:          CPU model of an emulated guest
 * @console:      device of the kernel's console, @earlycon: what makes it speak from the begin
 * @records:      device file of the record port in the guest
 * @records_args: QEMU's arguments for that port, ended by NULL; its chardev is "records"
 * @options:      on the kernel's command line
 * @config:       the option that a configuration for it has, without CONFIG_
 * @images:       where make leaves the image in a kernel tree: the best first; ended by NULL
 * @guest_options: options that a kernel needs for these ports and to power off; ended by NULL
 * @uarts:        8250 ports that it needs
 * @max_cpus:     the most vCPUs
 */
struct kb_arch {
	const char	*deb;
	const char	*uname;
	const char	*kbuild;
	const char	*triplet;
	const char	*qemu;
	const char	*qemu_package;
	const char	*machine;
	const char	*cpu;
	const char	*console;
	const char	*earlycon;
	const char	*records;
	const char	*records_args[3];
	const char	*options;
	const char	*config;
	const char	*images[3];
	const char	*guest_options[6];
	unsigned int	uarts;
	unsigned int	max_cpus;
};

/** kb_arch_native() - of this machine; NULL when guests of it cannot be made */
const struct kb_arch *kb_arch_native(void);

/** kb_arch_is_native() - @arch is this machine's */
bool kb_arch_is_native(const struct kb_arch *arch);

/** kb_arch_find() - by its name in package names; NULL: there is none such */
const struct kb_arch *kb_arch_find(const char *deb);

/** kb_archs - all of them; ended by an entry without names */
extern const struct kb_arch kb_archs[];

#endif
