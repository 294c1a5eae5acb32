// SPDX-License-Identifier: GPL-2.0
/* The kbench command: signals, and the choice of the command to run. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../../kbench/uapi/kbench.h"
#include "cli.h"
#include "command.h"
#include "complete.h"
#include "config_line.h"
#include "error.h"
#include "screen.h"
#include "target.h"

#ifndef KBENCH_COMMIT
#define KBENCH_COMMIT	"unknown"
#endif

volatile int kb_interrupted;

static void interrupted(int signal)
{
	(void)signal;
	kb_interrupted = 1;
}

/*
 * No SA_RESTART: system calls that wait return at once, and their callers look at kb_interrupted.
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
}

static void print_all(void)
{
	const char *group = "";

	puts("kbench measures what kernel primitives cost, inside the kernel.");
	for (const struct kb_command *command = kb_commands; command->name; command++) {
		if (strcmp(group, command->group) != 0)
			printf("\n%s:\n", command->group);
		group = command->group;
		printf("  kbench %-10s  %s\n", command->name, command->help);
	}
	puts("\nBegin with:  kbench run locks --cpus 8\n"
	     "Each command tells more with --help; kbench --version prints the version.");
}

static void print_short(void)
{
	puts("kbench measures what kernel primitives cost, inside the kernel.\n\n"
	     "  kbench doctor               what this machine can do, and what it lacks\n"
	     "  kbench list                 what there is to measure\n"
	     "  kbench run locks --cpus 8   measure; the result goes to results/\n"
	     "  kbench show FILE            its table once more\n"
	     "  kbench compare A B          what differs between two results\n\n"
	     "Begin with:  kbench run locks --cpus 8\n"
	     "kbench --help shows all commands.");
}

static int print_help(void (*print)(void))
{
	struct kb_screen screen;

	kb_screen_begin(&screen);
	print();
	kb_screen_end(&screen);
	return KB_EXIT_OK;
}

static int unknown_command(const char *name)
{
	const char *near = kb_command_near(name);

	if (near)
		kb_note("no command '%s'; did you mean '%s'?", name, near);
	else
		kb_note("no command '%s'; 'kbench --help' shows all of them", name);
	return KB_EXIT_USAGE;
}

/* The command's argv[0] is how it was called, for its messages. */
static int run_command(const struct kb_command *command, int argc, char **argv)
{
	struct kb_config config = { 0 };
	struct kb_config_line line = { 0 };
	struct kb_error err = { 0 };
	char title[32];
	int exit;

	if (!command->reads)
		catch_signals();
	snprintf(title, sizeof(title), "kbench %s", command->name);
	argv[0] = title;
	/* Help is what helps where the configuration is wrong. */
	if ((kb_config_read(&config, &err) && !kb_config_asks_for_help(command, argc, argv)) ||
	    kb_config_apply(&line, &config, command, argc, argv, &err)) {
		exit = kb_cli_report(&err);
		if (command->refused)
			exit = command->refused(argc, argv);
	} else {
		kb_config_in_force = &line;
		exit = command->run(line.argc, line.argv);
		kb_config_in_force = NULL;
	}
	kb_config_line_free(&line);
	kb_config_free(&config);
	return exit;
}

static bool is_help(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "--help") || !strcmp(word, "-h");
}

/* "kbench help run" is "kbench run --help". */
static int help_of(char *name)
{
	const struct kb_command *command = kb_command_find(name);
	char help[] = "--help", *swapped[] = { name, help, NULL };

	return command ? run_command(command, 2, swapped) : unknown_command(name);
}

static int dispatch(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct kb_command *command;

	if (argc < 2)
		return print_help(print_short);
	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		puts("kbench " KBENCH_VERSION " (commit " KBENCH_COMMIT ")");
		return KB_EXIT_OK;
	}
	/* Asked by the shells, so it is in no help: the words are what somebody is writing. */
	if (!strcmp(name, "complete"))
		return kb_complete(argc - 2, argv + 2);
	if (!strcmp(name, "help") && argc > 2 && !is_help(argv[2]))
		return help_of(argv[2]);
	if (is_help(name))
		return print_help(print_all);
	command = kb_command_find(name);
	if (!command)
		return unknown_command(name);
	return run_command(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	int ret;

	setlocale(LC_CTYPE, "");
	/* A reader that went away must not end the runner before it has cleaned up. */
	signal(SIGPIPE, SIG_IGN);
	ret = dispatch(argc, argv);
	if (fflush(stdout) && errno != EPIPE && ret == KB_EXIT_OK) {
		kb_note("cannot write to standard output: %s", strerror(errno));
		ret = KB_EXIT_ENVIRONMENT;
	}
	return ret;
}
