// SPDX-License-Identifier: GPL-2.0
#include "accel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sha256.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "cache.h"
#include "paths.h"
#include "interrupt.h"

#define KVM_DEVICE	"/dev/kvm"

/*
 * Seconds. Under KVM the kernel's first words come within a fraction of one; a guest that spins
 * says nothing at all.
 */
#define WORDS_TIMEOUT	4
#define PROBE_TIMEOUT	10

/* An answer no is asked for again after this time: the machine's setup may have been mended. */
#define FAILURE_KEPT_S	(7 * 24 * 3600)

static const char works[] = KB_ACCEL_WORKS;
static const char empty_plan[] = "kbench-plan 1\ngo\n";

/* Whether the guest's kernel said anything; QEMU's own warnings stand there too. */
static bool kernel_spoke(const struct kb_qemu *qemu)
{
	char *console = kb_qemu_console(qemu);
	bool spoke = strstr(console, "Linux version") != NULL;

	free(console);
	return spoke;
}

/* Wait for the agent's first record. Return: whether it came. */
static bool hear(struct kb_qemu *qemu)
{
	double start = kb_now();
	char heard[64];
	size_t nr = 0;

	while (nr < 4) {
		struct pollfd fd = { .fd = qemu->records, .events = POLLIN };
		double passed = kb_now() - start;
		ssize_t n;

		if (kb_interrupted || passed > PROBE_TIMEOUT ||
		    (passed > WORDS_TIMEOUT && !kernel_spoke(qemu)))
			return false;
		if (poll(&fd, 1, 50) <= 0)
			continue;
		n = read(qemu->records, heard + nr, sizeof(heard) - nr);
		if (n <= 0)
			return false;
		nr += (size_t)n;
	}
	return !memcmp(heard, "KB1 ", 4);
}

/* Why a guest did not come up: QEMU's own words, which begin with its name, or none. */
static char *reason(const struct kb_qemu *qemu)
{
	static const char warning[] = "warning: ";
	char *name = kb_path("%s: ", kb_arch_native()->qemu);
	char *console = kb_qemu_console(qemu);
	char *text = NULL;

	for (const char *at = console; !text && (at = strstr(at, name)); ) {
		at += strlen(name);
		if (strncmp(at, warning, strlen(warning)))
			text = kb_path("%.*s", (int)strcspn(at, "\n"), at);
	}
	free(name);
	free(console);
	return text ? text : kb_path("%s", "a guest does not boot on it");
}

static char *boot_probe(const char *kernel, const char *agent)
{
	const struct kb_guest guest = {
		.arch = kb_arch_native(),
		.kernel = kernel,
		.initramfs = {
			.agent = agent,
			.plan = empty_plan,
			.plan_length = strlen(empty_plan),
		},
		.accel = KB_ACCEL_KVM,
		.cpus = 1,
		.memory_mib = 512,
		.loud = true,
	};
	struct kb_qemu qemu = KB_QEMU_NONE;
	struct kb_error err = { 0 };
	char *why = NULL;

	if (kb_qemu_start(&qemu, &guest, &err))
		why = kb_path("%s", err.text);
	else if (!hear(&qemu))
		why = reason(&qemu);
	kb_qemu_stop(&qemu);
	return why;
}

/* The CPU's name, as /proc/cpuinfo has it. */
static char *cpu_model(void)
{
	char *text = kb_read_text("/proc/cpuinfo", NULL);
	const char *at = text ? strstr(text, "model name") : NULL;
	char *model = kb_path("%.*s", at ? (int)strcspn(at, "\n") : 0, at ? at : "");

	free(text);
	return model;
}

/* The file that remembers the answer for this kernel, CPU and QEMU. NULL: no cache. */
static char *memory_path(const char *qemu_version)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	char *model = cpu_model();
	struct utsname uts;
	char *key, *path;

	uname(&uts);
	key = kb_path("%s\n%s\n%s\n%s", uts.release, uts.version, model, qemu_version);
	SHA256Data((const uint8_t *)key, strlen(key), hex);
	path = kb_cache_path(NULL, "accel/kvm-%.16s", hex);
	free(key);
	free(model);
	return path;
}

static char *recall(const char *path)
{
	struct stat st;
	char *answer;

	if (!path || stat(path, &st))
		return NULL;
	answer = kb_read_text(path, NULL);
	if (answer && strcmp(answer, works) && time(NULL) - st.st_mtime > FAILURE_KEPT_S) {
		free(answer);
		answer = NULL;
	}
	return answer;
}

/* Why a guest need not be booted to know that KVM does not work; NULL when it has to be. */
static char *device_reason(void)
{
	if (access(KVM_DEVICE, F_OK))
		return kb_path("there is no %s", KVM_DEVICE);
	if (access(KVM_DEVICE, R_OK | W_OK))
		return kb_path("%s may not be opened; add yourself to the group kvm", KVM_DEVICE);
	return NULL;
}

char *kb_accel_known_kvm(const char *qemu_version)
{
	char *answer = device_reason(), *path;

	if (answer)
		return answer;
	path = memory_path(qemu_version);
	answer = recall(path);
	free(path);
	return answer;
}

char *kb_accel_probe_kvm(const struct kb_kernel *kernel, const char *agent,
			 const char *qemu_version)
{
	struct kb_error unsaid = { 0 };
	char *path, *answer = device_reason();

	if (answer)
		return answer;
	path = memory_path(qemu_version);
	answer = recall(path);
	if (!answer) {
		kb_note("trying whether KVM works on this machine");
		answer = boot_probe(kernel->image, agent);
		/* A kernel of the user's may fail for reasons of its own. */
		if (!kb_interrupted && path && (!answer || !kernel->tree))
			kb_write_text(path, answer ? answer : works, &unsaid);
	} else if (!strcmp(answer, works)) {
		free(answer);
		answer = NULL;
	}
	free(path);
	return answer;
}

int kb_accel_choose(enum kb_accel *accel, const char *wanted, const struct kb_kernel *kernel,
		    const char *agent, const char *qemu_version, struct kb_error *err)
{
	char *why;
	int ret = 0;

	*accel = KB_ACCEL_TCG;
	if (!strcmp(wanted, "icount"))
		*accel = KB_ACCEL_ICOUNT;
	if (!strcmp(wanted, "tcg") || !strcmp(wanted, "icount"))
		return 0;
	why = kb_arch_is_native(kernel->arch) ?
	      kb_accel_probe_kvm(kernel, agent, qemu_version) :
	      kb_path("the kernel is of another architecture, %s", kernel->arch->deb);
	if (kb_interrupted) {
		ret = kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
	} else if (!why) {
		*accel = KB_ACCEL_KVM;
	} else if (!strcmp(wanted, "kvm")) {
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "KVM does not work here: %s; leave out --accel kvm to emulate", why);
	}
	free(why);
	return ret;
}
