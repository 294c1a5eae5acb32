// SPDX-License-Identifier: GPL-2.0
#include "samples.h"

#include <math.h>
#include <sha2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "paths.h"
#include "result_parts.h"
#include "stats.h"

/* Level 3 is zstd's own default; samples shrink little more at higher ones. */
#define LEVEL	3

/*
 * Where text goes in and a compressed file comes out.
 * @out: buffer of @out_size bytes between compressor and file
 */
struct stream {
	struct kb_outfile	*file;
	ZSTD_CCtx		*zstd;
	SHA2_CTX		hash;
	void			*out;
	size_t			out_size;
	struct kb_error		*err;
};

char *kb_samples_path(const char *path)
{
	return kb_path_beside(path, ".samples.jsonl.zst");
}

static int fail_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT,
		       "out of memory while writing the samples: measure fewer cases at a time");
}

static int stream_open(struct stream *stream, struct kb_outfile *file, struct kb_error *err)
{
	memset(stream, 0, sizeof(*stream));
	stream->file = file;
	stream->err = err;
	stream->out_size = ZSTD_CStreamOutSize();
	stream->out = malloc(stream->out_size);
	stream->zstd = ZSTD_createCCtx();
	if (!stream->out || !stream->zstd)
		return fail_memory(err);
	ZSTD_CCtx_setParameter(stream->zstd, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(stream->zstd, ZSTD_c_checksumFlag, 1);
	SHA256Init(&stream->hash);
	return 0;
}

static void stream_free(struct stream *stream)
{
	ZSTD_freeCCtx(stream->zstd);
	free(stream->out);
}

/* Compress @size bytes; with ZSTD_e_end also finish the frame. */
static int stream_put(struct stream *stream, const char *data, size_t size, ZSTD_EndDirective mode)
{
	ZSTD_inBuffer in = { data, size, 0 };
	size_t left;

	do {
		ZSTD_outBuffer out = { stream->out, stream->out_size, 0 };

		left = ZSTD_compressStream2(stream->zstd, &out, &in, mode);
		if (ZSTD_isError(left))
			return kb_fail(stream->err, KB_EXIT_ENVIRONMENT,
				       "cannot compress the samples: %s", ZSTD_getErrorName(left));
		if (out.pos && kb_outfile_write(stream->file, out.dst, out.pos, stream->err))
			return -1;
		SHA256Update(&stream->hash, out.dst, out.pos);
	} while (in.pos < in.size || (mode == ZSTD_e_end && left));
	return 0;
}

/* jansson's callback: its text goes into the compressor as it is made. */
static int put_text(const char *text, size_t size, void *stream)
{
	return stream_put(stream, text, size, ZSTD_e_continue);
}

/* The columns of a line, in the order of the array that make_columns() fills. */
static const char *const column_names[] = {
	"worker", "cpu_start", "cpu_end", "ops", "value", "flags",
};

#define NR_COLUMNS	(sizeof(column_names) / sizeof(column_names[0]))

static int append_sample(json_t *const columns[], const struct kb_series *series, size_t i,
			 double scale, uint32_t label)
{
	return json_array_append_new(columns[0], json_integer(series->worker)) ||
	       json_array_append_new(columns[1], json_integer(series->cpu_start[i])) ||
	       json_array_append_new(columns[2], json_integer(series->cpu_end[i])) ||
	       json_array_append_new(columns[3], json_integer((json_int_t)series->ops[i])) ||
	       json_array_append_new(columns[4], json_real((double)series->value[i] * scale)) ||
	       json_array_append_new(columns[5], json_integer(series->flags[i] | label));
}

/* Add the samples of a worker; those that count before @begin are warm-up. */
static int append_series(json_t *const columns[], const struct kb_series *series, size_t begin,
			 double scale)
{
	for (size_t i = 0; i < series->nr; i++) {
		bool warmup = i < begin && kb_sample_counts(series, i);

		if (append_sample(columns, series, i, scale, warmup ? KB_SAMPLE_WARMUP : 0))
			return -1;
	}
	return 0;
}

/*
 * Add the columns of @phase to @line. A clock that stood still has no scale: then values are ticks.
 * Return: samples added, or -1 when out of memory.
 */
static long add_columns(json_t *line, const struct kb_measured *measured, const char *unit,
			unsigned int phase)
{
	bool scaled = isfinite(measured->unit_per_tick) && measured->unit_per_tick > 0;
	struct kb_summary summary = { 0 };
	json_t *columns[NR_COLUMNS];
	size_t worker = 0;
	bool judged;
	long nr = 0;

	if (json_object_set_new(line, "unit", json_string(scaled ? unit : "tick")))
		return -1;
	for (size_t c = 0; c < NR_COLUMNS; c++) {
		columns[c] = json_array();
		if (json_object_set_new(line, column_names[c], columns[c]))
			return -1;
	}
	judged = measured->status == KB_CASE_OK && !kb_summarize(&summary, measured, phase);
	for (size_t s = 0; s < measured->nr_series && nr >= 0; s++) {
		const struct kb_series *series = &measured->series[s];
		size_t begin;

		if (series->phase != phase)
			continue;
		begin = judged ? summary.workers[worker++].begin : 0;
		if (append_series(columns, series, begin, scaled ? measured->unit_per_tick : 1))
			nr = -1;
		else
			nr += (long)series->nr;
	}
	kb_summary_free(&summary);
	return nr;
}

static int append_count(json_t *value, json_t *running, const struct kb_counts *counts, size_t i)
{
	double part = kb_counts_running(counts, i);

	return json_array_append_new(value, json_integer((json_int_t)counts->value[i])) ||
	       json_array_append_new(running, json_real(part));
}

/* The columns of counter number @counter: all workers have it, or none. Return: 0 or -1 */
static int add_counter(json_t *object, const char *name, const struct kb_measured *measured,
		       unsigned int phase, unsigned int counter)
{
	json_t *value = json_array(), *running = json_array();
	int bad = json_object_set_new(object, name, json_pack("{s:o, s:o}", "value", value,
							      "running", running));

	for (size_t s = 0; !bad && s < measured->nr_series; s++) {
		const struct kb_series *series = &measured->series[s];

		if (series->phase != phase)
			continue;
		for (size_t i = 0; !bad && i < series->nr; i++)
			bad = append_count(value, running, &series->counts[counter], i);
	}
	return bad ? -1 : 0;
}

static int add_counters(json_t *line, const struct kb_counters *counters,
			const struct kb_measured *measured, unsigned int phase)
{
	json_t *object;

	if (!counters->nr)
		return 0;
	object = json_object();
	if (json_object_set_new(line, "counters", object))
		return -1;
	for (unsigned int i = 0; i < counters->nr; i++)
		if (!measured->missing[i] &&
		    add_counter(object, counters->list[i].name, measured, phase, i))
			return -1;
	return 0;
}

static int put_line(struct stream *stream, const struct kb_counters *counters,
		    const struct kb_case *kcase, const struct kb_boot *boot, unsigned int phase)
{
	const struct kb_measured *measured = &boot->measured[kcase->id];
	json_t *line = kb_result_case_key(kcase, phase);
	long nr = -1;
	int ret = 0;

	if (line && !json_object_set_new(line, "case", json_integer(kcase->id)) &&
	    !json_object_set_new(line, "boot", json_integer(boot->index)))
		nr = add_columns(line, measured, boot->unit, phase);
	if (nr > 0 && add_counters(line, counters, measured, phase))
		nr = -1;
	if (nr < 0)
		ret = fail_memory(stream->err);
	else if (nr)
		ret = json_dump_callback(line, put_text, stream,
					 JSON_COMPACT | JSON_REAL_PRECISION(17)) ||
		      put_text("\n", 1, stream);
	json_decref(line);
	/* The stream has told its own errors; this is jansson's only other one. */
	return ret ? fail_memory(stream->err) : 0;
}

static int put_boot(struct stream *stream, const struct kb_plan *plan, const struct kb_boot *boot)
{
	for (size_t i = 0; i < plan->nr_cases && i < boot->nr_measured; i++) {
		unsigned int nr_phases = kb_result_nr_phases(&plan->cases[i]);

		for (unsigned int phase = 0; phase < nr_phases; phase++)
			if (put_line(stream, &plan->counters, &plan->cases[i], boot, phase))
				return -1;
	}
	return 0;
}

int kb_samples_write(struct kb_outfile *file, const struct kb_plan *plan,
		     const struct kb_boot *boots, size_t nr_boots, char sha256[KB_SHA256_HEX],
		     struct kb_error *err)
{
	struct stream stream;
	int ret = stream_open(&stream, file, err);

	for (size_t i = 0; !ret && i < nr_boots; i++)
		ret = put_boot(&stream, plan, &boots[i]);
	if (!ret)
		ret = stream_put(&stream, NULL, 0, ZSTD_e_end);
	if (!ret)
		SHA256End(&stream.hash, sha256);
	stream_free(&stream);
	return ret;
}
