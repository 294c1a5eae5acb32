// SPDX-License-Identifier: GPL-2.0
#include "run_argp.h"

#include "command.h"

/* What several commands take stands here once. */
#define OPTIONS_CPUS \
	{ "cpus", 'c', "COUNTS", 0, \
	  "CPUs to run on, one worker each: 8, 1,2,4,8 or 1-8 (default 1); benches of pairs " \
	  "of CPUs take every pair of the largest", 1 }, \
	{ "cpu-list", OPT_CPU_LIST, "LIST", 0, "run on these CPUs: 0,2 or 0-3", 1 }, \
	{ "placement", OPT_PLACEMENT, "compact|spread|smt|node", 0, \
	  "CPUs for --cpus: compact (core by core), spread (a thread of each core first, " \
	  "over packages and nodes), smt (threads of one core), node (all on one)", 1 }

#define OPTIONS_WHAT \
	{ "param", 'p', "NAME=V,...", 0, \
	  "values of a parameter, K, M and G may follow; once for each parameter", 1 }, \
	{ "context", OPT_CONTEXT, "process|preempt-off|bh-off|irq-off|default", 0, \
	  "process, preempt-off, bh-off or irq-off instead of each bench's own", 1 }, \
	{ "counters", OPT_COUNTERS, "NAME,...", 0, \
	  "count these too, for each operation: names of perf list, such as cycles, " \
	  "instructions, cache-misses, branch-misses, or raw events rNNN; at most 8", 1 }, \
	{ "perf", OPT_PERF, "record|stat|c2c|lock", 0, \
	  "have the perf tool look at each case: record (hot functions), stat, c2c (shared " \
	  "lines) or lock; it disturbs; in a guest, where it cannot go, --counters stand in", 1 }, \
	{ "suite", OPT_SUITE, "FILE.c", 0, \
	  "build this suite of your own, too; alone it is what is run; may be repeated", 1 }, \
	{ "latency", OPT_LATENCY, NULL, 0, \
	  "time single operations, too, in a second round of each case that lasts its " \
	  "--time: percentiles, and the slowest with its CPU", 1 }

#define OPTIONS_WHERE \
	{ "target", 't', "auto|vm|host|ssh:HOST,...", 0, \
	  "vm: a guest booted for this; host: load modules into the running kernel; " \
	  "ssh:[USER@]HOST[:PORT]: the same on another machine, several with commas between; " \
	  "auto (default): modules into the running kernel never unasked", 2 }, \
	{ "backend", OPT_BACKEND, "auto|lkm|bpf", 0, \
	  "lkm: kernel modules; bpf: BPF programs in the running kernel, or in a guest's " \
	  "with --target vm; auto (default): modules, and where guests are emulated BPF " \
	  "programs for what this machine can time natively", 2 }, \
	{ "kernels", 'k', "SPEC,...", 0, \
	  "kernels to boot: 6.12, 6.1-cloud, an exact release, or the path of a kernel tree " \
	  "that you built (../linux); one result each (default: the newest packaged cloud " \
	  "kernel)", 2 }, \
	{ "accel", OPT_ACCEL, "auto|kvm|tcg|icount", 0, \
	  "kvm, tcg or auto (default): KVM where it works; icount: exact instruction counts", 2 }, \
	{ "machine", OPT_MACHINE, "BOARD", 0, \
	  "emulate this board, such as raspi3b, with the plain arm64 kernel", 2 }, \
	{ "boots", OPT_BOOTS, "N", 0, \
	  "boot each kernel so often (default 1): only several boots tell small differences; " \
	  "those of several kernels are interleaved in random order; --target host measures " \
	  "one a call, between which you reboot", 2 }

