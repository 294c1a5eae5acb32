// SPDX-License-Identifier: GPL-2.0
#include "make.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "process.h"
#include "root.h"

/* Lines of a failed build that are shown. */
#define SHOWN_LINES	40

void kb_make_cut(char *output, const char *tree)
{
	size_t length = strlen(tree);
	char *at = output;

	while ((at = strstr(at, tree))) {
		size_t cut = length + (at[length] == '/');

		memmove(at, at + cut, strlen(at + cut) + 1);
	}
}

/* Lines of make itself say only that it gave up, unless there are no others. */
static bool is_makes_own(const char *line)
{
	return !strncmp(line, "make: ", 6) || !strncmp(line, "make[", 5);
}

/* Print at most SHOWN_LINES whole lines. Return: how many lines there were */
static unsigned int print_lines(const char *output, bool makes_own)
{
	unsigned int nr = 0;

	while (*output) {
		size_t length = strcspn(output, "\n");

		if (is_makes_own(output) == makes_own && nr++ < SHOWN_LINES)
			fprintf(stderr, "%.*s\n", (int)length, output);
		output += length + (output[length] == '\n');
	}
	return nr;
}

/* The first lines of what the compiler said: later errors mostly follow from the first ones. */
void kb_make_show(const char *output)
{
	unsigned int nr;

	if (kb_note_prepare)
		kb_note_prepare();
	nr = print_lines(output, false);
	if (!nr)
		nr = print_lines(output, true);
	if (nr > SHOWN_LINES)
		fprintf(stderr, "(%u more lines)\n", nr - SHOWN_LINES);
}

int kb_make(const char *headers, char *const args[KB_MAKE_ARGS], const char *tree,
	    const char *symbols, const struct kb_make_root *root, char **output,
	    struct kb_error *err)
{
	/* Compilers that are killed leave temporary files; these go with the tree. */
	char *tmpdir = kb_path("TMPDIR=%s", tree);
	/* When kbench itself was started by make, its flags are not meant for this one. */
	const char *const environment[] = { "MAKEFLAGS=", "MFLAGS=", "MAKELEVEL=0", tmpdir,
					    "LC_ALL=C.UTF-8", NULL };
	char *at = kb_path("M=%s", tree);
	char *extra = kb_path("KBUILD_EXTRA_SYMBOLS=%s", symbols ? symbols : "");
	char *jobs = kb_path("-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
	const char *const argv[] = { "make", "-s", jobs, "-C", headers, at, KB_MAKE_VARIABLES,
				     extra, "modules", args[0], args[1], args[2], NULL };
	struct kb_command command = {
		.argv = argv, .environment = environment, .timeout = KB_MAKE_TIMEOUT_S,
		.merge = true,
	};
	char **inside = NULL;
	int ret = 0;

	if (root) {
		inside = kb_root_command(root->path, argv, root->seen, root->changed, err);
		command.argv = (const char *const *)inside;
		ret = inside ? 0 : -1;
	}
	if (!ret)
		ret = kb_command_run(&command, err);
	if (command.output)
		kb_make_cut(command.output, tree);
	*output = command.output;
	command.output = NULL;
	kb_command_free(&command);
	kb_root_command_free(inside);
	free(jobs);
	free(extra);
	free(at);
	free(tmpdir);
	return ret;
}
