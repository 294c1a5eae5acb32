// SPDX-License-Identifier: GPL-2.0
#include "kept.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kept_current.h"
#include "one_case.h"
#include "paths.h"
#include "result.h"
#include "table.h"

/*
 * A complete result with its path, and with the reason where it is not to be taken; or NULL:
 * whatever else lies in the directory is no matter.
 */
static json_t *read_one(const char *path, struct kb_current *current)
{
	struct kb_error unsaid = { 0 };
	json_t *result = kb_result_read(path, &unsaid), *one;
	char *refused;

	if (!result || strcmp(kb_text(result, "status"), "complete") != 0) {
		json_decref(result);
		return NULL;
	}
	refused = kb_current_refuses(current, result, path);
	one = json_pack("{s:o, s:s, s:s?}", "result", result, "path", path, "refused", refused);
	free(refused);
	return one;
}

static int read_all(json_t *kept, DIR *dir, const char *directory, struct kb_current *current)
{
	struct dirent *entry;
	int bad = 0;

	while ((entry = readdir(dir))) {
		char *path = kb_path("%s/%s", directory, entry->d_name);
		json_t *one = NULL;

		if (kb_ends_with(entry->d_name, ".json"))
			one = read_one(path, current);
		if (one)
			bad |= json_array_append_new(kept, one);
		free(path);
	}
	return bad;
}

int kb_kept_read(json_t **kept, const char *directory, const struct kb_suite_files *suites,
		 struct kb_error *err)
{
	DIR *dir = directory ? opendir(directory) : NULL;
	struct kb_current current = { 0 };
	int ret = 0;

	*kept = json_array();
	if (directory && !dir && errno != ENOENT)
		return kb_fail(err, KB_EXIT_USAGE, "-o %s: %s; give a directory for the results",
			       directory, strerror(errno));
	if (dir)
		ret = kb_current_find(&current, suites, err);
	if (!ret && (!*kept || (dir && read_all(*kept, dir, directory, &current))))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	kb_current_free(&current);
	if (dir)
		closedir(dir);
	return ret;
}

static bool is_made_by(const json_t *result, const struct kb_words *command)
{
	const json_t *words = json_object_get(result, "command");

	if (json_array_size(words) != command->nr)
		return false;
	for (size_t i = 0; i < command->nr; i++) {
		const char *word = json_string_value(json_array_get(words, i));

		if (!word || strcmp(word, command->items[i]) != 0)
			return false;
	}
	return true;
}

/* Said once, where it would have been taken. */
static bool is_refused(json_t *one, bool quiet)
{
	const char *reason = kb_text(one, "refused");

	if (!*reason)
		return false;
	if (!quiet && !json_object_get(one, "said"))
		kb_note("%s is not taken: %s", kb_text(one, "path"), reason);
	json_object_set_new(one, "said", json_true());
	return true;
}

/* The result in @one, if @command has made it and @wanted is measured in it; else NULL. */
static json_t *take(json_t *one, const struct kb_words *command, const char *wanted, bool quiet)
{
	json_t *result = json_object_get(one, "result");
	struct kb_error unsaid = { 0 };

	if (!is_made_by(result, command) || kb_one_case_check(result, "", wanted, &unsaid))
		return NULL;
	return is_refused(one, quiet) ? NULL : result;
}

static const char *experiment_of(const json_t *result)
{
	return kb_text(json_object_get(result, "experiment"), "id");
}

static bool find(const json_t *kept, const struct kb_words *command, const char *experiment,
		 const char *wanted, bool quiet, json_t **found)
{
	json_t *one, *result;
	size_t i;

	json_array_foreach(kept, i, one) {
		result = json_object_get(one, "result");
		if (strcmp(experiment_of(result), experiment) != 0 ||
		    !(result = take(one, command, wanted, quiet)))
			continue;
		*found = json_incref(result);
		return true;
	}
	return false;
}

bool kb_kept_find(const json_t *kept, const struct kb_words *commands, size_t nr,
		  const char *wanted, bool quiet, json_t **results)
{
	json_t *one, *result;
	size_t i;

	if (nr == 1)
		return find(kept, &commands[0], "", wanted, quiet, &results[0]);
	json_array_foreach(kept, i, one) {
		const char *experiment = experiment_of(json_object_get(one, "result"));

		if (!*experiment || !(result = take(one, &commands[1], wanted, quiet)) ||
		    !find(kept, &commands[0], experiment, wanted, quiet, &results[0]))
			continue;
		results[1] = json_incref(result);
		return true;
	}
	return false;
}
