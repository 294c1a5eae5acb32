// SPDX-License-Identifier: GPL-2.0
#include "groups.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "files_settings.h"
#include "paths.h"
#include "pool.h"
#include "table.h"
#include "version.h"

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
}

static const char *member(const json_t *result, const char *object, const char *name)
{
	return kb_text(json_object_get(result, object), name);
}

/* "6.12.117+deb12-cloud-amd64" up to the architecture: kernels of several are of one release. */
static int release_length(const char *release)
{
	const char *dash = strrchr(release, '-');

	return (int)(dash ? dash - release : (long)strlen(release));
}

static char *group_of(const struct kb_named_result *named, enum kb_compare_by by)
{
	if (by == KB_COMPARE_KERNEL)
		return kb_files_kernel(named->result);
	if (by == KB_COMPARE_ARCH)
		return kb_path("%s", member(named->result, "machine", "arch"));
	return kb_files_machine(named->result, named->path);
}

static char *kind_of(const json_t *result, enum kb_compare_by by)
{
	const char *release = member(result, "kernel", "release");
	const char *flavour = member(result, "kernel", "flavour");
	bool kernels = by == KB_COMPARE_KERNEL;

	return kb_path("%s|%s|%.*s|%s|%s|%s|%s", kernels ? member(result, "machine", "arch") : "",
		       kernels ? member(result, "machine", "fingerprint") : "",
		       kernels ? 0 : release_length(release), release, kernels ? "" : flavour,
		       member(result, "environment", "fidelity"),
		       member(result, "environment", "backend"), kb_files_unit(result));
}

static bool is_same(const json_t *a, const json_t *b, const char *object, const char *name)
{
	return !strcmp(member(a, object, name), member(b, object, name));
}

/* Beside group and kind. */
static bool is_alike(const json_t *a, const json_t *b)
{
	return is_same(a, b, "kernel", "release") && is_same(a, b, "kernel", "tree") &&
	       is_same(a, b, "kernel", "image_sha256") &&
	       is_same(a, b, "machine", "fingerprint");
}

static void pool_free(struct kb_pool *pool)
{
	free(pool->group);
	free(pool->kind);
	json_decref(pool->result);
	json_decref(pool->paths);
	json_decref(pool->differs);
}

void kb_groups_free(struct kb_groups *groups)
{
	for (size_t i = 0; i < groups->nr_pools; i++)
		pool_free(&groups->pools[i]);
	free(groups->pools);
	free(groups->matchups);
	json_decref(groups->notes);
	memset(groups, 0, sizeof(*groups));
}

static int start(struct kb_groups *groups, size_t nr)
{
	*groups = (struct kb_groups){
		.pools = calloc(nr + 1, sizeof(*groups->pools)),
		.matchups = calloc(nr * nr + 1, sizeof(*groups->matchups)),
		.notes = json_array(),
	};
	return groups->pools && groups->matchups && groups->notes ? 0 : -1;
}

/* Until pooling is done a pool's result is the first of its results. */
static int open_pool(struct kb_groups *groups, const struct kb_named_result *named,
		     enum kb_compare_by by)
{
	struct kb_pool *pool = &groups->pools[groups->nr_pools++];

	*pool = (struct kb_pool){
		.group = by == KB_COMPARE_FILES ? kb_path("%s", named->path) :
						  group_of(named, by),
		.kind = kind_of(named->result, by),
		.result = json_incref(named->result),
		.paths = json_pack("[s]", named->path),
		.differs = json_array(),
	};
	return pool->paths && pool->differs ? 0 : -1;
}

/** struct members - which results are in which pool: @pool[i] of result i */
struct members {
	const struct kb_named_result	*results;
	size_t				nr;
	size_t				*pool;
};

static int join(struct kb_groups *groups, struct members *members, size_t i,
		enum kb_compare_by by)
{
	const struct kb_named_result *named = &members->results[i];
	char *group = group_of(named, by), *kind = kind_of(named->result, by);
	size_t p = 0;
	int bad;

