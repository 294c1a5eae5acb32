// SPDX-License-Identifier: GPL-2.0
#include "kernel_config.h"

#include <stdlib.h>
#include <string.h>

#include "paths.h"

/*
 * What every guest needs. Its initramfs is not compressed, so no RD_*. The kernel says on the
 * console why it failed, and that it powers off. The agent finds its ports and /dev/kbench in
 * devtmpfs, and has threads, one of which watches for signals and deadlines.
 */
static const char *const guest_options[] = {
	"BLK_DEV_INITRD", "BINFMT_ELF", "PRINTK", "TTY", "PROC_FS", "SYSFS", "DEVTMPFS", "FUTEX",
	"SIGNALFD", "TIMERFD",
};

/* Options that keep modules out, and what they do. */
static const struct {
	const char	*option;
	const char	*does;
} closed[] = {
	{ "TRIM_UNUSED_KSYMS", "exports only what its own modules use" },
	{ "MODULE_SIG_FORCE", "takes only modules that were signed" },
	{ "LOCK_DOWN_KERNEL_FORCE_INTEGRITY", "takes only modules that were signed" },
	{ "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY", "takes only modules that were signed" },
};

/* What stands behind "CONFIG_@option=", or NULL. */
static const char *find(const char *config, const char *option)
{
	char *start = kb_path("CONFIG_%s=", option);
	const char *at = config;

	while ((at = strstr(at, start)) && at != config && at[-1] != '\n')
		at += strlen(start);
	if (at)
		at += strlen(start);
	free(start);
	return at;
}

bool kb_config_is_set(const char *config, const char *option)
{
	const char *value = find(config, option);

	return value && value[0] == 'y' && (value[1] == '\n' || !value[1]);
}

char *kb_config_value(const char *config, const char *option)
{
	const char *value = find(config, option);

	if (!value)
		return NULL;
	if (*value == '"')
		value++;
	return kb_path("%.*s", (int)strcspn(value, "\"\n"), value);
}

/** struct settings - lines "CONFIG_NAME=value" without quotes, sorted; @text holds them */
struct settings {
	char	*text;
	char	**lines;
	size_t	nr;
};

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void drop_quotes(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from != '"')
			*to++ = *from;
	*to = '\0';
}

/* Return: 0, or -1: no memory */
static int settings_read(struct settings *settings, const char *config)
{
	char *rest, *line;
	size_t room = 1;

	for (const char *at = config; *at; at++)
		room += *at == '\n';
	settings->text = kb_path("%s", config);
	settings->lines = calloc(room, sizeof(*settings->lines));
	settings->nr = 0;
	if (!settings->lines)
		return -1;
	drop_quotes(settings->text);
	rest = settings->text;
	while ((line = strsep(&rest, "\n")))
		if (!strncmp(line, "CONFIG_", strlen("CONFIG_")))
			settings->lines[settings->nr++] = line;
	qsort(settings->lines, settings->nr, sizeof(*settings->lines), compare_lines);
	return 0;
}

static void settings_free(struct settings *settings)
{
	free(settings->lines);
	free(settings->text);
}

bool kb_config_equal(const char *a, const char *b)
{
	struct settings x, y;
	int bad = settings_read(&x, a);
	bool equal;

	bad |= settings_read(&y, b);
	equal = !bad && x.nr == y.nr;
	for (size_t i = 0; equal && i < x.nr; i++)
		equal = !strcmp(x.lines[i], y.lines[i]);
	settings_free(&x);
	settings_free(&y);
	return equal;
}

static void add(char **list, const char *option, const char *value)
{
	char *more = kb_path("%s%sCONFIG_%s%s", *list, **list ? ", " : "", option, value);

	free(*list);
	*list = more;
}

static void add_unset(char **list, const char *config, const char *option)
{
	if (!kb_config_is_set(config, option))
		add(list, option, "");
}

/* A number that has to be @least or more; an option that this kernel has not is none. */
static void add_small(char **list, const char *config, const char *option, unsigned int least)
{
	char *value = kb_config_value(config, option);
	char *wanted = kb_path("=%u", least);

	if (value && strtoul(value, NULL, 10) < least)
		add(list, option, wanted);
	free(wanted);
	free(value);
}

int kb_config_check_guest(const char *config, const struct kb_arch *arch, unsigned int cpus,
			  const char *where, struct kb_error *err)
{
	char *list = kb_path("%s", "");
	int ret = 0;

	for (size_t i = 0; i < sizeof(guest_options) / sizeof(guest_options[0]); i++)
		add_unset(&list, config, guest_options[i]);
	for (size_t i = 0; arch->guest_options[i]; i++)
		add_unset(&list, config, arch->guest_options[i]);
	add_small(&list, config, "SERIAL_8250_NR_UARTS", arch->uarts);
	add_small(&list, config, "SERIAL_8250_RUNTIME_UARTS", arch->uarts);
	if (cpus > 1) {
		add_unset(&list, config, "SMP");
		add_small(&list, config, "NR_CPUS", cpus);
	}
	if (*list)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "the kernel in %s cannot be a guest: set %s, and run make there",
			      where, list);
	free(list);
	if (!ret && kb_config_is_set(config, "CPU_BIG_ENDIAN"))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "the kernel in %s is big-endian "
			      "(CONFIG_CPU_BIG_ENDIAN), the agent is not", where);
	return ret;
}

int kb_config_check_takes_modules(const char *config, const char *where, struct kb_error *err)
{
	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
		if (kb_config_is_set(config, closed[i].option))
			return kb_fail(err, KB_EXIT_ENVIRONMENT,
				       "the kernel in %s %s: turn CONFIG_%s off and run make there",
				       where, closed[i].does, closed[i].option);
	return 0;
}
