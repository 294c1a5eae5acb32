// SPDX-License-Identifier: GPL-2.0
#include "headers.h"

#include <ctype.h>
#include <sha256.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_config.h"
#include "paths.h"
#include "process.h"

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

/* The configuration that modules are built by; NULL: there is none. */
static char *configuration(const char *dir)
{
	static const char *const places[] = { "include/config/auto.conf", ".config" };
	char *text = NULL;

	for (size_t i = 0; i < 2 && !text; i++) {
		char *path = kb_path("%s/%s", dir, places[i]);

		text = kb_read_text(path, NULL);
		free(path);
	}
	return text;
}

/**
 * struct built_by - the compiler of a kernel
 * @text:  what it said of itself: "gcc-12 (Debian 12.2.0-14) 12.2.0"
 * @name:  program without the prefix of a cross compiler: "gcc-12", "gcc", "clang"
 * @major: "12"; "" when @name has a number or nothing is known
 * @clang: one program for all architectures
 */
struct built_by {
	char	*text;
	char	*name;
	char	major[24];
	bool	clang;
};

/* "gcc-12" of "x86_64-linux-gnu-gcc-12". */
static const char *without_triplet(const char *compiler)
{
	const char *at = strstr(compiler, "gcc");

	return at ? at : compiler;
}

static void find_major(struct built_by *by, const char *config)
{
	char *number = kb_config_value(config, by->clang ? "CLANG_VERSION" : "GCC_VERSION");
	unsigned long version = number ? strtoul(number, NULL, 10) : 0;
	size_t length = strlen(by->name);

	/* 120200 is 12.2.0. */
	if (version >= 10000 && length && !isdigit((unsigned char)by->name[length - 1]))
		snprintf(by->major, sizeof(by->major), "%lu", version / 10000);
	free(number);
}

static void built_by(struct built_by *by, const char *dir)
{
	char *config = configuration(dir);

	*by = (struct built_by){ 0 };
	by->text = config ? kb_config_value(config, "CC_VERSION_TEXT") : NULL;
	if (!by->text)
		by->text = kb_path("gcc");
	/* clang says "Debian clang version 14.0.6", however it was called. */
	by->clang = strstr(by->text, "clang version ") != NULL;
	if (by->clang) {
		by->name = kb_path("clang");
	} else {
		char *first = kb_path("%.*s", (int)strcspn(by->text, " "), by->text);

		by->name = kb_path("%s", without_triplet(first));
		free(first);
	}
	if (config)
		find_major(by, config);
	free(config);
}

static void built_by_clear(struct built_by *by)
{
	free(by->text);
	free(by->name);
}

static bool is_here(const char *program)
{
	char *found = kb_find_program(program);

	free(found);
	return found != NULL;
}

/* Whether @program says of itself what the kernel's compiler said. */
static bool says(const char *program, const char *text)
{
	const char *const argv[] = { program, "--version", NULL };
	struct kb_command command = { .argv = argv, .timeout = 60 };
	struct kb_error unsaid = { 0 };
	bool same = !kb_command_run(&command, &unsaid) &&
		    !strncmp(command.output, text, strlen(text)) &&
		    command.output[strlen(text)] == '\n';

	kb_command_free(&command);
	return same;
}

/* The program to call; it need not be here. */
static char *choose(const struct built_by *by, const char *prefix)
{
	char *plain = kb_path("%s%s", prefix, by->name);
	char *numbered;

	if (!by->major[0] || (is_here(plain) && says(plain, by->text)))
		return plain;
	numbered = kb_path("%s-%s", plain, by->major);
	if (is_here(numbered) || !is_here(plain)) {
		free(plain);
		return numbered;
	}
	free(numbered);
	return plain;
}

int kb_headers_compiler(char **compiler, const char *dir, const struct kb_arch *arch,
			struct kb_error *err)
{
	bool cross = arch && !kb_arch_is_native(arch);
	char *prefix;
	struct built_by by;
	int ret = 0;

	built_by(&by, dir);
	cross = cross && !by.clang;
	prefix = kb_path("%s%s", cross ? arch->triplet : "", cross ? "-" : "");
	*compiler = choose(&by, prefix);
	if (!is_here(*compiler)) {
		const char *series = *compiler + strlen(prefix);

		ret = cross ? kb_fail(err, KB_EXIT_ENVIRONMENT,
				      "the kernel was built with %s for %s, which modules need "
				      "too: apt install %s-%s", series, arch->deb, series,
				      arch->triplet) :
			      kb_fail(err, KB_EXIT_ENVIRONMENT,
				      "the kernel was built with %s, which modules need too: apt "
				      "install %s", series, series);
		free(*compiler);
		*compiler = NULL;
	}
	free(prefix);
	built_by_clear(&by);
	return ret;
}

char *kb_headers_series(const char *dir)
{
	struct built_by by;
	char *series = NULL;
	size_t length;

	built_by(&by, dir);
	length = strlen(by.name);
	if (!by.clang && by.major[0])
		series = kb_path("%s-%s", by.name, by.major);
	else if (!by.clang && length && isdigit((unsigned char)by.name[length - 1]))
		series = kb_path("%s", by.name);
	built_by_clear(&by);
	return series;
}

char *kb_headers_tools(const char *dir, const char *compiler)
{
	char *config = configuration(dir), *tools = NULL;
	const char *number = strstr(compiler, "clang");	/* stands behind these 5 letters */

	if (number && config && kb_config_is_set(config, "LD_IS_LLD"))
		tools = kb_path("LLVM=%s", number[5] ? number + 5 : "1");
	free(config);
	return tools ? tools : kb_path("CC=%s", compiler);
}

char *kb_headers_key(const char *dir)
{
	static const char *const files[] = { "Module.symvers", "include/config/auto.conf" };
	char *all = kb_path("%s", ""), sum[SHA256_DIGEST_STRING_LENGTH];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *path = kb_path("%s/%s", dir, files[i]);
		char *more = kb_path("%s%s\n", all, SHA256File(path, sum) ? sum : "none");

		free(path);
		free(all);
		all = more;
	}
	SHA256Data((const uint8_t *)all, strlen(all), sum);
	free(all);
	return kb_path("%.16s", sum);
}
