/* SPDX-License-Identifier: GPL-2.0 */
/* Result files, kbench-result/1: written here, read here, described by docs/result.schema.json. */
#ifndef KB_RESULT_H
#define KB_RESULT_H

#include <jansson.h>
#include <stdbool.h>

#include "boot.h"
#include "plan.h"
#include "uuid.h"

#define KB_RESULT_SCHEMA	"kbench-result/1"

/**
 * struct kb_experiment - boots of several kernels, interleaved in blocks of one boot each
 * @id:   common to their results; empty: there is no experiment
 * @seed: of the order within the blocks
 */
struct kb_experiment {
	char		id[KB_UUID_LEN];
	unsigned int	seed;
};

/** struct kb_run_facts - what the caller of a run knows beside its boots */
struct kb_run_facts {
	int		argc;
	char		**argv;
	char		started[32];
	char		finished[32];
	bool		partial;
	const char	*error;		/* NULL, or the error that ended the run */
	json_t		*environment;	/* the target's facts; borrowed */
	struct kb_experiment experiment;
};

/** kb_experiment_begin() - a new one, with an order by @seed */
void kb_experiment_begin(struct kb_experiment *experiment, unsigned int seed);

/** kb_result_build() - the result object; NULL when out of memory */
json_t *kb_result_build(const struct kb_plan *plan, const struct kb_boot *boots, size_t nr_boots,
			const struct kb_run_facts *facts);

/**
 * kb_result_write() - @result to @path and its samples beside it (NAME.samples.jsonl.zst)
 * Each to a temporary name, fsync, rename, fsync of the directory; on failure nothing is left.
 * Adds "samples" to @result. Exit code of errors: KB_EXIT_ENVIRONMENT.
 */
int kb_result_write(json_t *result, const struct kb_plan *plan, const struct kb_boot *boots,
		    size_t nr_boots, const char *path, struct kb_error *err);

/** kb_result_read() - parse and check @path; NULL with KB_EXIT_USAGE when it is no result file */
json_t *kb_result_read(const char *path, struct kb_error *err);

/**
 * kb_result_read_lean() - the same for readers of many boots or files: of cases[] only what
 * result_lean.h names is there, and equal values may be one object, so they are not to be changed
 * Refuses what kb_result_read() refuses, with its words.
 */
json_t *kb_result_read_lean(const char *path, struct kb_error *err);

/**
 * struct kb_result_name - what the name of a result file is made of: WHAT-RELEASE[-TREE]-TIME
 * @what:    was run
 * @release: of the kernel
 * @tree:    NULL, or the directory's name that the kernel was built in
 * @taken:   paths that results of the same run are going to have; NULL among them are none
 */
struct kb_result_name {
	const char		*what;
	const char		*release;
	const char		*tree;
	const char *const	*taken;
	size_t			nr_taken;
};

/**
 * kb_result_path() - where a run goes: a free name under results/ (-o absent), in a directory, or
 * the file itself. Checks that it can be written before anything is measured. @path is malloc()ed.
 * @output: value of -o or NULL. @nr_files: results that the run will write.
 * A directory that a run makes itself is not there yet: kb_result_make_place().
 */
int kb_result_path(char **path, const char *output, const struct kb_result_name *name,
		   size_t nr_files, struct kb_error *err);

/** kb_result_make_place() - the directory that kb_result_path() has chosen, before it is used */
void kb_result_make_place(const char *path);

/** kb_result_count() - how many entries of cases[] have that status ("ok", "skipped", "failed") */
size_t kb_result_count(const json_t *result, const char *status);

/** kb_result_table() - print the table of a result on stdout */
int kb_result_table(const json_t *result, struct kb_error *err);

#endif
