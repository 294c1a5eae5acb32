// SPDX-License-Identifier: GPL-2.0
/* Latencies of single ops: buckets, percentiles, and the records that they come in. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "intake.h"
#include "latency.h"

#define LAST	(KBENCH_HISTOGRAM_BUCKETS - 1)

/*
 * The buckets laid end to end, as their description says: 128 of one tick, then 64 of each width
 * 2, 4, 8, ... The kernel's index and the runner's way back agree with that.
 */
static void buckets_lie_end_to_end(void **state)
{
	uint64_t low = 0, width = 1;

	(void)state;
	for (unsigned int i = 0; i <= LAST; i++) {
		if (i >= 128 && i % 64 == 0)
			width *= 2;
		assert_true(kb_bucket_low(i) == low);
		assert_true(kb_bucket_middle(i) == (double)low + (double)(width - 1) / 2);
		assert_int_equal(kbench_histogram_index(low), i);
		assert_int_equal(kbench_histogram_index(low + width - 1), i);
		assert_true(width == 1 || (double)width / 2 <= 0.008 * (double)low);
		low += width;
	}
	assert_true(low == 1ULL << 36);
}

/* 1 ns to 10 s, on counters of 1 to 5 GHz, within 1 %; below the resolution exactly. */
static void the_range_is_covered(void **state)
{
	static const uint64_t ticks[] = {
		0, 1, 2, 127, 128, 3000, 1000000, 10000000000, 30000000000, 50000000000,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ticks) / sizeof(ticks[0]); i++) {
		double value = (double)ticks[i];
		double told = kb_bucket_middle(kbench_histogram_index(ticks[i]));

		if (fabs(told - value) > (ticks[i] < 128 ? 0 : 0.01 * value))
			fail_msg("%.0f ticks are told as %.1f", value, told);
	}
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void assert_near(double got, double wanted, const char *what)
{
	if (!(fabs(got - wanted) <= 0.01 * wanted))
		fail_msg("%s is %.17g, wanted %.17g within 1 %%", what, got, wanted);
}

/* Percentiles of values over all octaves, against those of the sorted values themselves. */
static void quantiles_are_within_a_hundredth(void **state)
{
	static const unsigned int permilles[] = { 1, 100, 500, 900, 990, 999, 1000 };
	static uint64_t values[10007];
	const size_t nr = sizeof(values) / sizeof(values[0]);
	uint64_t buckets[KBENCH_HISTOGRAM_BUCKETS] = { 0 }, random = 1;

	(void)state;
	for (size_t i = 0; i < nr; i++) {
		random = random * 6364136223846793005ULL + 1442695040888963407ULL;
		values[i] = (random >> 28) >> (random >> 3) % 36;
		buckets[kbench_histogram_index(values[i])]++;
	}
	qsort(values, nr, sizeof(values[0]), compare);
	for (size_t i = 0; i < sizeof(permilles) / sizeof(permilles[0]); i++) {
		size_t rank = (size_t)ceil((double)nr * permilles[i] / 1000);
		double got = kb_latency_quantile(buckets, 0, values[nr - 1], permilles[i]);

		assert_near(got, (double)values[rank - 1], "a percentile");
		assert_true(got <= (double)values[nr - 1]);
	}
}

/* Ranks at the edges: 1,000 ops of 1, 2, ... 1000 ticks, of which 1 to 127 are told exactly. */
static void ranks_are_nearest(void **state)
{
	uint64_t buckets[KBENCH_HISTOGRAM_BUCKETS] = { 0 };

	(void)state;
	for (uint64_t ticks = 1; ticks <= 1000; ticks++)
		buckets[kbench_histogram_index(ticks)]++;
	assert_true(kb_latency_quantile(buckets, 0, 1000, 1) == 1);
	assert_true(kb_latency_quantile(buckets, 0, 1000, 100) == 100);
	assert_near(kb_latency_quantile(buckets, 0, 1000, 999), 999, "p99.9");
	/* As many ops again that are in no bucket: the upper half is theirs. */
	assert_near(kb_latency_quantile(buckets, 1000, 1ULL << 40, 500), 1000, "p50");
	assert_true(kb_latency_quantile(buckets, 1000, 1ULL << 40, 501) == (double)(1ULL << 40));

	memset(buckets, 0, sizeof(buckets));
	assert_true(isnan(kb_latency_quantile(buckets, 0, 0, 500)));
	buckets[0] = 5;
	assert_true(kb_latency_quantile(buckets, 0, 0, 999) == 0);
	/* One op: each percentile is the slowest op itself, not its bucket's middle. */
	memset(buckets, 0, sizeof(buckets));
	buckets[kbench_histogram_index(1024)] = 1;
	assert_true(kb_latency_quantile(buckets, 0, 1024, 500) == 1024);
}