	for (; p < groups->nr_pools; p++)
		if (!strcmp(groups->pools[p].group, group) &&
		    !strcmp(groups->pools[p].kind, kind) &&
		    is_alike(groups->pools[p].result, named->result))
			break;
	free(group);
	free(kind);
	members->pool[i] = p;
	if (p == groups->nr_pools)
		return open_pool(groups, named, by);
	bad = json_array_append_new(groups->pools[p].paths, json_string(named->path));
	return bad | kb_files_settings(groups->pools[p].result, named->result,
				       groups->pools[p].differs);
}

/* Put the results of pool @p together. */
static int fill(struct kb_pool *pool, const struct members *members, size_t p)
{
	json_t **list = calloc(members->nr + 1, sizeof(json_t *)), *all = NULL;
	size_t nr = 0;

	for (size_t i = 0; list && i < members->nr; i++)
		if (members->pool[i] == p)
			list[nr++] = members->results[i].result;
	if (list)
		all = kb_pool_results(list, nr);
	free(list);
	json_decref(pool->result);
	pool->result = all;
	return all ? 0 : -1;
}

static int make_pools(struct kb_groups *groups, const struct kb_named_result *results, size_t nr,
		      enum kb_compare_by by)
{
	struct members members = { results, nr, calloc(nr + 1, sizeof(size_t)) };
	int bad = !members.pool;

	for (size_t i = 0; !bad && i < nr; i++)
		bad = join(groups, &members, i, by);
	for (size_t p = 0; !bad && p < groups->nr_pools; p++)
		bad = fill(&groups->pools[p], &members, p);
	free(members.pool);
	return bad;
}

static int by_version(const void *a, const void *b)
{
	const struct kb_pool *x = a, *y = b;
	int order = kb_version_compare(member(x->result, "kernel", "release"),
				       member(y->result, "kernel", "release"));

	if (!order)
		order = kb_version_compare(x->group, y->group);
	return order ? order : strcmp(x->kind, y->kind);
}

/* Of an architecture there is one machine; several are several comparisons. */
static int check_machines(const struct kb_groups *groups, struct kb_error *err)
{
	for (size_t i = 0; i < groups->nr_pools; i++)
		for (size_t j = i + 1; j < groups->nr_pools; j++)
			if (!strcmp(groups->pools[i].group, groups->pools[j].group) &&
			    !is_same(groups->pools[i].result, groups->pools[j].result, "machine",
				     "fingerprint"))
				return kb_fail(err, KB_EXIT_USAGE, "there are results of several "
					       "%s machines: give one of each architecture, or "
					       "compare machines with --by machine",
					       groups->pools[i].group);
	return 0;
}

static void add_matchup(struct kb_groups *groups, size_t a, size_t b)
{
	groups->matchups[groups->nr++] = (struct kb_matchup){ a, b };
}

/* The first pool of the kind of pool @p; pools are in the order of their groups. */
static size_t base_of(const struct kb_groups *groups, size_t p)
{
	size_t first = 0;

	while (strcmp(groups->pools[first].kind, groups->pools[p].kind) != 0)
		first++;
	return first;
}

static bool same_group(const struct kb_groups *groups, size_t a, size_t b)
{
	return !strcmp(groups->pools[a].group, groups->pools[b].group);
}

/* Pools that are in no comparison. */
static int add_notes(struct kb_groups *groups)
{
	int bad = 0;

	for (size_t p = 0; p < groups->nr_pools; p++) {
		bool used = false;
		char *text;

		for (size_t i = 0; i < groups->nr; i++)
			used |= groups->matchups[i].a == p || groups->matchups[i].b == p;
		if (used)
			continue;
		text = kb_path("%s stands alone: no other result is of its kind (%s, %s)",
			       json_string_value(json_array_get(groups->pools[p].paths, 0)),
			       member(groups->pools[p].result, "environment", "fidelity"),
			       member(groups->pools[p].result, "environment", "backend"));
		bad |= json_array_append_new(groups->notes, json_string(text));
		free(text);
	}
	return bad;
}

static void match_kinds(struct kb_groups *groups)
{
	for (size_t p = 0; p < groups->nr_pools; p++) {
		size_t base = base_of(groups, p);

		if (!same_group(groups, base, p))
			add_matchup(groups, base, p);
	}
}

