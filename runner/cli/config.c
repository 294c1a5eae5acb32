// SPDX-License-Identifier: GPL-2.0
#include "config.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "help.h"
#include "paths.h"

#define MAX_NAMES	256

/**
 * struct reading - a file while it is read
 * @line:  number of the one that was read last
 * @wrong: number of the first one that is refused, or 0
 */
struct reading {
	FILE			*file;
	int			line;
	int			wrong;
	struct kb_config	*config;
	struct kb_error		*err;
};

static char *config_path(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	/* The XDG specification says that a relative path is to be ignored. */
	if (xdg && xdg[0] == '/')
		return kb_path("%s/kbench/config", xdg);
	return home && home[0] == '/' ? kb_path("%s/.config/kbench/config", home) : NULL;
}

const struct argp_option *kb_config_option(const struct argp *argp, const char *name)
{
	for (const struct argp_option *option = argp ? argp->options : NULL;
	     option && !kb_option_is_end(option); option++)
		if (kb_option_is_shown(option) && !strcmp(option->name, name))
			return option;
	return NULL;
}

static const struct argp_option *option_of(const struct kb_command *command, const char *name)
{
	const struct argp_option *option = kb_config_option(command->argp, name);

	return option ? option : kb_config_option(command->more, name);
}

static size_t add_names(const char **names, size_t nr, const struct argp *argp)
{
	for (const struct argp_option *option = argp ? argp->options : NULL;
	     option && !kb_option_is_end(option); option++)
		if (kb_option_is_shown(option) && nr < MAX_NAMES)
			names[nr++] = option->name;
	return nr;
}

/* @command: NULL for all. The name most like @name, or NULL. */
static const char *near_option(const struct kb_command *command, const char *name)
{
	const char *names[MAX_NAMES];
	size_t nr = 0;

	for (const struct kb_command *one = kb_commands; one->name; one++) {
		if (command && one != command)
			continue;
		nr = add_names(names, nr, one->argp);
		nr = add_names(names, nr, one->more);
	}
	return kb_near(name, names, nr);
}

static int no_option(const struct reading *reading, const struct kb_command *command,
		     const char *name)
{
	const char *path = reading->config->path, *near = near_option(command, name);
	char of[64] = "no command";

	if (command)
		snprintf(of, sizeof(of), "kbench %s", command->name);
	if (near)
		return kb_fail(reading->err, KB_EXIT_USAGE, "%s:%d: %s has %s option '%s'; did you "
			       "mean '%s'?", path, reading->line, of, command ? "no" : "an",
			       name, near);
	return kb_fail(reading->err, KB_EXIT_USAGE, "%s:%d: %s has %s option '%s'; 'kbench %s"
		       "--help' shows them", path, reading->line, of, command ? "no" : "an", name,
		       command ? "COMMAND " : "");
}

static bool is_word(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(text, *words))
			return true;
	return false;
}

/* What is written for an option that takes no value becomes "yes" or "no". */
static int check_value(const struct reading *reading, const struct argp_option *option,
		       const char **value)
{
	static const char *const yes[] = { "yes", "true", "on", "1", NULL };
	static const char *const no[] = { "no", "false", "off", "0", NULL };
	const char *path = reading->config->path;

	if (option->arg)
		return **value || option->flags & OPTION_ARG_OPTIONAL ? 0 :
		       kb_fail(reading->err, KB_EXIT_USAGE, "%s:%d: %s needs a value, %s", path,
			       reading->line, option->name, option->arg);
	if (!is_word(*value, yes) && !is_word(*value, no))
		return kb_fail(reading->err, KB_EXIT_USAGE, "%s:%d: %s = %s: write yes or no",
			       path, reading->line, option->name, *value);
	*value = is_word(*value, yes) ? "yes" : "no";
	return 0;
}

static int no_command(const struct reading *reading, const char *name)
{
	const char *path = reading->config->path, *near = kb_command_near(name);

	if (near)
		return kb_fail(reading->err, KB_EXIT_USAGE, "%s:%d: no command [%s]; did you mean "
			       "[%s]?", path, reading->line, name, near);
	return kb_fail(reading->err, KB_EXIT_USAGE, "%s:%d: no command [%s]; a section is called "
		       "like a command, 'kbench --help' shows all", path, reading->line, name);
}

/* An option of another command that takes other values than @option of @command does, or NULL. */
static const struct kb_command *at_odds(const struct kb_command *command,
					const struct argp_option *option)
{
	const char *values = option->arg ? option->arg : "";

	for (; command->name; command++) {
		const struct argp_option *other = option_of(command, option->name);

		if (other && strcmp(values, other->arg ? other->arg : "") != 0)
			return command;
	}
	return NULL;
}

