/* SPDX-License-Identifier: GPL-2.0 */
/* What the command line of `kbench run` says. */
#ifndef KB_OPTIONS_H
#define KB_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "machine.h"
#include "plan.h"
#include "suite_file.h"

enum kb_target_kind {
	KB_TARGET_AUTO = 0,
	KB_TARGET_HOST,
	KB_TARGET_VM,
	KB_TARGET_SSH,
};

/** enum kb_backend - what times: see runner/agent/backend.h */
enum kb_backend {
	KB_BACKEND_AUTO = 0,
	KB_BACKEND_LKM,
	KB_BACKEND_BPF,
};

/**
 * struct kb_run_options - parsed and checked as far as that goes without a target
 * @kernels: kernel specs; none: the target's own choice
 * @machines: of --target ssh:, as kb_ssh_spec_parse() takes them
 * @accel:   "auto", "kvm", "tcg", "icount"
 * @machine: the board that guests are; NULL: none in particular
 * @seeds:   of icount guests, a boot for each
 * @cpu_list: the user has named the CPUs; else a target chooses them
 * @boots:   of each kernel; 0: one
 * @until:   precision to reach, as a part of the figure, with @boots at most; 0: all boots
 * @resume:  the journal of a run that goes on, or NULL; points into argv
 * @order_seed: of the order in which several kernels boot
 * @default_time: the user has not said how long a case takes
 * @plot, @plot_given: one is drawn, and the user has asked for it
 * @no_result: no result file is to be written
 * @counts:  descriptor of a file for a guest's instructions by address (struct kb_vm_options); 0:
 *           they are not wanted
 * @output:  value of -o or NULL; points into argv, as @accel does
 * @suites:  files of the user's; without selectors they are what is run
 */
struct kb_run_options {
	struct kb_request	request;
	enum kb_target_kind	target;
	enum kb_backend		backend;
	char			**kernels;
	size_t			nr_kernels;
	char			**machines;
	size_t			nr_machines;
	const char		*accel;
	const struct kb_machine	*machine;
	struct kb_seeds		seeds;
	unsigned int		boots;
	double			until;
	const char		*resume;
	unsigned int		order_seed;
	const char		*output;
	struct kb_suite_files	suites;
	int			counts;
	bool			json;
	bool			quiet;
	bool			verbose;
	bool			no_result;
	bool			default_time;
	bool			cpu_list;
	bool			plot;
	bool			plot_given;
};

/** kb_run_options_parse() - Return: 0, 1 when help was printed, -1 with @err; free in any case */
int kb_run_options_parse(struct kb_run_options *options, int argc, char **argv,
			 struct kb_error *err);

/** kb_run_options_parse_as() - the same for a command that takes a part of them, those of @argp */
int kb_run_options_parse_as(struct kb_run_options *options, const struct argp *argp, int argc,
			    char **argv, struct kb_error *err);

/** kb_run_options_set_backend() - as if --backend had been given; 0 or -1 with @err */
int kb_run_options_set_backend(struct kb_run_options *options, enum kb_backend backend,
			       struct kb_error *err);
void kb_run_options_free(struct kb_run_options *options);

#endif
