/* SPDX-License-Identifier: GPL-2.0 */
/* A page, written. */
#ifndef KB_WRITEUP_WRITE_H
#define KB_WRITEUP_WRITE_H

#include "writeup.h"

/**
 * kb_writeup_write() - all parts of @page, which kb_writeup_make() filled in, into its document
 * @title: NULL: one that says what was measured. Return: 0, or -1 with @err: no
 * memory, or interrupted
 */
int kb_writeup_write(struct kb_writeup *page, enum kb_document_format format, const char *title,
		     struct kb_error *err);

#endif
