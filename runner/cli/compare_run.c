// SPDX-License-Identifier: GPL-2.0
#include "compare_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files_settings.h"
#include "groups.h"
#include "paths.h"
#include "read_ahead.h"
#include "result.h"
#include "result_files.h"

/** struct collection - all results that the arguments stand for; paths and results are owned */
struct collection {
	struct kb_named_result	*results;
	size_t			nr;
	struct kb_error		*err;
};

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
}

static int report(struct kb_compare_outcome *outcome, const struct kb_compare_options *options,
		  struct kb_comparison *comparison, const struct kb_report_names *names)
{
	bool judged = kb_compare_judges(comparison->by);

	outcome->regressed += judged ? kb_comparison_count(comparison, KB_REGRESSED) : 0;
	outcome->inconclusive += judged ? kb_comparison_count(comparison, KB_INCONCLUSIVE) : 0;
	if (outcome->nr++ && !options->json)
		putchar('\n');
	if (!options->json)
		return kb_report_print(comparison, names, &options->report, options->err);
	if (json_array_append_new(outcome->documents,
				  kb_report_json(comparison, names, &options->rules.rules,
						 &options->report)))
		return no_memory(options->err);
	return 0;
}

/* What boots of one kernel differ by says something of @a only where they are of its kind. */
static int check_floor(const struct kb_compare_options *options, const json_t *a,
		       const char *path)
{
	char *bar = options->floor ? kb_files_bar(options->floor_result, a) : NULL;
	int ret = 0;

	if (bar)
		ret = kb_fail(options->err, KB_EXIT_USAGE, "--floor %s does not fit %s: %s; "
			      "measure both alike", options->floor, path, bar);
	free(bar);
	return ret;
}

static int compare_two(struct kb_compare_outcome *outcome,
		       const struct kb_compare_options *options, const json_t *a, const json_t *b,
		       const char *path)
{
	const struct kb_report_names names = { .a = options->paths[0], .b = path };
	struct kb_comparison comparison = { 0 };
	int ret = -1;

	if (!check_floor(options, a, options->paths[0]))
		ret = kb_compare(&comparison, a, b, &options->rules, options->err);
	if (!ret)
		ret = report(outcome, options, &comparison, &names);
	kb_comparison_free(&comparison);
	return ret;
}

/* Files as they are named: those that were compared are not kept. */
static int compare_files(struct kb_compare_outcome *outcome,
			 const struct kb_compare_options *options)
{
	struct kb_read_ahead *ahead = kb_read_ahead_begin((const char *const *)options->paths,
							  (size_t)options->nr_paths,
							  kb_result_read_lean, options->err);
	json_t *a = ahead ? kb_read_ahead_next(ahead, options->err) : NULL, *b;
	int ret = a ? 0 : -1;

	for (int i = 1; !ret && i < options->nr_paths; i++) {
		b = kb_read_ahead_next(ahead, options->err);
		ret = b ? compare_two(outcome, options, a, b, options->paths[i]) : -1;
		json_decref(b);
	}
	json_decref(a);
	kb_read_ahead_end(ahead);
	return ret;
}

static int collect(void *ctx, const char *path, int argument, json_t *result)
{
	struct collection *all = ctx;
	struct kb_named_result *more = realloc(all->results, (all->nr + 1) * sizeof(*more));

	if (!more)
		return no_memory(all->err);
	all->results = more;
	more[all->nr++] = (struct kb_named_result){
		.path = kb_path("%s", path), .argument = argument, .result = json_incref(result),
	};
	return 0;
}

static void collection_free(struct collection *all)
{
	for (size_t i = 0; i < all->nr; i++) {
		free((char *)all->results[i].path);
		json_decref(all->results[i].result);
	}
	free(all->results);
}

static void note_each(const json_t *texts)
{
	const json_t *text;
	size_t i;

	json_array_foreach(texts, i, text)
		kb_note("%s", json_string_value(text));
}

/* What the results of a side do not have in common. */
static int warn_of_pool(struct kb_comparison *comparison, const struct kb_pool *pool)
{
	const json_t *line;
	size_t i;
	int bad = 0;

	json_array_foreach(pool->differs, i, line) {
		char *text = kb_path("results of %s differ among themselves: %s", pool->group,
				     json_string_value(line));

		bad |= json_array_append_new(comparison->warnings, json_string(text));
		free(text);
	}
	return bad;
}

