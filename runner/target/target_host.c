// SPDX-License-Identifier: GPL-2.0
/*
 * The host target: the user's own kernel. The agent, and nothing else, runs as root; it gets the
 * plan through a pipe that stays open, and its end makes it stop.
 */

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "advice.h"
#include "fidelity.h"
#include "headers.h"
#include "host_agent.h"
#include "local.h"
#include "modules.h"
#include "paths.h"
#include "target.h"

#define USE_VM	"or measure in a guest instead: --target vm"

/* The agent's capabilities do not go on to perf. */
#define NO_ROOT	" (perf is not root here: run as root, or " \
		"sudo sysctl kernel.perf_event_paranoid=-1)"

/**
 * struct host - the host target
 * @agent: the running agent, if any
 * @sudo:  it needs sudo
 * @path:  its program
 */
struct host {
	struct kb_target	target;
	struct kb_host_agent	agent;
	bool			sudo;
	char			*path;
};

static struct host *host_of(struct kb_target *target)
{
	return (struct host *)target;
}

static int host_start(struct kb_target *target, const char *plan_text, size_t length,
		      struct kb_error *err)
{
	struct host *host = host_of(target);
	const char *argv[9] = { "sudo", "-n", "--", host->path };
	size_t nr = 4;

	if (target->module_dir) {
		argv[nr++] = "--modules";
		argv[nr++] = target->module_dir;
	}
	if (target->perf_dir) {
		argv[nr++] = "--perf-dir";
		argv[nr++] = target->perf_dir;
	}
	return kb_host_agent_start(&host->agent, host->sudo ? argv : argv + 3, plan_text, length,
				   err);
}

static int host_finish(struct kb_target *target, bool kill, struct kb_error *err)
{
	return kb_host_agent_finish(&host_of(target)->agent, kill, err);
}

static json_t *host_facts(const struct kb_target *target)
{
	json_t *facts = json_pack("{s:s, s:s, s:s}", "target", "host", "backend",
				  target->module_dir ? "lkm" : "bpf", "fidelity",
				  kb_host_fidelity());
	char *compiler = target->module_dir ? kb_modules_compiler(target->module_dir) : NULL;

	if (facts && compiler)
		json_object_set_new(facts, "module_compiler", json_string(compiler));
	free(compiler);
	return facts;
}

static int host_check_perf(struct kb_target *target, const char *kind, struct kb_error *err)
{
	const struct host *host = host_of(target);
	const char *const argv[] = {
		"sudo", "-n", "--", host->path, "--check-perf", kind, NULL,
	};

	struct kb_error why = { 0 };

	if (!kb_local_check(host->sudo ? argv : argv + 3, &why))
		return 0;
	return kb_fail(err, why.exit, "%s%s", why.text, geteuid() && !host->sudo ? NO_ROOT : "");
}

static void host_free(struct kb_target *target)
{
	struct host *host = host_of(target);
	struct kb_error unsaid = { 0 };

	kb_host_agent_finish(&host->agent, true, &unsaid);
	free(target->module_dir);
	free(target->kernel_release);
	free(target->kernel_title);
	free(host->path);
	free(host);
}

static const struct kb_target_ops host_ops = {
	.name = "host",
	.start = host_start,
	.finish = host_finish,
	.facts = host_facts,
	.check_perf = host_check_perf,
	.free = host_free,
};

static int check_modules(const char *release, struct kb_error *err)
{
	char *dir = kb_path("/lib/modules/%s", release);
	bool found = kb_exists("/proc/modules") && kb_exists(dir);

	free(dir);
	if (found)
		return 0;
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "the running kernel %s loads no modules%s; use "
		       "--target vm, or --backend bpf", release, kb_exists("/proc/modules") ?
		       " (/lib/modules has none for it)" : "");
}

static int check_headers(const char *headers, const char *release, struct kb_error *err)
{
	char *makefile = kb_path("%s/Makefile", headers);
	bool found = kb_exists(makefile);
	char *os_release;
	char advice[200];

	free(makefile);
	if (found)
		return 0;
	os_release = kb_read_text("/etc/os-release", NULL);
	kb_headers_advice(os_release, release, advice, sizeof(advice));
	free(os_release);
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "the headers of the running kernel %s are missing "
		       "(no %s): %s, " USE_VM, release, headers, advice);
}

static int prepare(struct host *host, const struct kb_suite_files *suites, struct kb_error *err)
{
	char *release = host->target.kernel_release;
	char *headers = kb_path("/lib/modules/%s/build", release);
	char *key = kb_headers_key(headers);
	const struct kb_kernel kernel = { .release = release, .headers = headers, .build = key };
	int ret = -1;

	if (!check_modules(release, err) && !check_headers(headers, release, err) &&
	    !kb_local_privilege(host->path, "loading modules", ", " USE_VM, &host->sudo, err))
		ret = kb_modules_build(&host->target.module_dir, &kernel, suites, err);
	free(headers);
	free(key);
	return ret;
}

static struct host *host_new(struct kb_error *err)
{
	struct host *host = calloc(1, sizeof(*host));
	struct utsname uts;

	if (!host || uname(&uts)) {
		free(host);
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		return NULL;
	}
	host->target.ops = &host_ops;
	host->target.kernel_release = kb_path("%s", uts.release);
	host->target.kernel_title = kb_path("%s", uts.release);
	host->path = kb_agent_path(NULL);
	kb_host_agent_init(&host->agent);
	return host;
}

struct kb_target *kb_target_host(const struct kb_suite_files *suites, struct kb_error *err)
{
	struct host *host = host_new(err);

	if (host && !prepare(host, suites, err))
		return &host->target;
	if (host)
		host_free(&host->target);
	return NULL;
}

/* Through sudo, where that does not ask. */
static int find_sudo(struct host *host, struct kb_error *err)
{
	struct kb_error unsaid = { 0 };

	if (kb_local_privilege(host->path, "", "", &host->sudo, &unsaid)) {
		host->sudo = false;
		return 1;
	}
	return kb_local_bpf(host->path, host->sudo, err);
}

/*
 * The agent as it is where it is root or was given the capabilities, else through sudo. Without
 * that what the agent says is the better advice. To perf capabilities of the agent are no help.
 */
static int find_bpf(struct host *host, bool may_sudo, bool perf, struct kb_error *err)
{
	struct kb_error unsaid = { 0 };
	bool sudo;
	int ret;

	/* This says that it cannot be executed. */
	if (access(host->path, X_OK))
		return kb_local_privilege(host->path, "", "", &sudo, err);
	if (geteuid() == 0 || !may_sudo)
		return kb_local_bpf(host->path, false, err);
	if (!perf && !kb_local_bpf(host->path, false, &unsaid))
		return 0;
	ret = find_sudo(host, err);
	return ret > 0 ? kb_local_bpf(host->path, false, err) : ret;
}

struct kb_target *kb_target_host_bpf(bool may_sudo, bool perf, struct kb_error *err)
{
	struct host *host = host_new(err);

	if (!host)
		return NULL;
	if (!find_bpf(host, may_sudo, perf, err))
		return &host->target;
	host_free(&host->target);
	return NULL;
}
