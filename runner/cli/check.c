// SPDX-License-Identifier: GPL-2.0
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "paths.h"

struct kb_check *kb_check_add(struct kb_checks *checks, const char *name, unsigned int needs)
{
	/* How many there are is known beforehand; the last place takes what is over. */
	size_t last = sizeof(checks->items) / sizeof(checks->items[0]) - 1;
	struct kb_check *check = &checks->items[checks->nr < last ? checks->nr++ : last];

	*check = (struct kb_check){ .needs = needs, .ok = true };
	snprintf(check->name, sizeof(check->name), "%s", name);
	return check;
}

void kb_check_found(struct kb_check *check, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(check->found, sizeof(check->found), format, args);
	va_end(args);
}

void kb_check_mend(struct kb_check *check, const char *format, ...)
{
	va_list args;

	check->ok = false;
	va_start(args, format);
	vsnprintf(check->mend, sizeof(check->mend), format, args);
	va_end(args);
}

void kb_check_program(struct kb_checks *checks, const char *name, unsigned int needs,
		      const char *const *names, const char *package)
{
	struct kb_check *check = kb_check_add(checks, name, needs);
	char *path = NULL;

	for (size_t i = 0; names[i] && !path; i++)
		path = kb_find_program(names[i]);
	if (path) {
		kb_check_found(check, "%s", path);
	} else {
		kb_check_found(check, "no %s", names[0]);
		kb_check_mend(check, "sudo apt install %s", package);
	}
	free(path);
}

bool kb_checks_allow(const struct kb_checks *checks, unsigned int needs)
{
	for (size_t i = 0; i < checks->nr; i++)
		if (checks->items[i].needs & needs && !checks->items[i].ok)
			return false;
	return true;
}
