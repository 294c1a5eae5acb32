// SPDX-License-Identifier: GPL-2.0
/*
 * The ssh target: the running kernel of another machine. The agent is copied there and runs as root
 * with a private directory; when the connection ends, or only falls silent, both go by themselves.
 */

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "fidelity.h"
#include "host_agent.h"
#include "interrupt.h"
#include "local.h"
#include "modules.h"
#include "paths.h"
#include "remote.h"
#include "remote_build.h"
#include "remote_perf.h"
#include "tar.h"
#include "target_ssh.h"

/* Until the far side of a connection that broke has noticed and has cleaned up. */
#define ABANDONED_S	(KB_PULSE_SILENCE_S + 5)

/* Below the private directory there. */
#define MODULE_DIR	"modules"

/**
 * struct ssh - the ssh target
 * @agent:     the ssh that runs the agent, if any
 * @has_modules: they were copied over this connection
 * @broke_at:  when the connection was found broken (kb_now()), or 0
 * @hypervisor: who runs the machine, as it says itself; "" for nobody
 */
struct ssh {
	struct kb_target	target;
	struct kb_remote	remote;
	struct kb_host_agent	agent;
	bool			has_modules;
	double			broke_at;
	char			hypervisor[64];
};

static struct ssh *ssh_of(struct kb_target *target)
{
	return (struct ssh *)target;
}

static int send_modules(struct ssh *ssh, struct kb_error *err)
{
	char *bytes = NULL;
	size_t length;
	int ret;

	if (ssh->has_modules || !ssh->target.module_dir)
		return 0;
	ret = kb_tar_pack(ssh->target.module_dir, ".ko", &bytes, &length, err);
	if (!ret)
		ret = kb_remote_put(&ssh->remote, MODULE_DIR, bytes, length, err);
	free(bytes);
	ssh->has_modules = !ret;
	return ret;
}

static const char *purpose(const struct ssh *ssh)
{
	return ssh->target.module_dir ? "loading modules" : "loading BPF programs";
}

/* A machine that booted anew meanwhile may have another kernel: its modules are of no use there. */
static int check_same(const struct ssh *ssh, struct kb_error *err)
{
	const char *release = ssh->remote.probe.release;

	if (!strcmp(release, ssh->target.kernel_release))
		return 0;
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s runs kernel %s now, and %s when the run began",
		       ssh->target.label, release, ssh->target.kernel_release);
}

/* The connection broke earlier in this run. What fails now is the target's fault. */
static int connect_again(struct ssh *ssh, struct kb_error *err)
{
	struct kb_ssh_spec spec = ssh->remote.ssh.spec;
	struct kb_error why = { 0 };

	kb_remote_close(&ssh->remote);
	ssh->has_modules = false;
	kb_note("connecting to %s again", ssh->target.label);
	while (!kb_interrupted && kb_now() < ssh->broke_at + ABANDONED_S)
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	if (kb_interrupted)
		return kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
	if (kb_remote_open(&ssh->remote, &spec, purpose(ssh), &why))
		return kb_fail(err, why.exit == KB_EXIT_ENVIRONMENT ? KB_EXIT_TARGET : why.exit,
			       "%s", why.text);
	ssh->broke_at = 0;
	return check_same(ssh, err);
}

static int ssh_start(struct kb_target *target, const char *plan_text, size_t length,
		     struct kb_error *err)
{
	struct ssh *ssh = ssh_of(target);
	struct kb_ssh_argv argv;
	char *options, *command;
	int fd;

	if (!ssh->broke_at && !kb_ssh_alive(&ssh->remote.ssh))
		ssh->broke_at = kb_now();
	if ((ssh->broke_at && connect_again(ssh, err)) || send_modules(ssh, err) ||
	    (target->perf_dir && kb_remote_perf_begin(&ssh->remote, err)))
		return -1;
	options = kb_path("--heartbeat %d --perf-dir %s/" KB_REMOTE_PERF_DIR "%s%s%s",
			  KB_PULSE_SILENCE_S, ssh->remote.dir,
			  target->module_dir ? " --modules " : "",
			  target->module_dir ? ssh->remote.dir : "",
			  target->module_dir ? "/" MODULE_DIR : "");
	command = kb_remote_agent(&ssh->remote, options);
	kb_ssh_argv(&ssh->remote.ssh, command, &argv);
	fd = kb_host_agent_start(&ssh->agent, argv.words, plan_text, length, err);
	if (fd >= 0)
		kb_pulse_set(&ssh->remote.pulse, KB_PULSE_AGENT, ssh->agent.plan);
	free(command);
	free(options);
	return fd;
}

/* Figures without perf's files are figures all the same. */
static void fetch_perf(struct ssh *ssh)
{
	struct kb_error err = { 0 };

	if (ssh->target.perf_dir &&
	    kb_remote_perf_fetch(&ssh->remote, ssh->target.perf_dir, &err))
		kb_note("%s", err.text);
}

