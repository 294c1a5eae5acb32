/* SPDX-License-Identifier: GPL-2.0 */
/* What --help prints. */
#ifndef KB_HELP_H
#define KB_HELP_H

#include <argp.h>
#include <stdbool.h>

/** kb_option_is_end() - @option ends its table */
bool kb_option_is_end(const struct argp_option *option);

/** kb_option_is_shown() - it has a name, and that is told; others are headings or for tests */
bool kb_option_is_shown(const struct argp_option *option);

/** kb_option_letter() - 'c' of -c, or 0 */
int kb_option_letter(const struct argp_option *option);

/**
 * kb_help_print() - on stdout, in the form that argp_help() has
 * @name: how the command is called, "kbench run"
 * @more: options that stand behind @argp's
 *
 * argp's own takes lines that are full for one that has begun, and puts what follows elsewhere.
 */
void kb_help_print(const struct argp *argp, const struct argp_option *more, const char *name);

#endif
