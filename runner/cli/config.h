/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user's configuration: defaults for options, in $XDG_CONFIG_HOME/kbench/config.
 *
 *   target = host		for every command that has the option
 *   [run]			for one command
 *   cpus = 8
 *   quiet = yes
 */
#ifndef KB_CONFIG_H
#define KB_CONFIG_H

#include <stddef.h>

#include "command.h"
#include "error.h"

/**
 * struct kb_setting - one line of it
 * @command: its section, or "" of what stands before the first
 * @name:    of an option, without dashes
 * @value:   of an option that takes none "yes" or "no"
 * @line:    its number, from 1
 */
struct kb_setting {
	char	*command;
	char	*name;
	char	*value;
	int	line;
};

/** struct kb_config - @path: where it is, or would be; NULL: there is no such place */
struct kb_config {
	char			*path;
	struct kb_setting	*settings;
	size_t			nr;
};

/**
 * kb_config_read() - a file that is missing is an empty one
 * Return: 0, or -1 with KB_EXIT_USAGE and FILE:LINE: no such command, no such option, or a line
 * that is none; kb_config_free() in any case
 */
int kb_config_read(struct kb_config *config, struct kb_error *err);
void kb_config_free(struct kb_config *config);

/** kb_config_option() - the option @name of @argp that may be configured, or NULL */
const struct argp_option *kb_config_option(const struct argp *argp, const char *name);

#endif
