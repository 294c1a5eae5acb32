// SPDX-License-Identifier: GPL-2.0
/* Counted instructions by address: names of functions, and what of each one op takes. */
#include "numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/symbols.h"
#include "batches.h"
#include "explanation.h"
#include "made_tree.h"
#include "paths.h"
#include "qemu.h"
#include "symbols.h"
#include "weights.h"

#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))
#define MOST		64

/* Addresses of the tests' functions. */
#define LOOP		0xc0001000
#define LOCK		0x81000100
#define LOCK_COLD	0x81009000
#define UNLOCK		0x81000200
#define IRQ		0x81000300

static const char kallsyms[] =
	"0000000000000000 A fixed_percpu_data\n"
	"0000000081000100 T mutex_lock\n"
	"0000000081000200 t __mutex_unlock\n"
	"0000000081000200 T mutex_unlock\n"
	"00000000810002f0 t __pfx_irq\n"
	"0000000081000300 t irq\n"
	"0000000081000300 t $x\n"
	"0000000081000400 t $x\n"
	"0000000081009000 t mutex_lock.cold\n"
	"0000000082000000 D data\n"
	"00000000c0001000 t kb_loop_mutex.isra.0\t[kbench_locks]\n"
	"00000000c0002000 t .Lodd\t[kbench_locks]\n";

static void send_symbols(struct emit *emit, const void *root)
{
	assert_int_equal(symbols_emit(emit, root), 0);
}

/* What the agent sends of a kernel whose symbols are @text. */
static json_t *sent_symbols(void **state, const char *text)
{
	made_tree_put(*state, "proc/kallsyms", text);
	return sent_records(send_symbols, *state);
}

static void read_symbols(struct kb_symbols *symbols, void **state)
{
	json_t *records = sent_symbols(state, kallsyms);
	struct kb_error err = { 0 };

	if (kb_symbols_read(symbols, records, &err))
		fail_msg("%s", err.text);
	json_decref(records);
}

static void symbols_cross(void **state)
{
	struct kb_symbols symbols;

	read_symbols(&symbols, state);
	/* Data, padding and the worse of two names are gone. */
	assert_int_equal(symbols.nr, 7);
	assert_null(kb_symbols_find(&symbols, 0x1000));
	assert_null(kb_symbols_find(&symbols, LOCK - 1));
	assert_string_equal(kb_symbols_find(&symbols, LOCK), "mutex_lock");
	assert_string_equal(kb_symbols_find(&symbols, UNLOCK - 1), "mutex_lock");
	assert_string_equal(kb_symbols_find(&symbols, UNLOCK), "mutex_unlock");
	assert_string_equal(kb_symbols_find(&symbols, IRQ), "irq");
	assert_null(kb_symbols_find(&symbols, IRQ + 0x100));
	assert_string_equal(kb_symbols_find(&symbols, LOCK_COLD + 4), "mutex_lock");
	assert_string_equal(kb_symbols_find(&symbols, LOOP + 0xfff), "kb_loop_mutex");
	assert_string_equal(kb_symbols_find(&symbols, 0xc0002000), ".Lodd");
	assert_null(kb_symbols_find(&symbols, 0xf0000000));
	kb_symbols_free(&symbols);
}

/* More than one record, and the largest address. */
static void many_symbols(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	struct kb_error err = { 0 };
	struct kb_symbols symbols;
	json_t *records;

	for (unsigned int i = 0; i < 5000; i++)
		fprintf(file, "ffffffff81%06x t function_%u\n", 16 * i, i);
	fputs("ffffffffffffffff t last\n", file);
	fclose(file);
	records = sent_symbols(state, text);
	free(text);
	assert_true(json_array_size(records) > 2);
	assert_int_equal(kb_symbols_read(&symbols, records, &err), 0);
	assert_int_equal(symbols.nr, 5001);
	assert_string_equal(kb_symbols_find(&symbols, 0xffffffff81000000 + 16 * 4321 + 15),
			    "function_4321");
	assert_string_equal(kb_symbols_find(&symbols, UINT64_MAX), "last");
	kb_symbols_free(&symbols);

	json_array_remove(records, 1);
	assert_int_equal(kb_symbols_read(&symbols, records, &err), -1);
	assert_error(&err, KB_EXIT_TARGET, "run it again");
	kb_symbols_free(&symbols);
	json_decref(records);
}

