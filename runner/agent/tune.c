// SPDX-License-Identifier: GPL-2.0
#include "tune.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * struct tune - one tune_run()
 * @state:   what was there before the first change, of this call or of an earlier one
 * @known:   entries that the file on the disk has
 * @differs: settings that are not as they should be
 */
struct tune {
	struct emit		*emit;
	const char		*root;
	bool			smt_off;
	struct tune_state	state;
	size_t			known;
	size_t			differs;
};

static void emit_members(struct emit *emit, const char *path, const char *was, const char *now,
			 const char *status)
{
	const struct tune_knob *knob = tune_knob_of(path);

	emit_string(emit, "name", knob ? knob->name : "");
	emit_string(emit, "path", path);
	emit_string(emit, "was", was);
	emit_string(emit, "now", now);
	emit_string(emit, "status", status);
}

static void emit_setting(struct emit *emit, const char *path, const char *was, const char *now,
			 const char *status)
{
	emit_open(emit, "setting");
	emit_members(emit, path, was, now, status);
	emit_close(emit);
}

static void emit_failure(struct emit *emit, const char *path, const char *now, const char *value,
			 const char *error)
{
	emit_open(emit, "setting");
	emit_members(emit, path, now, now, "failed");
	emit_string(emit, "wanted", value);
	emit_string(emit, "error", error);
	emit_close(emit);
}

/* Sets a file and looks whether it took. Return: NULL, or why not. */
static const char *set(const char *root, const char *path, const char *value)
{
	char now[TUNE_VALUE_LEN];
	int err = tune_write(root, path, value);

	if (!err)
		err = tune_read(root, path, now);
	if (err)
		return strerror(-err);
	return strcmp(now, value) ? "the kernel took another value" : NULL;
}

/* Whether tune would change a setting that has @value. */
static bool wanted(const struct tune *tune, const struct tune_knob *knob, const char *value)
{
	return knob->value && (!knob->smt || tune->smt_off) && strcmp(knob->value, value);
}

static int remember(void *ctx, const struct tune_knob *knob, const char *path, const char *value)
{
	struct tune *tune = ctx;

	if (knob->smt && !tune->smt_off)
		return 0;
	tune->differs += wanted(tune, knob, value);
	return tune_state_add(&tune->state, path, value);
}

static int change(void *ctx, const struct tune_knob *knob, const char *path, const char *value)
{
	struct tune *tune = ctx;
	const char *error;

	if (!knob->value || (knob->smt && !tune->smt_off))
		return 0;
	if (!wanted(tune, knob, value)) {
		emit_setting(tune->emit, path, value, value, "kept");
		return 0;
	}
	error = set(tune->root, path, knob->value);
	if (error)
		emit_failure(tune->emit, path, value, knob->value, error);
	else
		emit_setting(tune->emit, path, value, knob->value, "changed");
	return 0;
}

static int say(void *ctx, const struct tune_knob *knob, const char *path, const char *value)
{
	struct tune *tune = ctx;

	if (wanted(tune, knob, value))
		emit_setting(tune->emit, path, value, knob->value, "differs");
	return 0;
}

static int failed(struct tune *tune, int err)
{
	if (err == -EBADMSG)
		emit_error(tune->emit, "state", "%s%s, which says what was there before, is "
			   "damaged: set things as you want them, then remove it", tune->root,
			   TUNE_STATE);
	else if (err == -EWOULDBLOCK)
		emit_error(tune->emit, "busy", "another kbench tune is at work: wait for it");
	else
		emit_error(tune->emit, "state", "nothing was changed, because what was there "
			   "before cannot be kept in %s%s: %s", tune->root, TUNE_STATE,
			   strerror(-err));
	return -1;
}

/* Return: a descriptor that holds the lock, or a negative errno. */
static int lock(const char *root)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s" TUNE_DIR, root);
	if (mkdir(path, 0755) && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	close(fd);
	return errno == EWOULDBLOCK ? -EWOULDBLOCK : -errno;
}

