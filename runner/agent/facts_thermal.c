// SPDX-License-Identifier: GPL-2.0
/* How warm the machine is, and whether it has slowed itself down for that or for lack of power. */

#include "facts.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sysfile.h"

#define MAX_ZONES	64
#define MAX_TRIPS	16
#define MAX_HWMON	32

/* The firmware of a Raspberry Pi tells in bits; Linux shows them here. */
#define FIRMWARE	"/sys/devices/platform/soc/soc:firmware/get_throttled"

static bool read_celsius(double *celsius, const char *root, unsigned int zone, const char *file)
{
	char text[32];
	char *end;
	long value;

	if (!sysfile_readf(text, sizeof(text), "%s/sys/class/thermal/thermal_zone%u/%s", root,
			   zone, file))
		return false;
	value = strtol(text, &end, 10);
	*celsius = (double)value / 1000;
	return end != text;
}

/* The lowest temperature at which the kernel slows something down or stops. 0: none is known. */
static double zone_limit(const char *root, unsigned int zone)
{
	double limit = 0, celsius;
	char file[40];
	char type[32];

	for (unsigned int i = 0; i < MAX_TRIPS; i++) {
		if (!sysfile_readf(type, sizeof(type),
				   "%s/sys/class/thermal/thermal_zone%u/trip_point_%u_type", root,
				   zone, i))
			break;
		snprintf(file, sizeof(file), "trip_point_%u_temp", i);
		if ((!strcmp(type, "passive") || !strcmp(type, "hot") ||
		     !strcmp(type, "critical")) && read_celsius(&celsius, root, zone, file) &&
		    celsius > 0 && (!limit || celsius < limit))
			limit = celsius;
	}
	return limit;
}

/* Only zones that say so are the CPUs': a disk or a radio may be as warm as it likes. */
static bool is_cpu_zone(const char *type)
{
	static const char *const words[] = { "cpu", "CPU", "x86_pkg_temp", "soc", "k10temp" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(type, words[i]))
			return true;
	return false;
}

/* The hottest of the CPUs' zones. */
static void hottest(struct emit *emit, const char *root)
{
	double celsius, most = -1000;
	unsigned int which = 0;
	char type[64];
	char name[64] = "";

	for (unsigned int zone = 0; zone < MAX_ZONES; zone++) {
		if (!sysfile_readf(type, sizeof(type), "%s/sys/class/thermal/thermal_zone%u/type",
				   root, zone))
			break;
		if (!is_cpu_zone(type) || !read_celsius(&celsius, root, zone, "temp") ||
		    celsius <= most)
			continue;
		most = celsius;
		which = zone;
		memcpy(name, type, sizeof(name));
	}
	if (!name[0])
		return;
	emit_object(emit, "hottest");
	emit_string(emit, "zone", name);
	emit_double(emit, "celsius", most);
	celsius = zone_limit(root, which);
	if (celsius > 0)
		emit_double(emit, "limit_celsius", celsius);
	emit_object_end(emit);
}

/* The Raspberry Pi's driver raises an alarm for the supply's voltage. */
static void under_voltage(struct emit *emit, const char *root)
{
	char name[64];
	char text[16];

	for (unsigned int i = 0; i < MAX_HWMON; i++) {
		if (!sysfile_readf(name, sizeof(name), "%s/sys/class/hwmon/hwmon%u/name", root, i))
			continue;
		if (!strcmp(name, "rpi_volt") &&
		    sysfile_readf(text, sizeof(text),
				  "%s/sys/class/hwmon/hwmon%u/in0_lcrit_alarm", root, i))
			emit_bool(emit, "under_voltage", text[0] != '0');
	}
}

static void firmware(struct emit *emit, const char *root)
{
	char text[32];
	char *end;
	unsigned long bits;

	if (!sysfile_readf(text, sizeof(text), "%s" FIRMWARE, root))
		return;
	/* Without 0x in front, and hexadecimal all the same. */
	bits = strtoul(text, &end, 16);
	if (end != text)
		emit_u64(emit, "firmware_throttled", bits);
}

bool facts_throttles(const char *root, uint64_t *count)
{
	static const char *const files[] = { "core_throttle_count", "package_throttle_count" };
	char list[4096];
	char text[32];
	const char *cpus = list;
	unsigned long first;
	unsigned long last;
	bool known = false;

	*count = 0;
	sysfile_readf(list, sizeof(list), "%s/sys/devices/system/cpu/online", root);
	while (cpulist_next(&cpus, &first, &last)) {
		for (unsigned long cpu = first; cpu <= last; cpu++) {
			for (size_t i = 0; i < 2; i++) {
				if (!sysfile_readf(text, sizeof(text), "%s/sys/devices/system/cpu/"
						   "cpu%lu/thermal_throttle/%s", root, cpu,
						   files[i]))
					continue;
				known = true;
				*count += strtoull(text, NULL, 10);
			}
		}
	}
	return known;
}

void facts_thermal(struct emit *emit, const char *root)
{
	hottest(emit, root);
	firmware(emit, root);
	under_voltage(emit, root);
}
