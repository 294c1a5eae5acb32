// SPDX-License-Identifier: GPL-2.0
/*
 * HdrHistogram's percentile distribution: the latencies of one case, all its boots together, at the
 * percentiles where that library's own output has lines: five to each half of the way that is left
 * to 100 %. Values are the middles of buckets, as all of kbench's percentiles, and the slowest op
 * is exact. What is said of the case stands at the end, where readers of the format pass over it.
 */
#include "export.h"

#include <math.h>
#include <stdlib.h>

#include "export_name.h"
#include "latency.h"
#include "plain_text.h"
#include "table.h"

#define TICKS_PER_HALF	5

/** Of operations; with more, a double cannot tell the percentiles near 1 from each other. */
#define MOST_OPS	((json_int_t)1 << 50)

/** struct bar - operations of about one latency; @below: with all that are faster */
struct bar {
	double		value;
	json_int_t	count;
	json_int_t	below;
};

/** struct distribution - @bars by value, those of all boots; the last is of the slowest op */
struct distribution {
	struct bar	*bars;
	size_t		nr;
	json_int_t	count;
	double		max;
};

bool kb_has_hgrm(const struct kb_export_case *kcase)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(kcase->entries, i, entry)
		if (json_object_get(entry, "histogram"))
			return true;
	return false;
}

static int damaged(const struct kb_export_case *kcase, const char *what, struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_USAGE, "the histogram of %.200s of kernel %.100s %s: give a "
		       "file written by kbench run", kcase->name, kcase->of->kernel, what);
}

/* Room for @more bars. */
static int grow(struct distribution *all, size_t more, struct kb_error *err)
{
	struct bar *bars = realloc(all->bars, (all->nr + more) * sizeof(*bars));

	if (!bars)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	all->bars = bars;
	return 0;
}

/* More than can be counted here, and more than anybody can have measured. */
static int too_many(const struct kb_export_case *kcase, struct kb_error *err)
{
	return damaged(kcase, "has more than 2^50 operations", err);
}

static void add_bar(struct distribution *all, double value, json_int_t count)
{
	if (count > 0)
		all->bars[all->nr++] = (struct bar){ .value = value, .count = count };
}

/* Sum of @counts, or MOST_OPS + 1 if it is more; or -1: they are not what the schema says. */
static json_int_t sum_of(const json_t *index, const json_t *counts)
{
	const json_t *number;
	json_int_t sum = 0;
	size_t i;

	if (!json_is_array(index) || json_array_size(index) != json_array_size(counts))
		return -1;
	json_array_foreach(index, i, number) {
		json_int_t bucket = json_integer_value(number);
		json_int_t count = json_integer_value(json_array_get(counts, i));

		if (!json_is_integer(number) || bucket < 0 || bucket >= KBENCH_HISTOGRAM_BUCKETS ||
		    count < 1)
			return -1;
		sum = count > MOST_OPS - sum ? MOST_OPS + 1 : sum + count;
	}
	return sum;
}

/* A boot whose buckets are in the file. */
static int add_buckets(struct distribution *all, const struct kb_export_case *kcase,
		       const json_t *histogram, struct kb_error *err)
{
	const json_t *buckets = json_object_get(histogram, "buckets"), *number;
	const json_t *index = json_object_get(buckets, "index");
	const json_t *counts = json_object_get(buckets, "count");
	json_int_t beyond = json_integer_value(json_object_get(histogram, "beyond"));
	double resolution = kb_export_number(histogram, "resolution");
	double max = kb_export_number(histogram, "max");
	json_int_t sum = sum_of(index, counts);
	size_t i;

	if (sum < 0 || beyond < 0 || !(resolution > 0))
		return damaged(kcase, "is not as the schema says", err);
	if (beyond > MOST_OPS - sum)
		return too_many(kcase, err);
	if (sum + beyond != json_integer_value(json_object_get(histogram, "count")))
		return damaged(kcase, "has another number of operations than its buckets", err);
	if (grow(all, json_array_size(index) + 1, err))
		return -1;
	json_array_foreach(index, i, number) {
		unsigned int bucket = (unsigned int)json_integer_value(number);

		add_bar(all, fmin(resolution * kb_bucket_middle(bucket), max),
			json_integer_value(json_array_get(counts, i)));
	}
	add_bar(all, max, beyond);
	return 0;
}

