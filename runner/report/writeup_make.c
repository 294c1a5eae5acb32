// SPDX-License-Identifier: GPL-2.0
#include "writeup_make.h"

#include <stdlib.h>
#include <string.h>

#include "files_settings.h"
#include "gather.h"
#include "paths.h"
#include "table.h"

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory: report fewer results");
}

static bool several_kernels(const struct kb_named_result *results, size_t nr)
{
	bool several = false;

	for (size_t i = 1; !several && i < nr; i++) {
		char *first = kb_files_kernel(results[0].result);
		char *other = kb_files_kernel(results[i].result);

		several = strcmp(first, other) != 0;
		free(first);
		free(other);
	}
	return several;
}

static int add_side(struct kb_writeup *page, json_t *result, const json_t *paths)
{
	struct kb_writeup_side *side = &page->sides[page->nr_sides++];
	const char *fidelity = kb_text(json_object_get(result, "environment"), "fidelity");

	*side = (struct kb_writeup_side){
		.name = kb_files_kernel(result), .result = result, .paths = paths,
		.index = kb_index(result), .mark = kb_fidelity_note(fidelity),
	};
	if (!*side->name) {
		free(side->name);
		side->name = kb_path("unknown kernel");
	}
	return side->index ? 0 : -1;
}

static const char *environment_of(const struct kb_writeup_side *side, const char *name)
{
	return kb_text(json_object_get(side->result, "environment"), name);
}

