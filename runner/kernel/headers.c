// SPDX-License-Identifier: GPL-2.0
#include "headers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"

/*
 * The absolute path that stands before "/usr/src/" at @at: the start of it in @text. Make's
 * variables and spaces end it.
 */
static const char *path_start(const char *text, const char *at)
{
	while (at > text && !strchr(" \t\n=:$(){}", at[-1]))
		at--;
	return at;
}

/* @text with every PATH/usr/src/ replaced by ROOT/usr/src/; malloc()ed. */
static char *with_root(const char *text, const char *root)
{
	static const char mark[] = "/usr/src/";
	char *result = kb_path("%s", "");
	const char *rest = text;
	const char *at;

	while ((at = strstr(rest, mark))) {
		const char *start = path_start(rest, at);
		char *more = kb_path("%s%.*s%s%s", result, (int)(start - rest), rest, root, mark);

		free(result);
		result = more;
		rest = at + strlen(mark);
	}
	at = kb_path("%s%s", result, rest);
	free(result);
	return (char *)at;
}

int kb_headers_settle(const char *root, const char *dir, struct kb_error *err)
{
	static const char *const names[] = { "Makefile", ".kernelvariables" };
	int ret = 0;

	for (size_t i = 0; i < 2 && !ret; i++) {
		char *path = kb_path("%s/%s", dir, names[i]);
		char *text = kb_read_text(path, NULL);
		char *settled = text ? with_root(text, root) : NULL;

		if (settled && strcmp(settled, text))
			ret = kb_write_text(path, settled, err);
		free(settled);
		free(text);
		free(path);
	}
	return ret;
}

/* The first word of CONFIG_CC_VERSION_TEXT="gcc-12 (Debian ...) 12.2.0", or NULL. */
static char *configured_compiler(const char *dir)
{
	static const char *const places[] = { "include/config/auto.conf", ".config" };
	static const char mark[] = "\nCONFIG_CC_VERSION_TEXT=\"";
	char *found = NULL;

	for (size_t i = 0; i < 2 && !found; i++) {
		char *path = kb_path("%s/%s", dir, places[i]);
		char *text = kb_read_text(path, NULL);
		const char *at = text ? strstr(text, mark) : NULL;

		if (at) {
			at += strlen(mark);
			found = kb_path("%.*s", (int)strcspn(at, " \"\n"), at);
		}
		free(text);
		free(path);
	}
	return found;
}

/* "gcc-12" of "x86_64-linux-gnu-gcc-12". */
static const char *without_triplet(const char *compiler)
{
	const char *at = strstr(compiler, "gcc");
	const char *clang = strstr(compiler, "clang");

	if (!at)
		at = clang;
	return at ? at : compiler;
}

int kb_headers_compiler(char **compiler, const char *dir, const struct kb_arch *arch,
			struct kb_error *err)
{
	char *name = configured_compiler(dir);
	const char *series = name ? without_triplet(name) : "gcc";
	bool cross = arch && !kb_arch_is_native(arch);
	char *found;

	*compiler = kb_path("%s%s%s", cross ? arch->triplet : "", cross ? "-" : "", series);
	found = kb_find_program(*compiler);
	if (!found && cross)
		kb_fail(err, KB_EXIT_ENVIRONMENT,
			"the kernel was built with %s for %s, which modules need too: apt install "
			"%s-%s", series, arch->deb, series, arch->triplet);
	else if (!found)
		kb_fail(err, KB_EXIT_ENVIRONMENT,
			"the kernel was built with %s, which modules need too: apt install %s",
			series, series);
	free(name);
	if (found) {
		free(found);
		return 0;
	}
	free(*compiler);
	*compiler = NULL;
	return -1;
}
