/* SPDX-License-Identifier: GPL-2.0 */
/* Loading and unloading kernel modules, and why it did not work. */
#ifndef KB_AGENT_MODULES_H
#define KB_AGENT_MODULES_H

#include <stdbool.h>

#include "emit.h"
#include "kmsg.h"

#define MODULE_SYMBOLS	16	/* missing symbols that are told */

/**
 * struct module_fault - why a module is not loaded
 * @error:   errno
 * @code:    "lockdown", "signature", "version", "privilege", "no-modules", "symbol", "other"
 * @text:    one line that says what is wrong and what to do
 * @symbols: with "symbol", those that the kernel lacks, @nr_symbols of them
 */
struct module_fault {
	int		error;
	const char	*code;
	char		text[700];
	char		symbols[MODULE_SYMBOLS][128];
	unsigned int	nr_symbols;
};

/** modules_supported() - whether this kernel has loadable modules; fills @fault if not */
bool modules_supported(struct module_fault *fault);

/**
 * module_load() - load @dir/@file, unless a module of its name and of our version is loaded already
 * @ours: out: it was we who loaded it
 * @kmsg: kernel messages of the load are forwarded to @emit
 * Return: 0, or -1 with @fault
 */
int module_load(const char *dir, const char *file, bool *ours, struct kmsg *kmsg,
		struct emit *emit, struct module_fault *fault);

/** module_unload() - the module of @file. Return: 0 or a negative errno */
int module_unload(const char *file);

/** module_emit() - the module record of @file; @fault is NULL when it is loaded */
void module_emit(struct emit *emit, const char *file, const struct module_fault *fault);

#endif
