/* SPDX-License-Identifier: GPL-2.0 */
/* Remote machines as a user names them: "pi@raspberrypi", "board:2222", "root@[fe80::1%eth0]". */
#ifndef KB_SSH_SPEC_H
#define KB_SSH_SPEC_H

#include <stdbool.h>

#include "error.h"

/**
 * struct kb_ssh_spec - a machine; what is "" is left to ssh and its configuration
 * @host: a name, an alias of ~/.ssh/config or an address, without []
 */
struct kb_ssh_spec {
	char	user[64];
	char	host[256];
	char	port[8];
};

/**
 * kb_ssh_spec_parse() - "[USER@]HOST[:PORT]", an IPv6 address in []
 * Nothing is taken that ssh or a shell might take for something else: options, blanks, signs.
 * Return: 0, or -1 with KB_EXIT_USAGE
 */
int kb_ssh_spec_parse(struct kb_ssh_spec *spec, const char *text, struct kb_error *err);

/** kb_ssh_spec_is_address() - the host is an address and no name */
bool kb_ssh_spec_is_address(const struct kb_ssh_spec *spec);

#endif
