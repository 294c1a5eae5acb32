/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Debian's suites beside those that the machine's apt uses. Their names stand in
 * kernels/debian-suites; the mirror and its key are those of the machine's own package sources.
 */
#ifndef KB_DEBIAN_H
#define KB_DEBIAN_H

#include <stdbool.h>

#include "apt.h"
#include "error.h"

/**
 * struct kb_debian - Debian's main archive as the machine's apt knows it
 * @uri:       of the mirror
 * @signed_by: value of the field Signed-By of that source, which may have several lines; NULL: none
 * @own:       codenames and suites that the machine's sources name, with a space around each
 */
struct kb_debian {
	char	*uri;
	char	*signed_by;
	char	*own;
};

/**
 * kb_debian_open() - by what apt says of the machine's sources
 * @names: out: the suites that it does not use, as kb_debian_suites() says; NULL: not wanted
 * @arch:  whose lists are looked at; they are fetched if need be
 * Return: 0; 1 when none of the sources is Debian's archive; -1 with @err
 */
int kb_debian_open(struct kb_debian *debian, char **names, const struct kb_arch *arch,
		   struct kb_error *err);
void kb_debian_clear(struct kb_debian *debian);

/** KB_DEBIAN_TARGETS - the format in which kb_debian_parse() takes apt's index targets */
#define KB_DEBIAN_TARGETS "$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)|$(CODENAME)|$(SUITE)|" \
			  "$(SOURCESENTRY)"

/**
 * kb_debian_parse() - @uri and @own out of index targets, a line each
 * @entry: out: where the source stands, "FILE:NUMBER", malloc()ed
 * Return: whether one of them is Debian's main archive
 */
bool kb_debian_parse(struct kb_debian *debian, const char *targets, char **entry);

/**
 * kb_debian_key() - value of Signed-By of a source; malloc()ed, NULL: it has none
 * @text:   the file
 * @number: of the stanza in a file of the newer format (@stanzas), of the line in an older one
 */
char *kb_debian_key(const char *text, bool stanzas, unsigned long number);

/**
 * kb_debian_suites() - names in @text, the data file, apart from those that the machine has
 * Return: malloc()ed, with a space between each; NULL with KB_EXIT_USAGE where a line is no name
 */
char *kb_debian_suites(const struct kb_debian *debian, const char *text, struct kb_error *err);

/** kb_debian_base() - the suite that has the compilers: "trixie" of "trixie-backports" */
char *kb_debian_base(const char *suite);

/** kb_debian_sources() - a file of sources for apt, as text: @suites of the mirror */
char *kb_debian_sources(const struct kb_debian *debian, const char *suites);

#endif
