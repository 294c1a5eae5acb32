// SPDX-License-Identifier: GPL-2.0
#include "kept_current.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../kbench/uapi/kbench.h"
#include "paths.h"
#include "process.h"
#include "qemu.h"
#include "sources.h"
#include "table.h"

#ifndef KBENCH_COMMIT
#define KBENCH_COMMIT	"unknown"
#endif

static bool is_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

/* By when its inode changed: packages and copies bring old times of the contents with them. */
static void look_at(struct kb_current *current, const char *path)
{
	struct stat st;

	if (!stat(path, &st) && is_before(&current->changed, &st.st_ctim))
		current->changed = st.st_ctim;
}

static void look_at_agent(struct kb_current *current, const struct kb_arch *arch)
{
	char *path = kb_agent_path(arch && !kb_arch_is_native(arch) ? arch->deb : NULL);

	look_at(current, path);
	free(path);
}

int kb_current_find(struct kb_current *current, const struct kb_suite_files *suites,
		    struct kb_error *err)
{
	struct kb_sources sources = { 0 };
	int ret = kb_sources_find(&sources, suites, err);

	*current = (struct kb_current){ .versions = json_object() };
	look_at(current, "/proc/self/exe");
	for (const struct kb_arch *arch = kb_archs; arch->deb; arch++)
		look_at_agent(current, arch);
	for (size_t i = 0; i < sources.nr; i++)
		look_at(current, sources.files[i].from);
	for (size_t i = 0; i < suites->nr; i++)
		look_at(current, suites->files[i].path);
	kb_sources_free(&sources);
	if (!ret && !current->versions)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	return ret;
}

void kb_current_free(struct kb_current *current)
{
	json_decref(current->versions);
	current->versions = NULL;
}

/* Nothing that a file names is run, but what can be a compiler. */
static bool is_compiler(const char *name)
{
	size_t length = strlen(name);

	return length == strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-") &&
	       *name != '-' && (strstr(name, "gcc") || strstr(name, "clang"));
}

/* The first line that a compiler prints of its version; "": it does not run. malloc()ed */
static char *compiler_says(const char *name)
{
	const char *const argv[] = { name, "--version", NULL };
	struct kb_command command = { .argv = argv, .timeout = 60 };
	struct kb_error unsaid = { 0 };
	int ret = is_compiler(name) ? kb_command_run(&command, &unsaid) : -1;
	char *text = kb_path("%.*s", ret ? 0 : (int)strcspn(command.output, "\n"),
			     ret ? "" : command.output);

	kb_command_free(&command);
	return text;
}

static char *emulator_says(const struct kb_arch *arch)
{
	struct kb_error unsaid = { 0 };
	char *text = kb_qemu_version(arch, &unsaid);

	return text ? text : kb_path("%s", "");
}

/* Each program is asked once. @arch: of an emulator, or NULL */
static const char *version_of(struct kb_current *current, const char *name,
			      const struct kb_arch *arch)
{
	if (!json_object_get(current->versions, name)) {
		char *text = arch ? emulator_says(arch) : compiler_says(name);

		json_object_set_new(current->versions, name, json_string(text));
		free(text);
	}
	return kb_text(current->versions, name);
}

static const struct kb_arch *arch_of(const json_t *result)
{
	const char *name = kb_text(json_object_get(result, "kernel"), "arch");
	const struct kb_arch *arch = kb_archs;

	while (arch->deb && strcmp(arch->uname, name) != 0)
		arch++;
	return arch->deb ? arch : NULL;
}

static char *refuse_kbench(const json_t *result)
{
	const json_t *kbench = json_object_get(result, "kbench");
	const char *version = kb_text(kbench, "version"), *commit = kb_text(kbench, "commit");

	if (!strcmp(version, KBENCH_VERSION) && !strcmp(commit, KBENCH_COMMIT))
		return NULL;
	return kb_path("kbench %s (commit %s) made it", version, commit);
}

static char *refuse_emulator(struct kb_current *current, const json_t *result)
{
	const json_t *environment = json_object_get(result, "environment");
	const char *version = kb_text(json_object_get(environment, "emulator"), "version");
	const struct kb_arch *arch = arch_of(result);
	const char *now = arch ? version_of(current, arch->qemu, arch) : "";

	if (!*version || !strcmp(version, now))
		return NULL;
	return kb_path("it was measured in QEMU %s, now there is %s", version,
		       *now ? now : "none");
}

static char *refuse_compiler(struct kb_current *current, const json_t *result)
{
	const char *version = kb_text(json_object_get(result, "kernel"), "module_compiler");
	char *name = kb_path("%.*s", (int)strcspn(version, " "), version);
	const char *now = *version ? version_of(current, name, NULL) : "";
	char *why = NULL;

	if (*version && strcmp(version, now) != 0)
		why = kb_path("its modules were built by %s, which now is %s", version,
			      *now ? now : "not there");
	free(name);
	return why;
}

char *kb_current_refuses(struct kb_current *current, const json_t *result, const char *path)
{
	char *why = refuse_kbench(result);
	struct stat st;

	if (!why && (stat(path, &st) || !is_before(&current->changed, &st.st_mtim)))
		why = kb_path("kbench or sources of its modules have changed since");
	if (!why)
		why = refuse_emulator(current, result);
	return why ? why : refuse_compiler(current, result);
}
