/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of kbench, one function each. */
#ifndef KB_COMMAND_H
#define KB_COMMAND_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Each gets its own arguments, with argv[0] as "kbench run" and so on, does all its output, and
 * returns an exit code of enum kb_exit.
 */
int kb_cmd_run(int argc, char **argv);
int kb_cmd_agent_step(int argc, char **argv);
int kb_cmd_list(int argc, char **argv);
int kb_cmd_show(int argc, char **argv);
int kb_cmd_plot(int argc, char **argv);
int kb_cmd_export(int argc, char **argv);
int kb_cmd_report(int argc, char **argv);
int kb_cmd_compare(int argc, char **argv);
int kb_cmd_history(int argc, char **argv);
int kb_cmd_explain(int argc, char **argv);
int kb_cmd_bisect(int argc, char **argv);
int kb_cmd_aa(int argc, char **argv);
int kb_cmd_plan(int argc, char **argv);
int kb_cmd_kernels(int argc, char **argv);
int kb_cmd_doctor(int argc, char **argv);
int kb_cmd_selfcheck(int argc, char **argv);
int kb_cmd_tune(int argc, char **argv);
int kb_cmd_config(int argc, char **argv);

/* Their options: what parses them, what --help prints, what completion and configuration know. */
extern const struct argp kb_run_argp;
extern const struct argp kb_agent_step_argp;
extern const struct argp kb_list_argp;
extern const struct argp kb_show_argp;
extern const struct argp kb_plot_argp;
extern const struct argp kb_report_argp;
extern const struct argp kb_export_argp;
extern const struct argp kb_compare_argp;
extern const struct argp kb_history_argp;
extern const struct argp kb_explain_argp;
extern const struct argp kb_bisect_argp;
extern const struct argp kb_aa_argp;
extern const struct argp kb_plan_argp;
extern const struct argp kb_kernels_argp;
extern const struct argp kb_doctor_argp;
extern const struct argp kb_selfcheck_argp;
extern const struct argp kb_tune_argp;
extern const struct argp kb_config_argp;

/** kb_aa_argp_for() - kb_aa_argp, or kb_run_argp where these words name suites to be measured */
const struct argp *kb_aa_argp_for(int argc, char **argv);

/** kb_bisect_refused() - KB_EXIT_USAGE, which with --step would be a word on the kernel */
int kb_bisect_refused(int argc, char **argv);

/**
 * struct kb_command
 * @group: heading that it stands below in kbench --help
 * @argp:  its options
 * @more:  others that it takes instead, or NULL
 * @argp_for: which of the two it takes with these words; NULL: @argp
 * @reads: it only reads results and prints: nothing is to be cleaned up when a signal ends it
 * @refused: exit code where these words cannot be taken; NULL: KB_EXIT_USAGE
 */
struct kb_command {
	const char		*name;
	const char		*group;
	const char		*help;
	int			(*run)(int argc, char **argv);
	const struct argp	*argp;
	const struct argp	*more;
	const struct argp	*(*argp_for)(int argc, char **argv);
	int			(*refused)(int argc, char **argv);
	bool			reads;
};

/** kb_commands - all of them, in the order of kbench --help; the last has no name */
extern const struct kb_command kb_commands[];

/** kb_command_find() - NULL: there is none of that name */
const struct kb_command *kb_command_find(const char *name);

/** kb_command_near() - the name most like @name, or NULL */
const char *kb_command_near(const char *name);

#endif