static const char *arch_of(const struct kb_writeup_side *side)
{
	return kb_text(json_object_get(side->result, "machine"), "arch");
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *fidelity_of(const struct kb_writeup_side *side)
{
	return environment_of(side, "fidelity");
}

static const char *backend_of(const struct kb_writeup_side *side)
{
	return environment_of(side, "backend");
}

static const char *file_of(const struct kb_writeup_side *side)
{
	return base_name(json_string_value(json_array_get(side->paths, 0)));
}

static const char *path_of(const struct kb_writeup_side *side)
{
	return json_string_value(json_array_get(side->paths, 0));
}

/* What may tell sides of one name apart, what says most first. */
static const char *(*const tellers[])(const struct kb_writeup_side *side) = {
	arch_of, fidelity_of, backend_of, file_of, path_of,
};

#define NR_TELLERS	(sizeof(tellers) / sizeof(tellers[0]))

/* Add what @teller says to the names of those sides that share theirs and differ in it. */
static void tell_apart(struct kb_writeup *page,
		       const char *(*teller)(const struct kb_writeup_side *))
{
	bool *add = calloc(page->nr_sides + 1, sizeof(*add));

	for (size_t i = 0; add && i < page->nr_sides; i++)
		for (size_t j = 0; j < page->nr_sides; j++)
			add[i] |= !strcmp(page->sides[i].name, page->sides[j].name) &&
				  strcmp(teller(&page->sides[i]), teller(&page->sides[j])) != 0;
	for (size_t i = 0; add && i < page->nr_sides; i++) {
		char *longer;

		if (!add[i])
			continue;
		longer = kb_path("%s (%s)", page->sides[i].name, teller(&page->sides[i]));
		free(page->sides[i].name);
		page->sides[i].name = longer;
	}
	free(add);
}

static int add_note(struct kb_writeup *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int add_note(struct kb_writeup *page, const char *format, ...)
{
	va_list args;
	char *text;
	int bad;

	va_start(args, format);
	text = kb_vpath(format, args);
	va_end(args);
	bad = json_array_append_new(page->notes, json_string(text));
	free(text);
	return bad;
}

/* Each file by itself; @why they are not grouped, or NULL where that goes without saying. */
static int take_files(struct kb_writeup *page, json_t *paths, const char *why)
{
	int bad = 0;

	for (size_t i = 0; !bad && i < page->nr_results; i++) {
		json_t *path = json_pack("[s]", page->results[i].path);

		bad = !path || json_array_append_new(paths, path) ||
		      add_side(page, page->results[i].result, path);
	}
	return bad | (why ? add_note(page, "nothing is compared: %s", why) : 0);
}

/* The errors of comparisons are what a reader is told. */
static int compare(struct kb_writeup *page, const struct kb_compare_rules *rules)
{
	const struct kb_groups *groups = &page->groups;

	page->verdicts = calloc(groups->nr + 1, sizeof(*page->verdicts));
	if (!page->verdicts)
		return -1;
	for (size_t i = 0; i < groups->nr; i++) {
		struct kb_writeup_verdicts *verdicts = &page->verdicts[page->nr_verdicts++];
		struct kb_error err = { 0 };

		verdicts->a = groups->matchups[i].a;
		verdicts->b = groups->matchups[i].b;
		if (!kb_compare(&verdicts->comparison, groups->pools[verdicts->a].result,
				groups->pools[verdicts->b].result, rules, &err)) {
			page->compared++;
			continue;
		}
		if (err.exit != KB_EXIT_USAGE)
			return -1;
		/* Behind that is an option of kbench compare. */
		verdicts->refused = kb_path("%.*s", (int)(strstr(err.text, "; --force") ?
				strstr(err.text, "; --force") - err.text :
				(long)strlen(err.text)), err.text);
	}
	return 0;
}

static int take_pools(struct kb_writeup *page)
{
	const json_t *line;
	int bad = 0;
	size_t i;

	for (size_t p = 0; !bad && p < page->groups.nr_pools; p++) {
		const struct kb_pool *pool = &page->groups.pools[p];

		bad = add_side(page, pool->result, pool->paths);
		json_array_foreach(pool->differs, i, line)
			bad |= add_note(page, "results of %s differ among themselves: %s",
					pool->group, json_string_value(line));
	}
	json_array_foreach(page->groups.notes, i, line)
		bad |= json_array_append(page->notes, (json_t *)line);
	return bad;
}

static int add_suites(struct kb_writeup *page, bool own)
{
	const json_t *entries;
	const char *name;
	int bad = 0;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(page->sides[s].index, name, entries) {
			const char *suite = kb_text(json_array_get(entries, 0), "suite");

			if (!strcmp(suite, "selfcheck") == own)
				bad |= json_object_set_new(page->suites, suite, json_true());
		}
	return bad;
}

static int take_sides(struct kb_writeup *page, const struct kb_compare_rules *rules)
{
	struct kb_error err = { 0 };

	if (!several_kernels(page->results, page->nr_results))
		return take_files(page, page->paths, NULL);
	if (kb_groups_make(&page->groups, page->results, page->nr_results, KB_COMPARE_KERNEL,
			   &err))
		return err.exit == KB_EXIT_USAGE ? take_files(page, page->paths, err.text) : -1;
	return take_pools(page) || compare(page, rules);
}

int kb_writeup_make(struct kb_writeup *page, const struct kb_named_result *results, size_t nr,
		    const struct kb_compare_rules *rules, struct kb_error *err)
{
	*page = (struct kb_writeup){
		.results = results, .nr_results = nr, .sides = calloc(nr + 1, sizeof(*page->sides)),
		.suites = json_object(), .notes = json_array(), .paths = json_array(),
	};
	if (!page->sides || !page->suites || !page->notes || !page->paths ||
	    take_sides(page, rules))
		return no_memory(err);
	for (size_t t = 0; t < NR_TELLERS; t++)
		tell_apart(page, tellers[t]);
	if (kb_writeup_labels_make(page))
		return no_memory(err);
	/* What kbench measures of itself comes last. */
	if (add_suites(page, false) || add_suites(page, true))
		return no_memory(err);
	if (!json_object_size(page->suites))
		return kb_fail(err, KB_EXIT_USAGE, "no figure above 0 in %s%s: there is nothing to "
			       "report", results[0].path, nr > 1 ? " or the others" : "");
	return 0;
}

void kb_writeup_free(struct kb_writeup *page)
{
	for (size_t i = 0; i < page->nr_verdicts; i++) {
		kb_comparison_free(&page->verdicts[i].comparison);
		free(page->verdicts[i].refused);
	}
	for (size_t i = 0; i < page->nr_sides; i++) {
		free(page->sides[i].name);
		json_decref(page->sides[i].index);
	}
	free(page->verdicts);
	free(page->sides);
	kb_groups_free(&page->groups);
	json_decref(page->suites);
	json_decref(page->labels);
	json_decref(page->notes);
	json_decref(page->paths);
	free(page->pictureless);
	kb_document_free(&page->doc);
	memset(page, 0, sizeof(*page));
}
