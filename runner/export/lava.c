// SPDX-License-Identifier: GPL-2.0
/*
 * LAVA's test case signals. Its parser splits them at blanks and at "=", and ends them at ">". A
 * result is a test set, whose name has the kernel and the fidelity; times are in ns. Of a case that
 * failed in some boots there is a figure, too; a run that broke is a test case of its own.
 */
#include "export.h"

#include "export_name.h"

static void write_case(FILE *out, const struct kb_export_case *kcase)
{
	static const char *const results[] = {
		[KB_EXPORT_MEASURED] = "pass", [KB_EXPORT_SKIPPED] = "skip",
		[KB_EXPORT_FAILED] = "fail",
	};
	char name[KB_ENTRY_NAME_LEN];

	kb_export_dotted(name, kcase->entry, kcase->listed);
	fprintf(out, "<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=%s RESULT=%s", name,
		results[kcase->failed ? KB_EXPORT_FAILED : kcase->status]);
	if (kcase->status == KB_EXPORT_MEASURED)
		fprintf(out, " UNITS=%s MEASUREMENT=%.15g", kcase->counted ? "insn" : "ns",
			kcase->value);
	fputs(">\n", out);
}

int kb_write_lava(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	(void)err;
	for (size_t i = 0; i < export->nr; i++) {
		const struct kb_export_result *of = &export->results[i];

		fputs("<LAVA_SIGNAL_TESTSET START kbench-", out);
		kb_export_word(out, of->kernel);
		fprintf(out, "-%s>\n", of->fidelity);
		for (size_t c = 0; c < of->nr; c++)
			write_case(out, &of->cases[c]);
		if (of->broken)
			fputs("<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=run RESULT=fail>\n", out);
		fputs("<LAVA_SIGNAL_TESTSET STOP>\n", out);
	}
	return 0;
}
