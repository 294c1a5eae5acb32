// SPDX-License-Identifier: GPL-2.0
#include "machine_option.h"

#include <string.h>

#include "kernel.h"

int kb_set_machine(struct kb_run_options *options, const char *name, struct kb_error *err)
{
	options->machine = kb_board_find(name);
	return options->machine ? 0 : kb_board_unknown(name, err);
}

void kb_settle_machine(struct kb_run_options *options)
{
	if (options->target == KB_TARGET_AUTO)
		options->target = KB_TARGET_VM;
	if (!strcmp(options->accel, "auto"))
		options->accel = "tcg";
}

static int check_kernel(const struct kb_machine *board, const char *text, struct kb_error *err)
{
	const struct kb_arch *arch;
	struct kb_spec spec;

	if (kb_spec_is_path(text))
		return kb_fail(err, KB_EXIT_USAGE, "--machine %s boots packaged kernels, whose "
			       "packages bring its device tree; %s is a tree", board->name, text);
	if (kb_kernel_arch(&arch, text, err))
		return -1;
	if (strcmp(arch->deb, board->arch))
		return kb_fail(err, KB_EXIT_USAGE, "--machine %s boots kernels of %s, and %s is of "
			       "%s; write it with @%s, or leave it out", board->name, board->arch,
			       text, arch->deb, board->arch);
	if (text[0] == '@' || kb_spec_parse(&spec, text, err))
		return err->exit == KB_EXIT_OK ? 0 : -1;
	if (!strcmp(spec.flavour, "cloud"))
		return kb_fail(err, KB_EXIT_USAGE, "--machine %s: the cloud kernel %s has no "
			       "drivers for it; take the plain one", board->name, text);
	return 0;
}

int kb_check_machine(const struct kb_run_options *options, struct kb_error *err)
{
	const struct kb_machine *board = options->machine;
	unsigned int cpus = kb_cpus_needed(&options->request.cpus);

	if (options->target == KB_TARGET_HOST)
		return kb_fail(err, KB_EXIT_USAGE, "--machine %s is a guest: it needs --target vm",
			       board->name);
	if (!strcmp(options->accel, "kvm"))
		return kb_fail(err, KB_EXIT_USAGE, "--machine %s is emulated, never run by KVM; "
			       "leave out --accel kvm", board->name);
	if (options->backend == KB_BACKEND_BPF)
		return kb_fail(err, KB_EXIT_USAGE, "--machine %s: the agent for %s is built "
			       "without BPF; leave out --backend bpf", board->name, board->arch);
	if (cpus > board->max_cpus)
		return kb_fail(err, KB_EXIT_USAGE, "%u CPUs: --machine %s has %u", cpus,
			       board->name, board->max_cpus);
	for (size_t i = 0; i < options->nr_kernels; i++)
		if (check_kernel(board, options->kernels[i], err))
			return -1;
	return 0;
}
