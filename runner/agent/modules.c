// SPDX-License-Identifier: GPL-2.0
#include "modules.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../kbench/uapi/kbench.h"
#include "sysfile.h"

#define CORE_NAME	"kbench"
#define USE_VM		"measure in a guest instead (--target vm)"

/* A module in use for a moment (its device is being closed) is tried again for so long. */
#define UNLOAD_TRIES	100
#define UNLOAD_STEP_NS	20000000L

static int set_fault(struct module_fault *fault, int error, const char *code, const char *format,
		     ...) __attribute__((format(printf, 4, 5)));

static int set_fault(struct module_fault *fault, int error, const char *code, const char *format,
		     ...)
{
	va_list args;

	fault->error = error;
	fault->code = code;
	va_start(args, format);
	vsnprintf(fault->text, sizeof(fault->text), format, args);
	va_end(args);
	return -1;
}

/* The name that the kernel gives a module: its file's, without .ko, and - is _. */
static void module_name(const char *file, char *name, size_t size)
{
	snprintf(name, size, "%.*s", (int)strcspn(file, "."), file);
	for (char *at = name; *at; at++)
		if (*at == '-')
			*at = '_';
}

bool modules_supported(struct module_fault *fault)
{
	if (access("/proc/modules", F_OK) == 0)
		return true;
	memset(fault, 0, sizeof(*fault));
	set_fault(fault, ENOSYS, "no-modules",
		  "the running kernel was built without loadable modules: " USE_VM);
	return false;
}

/* The modules that hold @name, each with a blank behind it: what rmmod must name first. */
static void list_holders(const char *name, char *holders, size_t size)
{
	char path[PATH_MAX];
	struct dirent *entry;
	size_t length = 0;
	DIR *dir;

	holders[0] = 0;
	snprintf(path, sizeof(path), "/sys/module/%s/holders", name);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		int n;

		if (entry->d_name[0] == '.')
			continue;
		n = snprintf(holders + length, size - length, "%s ", entry->d_name);
		if (n < 0 || (size_t)n >= size - length)
			break;
		length += (size_t)n;
	}
	holders[length] = 0;
	closedir(dir);
}

/*
 * Only the core module has a version: a suite that is loaded was linked with the core that is.
 * Return: 1 when @name is loaded in our version, 0 when it is not loaded, -1 with @fault.
 */
static int check_loaded(const char *name, struct module_fault *fault)
{
	char path[PATH_MAX];
	char version[64];
	char holders[300];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	if (access(path, F_OK) != 0)
		return 0;
	sysfile_readf(version, sizeof(version), "/sys/module/%s/version", name);
	if (!strcmp(version, KBENCH_VERSION) || (!version[0] && strcmp(name, CORE_NAME) != 0))
		return 1;
	list_holders(name, holders, sizeof(holders));
	return set_fault(fault, EEXIST, "version",
			 "module %s of version %s is loaded already, this kbench is version %s: "
			 "unload it (rmmod %s%s) and try again",
			 name, version[0] ? version : "unknown", KBENCH_VERSION, holders, name);
}

static void add_symbol(struct module_fault *fault, const char *symbol)
{
	char *slot;

	if (fault->nr_symbols == MODULE_SYMBOLS)
		return;
	slot = fault->symbols[fault->nr_symbols];
	snprintf(slot, sizeof(fault->symbols[0]), "%.*s", (int)strcspn(symbol, " \n"), symbol);
	for (unsigned int i = 0; i < fault->nr_symbols; i++)
		if (!strcmp(slot, fault->symbols[i]))
			return;
	fault->nr_symbols++;
}

/* What the kernel's log said while a module was refused. */
struct verdict {
	char	detail[KMSG_TEXT];	/* of a version that does not match */
	bool	locked_down;
};

static void read_verdict(const char *name, struct kmsg *kmsg, struct emit *emit,
			 struct verdict *verdict, struct module_fault *fault)
{
	const char unknown[] = "Unknown symbol ";
	struct kmsg_message message;
	char prefix[80];

	memset(verdict, 0, sizeof(*verdict));
	snprintf(prefix, sizeof(prefix), "%s: ", name);
	while (kmsg_next(kmsg, &message)) {
		const char *text = message.text;

		kmsg_emit(kmsg, &message, emit);
		if (strstr(text, "Lockdown:"))
			verdict->locked_down = true;
		if (strncmp(text, prefix, strlen(prefix)) != 0)
			continue;
		text += strlen(prefix);
		if (!strncmp(text, unknown, strlen(unknown)))
			add_symbol(fault, text + strlen(unknown));
		else if (strstr(text, "version magic") || strstr(text, "disagrees about version"))
			snprintf(verdict->detail, sizeof(verdict->detail), "%s", text);
	}
}

