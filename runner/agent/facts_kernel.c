// SPDX-License-Identifier: GPL-2.0
/* The kernel: its release, flavour, compiler, command line, mitigations. */

#include "facts.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "sysfile.h"

#define VULNERABILITIES	"/sys/devices/system/cpu/vulnerabilities"

/* Debian, Raspberry Pi OS and others put the flavour into the release; the plain one has none. */
static const char *flavour(const struct utsname *uts)
{
	static const char *const known[] = { "cloud", "rt", "rpi", "azure", "aws", "gcp" };
	char word[24];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		snprintf(word, sizeof(word), "-%s", known[i]);
		if (strstr(uts->release, word))
			return known[i];
	}
	return strstr(uts->version, "PREEMPT_RT") ? "rt" : "";
}

/*
 * "Linux version 6.1.0 (who@where) (gcc-12 (Debian) 12.2.0, GNU ld ...) #1 SMP": what stands in
 * the second outermost pair of brackets.
 */
static void compiler(char *name, size_t size)
{
	char text[1024];
	unsigned int pairs = 0;
	size_t length = 0;
	int depth = 0;

	sysfile_read("/proc/version", text, sizeof(text));
	for (const char *at = text; *at; at++) {
		if (*at == '(' && !depth++) {
			pairs++;
			continue;
		}
		if (*at == ')' && depth && !--depth)
			continue;
		if (depth && pairs == 2 && length < size - 1)
			name[length++] = *at;
	}
	name[length] = 0;
}

static void mitigations(struct emit *emit)
{
	DIR *dir = opendir(VULNERABILITIES);
	struct dirent *entry;
	char text[256];

	emit_object(emit, "mitigations");
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		if (sysfile_readf(text, sizeof(text), VULNERABILITIES "/%s", entry->d_name))
			emit_string(emit, entry->d_name, text);
	}
	emit_object_end(emit);
	if (dir)
		closedir(dir);
}

void facts_kernel(struct emit *emit)
{
	struct utsname uts;
	char text[4096];

	uname(&uts);
	emit_object(emit, "kernel");
	emit_string(emit, "release", uts.release);
	emit_string(emit, "version", uts.version);
	emit_string(emit, "arch", uts.machine);
	emit_string(emit, "flavour", flavour(&uts));
	sysfile_read("/proc/cmdline", text, sizeof(text));
	emit_string(emit, "cmdline", text);
	mitigations(emit);
	compiler(text, sizeof(text));
	emit_string(emit, "compiler", text);
	facts_config(emit, uts.release);
	emit_object_end(emit);
}
