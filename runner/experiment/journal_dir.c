// SPDX-License-Identifier: GPL-2.0
#include "journal_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job_sum.h"
#include "paths.h"
#include "result.h"
#include "table.h"

#define SCHEMA		"kbench-journal/1"
#define SUFFIX		".journal"
#define STATE		"state.json"
#define LOCK		"lock"
#define BOOT_ID		"/proc/sys/kernel/random/boot_id"

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
}

static int save(const struct kb_journal_dir *journal, struct kb_error *err)
{
	char *path = kb_path("%s/" STATE, journal->path);
	char *text = json_dumps(journal->state, JSON_INDENT(1));
	int ret = text ? kb_write_text(path, text, err) : no_memory(err);

	free(text);
	free(path);
	return ret;
}

/* result.json has its journal beside it in result.journal. */
static char *path_beside(const char *result)
{
	return kb_path_beside(result, SUFFIX);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static json_t *job_state(const struct kb_job *job)
{
	char *sum = kb_job_sum(job);
	json_t *state = json_pack("{s:s, s:s, s:s, s:b, s:[]}", "release",
				  job->target->kernel_release, "plan", sum ? sum : "", "result",
				  base_name(job->path), "done", false, "boots");

	free(sum);
	return state;
}

static json_t *jobs_of(const struct kb_journal_dir *journal)
{
	return json_object_get(journal->state, "jobs");
}

static json_t *state_of(const struct kb_journal_dir *journal, const struct kb_job *job)
{
	return json_array_get(jobs_of(journal), job->number);
}

static json_t *command_array(int argc, char **argv)
{
	json_t *command = json_array();

	for (int i = 0; i < argc; i++)
		json_array_append_new(command, json_string(argv[i]));
	return command;
}

/* Another kbench at the same would measure at the same time, and take this one's rounds away. */
static int take_lock(struct kb_journal_dir *journal, struct kb_error *err)
{
	char *path = kb_path("%s/" LOCK, journal->path);

	journal->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	free(path);
	if (journal->lock >= 0 && !flock(journal->lock, LOCK_EX | LOCK_NB))
		return 0;
	if (journal->lock >= 0 && errno == EWOULDBLOCK)
		return kb_fail(err, KB_EXIT_USAGE, "another kbench is at %s: wait for its end",
			       journal->path);
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot lock %s: %s", journal->path,
		       strerror(errno));
}

static int make_failed(const struct kb_journal_dir *journal, struct kb_error *err)
{
	if (errno == EEXIST)
		return kb_fail(err, KB_EXIT_USAGE, "%s is of a run that is not finished: go on "
			       "with it (kbench run --resume %s), or remove it", journal->path,
			       journal->path);
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot make the directory %s: %s", journal->path,
		       strerror(errno));
}

int kb_journal_dir_create(struct kb_journal_dir *journal, struct kb_jobs *jobs,
			  const struct kb_experiment *experiment, int argc, char **argv,
			  struct kb_error *err)
{
	json_t *list = json_array();

	journal->lock = -1;
	journal->path = path_beside(jobs->items[0].path);
	for (size_t i = 0; i < jobs->nr; i++) {
		jobs->items[i].number = i;
		json_array_append_new(list, job_state(&jobs->items[i]));
	}
	journal->state = json_pack("{s:s, s:s, s:o, s:s, s:{s:s, s:I}, s:o}", "schema", SCHEMA,
				   "kbench", KBENCH_VERSION, "command", command_array(argc, argv),
				   "started", jobs->items[0].facts.started, "experiment", "id",
				   experiment->id, "seed", (json_int_t)experiment->seed, "jobs",
				   list);
	if (!journal->state || json_array_size(list) != jobs->nr)
		return no_memory(err);
	kb_result_make_place(journal->path);
	if (mkdir(journal->path, 0777))
		return make_failed(journal, err);
	return take_lock(journal, err) ? -1 : save(journal, err);
}

