// SPDX-License-Identifier: GPL-2.0
/* Reports of the perf tool, as several of its versions write them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perf_text.h"
#include "support.h"

/* As perf 6.1 pads its columns, with blanks at the ends that others do not have. */
static const char record_report[] =
	"# To display the perf.data header info, please use --header/--header-only options.\n"
	"#\n"
	"# Samples: 1K of event 'cycles:P'\n"
	"# Event count (approx.): 271828182\n"
	"#\n"
	"# Overhead\tSymbol                         \tShared Object    \n"
	" 61.25%  \t[k] native_queued_spin_lock_slowpath \t[kernel.kallsyms]\n"
	" 20.50%  \t[k] kb_atomic_spin_lock              \t[kbench_locks]   \n"
	" 7.00%  \t[.] 0x0000000000401136               \tsome program     \n"
	" 4.00%  \t[.] std::map<int, int>::find         \tlibmap.so        \n"
	" 3.25%  \t[.] 0x0000000000401150               \tsome program     \n"
	"\n\n"
	"#\n# (Tip: a tip of perf's, 99.9%\tthat is no sample)\n#\n";

static const char stat_report[] =
	"# started on Sun Nov 29 10:59:49 2026\n"
	"\n"
	"400.25,msec,cpu-clock,400250000,100.00,2.000,CPUs utilized\n"
	"1234567890,,cycles,200125000,50.00,3.084,GHz\n"
	"<not supported>,,instructions,0,100.00,,\n"
	"<not counted>,,cache-misses,0,0.00,,\n"
	",,,,,1.50,stalled cycles per insn\n"
	"17,,cpu_core/branch-misses/,400250000,100.00,,\n";

/* The tables of perf 6: HITM first. Lines of the third, as of others, have no functions here. */
static const char c2c_report[] =
	"=================================================\n"
	"            Trace Event Information\n"
	"=================================================\n"
	"  Total records                     :      52000\n"
	"      7      0x12345678     0       1   99.00%       1 : is of no table of lines\n"
	"=================================================\n"
	"           Shared Data Cache Line Table          \n"
	"=================================================\n"
	"#\n"
	"#        ----------- Cacheline ----------      Tot  ------- Load Hitm -------    Total\n"
	"# Index             Address  Node  PA cnt     Hitm    Total  LclHitm  RmtHitm  records\n"
	"# .....  ..................  ....  ......  .......  .......  .......  .......  .......\n"
	"#\n"
	"      0  0xffff888100a3c080     0    9000   71.50%      715      700       15     4444\n"
	"      1  0xffffffffc05d3000   N/A       0   20.00%      200      200        0     1000\n"
	"      2  0xffff888107e1a440   0-1       1    8.50%       85       85        0      300\n"
	"\n"
	"=================================================\n"
	"      Shared Cache Line Distribution Pareto      \n"
	"=================================================\n"
	"#\n"
	"#        ----- HITM -----  ------- Store Refs ------\n"
	"#   Num  RmtHitm  LclHitm   L1 Hit  L1 Miss      N/A              Offset\n"
	"# .....  .......  .......  .......  .......  .......  ..................\n"
	"#\n"
	"  -------------------------------------------------------------\n"
	"      0       15      700     2000        0        0  0xffff888100a3c080\n"
	"  -------------------------------------------------------------\n"
	"          100.00%   60.00%    0.00%    0.00%    0.00%     0x0   0  1  0xffffffffc05d1234  "
	"0  90  70  2000  2  [k] kb_atomic_spin_lock  [kbench_locks]  locks.c:50 0\n"
	"            0.00%   40.00%  100.00%    0.00%    0.00%     0x8   0  1  0xffffffff81aa0011  "
	"0  80  60  1500  2  [k] osq_lock             [kernel]        osq_lock.c:9 0\n"
	"            0.00%    0.00%  100.00%    0.00%    0.00%     0x8   0  1  0xffffffff81aa0022  "
	"0   0   0   500  2  [k] osq_lock             [kernel]        osq_lock.c:11 0\n"
	"  -------------------------------------------------------------\n"
	"      1        0      200      800        0        0  0xffffffffc05d3000\n"
	"  -------------------------------------------------------------\n"
	"            0.00%  100.00%  100.00%    0.00%    0.00%     0x0   0  1    0x55e8f4bf4211  "
	"0  95  72  1000  1  [.] main                 program         main.c:3     0\n";

