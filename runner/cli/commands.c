// SPDX-License-Identifier: GPL-2.0
/* All commands. */
#include <string.h>

#include "catalog.h"
#include "command.h"

#define NR_COMMANDS	(sizeof(kb_commands) / sizeof(kb_commands[0]) - 1)

static const char measure[] = "Measure", read[] = "Read results", trust[] = "How far to trust them",
		  search[] = "Find what changed", here[] = "This machine";

const struct kb_command kb_commands[] = {
	{ .name = "list", .group = measure, .run = kb_cmd_list, .argp = &kb_list_argp,
	  .help = "suites, benches and their parameters" },
	{ .name = "run", .group = measure, .run = kb_cmd_run, .argp = &kb_run_argp,
	  .help = "measure suites and write a result file" },
	{ .name = "agent-step", .group = measure, .run = kb_cmd_agent_step,
	  .argp = &kb_agent_step_argp,
	  .help = "measure this boot of a run whose boots you make" },
	{ .name = "show", .group = read, .run = kb_cmd_show, .argp = &kb_show_argp,
	  .reads = true,
	  .help = "print the table of a result file" },
	{ .name = "plot", .group = read, .run = kb_cmd_plot, .argp = &kb_plot_argp,
	  .help = "draw a result file" },
	{ .name = "report", .group = read, .run = kb_cmd_report, .argp = &kb_report_argp,
	  .help = "a page of words, tables and plots, to be sent and kept" },
	{ .name = "export", .group = read, .run = kb_cmd_export, .argp = &kb_export_argp,
	  .help = "results in the formats of other tools" },
	{ .name = "compare", .group = read, .run = kb_cmd_compare, .argp = &kb_compare_argp,
	  .reads = true,
	  .help = "what differs between results, and a gate on it" },
	{ .name = "history", .group = search, .run = kb_cmd_history, .argp = &kb_history_argp,
	  .reads = true,
	  .help = "the course of cases over many results, and where it changes" },
	{ .name = "explain", .group = search, .run = kb_cmd_explain, .argp = &kb_explain_argp,
	  .help = "in which functions two kernels' counted instructions differ" },
	{ .name = "bisect", .group = search, .run = kb_cmd_bisect, .argp = &kb_bisect_argp,
	  .refused = kb_bisect_refused,
	  .help = "which packaged kernel changed a case, or what git bisect needs to find out" },
	{ .name = "selfcheck", .group = trust, .run = kb_cmd_selfcheck,
	  .argp = &kb_selfcheck_argp,
	  .help = "what is known beforehand, measured: can this machine be trusted?" },
	{ .name = "aa", .group = trust, .run = kb_cmd_aa, .argp = &kb_aa_argp,
	  .more = &kb_run_argp, .argp_for = kb_aa_argp_for,
	  .help = "how often boots of one kernel are called different" },
	{ .name = "plan", .group = trust, .run = kb_cmd_plan, .argp = &kb_plan_argp,
	  .reads = true,
	  .help = "how many boots tell which difference" },
	{ .name = "doctor", .group = here, .run = kb_cmd_doctor, .argp = &kb_doctor_argp,
	  .help = "what this machine can do, what it lacks, what makes its figures wander" },
	{ .name = "tune", .group = here, .run = kb_cmd_tune, .argp = &kb_tune_argp,
	  .help = "set this machine for steady figures, and back" },
	{ .name = "kernels", .group = here, .run = kb_cmd_kernels, .argp = &kb_kernels_argp,
	  .help = "kernels that can be booted, packaged or cached" },
	{ .name = "config", .group = here, .run = kb_cmd_config, .argp = &kb_config_argp,
	  .help = "defaults of options that you have set" },
	{ .name = NULL },
};

const struct kb_command *kb_command_find(const char *name)
{
	for (const struct kb_command *command = kb_commands; command->name; command++)
		if (!strcmp(command->name, name))
			return command;
	return NULL;
}

const char *kb_command_near(const char *name)
{
	const char *names[NR_COMMANDS];

	for (size_t i = 0; i < NR_COMMANDS; i++)
		names[i] = kb_commands[i].name;
	return kb_near(name, names, NR_COMMANDS);
}