/* Ops of @ticks each on @cpu; the slowest took @max. */
static struct kb_histogram histogram(unsigned int cpu, unsigned int phase, bool clock,
				     uint64_t ticks, uint64_t ops, uint64_t max)
{
	struct kb_histogram made = {
		.worker = cpu, .cpu = cpu, .phase = phase, .clock = clock, .max = max,
		.max_at = 10 * max, .nr = 2, .index = calloc(2, sizeof(uint32_t)),
		.count = calloc(2, sizeof(uint64_t)),
	};

	assert_non_null(made.index);
	assert_non_null(made.count);
	made.index[0] = kbench_histogram_index(ticks);
	made.count[0] = ops - 1;
	made.index[1] = kbench_histogram_index(max);
	made.count[1] = 1;
	return made;
}

static void workers_are_put_together(void **state)
{
	struct kb_histogram all[] = {
		histogram(4, 0, false, 100, 900, 50000), histogram(6, 0, false, 120, 100, 70000),
		histogram(4, 1, false, 64, 10, 640), histogram(6, 1, false, 64, 10, 65),
		histogram(4, 0, true, 40, 4097, 99), histogram(6, 0, true, 42, 4095, 9999),
	};
	struct kb_measured measured = {
		.unit_per_tick = 0.5, .histograms = all, .nr_histograms = 6,
	};
	static struct kb_latency latency;

	(void)state;
	all[1].beyond = 3;
	all[1].backward = 2;
	assert_int_equal(kb_latency_summarize(&latency, &measured, 0), 0);
	assert_true(latency.count == 1003 && latency.beyond == 3 && latency.backward == 2);
	assert_true(latency.p50 == 50 && latency.p90 == 60);
	assert_true(latency.max == 35000 && latency.max_at == 350000);
	assert_int_equal(latency.max_cpu, 6);
	assert_true(latency.resolution == 0.5);
	/* 4096 readings of 40 ticks and as many that took longer. */
	assert_true(latency.clock_cost == 20);
	assert_int_equal(latency.nr_cpus, 2);
	assert_int_equal(latency.cpus[0].cpu, 4);
	assert_true(latency.cpus[0].count == 900 && latency.cpus[1].count == 103);
	assert_true(latency.cpus[0].p50 == 50 && latency.cpus[1].p50 == 60);
	assert_true(latency.cpus[0].max == 25000);
	/* The 101st of 103 and those behind it are in no bucket. */
	assert_true(latency.cpus[1].p99 == 35000);
	kb_latency_free(&latency);

	assert_int_equal(kb_latency_summarize(&latency, &measured, 1), 0);
	assert_true(latency.count == 20 && latency.max == 320 && latency.max_cpu == 4);
	kb_latency_free(&latency);
	measured.nr_histograms = 0;
	assert_int_equal(kb_latency_summarize(&latency, &measured, 0), 1);
	kb_latency_free(&latency);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		kb_histogram_free(&all[i]);
}

static unsigned int cpus[] = { 0, 1 };

static struct kb_case spin_lock(void)
{
	const struct kb_suite *suite = kb_catalog_suite(&toy_catalog, "locks");

	return (struct kb_case){
		.bench = kb_suite_bench(suite, "spin_lock"), .cpus = cpus, .nr_cpus = 2,
	};
}

static int read_text(struct kb_histogram *histogram, const char *text)
{
	struct kb_case kase = spin_lock();
	json_t *record = json_loads(text, 0, NULL);
	int ret;

	assert_non_null(record);
	ret = kb_histogram_read(histogram, record, &kase);
	json_decref(record);
	return ret;
}

#define RECORD(worker, clock, rest) \
	"{\"rec\":\"latency\",\"id\":0,\"worker\":" #worker ",\"cpu\":" #worker "," \
	"\"clock\":" #clock ",\"phase\":0,\"beyond\":1,\"backward\":0,\"max\":300," \
	"\"max_at\":7," rest "}"
#define BUCKETS	"\"index\":[0,130,1983],\"count\":[5,1,2]"

static void records_are_read(void **state)
{
	struct kb_histogram histogram;

	(void)state;
	assert_int_equal(read_text(&histogram, RECORD(1, false, BUCKETS)), 0);
	assert_int_equal(histogram.worker, 1);
	assert_false(histogram.clock);
	assert_true(histogram.beyond == 1 && histogram.max == 300 && histogram.max_at == 7);
	assert_int_equal(histogram.nr, 3);
	assert_int_equal(histogram.index[2], 1983);
	assert_true(histogram.count[0] == 5 && histogram.count[2] == 2);
	kb_histogram_free(&histogram);
	assert_int_equal(read_text(&histogram, RECORD(0, true, "\"index\":[],\"count\":[]")), 0);
	assert_true(histogram.clock && !histogram.nr);
	kb_histogram_free(&histogram);
}

