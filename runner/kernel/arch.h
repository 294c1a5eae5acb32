/* SPDX-License-Identifier: GPL-2.0 */
/* The architectures that guests can have: what each is called, and how QEMU plays it. */
#ifndef KB_ARCH_H
#define KB_ARCH_H

#include <stdbool.h>

#include "machine.h"

/**
 * struct kb_arch - one architecture
 * @deb:          in package names and kernel specs: "amd64"
 * @uname:        as uname -m says
 * @kbuild:       ARCH= of a module build
 * @triplet:      prefix of a cross compiler, without its last '-'
 * @qemu:         the emulator, @qemu_package: what brings it
 * @machine:      what its guests are, unless the user names a board
 * @config:       the option that a configuration for it has, without CONFIG_
 * @images:       where make leaves the image in a kernel tree: the best first; ended by NULL
 * @guest_options: options that a kernel needs for these ports and to power off; ended by NULL
 * @uarts:        8250 ports that it needs
 */
struct kb_arch {
	const char	*deb;
	const char	*uname;
	const char	*kbuild;
	const char	*triplet;
	const char	*qemu;
	const char	*qemu_package;
	const struct kb_machine	*machine;
	const char	*config;
	const char	*images[3];
	const char	*guest_options[6];
	unsigned int	uarts;
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
