// SPDX-License-Identifier: GPL-2.0
#include "export_json.h"

int kb_export_json(FILE *out, json_t *document, struct kb_error *err)
{
	int bad = !document ||
		  json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(17));

	json_decref(document);
	if (bad)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory: export fewer files");
	putc('\n', out);
	return 0;
}

json_t *kb_export_case_name(const struct kb_export *export, const struct kb_export_case *kcase)
{
	if (export->nr == 1)
		return json_string(kcase->name);
	return json_sprintf("%s/%s", kcase->of->kernel, kcase->name);
}