/* Above all sections: the option of the first command that has it, and means what all mean. */
static int check_common(const struct reading *reading, const char *name, const char **value)
{
	const struct kb_command *command = kb_commands, *other;
	const struct argp_option *option = NULL;

	for (; command->name && !option; command += !option)
		option = option_of(command, name);
	if (!option)
		return no_option(reading, NULL, name);
	other = at_odds(command, option);
	if (other)
		return kb_fail(reading->err, KB_EXIT_USAGE, "%s:%d: %s is one thing to kbench %s "
			       "and another to kbench %s: write it below [%s] or the like",
			       reading->config->path, reading->line, name, command->name,
			       other->name, command->name);
	return check_value(reading, option, value);
}

static int check(const struct reading *reading, const char *section, const char *name,
		 const char **value)
{
	const struct kb_command *command = kb_command_find(section);
	const struct argp_option *option;

	if (!*section)
		return check_common(reading, name, value);
	if (!command)
		return no_command(reading, section);
	option = option_of(command, name);
	return option ? check_value(reading, option, value) : no_option(reading, command, name);
}

/* "~/results" is what a shell would make of it. */
static char *value_copy(const char *value)
{
	const char *home = getenv("HOME");

	if (!strncmp(value, "~/", 2) && home)
		return kb_path("%s%s", home, value + 1);
	return kb_path("%s", value);
}

/* For inih: 0 is an error. */
static int take(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;
	struct kb_config *config = reading->config;
	struct kb_setting *more;

	if (reading->wrong)
		return 0;
	if (check(reading, section, name, &value)) {
		reading->wrong = reading->line;
		return 0;
	}
	more = reallocarray(config->settings, config->nr + 1, sizeof(*more));
	if (!more)
		return kb_fail(reading->err, KB_EXIT_ENVIRONMENT, "out of memory") + 1;
	config->settings = more;
	more[config->nr++] = (struct kb_setting){
		.command = kb_path("%s", section), .name = kb_path("%s", name),
		.value = value_copy(value), .line = reading->line,
	};
	return 1;
}

/* A line that inih would misunderstand. The first that is wrong counts. */
static void refuse(struct reading *reading, const char *why)
{
	if (reading->wrong)
		return;
	reading->wrong = reading->line;
	kb_fail(reading->err, KB_EXIT_USAGE, "%s:%d: %s", reading->config->path, reading->line,
		why);
}

/* Whether something but a comment stands behind a section's name. */
static bool has_more(const char *line)
{
	const char *end = strchr(line, ']');

	if (!end)
		return false;
	end += 1 + strspn(end + 1, " \t\r\n");
	return *end && *end != ';' && *end != '#';
}

/*
 * Lines for inih, which takes one that is indented for more of the value before it: here it is a
 * line like others. One that has no room would be taken for two, and what stands behind a section's
 * name would be nothing.
 */
static char *next_line(char *line, int size, void *stream)
{
	struct reading *reading = stream;
	size_t lead;

	if (!fgets(line, size, reading->file))
		return NULL;
	reading->line++;
	lead = strspn(line, " \t");
	memmove(line, line + lead, strlen(line + lead) + 1);
	if (!strchr(line, '\n') && !feof(reading->file))
		refuse(reading, "the line is too long");
	else if (line[0] == '[' && has_more(line))
		refuse(reading, "write what follows [COMMAND] in a line of its own");
	return line;
}

static int read_file(struct reading *reading)
{
	const char *path = reading->config->path;
	int wrong = ini_parse_stream(next_line, reading, take, reading);

	if (ferror(reading->file))
		return kb_fail(reading->err, KB_EXIT_USAGE, "%s: %s", path, strerror(errno));
	/* Lines that are none are told at the end alone. */
	if (wrong > 0 && reading->wrong && wrong < reading->wrong)
		*reading->err = (struct kb_error){ 0 };
	if (wrong)
		return kb_fail(reading->err, KB_EXIT_USAGE, "%s:%d: write OPTION = VALUE, or "
			       "[COMMAND]", path, wrong);
	return reading->wrong ? -1 : 0;
}

int kb_config_read(struct kb_config *config, struct kb_error *err)
{
	struct reading reading = { .config = config, .err = err };
	int ret = 0;

	*config = (struct kb_config){ .path = config_path() };
	if (!config->path)
		return 0;
	reading.file = fopen(config->path, "re");
	if (reading.file)
		ret = read_file(&reading);
	else if (errno != ENOENT && errno != ENOTDIR)
		ret = kb_fail(err, KB_EXIT_USAGE, "%s: %s", config->path, strerror(errno));
	if (reading.file)
		fclose(reading.file);
	return ret;
}

void kb_config_free(struct kb_config *config)
{
	for (size_t i = 0; i < config->nr; i++) {
		free(config->settings[i].command);
		free(config->settings[i].name);
		free(config->settings[i].value);
	}
	free(config->settings);
	free(config->path);
	*config = (struct kb_config){ 0 };
}
