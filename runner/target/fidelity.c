// SPDX-License-Identifier: GPL-2.0
#include "fidelity.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "paths.h"

/* Vendors that sell no hardware of their own under this name. */
static const char *const virtual_vendors[] = {
	"QEMU", "KVM", "VMware", "innotek", "Xen", "Parallels", "Bochs", "OpenStack", "BHYVE",
	"Red Hat", "Apple Virtualization",
};

static const char *const virtual_products[] = {
	"KVM", "VMware", "VirtualBox", "Virtual Machine", "Google Compute Engine", "HVM domU",
	"OpenStack", "BHYVE", "Bochs",
};

static bool begins_with_any(const char *text, const char *const *words, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!strncmp(text, words[i], strlen(words[i])))
			return true;
	return false;
}

int kb_dmi_is_virtual(const char *vendor, const char *product)
{
	/* Amazon's bare machines have "metal" in their name, its guests do not. */
	if (!strncmp(vendor, "Amazon EC2", strlen("Amazon EC2")))
		return !strstr(product, "metal");
	return begins_with_any(vendor, virtual_vendors,
			       sizeof(virtual_vendors) / sizeof(virtual_vendors[0])) ||
	       begins_with_any(product, virtual_products,
			       sizeof(virtual_products) / sizeof(virtual_products[0]));
}

static bool dmi_says_virtual(void)
{
	char *vendor = kb_read_text("/sys/class/dmi/id/sys_vendor", NULL);
	char *product = kb_read_text("/sys/class/dmi/id/product_name", NULL);
	bool found = kb_dmi_is_virtual(vendor ? vendor : "", product ? product : "");

	free(vendor);
	free(product);
	return found;
}

static bool device_tree_says_virtual(void)
{
	char *compatible = kb_read_text("/proc/device-tree/compatible", NULL);
	/* The board that QEMU calls virt; its emulated Raspberry Pi cannot be told from a real. */
	bool found = compatible && !strcmp(compatible, "linux,dummy-virt");

	free(compatible);
	return found || kb_exists("/proc/device-tree/hypervisor");
}

#if defined(__x86_64__) || defined(__i386__)
/* Return: the hypervisor's 12 bytes of CPUID, "" when there are none, NULL on a bare machine. */
static const char *cpuid_signature(char signature[13])
{
	unsigned int eax, ebx, ecx, edx;

	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & (1U << 31)))
		return NULL;
	__cpuid(0x40000000, eax, ebx, ecx, edx);
	memcpy(signature, &ebx, 4);
	memcpy(signature + 4, &ecx, 4);
	memcpy(signature + 8, &edx, 4);
	signature[12] = 0;
	return signature;
}
#else
static const char *cpuid_signature(char signature[13])
{
	(void)signature;
	return NULL;
}
#endif

const char *kb_host_fidelity(void)
{
	char room[13];
	const char *signature = cpuid_signature(room);

	if (signature && !strcmp(signature, "TCGTCGTCGTCG"))
		return "tcg";
	if (signature || dmi_says_virtual() || device_tree_says_virtual())
		return "virtual";
	return "native";
}

const char *kb_hypervisor_fidelity(const char *name)
{
	if (!name || !*name)
		return "native";
	return strstr(name, "TCG") ? "tcg" : "virtual";
}
