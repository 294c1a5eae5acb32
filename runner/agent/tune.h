/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Settings that make figures wander, changed and put back. What was there is written down before
 * the first change, so that a change which was cut short can be undone, too.
 */
#ifndef KB_AGENT_TUNE_H
#define KB_AGENT_TUNE_H

#include <stdbool.h>
#include <stddef.h>

#include "emit.h"

/** enum tune_action - what to do; the first two need root */
enum tune_action {
	TUNE_APPLY,
	TUNE_UNDO,
	TUNE_DRY_RUN,	/* say what apply would change */
	TUNE_STATUS,	/* say what is changed now */
};

/**
 * tune_run() - do it, and tell: a record "tune" whose "tuned" says whether there were changes, and
 * a record "setting" for each file that is concerned: name, path, was, now, status and, where that
 * is "failed", wanted and error
 *
 * Status of apply: "changed", "failed", "kept" (was so already); of undo: "restored", "failed",
 * "gone" (there is no such file any more; was is what it should have been); of dry run: "differs";
 * of status, where was is what tune found: "changed", "gone".
 * @root: what /proc, /sys and /run stand below: "", or a directory made by a test
 * Return: 0, also when settings failed; -1 after an error record, with nothing changed
 */
int tune_run(struct emit *emit, enum tune_action action, bool smt_off, const char *root);

/* tune_state.c: what was there */

/** TUNE_DIR - holds the state; in /run, which a restart empties as it undoes the changes */
#define TUNE_DIR	"/run/kbench"
#define TUNE_STATE	TUNE_DIR "/tune"

/** Longer values no setting has. */
#define TUNE_VALUE_LEN	128

/** struct tune_entry - a file and what it had in it before the first change */
struct tune_entry {
	char	path[160];
	char	value[TUNE_VALUE_LEN];
};

/** struct tune_state - entries in the order of changes; the first of a path is what counts */
struct tune_state {
	struct tune_entry	*entries;
	size_t			nr;
};

/**
 * tune_state_load() - Return: 0; -ENOENT and an empty state when there is none; -EBADMSG when it
 * is damaged or names files that are no settings; another negative errno
 */
int tune_state_load(struct tune_state *state, const char *root);

/** tune_state_save() - replace the file in one step, on the disk. Return: 0 or negative errno */
int tune_state_save(const struct tune_state *state, const char *root);

/** tune_state_remove() - nothing is changed any more. Return: 0 or a negative errno */
int tune_state_remove(const char *root);

/** tune_state_add() - unless it has @path already. Return: 0 or -ENOMEM */
int tune_state_add(struct tune_state *state, const char *path, const char *value);
const struct tune_entry *tune_state_find(const struct tune_state *state, const char *path);
void tune_state_free(struct tune_state *state);

/* tune_knobs.c: what there is to set */

/**
 * struct tune_knob - a kind of setting
 * @pattern: its file, with %u where it is one for each cpufreq policy
 * @value:   what it is set to; NULL: only written down, for another one changes it
 * @smt:     it takes CPUs away, so it is set only when asked for
 */
struct tune_knob {
	const char	*name;
	const char	*pattern;
	const char	*value;
	bool		smt;
};

/** tune_knobs_each() - call @each for every setting that this machine has and lets us read */
int tune_knobs_each(const char *root, int (*each)(void *ctx, const struct tune_knob *knob,
						  const char *path, const char *value), void *ctx);

/** tune_knob_of() - the knob whose file is @path, or NULL */
const struct tune_knob *tune_knob_of(const char *path);

/** tune_read(), tune_write() - a setting; 0 or a negative errno */
int tune_read(const char *root, const char *path, char value[TUNE_VALUE_LEN]);
int tune_write(const char *root, const char *path, const char *value);

#endif
