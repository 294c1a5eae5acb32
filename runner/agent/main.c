// SPDX-License-Identifier: GPL-2.0
/*
 * kbench-agent: runs a plan on the machine that it is started on and sends records. The same
 * program is started through sudo on a host, as process 1 of a guest, and over ssh.
 */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/interrupt.h"
#include "backend.h"
#include "exit.h"
#include "facts.h"
#include "init.h"
#include "keep.h"
#include "session.h"
#include "tune.h"

#define USAGE \
	"Usage: kbench-agent [--modules DIR] [--port PATH] [--plan FILE] [--heartbeat S]\n" \
	"       kbench-agent --facts\n" \
	"       kbench-agent --check-bpf\n" \
	"       kbench-agent --check-perf KIND\n" \
	"       kbench-agent --tune apply|undo|dry-run|status [--smt-off]\n" \
	"       kbench-agent --keep DIR --heartbeat S\n" \
	"Runs a kbench plan on this machine and writes records. Started by kbench.\n\n" \
	"  --modules DIR  where the kernel modules are (default /lib/kbench)\n" \
	"  --port PATH    where records go (default: standard output)\n" \
	"  --plan FILE    the plan (default: standard input, whose end then means stop)\n" \
	"  --heartbeat S  stop, too, when nothing comes on standard input for so many seconds\n" \
	"  --keep DIR     no plan: until standard input ends keep DIR, then remove it\n" \
	"  --perf-dir DIR where perf's files go: the caller's own (default: they are not kept)\n" \
	"  --facts        no plan: tell what this machine is and how it is set\n" \
	"  --check-bpf    no plan: say whether this kernel takes BPF programs from this process\n" \
	"  --check-perf KIND  no plan: say whether perf works here: record, stat, c2c or lock\n" \
	"  --tune WHAT    no plan: set this machine for steady figures, put it back, or\n" \
	"                 only say what that changes or has changed\n" \
	"  --smt-off      tune switches SMT off, too\n" \
	"  --root DIR     facts and tune work below DIR/proc, DIR/sys, DIR/run (for tests)\n" \
	"  --version      print the version\n" \
	"  --help         print this\n"

/* Of the runner's waiting, which the agent shares: here stop.h tells of requests. */
volatile int kb_interrupted;

/**
 * struct agent - the whole of it; main() owns it
 * @pid1:      we are process 1: power off at the end
 * @facts:     no plan, only facts
 * @check_bpf: no plan, only whether BPF programs can be loaded
 * @check_perf: no plan, only whether perf can be used so
 * @tune:      no plan, but this
 * @keep:      no plan, but this directory
 * @beat_s:    seconds for which standard input may be silent; 0: for ever
 * @root:      what is in front of /proc and /sys where facts are read: a test's directory, or ""
 * @plan_path: NULL for standard input
 */
struct agent {
	bool		pid1;
	bool		facts;
	bool		check_bpf;
	const char	*check_perf;
	const char	*perf_dir;
	const char	*tune;
	bool		smt_off;
	const char	*keep;
	unsigned int	beat_s;
	const char	*root;
	const char	*modules;
	const char	*port_path;
	const char	*plan_path;
	int		port;
	struct emit	emit;
	struct stop	stop;
	struct kmsg	kmsg;
	struct plan	plan;
	struct perf_place perf_place;
};

