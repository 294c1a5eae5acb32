// SPDX-License-Identifier: GPL-2.0
#include "suite_sources.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "paths.h"

/* "DIR/suites/locks.c" becomes "locks", in place. */
static const char *suite_name(char *path)
{
	char *name = strrchr(path, '/') + 1;

	name[strlen(name) - strlen(".c")] = 0;
	return name;
}

static int check_one(const char *selector, const char *const *names, size_t nr_names,
		     struct kb_error *err)
{
	size_t length = strcspn(selector, "/");
	char name[KBENCH_NAME_LEN];
	const char *near;

	if (length >= sizeof(name))
		return 0;
	memcpy(name, selector, length);
	name[length] = 0;
	for (size_t i = 0; i < nr_names; i++)
		if (!strcmp(names[i], name))
			return 0;
	near = kb_near(name, names, nr_names);
	if (!near)
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "no suite '%s'; did you mean '%s'?", name, near);
}

int kb_suite_sources_check(char *const *selectors, size_t nr_selectors,
			   const struct kb_suite_files *outside, struct kb_error *err)
{
	char *dir = kb_data_dir(), *pattern = kb_path("%s/suites/*.c", dir);
	const char **names = NULL;
	glob_t found = { 0 };
	int ret = 0;

	if (!glob(pattern, 0, NULL, &found))
		names = calloc(found.gl_pathc + outside->nr, sizeof(*names));
	if (names) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			names[i] = suite_name(found.gl_pathv[i]);
		for (size_t i = 0; i < outside->nr; i++)
			names[found.gl_pathc + i] = outside->files[i].name;
		for (size_t i = 0; i < nr_selectors && !ret; i++)
			ret = check_one(selectors[i], names, found.gl_pathc + outside->nr, err);
	}
	free(names);
	globfree(&found);
	free(pattern);
	free(dir);
	return ret;
}
