// SPDX-License-Identifier: GPL-2.0
#include "arch.h"

#include <stddef.h>
#include <string.h>
#include <sys/utsname.h>

const struct kb_arch kb_archs[] = {
	{
		.deb = "amd64", .uname = "x86_64", .kbuild = "x86", .triplet = "x86_64-linux-gnu",
		.qemu = "qemu-system-x86_64", .qemu_package = "qemu-system-x86",
		.machine = &kb_machine_pc,
		.config = "X86_64", .images = { "arch/x86/boot/bzImage" },
		/* It is ACPI that powers off, and its tables here are about a PCI machine. */
		.guest_options = { "SERIAL_8250_CONSOLE", "ACPI", "PCI" }, .uarts = 2,
	}, {
		.deb = "arm64", .uname = "aarch64", .kbuild = "arm64",
		.triplet = "aarch64-linux-gnu",
		.qemu = "qemu-system-aarch64", .qemu_package = "qemu-system-arm",
		.machine = &kb_machine_virt,
		.config = "ARM64",
		.images = { "arch/arm64/boot/Image", "arch/arm64/boot/Image.gz" },
		.guest_options = { "SERIAL_AMBA_PL011_CONSOLE", "PCI_HOST_GENERIC", "SERIAL_8250",
				   "SERIAL_8250_PCI" },
		.uarts = 1,
	}, {
		.deb = NULL,
	},
};

const struct kb_arch *kb_arch_native(void)
{
	struct utsname uts;

	uname(&uts);
	for (const struct kb_arch *arch = kb_archs; arch->deb; arch++)
		if (!strcmp(arch->uname, uts.machine))
			return arch;
	return NULL;
}

bool kb_arch_is_native(const struct kb_arch *arch)
{
	return arch == kb_arch_native();
}

const struct kb_arch *kb_arch_find(const char *deb)
{
	for (const struct kb_arch *arch = kb_archs; arch->deb; arch++)
		if (!strcmp(arch->deb, deb))
			return arch;
	return NULL;
}
