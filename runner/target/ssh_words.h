/* SPDX-License-Identifier: GPL-2.0 */
/* What ssh says when it does not get through, in one line, with what helps. */
#ifndef KB_SSH_WORDS_H
#define KB_SSH_WORDS_H

#include <stddef.h>

#include "ssh_spec.h"

/**
 * kb_ssh_words() - of what ssh wrote on standard error, what matters
 * @said: the text, several lines perhaps; banners and debug output among them
 * @text: out: one line without newline: "pi: Permission denied (publickey); ..."
 */
void kb_ssh_words(const struct kb_ssh_spec *spec, const char *said, char *text, size_t size);

/** kb_last_line() - the last line of @said that is not empty, without its end; "" for none */
void kb_last_line(const char *said, char *text, size_t size);

#endif
