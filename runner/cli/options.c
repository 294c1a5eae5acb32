// SPDX-License-Identifier: GPL-2.0
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "boots.h"
#include "cli.h"
#include "machine_option.h"
#include "number.h"
#include "target_choice.h"

#define NS_PER_MS	1000000ULL
#define NS_PER_S	1000000000ULL

/* Bounds of the kernel interface. */
#define MIN_TIME_NS	NS_PER_MS
#define MAX_TIME_NS	(3600 * NS_PER_S)
#define MIN_SAMPLES	4
#define MAX_SAMPLES	65536

enum {
	OPT_CPU_LIST = 256,
	OPT_PLACEMENT,
	OPT_TARGET,
	OPT_BACKEND,
	OPT_ACCEL,
	OPT_MACHINE,
	OPT_SEED,
	OPT_BOOTS,
	OPT_UNTIL,
	OPT_RESUME,
	OPT_TIME,
	OPT_SAMPLES,
	OPT_CONTEXT,
	OPT_COUNTERS,
	OPT_SUITE,
	OPT_LATENCY,
	OPT_DEADLINE,
	OPT_JSON,
	OPT_PLOT,
	OPT_NO_PLOT,
};

static const struct argp_option run_options[] = {
	{ NULL, 0, NULL, 0, "What to measure:", 1 },
	{ "cpus", 'c', "COUNTS", 0,
	  "CPUs to run on, one worker each: 8, 1,2,4,8 or 1-8 (default 1); benches that time "
	  "pairs of CPUs take each pair of the largest", 1 },
	{ "cpu-list", OPT_CPU_LIST, "LIST", 0, "run on these CPUs: 0,2 or 0-3", 1 },
	{ "placement", OPT_PLACEMENT, "HOW", 0,
	  "CPUs for --cpus: compact (core by core), spread (a thread of each core first, over "
	  "packages and nodes), smt (threads of one core), node (all on one)", 1 },
	{ "param", 'p', "NAME=V,...", 0,
	  "values of a parameter, K, M and G may follow; once for each parameter", 1 },
	{ "context", OPT_CONTEXT, "CONTEXT", 0,
	  "process, preempt-off, bh-off or irq-off instead of each bench's own", 1 },
	{ "counters", OPT_COUNTERS, "NAME,...", 0,
	  "count these too, for each operation: names of perf list, such as cycles, instructions, "
	  "cache-misses, branch-misses, or raw events rNNN; at most 8", 1 },
	{ "suite", OPT_SUITE, "FILE.c", 0,
	  "build this suite of your own, too; alone it is what is run; may be repeated", 1 },
	{ "latency", OPT_LATENCY, NULL, 0,
	  "time single operations, too, in a second round of each case that lasts its --time: "
	  "percentiles, and the slowest with its CPU", 1 },
	{ NULL, 0, NULL, 0, "Where:", 2 },
	{ "target", 't', "TARGET", 0,
	  "vm: a guest booted for this; host: load modules into the running kernel; "
	  "ssh:[USER@]HOST[:PORT]: the same on another machine, several with commas between; "
	  "auto (default): modules into the running kernel never unasked", 2 },
	{ "backend", OPT_BACKEND, "BACKEND", 0,
	  "lkm: kernel modules; bpf: BPF programs in the running kernel, or in a guest's with "
	  "--target vm; auto (default): modules, and where guests are emulated BPF programs for "
	  "what this machine can time natively", 2 },
	{ "kernels", 'k', "SPEC,...", 0,
	  "kernels to boot: 6.12, 6.1-cloud, an exact release, or the path of a kernel tree that "
	  "you built (../linux); one result each (default: the newest packaged cloud kernel)", 2 },
	{ "accel", OPT_ACCEL, "ACCEL", 0,
	  "kvm, tcg or auto (default): KVM where it works; icount: exact instruction counts", 2 },
	{ "machine", OPT_MACHINE, "BOARD", 0,
	  "emulate this board, such as raspi3b, with the plain arm64 kernel", 2 },
	{ "boots", OPT_BOOTS, "N", 0,
	  "boot each kernel so often (default 1): only several boots tell small differences; those "
	  "of several kernels are interleaved in random order; --target host measures one a call, "
	  "between which you reboot", 2 },
	{ "until", OPT_UNTIL, "PERCENT", 0,
	  "boot until every case is known that well, 6 times at least and --boots at most (default "
	  "30): half of the 95 % interval; of several kernels, of the ratio to the first", 2 },
	{ "resume", OPT_RESUME, "DIR", 0,
	  "go on with a run of several boots that was cut short: where its results are, or its "
	  "*.journal", 2 },
	{ "seed", OPT_SEED, "N,...", 0,
	  "with --accel icount: of what is random in the guest; 1-5 is a boot for each (default 1 "
	  "to --boots); else of the order of several kernels' boots", 2 },
	{ NULL, 0, NULL, 0, "How long:", 3 },
	{ "time", OPT_TIME, "TIME", 0,
	  "longest time that a case takes samples, such as 50ms or 2s (default 100ms, 40ms "
	  "where guests are emulated, 20ms with --accel icount); their batches grow with it", 3 },
	{ "samples", OPT_SAMPLES, "N", 0, "per worker and case (default 32)", 3 },
	{ "deadline", OPT_DEADLINE, "SECONDS", 0,
	  "a case that takes longer has failed (default 10)", 3 },
	{ NULL, 0, NULL, 0, "Result:", 4 },
	{ "output", 'o', "FILE|DIR", 0, "result file, or directory for it (default results/)", 4 },
	{ "json", OPT_JSON, NULL, 0, "print the result as JSON, not as a table", 4 },
	{ "plot", OPT_PLOT, NULL, 0, "draw a plot beside the result file (default)", 4 },
	{ "no-plot", OPT_NO_PLOT, NULL, 0, "draw no plot", 4 },
	{ "quiet", 'q', NULL, 0, "no progress", 4 },
	{ "verbose", 'v', NULL, 0,
	  "show the last lines of what the kernel said, such as why it refuses a BPF program", 4 },
	{ 0 },
};

