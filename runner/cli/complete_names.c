// SPDX-License-Identifier: GPL-2.0
#include "complete_names.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "catalog.h"
#include "error.h"
#include "export.h"
#include "kernel.h"
#include "machine.h"
#include "paths.h"
#include "suite_sources.h"

struct names {
	char	**items;
	size_t	nr;
};

/* Takes @name over; once. */
static void add(struct names *names, char *name)
{
	char **more;

	for (size_t i = 0; i < names->nr; i++) {
		if (strcmp(names->items[i], name) != 0)
			continue;
		free(name);
		return;
	}
	more = reallocarray(names->items, names->nr + 2, sizeof(*more));
	if (!more) {
		free(name);
		return;
	}
	names->items = more;
	more[names->nr++] = name;
	more[names->nr] = NULL;
}

static void add_suite(void *ctx, const char *name)
{
	add(ctx, kb_path("%s", name));
}

char **kb_suite_names(void)
{
	struct names names = { 0 };

	kb_suite_sources_each(add_suite, &names);
	return names.items;
}

/* The directory of the modules of @suite that were built last, for whichever kernel. */
static char *newest_modules(const char *suite, size_t length)
{
	struct kb_error unsaid = { 0 };
	char *cache = kb_cache_dir(&unsaid), *newest = NULL;
	char *pattern = cache ? kb_path("%s/modules/*/kbench_%.*s.ko", cache, (int)length, suite) :
				NULL;
	glob_t found = { 0 };
	time_t built = 0;

	if (pattern && !glob(pattern, 0, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			struct stat st;

			if (stat(found.gl_pathv[i], &st) || st.st_mtime <= built)
				continue;
			built = st.st_mtime;
			free(newest);
			newest = kb_path("%.*s", (int)(strrchr(found.gl_pathv[i], '/') -
						       found.gl_pathv[i]), found.gl_pathv[i]);
		}
	}
	globfree(&found);
	free(pattern);
	free(cache);
	return newest;
}

static void add_benches(struct names *names, const struct kb_catalog *catalog, const char *suite,
			size_t length)
{
	for (size_t i = 0; i < catalog->nr_suites; i++) {
		const struct kb_suite *one = &catalog->suites[i];

		if (strlen(one->name) != length || strncmp(one->name, suite, length) != 0)
			continue;
		for (size_t k = 0; k < one->nr_benches; k++)
			add(names, kb_path("%s/%s", one->name, one->benches[k].name));
	}
}

char **kb_bench_names(const char *suite, size_t length)
{
	char *dir = newest_modules(suite, length);
	struct kb_catalog modules = { 0 }, bpf = { 0 };
	struct kb_error unsaid = { 0 };
	struct names names = { 0 };

	if (dir && !kb_catalog_read(&modules, dir, &unsaid))
		add_benches(&names, &modules, suite, length);
	if (!kb_catalog_read_bpf(&bpf, &unsaid))
		add_benches(&names, &bpf, suite, length);
	kb_catalog_free(&modules);
	kb_catalog_free(&bpf);
	free(dir);
	return names.items;
}

char **kb_board_names(void)
{
	struct names names = { 0 };

	for (const struct kb_machine *board = kb_boards; board->name; board++)
		add(&names, kb_path("%s", board->name));
	return names.items;
}

char **kb_format_names(void)
{
	struct names names = { 0 };

	for (const struct kb_export_format *format = kb_export_formats; format->name; format++)
		add(&names, kb_path("%s", format->name));
	return names.items;
}

char **kb_spec_names(void)
{
	struct kb_kernel_list list = { 0 };
	struct kb_error unsaid = { 0 };
	struct names names = { 0 };

	if (!kb_kernel_list_read(&list, &unsaid))
		for (size_t i = 0; i < list.nr; i++)
			add(&names, kb_spec_series(&list.kernels[i].parts));
	kb_kernel_list_free(&list);
	return names.items;
}
