// SPDX-License-Identifier: GPL-2.0
#include "told_command.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "ssh_spec.h"
#include "tree.h"

/* Whether what stands from @at to @end in @word is a spec by itself: "-k/a", "--kernels=/a,/b". */
static bool is_whole(const char *word, const char *at, const char *end)
{
	return (at == word || strchr(",=kt", at[-1])) && (!*end || *end == ',');
}

/* @word, which is freed, with @name for @path where that is a whole spec; malloc()ed. */
static char *replace(char *word, const char *path, const char *name)
{
	char *told = kb_path("%s", ""), *whole;
	const char *rest = word, *at;

	while ((at = strstr(rest, path))) {
		const char *end = at + strlen(path);
		const char *instead = is_whole(word, at, end) ? name : path;
		char *more = kb_path("%s%.*s%s", told, (int)(at - rest), rest, instead);

		free(told);
		told = more;
		rest = end;
	}
	whole = kb_path("%s%s", told, rest);
	free(told);
	free(word);
	return whole;
}

/* @word, which is freed, with @path cut down to the name of its tree; malloc()ed. */
static char *cut(char *word, const char *path)
{
	char *name = kb_tree_name(path), *whole = replace(word, path, name);

	free(name);
	return whole;
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

void kb_told_machines(char **told, int argc, char *const *machines, size_t nr_machines)
{
	for (size_t j = 0; told && j < nr_machines; j++) {
		char *given = kb_path("ssh:%s", machines[j]), *name;
		struct kb_error unsaid = { 0 };
		struct kb_ssh_spec spec;

		if (kb_ssh_spec_parse(&spec, machines[j], &unsaid))
			spec = (struct kb_ssh_spec){ 0 };
		name = kb_path("ssh:%s", kb_ssh_spec_is_address(&spec) ? "ADDRESS" : spec.host);
		for (int i = 0; i < argc; i++)
			told[i] = replace(told[i], given, name);
		free(name);
		free(given);
	}
}

void kb_told_command_free(char **command, int argc)
{
	for (int i = 0; command && i < argc; i++)
		free(command[i]);
	free(command);
}
