// SPDX-License-Identifier: GPL-2.0
/* The settings that tune knows. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sysfile.h"
#include "tune.h"

#define CPU	"/sys/devices/system/cpu"
#define POLICY	CPU "/cpufreq/policy%u/"

/*
 * In the order of changes; they are undone in the reverse. Switching SMT off takes policies away,
 * so it comes last. A governor and turbo change the values in front of them: some drivers forget
 * limits and preferences that the user had set.
 */
static const struct tune_knob knobs[] = {
	{ "max-frequency", POLICY "scaling_max_freq", NULL, false },
	{ "min-frequency", POLICY "scaling_min_freq", NULL, false },
	{ "set-speed", POLICY "scaling_setspeed", NULL, false },
	{ "energy-preference", POLICY "energy_performance_preference", NULL, false },
	{ "governor", POLICY "scaling_governor", "performance", false },
	{ "turbo", CPU "/intel_pstate/no_turbo", "1", false },
	{ "turbo", CPU "/cpufreq/boost", "0", false },
	{ "turbo", POLICY "boost", "0", false },
	{ "nmi-watchdog", "/proc/sys/kernel/nmi_watchdog", "0", false },
	{ "smt", CPU "/smt/control", "off", true },
};

#define NR_KNOBS	(sizeof(knobs) / sizeof(knobs[0]))

static void knob_path(const struct tune_knob *knob, unsigned int policy, char *path, size_t size)
{
	const char *number = strstr(knob->pattern, "%u");

	if (number)
		snprintf(path, size, "%.*s%u%s", (int)(number - knob->pattern), knob->pattern,
			 policy, number + 2);
	else
		snprintf(path, size, "%s", knob->pattern);
}

/* SMT can be set where it is on or off; "notsupported" and "forceoff" stay. */
static bool can_be_set(const struct tune_knob *knob, const char *value)
{
	if (knob->smt)
		return !strcmp(value, "on") || !strcmp(value, "off");
	/* "<unsupported>": the speed, when the governor is not the one that takes it. */
	return value[0] && value[0] != '<';
}

struct walk {
	const char	*root;
	int		(*each)(void *ctx, const struct tune_knob *knob, const char *path,
				const char *value);
	void		*ctx;
};

static int visit(const struct walk *walk, const struct tune_knob *knob, unsigned int policy)
{
	struct tune_entry entry;

	knob_path(knob, policy, entry.path, sizeof(entry.path));
	if (tune_read(walk->root, entry.path, entry.value) || !can_be_set(knob, entry.value))
		return 0;
	return walk->each(walk->ctx, knob, entry.path, entry.value);
}

static int visit_policies(const struct walk *walk, const struct tune_knob *knob)
{
	char text[4096];
	const char *cpus = text;
	unsigned long first;
	unsigned long last;
	int err = 0;

	/* A policy has the number of one of its CPUs. */
	sysfile_readf(text, sizeof(text), "%s" CPU "/possible", walk->root);
	while (!err && cpulist_next(&cpus, &first, &last))
		for (unsigned long cpu = first; !err && cpu <= last; cpu++)
			err = visit(walk, knob, (unsigned int)cpu);
	return err;
}

int tune_knobs_each(const char *root, int (*each)(void *ctx, const struct tune_knob *knob,
						  const char *path, const char *value), void *ctx)
{
	const struct walk walk = { .root = root, .each = each, .ctx = ctx };
	int err = 0;

	for (size_t i = 0; i < NR_KNOBS && !err; i++) {
		if (strstr(knobs[i].pattern, "%u"))
			err = visit_policies(&walk, &knobs[i]);
		else
			err = visit(&walk, &knobs[i], 0);
	}
	return err;
}

const struct tune_knob *tune_knob_of(const char *path)
{
	for (size_t i = 0; i < NR_KNOBS; i++) {
		const char *number = strstr(knobs[i].pattern, "%u");
		char wanted[sizeof(((struct tune_entry *)0)->path)];
		unsigned int policy = 0;

		if (number && sscanf(path, knobs[i].pattern, &policy) != 1)
			continue;
		knob_path(&knobs[i], policy, wanted, sizeof(wanted));
		if (!strcmp(path, wanted))
			return &knobs[i];
	}
	return NULL;
}

int tune_read(const char *root, const char *path, char value[TUNE_VALUE_LEN])
{
	char whole[PATH_MAX];

	if ((size_t)snprintf(whole, sizeof(whole), "%s%s", root, path) >= sizeof(whole))
		return -ENAMETOOLONG;
	errno = EIO;
	return sysfile_read(whole, value, TUNE_VALUE_LEN) ? 0 : -errno;
}

int tune_write(const char *root, const char *path, const char *value)
{
	char whole[PATH_MAX];
	char line[TUNE_VALUE_LEN + 1];
	int length = snprintf(line, sizeof(line), "%s\n", value);
	int err = 0;
	int fd;

	if ((size_t)snprintf(whole, sizeof(whole), "%s%s", root, path) >= sizeof(whole))
		return -ENAMETOOLONG;
	fd = open(whole, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* In one call: each one is a change of its own for the kernel. */
	if (write(fd, line, (size_t)length) != length)
		err = errno ? -errno : -EIO;
	if (close(fd) && !err)
		err = -errno;
	return err;
}