/* The one journal in @dir: malloc()ed; NULL with @err */
static char *find_journal(const char *dir, struct kb_error *err)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;
	char *found = NULL;
	size_t nr = 0;

	if (!stream) {
		kb_fail(err, KB_EXIT_USAGE, "cannot read %s: %s", dir, strerror(errno));
		return NULL;
	}
	while ((entry = readdir(stream))) {
		if (!kb_ends_with(entry->d_name, SUFFIX))
			continue;
		nr++;
		free(found);
		found = kb_path("%s/%s", dir, entry->d_name);
	}
	closedir(stream);
	if (nr == 1)
		return found;
	free(found);
	if (nr)
		kb_fail(err, KB_EXIT_USAGE, "%s has %zu unfinished runs (*" SUFFIX "): name one",
			dir, nr);
	else
		kb_fail(err, KB_EXIT_USAGE, "%s has no unfinished run in it (*" SUFFIX "): either "
			"it is complete, or it was of a single boot", dir);
	return NULL;
}

static bool is_state(const json_t *state)
{
	const json_t *job;
	size_t i;

	json_array_foreach(json_object_get(state, "jobs"), i, job)
		if (!*kb_text(job, "release") || !*kb_text(job, "result") ||
		    strchr(kb_text(job, "result"), '/') ||
		    !json_is_array(json_object_get(job, "boots")))
			return false;
	return i && json_array_size(json_object_get(state, "command")) > 1 &&
	       *kb_text(json_object_get(state, "experiment"), "id");
}

static int read_state(struct kb_journal_dir *journal, struct kb_error *err)
{
	char *path = kb_path("%s/" STATE, journal->path);
	json_t *state = json_load_file(path, 0, NULL);
	int ret = 0;

	if (!state || !*kb_text(state, "schema"))
		ret = kb_fail(err, KB_EXIT_USAGE, "%s is no journal of a run: its state.json is "
			      "missing or damaged", journal->path);
	else if (strcmp(kb_text(state, "schema"), SCHEMA) != 0 ||
		 strcmp(kb_text(state, "kbench"), KBENCH_VERSION) != 0)
		ret = kb_fail(err, KB_EXIT_USAGE, "%s was begun by kbench %s, this is %s: finish "
			      "it there, or remove it", journal->path, kb_text(state, "kbench"),
			      KBENCH_VERSION);
	else if (!is_state(state))
		ret = kb_fail(err, KB_EXIT_USAGE, "%s is damaged: remove %s and run anew", path,
			      journal->path);
	free(path);
	journal->state = state;
	return ret;
}

int kb_journal_dir_open(struct kb_journal_dir *journal, const char *path, struct kb_error *err)
{
	size_t length = strlen(path);

	*journal = (struct kb_journal_dir){ .lock = -1 };
	while (length > 1 && path[length - 1] == '/')
		length--;
	journal->path = kb_path("%.*s", (int)length, path);
	if (!kb_ends_with(journal->path, SUFFIX)) {
		char *found = find_journal(journal->path, err);

		free(journal->path);
		journal->path = found;
	}
	if (!journal->path || read_state(journal, err))
		return -1;
	return take_lock(journal, err);
}

const json_t *kb_journal_dir_command(const struct kb_journal_dir *journal)
{
	return json_object_get(journal->state, "command");
}

void kb_journal_dir_experiment(const struct kb_journal_dir *journal,
			       struct kb_experiment *experiment)
{
	const json_t *state = json_object_get(journal->state, "experiment");

	snprintf(experiment->id, sizeof(experiment->id), "%s", kb_text(state, "id"));
	experiment->seed = (unsigned int)json_integer_value(json_object_get(state, "seed"));
}

int kb_journal_dir_find(struct kb_journal_dir *journal, struct kb_job *job, struct kb_error *err)
{
	const json_t *state;
	size_t i;

	json_array_foreach(jobs_of(journal), i, state)
		if (!strcmp(kb_text(state, "release"), job->target->kernel_release))
			break;
	job->number = i;
	if (i < json_array_size(jobs_of(journal)))
		return 0;
	if (json_array_append_new(jobs_of(journal), job_state(job)))
		return no_memory(err);
	return save(journal, err);
}

/* The journal stands beside the results. */
static char *result_path(const struct kb_journal_dir *journal, const char *name)
{
	const char *slash = strrchr(journal->path, '/');

	return slash ? kb_path("%.*s/%s", (int)(slash - journal->path), journal->path, name) :
		       kb_path("%s", name);
}

