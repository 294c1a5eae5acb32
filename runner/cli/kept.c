// SPDX-License-Identifier: GPL-2.0
#include "kept.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "one_case.h"
#include "paths.h"
#include "result.h"
#include "table.h"

#ifndef KBENCH_COMMIT
#define KBENCH_COMMIT	"unknown"
#endif

static bool is_older(const char *path, const struct kb_suite_files *suites)
{
	struct stat result, suite;

	if (stat(path, &result))
		return true;
	for (size_t i = 0; i < suites->nr; i++)
		if (stat(suites->files[i].path, &suite) || result.st_mtime <= suite.st_mtime)
			return true;
	return false;
}

/* A result of this kbench, or NULL: whatever else lies in the directory is no matter. */
static json_t *read_one(const char *path)
{
	struct kb_error unsaid = { 0 };
	json_t *result = kb_result_read(path, &unsaid);

	if (result && !strcmp(kb_text(result, "status"), "complete") &&
	    !strcmp(kb_text(json_object_get(result, "kbench"), "commit"), KBENCH_COMMIT))
		return result;
	json_decref(result);
	return NULL;
}

int kb_kept_read(json_t **kept, const char *directory, const struct kb_suite_files *suites,
		 struct kb_error *err)
{
	DIR *dir = directory ? opendir(directory) : NULL;
	struct dirent *entry;

	*kept = json_array();
	if (directory && !dir && errno != ENOENT)
		return kb_fail(err, KB_EXIT_USAGE, "-o %s: %s; give a directory for the results",
			       directory, strerror(errno));
	while (dir && (entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);
		char *path = kb_path("%s/%s", directory, entry->d_name);
		json_t *result = NULL;

		if (length > 5 && !strcmp(entry->d_name + length - 5, ".json") &&
		    !is_older(path, suites))
			result = read_one(path);
		if (result)
			json_array_append_new(*kept, result);
		free(path);
	}
	if (dir)
		closedir(dir);
	return *kept ? 0 : kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
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

static bool holds(const json_t *result, const struct kb_words *command, const char *wanted)
{
	struct kb_error unsaid = { 0 };

	return is_made_by(result, command) && !kb_one_case_check(result, "", wanted, &unsaid);
}

static const char *experiment_of(const json_t *result)
{
	return kb_text(json_object_get(result, "experiment"), "id");
}

static bool find(const json_t *kept, const struct kb_words *command, const char *experiment,
		 const char *wanted, json_t **found)
{
	json_t *result;
	size_t i;

	json_array_foreach(kept, i, result) {
		if (strcmp(experiment_of(result), experiment) != 0 ||
		    !holds(result, command, wanted))
			continue;
		*found = json_incref(result);
		return true;
	}
	return false;
}

bool kb_kept_find(const json_t *kept, const struct kb_words *commands, size_t nr,
		  const char *wanted, json_t **results)
{
	json_t *result;
	size_t i;

	if (nr == 1)
		return find(kept, &commands[0], "", wanted, &results[0]);
	json_array_foreach(kept, i, result) {
		const char *experiment = experiment_of(result);

		if (!*experiment || !holds(result, &commands[1], wanted) ||
		    !find(kept, &commands[0], experiment, wanted, &results[0]))
			continue;
		results[1] = json_incref(result);
		return true;
	}
	return false;
}
