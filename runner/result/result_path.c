// SPDX-License-Identifier: GPL-2.0
/* Where a run's result goes, decided and tried before anything is measured. */
#include "result.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "outfile.h"
#include "paths.h"
#include "samples.h"

#define DEFAULT_DIRECTORY	"results"

/* Most of a file name's 255 bytes are for the user's words; the rest is time and suffixes. */
#define PART_LEN		64

static int fail_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
}

/* @text fit for a file name: letters, digits and . _ + - stay, runs of others become one '-'. */
static void plain_part(char part[PART_LEN], const char *text)
{
	size_t length = 0;

	for (; *text && length < PART_LEN - 1; text++) {
		if (strchr("._+-", *text) || ((*text | 32) >= 'a' && (*text | 32) <= 'z') ||
		    (*text >= '0' && *text <= '9'))
			part[length++] = *text;
		else if (length && part[length - 1] != '-')
			part[length++] = '-';
	}
	part[length] = '\0';
}

static bool is_taken(const struct kb_result_name *name, const char *path)
{
	for (size_t i = 0; i < name->nr_taken; i++)
		if (name->taken[i] && !strcmp(name->taken[i], path))
			return true;
	return false;
}

/* A name that neither a result nor its samples have yet: WHAT-RELEASE[-TREE]-TIME[-N].json */
static int free_name(char **path, const char *directory, const struct kb_result_name *name,
		     struct kb_error *err)
{
	size_t length = strlen(directory);
	const char *slash = length && directory[length - 1] == '/' ? "" : "/";
	char what[PART_LEN], release[PART_LEN], tree[PART_LEN], when[32], number[16] = "";
	time_t now = time(NULL);
	struct tm tm;

	plain_part(what, name->what);
	plain_part(release, name->release);
	plain_part(tree, name->tree ? name->tree : "");
	gmtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm);
	for (int i = 2; i < 10000; i++) {
		if (asprintf(path, "%s%s%s-%s%s%s-%s%s.json", directory, slash, what, release,
			     *tree ? "-" : "", tree, when, number) < 0) {
			*path = NULL;
			return fail_memory(err);
		}
		/* Whatever else is wrong with the directory, kb_outfile_check() will say it. */
		if (access(*path, F_OK) && !is_taken(name, *path))
			return 0;
		free(*path);
		*path = NULL;
		snprintf(number, sizeof(number), "-%d", i);
	}
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "no free name in %s: give another with -o",
		       directory);
}

/* @made: out: a directory that is new, or NULL */
static int choose(char **path, const char **made, const char *output,
		  const struct kb_result_name *name, size_t nr_files, struct kb_error *err)
{
	if (!output) {
		if (!mkdir(DEFAULT_DIRECTORY, 0777))
			*made = DEFAULT_DIRECTORY;
		else if (errno != EEXIST)
			return kb_fail(err, KB_EXIT_ENVIRONMENT,
				       "cannot make the directory %s here: %s; give a place that "
				       "can be written with -o", DEFAULT_DIRECTORY,
				       strerror(errno));
		return free_name(path, DEFAULT_DIRECTORY, name, err);
	}
	if (!*output)
		return kb_fail(err, KB_EXIT_USAGE, "-o wants a file or directory name");
	/* Several results have no other place, so it need not be there yet. */
	if (nr_files > 1 && !mkdir(output, 0777))
		*made = output;
	else if (nr_files > 1 && errno != EEXIST)
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "cannot make the directory %s: %s; give a place that can be "
			       "written with -o", output, strerror(errno));
	if (kb_is_directory(output))
		return free_name(path, output, name, err);
	if (output[strlen(output) - 1] == '/')
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "there is no directory %s: make it first (mkdir -p %s)", output,
			       output);
	if (nr_files > 1)
		return kb_fail(err, KB_EXIT_USAGE,
			       "%s is no directory, and this run writes %zu results: give -o a "
			       "directory", output, nr_files);
	*path = strdup(output);
	return *path ? 0 : fail_memory(err);
}

/* Both the result and the samples must be writable, or nothing is measured. */
static int check(const char *path, struct kb_error *err)
{
	char *samples = kb_samples_path(path);
	int ret;

	if (!samples)
		return fail_memory(err);
	ret = kb_outfile_check(path, err) || kb_outfile_check(samples, err);
	free(samples);
	return ret ? -1 : 0;
}

int kb_result_path(char **path, const char *output, const struct kb_result_name *name,
		   size_t nr_files, struct kb_error *err)
{
	const char *made = NULL;
	int ret;

	*path = NULL;
	ret = choose(path, &made, output, name, nr_files, err) || check(*path, err);
	/* A run that cannot begin after all leaves no directory behind. */
	if (made)
		rmdir(made);
	if (!ret)
		return 0;
	free(*path);
	*path = NULL;
	return -1;
}

void kb_result_make_place(const char *path)
{
	char *copy = kb_path("%s", path);

	/* Whatever goes wrong shows when something is to be written there. */
	mkdir(dirname(copy), 0777);
	free(copy);
}
