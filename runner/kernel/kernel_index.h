/* SPDX-License-Identifier: GPL-2.0 */
/* The index: what package lists say of kernels, kept so that apt need not be asked each time. */
#ifndef KB_KERNEL_INDEX_H
#define KB_KERNEL_INDEX_H

#include "apt.h"
#include "error.h"

/** KB_INDEX_FILE - its name beside apt's state: a line "RELEASE PACKAGE SUITE" for each kernel */
#define KB_INDEX_FILE	"kernels"

/** kb_kernel_index_write() - by the lists of a state; -1 with @err: also where it has no kernel */
int kb_kernel_index_write(const struct kb_apt *apt, struct kb_error *err);

/**
 * kb_kernel_index_make() - the index as text, malloc()ed
 * @headers:  packages of headers, one a line
 * @images:   those of images and binaries
 * @places:   what kb_apt_madison() says of @headers
 */
char *kb_kernel_index_make(const char *headers, const char *images, const char *places);

#endif