static int apply(struct tune *tune)
{
	int err = tune_knobs_each(tune->root, remember, tune);

	/* What this or an earlier call changes is on the disk before it is changed. */
	if (!err && tune->differs && tune->state.nr > tune->known)
		err = tune_state_save(&tune->state, tune->root);
	if (err)
		return failed(tune, err);
	tune_knobs_each(tune->root, change, tune);
	return 0;
}

/** struct undone - how it went with an entry: what it was before undo, why it stays so */
struct undone {
	char		before[TUNE_VALUE_LEN];
	const char	*error;
};

/*
 * Puts back what differs, the last change first. Once more where that failed: the lowest frequency
 * may have been above the highest.
 */
static void put_back(const struct tune *tune, struct undone *undone)
{
	char now[TUNE_VALUE_LEN];

	for (size_t i = 0; i < tune->state.nr; i++)
		tune_read(tune->root, tune->state.entries[i].path, undone[i].before);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = tune->state.nr; i--; ) {
			const struct tune_entry *entry = &tune->state.entries[i];

			undone[i].error = NULL;
			if (!tune_read(tune->root, entry->path, now) && strcmp(now, entry->value))
				undone[i].error = set(tune->root, entry->path, entry->value);
		}
	}
}

/* Return: true when the setting is not what it was. */
static bool say_undone(const struct tune *tune, const struct tune_entry *entry,
		       const struct undone *undone)
{
	char now[TUNE_VALUE_LEN];

	if (tune_read(tune->root, entry->path, now)) {
		emit_setting(tune->emit, entry->path, entry->value, "", "gone");
		return false;
	}
	if (undone->error) {
		emit_failure(tune->emit, entry->path, now, entry->value, undone->error);
		return true;
	}
	if (strcmp(undone->before, now))
		emit_setting(tune->emit, entry->path, undone->before, now, "restored");
	return false;
}

static int undo(struct tune *tune)
{
	struct undone *undone = calloc(tune->state.nr + 1, sizeof(*undone));
	size_t left = 0;
	int err;

	if (!undone)
		return failed(tune, -ENOMEM);
	put_back(tune, undone);
	for (size_t i = 0; i < tune->state.nr; i++)
		left += say_undone(tune, &tune->state.entries[i], &undone[i]);
	free(undone);
	/* What could not be put back can be tried again. */
	if (left)
		return 0;
	err = tune_state_remove(tune->root);
	if (!err)
		return 0;
	emit_error(tune->emit, "state", "all is as it was, but %s%s cannot be removed: %s",
		   tune->root, TUNE_STATE, strerror(-err));
	return -1;
}

static void status(const struct tune *tune)
{
	char now[TUNE_VALUE_LEN];

	for (size_t i = 0; i < tune->state.nr; i++) {
		const struct tune_entry *entry = &tune->state.entries[i];

		if (tune_read(tune->root, entry->path, now))
			emit_setting(tune->emit, entry->path, entry->value, "", "gone");
		else if (strcmp(now, entry->value))
			emit_setting(tune->emit, entry->path, entry->value, now, "changed");
	}
}

static int run(struct tune *tune, enum tune_action action)
{
	int err = tune_state_load(&tune->state, tune->root);

	if (err && err != -ENOENT)
		return failed(tune, err);
	tune->known = tune->state.nr;
	emit_open(tune->emit, "tune");
	emit_bool(tune->emit, "tuned", !err);
	emit_close(tune->emit);
	switch (action) {
	case TUNE_APPLY:
		return apply(tune);
	case TUNE_UNDO:
		return err ? 0 : undo(tune);
	case TUNE_DRY_RUN:
		return tune_knobs_each(tune->root, say, tune);
	case TUNE_STATUS:
		status(tune);
		return 0;
	}
	return 0;
}

int tune_run(struct emit *emit, enum tune_action action, bool smt_off, const char *root)
{
	struct tune tune = { .emit = emit, .root = root, .smt_off = smt_off };
	bool writes = action == TUNE_APPLY || action == TUNE_UNDO;
	int lock_fd = writes ? lock(root) : -1;
	int err;

	if (writes && lock_fd < 0)
		return failed(&tune, lock_fd);
	err = run(&tune, action);
	tune_state_free(&tune.state);
	if (lock_fd >= 0)
		close(lock_fd);
	return err;
}
