// SPDX-License-Identifier: GPL-2.0
/* What perf found at a case: its report as text, and the record with it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/paths.h"
#include "perf.h"

/* Symbols of large programs that ran beside the case take perf a while to read. */
#define REPORT_S	20.0

/* What is sent of a report; all of it stands in its file. */
#define MAX_TEXT	(128 << 10)

/* Runs one command on the data, into @out. Return: 0 or -1 with @why */
static int run(struct perf *perf, const char *const *command, int out, char *why, size_t size)
{
	const char *words[PERF_MAX_WORDS + 4];
	struct kb_error err = { 0 };
	int errors = perf->kind->merged ? fcntl(out, F_DUPFD_CLOEXEC, 0) :
					   memfd_create("kbench-perf", MFD_CLOEXEC);
	const struct kb_spawn spawn = {
		.argv = words, .environment = perf_environment, .bare = true, .in = -1,
		.out = out, .err = errors,
		.death_signal = SIGKILL,
	};
	size_t nr = 0;
	bool ended;

	while (command[nr]) {
		words[nr] = command[nr];
		nr++;
	}
	words[0] = perf->program;
	words[nr++] = "-i";
	words[nr++] = perf->file;
	words[nr] = NULL;
	why[0] = 0;
	if (kb_process_start(&perf->process, &spawn, &err)) {
		snprintf(why, size, "%.250s", err.text);
	} else {
		ended = perf_wait(perf, REPORT_S);
		kb_process_stop(&perf->process, 0);
		if (!ended)
			snprintf(why, size, "its report takes longer than %.0f s", REPORT_S);
		else if (perf->process.status)
			perf_said(errors, why, size);
		if (perf->process.status && !why[0])
			snprintf(why, size, "it makes no report");
	}
	if (errors >= 0)
		close(errors);
	return why[0] ? -1 : 0;
}

/* The first of the kind's commands that works. Return: a descriptor of what it said, or -1 */
static int make_report(struct perf *perf)
{
	char first[300] = "", why[300];

	for (size_t i = 0; i < 2 && perf->kind->reports[i][0] && !perf_stopping(perf); i++) {
		int fd = open(perf->report, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		if (fd < 0)
			snprintf(why, sizeof(why), "%.150s: %s", perf->report, strerror(errno));
		else if (!run(perf, perf->kind->reports[i], fd, why, sizeof(why)))
			return fd;
		else
			close(fd);
		if (!first[0])
			memcpy(first, why, sizeof(first));
	}
	unlink(perf->report);
	perf_note(perf, "%s", first);
	return -1;
}

/* Return: a descriptor of the report, or -1 with a note */
static int open_report(struct perf *perf)
{
	int fd;

	if (!perf->kind->text)
		return make_report(perf);
	fd = open(perf->report, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		perf_note(perf, "perf wrote nothing: %s", strerror(errno));
	return fd;
}

/* The report without what pads its columns, and no line in half; malloc()ed, NULL: no memory */
static char *read_report(int fd)
{
	char *text = malloc(MAX_TEXT + 1), *to = text;
	FILE *file = fdopen(fd, "r");
	bool blank = true;
	int c;

	if (!text || !file) {
		free(text);
		if (file)
			fclose(file);
		else
			close(fd);
		return NULL;
	}
	rewind(file);
	while ((c = getc(file)) > 0 && to < text + MAX_TEXT) {
		if (c != ' ' || !blank)
			*to++ = (char)c;
		blank = c == ' ' || c == '\n' || c == '\t';
	}
	while (c > 0 && to > text && to[-1] != '\n')
		to--;
	*to = 0;
	fclose(file);
	return text;
}

/* The name of a file that is where it was wanted, or "" */
static const char *give(struct perf *perf, const char *path)
{
	const char *name = strrchr(path, '/') + 1;

	return perf_place_give(perf->place, name, perf->note, sizeof(perf->note)) ? name : "";
}

void perf_emit(struct perf *perf, struct emit *emit, unsigned int id)
{
	const char *file;
	char *text = NULL;
	int fd = -1;

	if (!perf->note[0] && !perf_stopping(perf))
		fd = open_report(perf);
	if (fd >= 0)
		text = read_report(fd);
	if (perf_stopping(perf)) {
		free(text);
		return;
	}
	file = give(perf, perf->file);
	if (!perf->kind->text)
		give(perf, perf->report);
	emit_open(emit, "perf");
	emit_u64(emit, "id", id);
	emit_string(emit, "kind", perf->kind->name);
	emit_string(emit, "file", file);
	emit_string(emit, "note", perf->note);
	emit_string(emit, "text", text ? text : "");
	emit_close(emit);
	free(text);
}
