/* SPDX-License-Identifier: GPL-2.0 */
/* What two results of different kernels differ by that is no property of the kernels. */
#ifndef KB_OTHER_SETTINGS_H
#define KB_OTHER_SETTINGS_H

#include <jansson.h>

/**
 * kb_other_settings() - emulator, compiler of the modules, kbench, machine, ...
 * @lines: array of strings, as from kb_files_settings(), which gets those that it has not yet
 * Return: 0, or -1: no memory
 */
int kb_other_settings(const json_t *a, const json_t *b, json_t *lines);

/** kb_print_differs() - "differs  LINE" for each, on stdout */
void kb_print_differs(const json_t *lines);

#endif