/* One that has but its percentiles: the ops between two of them are taken to be at the upper. */
static int add_percentiles(struct distribution *all, const struct kb_export_case *kcase,
			   const json_t *histogram, struct kb_error *err)
{
	static const struct {
		const char	*name;
		double		part;
	} known[] = {
		{ "p50", 0.5 }, { "p90", 0.9 }, { "p99", 0.99 }, { "p99_9", 0.999 }, { "max", 1 },
	};
	const size_t nr = sizeof(known) / sizeof(known[0]);
	double count = kb_export_number(histogram, "count");
	json_int_t before = 0;

	if (count > (double)MOST_OPS)
		return too_many(kcase, err);
	if (grow(all, nr, err))
		return -1;
	for (size_t i = 0; i < nr; i++) {
		json_int_t rank = (json_int_t)ceil(known[i].part * count);

		add_bar(all, kb_export_number(histogram, known[i].name), rank - before);
		before = rank;
	}
	return 0;
}

static int by_value(const void *a, const void *b)
{
	double x = ((const struct bar *)a)->value, y = ((const struct bar *)b)->value;

	return (x > y) - (x < y);
}

static int gather(struct distribution *all, const struct kb_export_case *kcase,
		  struct kb_error *err)
{
	const json_t *entry;
	size_t i;
	int ret = 0;

	json_array_foreach(kcase->entries, i, entry) {
		const json_t *histogram = json_object_get(entry, "histogram");

		if (ret || !histogram)
			continue;
		ret = json_object_get(histogram, "buckets") ?
		      add_buckets(all, kcase, histogram, err) :
		      add_percentiles(all, kcase, histogram, err);
		all->max = fmax(all->max, kb_export_number(histogram, "max"));
	}
	if (!ret && !all->nr)
		ret = damaged(kcase, "has no operation", err);
	if (ret)
		return ret;
	qsort(all->bars, all->nr, sizeof(*all->bars), by_value);
	for (i = 0; i < all->nr; i++) {
		if (all->bars[i].count > MOST_OPS - all->count)
			return too_many(kcase, err);
		all->count += all->bars[i].count;
		all->bars[i].below = all->count;
	}
	return 0;
}

/* How far it is from the percentile @part, 0 to below 1, to the next that has a line. */
static double step_from(double part)
{
	double halves = floor(log2(1 / (1 - part))) + 1;

	return 1 / (TICKS_PER_HALF * exp2(halves));
}

static void write_lines(FILE *out, const struct distribution *all)
{
	double next, part = 0;
	size_t at = 0;

	fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
		"1/(1-Percentile)");
	for (;; part = next) {
		double rank = ceil(part * (double)all->count);

		while ((double)all->bars[at].below < rank)
			at++;
		if (all->bars[at].below == all->count)
			break;
		fprintf(out, "%12.3f %2.12f %10" JSON_INTEGER_FORMAT " %14.2f\n",
			all->bars[at].value, part, all->bars[at].below, 1 / (1 - part));
		next = part + step_from(part);
		/* Closer to 1 there is no number. */
		if (next <= part || next >= 1)
			break;
	}
	fprintf(out, "%12.3f %2.12f %10" JSON_INTEGER_FORMAT "\n", all->max, 1.0, all->count);
}

static void write_sums(FILE *out, const struct distribution *all)
{
	double n = (double)all->count, mean = 0, squares = 0;

	for (size_t i = 0; i < all->nr; i++)
		mean += all->bars[i].value * (double)all->bars[i].count / n;
	for (size_t i = 0; i < all->nr; i++)
		squares += pow(all->bars[i].value - mean, 2) * (double)all->bars[i].count / n;
	fprintf(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean, sqrt(squares));
	fprintf(out, "#[Max     = %12.3f, Total count    = %12" JSON_INTEGER_FORMAT "]\n",
		all->max, all->count);
	fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n",
		KBENCH_HISTOGRAM_BITS - KBENCH_HISTOGRAM_SUB_BITS + 1,
		1 << KBENCH_HISTOGRAM_SUB_BITS);
}

static void write_about(FILE *out, const struct kb_export_case *kcase)
{
	fprintf(out, "#[Case = %s]\n#[Kernel = ", kcase->name);
	kb_print_plain(kcase->of->kernel, out);
	fprintf(out, "]\n#[Unit = %s]\n#[Fidelity = %s%s%s]\n", kcase->counted ? "insn" : "ns",
		kcase->of->fidelity, kcase->of->note ? ": " : "",
		kcase->of->note ? kcase->of->note : "");
}

int kb_write_hgrm(FILE *out, const struct kb_export_case *kcase, struct kb_error *err)
{
	struct distribution all = { 0 };
	int ret = gather(&all, kcase, err);

	if (!ret) {
		write_lines(out, &all);
		write_sums(out, &all);
		write_about(out, kcase);
	}
	free(all.bars);
	return ret;
}
