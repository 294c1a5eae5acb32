// SPDX-License-Identifier: GPL-2.0
/* The releases between two kernels. */
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

static bool is_there(const struct kb_kernel_info *info, bool cached)
{
	return info->cached != 0 || (!cached && info->image[0] != '\0');
}

struct wanted {
	const struct kb_spec	*spec;
	bool			cached;
};

static bool fits(const struct kb_kernel_info *info, const void *ctx)
{
	const struct wanted *wanted = ctx;

	return is_there(info, wanted->cached) && kb_spec_matches(wanted->spec, &info->parts);
}

/* Place of the release that @spec means; the list's end when there is none. */
static size_t find_newest(const struct kb_kernel_list *list, const struct kb_spec *spec,
			  bool cached)
{
	struct wanted wanted = { spec, cached };
	const struct kb_kernel_info *info = kb_kernel_list_newest(list, fits, &wanted);

	return info ? (size_t)(info - list->kernels) : list->nr;
}

static const char *flavour_name(const struct kb_spec *spec)
{
	return spec->flavour[0] ? spec->flavour : "plain";
}

/* Releases differ in the version alone. */
static int check_kinds(const struct kb_spec specs[2], const char *const texts[2],
		       struct kb_error *err)
{
	if (specs[0].arch != specs[1].arch)
		return kb_fail(err, KB_EXIT_USAGE, "%s is a kernel for %s, %s one for %s: name two "
			       "of one architecture", texts[0], specs[0].arch->deb, texts[1],
			       specs[1].arch->deb);
	if (strcmp(specs[0].flavour, specs[1].flavour) != 0)
		return kb_fail(err, KB_EXIT_USAGE, "%s is a %s kernel, %s a %s one: name two of "
			       "one flavour, such as 6.1-cloud and 6.12-cloud", texts[0],
			       flavour_name(&specs[0]), texts[1], flavour_name(&specs[1]));
	return 0;
}

/* Lists that were never fetched are, where they are wanted and the cache alone does not count. */
static int read_list(struct kb_kernel_list *list, const struct kb_spec specs[2], bool cached,
		     struct kb_error *err)
{
	const struct kb_arch *arch = specs[0].arch;

	for (int suites = 0; suites < 2 && !cached; suites++) {
		bool all = suites;

		for (int i = 0; i < 2 && suites; i++)
			all = all && find_newest(list, &specs[i], false) < list->nr;
		if (!all && !kb_kernel_list_updated(arch, suites) &&
		    kb_kernel_list_refresh(arch, suites, false, err))
			return -1;
		kb_kernel_list_free(list);
		if (kb_kernel_list_read(list, err))
			return -1;
	}
	return cached ? kb_kernel_list_read(list, err) : 0;
}

/* Keep those between two places of @list, in the order from the one to the other. */
static int keep(struct kb_kernel_list *range, const struct kb_kernel_list *list, size_t from,
		size_t to, bool cached, struct kb_error *err)
{
	const struct kb_spec *kind = &list->kernels[from].parts;
	size_t length = from < to ? to - from : from - to;
	bool own = !list->kernels[from].suites && !list->kernels[to].suites;

	range->kernels = calloc(length + 1, sizeof(*range->kernels));
	if (!range->kernels)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	for (size_t i = 0; i <= length; i++) {
		const struct kb_kernel_info *info =
			&list->kernels[from < to ? from + i : from - i];

		if (is_there(info, cached) && !(own && info->suites) &&
		    info->parts.arch == kind->arch &&
		    !strcmp(info->parts.flavour, kind->flavour))
			range->kernels[range->nr++] = *info;
	}
	return 0;
}

static int find_range(struct kb_kernel_list *range, const struct kb_kernel_list *list,
		      const struct kb_spec specs[2], const char *const texts[2], bool cached,
		      struct kb_error *err)
{
	size_t places[2];

	for (int i = 0; i < 2; i++) {
		places[i] = find_newest(list, &specs[i], cached);
		if (places[i] < list->nr)
			continue;
		if (cached && find_newest(list, &specs[i], false) < list->nr)
			return kb_fail(err, KB_EXIT_USAGE, "no kernel %s is in the cache; leave "
				       "out --cached, or fetch it: kbench kernels add %s", texts[i],
				       texts[i]);
		return kb_kernel_none(list, &specs[i], texts[i], err);
	}
	if (places[0] == places[1])
		return kb_fail(err, KB_EXIT_USAGE, "%s and %s are one kernel, %s: name two "
			       "releases", texts[0], texts[1],
			       list->kernels[places[0]].release);
	return keep(range, list, places[0], places[1], cached, err);
}

int kb_kernel_range(struct kb_kernel_list *range, const char *from, const char *to, bool cached,
		    struct kb_error *err)
{
	const char *const texts[2] = { from, to };
	struct kb_kernel_list list = { 0 };
	struct kb_spec specs[2];
	int ret;

	*range = (struct kb_kernel_list){ 0 };
	if (kb_spec_parse(&specs[0], from, err) || kb_spec_parse(&specs[1], to, err) ||
	    check_kinds(specs, texts, err) ||
	    read_list(&list, specs, cached, err))
		return -1;
	ret = find_range(range, &list, specs, texts, cached, err);
	kb_kernel_list_free(&list);
	return ret;
}
