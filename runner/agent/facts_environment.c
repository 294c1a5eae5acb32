// SPDX-License-Identifier: GPL-2.0
/* What makes figures wander or costs them something, as it is set. The runner judges it. */

#include "facts.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sysfile.h"

#define CPU		"/sys/devices/system/cpu"
#define CLOCKSOURCE	"/sys/devices/system/clocksource/clocksource0"
#define LIST_BYTES	4096

/* A file as a string; left out when it cannot be read. */
static void known_file(struct emit *emit, const char *key, const char *root, const char *path)
{
	char text[LIST_BYTES];

	if (sysfile_readf(text, sizeof(text), "%s%s", root, path))
		emit_string(emit, key, text);
}

/* A file as a string; empty when it cannot be read. */
static void any_file(struct emit *emit, const char *key, const char *root, const char *path)
{
	char text[256];

	sysfile_readf(text, sizeof(text), "%s%s", root, path);
	emit_string(emit, key, text);
}

/* A file with a number as a truth; left out when it cannot be read. */
static void known_switch(struct emit *emit, const char *key, const char *root, const char *path)
{
	char text[64];

	if (sysfile_readf(text, sizeof(text), "%s%s", root, path) &&
	    isdigit((unsigned char)text[0]))
		emit_bool(emit, key, strtoul(text, NULL, 10) != 0);
}

/* A list of CPUs; a kernel without the feature says "(null)". */
static void known_cpus(struct emit *emit, const char *key, const char *root, const char *path)
{
	char text[LIST_BYTES];

	if (sysfile_readf(text, sizeof(text), "%s%s", root, path))
		emit_string(emit, key, isdigit((unsigned char)text[0]) ? text : "");
}

/* The word in brackets of "always [madvise] never". */
static void known_choice(struct emit *emit, const char *key, const char *root, const char *path)
{
	char text[256];
	char *word;

	if (!sysfile_readf(text, sizeof(text), "%s%s", root, path))
		return;
	word = strchr(text, '[');
	if (!word)
		return;
	word[strcspn(word, "]")] = 0;
	emit_string(emit, key, word + 1);
}

/* Intel's driver says no to turbo, others say yes to boost, some for each policy of its own. */
static void turbo(struct emit *emit, const char *root)
{
	char text[16];
	bool on;

	if (sysfile_readf(text, sizeof(text), "%s" CPU "/intel_pstate/no_turbo", root))
		on = text[0] == '0';
	else if (sysfile_readf(text, sizeof(text), "%s" CPU "/cpufreq/boost", root) ||
		 sysfile_readf(text, sizeof(text), "%s" CPU "/cpu0/cpufreq/boost", root))
		on = text[0] != '0';
	else
		return;
	emit_string(emit, "turbo", on ? "on" : "off");
}

/*
 * What is checked in a slab cache that everybody uses, as letters of the boot option slub_debug=.
 * Only root may read it.
 */
static void slub_debug(struct emit *emit, const char *root)
{
	static const struct {
		const char	*file;
		char		letter;
	} checks[] = {
		{ "sanity_checks", 'F' }, { "red_zone", 'Z' }, { "poison", 'P' },
		{ "store_user", 'U' }, { "trace", 'T' },
	};
	char letters[8];
	char text[16];
	size_t nr = 0;
	bool known = false;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (!sysfile_readf(text, sizeof(text), "%s/sys/kernel/slab/kmalloc-64/%s", root,
				   checks[i].file))
			continue;
		known = true;
		if (text[0] != '0')
			letters[nr++] = checks[i].letter;
	}
	letters[nr] = 0;
	if (known)
		emit_string(emit, "slub_debug", letters);
}

/* Whether a program of that name runs. */
static bool runs(const char *root, const char *name)
{
	struct dirent *entry;
	bool found = false;
	char path[256];
	char text[64];
	DIR *dir;

	snprintf(path, sizeof(path), "%s/proc", root);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir)))
		found = isdigit((unsigned char)entry->d_name[0]) &&
			sysfile_readf(text, sizeof(text), "%s/proc/%s/comm", root,
				      entry->d_name) && !strcmp(text, name);
	if (dir)
		closedir(dir);
	return found;
}

static void clock_facts(struct emit *emit, const char *root, const struct kbench_info *info)
{
	any_file(emit, "clocksource", root, CLOCKSOURCE "/current_clocksource");
	known_file(emit, "clocksources", root, CLOCKSOURCE "/available_clocksource");
	if (!info)
		return;
	emit_string(emit, "clock", info->clock);
	emit_bool(emit, "clock_unstable", info->flags & KBENCH_INFO_CLOCK_UNSTABLE);
	emit_bool(emit, "debug_kernel", info->flags & KBENCH_INFO_DEBUG_KERNEL);
}

static void disturbers(struct emit *emit, const char *root)
{
	known_switch(emit, "nmi_watchdog", root, "/proc/sys/kernel/nmi_watchdog");
	emit_bool(emit, "irqbalance", runs(root, "irqbalance"));
	known_cpus(emit, "isolated", root, CPU "/isolated");
	known_cpus(emit, "nohz_full", root, CPU "/nohz_full");
	known_choice(emit, "thp", root, "/sys/kernel/mm/transparent_hugepage/enabled");
	known_file(emit, "tracer", root, "/sys/kernel/tracing/current_tracer");
	known_file(emit, "trace_events", root, "/sys/kernel/tracing/events/enable");
	slub_debug(emit, root);
}

void facts_environment(struct emit *emit, const char *root, const struct kbench_info *info)
{
	char hypervisor[64];

	facts_hypervisor(hypervisor, sizeof(hypervisor));
	emit_object(emit, "environment");
	emit_string(emit, "hypervisor", hypervisor);
	any_file(emit, "governor", root, CPU "/cpu0/cpufreq/scaling_governor");
	facts_frequency(emit, root);
	turbo(emit, root);
	any_file(emit, "smt", root, CPU "/smt/control");
	known_switch(emit, "smt_active", root, CPU "/smt/active");
	clock_facts(emit, root, info);
	disturbers(emit, root);
	facts_thermal(emit, root);
	facts_load(emit, root);
	emit_object_end(emit);
}