/* Whether the kernel is locked down: "none [integrity] confidentiality". */
static bool locked_down(void)
{
	char text[80];

	return sysfile_read("/sys/kernel/security/lockdown", text, sizeof(text)) &&
	       !strstr(text, "[none]");
}

static int permission_fault(struct module_fault *fault, const char *file,
			    const struct verdict *verdict)
{
	/* In the order in which the kernel asks. */
	if (sysfile_number("/proc/sys/kernel/modules_disabled", 0))
		return set_fault(fault, EPERM, "privilege",
				 "kernel.modules_disabled is 1, no module loads until the next "
				 "boot: reboot, or " USE_VM);
	if (verdict->locked_down || locked_down())
		return set_fault(fault, EPERM, "lockdown",
				 "the kernel is locked down and refuses the unsigned %s: turn "
				 "Secure Boot off, or " USE_VM, file);
	return set_fault(fault, EPERM, "privilege",
			 "not allowed to load %s: run as root, outside of containers, or " USE_VM,
			 file);
}

static int symbol_fault(struct module_fault *fault, const char *file)
{
	char names[400] = "";
	size_t length = 0;

	for (unsigned int i = 0; i < fault->nr_symbols && length < sizeof(names); i++)
		length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s",
					   i ? ", " : "", fault->symbols[i]);
	return set_fault(fault, ENOENT, "symbol", "%s needs what this kernel does not export: %s",
			 file, names[0] ? names : "see dmesg for the symbol");
}

static int explain(struct module_fault *fault, int error, const char *file,
		   const struct verdict *verdict)
{
	switch (error) {
	case ENOSYS:
		return set_fault(fault, error, "no-modules",
				 "the running kernel was built without loadable modules: " USE_VM);
	case EPERM:
		return permission_fault(fault, file, verdict);
	case EKEYREJECTED:
	case ENOKEY:
	case EBADMSG:
		return set_fault(fault, error, "signature",
				 "the kernel loads only modules signed with a key that it knows "
				 "and refuses %s (%s): sign it with an enrolled key, or " USE_VM,
				 file, strerror(error));
	case ENOENT:
		return symbol_fault(fault, file);
	default:
		break;
	}
	if (error == ENOEXEC || verdict->detail[0])
		return set_fault(fault, error, "version",
				 "%s was not built for the running kernel (%s): install the "
				 "headers of exactly this kernel and build again",
				 file, verdict->detail[0] ? verdict->detail : strerror(error));
	return set_fault(fault, error, "other", "%s cannot be loaded: %s; dmesg may say why", file,
			 strerror(error));
}

static int insert(const char *dir, const char *file, const char *name, struct kmsg *kmsg,
		  struct emit *emit, struct module_fault *fault)
{
	struct verdict verdict;
	char path[PATH_MAX];
	int error = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return set_fault(fault, errno, "other", "%s cannot be opened: %s", path,
				 strerror(errno));
	kmsg_forward(kmsg, emit);
	if (syscall(SYS_finit_module, fd, "", 0))
		error = errno;
	close(fd);
	read_verdict(name, kmsg, emit, &verdict, fault);
	return error ? explain(fault, error, file, &verdict) : 0;
}

int module_load(const char *dir, const char *file, bool *ours, struct kmsg *kmsg,
		struct emit *emit, struct module_fault *fault)
{
	char name[64];
	int loaded;

	*ours = false;
	memset(fault, 0, sizeof(*fault));
	module_name(file, name, sizeof(name));
	loaded = check_loaded(name, fault);
	if (loaded)
		return loaded < 0 ? -1 : 0;
	if (insert(dir, file, name, kmsg, emit, fault))
		return -1;
	*ours = true;
	return 0;
}

int module_unload(const char *file)
{
	const struct timespec step = { .tv_nsec = UNLOAD_STEP_NS };
	char name[64];
	int err = 0;

	module_name(file, name, sizeof(name));
	for (int i = 0; i < UNLOAD_TRIES; i++) {
		err = syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
		if (err != -EAGAIN)
			break;
		nanosleep(&step, NULL);
	}
	return err;
}

void module_emit(struct emit *emit, const char *file, const struct module_fault *fault)
{
	emit_open(emit, "module");
	emit_string(emit, "file", file);
	emit_bool(emit, "ok", !fault);
	if (fault) {
		emit_u64(emit, "errno", (uint64_t)fault->error);
		emit_string(emit, "error", fault->text);
		emit_string(emit, "code", fault->code);
		emit_array(emit, "symbols");
		for (unsigned int i = 0; i < fault->nr_symbols; i++)
			emit_string(emit, NULL, fault->symbols[i]);
		emit_array_end(emit);
	}
	emit_close(emit);
}
