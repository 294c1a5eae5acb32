// SPDX-License-Identifier: GPL-2.0
/* kbench export: result files in the formats of other tools. */
#include <argp.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "export.h"
#include "export_name.h"
#include "outfile.h"
#include "parallel.h"
#include "paths.h"
#include "plain_text.h"
#include "result_files.h"
#include "table.h"
#include "which_case.h"

/* @format, @output, @only, @paths: point into argv; @output: NULL for stdout */
struct options {
	const char	*format;
	const char	*output;
	const char	*only;
	char		**paths;
	int		nr_paths;
	struct kb_error	*err;
};

/*
 * What is written, and what takes it.
 * @names: of all cases there are, if one was asked for
 * @known: id of a result to its file
 */
struct job {
	const struct options		*options;
	const struct kb_export_format	*format;
	struct kb_export		export;
	json_t				*names;
	json_t				*known;
};

static const struct argp_option argp_options[] = {
	{ "format", 'f', "FORMAT", 0, "one of those below", 0 },
	{ "output", 'o', "FILE", 0, "write to a file; by default to standard output", 0 },
	{ "case", 'c', "CASE", 0, "this case alone, as kbench compare names it: 'locks/mutex cs=0 "
	  "8 CPUs'", 0 },
	{ 0 },
};

static int usage(const struct options *options, const char *what)
{
	kb_fail(options->err, KB_EXIT_USAGE, "%s, as in 'kbench export results/NAME.json --format "
		"csv'", what);
	return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'f':
		options->format = arg;
		return 0;
	case 'o':
		options->output = arg;
		return 0;
	case 'c':
		options->only = arg;
		return 0;
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		options->nr_paths = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		return usage(options, "which results? give files written by kbench run, or a "
				      "directory of them");
	case ARGP_KEY_END:
		return options->format ? 0 : usage(options, "which format? give --format");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char doc[] = "Write result files in the formats of other tools.\v";

static const char after[] =
	"A directory stands for the results in it. Several results are told apart by their "
	"kernels' names.\n\n"
	"Times are in the unit that the format's readers expect; counted instructions are called "
	"instructions everywhere. What was emulated says so wherever a format has a place for it. "
	"Cases that were skipped or failed are in the formats that can say it.";

/* The table of formats stands in the help. */
static char *help_filter(int key, const char *text, void *input)
{
	char *whole = NULL;
	size_t size;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	out = open_memstream(&whole, &size);
	if (!out)
		return (char *)text;
	fputs("Formats:\n", out);
	for (const struct kb_export_format *f = kb_export_formats; f->name; f++)
		fprintf(out, "  %-18s%s\n", f->name, f->help);
	fprintf(out, "\n%s", after);
	fclose(out);
	return whole;
}

const struct argp kb_export_argp = {
	.options = argp_options,
	.parser = parse,
	.args_doc = "FILE|DIRECTORY...",
	.doc = doc,
	.help_filter = help_filter,
};

static void note_broken(const struct kb_export_result *of, const char *path)
{
	char *plain = of->broken ? kb_plain_text(of->broken) : NULL;

	if (of->broken)
		kb_note("%s is of a run that is not complete: %s", path, plain ? plain : "");
	free(plain);
}

static int add_result(void *ctx, const char *path, int argument, json_t *result)
{
	struct job *job = ctx;
	const char *known = kb_text(job->known, kb_text(result, "id"));
	const json_t *entry;
	size_t i;

	(void)argument;
	if (*known) {
		kb_note("%s is left out: it is the result %s once more", path, known);
		return 0;
	}
	if (json_object_set_new(job->known, kb_text(result, "id"), json_string(path)))
		return kb_fail(job->options->err, KB_EXIT_ENVIRONMENT, "out of memory");
	json_array_foreach(json_object_get(result, "cases"), i, entry)
		if (job->options->only)
			kb_case_names_add(job->names, entry);
	if (kb_export_add(&job->export, result, job->options->only, job->options->err))
		return -1;
	note_broken(&job->export.results[job->export.nr - 1], path);
	return 0;
}

static int read_results(struct job *job)
{
	const struct options *options = job->options;
	json_t *ignored = json_array(), *text;
	int ret = kb_result_files_whole(options->paths, options->nr_paths, ignored, add_result,
					job, options->err);
	size_t i;

	json_array_foreach(ignored, i, text)
		kb_note("%s", json_string_value(text));
	json_decref(ignored);
	if (!ret && kb_export_label(&job->export))
		ret = kb_fail(options->err, KB_EXIT_ENVIRONMENT, "out of memory");
	return ret;
}

/* Is there anything that the format can say? */
static int check_content(const struct job *job)
{
	const struct options *options = job->options;
	const struct kb_export *export = &job->export;
	size_t without = export->nr_cases - export->measured;

	if (!export->nr_cases && options->only)
		return kb_case_none(job->names, "these results have", options->only,
				    options->err);
	if (!export->nr_cases)
		return kb_fail(options->err, KB_EXIT_USAGE, "there is no case in %s%s: nothing to "
			       "export", options->paths[0],
			       options->nr_paths > 1 ? " and the others" : "");
	if (job->format->says_skipped || (!without && !export->halved))
		return 0;
	if (!export->measured)
		return kb_fail(options->err, KB_EXIT_USAGE, "no case was measured in %s%s, and %s "
			       "has no place for what was skipped or failed: csv has",
			       options->paths[0], options->nr_paths > 1 ? " and the others" : "",
			       job->format->name);
	if (without)
		kb_note("left out: %zu case%s without figures, which have no place in %s", without,
			without == 1 ? "" : "s", job->format->name);
	if (export->halved)
		kb_note("%zu case%s failed in some boots, which has no place in %s: csv has",
			export->halved, export->halved == 1 ? "" : "s", job->format->name);
	return 0;
}

/* A reader that has seen enough is no error. */
static int put_stdout(const char *text, size_t size, struct kb_error *err)
{
	if ((fwrite(text, 1, size, stdout) != size || fflush(stdout)) && errno != EPIPE)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot write to standard output: %s",
			       strerror(errno));
	return 0;
}

