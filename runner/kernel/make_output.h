/* SPDX-License-Identifier: GPL-2.0 */
/* What make and the compiler said while modules were built. */
#ifndef KB_MAKE_OUTPUT_H
#define KB_MAKE_OUTPUT_H

/** kb_make_output_cut() - leave out @tree, the directory of the build, before names of files */
void kb_make_output_cut(char *output, const char *tree);

/** kb_make_output_show() - the first lines on stderr */
void kb_make_output_show(const char *output);

#endif
