// SPDX-License-Identifier: GPL-2.0
#include "which_case.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "entry_name.h"

/* More names than this make no line that anyone reads. */
#define MAX_NAMED	6

#define LIST_LEN	640

int kb_case_names_add(json_t *names, const json_t *entry)
{
	char name[KB_ENTRY_NAME_LEN];

	kb_entry_name(name, entry, true);
	return json_object_get(names, name) ? 0 : json_object_set_new(names, name, json_true());
}

/* How much of @name is suite, bench and phase. */
static size_t bench_length(const char *name)
{
	return strcspn(name, " ,");
}

/* "'a'; 'b'; and more": those that begin as @bench does, or all where that is NULL. */
static void list(char text[LIST_LEN], const json_t *names, const char *bench)
{
	size_t used = 0, nr = 0;
	const json_t *value;
	const char *name;

	text[0] = '\0';
	json_object_foreach((json_t *)names, name, value) {
		if (bench && (strncmp(name, bench, strlen(bench)) != 0 ||
			      bench_length(name) != strlen(bench)))
			continue;
		if (nr == MAX_NAMED || used + strlen(name) + 16 > LIST_LEN) {
			snprintf(text + used, LIST_LEN - used, "; and more");
			return;
		}
		used += (size_t)snprintf(text + used, LIST_LEN - used, "%s'%s'", nr ? "; " : "",
					 name);
		nr++;
	}
}

/* The bench of @names that is most like @bench; malloc()ed, or NULL. */
static char *near_bench(const json_t *names, const char *bench)
{
	const char **benches = calloc(json_object_size(names) + 1, sizeof(*benches)), *name;
	const char *near = NULL;
	json_t *once = json_object(), *value;
	char *found = NULL;
	size_t nr = 0;

	json_object_foreach((json_t *)names, name, value) {
		char *cut = strndup(name, bench_length(name));

		if (cut)
			json_object_set_new(once, cut, json_true());
		free(cut);
	}
	json_object_foreach(once, name, value)
		if (benches)
			benches[nr++] = name;
	if (benches)
		near = kb_near(bench, benches, nr);
	if (near)
		found = strdup(near);
	json_decref(once);
	free(benches);
	return found;
}

int kb_case_none(const json_t *names, const char *who, const char *wanted, struct kb_error *err)
{
	char *bench = strndup(wanted, bench_length(wanted));
	char *near = bench ? near_bench(names, bench) : NULL;
	char text[LIST_LEN];
	bool there = near && !strcmp(near, bench);

	list(text, names, there ? near : NULL);
	if (near && !there)
		kb_fail(err, KB_EXIT_USAGE, "%s no case '%.80s'; did you mean '%s'?", who, wanted,
			near);
	else
		kb_fail(err, KB_EXIT_USAGE, "%s no case '%.80s'%s%s", who, wanted,
			*text ? ", but " : "", text);
	free(near);
	free(bench);
	return -1;
}

int kb_case_several(const json_t *names, const char *who, const char *wanted,
		    struct kb_error *err)
{
	char text[LIST_LEN];

	list(text, names, NULL);
	return kb_fail(err, KB_EXIT_USAGE, "%s %zu cases '%.80s': %s; name one", who,
		       json_object_size(names), wanted, text);
}
