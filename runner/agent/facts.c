// SPDX-License-Identifier: GPL-2.0
#include "facts.h"

#include <stdbool.h>
#include <string.h>

#include "sysfile.h"

#define CLOCKSOURCE	"/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define GOVERNOR	"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
#define SMT		"/sys/devices/system/cpu/smt/control"

static void emit_file(struct emit *emit, const char *key, const char *path)
{
	char text[256];

	sysfile_read(path, text, sizeof(text));
	emit_string(emit, key, text);
}

static void environment(struct emit *emit, const struct kbench_info *info)
{
	char hypervisor[64];

	facts_hypervisor(hypervisor, sizeof(hypervisor));
	emit_object(emit, "environment");
	emit_string(emit, "hypervisor", hypervisor);
	emit_file(emit, "governor", GOVERNOR);
	emit_file(emit, "smt", SMT);
	emit_file(emit, "clocksource", CLOCKSOURCE);
	if (info)
		emit_string(emit, "clock", info->clock);
	emit_object_end(emit);
}

static void warnings(struct emit *emit, const struct kbench_info *info)
{
	__u32 flags = info ? info->flags : 0;
	char governor[64];

	emit_array(emit, "warnings");
	if (flags & KBENCH_INFO_CLOCK_UNSTABLE)
		emit_string(emit, NULL, "the kernel distrusts the counter that times batches: "
			    "figures may be off");
	if (flags & KBENCH_INFO_DEBUG_KERNEL)
		emit_string(emit, NULL, "this is a debug kernel: figures do not tell what a "
			    "production kernel costs");
	if (sysfile_read(GOVERNOR, governor, sizeof(governor)) && strcmp(governor, "performance"))
		emit_string(emit, NULL, "the CPU frequency may change: set the governor to "
			    "performance for steady figures");
	emit_array_end(emit);
}

void facts_emit(struct emit *emit, const struct kbench_info *info)
{
	emit_open(emit, "facts");
	facts_machine(emit);
	facts_kernel(emit);
	environment(emit, info);
	warnings(emit, info);
	emit_close(emit);
	emit_flush(emit);
}
