// SPDX-License-Identifier: GPL-2.0
#include "target_choice.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "spec.h"
#include "ssh_spec.h"

#define SSH	"ssh:"

static int add_machine(struct kb_run_options *options, const char *name, struct kb_error *err)
{
	struct kb_ssh_spec spec;
	char **bigger;

	for (size_t i = 0; i < options->nr_machines; i++)
		if (!strcmp(options->machines[i], name))
			return kb_fail(err, KB_EXIT_USAGE, "--target names " SSH "%s twice", name);
	if (kb_ssh_spec_parse(&spec, name, err))
		return -1;
	bigger = reallocarray(options->machines, options->nr_machines + 1, sizeof(*bigger));
	if (!bigger)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	options->machines = bigger;
	bigger[options->nr_machines] = strdup(name);
	if (!bigger[options->nr_machines])
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	options->nr_machines++;
	return 0;
}

/* "ssh:pi@one,ssh:two:2222" */
static int add_machines(struct kb_run_options *options, const char *text, struct kb_error *err)
{
	char *copy = strdup(text), *rest = copy, *part;
	int ret = copy ? 0 : kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");

	while (!ret && (part = strsep(&rest, ","))) {
		if (strncmp(part, SSH, strlen(SSH)) != 0)
			ret = kb_fail(err, KB_EXIT_USAGE, "--target %.200s: write " SSH " before "
				      "each machine, as in " SSH "one," SSH "two", text);
		else
			ret = add_machine(options, part + strlen(SSH), err);
	}
	free(copy);
	return ret;
}

int kb_target_parse(struct kb_run_options *options, const char *text, struct kb_error *err)
{
	if (options->nr_machines)
		return kb_fail(err, KB_EXIT_USAGE, "give --target once, as in --target " SSH "one,"
			       SSH "two");
	if (!strcmp(text, "auto"))
		options->target = KB_TARGET_AUTO;
	else if (!strcmp(text, "host"))
		options->target = KB_TARGET_HOST;
	else if (!strcmp(text, "vm"))
		options->target = KB_TARGET_VM;
	else if (!strncmp(text, SSH, strlen(SSH)))
		options->target = KB_TARGET_SSH;
	else
		return kb_fail(err, KB_EXIT_USAGE, "--target %.200s: write auto, host, vm or "
			       SSH "[USER@]HOST", text);
	return options->target == KB_TARGET_SSH ? add_machines(options, text, err) : 0;
}

/* Somebody would have to boot the machine, and know when it is back. */
static int check_boots(const struct kb_run_options *options, struct kb_error *err)
{
	if (options->target != KB_TARGET_SSH || (options->boots < 2 && !options->until))
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "--target " SSH " measures the boot that the machine is "
		       "in: leave out --boots and --until, or run kbench there with --target host");
}

/* A tree that a remote machine's kernel was built in is for building modules. */
static bool is_trees(const struct kb_run_options *options)
{
	return options->target == KB_TARGET_SSH && options->nr_kernels == 1 &&
	       kb_spec_is_path(options->kernels[0]);
}

int kb_target_check(const struct kb_run_options *options, struct kb_error *err)
{
	bool ssh = options->target == KB_TARGET_SSH;

	if (options->target != KB_TARGET_HOST && !ssh)
		return 0;
	if (options->nr_kernels && !is_trees(options))
		return kb_fail(err, KB_EXIT_USAGE, "--target %s has its own kernel; --kernels "
			       "needs --target vm%s", ssh ? SSH : "host", ssh ?
			       ", or is the one tree that this kernel was built in" : "");
	if (strcmp(options->accel, "auto") != 0)
		return kb_fail(err, KB_EXIT_USAGE, "--target %s boots no guest; --accel needs "
			       "--target vm", ssh ? SSH : "host");
	return check_boots(options, err);
}

size_t kb_target_count(const struct kb_run_options *options)
{
	if (options->nr_machines)
		return options->nr_machines;
	return options->nr_kernels ? options->nr_kernels : 1;
}

const char *kb_target_name(const struct kb_run_options *options, size_t number)
{
	if (options->nr_machines)
		return options->machines[number];
	return options->nr_kernels ? options->kernels[number] : NULL;
}