struct parser {
	struct kb_run_options	*options;
	struct kb_error		*err;
};

/* Append a copy of @text to a list. Return: 0 or -1. */
static int append(char ***list, size_t *nr, const char *text)
{
	char **bigger = reallocarray(*list, *nr + 1, sizeof(**list));

	if (!bigger)
		return -1;
	*list = bigger;
	bigger[*nr] = strdup(text);
	if (!bigger[*nr])
		return -1;
	(*nr)++;
	return 0;
}

/* Split "a,b" and append its parts; none may be empty. */
static int append_split(char ***list, size_t *nr, const char *text, const char *what,
			struct kb_error *err)
{
	char *copy = strdup(text), *rest = copy, *part;
	int ret = 0;

	if (!copy)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	while (!ret && (part = strsep(&rest, ","))) {
		if (!*part)
			ret = kb_fail(err, KB_EXIT_USAGE,
				      "'%s': an empty %s; write names, commas between", text, what);
		else if (append(list, nr, part))
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	free(copy);
	return ret;
}

static int add_sweep(struct kb_request *request, const char *text, struct kb_error *err)
{
	struct kb_sweep *bigger;

	bigger = reallocarray(request->sweeps, request->nr_sweeps + 1, sizeof(*bigger));
	if (!bigger)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	request->sweeps = bigger;
	if (kb_sweep_parse(&bigger[request->nr_sweeps], text, err))
		return -1;
	request->nr_sweeps++;
	return 0;
}

static int set_cpus(struct kb_request *request, const char *text, bool list, struct kb_error *err)
{
	if (request->cpus.nr_counts)
		return kb_fail(err, KB_EXIT_USAGE, "give --cpus or --cpu-list, and that once");
	return list ? kb_cpus_parse_list(&request->cpus, text, err) :
		      kb_cpus_parse_counts(&request->cpus, text, err);
}

static int set_accel(struct kb_run_options *options, const char *text, struct kb_error *err)
{
	if (strcmp(text, "auto") && strcmp(text, "kvm") && strcmp(text, "tcg") &&
	    strcmp(text, "icount"))
		return kb_fail(err, KB_EXIT_USAGE, "--accel %s: write auto, kvm, tcg or icount",
			       text);
	options->accel = text;
	return 0;
}

static int set_seeds(struct kb_run_options *options, const char *text, struct kb_error *err)
{
	if (options->seeds.nr)
		return kb_fail(err, KB_EXIT_USAGE, "give --seed once, as in --seed 1-5");
	return kb_seeds_parse(&options->seeds, text, err);
}

static int set_context(struct kb_request *request, const char *text, struct kb_error *err)
{
	for (unsigned int i = KBENCH_CTX_DEFAULT; i <= KBENCH_CTX_IRQ_OFF; i++) {
		if (!strcmp(text, kb_context_name(i))) {
			request->context = i;
			return 0;
		}
	}
	return kb_fail(err, KB_EXIT_USAGE,
		       "--context %s: write process, preempt-off, bh-off, irq-off or default",
		       text);
}

static int set_duration(uint64_t *ns, const char *option, const char *text, uint64_t default_unit,
			struct kb_error *err)
{
	if (kb_number_duration(text, default_unit, ns) || *ns < MIN_TIME_NS || *ns > MAX_TIME_NS)
		return kb_fail(err, KB_EXIT_USAGE,
			       "%s %s: write a time of 1ms to 3600s, such as 50ms or 2s", option,
			       text);
	return 0;
}

static int set_samples(struct kb_request *request, const char *text, struct kb_error *err)
{
	uint64_t samples;

	if (kb_number_unsigned(text, MAX_SAMPLES, &samples) || samples < MIN_SAMPLES)
		return kb_fail(err, KB_EXIT_USAGE, "--samples %s: write a number of %d to %d", text,
			       MIN_SAMPLES, MAX_SAMPLES);
	request->samples = (unsigned int)samples;
	return 0;
}

static int set_what(int key, const char *arg, struct kb_run_options *options, struct kb_error *err)
{
	struct kb_request *request = &options->request;

	switch (key) {
	case ARGP_KEY_ARG:
		return append_split(&request->selectors, &request->nr_selectors, arg,
				    "suite or bench", err);
	case 'c':
		return set_cpus(request, arg, false, err);
	case OPT_CPU_LIST:
		options->cpu_list = true;
		return set_cpus(request, arg, true, err);
	case 'p':
		return add_sweep(request, arg, err);
	case OPT_CONTEXT:
		return set_context(request, arg, err);
	case OPT_PLACEMENT:
		return kb_placement_parse(&request->placement, arg, err);
	case OPT_LATENCY:
		request->latency = true;
		return 0;
	case OPT_COUNTERS:
		return kb_counters_parse(&request->counters, arg, err);
	case OPT_SUITE:
		return kb_suite_files_add(&options->suites, arg, err);
	case OPT_TIME:
		return set_duration(&request->time_ns, "--time", arg, 0, err);
	case OPT_DEADLINE:
		return set_duration(&request->deadline_ns, "--deadline", arg, NS_PER_S, err);
	case OPT_SAMPLES:
		return set_samples(request, arg, err);
	default:
		return 1;
	}
}

static int set_backend(struct kb_run_options *options, const char *name, struct kb_error *err)
{
	static const char *const names[] = {
		[KB_BACKEND_AUTO] = "auto", [KB_BACKEND_LKM] = "lkm", [KB_BACKEND_BPF] = "bpf",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		options->backend = (enum kb_backend)i;
		return 0;
	}
	return kb_fail(err, KB_EXIT_USAGE, "--backend %s: write lkm, bpf or auto", name);
}

static int set_where(int key, const char *arg, struct kb_run_options *options,
		     struct kb_error *err)
{
	switch (key) {
	case 't':
		return kb_target_parse(options, arg, err);
	case 'k':
		return append_split(&options->kernels, &options->nr_kernels, arg, "kernel", err);
	case OPT_BACKEND:
		return set_backend(options, arg, err);
	case OPT_ACCEL:
		return set_accel(options, arg, err);
	case OPT_MACHINE:
		return kb_set_machine(options, arg, err);
	case OPT_SEED:
		return set_seeds(options, arg, err);
	case OPT_BOOTS:
		return kb_boots_parse(&options->boots, arg, err);
	case OPT_UNTIL:
		return kb_until_parse(&options->until, arg, err);
	case OPT_RESUME:
		options->resume = arg;
		return 0;
	case 'o':
		options->output = arg;
		return *arg ? 0 : kb_fail(err, KB_EXIT_USAGE, "-o '': write a file or a directory");
	case 'q':
		options->quiet = true;
		return 0;
	case 'v':
		options->verbose = true;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_PLOT:
	case OPT_NO_PLOT:
		options->plot = options->plot_given = key == OPT_PLOT;
		return 0;
	default:
		return 1;
	}
}

static error_t parse_run(int key, char *arg, struct argp_state *state)
{
	struct parser *parser = state->input;
	int ret = set_what(key, arg, parser->options, parser->err);

	if (ret > 0)
		ret = set_where(key, arg, parser->options, parser->err);
	if (ret > 0)
		return ARGP_ERR_UNKNOWN;
	return ret ? EINVAL : 0;
}

static const struct argp run_argp = {
	.options = run_options, .parser = parse_run,
	.args_doc = "SUITE[/BENCH][,...]...\n--suite FILE.c [SUITE[/BENCH][,...]...]",
	.doc = "Measure suites and write a result file.\v"
	       "Examples:\n"
	       "  kbench run locks --cpus 8\n"
	       "  kbench run alloc/kmalloc --param size=64,4K --cpus 1-4 --kernels 6.1,6.12\n"
	       "  kbench run locks --kernels ../linux,../linux-patched --boots 10\n"
	       "  kbench run --suite ./mysuite.c --cpus 1,2\n"
	       "  kbench run locks --latency --cpus 4\n",
};

/* What BPF programs cannot do, wherever they run. */
static int check_bpf(const struct kb_run_options *options, struct kb_error *err)
{
	const struct kb_request *request = &options->request;

	if (options->suites.nr)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--suite: files of your own become modules; leave out --backend");
	if (request->latency)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--latency: BPF programs do not time single operations, only "
			       "modules do (--backend lkm)");
	if (request->context == KBENCH_CTX_BH_OFF || request->context == KBENCH_CTX_IRQ_OFF)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--context: BPF programs run in process context or with "
			       "preemption off (process, preempt-off), only modules in the others");
	return 0;
}

