// SPDX-License-Identifier: GPL-2.0
/*
 * What was there before tune changed it: a line "kbench-tune 1", a line "PATH VALUE" for each
 * file, and a line "end".
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tune.h"

#define FIRST_LINE	"kbench-tune 1\n"
#define LAST_LINE	"end\n"

static void state_path(const char *root, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s%s", root, name);
}

const struct tune_entry *tune_state_find(const struct tune_state *state, const char *path)
{
	for (size_t i = 0; i < state->nr; i++)
		if (!strcmp(state->entries[i].path, path))
			return &state->entries[i];
	return NULL;
}

int tune_state_add(struct tune_state *state, const char *path, const char *value)
{
	struct tune_entry *entries;

	if (tune_state_find(state, path))
		return 0;
	entries = realloc(state->entries, (state->nr + 1) * sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	state->entries = entries;
	entries += state->nr++;
	snprintf(entries->path, sizeof(entries->path), "%s", path);
	snprintf(entries->value, sizeof(entries->value), "%s", value);
	return 0;
}

void tune_state_free(struct tune_state *state)
{
	free(state->entries);
	memset(state, 0, sizeof(*state));
}

/* One "PATH VALUE\n"; only files that are settings are ever written to. */
static int parse_entry(struct tune_state *state, char *line)
{
	char *end = strchr(line, '\n');
	char *value = strchr(line, ' ');

	if (!end || !value)
		return -EBADMSG;
	*end = 0;
	*value++ = 0;
	if (!tune_knob_of(line) || !*value || strlen(value) >= TUNE_VALUE_LEN)
		return -EBADMSG;
	return tune_state_add(state, line, value);
}

static int parse(struct tune_state *state, FILE *file)
{
	char line[512];
	int err = 0;

	if (!fgets(line, sizeof(line), file) || strcmp(line, FIRST_LINE))
		return -EBADMSG;
	while (fgets(line, sizeof(line), file)) {
		if (!strcmp(line, LAST_LINE))
			return 0;
		err = parse_entry(state, line);
		if (err)
			return err;
	}
	return -EBADMSG;
}

int tune_state_load(struct tune_state *state, const char *root)
{
	char path[PATH_MAX];
	FILE *file;
	int err;

	memset(state, 0, sizeof(*state));
	state_path(root, TUNE_STATE, path);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	err = parse(state, file);
	fclose(file);
	if (err)
		tune_state_free(state);
	return err;
}

static int write_state(const struct tune_state *state, int fd)
{
	FILE *file = fdopen(fd, "w");
	int err = 0;

	if (!file) {
		err = -errno;
		close(fd);
		return err;
	}
	fputs(FIRST_LINE, file);
	for (size_t i = 0; i < state->nr; i++)
		fprintf(file, "%s %s\n", state->entries[i].path, state->entries[i].value);
	fputs(LAST_LINE, file);
	if (fflush(file) || ferror(file) || fsync(fd))
		err = errno ? -errno : -EIO;
	if (fclose(file) && !err)
		err = -errno;
	return err;
}

static int sync_directory(const char *root)
{
	char path[PATH_MAX];
	int err;
	int fd;

	state_path(root, TUNE_DIR, path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = fsync(fd) ? -errno : 0;
	close(fd);
	return err;
}

int tune_state_save(const struct tune_state *state, const char *root)
{
	char path[PATH_MAX];
	char temp[PATH_MAX];
	int err;
	int fd;

	state_path(root, TUNE_STATE, path);
	state_path(root, TUNE_STATE ".new", temp);
	/* One left by an earlier attempt is of no use; whatever else has that name is replaced. */
	unlink(temp);
	fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	err = write_state(state, fd);
	if (!err && rename(temp, path))
		err = -errno;
	if (err)
		unlink(temp);
	return err ? err : sync_directory(root);
}

int tune_state_remove(const char *root)
{
	char path[PATH_MAX];

	state_path(root, TUNE_STATE, path);
	if (unlink(path))
		return -errno;
	return sync_directory(root);
}
