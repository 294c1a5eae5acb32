/* SPDX-License-Identifier: GPL-2.0 */
/* JSON for programs that read what a command prints. */
#ifndef KB_PRINT_JSON_H
#define KB_PRINT_JSON_H

#include <jansson.h>

/** kb_print_json() - @value and an end of line on stdout, numbers with all digits; 0 or -1 */
int kb_print_json(const json_t *value);

#endif
