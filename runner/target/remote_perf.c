// SPDX-License-Identifier: GPL-2.0
#include "remote_perf.h"

#include <stdlib.h>

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

static bool is_perfs(const char *name)
{
	return kb_ends_with(name, ".data") || kb_ends_with(name, ".txt");
}

int kb_remote_perf_fetch(struct kb_remote *remote, const char *dir, struct kb_error *err)
{
	char *words = kb_path("cd %s/" KB_REMOTE_PERF_DIR " && exec tar -cf - .", remote->dir);
	struct kb_command command = { .timeout = FETCH_S };
	int ret = kb_ssh_run(&remote->ssh, words, &command, err);

	if (ret > 0)
		ret = kb_remote_refused(remote, "bringing perf's files back", command.errors, err);
	if (!ret)
		ret = kb_tar_unpack(command.output, command.length, dir, is_perfs, err);
	kb_command_free(&command);
	free(words);
	return ret;
}
