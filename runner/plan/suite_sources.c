// SPDX-License-Identifier: GPL-2.0
#include "suite_sources.h"

#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/bpf/suites.h"
#include "catalog.h"
#include "paths.h"

/* "DIR/suites/locks.c" becomes "locks", in place. */
static const char *suite_name(char *path)
{
	char *name = strrchr(path, '/') + 1;

	name[strlen(name) - strlen(".c")] = 0;
	return name;
}

/* Return: whether there are any; globfree() in any case */
static bool find_sources(glob_t *found)
{
	char *dir = kb_data_dir(), *pattern = kb_path("%s/suites/*.c", dir);
	bool any = !glob(pattern, 0, NULL, found);

	free(pattern);
	free(dir);
	return any;
}

/* The suite that a selector is about; false when it is too long for one. */
static bool selected_suite(char name[KBENCH_NAME_LEN], const char *selector)
{
	size_t length = strcspn(selector, "/");

	if (length >= KBENCH_NAME_LEN)
		return false;
	memcpy(name, selector, length);
	name[length] = 0;
	return true;
}

static bool is_among(const char *name, const char *const *names, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static int check_one(const char *selector, const char *const *names, size_t nr_names,
		     struct kb_error *err)
{
	char name[KBENCH_NAME_LEN];
	const char *near;

	if (!selected_suite(name, selector) || is_among(name, names, nr_names))
		return 0;
	near = kb_near(name, names, nr_names);
	if (!near)
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "no suite '%s'; did you mean '%s'?", name, near);
}

/*
 * What is to be built: the suites that are named, and kbench's own measure. Where a selector names
 * none, all of them: it may be a bench's name, or near to one.
 */
static int want(struct kb_suite_files *suites, char *const *selectors, size_t nr_selectors,
		const char *const *names, size_t nr_names)
{
	char name[KBENCH_NAME_LEN];

	for (size_t i = 0; i < nr_selectors; i++)
		if (!selected_suite(name, selectors[i]) || !is_among(name, names, nr_names))
			return 0;
	for (size_t i = 0; i < nr_selectors; i++)
		if (selected_suite(name, selectors[i]) && kb_suite_files_want(suites, name))
			return -1;
	return kb_suite_files_want(suites, "selfcheck");
}

int kb_suite_sources_check(char *const *selectors, size_t nr_selectors,
			   struct kb_suite_files *suites, struct kb_error *err)
{
	const char **names = NULL;
	glob_t found = { 0 };
	size_t nr = 0, nr_bpf = 0;
	int ret = 0;

	while (bpf_suites[nr_bpf].name)
		nr_bpf++;
	if (find_sources(&found))
		names = calloc(found.gl_pathc + suites->nr + nr_bpf, sizeof(*names));
	if (names) {
		for (; nr < found.gl_pathc; nr++)
			names[nr] = suite_name(found.gl_pathv[nr]);
		for (size_t i = 0; i < suites->nr; i++)
			names[nr++] = suites->files[i].name;
		/* For a name near to one of these, too; those themselves were chosen before. */
		for (size_t i = 0; i < nr_bpf; i++)
			names[nr + i] = bpf_suites[i].name;
		for (size_t i = 0; i < nr_selectors && !ret; i++)
			ret = check_one(selectors[i], names, nr + nr_bpf, err);
		if (!ret && want(suites, selectors, nr_selectors, names, nr))
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	free(names);
	globfree(&found);
	return ret;
}

void kb_suite_sources_each(void (*name)(void *ctx, const char *suite), void *ctx)
{
	glob_t found = { 0 };

	if (find_sources(&found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			name(ctx, suite_name(found.gl_pathv[i]));
	globfree(&found);
	for (size_t i = 0; bpf_suites[i].name; i++)
		name(ctx, bpf_suites[i].name);
}
