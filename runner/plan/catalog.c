// SPDX-License-Identifier: GPL-2.0
#include "catalog.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/bpf/suites.h"
#include "elf_sections.h"

#define REBUILD		"remove its directory, so that the modules are built again"

/* A 0-terminated string of printable characters in @size bytes. */
static bool text_ok(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	if (length == size)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return true;
}

/* A name that can stand in a plan, on a command line and in a file name. */
static bool name_ok(const char *name, size_t size)
{
	size_t length = strnlen(name, size);

	return length && length < size &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
	       length;
}

static bool param_ok(const struct kbench_param_desc *param)
{
	return name_ok(param->name, sizeof(param->name)) &&
	       text_ok(param->unit, sizeof(param->unit)) &&
	       text_ok(param->help, sizeof(param->help)) &&
	       param->min <= param->def && param->def <= param->max;
}

static bool bench_ok(const struct kbench_bench_desc *bench)
{
	if (!name_ok(bench->name, sizeof(bench->name)) ||
	    !text_ok(bench->help, sizeof(bench->help)) ||
	    bench->context > KBENCH_CTX_IRQ_OFF ||
	    bench->contexts >> (KBENCH_CTX_IRQ_OFF + 1) ||
	    bench->nr_params > KBENCH_MAX_PARAMS || bench->nr_phases > KBENCH_MAX_PHASES ||
	    (bench->max_cpus && bench->min_cpus > bench->max_cpus))
		return false;
	if ((bench->flags & KBENCH_BENCH_PAIRS) && (bench->min_cpus != 2 || bench->max_cpus != 2))
		return false;
	for (size_t i = 0; i < bench->nr_phases; i++)
		if (!name_ok(bench->phases[i], sizeof(bench->phases[i])))
			return false;
	for (size_t i = 0; i < bench->nr_params; i++)
		if (!param_ok(&bench->params[i]))
			return false;
	return true;
}

static int read_suite(struct kb_suite *suite, const struct kb_elf *elf,
		      struct kbench_suite_desc *desc, const char *file, struct kb_error *err)
{
	size_t size;
	const void *section = kb_elf_section(elf, ".kbench.suite", &size);

	if (!section || size != sizeof(*desc))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: holds no kbench suite; " REBUILD,
			       file);
	memcpy(desc, section, sizeof(*desc));
	if (desc->abi != KBENCH_ABI)
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "%s: built for kbench interface %u, this is interface %u; " REBUILD,
			       file, desc->abi, (unsigned int)KBENCH_ABI);
	if (!name_ok(desc->name, sizeof(desc->name)) || !text_ok(desc->help, sizeof(desc->help)) ||
	    desc->bench_size < sizeof(struct kbench_bench_desc))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: damaged suite description; " REBUILD,
			       file);
	memcpy(suite->name, desc->name, sizeof(suite->name));
	memcpy(suite->help, desc->help, sizeof(suite->help));
	return 0;
}

static int read_benches(struct kb_suite *suite, const struct kb_elf *elf, size_t stride,
			const char *file, struct kb_error *err)
{
	size_t size = 0;
	const char *section = kb_elf_section(elf, ".kbench.bench", &size);

	if (!section || !size || size % stride)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: damaged list of benches; " REBUILD,
			       file);
	suite->benches = calloc(size / stride, sizeof(*suite->benches));
	if (!suite->benches)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	for (size_t i = 0; i < size / stride; i++) {
		struct kbench_bench_desc *bench = &suite->benches[i];

		memcpy(bench, section + i * stride, sizeof(*bench));
		if (!bench_ok(bench) || kb_suite_bench(suite, bench->name))
			return kb_fail(err, KB_EXIT_ENVIRONMENT,
				       "%s: damaged description of bench %zu; " REBUILD, file,
				       i + 1);
		memcpy(bench->suite, suite->name, sizeof(bench->suite));
		if (bench->context == KBENCH_CTX_DEFAULT)
			bench->context = KBENCH_CTX_PROCESS;
		if (!bench->min_cpus)
			bench->min_cpus = 1;
		suite->nr_benches++;
	}
	return 0;
}

