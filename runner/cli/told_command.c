// SPDX-License-Identifier: GPL-2.0
#include "told_command.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "tree.h"

/* Whether what stands from @at to @end in @word is a spec by itself: "-k/a", "--kernels=/a,/b". */
static bool is_whole(const char *word, const char *at, const char *end)
{
	return (at == word || strchr(",=k", at[-1])) && (!*end || *end == ',');
}

/* @word, which is freed, with @path cut down to the name of its tree; malloc()ed. */
static char *cut(char *word, const char *path)
{
	char *name = kb_tree_name(path), *told = kb_path("%s", "");
	const char *rest = word, *at;

	while ((at = strstr(rest, path))) {
		const char *end = at + strlen(path);
		const char *instead = is_whole(word, at, end) ? name : path;
		char *more = kb_path("%s%.*s%s", told, (int)(at - rest), rest, instead);

		free(told);
		told = more;
		rest = end;
	}
	free(name);
	name = kb_path("%s%s", told, rest);
	free(told);
	free(word);
	return name;
}

char **kb_told_command(int argc, char **argv, char *const *kernels, size_t nr_kernels)
{
	char **told = calloc((size_t)argc + 1, sizeof(*told));

	for (int i = 0; told && i < argc; i++) {
		told[i] = kb_path("%s", argv[i]);
		for (size_t j = 0; j < nr_kernels; j++)
			if (kernels[j][0] == '/')
				told[i] = cut(told[i], kernels[j]);
	}
	return told;
}

void kb_told_command_free(char **command, int argc)
{
	for (int i = 0; command && i < argc; i++)
		free(command[i]);
	free(command);
}