static void bad_records_are_refused(void **state)
{
	static const char *const bad[] = {
		"{}",
		RECORD(2, false, BUCKETS),		/* no such worker */
		RECORD(-1, false, BUCKETS),
		RECORD(0, 1, BUCKETS),			/* clock is no boolean */
		RECORD(0, false, "\"index\":[0,1]"),
		RECORD(0, false, "\"index\":[0,1],\"count\":[1]"),
		RECORD(0, false, "\"index\":[1,0],\"count\":[1,1]"),
		RECORD(0, false, "\"index\":[1,1],\"count\":[1,1]"),
		RECORD(0, false, "\"index\":[1984],\"count\":[1]"),
		RECORD(0, false, "\"index\":[-1],\"count\":[1]"),
		RECORD(0, false, "\"index\":[1],\"count\":[0]"),
		RECORD(0, false, "\"index\":[1],\"count\":[1.5]"),
		RECORD(0, false, "\"index\":[1],\"count\":[9223372036854775807]"),
		RECORD(0, false, "\"index\":{},\"count\":[]"),
	};
	struct kb_histogram histogram;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!read_text(&histogram, bad[i]))
			fail_msg("record %zu was taken: %s", i, bad[i]);
}

#define SAMPLES(worker) \
	"{\"rec\":\"samples\",\"id\":0,\"worker\":" #worker ",\"cpu\":" #worker "," \
	"\"phase\":0,\"total_ops\":9,\"ops\":[1],\"value\":[1],\"flags\":[0],\"moved\":[]}"
#define CASE(nr) \
	"{\"rec\":\"case\",\"id\":0,\"status\":\"ok\",\"reason\":\"\",\"run_flags\":0," \
	"\"batch_ops\":1,\"ticks\":10,\"ns\":5,\"window_ns\":5,\"worker_bytes\":9," \
	"\"nr_series\":2,\"nr_latencies\":" #nr "}"

/* What intake makes of records, the last of which is the case's; its return value is the last's. */
static int take(const char *const *records, size_t nr, bool latency)
{
	struct kb_case kase = spin_lock();
	const struct kb_plan plan = { .cases = &kase, .nr_cases = 1, .latency = latency };
	unsigned char pending[] = { 1 };
	struct kb_boot boot;
	struct kb_intake intake = {
		.boot = &boot, .plan = &plan, .pending = pending, .current = -1,
	};
	int ret = -1;

	assert_int_equal(kb_boot_init(&boot, 1), 0);
	for (size_t i = 0; i < nr; i++) {
		json_t *record = json_loads(records[i], 0, NULL);

		assert_non_null(record);
		ret = kb_intake_record(&intake, record);
		json_decref(record);
	}
	assert_int_equal(pending[0], ret ? 1 : 0);
	kb_boot_free(&boot);
	return ret;
}

static void a_case_wants_all_its_histograms(void **state)
{
	const char *records[] = {
		"{\"rec\":\"begin\",\"id\":0}", SAMPLES(0), SAMPLES(1),
		RECORD(0, false, BUCKETS), RECORD(0, true, BUCKETS),
		RECORD(1, false, BUCKETS), RECORD(1, true, BUCKETS), CASE(4),
	};

	(void)state;
	assert_int_equal(take(records, 8, true), 0);
	assert_int_equal(take(records, 8, false), -1);	/* nobody asked for them */
	records[6] = RECORD(1, false, BUCKETS);		/* the same once more */
	assert_int_equal(take(records, 8, true), -1);
	records[6] = CASE(4);				/* one was lost */
	assert_int_equal(take(records, 7, true), -1);
	records[6] = CASE(3);
	assert_int_equal(take(records, 7, true), -1);
	records[3] = CASE(0);
	assert_int_equal(take(records, 4, true), -1);
	assert_int_equal(take(records, 4, false), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets_lie_end_to_end),
		cmocka_unit_test(the_range_is_covered),
		cmocka_unit_test(quantiles_are_within_a_hundredth),
		cmocka_unit_test(ranks_are_nearest),
		cmocka_unit_test(workers_are_put_together),
		cmocka_unit_test(records_are_read),
		cmocka_unit_test(bad_records_are_refused),
		cmocka_unit_test(a_case_wants_all_its_histograms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
