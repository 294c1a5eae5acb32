/* SPDX-License-Identifier: GPL-2.0 */
/* Option parsing that all commands share: argp, with errors of one line. */
#ifndef KB_CLI_H
#define KB_CLI_H

#include <argp.h>

#include "error.h"

/**
 * kb_cli_parse() - argp_parse() with the house's manners
 * @argp:  the command's options, parser and texts; --help and -h are added
 * @input: for the parser, as state->input
 *
 * The parser reports errors with kb_fail() and returns EINVAL; an unknown option or a missing
 * value is reported here, with the near match. Nothing is printed but the help.
 * Return: 0 to go on, 1 when help was printed and the command is done, -1 with @err.
 */
int kb_cli_parse(const struct argp *argp, int argc, char **argv, void *input,
		 struct kb_error *err);

/** kb_cli_report() - print @err, if it holds one. Return: its exit code */
int kb_cli_report(const struct kb_error *err);

#endif
