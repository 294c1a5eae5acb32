// SPDX-License-Identifier: GPL-2.0
#include "config_line.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "paths.h"

const struct kb_config_line *kb_config_in_force;

/** struct given - an option with its value, from the command line or the configuration */
struct given {
	const char	*name;
	const char	*value;
};

/** struct list - @argp: whose options they are, while a command line is read */
struct list {
	struct given		*items;
	size_t			nr;
	const struct argp	*argp;
};

/*
 * Options of which only one can be in force: NAME, NAME=VALUE, or NAME=BEGIN*; "*" is any. What
 * the parsers refuse together stands here once more, since only here the later one wins.
 */
static const char *const excludes[][2] = {
	{ "resume", "*" },
	{ "cpus", "cpu-list" }, { "placement", "cpu-list" }, { "plot", "no-plot" },
	{ "term", "output" },
	{ "kernels", "target=host" }, { "kernels", "target=ssh:*" },
	{ "accel", "target=host" }, { "accel", "target=ssh:*" },
	{ "machine", "target=host" }, { "machine", "target=ssh:*" },
	{ "machine", "accel=kvm" }, { "machine", "backend=bpf" },
	{ "boots", "target=ssh:*" }, { "until", "target=ssh:*" }, { "until", "accel=icount" },
	{ "seed", "boots" }, { "latency", "backend=bpf" }, { "suite", "backend=bpf" },
	{ "context=bh-off", "backend=bpf" }, { "context=irq-off", "backend=bpf" },
	{ "json", "markdown" }, { "json", "step" }, { "json", "git" },
	{ "output", "step" }, { "output", "git" }, { "cached", "step" }, { "cached", "git" },
	{ "undo", "dry-run" }, { "undo", "status" }, { "undo", "smt-off" },
	{ "status", "dry-run" }, { "status", "smt-off" },
};

#define NR_EXCLUDES	(sizeof(excludes) / sizeof(excludes[0]))

static bool matches(const char *pattern, const struct given *given)
{
	size_t length = strcspn(pattern, "=");
	const char *value = given->value ? given->value : "";

	if (!strcmp(pattern, "*"))
		return true;
	if (strlen(given->name) != length || strncmp(pattern, given->name, length) != 0)
		return false;
	if (!pattern[length])
		return true;
	pattern += length + 1;
	length = strcspn(pattern, "*");
	return !strncmp(pattern, value, length) && (pattern[length] || !value[length]);
}

/* The parts of one option that are set by themselves: --param cs=1 and --param think=2. */
static bool same_part(const struct argp_option *option, const char *a, const char *b)
{
	size_t length;

	if (!option->arg || strncmp(option->arg, "NAME=", strlen("NAME=")) != 0)
		return true;
	length = strcspn(a, "=");
	return length == strcspn(b ? b : "", "=") && !strncmp(a, b, length);
}

/* Whether what was given takes the place of @setting. */
static bool yields(const struct argp_option *option, const struct given *setting,
		   const struct list *list)
{
	for (size_t i = 0; i < list->nr; i++) {
		const struct given *given = &list->items[i];

		if (!strcmp(setting->name, given->name) &&
		    same_part(option, setting->value, given->value))
			return true;
		for (size_t k = 0; k < NR_EXCLUDES; k++)
			if ((matches(excludes[k][0], given) && matches(excludes[k][1], setting)) ||
			    (matches(excludes[k][1], given) && matches(excludes[k][0], setting)))
				return true;
	}
	return false;
}

static bool has(const struct list *list, const char *name)
{
	for (size_t i = 0; i < list->nr; i++)
		if (!strcmp(list->items[i].name, name))
			return true;
	return false;
}

static int add(struct list *list, const char *name, const char *value)
{
	struct given *more = reallocarray(list->items, list->nr + 1, sizeof(*more));

	if (!more)
		return -1;
	list->items = more;
	more[list->nr++] = (struct given){ name, value };
	return 0;
}

/* A command line is parsed for the names in it alone; whatever is wrong with it shows later. */
static error_t collect(int key, char *arg, struct argp_state *state)
{
	struct list *list = state->input;

	for (const struct argp_option *option = list->argp->options;
	     option && !kb_option_is_end(option); option++)
		if (option->name && option->key == key)
			return add(list, option->name, arg) ? ENOMEM : 0;
	return 0;
}