/* The first pool of each group with that of the first group. */
static void match_firsts(struct kb_groups *groups)
{
	for (size_t p = 1; p < groups->nr_pools; p++) {
		bool first = true;

		for (size_t i = 0; i < p; i++)
			first &= !same_group(groups, i, p);
		if (first)
			add_matchup(groups, 0, p);
	}
}

static const char *group_word(enum kb_compare_by by)
{
	return by == KB_COMPARE_KERNEL ? "kernel" : by == KB_COMPARE_ARCH ? "architecture" :
	       "machine";
}

int kb_groups_make(struct kb_groups *groups, const struct kb_named_result *results, size_t nr,
		   enum kb_compare_by by, struct kb_error *err)
{
	if (start(groups, nr) || make_pools(groups, results, nr, by))
		return no_memory(err);
	if (by == KB_COMPARE_ARCH && check_machines(groups, err))
		return -1;
	if (by == KB_COMPARE_KERNEL)
		qsort(groups->pools, groups->nr_pools, sizeof(*groups->pools), by_version);
	match_kinds(groups);
	if (!groups->nr)
		match_firsts(groups);
	if (!groups->nr)
		return kb_fail(err, KB_EXIT_USAGE, "all results are of one %s (%s): it takes two "
			       "to compare", group_word(by), groups->pools[0].group);
	return add_notes(groups) ? no_memory(err) : 0;
}

static int open_all(struct kb_groups *groups, const struct kb_named_result *results, size_t nr)
{
	int bad = start(groups, nr);

	for (size_t i = 0; !bad && i < nr; i++)
		bad = open_pool(groups, &results[i], KB_COMPARE_FILES);
	return bad;
}

int kb_groups_base(struct kb_groups *groups, const struct kb_named_result *results, size_t nr,
		   struct kb_error *err)
{
	if (open_all(groups, results, nr))
		return no_memory(err);
	for (size_t i = 1; i < nr; i++)
		add_matchup(groups, 0, i);
	return 0;
}

static bool is_partner(const json_t *a, const json_t *b)
{
	return is_same(a, b, "machine", "arch") && is_same(a, b, "kernel", "flavour") &&
	       is_same(a, b, "environment", "backend") &&
	       is_same(a, b, "environment", "fidelity") &&
	       !strcmp(kb_files_unit(a), kb_files_unit(b));
}

static int fits_several(const char *path, const char *one, const char *other,
			struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_USAGE, "%s could be compared with %s or %s: name the two "
		       "files, or compare all with --by kernel", path, one, other);
}

/* Match result @a with its one partner of @argument, which is no other's. */
static int find_partner(struct kb_groups *groups, const struct kb_named_result *results, size_t nr,
			size_t a, int argument, struct kb_error *err)
{
	size_t found = nr;

	for (size_t b = 0; b < nr; b++) {
		if (results[b].argument != argument ||
		    !is_partner(results[a].result, results[b].result))
			continue;
		if (found < nr)
			return fits_several(results[a].path, results[found].path, results[b].path,
					    err);
		found = b;
	}
	for (size_t i = 0; i < groups->nr; i++)
		if (groups->matchups[i].b == found)
			return fits_several(results[found].path,
					    results[groups->matchups[i].a].path, results[a].path,
					    err);
	if (found < nr)
		add_matchup(groups, a, found);
	return 0;
}

int kb_groups_match(struct kb_groups *groups, const struct kb_named_result *results, size_t nr,
		    struct kb_error *err)
{
	int last = nr ? results[nr - 1].argument : 0;

	if (open_all(groups, results, nr))
		return no_memory(err);
	for (int argument = 1; argument <= last; argument++)
		for (size_t a = 0; a < nr && !results[a].argument; a++)
			if (find_partner(groups, results, nr, a, argument, err))
				return -1;
	if (!groups->nr)
		return kb_fail(err, KB_EXIT_USAGE, "no two results of the directories are of the "
			       "same architecture, flavour, backend, fidelity and unit: name two "
			       "files");
	return add_notes(groups) ? no_memory(err) : 0;
}
