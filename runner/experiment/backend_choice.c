// SPDX-License-Identifier: GPL-2.0
#include "backend_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/bpf/suites.h"
#include "paths.h"
#include "selection.h"

/* A suite of BPF programs that is nothing else: there is no source of a module. */
static bool is_bpf_only(const char *selector)
{
	size_t length = strcspn(selector, "/");
	bool only = false;

	for (const struct bpf_suite *suite = bpf_suites; suite->name && !only; suite++) {
		if (strlen(suite->name) != length || strncmp(suite->name, selector, length) != 0)
			continue;
		char *dir = kb_data_dir();
		char *source = kb_path("%s/suites/%s.c", dir, suite->name);

		only = !kb_exists(source);
		free(source);
		free(dir);
	}
	return only;
}

bool kb_are_bpf_only(char *const *selectors, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!is_bpf_only(selectors[i]))
			return false;
	return nr > 0;
}

int kb_backend_choose(struct kb_run_options *options, struct kb_error *err)
{
	const struct kb_request *request = &options->request;
	const char *bpf_only = NULL, *other = NULL;

	if (options->backend == KB_BACKEND_BPF)
		return 0;
	for (size_t i = 0; i < request->nr_selectors; i++) {
		if (is_bpf_only(request->selectors[i]))
			bpf_only = request->selectors[i];
		else
			other = request->selectors[i];
	}
	if (!bpf_only)
		return 0;
	if (options->backend == KB_BACKEND_LKM)
		return kb_fail(err, KB_EXIT_USAGE, "%s has no module; leave --backend lkm out",
			       bpf_only);
	if (other)
		return kb_fail(err, KB_EXIT_USAGE, "%s has no module and %s may need one: run them "
			       "one after the other, or both with --backend bpf", bpf_only, other);
	return kb_run_options_set_backend(options, KB_BACKEND_BPF, err);
}

void kb_backend_hint(const struct kb_run_options *options, struct kb_error *err)
{
	const struct kb_request *request = &options->request;
	struct kb_selection selection;
	struct kb_error unsaid = { 0 };
	struct kb_catalog catalog;
	size_t length = strlen(err->text);

	/* A kernel that was named is booted for BPF programs, too. */
	if (err->exit != KB_EXIT_ENVIRONMENT || options->backend != KB_BACKEND_AUTO ||
	    options->target != KB_TARGET_AUTO || options->nr_kernels ||
	    kb_catalog_read_bpf(&catalog, &unsaid))
		return;
	if (!kb_select(&selection, request->selectors, request->nr_selectors, &catalog, &unsaid)) {
		snprintf(err->text + length, sizeof(err->text) - length,
			 "; --backend bpf needs none of that");
		kb_selection_free(&selection);
	}
	kb_catalog_free(&catalog);
}