static int ssh_finish(struct kb_target *target, bool kill, struct kb_error *err)
{
	struct ssh *ssh = ssh_of(target);
	struct kb_error agent_err = { 0 };
	bool was_running = ssh->agent.process.pid != 0;
	int ret, status;

	target->tripped = false;
	kb_pulse_set(&ssh->remote.pulse, KB_PULSE_AGENT, -1);
	ret = kb_host_agent_finish(&ssh->agent, kill, &agent_err);
	status = ssh->agent.process.status;
	if (was_running && (!kb_ssh_alive(&ssh->remote.ssh) ||
			    (WIFEXITED(status) && WEXITSTATUS(status) == KB_SSH_LOST))) {
		ssh->broke_at = kb_now();
		target->tripped = true;
		return kill ? 0 : kb_ssh_broke(&ssh->remote.ssh, agent_err.text, err);
	}
	if (was_running && !kill)
		fetch_perf(ssh);
	return ret ? kb_fail(err, agent_err.exit, "%s: %s", target->label, agent_err.text) : 0;
}

static json_t *ssh_facts(const struct kb_target *target)
{
	const struct ssh *ssh = (const struct ssh *)target;
	char *compiler = target->module_dir ? kb_modules_compiler(target->module_dir) : NULL;
	const char *host = kb_ssh_spec_is_address(&ssh->remote.ssh.spec) ? NULL : target->label;
	json_t *facts = json_pack("{s:s, s:s, s:s, s:s*, s:s*}", "target", "ssh", "backend",
				  target->module_dir ? "lkm" : "bpf", "fidelity",
				  kb_hypervisor_fidelity(ssh->hypervisor), "host", host,
				  "module_compiler", compiler);

	free(compiler);
	return facts;
}

static int ssh_check_perf(struct kb_target *target, const char *kind, struct kb_error *err)
{
	return kb_remote_perf_check(&ssh_of(target)->remote, kind, err);
}

static void ssh_free(struct kb_target *target)
{
	struct ssh *ssh = ssh_of(target);
	struct kb_error unsaid = { 0 };

	kb_pulse_set(&ssh->remote.pulse, KB_PULSE_AGENT, -1);
	kb_host_agent_finish(&ssh->agent, true, &unsaid);
	kb_remote_close(&ssh->remote);
	free(target->module_dir);
	free(target->kernel_release);
	free(target->kernel_title);
	free(target->label);
	free(ssh);
}

static const struct kb_target_ops ssh_ops = {
	.name = "ssh",
	.start = ssh_start,
	.finish = ssh_finish,
	.facts = ssh_facts,
	.check_perf = ssh_check_perf,
	.free = ssh_free,
};

/* Whether its kernel takes BPF programs from the agent. */
static int check_bpf(struct ssh *ssh, struct kb_error *err)
{
	struct kb_error why = { 0 };
	struct kb_ssh_argv argv;
	json_t *records;
	char *command;

	if (!kb_arch_is_native(ssh->remote.arch))
		return kb_fail(err, KB_EXIT_USAGE, "--backend bpf: the agent for %s is built "
			       "without it; measure modules there (--backend lkm)",
			       ssh->remote.arch->deb);
	command = kb_remote_agent(&ssh->remote, "--check-bpf");
	kb_ssh_argv(&ssh->remote.ssh, command, &argv);
	records = kb_local_records(argv.words, &why);
	free(command);
	json_decref(records);
	return records ? 0 : kb_fail(err, why.exit, "%s: %s", ssh->target.label, why.text);
}

static void learn_hypervisor(struct ssh *ssh)
{
	const json_t *environment = json_object_get(ssh->remote.facts, "environment");
	const char *name = json_string_value(json_object_get(environment, "hypervisor"));

	snprintf(ssh->hypervisor, sizeof(ssh->hypervisor), "%s", name ? name : "");
}

static int prepare(struct ssh *ssh, const struct kb_ssh_options *options, struct kb_error *err)
{
	struct kb_remote *remote = &ssh->remote;

	if (kb_remote_open(remote, options->spec,
			   options->bpf ? "loading BPF programs" : "loading modules", err))
		return -1;
	ssh->target.kernel_release = kb_path("%s", remote->probe.release);
	ssh->target.kernel_title = kb_path("%s", remote->probe.release);
	learn_hypervisor(ssh);
	if (options->bpf)
		return check_bpf(ssh, err);
	return kb_remote_build(&ssh->target.module_dir, remote, options->tree, options->suites,
			       err);
}

struct kb_target *kb_target_ssh(const struct kb_ssh_options *options, struct kb_error *err)
{
	struct ssh *ssh = calloc(1, sizeof(*ssh));

	if (!ssh) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		return NULL;
	}
	ssh->target.ops = &ssh_ops;
	ssh->target.label = kb_path("%s", options->spec->host);
	kb_host_agent_init(&ssh->agent);
	if (!prepare(ssh, options, err))
		return &ssh->target;
	ssh_free(&ssh->target);
	return NULL;
}

int kb_target_ssh_topology(const struct kb_target *target, struct kb_topology *topology,
			   struct kb_error *err)
{
	const struct ssh *ssh = (const struct ssh *)target;

	return kb_topology_of(topology, json_object_get(ssh->remote.facts, "machine"), err);
}
