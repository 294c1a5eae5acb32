// SPDX-License-Identifier: GPL-2.0
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "facts.h"
#include "symbols.h"

#define CORE_MODULE	"kbench.ko"

/* Closing the device and unloading are a matter of milliseconds. */
#define CLEANUP_NS	5000000000ULL

static int stopped(struct session *session)
{
	emit_error(session->emit, "interrupted", "the agent was asked to stop");
	return -1;
}

/* A fault of the core module ends the session; its code is the error's, where there is one. */
static int core_failed(struct session *session, const struct module_fault *fault)
{
	const char *code = strcmp(fault->code, "symbol") ? fault->code : "other";

	emit_error(session->emit, code, "%s", fault->text);
	return -1;
}

static int load_module(struct session *session, const char *file)
{
	struct session_module *module = &session->modules[session->nr_modules++];
	struct module_fault *fault = malloc(sizeof(*fault));
	int err;

	if (!fault) {
		emit_error(session->emit, "other", "no memory");
		return -1;
	}
	module->file = file;
	err = module_load(session->module_dir, file, &module->ours, session->kmsg, session->emit,
			  fault);
	module_emit(session->emit, file, err ? fault : NULL);
	if (err)
		module->reason = strdup(fault->text);
	if (err && !strcmp(file, CORE_MODULE))
		err = core_failed(session, fault);
	else
		err = 0;
	free(fault);
	return err;
}

static int load_modules(struct session *session)
{
	struct module_fault fault;

	if (session->plan->nr_modules && !modules_supported(&fault))
		return core_failed(session, &fault);
	session->modules = calloc(session->plan->nr_modules + 1, sizeof(*session->modules));
	if (!session->modules) {
		emit_error(session->emit, "other", "no memory");
		return -1;
	}
	for (size_t i = 0; i < session->plan->nr_modules; i++) {
		if (stop_requested(session->stop))
			return stopped(session);
		if (load_module(session, session->plan->modules[i]))
			return -1;
	}
	return 0;
}

/* Unloads what we loaded, last first. What cannot be unloaded is told as a kernel warning is. */
static void unload_modules(struct session *session)
{
	while (session->nr_modules) {
		struct session_module *module = &session->modules[--session->nr_modules];
		int err = module->ours ? module_unload(module->file) : 0;

		if (err && err != -ENOENT) {
			char text[256];

			snprintf(text, sizeof(text), "kbench-agent: %s stays loaded: %s",
				 module->file, strerror(-err));
			emit_open(session->emit, "log");
			emit_u64(session->emit, "level", 4);
			emit_string(session->emit, "text", text);
			emit_close(session->emit);
		}
		free(module->reason);
	}
	free(session->modules);
	session->modules = NULL;
}

static int open_backend(struct session *session, struct kbench_info *info)
{
	struct backend *backend = &session->backend;
	struct backend_fault fault;

	if (!backend->ops->open(backend, info, &fault))
		return 0;
	emit_error(session->emit, fault.code, "%s", fault.text);
	return -1;
}

/* Return: why the module of @kase's suite is not there, or NULL. */
static const char *module_reason(const struct session *session, const struct plan_case *kase)
{
	char file[KBENCH_NAME_LEN + 16];

	snprintf(file, sizeof(file), "kbench_%s.ko", kase->suite);
	for (size_t i = 0; i < session->nr_modules; i++)
		if (!strcmp(session->modules[i].file, file))
			return session->modules[i].reason;
	return NULL;
}

static int run_cases(struct session *session)
{
	const struct plan *plan = session->plan;

	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct plan_case *kase = &plan->cases[i];

		if (stop_requested(session->stop))
			return stopped(session);
		if (session->emit->broken)
			return -1;
		if (case_run(session, kase, module_reason(session, kase)))
			return -1;
	}
	return 0;
}

int session_run(struct session *session)
{
	struct facts_during during = { .begun = false };
	struct kbench_info info;
	int held, err;

	held = counts_hold(session->plan);
	if (session->plan->bpf)
		backend_bpf(&session->backend);
	else
		backend_lkm(&session->backend);
	err = load_modules(session);
	if (!err)
		err = open_backend(session, &info);
	if (!err) {
		/* What the module says of kernel and clock nobody else knows. */
		facts_emit(session->emit, "", session->plan->bpf ? NULL : &info);
		facts_during_begin(&during, "");
		err = run_cases(session);
		facts_during_emit(&during, session->emit);
		if (!err && session->plan->symbols)
			err = symbols_emit(session->emit, "");
	}
	stop_arm(session->stop, CLEANUP_NS);
	session->backend.ops->close(&session->backend);
	unload_modules(session);
	kmsg_forward(session->kmsg, session->emit);
	stop_disarm(session->stop);
	if (held >= 0)
		close(held);
	return err;
}
