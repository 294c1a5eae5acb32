/* SPDX-License-Identifier: GPL-2.0 */
/* A page's pictures. Where there is no gnuplot the page goes without them and says so. */
#ifndef KB_WRITEUP_PICTURES_H
#define KB_WRITEUP_PICTURES_H

#include "writeup.h"

/** kb_writeup_pictures_begin() - look whether there can be any; @unwanted: there are none */
void kb_writeup_pictures_begin(struct kb_writeup *page, bool unwanted);

/** kb_writeup_picture_forest() - ratios of a comparison, the largest effects */
void kb_writeup_picture_forest(struct kb_writeup *page, const struct kb_writeup_verdicts *verdicts);

/** kb_writeup_picture_history() - cases over all sides, where there are three or more kernels */
void kb_writeup_picture_history(struct kb_writeup *page);

/** kb_writeup_pictures() - of a suite with so many cases, whatever there is to draw of it */
void kb_writeup_pictures(struct kb_writeup *page, const char *suite, size_t rows);

#endif
