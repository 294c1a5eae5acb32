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

/**
 * struct heat - the hottest place found so far
 * @limit: at which the kernel slows something down or stops; 0: none is known
 */
struct heat {
	char	name[64];
	double	celsius;
	double	limit;
};

/* Thousandths of a degree, as thermal zones and sensors have them. */
static bool read_celsius(double *celsius, const char *root, const char *dir, const char *file)
{
	char text[32];
	char *end;
	long value;

	if (!sysfile_readf(text, sizeof(text), "%s/sys/class/%s/%s", root, dir, file))
		return false;
	value = strtol(text, &end, 10);
	*celsius = (double)value / 1000;
	return end != text;
}

/* The lowest temperature at which the kernel slows something down or stops. */
static double zone_limit(const char *root, const char *dir)
{
	double limit = 0, celsius;
	char file[40];
	char type[32];

	for (unsigned int i = 0; i < MAX_TRIPS; i++) {
		if (!sysfile_readf(type, sizeof(type), "%s/sys/class/%s/trip_point_%u_type", root,
				   dir, i))
			break;
		snprintf(file, sizeof(file), "trip_point_%u_temp", i);
		if ((!strcmp(type, "passive") || !strcmp(type, "hot") ||
		     !strcmp(type, "critical")) && read_celsius(&celsius, root, dir, file) &&
		    celsius > 0 && (!limit || celsius < limit))
			limit = celsius;
	}
	return limit;
}

/* Only what says that it is the CPUs': a disk or a radio may be as warm as it likes. */
static bool is_cpu(const char *name)
{
	static const char *const words[] = {
		"cpu", "CPU", "x86_pkg_temp", "soc", "k10temp", "zenpower", "coretemp",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(name, words[i]))
			return true;
	return false;
}

static void thermal_zones(struct heat *heat, const char *root)
{
	struct heat zone;
	char dir[40];

	for (unsigned int i = 0; i < MAX_ZONES; i++) {
		snprintf(dir, sizeof(dir), "thermal/thermal_zone%u", i);
		if (!sysfile_readf(zone.name, sizeof(zone.name), "%s/sys/class/%s/type", root,
				   dir))
			break;
		if (!is_cpu(zone.name) || !read_celsius(&zone.celsius, root, dir, "temp") ||
		    (heat->name[0] && zone.celsius <= heat->celsius))
			continue;
		zone.limit = zone_limit(root, dir);
		*heat = zone;
	}
}

/* Some CPUs have no thermal zone, only a sensor; its first value is that of all cores together. */
static void sensors(struct heat *heat, const char *root)
{
	struct heat sensor;
	char dir[40];

	for (unsigned int i = 0; i < MAX_HWMON; i++) {
		snprintf(dir, sizeof(dir), "hwmon/hwmon%u", i);
		if (!sysfile_readf(sensor.name, sizeof(sensor.name), "%s/sys/class/%s/name", root,
				   dir) ||
		    !is_cpu(sensor.name) ||
		    !read_celsius(&sensor.celsius, root, dir, "temp1_input") ||
		    (heat->name[0] && sensor.celsius <= heat->celsius))
			continue;
		if (!read_celsius(&sensor.limit, root, dir, "temp1_crit"))
			sensor.limit = 0;
		*heat = sensor;
	}
}

static void hottest(struct emit *emit, const char *root)
{
	struct heat heat = { .name = "" };

	thermal_zones(&heat, root);
	sensors(&heat, root);
	if (!heat.name[0])
		return;
	emit_object(emit, "hottest");
	emit_string(emit, "zone", heat.name);
	emit_double(emit, "celsius", heat.celsius);
	if (heat.limit > 0)
		emit_double(emit, "limit_celsius", heat.limit);
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