static int replay(const struct kb_journal_dir *journal, struct kb_job *job, struct kb_error *err)
{
	int ret = 0;

	for (bool more = true; more && !ret; ) {
		char *path = kb_journal_dir_round(journal, job, job->rounds + 1);

		more = kb_exists(path);
		if (more)
			ret = kb_job_replay(job, path, err);
		free(path);
	}
	return ret;
}

int kb_journal_dir_adopt(const struct kb_journal_dir *journal, struct kb_job *job,
			 struct kb_error *err)
{
	const json_t *state = state_of(journal, job);
	char *sum = kb_job_sum(job);
	bool same = state && sum && !strcmp(sum, kb_text(state, "plan"));

	free(sum);
	if (!same)
		return kb_fail(err, KB_EXIT_USAGE, "%s was begun with another kernel, compiler, "
			       "emulator or plan than there is now (%s): it cannot go on here",
			       journal->path, state ? kb_text(state, "release") : "one less");
	free(job->path);
	job->path = result_path(journal, kb_text(state, "result"));
	snprintf(job->facts.started, sizeof(job->facts.started), "%.31s",
		 kb_text(journal->state, "started"));
	return replay(journal, job, err);
}

char *kb_journal_dir_round(const struct kb_journal_dir *journal, const struct kb_job *job,
			   size_t round)
{
	return kb_path("%s/%zu.%zu", journal->path, job->number, round);
}

/* This boot of the machine; malloc()ed, "" when unknown */
static char *boot_id(void)
{
	char *text = kb_read_text(BOOT_ID, NULL);

	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text ? text : kb_path("%s", "");
}

bool kb_journal_dir_is_new_boot(const struct kb_journal_dir *journal, const struct kb_job *job)
{
	const json_t *known;
	char *id = boot_id();
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(state_of(journal, job), "boots"), i, known)
		found |= !strcmp(json_string_value(known) ? json_string_value(known) : "", id);
	free(id);
	return !found;
}

int kb_journal_dir_add_boot(struct kb_journal_dir *journal, const struct kb_job *job,
			    struct kb_error *err)
{
	char *id = boot_id();
	json_t *boots = json_object_get(state_of(journal, job), "boots");
	int bad = json_array_append_new(boots, json_string(id));

	free(id);
	return bad ? no_memory(err) : save(journal, err);
}

/* "0.12" */
static bool is_round(const char *name)
{
	size_t n = strspn(name, "0123456789");

	return n && name[n] == '.' && name[n + 1] &&
	       !name[n + 1 + strspn(name + n + 1, "0123456789")];
}

/* The directory goes with its last file; what is not ours stays. */
static void remove_own(const struct kb_journal_dir *journal)
{
	DIR *stream = opendir(journal->path);
	struct dirent *entry;

	while (stream && (entry = readdir(stream)))
		if (is_round(entry->d_name) || !strcmp(entry->d_name, STATE) ||
		    !strcmp(entry->d_name, LOCK))
			unlinkat(dirfd(stream), entry->d_name, 0);
	if (stream)
		closedir(stream);
	rmdir(journal->path);
}

int kb_journal_dir_done(struct kb_journal_dir *journal, const struct kb_job *job,
			struct kb_error *err)
{
	const json_t *state;
	bool all = true;
	size_t i;

	if (json_object_set_new(state_of(journal, job), "done", json_true()))
		return no_memory(err);
	json_array_foreach(jobs_of(journal), i, state)
		all &= json_is_true(json_object_get(state, "done"));
	if (!all)
		return save(journal, err);
	remove_own(journal);
	return 0;
}

char *kb_journal_dir_waits(const struct kb_journal_dir *journal, const struct kb_job *job)
{
	const json_t *state;
	char *all;
	size_t i;

	if (!json_is_true(json_object_get(state_of(journal, job), "done")))
		return NULL;
	all = kb_path("%s", "");
	json_array_foreach(jobs_of(journal), i, state) {
		char *more;

		if (json_is_true(json_object_get(state, "done")))
			continue;
		more = kb_path("%s%s%s", all, *all ? ", " : "", kb_text(state, "release"));
		free(all);
		all = more;
	}
	return all;
}

void kb_journal_dir_free(struct kb_journal_dir *journal)
{
	if (journal->state && journal->lock >= 0)
		close(journal->lock);
	free(journal->path);
	json_decref(journal->state);
	*journal = (struct kb_journal_dir){ .lock = -1 };
}