static int compare_pools(struct kb_compare_outcome *outcome,
			 const struct kb_compare_options *options,
			 const struct kb_compare_rules *rules, const struct kb_pool *a,
			 const struct kb_pool *b)
{
	bool grouped = rules->by != KB_COMPARE_FILES;
	const struct kb_report_names names = {
		.a = a->group, .b = b->group,
		.paths_a = grouped ? a->paths : NULL, .paths_b = grouped ? b->paths : NULL,
	};
	struct kb_comparison comparison = { 0 };
	const char *first = json_string_value(json_array_get(a->paths, 0));
	int ret = check_floor(options, a->result, first) ||
		  kb_compare(&comparison, a->result, b->result, rules, options->err);

	if (!ret && (warn_of_pool(&comparison, a) || warn_of_pool(&comparison, b)))
		ret = no_memory(options->err);
	if (!ret)
		ret = report(outcome, options, &comparison, &names);
	kb_comparison_free(&comparison);
	return ret;
}

static bool all_directories(const struct kb_compare_options *options)
{
	for (int i = 0; i < options->nr_paths; i++)
		if (!kb_is_directory(options->paths[i]))
			return false;
	return true;
}

/* Without --by, where a directory is among the arguments. */
static int group_directories(struct kb_groups *groups, const struct kb_compare_options *options,
			     const struct collection *all, struct kb_compare_rules *rules)
{
	if (options->nr_paths == 1) {
		rules->by = KB_COMPARE_KERNEL;
		return kb_groups_make(groups, all->results, all->nr, rules->by, options->err);
	}
	if (all_directories(options))
		return kb_groups_match(groups, all->results, all->nr, options->err);
	if (all->nr > 1 && !all->results[1].argument)
		return kb_fail(options->err, KB_EXIT_USAGE, "%s has several results, and one is "
			       "the base: name its file first, or group all with --by kernel",
			       options->paths[0]);
	return kb_groups_base(groups, all->results, all->nr, options->err);
}

static int compare_groups(struct kb_compare_outcome *outcome,
			  const struct kb_compare_options *options, const struct collection *all)
{
	struct kb_compare_rules rules = options->rules;
	struct kb_groups groups = { 0 };
	int ret;

	if (rules.by == KB_COMPARE_FILES)
		ret = group_directories(&groups, options, all, &rules);
	else
		ret = kb_groups_make(&groups, all->results, all->nr, rules.by, options->err);
	if (!ret)
		note_each(groups.notes);
	for (size_t i = 0; !ret && i < groups.nr; i++)
		ret = compare_pools(outcome, options, &rules, &groups.pools[groups.matchups[i].a],
				    &groups.pools[groups.matchups[i].b]);
	kb_groups_free(&groups);
	return ret;
}

/* Of several results those without a sweep are passed over. */
static int compare_cpus(struct kb_compare_outcome *outcome,
			const struct kb_compare_options *options, const struct collection *all)
{
	struct kb_error first = { 0 };
	int ret = 0;

	for (size_t i = 0; !ret && i < all->nr; i++) {
		const char *path = all->results[i].path;
		const struct kb_report_names names = { .a = path, .b = path };
		struct kb_comparison comparison = { 0 };
		struct kb_error err = { 0 };

		if (!kb_compare_cpus(&comparison, all->results[i].result, &options->rules, &err))
			ret = report(outcome, options, &comparison, &names);
		else if (err.exit == KB_EXIT_USAGE)
			kb_fail(&first, err.exit, "%s: %s", path, err.text);
		else
			ret = kb_fail(options->err, err.exit, "%s: %s", path, err.text);
		kb_comparison_free(&comparison);
	}
	if (!ret && !outcome->nr)
		return kb_fail(options->err, first.exit, "%s", first.text);
	return ret;
}

static bool any_directory(const struct kb_compare_options *options)
{
	for (int i = 0; i < options->nr_paths; i++)
		if (kb_is_directory(options->paths[i]))
			return true;
	return false;
}

int kb_compare_run(struct kb_compare_outcome *outcome, const struct kb_compare_options *options)
{
	struct collection all = { .err = options->err };
	json_t *ignored;
	int ret;

	if (options->rules.by == KB_COMPARE_FILES && !any_directory(options))
		return compare_files(outcome, options);
	ignored = json_array();
	ret = kb_result_files(options->paths, options->nr_paths, ignored, collect, &all,
			      options->err);
	if (!ret)
		note_each(ignored);
	if (!ret && options->rules.by == KB_COMPARE_CPUS)
		ret = compare_cpus(outcome, options, &all);
	else if (!ret)
		ret = compare_groups(outcome, options, &all);
	json_decref(ignored);
	collection_free(&all);
	return ret;
}
