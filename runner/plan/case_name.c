// SPDX-License-Identifier: GPL-2.0
#include "case_name.h"

#include <stdio.h>

void kb_case_name(char name[KB_CASE_NAME_LEN], const struct kb_case *kase)
{
	const struct kbench_bench_desc *bench = kase->bench;
	FILE *out = fmemopen(name, KB_CASE_NAME_LEN, "w");

	name[0] = '\0';
	if (!out)
		return;
	fprintf(out, "%s/%s", bench->suite, bench->name);
	for (unsigned int i = 0; i < bench->nr_params; i++)
		if (kase->params[i] != bench->params[i].def)
			fprintf(out, " %s=%lld", bench->params[i].name, (long long)kase->params[i]);
	if (bench->flags & KBENCH_BENCH_PAIRS)
		fprintf(out, ", CPUs %u and %u", kase->cpus[0], kase->cpus[1]);
	else
		fprintf(out, ", %u CPU%s", kase->nr_cpus, kase->nr_cpus == 1 ? "" : "s");
	fclose(out);
	name[KB_CASE_NAME_LEN - 1] = '\0';
}
