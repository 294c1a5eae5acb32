// SPDX-License-Identifier: GPL-2.0
/* The kernel's configuration, as far as it changes what primitives cost. */

#include "facts.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long gzip may take for a file of some 50 KB, also where all is emulated. */
#define UNPACK_S	20

static const char *const options[] = {
	"ARM64_LSE_ATOMICS", "CFI_CLANG", "DEBUG_ATOMIC_SLEEP", "DEBUG_KMEMLEAK",
	"DEBUG_KMEMLEAK_DEFAULT_OFF", "DEBUG_LIST", "DEBUG_LOCK_ALLOC", "DEBUG_MUTEXES",
	"DEBUG_OBJECTS", "DEBUG_PAGEALLOC_ENABLE_DEFAULT", "DEBUG_PREEMPT", "DEBUG_RT_MUTEXES",
	"DEBUG_RWSEMS", "DEBUG_SPINLOCK", "DEBUG_VM", "DEBUG_WW_MUTEX_SLOWPATH",
	"FUNCTION_TRACER", "GCOV_KERNEL", "HARDENED_USERCOPY", "HZ",
	"INIT_ON_ALLOC_DEFAULT_ON", "INIT_ON_FREE_DEFAULT_ON", "IRQSOFF_TRACER", "KASAN",
	"KCOV", "KCSAN", "KFENCE", "KMSAN", "LOCKDEP", "LOCK_STAT", "LTO_CLANG", "MEMCG",
	"MEMCG_KMEM", "MITIGATION_RETHUNK", "MITIGATION_RETPOLINE", "NO_HZ_FULL", "NR_CPUS",
	"NUMA", "PAGE_POISONING", "PARAVIRT", "PARAVIRT_SPINLOCKS", "PREEMPT",
	"PREEMPT_DYNAMIC", "PREEMPT_LAZY", "PREEMPT_NONE", "PREEMPT_RT", "PREEMPT_TRACER",
	"PREEMPT_VOLUNTARY", "PROVE_LOCKING", "PROVE_RCU", "QUEUED_RWLOCKS",
	"QUEUED_SPINLOCKS", "RANDOM_KMALLOC_CACHES", "RANDSTRUCT_FULL", "RETHUNK", "RETPOLINE",
	"SLAB", "SLAB_FREELIST_HARDENED", "SLAB_FREELIST_RANDOM", "SLUB", "SLUB_CPU_PARTIAL",
	"SLUB_DEBUG_ON", "SMP", "TRACE_IRQFLAGS", "UBSAN", "UNINLINE_SPIN_UNLOCK",
	"X86_KERNEL_IBT",
};

static bool is_chosen(const char *name)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strcmp(name, options[i]))
			return true;
	return false;
}

/* "CONFIG_NAME=value"; an option that is off has no such line. */
static void emit_option(struct emit *emit, char *line)
{
	const char prefix[] = "CONFIG_";
	char *value = strchr(line, '=');

	if (!value || strncmp(line, prefix, strlen(prefix)) != 0)
		return;
	*value++ = 0;
	value[strcspn(value, "\n")] = 0;
	if (is_chosen(line + strlen(prefix)))
		emit_string(emit, line + strlen(prefix), value);
}

static void emit_options(struct emit *emit, FILE *file)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, file) > 0)
		emit_option(emit, line);
	free(line);
}

/* In the child: gzip with a limit on its time, so that nothing ever waits for it for long. */
static void exec_gzip(int out)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(UNPACK_S);
	if (dup2(out, STDOUT_FILENO) >= 0) {
		execl("/usr/bin/gzip", "gzip", "-dc", "/proc/config.gz", (char *)NULL);
		execl("/bin/gzip", "gzip", "-dc", "/proc/config.gz", (char *)NULL);
	}
	_exit(127);
}

static void emit_packed(struct emit *emit)
{
	int ends[2];
	FILE *file;
	pid_t pid;

	if (access("/proc/config.gz", R_OK) || pipe2(ends, O_CLOEXEC))
		return;
	pid = fork();
	if (!pid)
		exec_gzip(ends[1]);
	close(ends[1]);
	file = fdopen(ends[0], "r");
	if (file) {
		emit_options(emit, file);
		fclose(file);
	} else {
		close(ends[0]);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static FILE *open_config(const char *release)
{
	char path[PATH_MAX];
	FILE *file;

	/* In a guest, beside the plan. */
	file = getpid() == 1 ? fopen("/boot/config", "re") : NULL;
	if (file)
		return file;
	snprintf(path, sizeof(path), "/boot/config-%s", release);
	file = fopen(path, "re");
	if (file)
		return file;
	snprintf(path, sizeof(path), "/lib/modules/%s/config", release);
	return fopen(path, "re");
}

void facts_config(struct emit *emit, const char *release)
{
	FILE *file = open_config(release);

	emit_object(emit, "config");
	if (file) {
		emit_options(emit, file);
		fclose(file);
	} else {
		emit_packed(emit);
	}
	emit_object_end(emit);
}
