// SPDX-License-Identifier: GPL-2.0
#include "selection.h"

#include <stdlib.h>
#include <string.h>

/* Every bench of @catalog fits: each is in a selection at most once. */
static size_t catalog_benches(const struct kb_catalog *catalog)
{
	size_t nr = 0;

	for (size_t i = 0; i < catalog->nr_suites; i++)
		nr += catalog->suites[i].nr_benches;
	return nr;
}

static void add(struct kb_selection *selection, const struct kb_suite *suite,
		const struct kbench_bench_desc *bench, bool named)
{
	for (size_t i = 0; i < selection->nr_benches; i++) {
		if (selection->benches[i].bench == bench) {
			selection->benches[i].named |= named;
			return;
		}
	}
	selection->benches[selection->nr_benches++] = (struct kb_selected){
		.suite = suite, .bench = bench, .named = named,
	};
}

/* The suite that has a bench of that name: the user forgot to name it. */
static const struct kb_suite *suite_of_bench(const struct kb_catalog *catalog, const char *bench)
{
	for (size_t i = 0; i < catalog->nr_suites; i++)
		if (kb_suite_bench(&catalog->suites[i], bench))
			return &catalog->suites[i];
	return NULL;
}

static int unknown_suite(const struct kb_catalog *catalog, const char *name, struct kb_error *err)
{
	const struct kb_suite *owner = suite_of_bench(catalog, name);
	const char **names, *near = NULL;

	if (owner)
		return kb_fail(err, KB_EXIT_USAGE, "no suite '%s'; did you mean '%s/%s'?", name,
			       owner->name, name);
	names = calloc(catalog->nr_suites + 1, sizeof(*names));
	if (names) {
		for (size_t i = 0; i < catalog->nr_suites; i++)
			names[i] = catalog->suites[i].name;
		near = kb_near(name, names, catalog->nr_suites);
		free(names);
	}
	if (near)
		return kb_fail(err, KB_EXIT_USAGE, "no suite '%s'; did you mean '%s'?", name, near);
	if (catalog->bpf)
		return kb_fail(err, KB_EXIT_USAGE, "no suite '%s' has BPF programs; 'kbench list' "
			       "shows which have, --backend lkm is for the others", name);
	return kb_fail(err, KB_EXIT_USAGE, "no suite '%s'; 'kbench list' shows all suites", name);
}

static int unknown_bench(const struct kb_catalog *catalog, const struct kb_suite *suite,
			 const char *name, struct kb_error *err)
{
	const char **names = calloc(suite->nr_benches + 1, sizeof(*names)), *near = NULL;

	if (names) {
		for (size_t i = 0; i < suite->nr_benches; i++)
			names[i] = suite->benches[i].name;
		near = kb_near(name, names, suite->nr_benches);
		free(names);
	}
	/* Those that modules have are not known here. */
	if (catalog->bpf)
		return kb_fail(err, KB_EXIT_USAGE, "no bench '%s/%s' has a BPF program%s%s%s%s%s; "
			       "'kbench list %s' shows which have, --backend lkm is for the others",
			       suite->name, name, near ? " (did you mean '" : "",
			       near ? suite->name : "", near ? "/" : "", near ? near : "",
			       near ? "'?)" : "", suite->name);
	if (near)
		return kb_fail(err, KB_EXIT_USAGE, "no bench '%s/%s'; did you mean '%s/%s'?",
			       suite->name, name, suite->name, near);
	return kb_fail(err, KB_EXIT_USAGE, "no bench '%s/%s'; 'kbench list %s' shows all of them",
		       suite->name, name, suite->name);
}

static int select_one(struct kb_selection *selection, const char *selector,
		      const struct kb_catalog *catalog, struct kb_error *err)
{
	const char *slash = strchrnul(selector, '/');
	const struct kbench_bench_desc *bench;
	const struct kb_suite *suite;
	char *name = strndup(selector, (size_t)(slash - selector));
	int ret = 0;

	if (!name)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	suite = kb_catalog_suite(catalog, name);
	if (!suite) {
		ret = unknown_suite(catalog, name, err);
	} else if (*slash) {
		bench = kb_suite_bench(suite, slash + 1);
		if (bench)
			add(selection, suite, bench, true);
		else
			ret = unknown_bench(catalog, suite, slash + 1, err);
	} else {
		for (size_t i = 0; i < suite->nr_benches; i++)
			if (!(suite->benches[i].flags & KBENCH_BENCH_BROKEN))
				add(selection, suite, &suite->benches[i], false);
	}
	free(name);
	return ret;
}

int kb_select(struct kb_selection *selection, char *const *selectors, size_t nr_selectors,
	      const struct kb_catalog *catalog, struct kb_error *err)
{
	memset(selection, 0, sizeof(*selection));
	selection->benches = calloc(catalog_benches(catalog) + 1, sizeof(*selection->benches));
	if (!selection->benches)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	for (size_t i = 0; i < nr_selectors; i++) {
		if (select_one(selection, selectors[i], catalog, err)) {
			kb_selection_free(selection);
			return -1;
		}
	}
	return 0;
}

void kb_selection_free(struct kb_selection *selection)
{
	free(selection->benches);
	memset(selection, 0, sizeof(*selection));
}
