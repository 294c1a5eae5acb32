// SPDX-License-Identifier: GPL-2.0
#include "paths.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *kb_vpath(const char *format, va_list args)
{
	char *path;

	if (vasprintf(&path, format, args) < 0) {
		kb_note("out of memory");
		exit(KB_EXIT_ENVIRONMENT);
	}
	return path;
}

char *kb_path(const char *format, ...)
{
	va_list args;
	char *path;

	va_start(args, format);
	path = kb_vpath(format, args);
	va_end(args);
	return path;
}

bool kb_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool kb_is_directory(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool kb_ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && !strcmp(text + n - m, end);
}

char *kb_path_beside(const char *result, const char *suffix)
{
	static const char end[] = ".json";
	size_t length = strlen(result);

	if (kb_ends_with(result, end))
		length -= strlen(end);
	return kb_path("%.*s%s", (int)length, result, suffix);
}

/* The directory of the running program, or NULL. */
static char *own_dir(void)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	return kb_path("%s", exe);
}

/* What the environment variable @name says, or NULL when it is unset or empty. */
static char *from_environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? kb_path("%s", value) : NULL;
}

/* The source tree around the binary, when it runs from build/ or a folder below. */
static char *source_tree(const char *dir)
{
	static const char *const up[] = { "..", "../..", "../../.." };

	for (size_t i = 0; i < sizeof(up) / sizeof(up[0]); i++) {
		char *tree = kb_path("%s/%s", dir, up[i]);
		char *mark = kb_path("%s/kbench/suite.h", tree);
		bool found = kb_exists(mark);
		char *real = found ? realpath(tree, NULL) : NULL;

		free(mark);
		free(tree);
		if (real)
			return real;
	}
	return NULL;
}

char *kb_data_dir(void)
{
	char *data = from_environment("KBENCH_DATADIR");
	char *dir;

	if (data)
		return data;
	dir = own_dir();
	if (dir)
		data = source_tree(dir);
	free(dir);
	if (data)
		return data;
#ifdef DATADIR
	return kb_path("%s", DATADIR);
#else
	return kb_path("%s", ".");
#endif
}

/* What is built beside kbench and installed where only programs look. */
static char *beside(const char *name)
{
	char *dir = own_dir(), *path;

	if (dir) {
		path = kb_path("%s/%s", dir, name);
		free(dir);
		if (kb_exists(path))
			return path;
		free(path);
	}
#ifdef LIBEXECDIR
	return kb_path("%s/%s", LIBEXECDIR, name);
#else
	return kb_path("%s", name);
#endif
}

char *kb_agent_path(const char *arch)
{
	char *agent = arch ? NULL : from_environment("KBENCH_AGENT");
	char *name;

	if (agent)
		return agent;
	name = kb_path("kbench-agent%s%s", arch ? "-" : "", arch ? arch : "");
	agent = beside(name);
	free(name);
	return agent;
}

char *kb_counter_path(void)
{
	return beside("kbench-count.so");
}

char *kb_cache_dir(struct kb_error *err)
{
	const char *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	char *dir;

	/* The XDG specification says that a relative path is to be ignored. */
	if (xdg && xdg[0] == '/') {
		dir = kb_path("%s/kbench", xdg);
	} else if (home && home[0] == '/') {
		dir = kb_path("%s/.cache/kbench", home);
	} else {
		kb_fail(err, KB_EXIT_ENVIRONMENT,
			"no place for the cache: set HOME or XDG_CACHE_HOME to a directory");
		return NULL;
	}
	if (kb_make_dirs(dir, err)) {
		free(dir);
		return NULL;
	}
	return dir;
}

char *kb_find_program(const char *name)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/'))
		return access(name, X_OK) == 0 ? kb_path("%s", name) : NULL;
	if (!path || !*path)
		path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	while (*path) {
		size_t n = strcspn(path, ":");
		char *full = kb_path("%.*s/%s", (int)n, path, name);

		/* What lies where one happens to be is not to be started, least of all by root. */
		if (path[0] == '/' && access(full, X_OK) == 0)
			return full;
		free(full);
		path += n + (path[n] == ':');
	}
	return NULL;
}
