// SPDX-License-Identifier: GPL-2.0
/* Brings a result and its samples to the disk: both files, or neither. */
#include "result.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "outfile.h"
#include "samples.h"

static int fail_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT,
		       "out of memory while writing the result: measure fewer cases at a time");
}

/* "samples": { "file": its name without directory, "sha256": of the compressed file } */
static int set_samples(json_t *result, const char *path, const char *sha256, struct kb_error *err)
{
	char *copy = strdup(path);
	int bad = !copy || json_object_set_new(result, "samples",
					       json_pack("{s:s, s:s}", "file", basename(copy),
							 "sha256", sha256));

	free(copy);
	return bad ? fail_memory(err) : 0;
}

static int write_samples(struct kb_outfile *file, json_t *result, const struct kb_plan *plan,
			 const struct kb_boot *boots, size_t nr_boots, const char *path,
			 struct kb_error *err)
{
	char *samples_path = kb_samples_path(path);
	char sha256[KB_SHA256_HEX];
	int ret;

	if (!samples_path)
		return fail_memory(err);
	ret = kb_outfile_open(file, samples_path, err) ||
	      kb_samples_write(file, plan, boots, nr_boots, sha256, err) ||
	      set_samples(result, samples_path, sha256, err) ||
	      kb_outfile_sync(file, err);
	free(samples_path);
	return ret ? -1 : 0;
}

static int write_json(struct kb_outfile *file, const json_t *result, const char *path,
		      struct kb_error *err)
{
	char *text = json_dumps(result, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
	int ret;

	if (!text)
		return fail_memory(err);
	ret = kb_outfile_open(file, path, err) ||
	      kb_outfile_write(file, text, strlen(text), err) ||
	      kb_outfile_write(file, "\n", 1, err) ||
	      kb_outfile_sync(file, err);
	free(text);
	return ret ? -1 : 0;
}

/* The samples first: whoever finds the result finds them too. */
static int rename_both(struct kb_outfile *samples, struct kb_outfile *json, struct kb_error *err)
{
	int ret = kb_outfile_rename(samples, err);

	/* One that has its name, but no synced directory, is there. */
	if (ret && *samples->temp)
		return -1;
	if (!kb_outfile_rename(json, err))
		return ret;
	if (*json->temp)
		unlink(samples->path);
	return -1;
}

int kb_result_write(json_t *result, const struct kb_plan *plan, const struct kb_boot *boots,
		    size_t nr_boots, const char *path, struct kb_error *err)
{
	struct kb_outfile samples = { .fd = -1 }, json = { .fd = -1 };
	int ret;

	kb_result_make_place(path);
	ret = write_samples(&samples, result, plan, boots, nr_boots, path, err) ||
	      write_json(&json, result, path, err) ||
	      rename_both(&samples, &json, err);
	kb_outfile_close(&samples);
	kb_outfile_close(&json);
	return ret ? -1 : 0;
}
