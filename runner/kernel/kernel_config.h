/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel configurations: what a guest and its modules need of one. */
#ifndef KB_KERNEL_CONFIG_H
#define KB_KERNEL_CONFIG_H

#include <stdbool.h>

#include "arch.h"
#include "error.h"

/** kb_config_is_set() - whether @config, a configuration's text, has CONFIG_@option=y */
bool kb_config_is_set(const char *config, const char *option);

/** kb_config_value() - of CONFIG_@option, without quotes, malloc()ed; NULL: there is none */
char *kb_config_value(const char *config, const char *option);

/**
 * kb_config_equal() - whether two configurations set the same options to the same values
 * Comments, the order, and quotes, which make's copy of a configuration has not, do not count.
 */
bool kb_config_equal(const char *a, const char *b);

/**
 * kb_config_check_guest() - can a guest with @cpus CPUs and kbench's agent run with it?
 * @where: where it was built, for the message
 * Return: 0, or -1 with KB_EXIT_ENVIRONMENT: all options that are missing, by their names
 */
int kb_config_check_guest(const char *config, const struct kb_arch *arch, unsigned int cpus,
			  const char *where, struct kb_error *err);

/** kb_config_check_takes_modules() - no option keeps modules out that were built beside it */
int kb_config_check_takes_modules(const char *config, const char *where, struct kb_error *err);

#endif