static void bad_symbols(void **state)
{
	static const char *const bad[] = {
		"[]",
		"[{\"first\":0,\"text\":\"10tname \"}]",		/* the last is missing */
		"[{\"first\":0,\"all\":1,\"text\":7}]",
		"[{\"first\":0,\"all\":1,\"text\":\"tname \"}]",	/* no address */
		"[{\"first\":0,\"all\":1,\"text\":\"10tname\"}]",	/* no end */
		"[{\"first\":0,\"all\":1,\"text\":\"10t \"}]",		/* no name */
		"[{\"first\":0,\"all\":1,\"text\":\"10xname \"}]",
		"[{\"first\":0,\"all\":1,\"text\":\"10ta 10tb \"}]",	/* more than announced */
		"[{\"first\":0,\"all\":2,\"text\":\"10ta \"}]",		/* and fewer */
		"[{\"first\":1,\"all\":2,\"text\":\"10ta \"}]",
		"[{\"first\":0,\"all\":-1,\"text\":\"10ta \"}]",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		json_t *records = json_loads(bad[i], 0, NULL);
		struct kb_error err = { 0 };
		struct kb_symbols symbols;

		assert_non_null(records);
		assert_int_equal(kb_symbols_read(&symbols, records, &err), -1);
		assert_error(&err, KB_EXIT_TARGET, "names of the guest's functions");
		kb_symbols_free(&symbols);
		json_decref(records);
	}
}

/**
 * struct made - samples of one worker, and a file of counts
 * @lock: instructions of an op in mutex_lock; it takes 3 in the loop and 5 in mutex_unlock, too
 */
struct made {
	struct kb_measured	measured;
	struct kb_series	series[2];
	uint64_t		ops[MOST], value[MOST];
	uint32_t		flags[MOST], cpu[MOST];
	uint64_t		lock;
	int			fd;
};

static void made_begin(struct made *made, uint64_t lock)
{
	const struct kb_counts_boot boot = { .magic = KB_COUNTS_BOOT };

	memset(made, 0, sizeof(*made));
	made->lock = lock;
	made->series[0] = (struct kb_series){
		.ops = made->ops, .value = made->value, .flags = made->flags,
		.cpu_start = made->cpu, .cpu_end = made->cpu,
		.excluded = KBENCH_SAMPLE_IRQ,
	};
	made->measured = (struct kb_measured){
		.status = KB_CASE_OK, .unit_per_tick = 1, .series = made->series, .nr_series = 1,
	};
	made->fd = memfd_create("test", MFD_CLOEXEC);
	assert_int_equal(write(made->fd, &boot, sizeof(boot)), sizeof(boot));
}

static void put(struct made *made, const struct kb_counts_place *places, size_t nr,
		uint64_t begin)
{
	const struct kb_counts_batch batch = {
		.magic = KB_COUNTS_BATCH, .begin = begin, .end = LOOP + 0x80, .nr = nr,
	};

	assert_int_equal(write(made->fd, &batch, sizeof(batch)), sizeof(batch));
	assert_int_equal(write(made->fd, places, nr * sizeof(*places)), nr * sizeof(*places));
}

/* A batch of @ops; @irq: instructions of an interrupt in it. Return: its value */
static uint64_t put_batch(struct made *made, uint64_t ops, uint64_t irq)
{
	const struct kb_counts_place places[] = {
		{ LOOP + 4, 11 }, { LOOP + 8, ops }, { LOOP + 12, 2 * ops },
		{ LOCK, ops }, { LOCK_COLD, (made->lock - 1) * ops }, { UNLOCK + 8, 5 * ops },
		{ IRQ, irq },
	};

	put(made, places, irq ? 7 : 6, LOOP);
	return 11 + (8 + made->lock) * ops + irq;
}

static void add_sample(struct made *made, uint64_t ops, uint64_t irq)
{
	size_t i = made->series[0].nr++;

	made->ops[i] = ops;
	made->value[i] = put_batch(made, ops, irq);
	made->flags[i] = irq ? KBENCH_SAMPLE_IRQ : 0;
}

static int build(struct kb_profile *profile, struct made *made, void **state,
		 struct kb_error *err)
{
	struct kb_batches batches;
	struct kb_symbols symbols;
	int ret;

	read_symbols(&symbols, state);
	ret = kb_batches_read(&batches, made->fd, err);
	if (!ret)
		ret = kb_profile_build(profile, &made->measured, 0, 0, &batches, &symbols, err);
	kb_batches_free(&batches);
	kb_symbols_free(&symbols);
	close(made->fd);
	return ret;
}

/* Calibration comes before, another case behind, and an interrupt in the midst. */
static void make_case(struct made *made, uint64_t lock)
{
	made_begin(made, lock);
	put_batch(made, 1, 0);
	put_batch(made, 8, 0);
	put_batch(made, 100, 0);
	for (size_t i = 0; i < 12; i++)
		add_sample(made, 100 << (i % 2), i == 7 ? 4321 : 0);
	put_batch(made, 55, 0);
}

