// SPDX-License-Identifier: GPL-2.0
/* kbench list: suites, benches and parameters, read from modules that are built already. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend_choice.h"
#include "cli.h"
#include "command.h"
#include "kernel.h"
#include "listing.h"
#include "modules.h"
#include "print_json.h"
#include "screen.h"
#include "selection.h"

enum { OPT_JSON = 256, OPT_KERNEL, OPT_SUITE };

/*
 * @selectors: "suite" or "suite/bench", point into argv or into @suites
 * @suites:    files of the user's; without selectors they are what is listed
 * @kernel:    spec of the one whose modules are read; NULL: the newest in the cache
 */
struct list_options {
	char			**selectors;
	size_t			nr_selectors;
	struct kb_suite_files	suites;
	const char		*kernel;
	bool			json;
	struct kb_error		*err;
};

static const struct argp_option list_options[] = {
	{ "json", OPT_JSON, NULL, 0, "print JSON", 0 },
	{ "kernel", OPT_KERNEL, "SPEC", 0,
	  "what there is on this kernel: 6.12, 6.1-cloud, an exact release, the path of a built "
	  "tree (default: the newest that is cached)", 0 },
	{ "suite", OPT_SUITE, "FILE.c", 0,
	  "build this suite of your own, too; alone it is what is listed; may be repeated", 0 },
	{ 0 },
};

