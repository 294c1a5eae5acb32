// SPDX-License-Identifier: GPL-2.0
/* Which kernel a spec means. */
#include "kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "tree.h"
#include "version.h"

/* Lists younger than this are not fetched again to look for a kernel that they do not have. */
#define FRESH_S		3600

/*
 * What a spec asks for. Without a spec: any version of the cloud kernel, the quickest to boot; an
 * architecture alone: any version of its plain kernel, which has the drivers of boards.
 */
struct wish {
	const char	*text;
	struct kb_spec	spec;
	bool		any_version;
};

static int wish_parse(struct wish *wish, const char *text, struct kb_error *err)
{
	*wish = (struct wish){ .text = text, .any_version = !text };
	if (text && text[0] == '@')
		wish->spec.arch = kb_arch_find(text + 1);
	if (wish->spec.arch) {
		wish->any_version = true;
		return 0;
	}
	if (text)
		return kb_spec_parse(&wish->spec, text, err);
	snprintf(wish->spec.flavour, sizeof(wish->spec.flavour), "cloud");
	wish->spec.arch = kb_arch_native();
	if (wish->spec.arch)
		return 0;
	return kb_fail(err, KB_EXIT_ENVIRONMENT,
		       "guests of this machine's architecture cannot be made so far; use "
		       "--target host, or name a kernel as 6.12@arm64");
}

static bool fits(const struct wish *wish, const struct kb_kernel_info *info)
{
	if (wish->any_version)
		return wish->spec.arch == info->parts.arch &&
		       !strcmp(wish->spec.flavour, info->parts.flavour);
	return kb_spec_matches(&wish->spec, &info->parts);
}

static bool fits_cached(const struct kb_kernel_info *info, const void *wish)
{
	return info->cached && fits(wish, info);
}

static bool fits_packaged(const struct kb_kernel_info *info, const void *wish)
{
	return info->image[0] && fits(wish, info);
}

/*
 * The cached kernel is taken rather than a newer packaged one, so that runs stay comparable and
 * need no network, until the user asks for new lists. Without a spec it is the newest packaged.
 */
static bool prefer_cached(const struct wish *wish, const struct kb_kernel_info *cached,
			  const struct kb_kernel_info *packaged)
{
	if (!cached || (packaged && cached->suites && !packaged->suites))
		return false;
	if (!packaged || kb_version_compare(cached->parts.base, packaged->parts.base) >= 0)
		return true;
	return !wish->any_version &&
	       cached->cached > kb_kernel_list_asked(wish->spec.arch, packaged->suites);
}

int kb_kernel_none(const struct kb_kernel_list *list, const struct kb_spec *spec,
		   const char *text, struct kb_error *err)
{
	char *names = kb_kernel_list_near(list, spec);

	kb_fail(err, KB_EXIT_USAGE, "no kernel %s is packaged; there are %s (kbench kernels)",
		text, *names ? names : "none");
	free(names);
	return -1;
}

/* Take the kernel that the lists and the cache give now. 1: none fits. */
static int take(struct kb_kernel *kernel, const struct wish *wish, struct kb_error *err)
{
	const struct kb_kernel_info *cached, *packaged, *info;
	struct kb_error fetch_err = { 0 };
	struct kb_kernel_list list;
	int ret;

	if (kb_kernel_list_read(&list, err))
		return -1;
	cached = kb_kernel_list_newest(&list, fits_cached, wish);
	packaged = kb_kernel_list_newest(&list, fits_packaged, wish);
	info = prefer_cached(wish, cached, packaged) ? cached : packaged;
	ret = info ? kb_kernel_fetch(kernel, info, &fetch_err) : 1;
	if (ret < 0 && cached && info != cached && fetch_err.exit == KB_EXIT_ENVIRONMENT) {
		kb_note("%s; taking %s, which is cached", fetch_err.text, cached->release);
		ret = kb_kernel_fetch(kernel, cached, err);
	} else if (ret < 0) {
		kb_fail(err, fetch_err.exit, "%s", fetch_err.text);
	}
	kb_kernel_list_free(&list);
	return ret;
}

/* No kernel fits: name those that there are. */
static int say_none(const struct wish *wish, struct kb_error *err)
{
	struct kb_kernel_list list;
	int ret;

	if (kb_kernel_list_read(&list, err))
		return -1;
	ret = kb_kernel_none(&list, &wish->spec, wish->text ? wish->text : "for the cloud", err);
	kb_kernel_list_free(&list);
	return ret;
}

