/* SPDX-License-Identifier: GPL-2.0 */
/* What the formats that are JSON share. */
#ifndef KB_EXPORT_JSON_H
#define KB_EXPORT_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "export.h"

/**
 * kb_export_json() - write @document and forget it
 * @document: NULL: memory was short when it was made
 * Return: 0, or -1 with @err
 */
int kb_export_json(FILE *out, json_t *document, struct kb_error *err);

/** kb_export_case_name() - behind its kernel's where there are several results; NULL: no memory */
json_t *kb_export_case_name(const struct kb_export *export, const struct kb_export_case *kcase);

#endif
