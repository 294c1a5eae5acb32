// SPDX-License-Identifier: GPL-2.0
#include "remote_perf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "local.h"
#include "paths.h"
#include "tar.h"

#define COMMAND_S	60

/* Megabytes over a slow connection. */
#define FETCH_S		180

int kb_remote_perf_check(const struct kb_remote *remote, const char *kind, struct kb_error *err)
{
	char *options = kb_path("--check-perf %s", kind);
	char *command = kb_remote_agent(remote, options);
	struct kb_error why = { 0 };
	struct kb_ssh_argv argv;
	int ret;

	kb_ssh_argv(&remote->ssh, command, &argv);
	ret = kb_local_check(argv.words, &why);
	if (ret)
		kb_fail(err, why.exit, "%s: %s", remote->ssh.spec.host, why.text);
	free(command);
	free(options);
	return ret;
}

int kb_remote_perf_begin(struct kb_remote *remote, struct kb_error *err)
{
	char *words = kb_path("exec mkdir -p -m 700 %s/" KB_REMOTE_PERF_DIR, remote->dir);
	struct kb_command command = { .timeout = COMMAND_S };
	int ret = kb_ssh_run(&remote->ssh, words, &command, err);

	if (ret > 0)
		ret = kb_remote_refused(remote, "making a directory for perf", command.errors, err);
	kb_command_free(&command);
	free(words);
	return ret;
}

/* All of it may be more than there is memory; it is gone when it is closed. */
static FILE *unnamed_file(const char *dir)
{
	char *path = kb_path("%s/archive-XXXXXX", dir);
	int fd = mkostemp(path, O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");

	if (fd >= 0)
		unlink(path);
	if (fd >= 0 && !file)
		close(fd);
	free(path);
	return file;
}

static bool is_perfs(const char *name)
{
	return kb_ends_with(name, ".data") || kb_ends_with(name, ".txt");
}

/* Whether there is something in it; tar goes on after a file that it cannot read. */
static bool has_come(FILE *sink)
{
	return !fseek(sink, 0, SEEK_END) && ftell(sink) > 0;
}

/* Return: 0, or -1 with @err: nothing came */
static int fetch(struct kb_remote *remote, FILE *sink, struct kb_error *err)
{
	char *words = kb_path("cd %s/" KB_REMOTE_PERF_DIR " && exec tar -cf - .", remote->dir);
	struct kb_command command = { .timeout = FETCH_S, .sink = sink };
	int ret = kb_ssh_run(&remote->ssh, words, &command, err);

	if (ret > 0 && !has_come(sink)) {
		ret = kb_remote_refused(remote, "bringing perf's files back", command.errors, err);
	} else if (ret > 0) {
		kb_note("not all of perf's files came from %s: %.*s", remote->ssh.spec.host,
			(int)strcspn(command.errors, "\n"), command.errors);
		ret = 0;
	}
	kb_command_free(&command);
	free(words);
	return ret;
}

int kb_remote_perf_fetch(struct kb_remote *remote, const char *dir, struct kb_error *err)
{
	FILE *sink = unnamed_file(dir);
	int ret;

	if (!sink)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "no file for what perf found: %s: %s", dir,
			       strerror(errno));
	ret = fetch(remote, sink, err);
	if (!ret)
		ret = kb_tar_unpack_file(sink, dir, is_perfs, err);
	fclose(sink);
	return ret;
}
