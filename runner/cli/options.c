// SPDX-License-Identifier: GPL-2.0
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "boots.h"
#include "cli.h"
#include "command.h"
#include "machine_option.h"
#include "number.h"
#include "perf_use.h"
#include "run_argp.h"
#include "target_choice.h"

#define NS_PER_MS	1000000ULL
#define NS_PER_S	1000000000ULL

/* Bounds of the kernel interface. */
#define MIN_TIME_NS	NS_PER_MS
#define MAX_TIME_NS	(3600 * NS_PER_S)
#define MIN_SAMPLES	4
#define MAX_SAMPLES	65536

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
	case OPT_PERF:
		return kb_perf_parse(&request->perf, arg, err);
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

error_t kb_run_options_take(int key, char *arg, struct argp_state *state)
{
	struct parser *parser = state->input;
	int ret = set_what(key, arg, parser->options, parser->err);

	if (ret > 0)
		ret = set_where(key, arg, parser->options, parser->err);
	if (ret > 0)
		return ARGP_ERR_UNKNOWN;
	return ret ? EINVAL : 0;
}

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
	if (kb_target_check(options, err) || kb_perf_use_check(options, err))
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
	return kb_run_options_parse_as(options, &kb_run_argp, argc, argv, err);
}

int kb_run_options_parse_as(struct kb_run_options *options, const struct argp *argp, int argc,
			    char **argv, struct kb_error *err)
{
	struct parser parser = { .options = options, .err = err };
	int ret;

	*options = (struct kb_run_options){
		.request = {
			.deadline_ns = 10 * NS_PER_S, .samples = 32,
		},
		.accel = "auto", .plot = true,
	};
	ret = kb_cli_parse(argp, argc, argv, &parser, err);
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
