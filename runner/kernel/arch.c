// SPDX-License-Identifier: GPL-2.0
#include "arch.h"

#include <stddef.h>
#include <string.h>
#include <sys/utsname.h>

const struct kb_arch kb_archs[] = {
	{
		.deb = "amd64", .uname = "x86_64", .kbuild = "x86", .triplet = "x86_64-linux-gnu",
		.qemu = "qemu-system-x86_64", .qemu_package = "qemu-system-x86",
		/* Boots as fast as q35; microvm has but one serial port and loses CPUs. */
		.machine = "pc",
		/*
		 * "max" says that it is an AMD CPU whose counter may change its rate, so that the
		 * kernel calibrates its delay loop on each CPU by itself; of this vendor's it knows
		 * better.
		 */
		.cpu = "max,vendor=GenuineIntel",
		.console = "ttyS0", .earlycon = "earlyprintk=ttyS0",
		.records = "/dev/ttyS1", .records_args = { "-serial", "chardev:records" },
		/*
		 * The counter is the host's, whose word counts: watching it from a guest whose CPUs
		 * take turns on the host only finds false faults.
		 */
		.options = "tsc=reliable", .max_cpus = 255,
		.config = "X86_64", .images = { "arch/x86/boot/bzImage" },
		/* It is ACPI that powers off, and its tables here are about a PCI machine. */
		.guest_options = { "SERIAL_8250_CONSOLE", "ACPI", "PCI" }, .uarts = 2,
	}, {
		.deb = "arm64", .uname = "aarch64", .kbuild = "arm64",
		.triplet = "aarch64-linux-gnu",
		.qemu = "qemu-system-aarch64", .qemu_package = "qemu-system-arm",
		.machine = "virt,gic-version=3",
		/*
		 * A counter of 1 GHz: the default of 62.5 MHz is coarse, and where instructions are
		 * counted it would advance by one for sixteen. Pointer authentication as specified
		 * takes the emulator long.
		 */
		.cpu = "max,cntfrq=1000000000,pauth-impdef=on",
		.console = "ttyAMA0", .earlycon = "earlycon",
		/* The machine has one serial port for the guest; a second comes on its bus. */
		.records = "/dev/ttyS0",
		.records_args = { "-device", "pci-serial,chardev=records" },
		.options = "", .max_cpus = 123,
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
