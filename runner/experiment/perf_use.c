// SPDX-License-Identifier: GPL-2.0
#include "perf_use.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"

#define SUFFIX	".perf"

int kb_perf_use_check(const struct kb_run_options *options, struct kb_error *err)
{
	if (!options->request.perf || options->target != KB_TARGET_HOST ||
	    (options->boots < 2 && !options->until))
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "--perf looks at the boot that the machine is in: leave "
		       "out --boots and --until");
}

/* Counters of the kernel's own, unless the user has chosen some. */
static int stand_in(struct kb_job *job, struct kb_request *request, struct kb_error *err)
{
	const struct kb_perf *perf = request->perf;
	bool chosen = request->counters.nr > 0;
	char *text;
	int ret = 0;

	request->perf = NULL;
	if (!chosen)
		ret = kb_counters_parse(&request->counters, perf->counters, err);
	text = kb_path("perf cannot go into a guest: counters stand in for perf %s (%s)",
		       perf->name, chosen ? "those of --counters" : perf->counters);
	if (!ret && kb_job_warn(job, text))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	free(text);
	return ret;
}

int kb_perf_use_settle(struct kb_job *job, const struct kb_run_options *options,
		       struct kb_request *request, struct kb_error *err)
{
	const struct kb_perf *perf = options->request.perf;
	char *text;
	int bad;

	request->perf = options->no_result ? NULL : perf;
	if (!request->perf)
		return 0;
	if (!job->target->ops->check_perf)
		return stand_in(job, request, err);
	if (job->target->ops->check_perf(job->target, perf->name, err))
		return -1;
	text = kb_path("perf %s is at work beside the cases: it disturbs what it looks at",
		       perf->name);
	bad = json_object_set_new(job->environment, "perf", json_string(perf->name)) ||
	      kb_job_warn(job, text);
	free(text);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory") : 0;
}

/* A directory of this run's own until there is a result: what failed leaves nothing. */
int kb_perf_use_begin(struct kb_job *job, struct kb_error *err)
{
	if (!job->plan.perf || !job->path)
		return 0;
	job->perf_dir = kb_path("%s-XXXXXX", job->path);
	if (mkdtemp(job->perf_dir)) {
		job->target->perf_dir = job->perf_dir;
		return 0;
	}
	kb_fail(err, KB_EXIT_ENVIRONMENT, "no directory for perf's files: %s: %s", job->perf_dir,
		strerror(errno));
	free(job->perf_dir);
	job->perf_dir = NULL;
	return -1;
}

void kb_perf_use_name(const struct kb_job *job, json_t *result)
{
	char *dir = kb_path_beside(job->path, SUFFIX);
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry) {
		json_t *perf = json_object_get(entry, "perf");
		const char *name = json_string_value(json_object_get(perf, "file"));
		char *here, *there;

		if (!name)
			continue;
		/* Another machine's did not come when the connection broke. */
		here = kb_path("%s/%s", job->perf_dir ? job->perf_dir : "", name);
		there = kb_path("%s/%s", basename(dir), name);
		if (!job->perf_dir || !kb_exists(here) ||
		    json_object_set_new(perf, "file", json_string(there)))
			json_object_del(perf, "file");
		free(there);
		free(here);
	}
	free(dir);
}

/* "12.data", "12.txt" */
static bool is_own(const char *name)
{
	size_t digits = strspn(name, "0123456789");

	return digits && (!strcmp(name + digits, ".data") || !strcmp(name + digits, ".txt"));
}

/* Files of an earlier run that had the same result. What is not ours stays. */
static void remove_own(const char *dir)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;

	while (stream && (entry = readdir(stream)))
		if (is_own(entry->d_name))
			unlinkat(dirfd(stream), entry->d_name, 0);
	if (stream)
		closedir(stream);
}

/* The data and the report that belong to a case's @file. Return: how many; -1 with errno */
static int move_case(const char *from, const char *to, const char *file)
{
	static const char *const ends[] = { ".data", ".txt" };
	int digits = (int)strspn(file, "0123456789"), nr = 0;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]) && nr >= 0; i++) {
		char *old = kb_path("%s/%.*s%s", from, digits, file, ends[i]);
		char *new = kb_path("%s/%.*s%s", to, digits, file, ends[i]);

		/* Another phase of the case has it already. */
		if (kb_exists(old))
			nr = rename(old, new) ? -1 : nr + 1;
		free(new);
		free(old);
	}
	return nr;
}

/* Files of a case that came to no figures belong to nothing. Return: how many; -1 with errno */
static int move_files(const struct kb_job *job, const json_t *result, const char *dir)
{
	const json_t *entry;
	int nr = 0, more = 0;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry) {
		const json_t *perf = json_object_get(entry, "perf");
		const char *file = json_string_value(json_object_get(perf, "file"));

		if (file)
			more = move_case(job->perf_dir, dir, basename(file));
		if (more < 0)
			return -1;
		nr += more;
		more = 0;
	}
	return nr;
}

char *kb_perf_use_keep(const struct kb_job *job, const json_t *result)
{
	char *dir = kb_path_beside(job->path, SUFFIX);
	int nr = 0;

	remove_own(dir);
	/* perf's data tell where a kernel is in memory: they are for their owner alone. */
	if (job->perf_dir && (!mkdir(dir, 0700) || errno == EEXIST))
		nr = move_files(job, result, dir);
	else if (job->perf_dir)
		nr = -1;
	if (nr > 0)
		return dir;
	if (nr < 0)
		kb_note("perf's files are not kept: %s: %s", dir, strerror(errno));
	else
		rmdir(dir);
	free(dir);
	return NULL;
}

void kb_perf_use_drop(struct kb_job *job)
{
	if (!job->perf_dir)
		return;
	if (job->target)
		job->target->perf_dir = NULL;
	kb_remove_tree(job->perf_dir);
	free(job->perf_dir);
	job->perf_dir = NULL;
}
