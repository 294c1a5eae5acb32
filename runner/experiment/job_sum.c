// SPDX-License-Identifier: GPL-2.0
#include "job_sum.h"

#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "paths.h"
#include "table.h"

#ifndef KBENCH_COMMIT
#define KBENCH_COMMIT	"unknown"
#endif

/* Whether a line of the modules' manifest is of a source that this plan's modules have. */
static bool is_of_plan(const struct kb_plan *plan, const char *line)
{
	if (strstr(line, " kbench/") || !strncmp(line, "build ", 6))
		return true;
	for (size_t i = 0; i < plan->nr_cases; i++) {
		char *name = kb_path("/%s", plan->cases[i].bench->suite);
		bool found = strstr(line, name) != NULL;

		free(name);
		if (found)
			return true;
	}
	return false;
}

/* What the modules were made of: the same sources make the same code. */
static void write_sources(const struct kb_job *job, FILE *file)
{
	const char *dir = job->target->module_dir;
	char *path = kb_path("%s/manifest", dir ? dir : ""), *line = NULL;
	FILE *manifest = dir ? fopen(path, "re") : NULL;
	size_t room = 0;

	while (manifest && getline(&line, &room, manifest) > 0)
		if (is_of_plan(&job->plan, line))
			fputs(line, file);
	free(line);
	if (manifest)
		fclose(manifest);
	free(path);
}

/* The machine, and on a host its kernel: releases are the same for builds that are not. */
static void write_machine(const struct kb_job *job, FILE *file)
{
	char *id = kb_read_text("/etc/machine-id", NULL);
	struct utsname uts;

	fprintf(file, "machine %s\n", id ? id : "");
	if (!strcmp(kb_text(job->environment, "target"), "host") && !uname(&uts))
		fprintf(file, "version %s\n", uts.version);
	free(id);
}

/* How it is measured; warnings are of the moment. */
static char *environment_text(const struct kb_job *job)
{
	json_t *copy = json_copy(job->environment);
	char *text;

	json_object_del(copy, "warnings");
	text = json_dumps(copy, JSON_SORT_KEYS | JSON_COMPACT);
	json_decref(copy);
	return text;
}

char *kb_job_sum(const struct kb_job *job)
{
	char *environment = environment_text(job);
	unsigned char *all = malloc(job->plan.nr_cases + 1);
	char *text = NULL, *sum = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	int bad = !all || !file;

	if (all)
		memset(all, 1, job->plan.nr_cases);
	if (!bad)
		bad = kb_plan_write(&job->plan, all, file);
	if (file) {
		fprintf(file, KBENCH_COMMIT "\n%s\n%s\n", job->target->kernel_release,
			environment ? environment : "");
		write_sources(job, file);
		write_machine(job, file);
		bad |= fclose(file);
	}
	if (!bad)
		sum = SHA256Data((const uint8_t *)text, length, NULL);
	free(text);
	free(all);
	free(environment);
	return sum;
}
