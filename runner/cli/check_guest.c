// SPDX-License-Identifier: GPL-2.0
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accel.h"
#include "kernel.h"
#include "paths.h"

static void check_qemu(struct kb_checks *checks)
{
	const struct kb_arch *native = kb_arch_native();

	if (!native) {
		struct kb_check *check = kb_check_add(checks, "qemu", KB_NEEDS_VM);

		kb_check_found(check, "guests of this machine's architecture cannot be made");
		kb_check_mend(check, "use --target host");
		return;
	}
	for (const struct kb_arch *arch = kb_archs; arch->deb; arch++) {
		const char *const names[] = { arch->qemu, NULL };
		bool own = arch == native;
		char name[16];

		snprintf(name, sizeof(name), "qemu%s%s", own ? "" : "-", own ? "" : arch->deb);
		kb_check_program(checks, name, own ? KB_NEEDS_VM : 0, names, arch->qemu_package);
	}
}

/* The newest cached kernel, or a fetched one: what a guest is booted from to try KVM. */
static char *probe_kvm(const char *qemu_version, struct kb_error *err)
{
	struct kb_kernel kernel = { 0 };
	char *agent, *why = NULL;

	if (kb_kernel_get(&kernel, NULL, err))
		return NULL;
	agent = kb_agent_path(NULL);
	why = kb_accel_probe_kvm(&kernel, agent, qemu_version);
	free(agent);
	kb_kernel_free(&kernel);
	return why ? why : kb_path("%s", KB_ACCEL_WORKS);
}

static void check_kvm(struct kb_checks *checks, bool probe)
{
	struct kb_check *check = kb_check_add(checks, "kvm", 0);
	struct kb_error err = { 0 };
	const struct kb_arch *native = kb_arch_native();
	char *version = native ? kb_qemu_version(native, &err) : NULL, *known = NULL;

	if (version)
		known = kb_accel_known_kvm(version);
	if (version && !known && probe)
		known = probe_kvm(version, &err);
	if (!known) {
		kb_check_found(check, "%s", version && !probe ? "not tried yet" : err.text);
		kb_check_mend(check, version ? "kbench doctor --probe" : "install QEMU first");
	} else if (!strcmp(known, KB_ACCEL_WORKS)) {
		kb_check_found(check, "works");
	} else {
		kb_check_found(check, "%s; guests are emulated", known);
		kb_check_mend(check, "load kvm_intel or kvm_amd, or allow nested virtualisation");
	}
	free(known);
	free(version);
}

static size_t nr_cached(const struct kb_kernel_list *list)
{
	size_t nr = 0;

	for (size_t i = 0; i < list->nr; i++)
		nr += list->kernels[i].cached != 0;
	return nr;
}

static const char *newest_cached(const struct kb_kernel_list *list)
{
	for (size_t i = list->nr; i-- > 0; )
		if (list->kernels[i].cached)
			return list->kernels[i].release;
	return "";
}

/* Kernels come through apt, or have come before. */
static void check_kernels(struct kb_checks *checks)
{
	struct kb_check *check = kb_check_add(checks, "kernels", KB_NEEDS_VM);
	struct kb_kernel_list list = { 0 };
	struct kb_error err = { 0 }, unsaid = { 0 };
	char *apt = kb_find_program("apt-get"), *cache = kb_cache_dir(&unsaid);
	int bad = kb_kernel_list_read(&list, &err);
	size_t cached = bad ? 0 : nr_cached(&list);

	if (cached) {
		kb_check_found(check, "%zu in the cache, the newest %s", cached,
			       newest_cached(&list));
	} else if (apt) {
		kb_check_found(check, "none in the cache; the first run fetches one with apt");
	} else {
		kb_check_found(check, "none in the cache, and no apt to fetch one with");
		kb_check_mend(check, "use --target host, or fetch one on a Debian machine");
	}
	if (bad && !cached)
		kb_check_found(check, "%s", err.text);
	if (!cache)
		kb_check_mend(check, "give a directory that can be written in XDG_CACHE_HOME");
	free(cache);
	if (!bad)
		kb_kernel_list_free(&list);
	free(apt);
}

void kb_checks_guest(struct kb_checks *checks, bool probe)
{
	check_qemu(checks);
	check_kvm(checks, probe);
	check_kernels(checks);
}