/* The table before perf 5.11 has the records in front of the share. */
static const char old_c2c_report[] =
	"           Shared Data Cache Line Table\n"
	"#        ----------- Cacheline ----------    Total      Tot  ----- LLC Load Hitm -----\n"
	"# Index             Address  Node  PA cnt  records     Hitm    Total      Lcl      Rmt\n"
	"      0      0x7f0d27ffba00   N/A       0       52   12.50%       13        6        7\n";

static const char contention_report[] =
	" contended   total wait     max wait     avg wait         type   caller\n"
	"\n"
	"        19    231.15 us     38.84 us     12.17 us     spinlock   wake_up_q+0x33\n"
	"         1      3.50 ms      3.50 ms      3.50 ms      rwsem:W   do_exit+0x1c\n"
	"         2       900 ns       800 ns       450 ns        mutex   a b\n"
	"\n=== output for debug ===\n\nbad: 0, total: 5\n";

static const char lock_report[] =
	"                Name   acquired  contended     avg wait   total wait     max wait\n"
	"\n"
	"       rcu_node_lock        120          3      2.00 us      6.00 us      4.00 us\n"
	"          other_lock         38         38      20110       764100        76540\n";

static json_t *parse(const char *kind, const char *text)
{
	json_t *perf = kb_perf_parse_text(kind, text);

	assert_non_null(perf);
	assert_string_equal(json_string_value(json_object_get(perf, "kind")), kind);
	return perf;
}

/* What is in @list, as JSON with sorted names. */
static void assert_list(const json_t *perf, const char *list, const char *wanted)
{
	json_t *expected = json_loads(wanted, 0, NULL), *got = json_object_get(perf, list);
	char *text;

	assert_non_null(expected);
	assert_non_null(got);
	if (!json_equal(got, expected)) {
		text = json_dumps(got, JSON_REAL_PRECISION(12));
		fail_msg("%s: %s", list, text);
	}
	json_decref(expected);
}

static void hot_functions_are_read(void **state)
{
	json_t *perf = parse("record", record_report);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(perf, "event")), "cycles:P");
	assert_list(perf, "functions",
		    "[{\"name\":\"native_queued_spin_lock_slowpath\",\"object\":"
		    "\"[kernel.kallsyms]\",\"share\":0.6125},"
		    "{\"name\":\"kb_atomic_spin_lock\",\"object\":\"[kbench_locks]\","
		    "\"share\":0.205},"
		    "{\"name\":\"?\",\"object\":\"some program\",\"share\":0.1025},"
		    "{\"name\":\"std::map<int, int>::find\",\"object\":\"libmap.so\","
		    "\"share\":0.04}]");
	json_decref(perf);
}

static void events_are_read(void **state)
{
	json_t *perf = parse("stat", stat_report);

	(void)state;
	assert_list(perf, "events",
		    "[{\"name\":\"cpu-clock\",\"value\":400.25,\"unit\":\"msec\",\"running\":1.0},"
		    "{\"name\":\"cycles\",\"value\":1234567890.0,\"running\":0.5},"
		    "{\"name\":\"instructions\",\"reason\":\"not supported\"},"
		    "{\"name\":\"cache-misses\",\"reason\":\"not counted\"},"
		    "{\"name\":\"cpu_core/branch-misses/\",\"value\":17.0,\"running\":1.0}]");
	json_decref(perf);
}

static void shared_lines_are_read(void **state)
{
	json_t *perf = parse("c2c", c2c_report), *old = parse("c2c", old_c2c_report);

	(void)state;
	assert_list(perf, "lines",
		    "[{\"address\":\"0xffff888100a3c080\",\"share\":0.715,\"loads\":715,"
		    "\"functions\":[\"kb_atomic_spin_lock\",\"osq_lock\"]},"
		    "{\"address\":\"0xffffffffc05d3000\",\"share\":0.2,\"loads\":200,"
		    "\"functions\":[\"main\"]},"
		    "{\"address\":\"0xffff888107e1a440\",\"share\":0.085,\"loads\":85,"
		    "\"functions\":[]}]");
	assert_list(old, "lines", "[{\"address\":\"0x7f0d27ffba00\",\"share\":0.125,\"loads\":13,"
		    "\"functions\":[]}]");
	json_decref(old);
	json_decref(perf);
}