static int put_file(const char *path, const char *text, size_t size, struct kb_error *err)
{
	struct kb_outfile file;
	int ret = kb_outfile_open(&file, path, err) || kb_outfile_write(&file, text, size, err) ||
		  kb_outfile_sync(&file, err) || kb_outfile_rename(&file, err);

	kb_outfile_close(&file);
	return ret ? -1 : 0;
}

/*
 * Nothing is written before all of it is known.
 * @kcase: NULL: everything. @path: NULL: stdout. @many: it is one of many files: waiting for the
 * disk to have each would take longer than all else
 */
static int put(const struct job *job, const struct kb_export_case *kcase, const char *path,
	       bool many, struct kb_error *err)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int ret;

	if (!out)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	/* Formats write letter by letter, and nobody else has the stream. */
	__fsetlocking(out, FSETLOCKING_BYCALLER);
	ret = kcase ? job->format->write_case(out, kcase, err) :
		      job->format->write(out, &job->export, err);
	if (fclose(out) && !ret)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory: export fewer files");
	if (!ret && many)
		ret = kb_write_text(path, text, err);
	else if (!ret)
		ret = path ? put_file(path, text, size, err) : put_stdout(text, size, err);
	free(text);
	return ret;
}

/**
 * struct case_files - a file for each case that has something to write
 * @cases: them; @nr of them
 * @paths: of their files, where a directory takes them
 * @names: the same within it: an object of name to true
 * @lock:  of the error that is told
 */
struct case_files {
	const struct job		*job;
	const struct kb_export_case	**cases;
	size_t				nr;
	char				**paths;
	json_t				*names;
	pthread_mutex_t			lock;
};

static int find_cases(struct case_files *files)
{
	const struct kb_export *export = &files->job->export;

	files->cases = calloc(export->nr_cases + 1, sizeof(*files->cases));
	if (!files->cases)
		return kb_fail(files->job->options->err, KB_EXIT_ENVIRONMENT, "out of memory");
	for (size_t i = 0; i < export->nr; i++)
		for (size_t c = 0; c < export->results[i].nr; c++)
			if (files->job->format->has(&export->results[i].cases[c]))
				files->cases[files->nr++] = &export->results[i].cases[c];
	return 0;
}