/* Return: -1 to go on, else an exit code. */
static int parse_options(struct agent *agent, int argc, char **argv)
{
	static const struct option options[] = {
		{ "modules", required_argument, NULL, 'm' },
		{ "port", required_argument, NULL, 'p' },
		{ "plan", required_argument, NULL, 'P' },
		{ "facts", no_argument, NULL, 'f' },
		{ "check-bpf", no_argument, NULL, 'b' },
		{ "check-perf", required_argument, NULL, 'c' },
		{ "perf-dir", required_argument, NULL, 'd' },
		{ "tune", required_argument, NULL, 't' },
		{ "smt-off", no_argument, NULL, 's' },
		{ "root", required_argument, NULL, 'r' },
		{ "keep", required_argument, NULL, 'k' },
		{ "heartbeat", required_argument, NULL, 'H' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'm':
			agent->modules = optarg;
			break;
		case 'p':
			agent->port_path = optarg;
			break;
		case 'P':
			agent->plan_path = optarg;
			break;
		case 'f':
			agent->facts = true;
			break;
		case 'b':
			agent->check_bpf = true;
			break;
		case 'c':
			agent->check_perf = optarg;
			break;
		case 'd':
			agent->perf_dir = optarg;
			break;
		case 't':
			agent->tune = optarg;
			break;
		case 's':
			agent->smt_off = true;
			break;
		case 'r':
			agent->root = optarg;
			break;
		case 'k':
			agent->keep = optarg;
			break;
		case 'H':
			agent->beat_s = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 'V':
			puts("kbench-agent " KBENCH_VERSION);
			return AGENT_EXIT_OK;
		case 'h':
			fputs(USAGE, stdout);
			return AGENT_EXIT_OK;
		default:
			return AGENT_EXIT_USAGE;
		}
	}
	if (optind == argc)
		return -1;
	fprintf(stderr, "kbench-agent: what is \"%s\"? See kbench-agent --help\n", argv[optind]);
	return AGENT_EXIT_USAGE;
}

static int choose_port(struct agent *agent)
{
	agent->port = STDOUT_FILENO;
	if (agent->pid1)
		agent->port = init_port();
	else if (agent->port_path)
		agent->port = open_port(agent->port_path);
	if (agent->port >= 0)
		return 0;
	fprintf(stderr, "kbench-agent: %s cannot be written: %s\n", agent->port_path,
		strerror(errno));
	return -1;
}

static void send_hello(struct emit *emit)
{
	struct timespec up;

	clock_gettime(CLOCK_BOOTTIME, &up);
	emit_open(emit, "hello");
	emit_string(emit, "agent", KBENCH_VERSION);
	emit_u64(emit, "abi", KBENCH_ABI);
	emit_double(emit, "uptime_s", (double)up.tv_sec + (double)up.tv_nsec / 1e9);
	emit_close(emit);
	emit_flush(emit);
}

/* Return: 0, or -1 after an error record. */
static int read_plan(struct agent *agent)
{
	char error[400];
	int fd = STDIN_FILENO;
	int err;

	if (agent->plan_path)
		fd = open(agent->plan_path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		emit_error(&agent->emit, "plan", "the plan %s cannot be read: %s",
			   agent->plan_path, strerror(errno));
		return -1;
	}
	err = plan_read(&agent->plan, fd, error, sizeof(error));
	if (err)
		emit_error(&agent->emit, "plan", "%s", error);
	if (fd != STDIN_FILENO)
		close(fd);
	return err;
}

/* In the watcher thread: the main thread is lost in a call. Have the last word, and end. */
static void give_up(void *ctx, bool requested)
{
	struct agent *agent = ctx;
	struct emit *emit = &agent->emit;

	if (emit_try_open(emit, "error")) {
		emit_string(emit, "code", requested ? "interrupted" : "stuck");
		emit_string(emit, "message", requested ?
			    "the agent was asked to stop, but the kernel did not let it go" :
			    "a call into the kernel does not return: reboot this machine before "
			    "the next run");
		emit_close(emit);
		emit_bye(emit);
	}
	perf_place_remove(&agent->perf_place);
	if (agent->pid1)
		power_off(agent->port);
	_exit(AGENT_EXIT_TOLD);
}

static int watch_for_stop(struct agent *agent)
{
	bool deaf = agent->plan_path || agent->pid1 || agent->check_perf;
	int channel = deaf ? -1 : STDIN_FILENO;
	int err = stop_init(&agent->stop, channel, agent->beat_s, give_up, agent);

	if (err)
		emit_error(&agent->emit, "other", "the watcher cannot be started: %s",
			   strerror(-err));
	return err;
}