#define OPTIONS_MANY \
	{ "until", OPT_UNTIL, "PERCENT", 0, \
	  "boot until every case is known that well, 6 times at least and --boots at most " \
	  "(default 30): half of the 95 % interval; of several kernels, of the ratio to the " \
	  "first", 2 }, \
	{ "resume", OPT_RESUME, "DIR", 0, \
	  "go on with a run of several boots that was cut short: where its results are, or " \
	  "its *.journal", 2 }

#define OPTIONS_SEED \
	{ "seed", OPT_SEED, "N,...", 0, \
	  "with --accel icount: of what is random in the guest; 1-5 is a boot for each " \
	  "(default 1 to --boots); else of the order of several kernels' boots", 2 }

#define OPTIONS_LONG \
	{ "time", OPT_TIME, "TIME", 0, \
	  "longest time that a case takes samples, such as 50ms or 2s (default 100ms, 40ms " \
	  "where guests are emulated, 20ms with --accel icount); their batches grow with it", 3 }, \
	{ "samples", OPT_SAMPLES, "N", 0, "per worker and case (default 32)", 3 }, \
	{ "deadline", OPT_DEADLINE, "SECONDS", 0, \
	  "a case that takes longer has failed (default 10)", 3 }

#define OPTIONS_FILES \
	{ "output", 'o', "FILE|DIR", 0, \
	  "result file, or directory for it (default results/)", 4 }, \
	{ "plot", OPT_PLOT, NULL, 0, "draw a plot beside the result file (default)", 4 }, \
	{ "no-plot", OPT_NO_PLOT, NULL, 0, "draw no plot", 4 }

#define OPTIONS_TOLD \
	{ "json", OPT_JSON, NULL, 0, "print the result as JSON, not as a table", 4 }, \
	{ "quiet", 'q', NULL, 0, "no progress", 4 }, \
	{ "verbose", 'v', NULL, 0, \
	  "show the last lines of what the kernel said, such as why it refuses a BPF program", 4 }

#define GROUP(title, number)	{ NULL, 0, NULL, 0, title, number }

static const struct argp_option run_options[] = {
	GROUP("What to measure:", 1), OPTIONS_CPUS, OPTIONS_WHAT,
	GROUP("Where:", 2), OPTIONS_WHERE, OPTIONS_MANY, OPTIONS_SEED,
	GROUP("How long:", 3), OPTIONS_LONG,
	GROUP("Result:", 4), OPTIONS_FILES, OPTIONS_TOLD,
	{ 0 },
};

const struct argp kb_run_argp = {
	.options = run_options, .parser = kb_run_options_take,
	.args_doc = "SUITE[/BENCH][,...]...\n--suite FILE.c [SUITE[/BENCH][,...]...]",
	.doc = "Measure suites and write a result file.\v"
	       "Examples:\n"
	       "  kbench run locks --cpus 8\n"
	       "  kbench run alloc/kmalloc --param size=64,4K --cpus 1-4 --kernels 6.1,6.12\n"
	       "  kbench run locks --kernels ../linux,../linux-patched --boots 10\n"
	       "  kbench run --suite ./mysuite.c --cpus 1,2\n"
	       "  kbench run locks --latency --cpus 4\n",
};


static const struct argp_option selfcheck_options[] = {
	GROUP("On which CPUs:", 1), OPTIONS_CPUS,
	GROUP("Where:", 2), OPTIONS_WHERE, OPTIONS_SEED,
	GROUP("How long:", 3), OPTIONS_LONG,
	GROUP("Result:", 4), OPTIONS_TOLD,
	{ 0 },
};

const struct argp kb_selfcheck_argp = {
	.options = selfcheck_options, .parser = kb_run_options_take,
	.doc = "Measure what is known beforehand, and say whether it comes out.\v"
	       "No-ops are counted, times are held against a second clock, and benches that are "
	       "broken on purpose have to be found out. Where something does not come out no "
	       "figure from this machine and kernel is to be trusted. 'kbench run selfcheck' "
	       "measures the same benches and writes a result.\n\n"
	       "Exit code 0 when all comes out, 5 when something does not.",
};