/* What only the whole command line shows. */
static int check(const struct kb_run_options *options, struct kb_error *err)
{
	const struct kb_request *request = &options->request;

	if (!request->nr_selectors)
		return kb_fail(err, KB_EXIT_USAGE,
			       "name what to run, as 'kbench run locks'; 'kbench list' shows all");
	if (options->machine && kb_check_machine(options, err))
		return -1;
	if (kb_target_check(options, err))
		return -1;
	if (request->cpus.list && request->placement != KB_PLACEMENT_NONE)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--cpu-list names the CPUs, --placement chooses them; give one");
	if (request->deadline_ns <= request->time_ns)
		return kb_fail(err, KB_EXIT_USAGE,
			       "a case needs its --time and some more; give a longer --deadline");
	if (request->latency && request->deadline_ns <= 2 * request->time_ns)
		return kb_fail(err, KB_EXIT_USAGE,
			       "with --latency a case needs twice its --time and some more; give a "
			       "longer --deadline");
	return options->backend == KB_BACKEND_BPF ? check_bpf(options, err) : 0;
}

/* BPF programs need no guest, unless the user asks for what only guests have. */
static void choose_target(struct kb_run_options *options)
{
	if (options->machine)
		kb_settle_machine(options);
	if (options->backend == KB_BACKEND_BPF && options->target == KB_TARGET_AUTO)
		options->target = options->nr_kernels || strcmp(options->accel, "auto") != 0 ?
			KB_TARGET_VM : KB_TARGET_HOST;
}