static error_t parse_list(int key, char *arg, struct argp_state *state)
{
	struct list_options *options = state->input;

	switch (key) {
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_KERNEL:
		options->kernel = arg;
		return 0;
	case OPT_SUITE:
		return kb_suite_files_add(&options->suites, arg, options->err) ? EINVAL : 0;
	case ARGP_KEY_ARG:
		options->selectors[options->nr_selectors++] = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_list_argp = {
	.options = list_options, .parser = parse_list, .args_doc = "[SUITE[/BENCH]]...",
	.doc = "List suites; of a suite its benches and their parameters; of a bench everything.",
};

/* The part of @selector before the slash is a suite of the catalog: kb_select() has seen to it. */
static const struct kb_suite *selected_suite(const struct kb_catalog *catalog,
					     const char *selector)
{
	size_t length = strcspn(selector, "/");

	for (size_t i = 0; i < catalog->nr_suites; i++)
		if (strlen(catalog->suites[i].name) == length &&
		    !strncmp(catalog->suites[i].name, selector, length))
			return &catalog->suites[i];
	return NULL;
}

static const struct kbench_bench_desc *selected_bench(const struct kb_suite *suite,
						      const char *selector)
{
	const char *slash = strchr(selector, '/');

	return slash ? kb_suite_bench(suite, slash + 1) : NULL;
}

static int print_tables(const struct kb_catalog *catalog, const struct list_options *options,
			struct kb_error *err)
{
	if (!options->nr_selectors) {
		if (kb_listing_suites(catalog, err))
			return -1;
		puts("\n'kbench list SUITE' shows its benches; 'kbench run SUITE' measures them.");
		return 0;
	}
	for (size_t i = 0; i < options->nr_selectors; i++) {
		const struct kb_suite *suite = selected_suite(catalog, options->selectors[i]);
		const struct kbench_bench_desc *bench;

		bench = selected_bench(suite, options->selectors[i]);
		if (i)
			putchar('\n');
		if (bench ? kb_listing_bench(suite, bench, err) : kb_listing_suite(suite, err))
			return -1;
	}
	return 0;
}

static int print_text(const struct kb_catalog *catalog, const struct list_options *options,
		      struct kb_error *err)
{
	struct kb_screen screen;
	int ret;

	kb_screen_begin(&screen);
	ret = print_tables(catalog, options, err);
	kb_screen_end(&screen);
	return ret;
}

static int print_json(const struct kb_catalog *catalog, const struct list_options *options,
		      struct kb_error *err)
{
	json_t *suites = json_array(), *object;

	for (size_t i = 0; !options->nr_selectors && i < catalog->nr_suites; i++)
		json_array_append_new(suites, kb_listing_json(&catalog->suites[i], NULL));
	for (size_t i = 0; i < options->nr_selectors; i++) {
		const struct kb_suite *suite = selected_suite(catalog, options->selectors[i]);

		json_array_append_new(suites,
			kb_listing_json(suite, selected_bench(suite, options->selectors[i])));
	}
	object = json_pack("{s:o}", "suites", suites);
	if (!object)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	kb_print_json(object);
	json_decref(object);
	return 0;
}

static bool is_at_hand(const struct kb_kernel_info *info, const void *unused)
{
	(void)unused;
	return info->cached && kb_arch_is_native(info->parts.arch);
}

/*
 * The newest kernel in the cache, those of other suites last, which want compilers of theirs:
 * modules hold the same suites for each. NULL: none yet.
 */
static char *newest_cached(void)
{
	const struct kb_kernel_info *info;
	struct kb_kernel_list kernels;
	struct kb_error err = { 0 };
	char *release;

	if (kb_kernel_list_read(&kernels, &err))
		return NULL;
	info = kb_kernel_list_newest(&kernels, is_at_hand, NULL);
	release = info ? strdup(info->release) : NULL;
	kb_kernel_list_free(&kernels);
	return release;
}

/* Modules built for the kernel asked for, for the newest here, or for the one to be fetched. */
static char *module_dir(const struct list_options *options, struct kb_error *err)
{
	char *release = options->kernel ? strdup(options->kernel) : newest_cached(), *dir = NULL;
	struct kb_kernel kernel = { 0 };

	if (!kb_kernel_get(&kernel, release, err)) {
		kb_modules_build(&dir, &kernel, &options->suites, err);
		kb_kernel_free(&kernel);
	}
	free(release);
	return dir;
}

/*
 * Of both backends; of BPF programs alone, which are in this program, where nothing else is asked
 * for, or where no modules can be had.
 */
static int read_catalog(struct kb_catalog *catalog, const struct list_options *options,
			struct kb_error *err)
{
	struct kb_error why = { 0 };
	char *dir = NULL;
	int ret;

	if (kb_are_bpf_only(options->selectors, options->nr_selectors))
		return kb_catalog_read_bpf(catalog, err);
	dir = module_dir(options, &why);
	if (!dir && (why.exit != KB_EXIT_ENVIRONMENT || options->nr_selectors)) {
		*err = why;
		return -1;
	}
	if (!dir) {
		kb_note("%s", why.text);
		kb_note("these are the suites that need no module (--backend bpf):");
		return kb_catalog_read_bpf(catalog, err);
	}
	ret = kb_catalog_read(catalog, dir, err);
	free(dir);
	return ret ? ret : kb_catalog_add_bpf(catalog, err);
}

static int list(const struct list_options *options, struct kb_error *err)
{
	struct kb_selection selection;
	struct kb_catalog catalog;
	int ret = read_catalog(&catalog, options, err);

	if (ret)
		return -1;
	if (!ret)
		ret = kb_select(&selection, options->selectors, options->nr_selectors, &catalog,
				err);
	if (!ret) {
		kb_selection_free(&selection);
		ret = options->json ? print_json(&catalog, options, err) :
				      print_text(&catalog, options, err);
	}
	kb_catalog_free(&catalog);
	return ret;
}

int kb_cmd_list(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct list_options options = { .err = &err };
	int ret;

	options.selectors = calloc((size_t)argc + 1, sizeof(*options.selectors));
	if (!options.selectors) {
		kb_note("out of memory");
		return KB_EXIT_ENVIRONMENT;
	}
	ret = kb_cli_parse(&kb_list_argp, argc, argv, &options, &err);
	for (size_t i = 0; !options.nr_selectors && i < options.suites.nr; i++)
		options.selectors[i] = options.suites.files[i].name;
	if (!options.nr_selectors)
		options.nr_selectors = options.suites.nr;
	if (!ret)
		list(&options, &err);
	kb_suite_files_free(&options.suites);
	free(options.selectors);
	return kb_cli_report(&err);
}