static void suite_free(struct kb_suite *suite)
{
	free(suite->module);
	free(suite->benches);
	free(suite->in_bpf);
	memset(suite, 0, sizeof(*suite));
}

static int suite_describe(struct kb_suite *suite, const struct kb_elf *elf, const char *path,
			  struct kb_error *err)
{
	struct kbench_suite_desc desc;

	if (!read_suite(suite, elf, &desc, path, err) &&
	    !read_benches(suite, elf, desc.bench_size, path, err))
		return 0;
	suite_free(suite);
	return -1;
}

static int suite_read(struct kb_suite *suite, const char *dir, const char *module,
		      struct kb_error *err)
{
	char path[PATH_MAX];
	struct kb_elf elf;
	int ret = -1;

	memset(suite, 0, sizeof(*suite));
	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, module) >= sizeof(path))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: path too long", dir);
	if (kb_elf_read(&elf, path, err))
		return -1;
	suite->module = strdup(module);
	if (!suite->module)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	else
		ret = suite_describe(suite, &elf, path, err);
	kb_elf_free(&elf);
	return ret;
}

static int is_suite_module(const struct dirent *entry)
{
	return !fnmatch("kbench_*.ko", entry->d_name, 0);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct kb_suite *)a)->name, ((const struct kb_suite *)b)->name);
}

static int catalog_fill(struct kb_catalog *catalog, const char *dir, struct dirent **entries,
			size_t nr_entries, struct kb_error *err)
{
	catalog->suites = calloc(nr_entries + 1, sizeof(*catalog->suites));
	if (!catalog->suites)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	for (size_t i = 0; i < nr_entries; i++) {
		struct kb_suite suite;

		if (suite_read(&suite, dir, entries[i]->d_name, err))
			return -1;
		if (kb_catalog_suite(catalog, suite.name)) {
			kb_fail(err, KB_EXIT_ENVIRONMENT,
				"%s/%s: another module has the suite '%s' too", dir, suite.module,
				suite.name);
			suite_free(&suite);
			return -1;
		}
		catalog->suites[catalog->nr_suites++] = suite;
	}
	qsort(catalog->suites, catalog->nr_suites, sizeof(*catalog->suites), by_name);
	return 0;
}

int kb_catalog_read(struct kb_catalog *catalog, const char *module_dir, struct kb_error *err)
{
	struct dirent **entries;
	int nr, ret;

	memset(catalog, 0, sizeof(*catalog));
	nr = scandir(module_dir, &entries, is_suite_module, alphasort);
	if (nr < 0)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "module directory %s: %s", module_dir,
			       strerror(errno));
	if (nr)
		ret = catalog_fill(catalog, module_dir, entries, (size_t)nr, err);
	else
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "%s holds no suite (kbench_*.ko); " REBUILD,
			      module_dir);
	for (int i = 0; i < nr; i++)
		free(entries[i]);
	free(entries);
	if (ret)
		kb_catalog_free(catalog);
	return ret;
}

int kb_catalog_read_bpf(struct kb_catalog *catalog, struct kb_error *err)
{
	size_t nr = 0;

	*catalog = (struct kb_catalog){ .bpf = true };
	while (bpf_suites[nr].name)
		nr++;
	catalog->suites = calloc(nr + 1, sizeof(*catalog->suites));
	if (!catalog->suites)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	for (const struct bpf_suite *object = bpf_suites; object->name; object++) {
		struct kb_elf elf;
		int bad = kb_elf_copy(&elf, object->begin, (size_t)(object->end - object->begin),
				      err);

		bad = bad || suite_describe(&catalog->suites[catalog->nr_suites], &elf,
					    object->name, err);
		kb_elf_free(&elf);
		if (bad) {
			kb_catalog_free(catalog);
			return -1;
		}
		catalog->nr_suites++;
	}
	qsort(catalog->suites, catalog->nr_suites, sizeof(*catalog->suites), by_name);
	return 0;
}

