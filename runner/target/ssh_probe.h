/* SPDX-License-Identifier: GPL-2.0 */
/* What a remote machine is and has, asked with one script and told in lines. */
#ifndef KB_SSH_PROBE_H
#define KB_SSH_PROBE_H

#include <stdbool.h>

#include "arch.h"
#include "error.h"

/** kb_ssh_probe_script - for "sh -s" there: prints lines "kbench-probe NAME VALUE" */
extern const char kb_ssh_probe_script[];

/**
 * struct kb_ssh_probe - the answers; what was not told is "" or false
 * @release, @machine: uname -r, uname -m
 * @bits:      of its programs: 32 or 64
 * @user:      who we are there
 * @root:      that is root
 * @os:        the lines ID= and ID_LIKE= of its os-release
 * @modules:   its kernel can load modules
 * @headers:   there are some for its kernel, in the usual place
 * @sum:       a checksum of these and of the kernel's build: it tells two of one release apart
 * @make:      there is make
 * @compiler:  the program that its modules are compiled with; "" when it has none
 * @wanted:    the program that they should be compiled with, as the kernel was
 * @version:   first line of the compiler's --version
 */
struct kb_ssh_probe {
	char	release[128];
	char	machine[32];
	char	bits[8];
	char	user[64];
	bool	root;
	char	os[256];
	bool	modules;
	bool	headers;
	char	sum[64];
	bool	make;
	char	compiler[64];
	char	wanted[64];
	char	version[160];
};

/**
 * kb_ssh_probe_parse() - the script's output; whatever else a login shell prints is left out
 * Return: 0, or -1 with KB_EXIT_ENVIRONMENT: it does not tell what there has to be
 */
int kb_ssh_probe_parse(struct kb_ssh_probe *probe, const char *text, const char *host,
		       struct kb_error *err);

/**
 * kb_ssh_probe_arch() - which agent runs there and for what modules are built
 * Return: the architecture; NULL with KB_EXIT_ENVIRONMENT: none of kbench's, or its programs are
 * of 32 bits
 */
const struct kb_arch *kb_ssh_probe_arch(const struct kb_ssh_probe *probe, const char *host,
					struct kb_error *err);

/** kb_ssh_probe_can_build() - modules can be built there; else @err says what is missing */
bool kb_ssh_probe_can_build(const struct kb_ssh_probe *probe, const char *host,
			    struct kb_error *err);

#endif
