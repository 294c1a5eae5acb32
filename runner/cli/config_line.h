/* SPDX-License-Identifier: GPL-2.0 */
/* The command line as it is once the configuration has put its words into it. */
#ifndef KB_CONFIG_LINE_H
#define KB_CONFIG_LINE_H

#include <stdbool.h>

#include "config.h"

/**
 * struct kb_config_line - words of options stand behind the command's name, then the user's own
 * @argv:  @argc words, then NULL; the user's are borrowed
 * @words: those of the configuration, @nr of them, and the settings that they are of
 * @path:  of the configuration; borrowed
 * @argp:  the options that the words are of
 */
struct kb_config_line {
	char				**argv;
	int				argc;
	char				**words;
	const struct kb_setting		**settings;
	size_t				nr;
	const char			*path;
	const struct argp		*argp;
};

/**
 * kb_config_apply() - make it
 *
 * What the user gives wins: a setting of the same option is left out, and one of an option that
 * excludes what was given (kernels, where --target host was; boots, where --perf was and nothing is
 * booted). In the same way a command's own section wins over what is for all. --help and --resume
 * take nothing of it.
 * Return: 0, or -1 with @err: out of memory; kb_config_line_free() in any case
 */
int kb_config_apply(struct kb_config_line *line, const struct kb_config *config,
		    const struct kb_command *command, int argc, char **argv,
		    struct kb_error *err);
void kb_config_line_free(struct kb_config_line *line);

/** kb_config_asks_for_help() - whether --help is among these words, wherever it stands */
bool kb_config_asks_for_help(const struct kb_command *command, int argc, char **argv);

/** kb_config_line_origin() - the setting of @line whose option @text names first, or NULL */
const struct kb_setting *kb_config_line_origin(const struct kb_config_line *line,
					       const char *text);

/** kb_config_in_force - of the command that runs, or NULL; main() sets it, and owns it */
extern const struct kb_config_line *kb_config_in_force;

#endif
