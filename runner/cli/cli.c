// SPDX-License-Identifier: GPL-2.0
#include "cli.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "config_line.h"
#include "help.h"

#define MAX_OPTIONS	64

/*
 * argp prints two lines for an error, and under ARGP_NO_ERRS, which stops that, no help either.
 * So the command's argp becomes the child of one that knows --help and finds out what was wrong.
 */
struct cli {
	const struct argp	*argp;
	struct kb_error		*err;
	void			*input;
	const char		*name;
	bool			helped;
};

static const struct argp_option help_options[] = {
	{ "help", 'h', NULL, 0, "print this help", -1 },
	{ 0 },
};

/* The option that @word, "--name", "--name=value" or "-n", names. */
static const struct argp_option *option_called(const struct argp *argp, const char *word)
{
	size_t length = strcspn(word, "=");

	for (const struct argp_option *o = argp->options; o && !kb_option_is_end(o); o++) {
		if (!o->name)
			continue;
		if (!strncmp(word, "--", 2) && length == strlen(o->name) + 2 &&
		    !strncmp(word + 2, o->name, length - 2))
			return o;
		if (word[0] == '-' && word[1] == o->key && !word[2])
			return o;
	}
	return NULL;
}

static const char *near_option(const struct argp *argp, const char *word)
{
	const char *names[MAX_OPTIONS];
	char name[64] = "";
	size_t nr = 0;

	strncat(name, word, sizeof(name) - 1);
	name[strcspn(name, "=")] = '\0';

	for (const struct argp_option *o = argp->options; o && !kb_option_is_end(o); o++)
		if (kb_option_is_shown(o) && nr < MAX_OPTIONS)
			names[nr++] = o->name;
	return kb_near(name, names, nr);
}

/* getopt refused @word: an option that there is not, or one whose value is missing. */
static void refused(const struct cli *cli, const char *word)
{
	const struct argp_option *option = option_called(cli->argp, word);
	const char *near = NULL;

	if (!option && !strncmp(word, "--", 2))
		near = near_option(cli->argp, word + 2);
	if (option && option->arg)
		kb_fail(cli->err, KB_EXIT_USAGE, "%s needs a value, %s; see '%s --help'", word,
			option->arg, cli->name);
	else if (option || !strncmp(word, "--help=", 7))
		kb_fail(cli->err, KB_EXIT_USAGE, "%s: the option takes no value; see '%s --help'",
			word, cli->name);
	else if (near)
		kb_fail(cli->err, KB_EXIT_USAGE, "no option %s; did you mean --%s?", word, near);
	else
		kb_fail(cli->err, KB_EXIT_USAGE, "no option %s; see '%s --help'", word, cli->name);
}

static error_t parse_cli(int key, char *arg, struct argp_state *state)
{
	struct cli *cli = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = cli->input;
		return 0;
	case 'h':
		cli->helped = true;
		kb_help_print(cli->argp, help_options, cli->name);
		state->next = state->argc;
		return 0;
	case ARGP_KEY_ERROR:
		if (state->next > 0 && cli->err->exit == KB_EXIT_OK)
			refused(cli, state->argv[state->next - 1]);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int kb_cli_parse(const struct argp *argp, int argc, char **argv, void *input,
		 struct kb_error *err)
{
	const struct argp_child children[] = { { argp, 0, NULL, 0 }, { 0 } };
	const struct argp root = {
		.options = help_options, .parser = parse_cli, .children = children,
	};
	struct cli cli = { .argp = argp, .err = err, .input = input, .name = argv[0] };
	error_t ret;

	ret = argp_parse(&root, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &cli);
	if (cli.helped)
		return 1;
	if (ret && err->exit == KB_EXIT_OK)
		kb_fail(err, ret == ENOMEM ? KB_EXIT_ENVIRONMENT : KB_EXIT_USAGE,
			"%s; see '%s --help'", strerror(ret), cli.name);
	return ret ? -1 : 0;
}

int kb_cli_report(const struct kb_error *err)
{
	const struct kb_setting *setting = NULL;

	/* What the user has not written today is looked for where it stands. */
	if ((err->exit == KB_EXIT_USAGE || err->exit == KB_EXIT_ENVIRONMENT) &&
	    kb_config_in_force)
		setting = kb_config_line_origin(kb_config_in_force, err->text);
	if (setting)
		kb_note("%s:%d: %s", kb_config_in_force->path, setting->line, err->text);
	else if (err->exit != KB_EXIT_OK)
		kb_note("%s", err->text);
	return err->exit;
}