/* "locks.mutex.cs-0.process.cpus8-6.12.117": two may be the same once "_" stands for all else. */
static char *name_of(const struct kb_export_case *kcase, json_t *names)
{
	char name[KB_ENTRY_NAME_LEN], *kernel = NULL, *whole;
	size_t size, number = 2;
	FILE *word = open_memstream(&kernel, &size);

	if (!word)
		return NULL;
	kb_export_dotted(name, kcase->entry, kcase->listed);
	kb_export_word(word, kcase->of->kernel);
	fclose(word);
	for (whole = kb_path("%s-%s", name, kernel); json_object_get(names, whole); number++) {
		free(whole);
		whole = kb_path("%s-%s-%zu", name, kernel, number);
	}
	free(kernel);
	if (!json_object_set_new(names, whole, json_true()))
		return whole;
	free(whole);
	return NULL;
}

static int name_files(struct case_files *files)
{
	const struct job *job = files->job;

	files->names = json_object();
	files->paths = calloc(files->nr, sizeof(*files->paths));
	for (size_t i = 0; files->names && files->paths && i < files->nr; i++) {
		char *name = name_of(files->cases[i], files->names);

		if (!name)
			break;
		files->paths[i] = kb_path("%s/%s.%s", job->options->output, name,
					  job->format->name);
		free(name);
		if (i + 1 == files->nr)
			return 0;
	}
	return kb_fail(job->options->err, KB_EXIT_ENVIRONMENT, "out of memory");
}

static int put_one(void *ctx, size_t i)
{
	struct case_files *files = ctx;
	struct kb_error err = { 0 };
	int ret = put(files->job, files->cases[i], files->paths[i], true, &err);

	if (!ret)
		return 0;
	pthread_mutex_lock(&files->lock);
	if (files->job->options->err->exit == KB_EXIT_OK)
		*files->job->options->err = err;
	pthread_mutex_unlock(&files->lock);
	return ret;
}

static int put_in_directory(struct case_files *files)
{
	return name_files(files) || kb_parallel(files->nr, put_one, files) ? -1 : 0;
}

static int put_found(struct case_files *files)
{
	const struct job *job = files->job;
	const struct options *options = job->options;

	if (!files->nr)
		return kb_fail(options->err, KB_EXIT_USAGE, "no case has a histogram of latencies, "
			       "which %s is made of: measure with 'kbench run --latency'",
			       job->format->name);
	if (options->output && kb_is_directory(options->output))
		return put_in_directory(files);
	if (files->nr > 1)
		return kb_fail(options->err, KB_EXIT_USAGE, "%s holds one case, and %zu have a "
			       "histogram: choose one with --case, or give -o a directory",
			       job->format->name, files->nr);
	return put(job, files->cases[0], options->output, false, options->err);
}

/* Formats of one case a file. */
static int put_cases(const struct job *job)
{
	struct case_files files = { .job = job, .lock = PTHREAD_MUTEX_INITIALIZER };
	int ret = find_cases(&files) || put_found(&files) ? -1 : 0;

	for (size_t i = 0; files.paths && i < files.nr; i++)
		free(files.paths[i]);
	free(files.paths);
	free(files.cases);
	json_decref(files.names);
	return ret;
}

/* "DIR/" is no file, and is not made. */
static int check_output(const struct options *options)
{
	if (!options->output || !kb_ends_with(options->output, "/") || kb_exists(options->output))
		return 0;
	return kb_fail(options->err, KB_EXIT_ENVIRONMENT, "there is no directory %s: make it with "
		       "mkdir", options->output);
}

static int export(const struct options *options)
{
	struct job job = { .options = options, .names = json_object(), .known = json_object() };
	int ret = -1;

	job.format = kb_export_format(options->format, options->err);
	if (job.format && !check_output(options) && !read_results(&job) && !check_content(&job))
		ret = job.format->write_case ? put_cases(&job) :
					       put(&job, NULL, options->output, false,
						   options->err);
	kb_export_free(&job.export);
	json_decref(job.names);
	json_decref(job.known);
	return ret;
}

int kb_cmd_export(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct options options = { .err = &err };
	int ret = kb_cli_parse(&kb_export_argp, argc, argv, &options, &err);

	if (ret > 0)
		return KB_EXIT_OK;
	if (!ret)
		export(&options);
	return kb_cli_report(&err);
}
