// SPDX-License-Identifier: GPL-2.0
/* The kbench command: signals, and the choice of the command to run. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "catalog.h"
#include "command.h"
#include "error.h"
#include "target.h"

#ifndef KBENCH_COMMIT
#define KBENCH_COMMIT	"unknown"
#endif

volatile int kb_interrupted;

static const struct command {
	const char	*name;
	const char	*help;
	int		(*run)(int argc, char **argv);
} commands[] = {
	{ "list", "suites, benches and their parameters", kb_cmd_list },
	{ "run", "measure suites and write a result file", kb_cmd_run },
	{ "agent-step", "measure this boot of a run whose boots you make", kb_cmd_agent_step },
	{ "show", "print the table of a result file", kb_cmd_show },
	{ "plot", "draw a result file", kb_cmd_plot },
	{ "export", "results in the formats of other tools", kb_cmd_export },
	{ "report", "a page of words, tables and plots, to be sent and kept", kb_cmd_report },
	{ "compare", "what differs between results, and a gate on it", kb_cmd_compare },
	{ "history", "the course of cases over many results, and where it changes",
	  kb_cmd_history },
	{ "explain", "in which functions two kernels' counted instructions differ",
	  kb_cmd_explain },
	{ "bisect", "which packaged kernel changed a case, or what git bisect needs to find out",
	  kb_cmd_bisect },
	{ "aa", "how often boots of one kernel are called different", kb_cmd_aa },
	{ "plan", "how many boots tell which difference", kb_cmd_plan },
	{ "selfcheck", "what is known beforehand, measured: can this machine be trusted?",
	  kb_cmd_selfcheck },
	{ "kernels", "kernels that can be booted, packaged or cached", kb_cmd_kernels },
	{ "doctor", "what this machine can do, what it lacks, what makes its figures wander",
	  kb_cmd_doctor },
	{ "tune", "set this machine for steady figures, and back", kb_cmd_tune },
};

#define NR_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void interrupted(int signal)
{
	(void)signal;
	kb_interrupted = 1;
}

/*
 * No SA_RESTART: system calls that wait return at once, and their callers look at kb_interrupted.
 * A reader that went away must not end the runner before it has cleaned up.
 */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = interrupted }, before;

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, NULL, &before);
	if (before.sa_handler != SIG_IGN)	/* nohup means it */
		sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

static void print_help(void)
{
	puts("kbench measures what kernel primitives cost, inside the kernel.\n");
	for (size_t i = 0; i < NR_COMMANDS; i++)
		printf("  kbench %-10s %s\n", commands[i].name, commands[i].help);
	puts("\nBegin with:  kbench run locks --cpus 8\n"
	     "Each command tells more with --help; kbench --version prints the version.");
}

static int unknown_command(const char *name)
{
	const char *names[NR_COMMANDS], *near;

	for (size_t i = 0; i < NR_COMMANDS; i++)
		names[i] = commands[i].name;
	near = kb_near(name, names, NR_COMMANDS);
	if (near)
		kb_note("no command '%s'; did you mean '%s'?", name, near);
	else
		kb_note("no command '%s'; 'kbench --help' shows all of them", name);
	return KB_EXIT_USAGE;
}

/* The command's argv[0] is how it was called, for its messages. */
static int run_command(const struct command *command, int argc, char **argv)
{
	char title[32];

	snprintf(title, sizeof(title), "kbench %s", command->name);
	argv[0] = title;
	return command->run(argc, argv);
}

static int dispatch(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "--help";

	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		puts("kbench " KBENCH_VERSION " (commit " KBENCH_COMMIT ")");
		return KB_EXIT_OK;
	}
	/* "kbench help run" is "kbench run --help". */
	if (!strcmp(name, "help") && argc > 2) {
		char *swapped[] = { argv[0], argv[2], "--help", NULL };

		return dispatch(3, swapped);
	}
	if (!strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h")) {
		print_help();
		return KB_EXIT_OK;
	}
	for (size_t i = 0; i < NR_COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return run_command(&commands[i], argc - 1, argv + 1);
	return unknown_command(name);
}

int main(int argc, char **argv)
{
	int ret;

	setlocale(LC_CTYPE, "");
	catch_signals();
	ret = dispatch(argc, argv);
	if (fflush(stdout) && errno != EPIPE && ret == KB_EXIT_OK) {
		kb_note("cannot write to standard output: %s", strerror(errno));
		ret = KB_EXIT_ENVIRONMENT;
	}
	return ret;
}