static double count_of(const struct kb_profile *profile, const char *name)
{
	for (size_t i = 0; i < profile->nr; i++)
		if (!strcmp(profile->functions[i].name, name))
			return profile->functions[i].count;
	return NAN;
}

static void functions_of_an_op(void **state)
{
	struct kb_error err = { 0 };
	struct kb_profile profile;
	struct made made;

	make_case(&made, 7);
	if (build(&profile, &made, state, &err))
		fail_msg("%s", err.text);
	/* The reading of the clock and the interrupt are in no op. */
	assert_int_equal(profile.nr, 3);
	assert_same(count_of(&profile, "kb_loop_mutex"), 3);
	assert_same(count_of(&profile, "mutex_lock"), 7);
	assert_same(count_of(&profile, "mutex_unlock"), 5);
	assert_same(profile.total, 15);
	assert_string_equal(profile.loop, "kb_loop_mutex");
	assert_false(profile.varies);
	kb_profile_free(&profile);
}

static void what_is_not_proved(void **state)
{
	struct kb_error err = { 0 };
	struct kb_profile profile;
	struct made made;

	/* The clock went on while no instruction ran. */
	make_case(&made, 7);
	for (size_t i = 0; i < made.series[0].nr; i++)
		made.value[i] += 1000;
	assert_int_equal(build(&profile, &made, state, &err), -1);
	assert_error(&err, KB_EXIT_TARGET, "not proved: the emulator counted no batches");
	kb_profile_free(&profile);

	/* In some batches, among them those that the median is of. */
	memset(&err, 0, sizeof(err));
	make_case(&made, 7);
	for (size_t i = 0; i < 8; i++)
		made.value[i] += 100000;
	assert_int_equal(build(&profile, &made, state, &err), -1);
	assert_error(&err, KB_EXIT_TARGET, "not proved: the emulator ran");
	kb_profile_free(&profile);

	/* Not a loop. */
	memset(&err, 0, sizeof(err));
	made_begin(&made, 7);
	for (size_t i = 0; i < 12; i++) {
		made.ops[i] = 100 << (i % 2);
		made.value[i] = 7 * made.ops[i];
		put(&made, &(struct kb_counts_place){ LOCK, made.value[i] }, 1, LOCK);
		made.series[0].nr++;
	}
	assert_int_equal(build(&profile, &made, state, &err), -1);
	assert_error(&err, KB_EXIT_TARGET, "which is no loop of a bench");
	kb_profile_free(&profile);

	/* Two workers. */
	memset(&err, 0, sizeof(err));
	make_case(&made, 7);
	made.series[1] = made.series[0];
	made.measured.nr_series = 2;
	assert_int_equal(build(&profile, &made, state, &err), -1);
	assert_error(&err, KB_EXIT_TARGET, "not one worker");
	kb_profile_free(&profile);
}

static void two_kernels(void **state)
{
	struct kb_explained_side sides[2] = { { "a.json", "6.1" }, { "b.json", "6.12" } };
	struct kb_explanation explanation;
	struct kb_error err = { 0 };
	struct kb_profile a, b;
	struct made made;
	json_t *json;

	make_case(&made, 7);
	assert_int_equal(build(&a, &made, state, &err), 0);
	make_case(&made, 9);
	assert_int_equal(build(&b, &made, state, &err), 0);
	/* mutex_unlock is another function in b. */
	strcpy(b.functions[2].name, "mutex_zzz");
	assert_int_equal(kb_explain(&explanation, &a, &b), 0);
	assert_int_equal(explanation.nr, 4);
	assert_string_equal(explanation.functions[0].name, "mutex_unlock");
	assert_same(explanation.functions[0].a, 5);
	assert_same(explanation.functions[0].b, 0);
	assert_string_equal(explanation.functions[1].name, "mutex_zzz");
	assert_same(explanation.functions[1].a, 0);
	assert_string_equal(explanation.functions[2].name, "mutex_lock");
	assert_same(explanation.functions[2].b, 9);
	assert_false(explanation.functions[2].loop);
	assert_true(explanation.functions[3].loop);
	json = kb_explanation_json(&explanation, "locks/mutex", sides);
	assert_non_null(json);
	assert_same(json_number_value(json_object_get(json_object_get(json, "total"),
						      "difference")), 2);
	json_decref(json);
	kb_explanation_free(&explanation);
	kb_profile_free(&a);
	kb_profile_free(&b);
}

