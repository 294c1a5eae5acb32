// SPDX-License-Identifier: GPL-2.0
#include "ssh_spec.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "number.h"

#define FORM	"write ssh:[USER@]HOST[:PORT], an IPv6 address in []"

static bool is_plain(const char *text, size_t length, const char *signs)
{
	if (!length || text[0] == '-')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr(signs, text[i]))
			return false;
	return true;
}

/* Copies a part that is made of letters, digits and @signs. Return: false when it is not */
static bool take(char *part, size_t size, const char *text, size_t length, const char *signs)
{
	if (length >= size || memchr(text, '\0', length) || !is_plain(text, length, signs))
		return false;
	memcpy(part, text, length);
	part[length] = '\0';
	return true;
}

/* @text: what follows the host: nothing, or its port. */
static bool take_port(char *port, size_t size, const char *text)
{
	uint64_t number;

	if (!*text)
		return true;
	if (*text != ':' || kb_number_unsigned(text + 1, 65535, &number) || !number)
		return false;
	snprintf(port, size, "%u", (unsigned int)number);
	return true;
}

int kb_ssh_spec_parse(struct kb_ssh_spec *spec, const char *text, struct kb_error *err)
{
	const char *at = strrchr(text, '@'), *host = at ? at + 1 : text, *end;
	bool ok = true;

	memset(spec, 0, sizeof(*spec));
	if (at)
		ok = take(spec->user, sizeof(spec->user), text, (size_t)(at - text), "._-+");
	if (*host == '[') {
		end = strchrnul(host, ']');
		ok = ok && *end && take(spec->host, sizeof(spec->host), host + 1,
					(size_t)(end - host) - 1, ":.%_-");
		end += *end == ']';
	} else {
		end = strchrnul(host, ':');
		ok = ok && take(spec->host, sizeof(spec->host), host, (size_t)(end - host),
				"._-");
	}
	if (ok && take_port(spec->port, sizeof(spec->port), end))
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "--target ssh:%.100s: " FORM, text);
}

bool kb_ssh_spec_is_address(const struct kb_ssh_spec *spec)
{
	unsigned char room[sizeof(struct in6_addr)];

	return strchr(spec->host, ':') || inet_pton(AF_INET, spec->host, room) == 1;
}