/* Seconds since the lists were fetched; -1 without lists. */
static double lists_age(const struct kb_arch *arch, bool suites)
{
	time_t updated = kb_kernel_list_updated(arch, suites);

	return updated ? difftime(time(NULL), updated) : -1;
}

static void forget(struct kb_error *err)
{
	*err = (struct kb_error){ 0 };
}

/*
 * Once more with new lists, when these are old. What take() found before, and its @err, stand where
 * they are not or cannot be had.
 */
static int take_anew(struct kb_kernel *kernel, const struct wish *wish, bool suites, int before,
		     struct kb_error *err)
{
	double age = lists_age(wish->spec.arch, suites);
	struct kb_error update = { 0 };

	if (age >= 0 && age <= FRESH_S)
		return before;
	if (!kb_kernel_list_refresh(wish->spec.arch, suites, false, &update)) {
		forget(err);
		return take(kernel, wish, err);
	}
	if (update.exit != KB_EXIT_INTERRUPTED && age >= 0)
		return before;
	forget(err);
	return update.exit == KB_EXIT_INTERRUPTED ?
	       kb_fail(err, update.exit, "%s", update.text) :
	       kb_fail(err, update.exit, "no kernel %s is in %s, and %s",
		       wish->text ? wish->text : "for the cloud", suites ?
		       "this machine's package sources" : "the cache", update.text);
}

/* By the lists that are there; when these do not do and are old, by new ones. */
static int get(struct kb_kernel *kernel, const struct wish *wish, struct kb_error *err)
{
	struct kb_error first = { 0 };
	int ret = take(kernel, wish, &first);

	for (int suites = 0; suites < 2; suites++)
		/* A download that failed may be of a package which has gone meanwhile. */
		if (ret > 0 || (ret < 0 && first.exit == KB_EXIT_ENVIRONMENT && !suites))
			ret = take_anew(kernel, wish, suites, ret, &first);
	if (ret > 0)
		return say_none(wish, err);
	return ret ? kb_fail(err, first.exit, "%s", first.text) : 0;
}

int kb_kernel_arch(const struct kb_arch **arch, const char *spec, struct kb_error *err)
{
	struct wish wish;

	if (spec && kb_spec_is_path(spec))
		return kb_tree_arch(arch, spec, err);
	if (wish_parse(&wish, spec, err))
		return -1;
	*arch = wish.spec.arch;
	return 0;
}

int kb_kernel_get(struct kb_kernel *kernel, const char *spec, struct kb_error *err)
{
	struct wish wish;

	if (spec && kb_spec_is_path(spec))
		return kb_tree_open(kernel, spec, err);
	if (wish_parse(&wish, spec, err))
		return -1;
	return get(kernel, &wish, err);
}

/* Whether the machine's own lists have one that fits; -1 with @err. */
static int is_own(const struct wish *wish, struct kb_error *err)
{
	const struct kb_kernel_info *info;
	struct kb_kernel_list list;
	int found;

	if (kb_kernel_list_read(&list, err))
		return -1;
	info = kb_kernel_list_newest(&list, fits_packaged, wish);
	found = info && !info->suites;
	kb_kernel_list_free(&list);
	return found;
}

/* Those of other suites count only where the machine's own have none. */
static int refresh_for(const struct wish *wish, struct kb_error *err)
{
	int found;

	if (kb_kernel_list_refresh(wish->spec.arch, false, true, err))
		return -1;
	found = is_own(wish, err);
	if (found)
		return found < 0 ? -1 : 0;
	return kb_kernel_list_refresh(wish->spec.arch, true, true, err);
}

int kb_kernel_add(struct kb_kernel *kernel, const char *spec, struct kb_error *err)
{
	struct wish wish;

	if (kb_spec_is_path(spec))
		return kb_fail(err, KB_EXIT_USAGE, "kernel %s is a path: a built tree needs no "
			       "fetching, just name it with --kernels", spec);
	if (wish_parse(&wish, spec, err) || refresh_for(&wish, err))
		return -1;
	return get(kernel, &wish, err);
}

char *kb_kernel_title(const struct kb_kernel *kernel)
{
	return kernel->tree ? kb_path("%s (%s)", kernel->release, kernel->tree) :
			      kb_path("%s", kernel->release);
}