static void locks_are_read(void **state)
{
	json_t *perf = parse("lock", contention_report), *old = parse("lock", lock_report);

	(void)state;
	assert_list(perf, "locks",
		    "[{\"name\":\"do_exit+0x1c\",\"type\":\"rwsem:W\",\"contended\":1,"
		    "\"wait_ns\":3500000.0,\"max_wait_ns\":3500000.0},"
		    "{\"name\":\"wake_up_q+0x33\",\"type\":\"spinlock\",\"contended\":19,"
		    "\"wait_ns\":231150.0,\"max_wait_ns\":38840.0},"
		    "{\"name\":\"a b\",\"type\":\"mutex\",\"contended\":2,\"wait_ns\":900.0,"
		    "\"max_wait_ns\":800.0}]");
	assert_list(old, "locks",
		    "[{\"name\":\"other_lock\",\"contended\":38,\"wait_ns\":764100.0,"
		    "\"max_wait_ns\":76540.0},"
		    "{\"name\":\"rcu_node_lock\",\"contended\":3,\"wait_ns\":6000.0,"
		    "\"max_wait_ns\":4000.0}]");
	json_decref(old);
	json_decref(perf);
}

static void all_of_a_squeezed_report_is_read(void **state)
{
	json_t *whole = parse("c2c", c2c_report), *squeezed;
	char text[sizeof(c2c_report)], *to = text;

	(void)state;
	for (const char *from = c2c_report; *from; from++)
		if (*from != ' ' || (to > text && to[-1] != ' ' && to[-1] != '\n'))
			*to++ = *from;
	*to = '\0';
	squeezed = parse("c2c", text);
	assert_true(json_equal(whole, squeezed));
	json_decref(squeezed);
	json_decref(whole);
}

/* Every report cut off anywhere, and lines that are none of it, give a list all the same. */
static void any_text_is_survived(void **state)
{
	static const struct {
		const char	*kind, *list, *text;
	} table[] = {
		{ "record", "functions", record_report }, { "stat", "events", stat_report },
		{ "c2c", "lines", c2c_report }, { "lock", "locks", contention_report },
		{ "lock", "locks", lock_report },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		for (size_t length = 0; length <= strlen(table[i].text); length++) {
			char *text = strndup(table[i].text, length);
			json_t *perf;

			assert_non_null(text);
			perf = parse(table[i].kind, text);
			assert_true(json_is_array(json_object_get(perf, table[i].list)));
			json_decref(perf);
			free(text);
		}
	}
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		json_t *perf = parse(table[i].kind,
				     "0\n%\n[k] \n0x\n<\n,,x\n1 0x1 %\n\t\t\n 1 1 1");

		assert_int_equal(json_array_size(json_object_get(perf, "functions")), 0);
		json_decref(perf);
	}
}

static void lists_are_bounded_and_sorted(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	double before = 1;
	const json_t *list, *item;
	json_t *perf;
	size_t i;

	(void)state;
	assert_non_null(file);
	for (int line = 0; line < 3000; line++)
		fprintf(file, "%d.%02d%%\t[k] function_%d\t[kernel]\n", line % 7, line % 100, line);
	fclose(file);
	perf = parse("record", text);
	list = json_object_get(perf, "functions");
	assert_int_equal(json_array_size(list), 30);
	json_array_foreach(list, i, item) {
		double share = json_real_value(json_object_get(item, "share"));

		assert_true(share <= before);
		before = share;
	}
	json_decref(perf);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hot_functions_are_read),
		cmocka_unit_test(events_are_read),
		cmocka_unit_test(shared_lines_are_read),
		cmocka_unit_test(locks_are_read),
		cmocka_unit_test(all_of_a_squeezed_report_is_read),
		cmocka_unit_test(any_text_is_survived),
		cmocka_unit_test(lists_are_bounded_and_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
