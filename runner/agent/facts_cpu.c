// SPDX-License-Identifier: GPL-2.0
/* What kind of CPU this is, and whether it is a real one. */

#include "facts.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "sysfile.h"

/* Part numbers of MIDR_EL1; Arm publishes them in each core's reference manual. */
static const struct {
	unsigned long	implementer;
	unsigned long	part;
	const char	*name;
} arm_cores[] = {
	{ 0x41, 0xb76, "ARM1176" },
	{ 0x41, 0xc07, "Cortex-A7" },
	{ 0x41, 0xd03, "Cortex-A53" },
	{ 0x41, 0xd04, "Cortex-A35" },
	{ 0x41, 0xd05, "Cortex-A55" },
	{ 0x41, 0xd07, "Cortex-A57" },
	{ 0x41, 0xd08, "Cortex-A72" },
	{ 0x41, 0xd09, "Cortex-A73" },
	{ 0x41, 0xd0a, "Cortex-A75" },
	{ 0x41, 0xd0b, "Cortex-A76" },
	{ 0x41, 0xd0c, "Neoverse-N1" },
	{ 0x41, 0xd0d, "Cortex-A77" },
	{ 0x41, 0xd40, "Neoverse-V1" },
	{ 0x41, 0xd41, "Cortex-A78" },
	{ 0x41, 0xd44, "Cortex-X1" },
	{ 0x41, 0xd49, "Neoverse-N2" },
	{ 0x41, 0xd4f, "Neoverse-V2" },
};

static void arm_core_name(unsigned long implementer, unsigned long part, char *name, size_t size)
{
	snprintf(name, size, "Arm 0x%02lx/0x%03lx", implementer, part);
	for (size_t i = 0; i < sizeof(arm_cores) / sizeof(arm_cores[0]); i++)
		if (arm_cores[i].implementer == implementer && arm_cores[i].part == part)
			snprintf(name, size, "%s", arm_cores[i].name);
}

/* The value of "KEY : VALUE", or NULL when the line has another key. */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);

	if (strncmp(line, key, length) != 0)
		return NULL;
	line += length;
	line += strspn(line, " \t");
	if (*line != ':')
		return NULL;
	line++;
	return line + strspn(line, " \t");
}

static void add_name(char *names, size_t size, const char *name)
{
	size_t length = strlen(names);

	if (*name && !strstr(names, name))
		snprintf(names + length, size - length, "%s%s", length ? " + " : "", name);
}

void facts_cpu_model(char *name, size_t size)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	unsigned long implementer = 0;
	const char *value;
	char *line = NULL;
	char core[64];
	size_t room = 0;

	name[0] = 0;
	if (!file)
		return;
	while (getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = 0;
		value = value_of(line, "model name");
		if (value) {
			add_name(name, size, value);
			continue;
		}
		value = value_of(line, "CPU implementer");
		if (value)
			implementer = strtoul(value, NULL, 0);
		value = value_of(line, "CPU part");
		if (value) {
			arm_core_name(implementer, strtoul(value, NULL, 0), core, sizeof(core));
			add_name(name, size, core);
		}
	}
	free(line);
	fclose(file);
}

#if defined(__x86_64__) || defined(__i386__)
/* CPUID's hypervisor bit, and the signature of who set it. Return: false on a bare machine. */
static bool cpuid_hypervisor(char *name, size_t size)
{
	unsigned int eax, ebx, ecx, edx;
	unsigned int signature[3];

	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & (1U << 31)))
		return false;
	__cpuid(0x40000000, eax, signature[0], signature[1], signature[2]);
	snprintf(name, size, "%.12s", (const char *)signature);
	if (!name[0])
		snprintf(name, size, "unknown");
	return true;
}
#else
static bool cpuid_hypervisor(char *name, size_t size)
{
	(void)name;
	(void)size;
	return false;
}
#endif

void facts_hypervisor(char *name, size_t size)
{
	name[0] = 0;
	if (cpuid_hypervisor(name, size))
		return;
	if (sysfile_read("/proc/device-tree/hypervisor/compatible", name, size))
		return;
	/* QEMU's arm64 board names no hypervisor, but no such board was ever built. */
	if (sysfile_read("/proc/device-tree/compatible", name, size) &&
	    !strcmp(name, "linux,dummy-virt"))
		return;
	name[0] = 0;
}
