// SPDX-License-Identifier: GPL-2.0
/* kbench kernels: what can be booted, and getting it. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "grid.h"
#include "kernel.h"
#include "print_json.h"

enum { OPT_JSON = 256 };

/* struct kernels_options - @words: what stands beside options, points into argv */
struct kernels_options {
	char	**words;
	size_t	nr_words;
	bool	json;
};

static const struct argp_option kernels_options[] = {
	{ "json", OPT_JSON, NULL, 0, "print JSON", 0 },
	{ 0 },
};

static error_t parse_kernels(int key, char *arg, struct argp_state *state)
{
	struct kernels_options *options = state->input;

	switch (key) {
	case OPT_JSON:
		options->json = true;
		return 0;
	case ARGP_KEY_ARG:
		options->words[options->nr_words++] = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_kernels_argp = {
	.options = kernels_options, .parser = parse_kernels,
	.args_doc = "\nadd SPEC...\nupdate",
	.doc = "List the kernels that are packaged for this machine or in the cache; SPEC says how "
	       "--kernels calls the newest of a series.\v"
	       "\"add\" fetches the newest packaged kernel of each SPEC (6.12, 6.1-cloud, or a "
	       "whole release), \"update\" fetches new package lists.",
};

static bool same_series(const struct kb_kernel_info *info, const void *series)
{
	char *other = kb_spec_series(&info->parts);
	bool same = info->image[0] && !strcmp(other, series);

	free(other);
	return same;
}

/* The series of a kernel, when that as a spec means this kernel; else NULL. */
static char *spec_of(const struct kb_kernel_list *list, size_t index)
{
	char *series = kb_spec_series(&list->kernels[index].parts);

	if (kb_kernel_list_newest(list, same_series, series) == &list->kernels[index])
		return series;
	free(series);
	return NULL;
}

/* The machine's own need no name. */
static const char *place_of(const struct kb_kernel_info *info)
{
	if (!info->image[0])
		return "no";
	return info->suites && info->suite[0] ? info->suite : "yes";
}

static json_t *kernel_json(const struct kb_kernel_list *list, size_t index)
{
	const struct kb_kernel_info *info = &list->kernels[index];
	char *spec = spec_of(list, index);
	json_t *json = json_pack("{s:s, s:s, s:s, s:s*, s:b, s:b, s:s*}", "release", info->release,
				 "arch", info->parts.arch->deb,
				 "flavour", info->parts.flavour[0] ? info->parts.flavour :
							 info->parts.arch->deb,
				 "spec", spec, "packaged", info->image[0] != '\0',
				 "cached", info->cached != 0,
				 "suite", info->suite[0] ? info->suite : NULL);

	if (json && info->cached)
		json_object_set_new(json, "bytes", json_integer((json_int_t)info->bytes));
	free(spec);
	return json;
}

static void print_json(const struct kb_kernel_list *list)
{
	json_t *array = json_array();
	json_t *top;

	for (size_t i = 0; i < list->nr; i++)
		json_array_append_new(array, kernel_json(list, i));
	top = json_pack("{s:o}", "kernels", array);
	if (top)
		kb_print_json(top);
	json_decref(top);
}

static int add_line(struct kb_grid *grid, const struct kb_kernel_list *list, size_t index)
{
	const struct kb_kernel_info *info = &list->kernels[index];
	char *spec = spec_of(list, index);
	char size[32] = "";
	int ret;

	if (info->cached)
		snprintf(size, sizeof(size), "%zu MB", info->bytes / 1000000);
	ret = kb_grid_add(grid, (const char *[]){ info->release, spec, place_of(info), size });
	free(spec);
	return ret;
}

static int print_table(const struct kb_kernel_list *list, struct kb_error *err)
{
	static const struct kb_grid_column columns[] = {
		{ "RELEASE", 0, 0 }, { "SPEC", 0, 0 }, { "PACKAGED", 0, 0 },
		{ "CACHED", KB_GRID_RIGHT, 0 },
	};
	struct kb_grid *grid = kb_grid_new(columns, 4);
	int bad = !grid;

	for (size_t i = 0; i < list->nr && !bad; i++)
		bad = add_line(grid, list, i);
	return kb_grid_end(grid, bad) ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory") : 0;
}

/* Without lists these are fetched; if that cannot be, what there is is still worth a table. */
static int fetch_lists(const struct kb_arch *arch, bool suites, bool have_some,
		       struct kb_error *err)
{
	struct kb_error refresh = { 0 };

	if (kb_kernel_list_updated(arch, suites) ||
	    !kb_kernel_list_refresh(arch, suites, false, &refresh))
		return 0;
	if (!have_some || refresh.exit == KB_EXIT_INTERRUPTED)
		return kb_fail(err, refresh.exit, "%s", refresh.text);
	kb_note("%s: %s", suites ? "kernels of other Debian suites are not listed" :
		"only cached kernels are listed", refresh.text);
	return 0;
}

static int read_list(struct kb_kernel_list *list, struct kb_error *err)
{
	const struct kb_arch *arch = kb_arch_native();

	if (kb_kernel_list_read(list, err))
		return -1;
	if (!arch)
		return 0;
	if (fetch_lists(arch, false, list->nr, err))
		return -1;
	if (kb_kernel_list_updated(arch, false) && fetch_lists(arch, true, true, err))
		return -1;
	kb_kernel_list_free(list);
	return kb_kernel_list_read(list, err);
}

static int print_list(const struct kernels_options *options, struct kb_error *err)
{
	struct kb_kernel_list list = { 0 };
	int ret = read_list(&list, err);

	if (!ret && options->json)
		print_json(&list);
	else if (!ret)
		ret = print_table(&list, err);
	kb_kernel_list_free(&list);
	return ret;
}

static int add_kernels(const struct kernels_options *options, struct kb_error *err)
{
	if (options->nr_words < 2)
		return kb_fail(err, KB_EXIT_USAGE,
			       "kernels add: say which, as in \"kbench kernels add 6.12\"");
	for (size_t i = 1; i < options->nr_words; i++) {
		struct kb_kernel kernel;

		if (kb_kernel_add(&kernel, options->words[i], err))
			return -1;
		printf("%s\n", kernel.release);
		kb_kernel_free(&kernel);
	}
	return 0;
}

static int run(const struct kernels_options *options, struct kb_error *err)
{
	const char *word = options->nr_words ? options->words[0] : NULL;

	if (!word)
		return print_list(options, err);
	if (!strcmp(word, "add"))
		return add_kernels(options, err);
	if (!strcmp(word, "update") && options->nr_words == 1)
		return kb_kernel_update(err);
	return kb_fail(err, KB_EXIT_USAGE,
		       "kernels %s: unknown; write \"add SPEC\", \"update\" or nothing (see kbench "
		       "kernels --help)", options->words[options->nr_words - 1]);
}

int kb_cmd_kernels(int argc, char **argv)
{
	struct kernels_options options = { 0 };
	struct kb_error err = { 0 };
	int ret;

	options.words = calloc((size_t)argc + 1, sizeof(*options.words));
	if (!options.words) {
		kb_note("out of memory");
		return KB_EXIT_ENVIRONMENT;
	}
	ret = kb_cli_parse(&kb_kernels_argp, argc, argv, &options, &err);
	if (!ret)
		run(&options, &err);
	free(options.words);
	return kb_cli_report(&err);
}
