// SPDX-License-Identifier: GPL-2.0
#include "local.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"
#include "paths.h"
#include "process.h"
#include "record.h"

/* sudo may be slow, and large machines have many files; nothing that the agent does waits. */
#define PATIENCE_S	60

/* Whether sudo starts the agent without asking: a rule for the agent alone is enough. */
static bool sudo_allows(const char *agent)
{
	const char *const argv[] = { "sudo", "-n", "--", agent, "--version", NULL };
	struct kb_command command = { .argv = argv, .timeout = 20 };
	struct kb_error unsaid = { 0 };
	bool allowed = kb_command_run(&command, &unsaid) == 0;

	kb_command_free(&command);
	return allowed;
}

static const char *user_name(void)
{
	const struct passwd *user = getpwuid(getuid());

	return user ? user->pw_name : "YOU";
}

int kb_local_privilege(const char *agent, const char *purpose, const char *otherwise, bool *sudo,
		       struct kb_error *err)
{
	char *program;

	*sudo = false;
	if (access(agent, X_OK))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "the agent %s cannot be executed (%s): "
			       "build it with make", agent, strerror(errno));
	if (geteuid() == 0)
		return 0;
	program = kb_find_program("sudo");
	*sudo = true;
	if (!program)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s needs root, and there is no sudo: "
			       "run as root%s", purpose, otherwise);
	free(program);
	if (sudo_allows(agent) || kb_interrupted)
		return 0;
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s needs root: run sudo -v first, or let sudo "
		       "start the agent without a password (sudo visudo, then the line "
		       "\"%s ALL = NOPASSWD: %s\")%s", purpose, user_name(), agent, otherwise);
}

static bool is(const json_t *record, const char *kind)
{
	const char *rec = json_string_value(json_object_get(record, "rec"));

	return rec && !strcmp(rec, kind);
}

static json_t *parse_records(const char *text)
{
	json_t *records = json_array();

	while (*text) {
		size_t length = strcspn(text, "\n");
		struct kb_record record;

		if (kb_record_parse(&record, text, length) == KB_LINE_RECORD)
			json_array_append_new(records, record.json);
		text += length;
		text += *text == '\n';
	}
	return records;
}

/* All came, and none is an error. */
static int check_records(const json_t *records, const char *errors, struct kb_error *err)
{
	size_t nr = json_array_size(records), i;
	const json_t *record;

	json_array_foreach(records, i, record)
		if (is(record, "error"))
			return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s",
				       json_string_value(json_object_get(record, "message")));
	if (nr && is(json_array_get(records, nr - 1), "bye"))
		return 0;
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "the agent did not tell all: %s",
		       errors && *errors ? errors : "it ended early");
}

json_t *kb_local_records(const char *const *argv, struct kb_error *err)
{
	struct kb_command command = { .argv = argv, .timeout = PATIENCE_S };
	json_t *records = NULL;

	if (kb_command_run(&command, err) >= 0) {
		if (command.errors)
			command.errors[strcspn(command.errors, "\n")] = '\0';
		records = parse_records(command.output ? command.output : "");
		if (check_records(records, command.errors, err)) {
			json_decref(records);
			records = NULL;
		}
	}
	kb_command_free(&command);
	return records;
}

int kb_local_check(const char *const *argv, struct kb_error *err)
{
	json_t *records = kb_local_records(argv, err);

	json_decref(records);
	return records ? 0 : -1;
}

int kb_local_bpf(const char *agent, bool sudo, struct kb_error *err)
{
	const char *const argv[] = { "sudo", "-n", "--", agent, "--check-bpf", NULL };

	return kb_local_check(sudo ? argv : argv + 3, err);
}

json_t *kb_local_facts_of(const char *const *argv, struct kb_error *err)
{
	json_t *records = kb_local_records(argv, err), *facts = NULL, *record;
	size_t i;

	json_array_foreach(records, i, record)
		if (is(record, "facts"))
			facts = json_incref(record);
	if (records && !facts)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "the agent tells no facts: build it anew (make)");
	json_decref(records);
	return facts;
}

json_t *kb_local_facts(const char *root, struct kb_error *err)
{
	char *agent = kb_agent_path(NULL);
	const char *const argv[] = { agent, "--facts", "--root", root ? root : "", NULL };
	json_t *facts = kb_local_facts_of(argv, err);

	free(agent);
	return facts;
}