static error_t collect_help(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key == ARGP_KEY_INIT)
		state->child_inputs[0] = state->input;
	if (key != 'h')
		return ARGP_ERR_UNKNOWN;
	return add(state->input, "help", NULL) ? ENOMEM : 0;
}

/* argp sorts the words while it parses. */
static void read_given(struct list *list, int argc, char **argv)
{
	static const struct argp_option help[] = { { "help", 'h', NULL, 0, NULL, 0 }, { 0 } };
	const struct argp options = { .options = list->argp->options, .parser = collect };
	const struct argp_child children[] = { { &options, 0, NULL, 0 }, { 0 } };
	const struct argp root = {
		.options = help, .parser = collect_help, .children = children,
	};
	char **copy = calloc((size_t)argc + 1, sizeof(*copy));

	if (!copy)
		return;
	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	argp_parse(&root, argc, copy, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, list);
	free(copy);
}

/* What stands on the line for @setting: "--cpus=8"; NULL: nothing. */
static char *word_of(const struct argp *argp, const struct argp_option *option,
		     const struct kb_setting *setting)
{
	char *opposite, *word = NULL;

	if (option->arg)
		return kb_path("--%s=%s", option->name, setting->value);
	if (!strcmp(setting->value, "yes"))
		return kb_path("--%s", option->name);
	opposite = kb_path("no-%s", option->name);
	if (kb_config_option(argp, opposite))
		word = kb_path("--%s", opposite);
	free(opposite);
	return word;
}

/* The settings of one section that nothing in @list takes the place of. @section joins @list. */
static int apply_section(struct kb_config_line *line, const struct kb_config *config,
			 const struct argp *argp, const char *section, struct list *list)
{
	size_t nr = list->nr;
	int bad = 0;

	for (size_t i = 0; i < config->nr; i++) {
		const struct kb_setting *setting = &config->settings[i];
		const struct argp_option *option = kb_config_option(argp, setting->name);
		struct given given = {
			setting->name, option && option->arg ? setting->value : NULL,
		};
		struct list before = { .items = list->items, .nr = nr };
		char *word;

		if (!option || strcmp(setting->command, section) != 0 ||
		    yields(option, &given, &before))
			continue;
		bad |= add(list, given.name, given.value);
		word = word_of(argp, option, setting);
		if (!word)
			continue;
		line->settings[line->nr] = setting;
		line->words[line->nr++] = word;
	}
	return bad;
}

int kb_config_apply(struct kb_config_line *line, const struct kb_config *config,
		    const struct kb_command *command, int argc, char **argv,
		    struct kb_error *err)
{
	const struct argp *argp = command->argp_for ? command->argp_for(argc, argv) :
						      command->argp;
	struct list list = { .argp = argp };
	int bad = 0;

	*line = (struct kb_config_line){ .path = config->path };
	line->words = calloc(config->nr + 1, sizeof(*line->words));
	line->settings = calloc(config->nr + 1, sizeof(*line->settings));
	line->argv = calloc((size_t)argc + config->nr + 1, sizeof(*line->argv));
	if (!line->words || !line->settings || !line->argv)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (argp && config->nr)
		read_given(&list, argc, argv);
	if (argp && !has(&list, "help"))
		bad = apply_section(line, config, argp, command->name, &list) ||
		      apply_section(line, config, argp, "", &list);
	line->argv[line->argc++] = argv[0];
	for (size_t i = 0; i < line->nr; i++)
		line->argv[line->argc++] = line->words[i];
	for (int i = 1; i < argc; i++)
		line->argv[line->argc++] = argv[i];
	free(list.items);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory") : 0;
}

void kb_config_line_free(struct kb_config_line *line)
{
	for (size_t i = 0; i < line->nr; i++)
		free(line->words[i]);
	free(line->words);
	free(line->settings);
	free(line->argv);
	*line = (struct kb_config_line){ 0 };
}

const struct kb_setting *kb_config_line_origin(const struct kb_config_line *line,
					       const char *text)
{
	for (const char *at = text; (at = strstr(at, "--")); at += 2) {
		for (size_t i = 0; i < line->nr; i++) {
			size_t length = strcspn(line->words[i], "=");

			if (!strncmp(at, line->words[i], length) && at[length] != '-' &&
			    !isalnum((unsigned char)at[length]))
				return line->settings[i];
		}
	}
	return NULL;
}
