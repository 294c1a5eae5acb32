// SPDX-License-Identifier: GPL-2.0
#include "advice.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "paths.h"

/* Copies the value of @key, which may be quoted, from the text of an os-release file. */
static void os_value(const char *text, const char *key, char *value, size_t size)
{
	size_t length = strlen(key);

	value[0] = 0;
	while (text && *text) {
		const char *end = strchrnul(text, '\n');

		if (!strncmp(text, key, length) && text[length] == '=') {
			text += length + 1;
			if (*text == '"' || *text == '\'')
				text++;
			snprintf(value, size, "%.*s", (int)strcspn(text, "\"'\n"), text);
			return;
		}
		text = *end ? end + 1 : end;
	}
}

/* Whether a list of words separated by blanks has @word. */
static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);
	const char *at = list;

	while ((at = strstr(at, word))) {
		if ((at == list || at[-1] == ' ') && (!at[length] || at[length] == ' '))
			return true;
		at += length;
	}
	return false;
}

/* Kernels of the Raspberry Pi's firmware package; later ones are packaged as Debian's are. */
static bool is_old_pi_kernel(const char *release)
{
	return kb_ends_with(release, "-v7+") || kb_ends_with(release, "-v7l+") ||
	       kb_ends_with(release, "-v8+");
}

/* The words by which a distribution names itself and those that it is made from. */
static void os_words(const char *os_release, char all[240])
{
	char id[64], like[160];

	os_value(os_release, "ID", id, sizeof(id));
	os_value(os_release, "ID_LIKE", like, sizeof(like));
	snprintf(all, 240, "%s %s", id, like);
}

void kb_headers_advice(const char *os_release, const char *release, char *advice, size_t size)
{
	char all[240];

	os_words(os_release, all);
	if (is_old_pi_kernel(release))
		snprintf(advice, size, "sudo apt install raspberrypi-kernel-headers");
	else if (has_word(all, "debian") || has_word(all, "ubuntu"))
		snprintf(advice, size, "sudo apt install linux-headers-%s", release);
	else if (has_word(all, "fedora") || has_word(all, "rhel"))
		snprintf(advice, size, "sudo dnf install kernel-devel-%s", release);
	else if (has_word(all, "suse") || has_word(all, "opensuse"))
		snprintf(advice, size, "sudo zypper install kernel-devel");
	else if (has_word(all, "arch"))
		snprintf(advice, size, "sudo pacman -S linux-headers");
	else
		snprintf(advice, size, "install your distribution's headers of kernel %s", release);
}

void kb_packages_advice(const char *os_release, const char *packages, char *advice, size_t size)
{
	static const struct {
		const char	*word;
		const char	*command;
	} managers[] = {
		{ "debian", "apt install" }, { "ubuntu", "apt install" },
		{ "fedora", "dnf install" }, { "rhel", "dnf install" },
		{ "suse", "zypper install" }, { "opensuse", "zypper install" },
		{ "arch", "pacman -S" },
	};
	char all[240];

	os_words(os_release, all);
	for (size_t i = 0; i < sizeof(managers) / sizeof(managers[0]); i++) {
		if (!has_word(all, managers[i].word))
			continue;
		snprintf(advice, size, "sudo %s %s", managers[i].command, packages);
		return;
	}
	snprintf(advice, size, "install %s", packages);
}

void kb_perf_advice(const char *os_release, const char *release, char *advice, size_t size)
{
	char all[240];

	os_words(os_release, all);
	/* Ubuntu has one for each kernel; it names Debian as what it is like. */
	if (has_word(all, "ubuntu"))
		snprintf(advice, size, "sudo apt install linux-tools-%s", release);
	else if (has_word(all, "debian"))
		snprintf(advice, size, "sudo apt install linux-perf");
	else
		kb_packages_advice(os_release, "perf", advice, size);
}