/* Nothing else was named: the user's own suites are meant. */
static int select_outside(struct kb_run_options *options, struct kb_error *err)
{
	struct kb_request *request = &options->request;

	for (size_t i = 0; i < options->suites.nr; i++)
		if (append(&request->selectors, &request->nr_selectors,
			   options->suites.files[i].name))
			return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	return 0;
}

/* A counted instruction takes a nanosecond of the guest's time and several of the host's. */
static uint64_t default_time_ns(const struct kb_run_options *options)
{
	return (strcmp(options->accel, "icount") ? 100 : 20) * NS_PER_MS;
}

/* What was asked for stands in the journal. */
static int check_resume(const struct kb_run_options *options, struct kb_error *err)
{
	if (!options->request.nr_selectors && !options->nr_kernels && !options->output &&
	    !options->seeds.nr)
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "--resume goes on with the suites, kernels, seeds and "
		       "output of the run that was cut short: leave them out");
}

int kb_run_options_parse(struct kb_run_options *options, int argc, char **argv,
			 struct kb_error *err)
{
	struct parser parser = { .options = options, .err = err };
	int ret;

	*options = (struct kb_run_options){
		.request = {
			.deadline_ns = 10 * NS_PER_S, .samples = 32,
		},
		.accel = "auto", .plot = true,
	};
	ret = kb_cli_parse(&run_argp, argc, argv, &parser, err);
	if (!ret && !options->request.nr_selectors)
		ret = select_outside(options, err);
	if (!ret && options->resume)
		return check_resume(options, err);
	if (!ret)
		ret = kb_boots_settle(options, err);
	if (!options->request.time_ns) {
		options->request.time_ns = default_time_ns(options);
		options->default_time = true;
	}
	if (!ret && !options->request.cpus.nr_counts)
		ret = kb_cpus_parse_counts(&options->request.cpus, "1", err);
	choose_target(options);
	return ret ? ret : check(options, err);
}

int kb_run_options_set_backend(struct kb_run_options *options, enum kb_backend backend,
			       struct kb_error *err)
{
	options->backend = backend;
	choose_target(options);
	return check(options, err);
}

void kb_run_options_free(struct kb_run_options *options)
{
	struct kb_request *request = &options->request;

	for (size_t i = 0; i < request->nr_selectors; i++)
		free(request->selectors[i]);
	free(request->selectors);
	for (size_t i = 0; i < request->nr_sweeps; i++)
		free(request->sweeps[i].values);
	free(request->sweeps);
	kb_cpus_free(&request->cpus);
	free(options->seeds.items);
	for (size_t i = 0; i < options->nr_kernels; i++)
		free(options->kernels[i]);
	free(options->kernels);
	for (size_t i = 0; i < options->nr_machines; i++)
		free(options->machines[i]);
	free(options->machines);
	kb_suite_files_free(&options->suites);
	memset(options, 0, sizeof(*options));
}
