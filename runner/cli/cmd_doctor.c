// SPDX-License-Identifier: GPL-2.0
/*
 * kbench doctor: what this machine can do, and what mends what it cannot; what of its settings
 * makes figures wander, and what helps against that.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "cli.h"
#include "command.h"
#include "environment.h"
#include "grid.h"
#include "paths.h"
#include "print_json.h"
#include "screen.h"

enum { OPT_JSON = 256, OPT_PROBE, OPT_SYSROOT };

/** struct doctor_options - @sysroot: where a test has made what is judged, or NULL */
struct doctor_options {
	const char	*sysroot;
	bool	json;
	bool	probe;
};

static const struct argp_option doctor_options[] = {
	{ "probe", OPT_PROBE, NULL, 0, "boot a guest to find out whether KVM works", 0 },
	{ "json", OPT_JSON, NULL, 0, "print JSON", 0 },
	{ "sysroot", OPT_SYSROOT, "DIR", OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};

static error_t parse_doctor(int key, char *arg, struct argp_state *state)
{
	struct doctor_options *options = state->input;

	switch (key) {
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_SYSROOT:
		options->sysroot = arg;
		return 0;
	case OPT_PROBE:
		options->probe = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_doctor_argp = {
	.options = doctor_options, .parser = parse_doctor,
	.doc = "Say what this machine can do, what is missing, and the command that mends it; then "
	       "what in its settings makes figures wander or distorts them, what that does, and "
	       "what helps.\v"
	       "Exit code 0 when something can be measured here, 4 when nothing can.",
};

/* kbench's own files: the sources of the modules, and the agent. */
static void check_files(struct kb_checks *checks)
{
	struct kb_check *check = kb_check_add(checks, "files", KB_NEEDS_HOST | KB_NEEDS_VM);
	char *data = kb_data_dir(), *agent = kb_agent_path(NULL);
	char *sources = kb_path("%s/kbench/Kbuild", data);

	if (!kb_exists(sources)) {
		kb_check_found(check, "no sources of the modules in %s", data);
		kb_check_mend(check, "make install, or set KBENCH_DATADIR to the source tree");
	} else if (access(agent, X_OK)) {
		kb_check_found(check, "no agent at %s", agent);
		kb_check_mend(check, "make, or make install");
	} else {
		kb_check_found(check, "%s, %s", data, agent);
	}
	free(sources);
	free(agent);
	free(data);
}

static void check_all(struct kb_checks *checks, bool probe)
{
	static const char *const compilers[] = { "gcc", NULL }, *const makes[] = { "make", NULL };
	static const char *const plotters[] = { "gnuplot", NULL };

	check_files(checks);
	kb_check_program(checks, "compiler", KB_NEEDS_HOST | KB_NEEDS_VM, compilers, "gcc");
	kb_check_program(checks, "make", KB_NEEDS_HOST | KB_NEEDS_VM, makes, "make");
	kb_checks_host(checks);
	kb_checks_bpf(checks);
	kb_checks_guest(checks, probe);
	kb_check_program(checks, "gnuplot", 0, plotters, "gnuplot-nox");
}

/*
 * What a run can be asked for.
 * @what: "target" or "backend", as the options are called
 */
static const struct {
	const char	*what;
	const char	*name;
	unsigned int	needs;
	const char	*about;
} ways[] = {
	{ "target", "host", KB_NEEDS_HOST, "modules in the running kernel" },
	{ "target", "vm", KB_NEEDS_VM, "modules in a guest" },
	{ "backend", "bpf", KB_NEEDS_BPF, "BPF programs in the running kernel" },
};

#define NR_WAYS		(sizeof(ways) / sizeof(ways[0]))

static void print_ways(const struct kb_checks *checks)
{
	for (size_t i = 0; i < NR_WAYS; i++) {
		const char *separator = "";

		printf("%-7s %-5s %s", ways[i].what, ways[i].name,
		       kb_checks_allow(checks, ways[i].needs) ? "works: " : "does not work: ");
		if (kb_checks_allow(checks, ways[i].needs))
			fputs(ways[i].about, stdout);
		for (size_t j = 0; j < checks->nr; j++) {
			if (checks->items[j].needs & ways[i].needs && !checks->items[j].ok) {
				printf("%s%s", separator, checks->items[j].name);
				separator = ", ";
			}
		}
		putchar('\n');
	}
}

/* Whether anything can be measured here. */
static bool some_way_works(const struct kb_checks *checks)
{
	for (size_t i = 0; i < NR_WAYS; i++)
		if (kb_checks_allow(checks, ways[i].needs))
			return true;
	return false;
}

/* "no" is what a target needs and has not; "-" what only makes kbench do less. */
static const char *state_word(const struct kb_check *check)
{
	if (check->ok)
		return "ok";
	return check->needs ? "no" : "-";
}

static int print_table(const struct kb_checks *checks)
{
	static const struct kb_grid_column columns[] = {
		{ "CHECK", 0, 0 }, { "", 0, 0 }, { "FOUND", KB_GRID_WRAP, 0 },
		{ "TO MEND IT", KB_GRID_WRAP | KB_GRID_SPARE, 0 },
	};
	struct kb_grid *grid = kb_grid_new(columns, 4);
	int bad = !grid;

	for (size_t i = 0; !bad && i < checks->nr; i++) {
		const struct kb_check *check = &checks->items[i];
		const char *word = state_word(check);

		bad = kb_grid_add(grid, (const char *[]){ check->name, word, check->found,
							  check->mend });
		if (!bad && check->needs)
			kb_grid_colour(grid, 1, check->ok ? "green" : "red");
	}
	return kb_grid_end(grid, bad);
}

static json_t *way_json(const struct kb_checks *checks, unsigned int needs)
{
	json_t *missing = json_array();

	for (size_t i = 0; missing && i < checks->nr; i++)
		if (checks->items[i].needs & needs && !checks->items[i].ok)
			json_array_append_new(missing, json_string(checks->items[i].name));
	return json_pack("{s:b, s:o}", "works", kb_checks_allow(checks, needs), "missing",
			 missing);
}

static int print_json(const struct kb_checks *checks, const struct kb_environment *environment)
{
	json_t *object = json_object(), *array = json_array();
	json_t *targets = json_object(), *backends = json_object();
	int bad;

	for (size_t i = 0; i < NR_WAYS; i++)
		json_object_set_new(strcmp(ways[i].what, "target") ? backends : targets,
				    ways[i].name, way_json(checks, ways[i].needs));
	for (size_t i = 0; i < checks->nr; i++) {
		const struct kb_check *check = &checks->items[i];

		json_array_append_new(array,
			json_pack("{s:s, s:b, s:b, s:s, s:s}", "name", check->name,
				  "ok", check->ok, "optional", !check->needs,
				  "found", check->found, "mend", check->mend));
	}
	bad = json_object_set_new(object, "targets", targets);
	bad |= json_object_set_new(object, "backends", backends);
	bad |= json_object_set_new(object, "checks", array);
	bad |= json_object_set_new(object, "environment", kb_environment_json(environment));
	if (!bad)
		bad = kb_print_json(object);
	json_decref(object);
	return bad;
}

static int print_text(const struct kb_checks *checks, const struct kb_environment *environment)
{
	struct kb_screen screen;
	int bad;

	kb_screen_begin(&screen);
	bad = print_table(checks);
	putchar('\n');
	print_ways(checks);
	putchar('\n');
	kb_environment_print(environment);
	if (kb_checks_allow(checks, KB_NEEDS_VM) || kb_checks_allow(checks, KB_NEEDS_HOST))
		puts("\nNext: kbench run locks --cpus 8");
	else if (kb_checks_allow(checks, KB_NEEDS_BPF))
		puts("\nNext: kbench run cache --backend bpf");
	kb_screen_end(&screen);
	return bad;
}

int kb_cmd_doctor(int argc, char **argv)
{
	struct doctor_options options = { 0 };
	struct kb_checks checks = { .nr = 0 };
	struct kb_environment environment;
	struct kb_error err = { 0 };
	int ret = kb_cli_parse(&kb_doctor_argp, argc, argv, &options, &err);

	if (ret)
		return ret > 0 ? KB_EXIT_OK : kb_cli_report(&err);
	check_all(&checks, options.probe);
	kb_environment_judge(&environment, options.sysroot);
	if (options.json ? print_json(&checks, &environment) :
			   print_text(&checks, &environment)) {
		kb_note("out of memory, or nowhere to print to");
		return KB_EXIT_ENVIRONMENT;
	}
	return some_way_works(&checks) ? KB_EXIT_OK : KB_EXIT_ENVIRONMENT;
}