/* Of whatever samples: the weights make the median that the summary says. */
static void weights_make_the_median(void **state)
{
	unsigned int seed = 1;

	(void)state;
	for (unsigned int round = 0; round < 400; round++) {
		struct kb_summary summary;
		long double weights[MOST], sum = 0;
		struct made made;
		size_t nr;

		made_begin(&made, 1);
		close(made.fd);
		nr = made.series[0].nr = 4 + (size_t)rand_r(&seed) % (MOST - 4);
		for (size_t i = 0; i < nr; i++) {
			unsigned int spread = round % 4 ? 1 + (unsigned int)rand_r(&seed) % 500 : 1;

			/* In some rounds the fixed cost is too large to be taken off as a whole. */
			made.ops[i] = 100 << (i % 2);
			made.value[i] = round % 5 ? 11 + 27 * made.ops[i] + spread :
						    5000 + spread + 2 * made.ops[i];
			made.flags[i] = rand_r(&seed) % 7 ? 0 : KBENCH_SAMPLE_IRQ;
		}
		made.flags[0] = 0;
		made.measured.unit_per_tick = round % 3 ? 1 : 0.5;
		assert_int_equal(kb_summarize(&summary, &made.measured, 0), 0);
		assert_int_equal(kb_median_weights(weights, made.series, &summary,
						   made.measured.unit_per_tick), 0);
		for (size_t i = 0; i < nr; i++) {
			sum += weights[i] * (long double)made.value[i];
			if (made.flags[i])
				assert_true(weights[i] == 0);
		}
		assert_close((double)sum * made.measured.unit_per_tick, summary.per_op.median);
		kb_summary_free(&summary);
	}
}

static void files_of_counts(void **state)
{
	const struct kb_counts_boot boot = { .magic = KB_COUNTS_BOOT };
	struct kb_error err = { 0 };
	struct kb_batches batches;
	struct made made;
	off_t size;

	(void)state;
	make_case(&made, 7);
	assert_int_equal(kb_batches_read(&batches, made.fd, &err), 0);
	assert_int_equal(batches.nr, 16);
	assert_int_equal(batches.items[1].total, 11 + 15 * 8);
	assert_int_equal(batches.items[1].begin, LOOP);
	assert_int_equal(kb_batches_find(&batches, made.series, 1, 1), 3);
	/* Two phases take turns. */
	assert_int_equal(kb_batches_find(&batches, made.series, 1, 2), SIZE_MAX);
	kb_batches_free(&batches);

	/* A boot that came to nothing lies before the one that counts. */
	assert_int_equal(write(made.fd, &boot, sizeof(boot)), sizeof(boot));
	put_batch(&made, 10, 0);
	assert_int_equal(kb_batches_read(&batches, made.fd, &err), 0);
	assert_int_equal(batches.nr, 1);
	kb_batches_free(&batches);

	size = lseek(made.fd, 0, SEEK_END);
	assert_int_equal(ftruncate(made.fd, size - 8), 0);
	assert_int_equal(kb_batches_read(&batches, made.fd, &err), -1);
	assert_error(&err, KB_EXIT_TARGET, "did not come whole");
	kb_batches_free(&batches);

	memset(&err, 0, sizeof(err));
	assert_int_equal(ftruncate(made.fd, sizeof(boot)), 0);
	assert_int_equal(kb_batches_read(&batches, made.fd, &err), -1);
	assert_error(&err, KB_EXIT_TARGET, "saw no batch");
	kb_batches_free(&batches);
	close(made.fd);
}

static const char *after(char **args, const char *name)
{
	for (size_t i = 0; args[i] && args[i + 1]; i++)
		if (!strcmp(args[i], name))
			return args[i + 1];
	return NULL;
}

/* Without the plugin a guest's command line knows nothing of it. */
static void plugin_of_a_guest(void **state)
{
	struct kb_guest guest = {
		.arch = &kb_archs[0], .kernel = "vmlinuz", .accel = KB_ACCEL_ICOUNT, .cpus = 1,
		.memory_mib = 512,
	};
	char **args = kb_qemu_args(&guest, "initrd", "console");

	(void)state;
	assert_null(after(args, "-plugin"));
	kb_qemu_args_free(args);
	guest.counter = "/a,b/kbench-count.so";
	guest.counts = 7;
	args = kb_qemu_args(&guest, "initrd", "console");
	assert_string_equal(after(args, "-plugin"), "/a,,b/kbench-count.so,fd=7");
	kb_qemu_args_free(args);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(symbols_cross, made_tree_begin, made_tree_end),
		cmocka_unit_test_setup_teardown(many_symbols, made_tree_begin, made_tree_end),
		cmocka_unit_test(bad_symbols),
		cmocka_unit_test_setup_teardown(functions_of_an_op, made_tree_begin,
						made_tree_end),
		cmocka_unit_test_setup_teardown(what_is_not_proved, made_tree_begin,
						made_tree_end),
		cmocka_unit_test_setup_teardown(two_kernels, made_tree_begin, made_tree_end),
		cmocka_unit_test(weights_make_the_median),
		cmocka_unit_test(files_of_counts),
		cmocka_unit_test(plugin_of_a_guest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