static int run_session(struct agent *agent)
{
	struct session session = {
		.emit = &agent->emit,
		.stop = &agent->stop,
		.kmsg = &agent->kmsg,
		.plan = &agent->plan,
		.module_dir = agent->modules,
		.perf_place = &agent->perf_place,
	};
	int err = watch_for_stop(agent);

	if (err)
		return err;
	if (agent->plan.perf)
		perf_place_make(&agent->perf_place, agent->perf_dir);
	kmsg_open(&agent->kmsg);
	err = session_run(&session);
	kmsg_close(&agent->kmsg);
	perf_place_remove(&agent->perf_place);
	stop_end(&agent->stop);
	return err;
}

/* Return: 0, or -1 after an error record. */
static int run_tune(struct agent *agent)
{
	static const char *const actions[] = {
		[TUNE_APPLY] = "apply", [TUNE_UNDO] = "undo", [TUNE_DRY_RUN] = "dry-run",
		[TUNE_STATUS] = "status",
	};

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(agent->tune, actions[i]))
			return tune_run(&agent->emit, (enum tune_action)i, agent->smt_off,
					agent->root);
	emit_error(&agent->emit, "plan", "--tune does not know \"%s\"", agent->tune);
	return -1;
}

/* Return: 0, or -1 after an error record. */
static int check_bpf(struct agent *agent)
{
	struct backend backend;
	struct backend_fault fault;
	struct kbench_info info;
	int err;

	backend_bpf(&backend);
	err = backend.ops->open(&backend, &info, &fault);
	if (err)
		emit_error(&agent->emit, fault.code, "%s", fault.text);
	backend.ops->close(&backend);
	return err;
}

/* Return: 0, or -1 after an error record. */
static int check_perf(struct agent *agent)
{
	char text[600];
	int err = watch_for_stop(agent);

	if (err)
		return err;
	perf_place_make(&agent->perf_place, NULL);
	err = perf_check(agent->check_perf, &agent->perf_place, &agent->stop, text, sizeof(text));
	perf_place_remove(&agent->perf_place);
	stop_end(&agent->stop);
	if (err)
		emit_error(&agent->emit, "perf", "%s", text);
	return err;
}

/* Return: 0, or -1 after an error record. */
static int run(struct agent *agent)
{
	if (agent->check_perf)
		return check_perf(agent);
	if (agent->check_bpf)
		return check_bpf(agent);
	if (agent->tune)
		return run_tune(agent);
	if (agent->facts) {
		facts_emit(&agent->emit, agent->root, NULL);
		return 0;
	}
	return read_plan(agent) ? -1 : run_session(agent);
}

int main(int argc, char **argv)
{
	static struct agent agent;
	int err;

	agent.pid1 = getpid() == 1;
	agent.root = "";
	agent.modules = agent.pid1 ? "/modules" : "/lib/kbench";
	agent.plan_path = agent.pid1 ? "/plan" : NULL;
	if (agent.pid1) {
		init_begin();
	} else {
		int code = parse_options(&agent, argc, argv);

		if (code >= 0)
			return code;
	}
	if (agent.keep)
		return keep_run(agent.keep, agent.beat_s) ? AGENT_EXIT_USAGE : AGENT_EXIT_OK;
	if (choose_port(&agent))
		return AGENT_EXIT_USAGE;

	emit_init(&agent.emit, agent.port, agent.pid1 || agent.port_path, &agent.stop.requested);
	send_hello(&agent.emit);
	err = run(&agent);
	emit_bye(&agent.emit);
	if (agent.pid1)
		power_off(agent.port);
	emit_free(&agent.emit);
	plan_free(&agent.plan);
	return err ? AGENT_EXIT_TOLD : AGENT_EXIT_OK;
}