static int mark_bpf(struct kb_suite *suite, const struct kb_suite *bpf)
{
	suite->in_bpf = calloc(suite->nr_benches + 1, sizeof(*suite->in_bpf));
	for (size_t i = 0; suite->in_bpf && i < suite->nr_benches; i++)
		suite->in_bpf[i] = kb_suite_bench(bpf, suite->benches[i].name) != NULL;
	return suite->in_bpf ? 0 : -1;
}

int kb_catalog_add_bpf(struct kb_catalog *catalog, struct kb_error *err)
{
	struct kb_suite *bigger;
	struct kb_catalog bpf;
	int bad = 0;

	if (kb_catalog_read_bpf(&bpf, err))
		return -1;
	bigger = reallocarray(catalog->suites, catalog->nr_suites + bpf.nr_suites + 1,
			      sizeof(*bigger));
	if (bigger)
		catalog->suites = bigger;
	for (size_t i = 0; bigger && i < bpf.nr_suites && !bad; i++) {
		struct kb_suite *suite = (struct kb_suite *)kb_catalog_suite(catalog,
									     bpf.suites[i].name);

		if (suite) {
			bad = mark_bpf(suite, &bpf.suites[i]);
			continue;
		}
		catalog->suites[catalog->nr_suites++] = bpf.suites[i];
		memset(&bpf.suites[i], 0, sizeof(bpf.suites[i]));
	}
	kb_catalog_free(&bpf);
	if (!bigger || bad)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	qsort(catalog->suites, catalog->nr_suites, sizeof(*catalog->suites), by_name);
	return 0;
}

const char *kb_suite_backends(const struct kb_suite *suite, const struct kbench_bench_desc *bench)
{
	if (!suite->module)
		return "bpf";
	return suite->in_bpf && suite->in_bpf[bench - suite->benches] ? "lkm,bpf" : "lkm";
}

void kb_catalog_free(struct kb_catalog *catalog)
{
	for (size_t i = 0; i < catalog->nr_suites; i++)
		suite_free(&catalog->suites[i]);
	free(catalog->suites);
	memset(catalog, 0, sizeof(*catalog));
}

const struct kb_suite *kb_catalog_suite(const struct kb_catalog *catalog, const char *name)
{
	for (size_t i = 0; i < catalog->nr_suites; i++)
		if (!strcmp(catalog->suites[i].name, name))
			return &catalog->suites[i];
	return NULL;
}

const struct kbench_bench_desc *kb_suite_bench(const struct kb_suite *suite, const char *name)
{
	for (size_t i = 0; i < suite->nr_benches; i++)
		if (!strcmp(suite->benches[i].name, name))
			return &suite->benches[i];
	return NULL;
}

const char *kb_context_name(unsigned int context)
{
	static const char *const names[] = {
		[KBENCH_CTX_DEFAULT]	= "default",
		[KBENCH_CTX_PROCESS]	= "process",
		[KBENCH_CTX_ATOMIC]	= "preempt-off",
		[KBENCH_CTX_BH_OFF]	= "bh-off",
		[KBENCH_CTX_IRQ_OFF]	= "irq-off",
	};

	return context < sizeof(names) / sizeof(names[0]) ? names[context] : "unknown";
}

const char *kb_context_names(const struct kbench_bench_desc *bench, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int i = KBENCH_CTX_PROCESS; i <= KBENCH_CTX_IRQ_OFF && used < size; i++)
		if (KBENCH_CONTEXTS(bench) & (1U << i))
			used += (size_t)snprintf(text + used, size - used, "%s%s",
						 used ? ", " : "", kb_context_name(i));
	return text;
}
