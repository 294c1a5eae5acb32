// SPDX-License-Identifier: GPL-2.0
/* Runs gnuplot: script and picture in memory, so that no file can be left behind. */
#include "plot_script.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paths.h"
#include "process.h"
#include "target.h"

/* Seconds; the largest pages take a few. */
#define DEADLINE	120

/* The descriptors of a gnuplot, each a file in memory. */
struct files {
	int	script;
	int	picture;
	int	errors;
};

/* To a file in memory, back to its begin afterwards. */
static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			data += n;
			size -= (size_t)n;
		}
	}
	return lseek(fd, 0, SEEK_SET) < 0 ? -1 : 0;
}

/* All of a file in memory, 0-terminated. */
static char *read_all(int fd, size_t *size)
{
	struct stat st;
	char *data;
	ssize_t n;

	if (fstat(fd, &st))
		return NULL;
	data = malloc((size_t)st.st_size + 1);
	if (!data)
		return NULL;
	n = pread(fd, data, (size_t)st.st_size, 0);
	if (n < 0)
		n = 0;
	data[n] = '\0';
	*size = (size_t)n;
	return data;
}

static int open_files(struct files *files, const char *script, size_t size, struct kb_error *err)
{
	files->script = memfd_create("kbench-script", MFD_CLOEXEC);
	files->picture = memfd_create("kbench-picture", MFD_CLOEXEC);
	files->errors = memfd_create("kbench-errors", MFD_CLOEXEC);
	if (files->script < 0 || files->picture < 0 || files->errors < 0 ||
	    write_all(files->script, script, size))
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "cannot make a file in memory: %s; %s", strerror(errno),
			       errno == EFBIG ? "raise the limit on file sizes (ulimit -f)" :
			       "free some memory");
	return 0;
}

static void close_files(struct files *files)
{
	if (files->script >= 0)
		close(files->script);
	if (files->picture >= 0)
		close(files->picture);
	if (files->errors >= 0)
		close(files->errors);
}

/*
 * gnuplot's complaint is several lines, the last that says something is the reason. It says
 * nothing of pictures that it could not write to their end.
 */
static int fail_gnuplot(int errors, struct kb_error *err)
{
	size_t size = 0;
	char *text = read_all(errors, &size), *last = NULL, *save = NULL;

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		if (line[strspn(line, " \t^")])
			last = line;
	if (last)
		kb_fail(err, KB_EXIT_ENVIRONMENT,
			"gnuplot could not draw (%s); kbench needs gnuplot 5.4 or later", last);
	else
		kb_fail(err, KB_EXIT_ENVIRONMENT,
			"gnuplot did not finish the picture: free some memory, or raise the limit "
			"on file sizes (ulimit -f)");
	free(text);
	return -1;
}

static int run_child(const struct files *files, struct kb_error *err)
{
	/* -d: the user's own settings must not change the picture. */
	static const char *const argv[] = { "gnuplot", "-d", "/dev/stdin", NULL };
	const struct kb_spawn spawn = {
		.argv = argv, .in = files->script, .out = files->picture, .err = files->errors,
		.death_signal = SIGKILL,
	};
	struct kb_process process = { 0 };
	bool ended;

	if (kb_process_start(&process, &spawn, err))
		return -1;
	ended = kb_process_wait(&process, DEADLINE);
	kb_process_stop(&process, 0);
	if (!ended && kb_interrupted)
		return kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted: no picture was written");
	if (!ended)
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "gnuplot did not end within %d s: draw one suite at a time "
			       "with --suite", DEADLINE);
	if (!WIFEXITED(process.status) || WEXITSTATUS(process.status))
		return fail_gnuplot(files->errors, err);
	return 0;
}

/*
 * gnuplot does not notice all of its own write errors; a whole picture ends like this. Characters
 * have no such end.
 */
static bool is_whole(const char *picture, size_t size, enum kb_plot_format format)
{
	static const char *const ends[] = {
		[KB_PLOT_PNG] = "IEND", [KB_PLOT_SVG] = "</svg>", [KB_PLOT_PDF] = "%%EOF",
		[KB_PLOT_TERM] = "",
	};
	const char *end = ends[format];

	return size > 16 && memmem(picture + size - 16, 16, end, strlen(end));
}

int kb_gnuplot_run(const char *script, size_t size, enum kb_plot_format format, char **picture,
		   size_t *picture_size, struct kb_error *err)
{
	/* The limit on file sizes is for memory files too. gnuplot inherits that we ignore it. */
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	struct files files = { -1, -1, -1 };
	char *program = kb_find_program("gnuplot");
	int ret;

	*picture = NULL;
	if (!program)
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "gnuplot is not installed: sudo apt-get install gnuplot-nox");
	free(program);
	sigaction(SIGXFSZ, &ignore, &old);
	ret = open_files(&files, script, size, err) || run_child(&files, err) ? -1 : 0;
	sigaction(SIGXFSZ, &old, NULL);
	if (!ret)
		*picture = read_all(files.picture, picture_size);
	if (!ret && (!*picture || !is_whole(*picture, *picture_size, format)))
		ret = fail_gnuplot(files.errors, err);
	close_files(&files);
	if (ret) {
		free(*picture);
		*picture = NULL;
	}
	return ret;
}
