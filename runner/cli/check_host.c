// SPDX-License-Identifier: GPL-2.0
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "advice.h"
#include "paths.h"

static void check_modules(struct kb_checks *checks)
{
	struct kb_check *check = kb_check_add(checks, "modules", KB_NEEDS_HOST);

	if (kb_exists("/proc/modules")) {
		kb_check_found(check, "the running kernel loads modules");
		return;
	}
	kb_check_found(check, "the running kernel loads no modules");
	kb_check_mend(check, "use --target vm or --backend bpf, or boot a kernel with "
			      "CONFIG_MODULES");
}

static void check_headers(struct kb_checks *checks, const char *release)
{
	struct kb_check *check = kb_check_add(checks, "headers", KB_NEEDS_HOST);
	char *build = kb_path("/lib/modules/%s/build/Makefile", release);

	if (kb_exists(build)) {
		kb_check_found(check, "/lib/modules/%s/build", release);
	} else {
		char *os_release = kb_read_text("/etc/os-release", NULL);
		char advice[200];

		kb_headers_advice(os_release, release, advice, sizeof(advice));
		kb_check_found(check, "no /lib/modules/%s/build", release);
		kb_check_mend(check, "%s", advice);
		free(os_release);
	}
	free(build);
}

static void check_privilege(struct kb_checks *checks)
{
	struct kb_check *check = kb_check_add(checks, "privilege", KB_NEEDS_HOST);
	char *sudo = kb_find_program("sudo");

	if (!geteuid()) {
		kb_check_found(check, "root");
	} else if (sudo) {
		kb_check_found(check, "%s (for the agent alone)", sudo);
	} else {
		kb_check_found(check, "not root, and no sudo");
		kb_check_mend(check, "as root: apt install sudo && adduser %s sudo",
			      getenv("USER") ? getenv("USER") : "YOU");
	}
	free(sudo);
}

/* The word in brackets is the mode: "none [integrity] confidentiality". */
static void check_lockdown(struct kb_checks *checks)
{
	struct kb_check *check = kb_check_add(checks, "lockdown", KB_NEEDS_HOST);
	char *text = kb_read_text("/sys/kernel/security/lockdown", NULL);
	char *mode = text ? strchr(text, '[') : NULL;

	if (mode)
		mode[strcspn(mode, "]")] = '\0';
	if (!mode || !strcmp(mode, "[none")) {
		kb_check_found(check, "none");
	} else {
		kb_check_found(check, "%s: unsigned modules are refused", mode + 1);
		kb_check_mend(check, "switch Secure Boot off, or use --target vm");
	}
	free(text);
}

static void check_signatures(struct kb_checks *checks)
{
	struct kb_check *check = kb_check_add(checks, "signatures", KB_NEEDS_HOST);
	char *text = kb_read_text("/sys/module/module/parameters/sig_enforce", NULL);

	if (!text || *text != 'Y') {
		kb_check_found(check, "not enforced");
	} else {
		kb_check_found(check, "enforced: unsigned modules are refused");
		kb_check_mend(check, "boot without module.sig_enforce=1, or use --target vm");
	}
	free(text);
}

void kb_checks_host(struct kb_checks *checks)
{
	struct utsname uts;

	if (uname(&uts))
		memset(&uts, 0, sizeof(uts));
	check_modules(checks);
	check_headers(checks, uts.release);
	check_privilege(checks);
	check_lockdown(checks);
	check_signatures(checks);
}
