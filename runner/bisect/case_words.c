// SPDX-License-Identifier: GPL-2.0
#include "case_words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"

void kb_words_add(struct kb_words *words, const char *text)
{
	char **bigger = reallocarray(words->items, words->nr + 2, sizeof(*bigger));

	if (!bigger) {
		kb_note("out of memory");
		exit(KB_EXIT_ENVIRONMENT);
	}
	words->items = bigger;
	bigger[words->nr++] = kb_path("%s", text);
	bigger[words->nr] = NULL;
}

void kb_words_free(struct kb_words *words)
{
	for (size_t i = 0; i < words->nr; i++)
		free(words->items[i]);
	free(words->items);
	*words = (struct kb_words){ 0 };
}

static bool is_plain(const char *word)
{
	return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_./=:,+%@^-")];
}

char *kb_quoted(const char *word)
{
	char *quoted, *at;

	if (is_plain(word))
		return kb_path("%s", word);
	/* Each quote becomes four signs: '\'' */
	quoted = kb_path("%*s", (int)(4 * strlen(word) + 3), "");
	at = quoted;
	*at++ = '\'';
	for (; *word; word++)
		at = *word == '\'' ? stpcpy(at, "'\\''") : (*at = *word, at + 1);
	strcpy(at, "'");
	return quoted;
}

char *kb_words_quoted(const struct kb_words *words)
{
	char *line = kb_path("%s", "");

	for (size_t i = 0; i < words->nr; i++) {
		char *word = kb_quoted(words->items[i]);
		char *more = kb_path("%s%s%s", line, i ? " " : "", word);

		free(word);
		free(line);
		line = more;
	}
	return line;
}

/**
 * struct name - a case's name taken apart
 * @words:  gets parameters and context as they come
 * @cpus:   their number as it is written, or NULL
 * @list:   numbers of CPUs, "0,3", or NULL; malloc()ed
 */
struct name {
	struct kb_words	*words;
	const char	*wanted;
	const char	*cpus;
	char		*list;
};

static bool is_number(const char *word)
{
	return *word && !word[strspn(word, "0123456789")];
}

static bool is_cpus(const char *word)
{
	return word && (!strcmp(word, "CPU") || !strcmp(word, "CPUs"));
}

static int bad_word(const struct name *name, const char *word, struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_USAGE, "--case '%s': '%s' is no parameter, number of CPUs or "
		       "context; write it as 'locks/mutex cs=0 8 CPUs'", name->wanted, word);
}

static void add(struct kb_words *words, const char *option, const char *value)
{
	char *word = kb_path("--%s=%s", option, value);

	kb_words_add(words, word);
	free(word);
}

/* "(process)", whose brackets are cut off */
static void add_context(struct name *name, char *word)
{
	word[strlen(word) - 1] = '\0';
	add(name->words, "context", word + 1);
}

static void add_listed(struct name *name, const char *word)
{
	char *more = kb_path("%s%s%s", name->list ? name->list : "", name->list ? "," : "", word);

	free(name->list);
	name->list = more;
}

/* One word behind the bench's. @next: the one after it, or NULL. Return: words taken, -1: bad */
static int take(struct name *name, char *word, const char *next, struct kb_error *err)
{
	size_t length = strlen(word);

	if (!strncmp(word, "cpus=", 5) && is_number(word + 5) && !name->cpus)
		name->cpus = word + 5;
	else if (strchr(word, '=') && strncmp(word, "cpus=", 5) != 0)
		add(name->words, "param", word);
	else if (is_number(word) && is_cpus(next) && !name->cpus)
		name->cpus = word;
	else if (is_number(word) && name->cpus)
		add_listed(name, word);
	else if (length > 2 && word[0] == '(' && word[length - 1] == ')')
		add_context(name, word);
	else
		return bad_word(name, word, err);
	return name->cpus == word ? 2 : 1;
}

/* The suite and bench, without a phase. */
static int take_bench(struct name *name, const char *word, struct kb_error *err)
{
	const char *slash = word ? strchr(word, '/') : NULL;
	char *bench;

	if (!slash || slash == word || !slash[1])
		return kb_fail(err, KB_EXIT_USAGE, "--case '%s': name one bench and what else the "
			       "case has to be, as 'locks/mutex cs=0 8 CPUs'", name->wanted);
	bench = kb_path("%.*s", (int)strcspn(word, ":"), word);
	kb_words_add(name->words, bench);
	free(bench);
	return 0;
}

static size_t split(char *text, char **parts)
{
	char *rest = text, *part;
	size_t nr = 0;

	while ((part = strsep(&rest, " ,")))
		if (*part)
			parts[nr++] = part;
	return nr;
}

int kb_case_words(struct kb_words *words, const char *wanted, struct kb_error *err)
{
	struct name name = { .words = words, .wanted = wanted };
	char *text = kb_path("%s", wanted);
	char **parts = calloc(strlen(text) + 2, sizeof(*parts));
	size_t nr = parts ? split(text, parts) : 0;
	int ret = parts ? take_bench(&name, parts[0], err) :
			  kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");

	for (size_t i = 1; !ret && i < nr; ) {
		int taken = take(&name, parts[i], parts[i + 1], err);

		ret = taken < 0 ? -1 : 0;
		i += (size_t)taken;
	}
	if (!ret)
		add(words, name.list ? "cpu-list" : "cpus",
		    name.list ? name.list : name.cpus ? name.cpus : "1");
	free(name.list);
	free(parts);
	free(text);
	return ret;
}
