// SPDX-License-Identifier: GPL-2.0
#include "facts.h"

void facts_emit(struct emit *emit, const char *root, const struct kbench_info *info)
{
	emit_open(emit, "facts");
	facts_machine(emit);
	facts_kernel(emit);
	facts_environment(emit, root, info);
	emit_close(emit);
	emit_flush(emit);
}
