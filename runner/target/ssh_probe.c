// SPDX-License-Identifier: GPL-2.0
#include "ssh_probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"

/* In front of each answer. */
#define MARK	"kbench-probe "

/*
 * Only what every POSIX system has. The compiler is the one that the kernel was built with, without
 * what a cross compiler has in front; where there is none of that series, the machine's own:
 * headers that insist on theirs will say so.
 */
const char kb_ssh_probe_script[] =
	"PATH=$PATH:/usr/sbin:/sbin LC_ALL=C\n"
	"export PATH LC_ALL\n"
	"say() { printf '" MARK "%s %s\\n' \"$1\" \"$2\"; }\n"
	"r=$(uname -r)\n"
	"b=/lib/modules/$r/build\n"
	"say release \"$r\"\n"
	"say machine \"$(uname -m)\"\n"
	"say bits \"$(getconf LONG_BIT 2>/dev/null)\"\n"
	"say user \"$(id -un)\"\n"
	"say uid \"$(id -u)\"\n"
	"sed -n 's/^ID=/" MARK "os &/p; s/^ID_LIKE=/" MARK "os &/p' /etc/os-release 2>/dev/null\n"
	"[ -e /proc/modules ] && say modules yes\n"
	"[ -e \"$b/Makefile\" ] && say headers yes\n"
	"say sum \"$({ uname -v; cat \"$b/.config\" \"$b/include/config/auto.conf\" "
	"\"$b/Module.symvers\" 2>/dev/null; } | cksum)\"\n"
	"command -v make >/dev/null && say make yes\n"
	"w=$(sed -n 's/^CONFIG_CC_VERSION_TEXT=\"\\([^ \"]*\\).*/\\1/p' "
	"\"$b/include/config/auto.conf\" \"$b/.config\" 2>/dev/null | head -n 1)\n"
	"case $w in *gcc*) w=gcc${w##*gcc};; *clang*) w=clang${w##*clang};; *) w=gcc;; esac\n"
	"say wanted \"$w\"\n"
	"for c in \"$w\" gcc; do\n"
	"command -v \"$c\" >/dev/null || continue\n"
	"say compiler \"$c\"\n"
	"say version \"$(\"$c\" --version | head -n 1)\"\n"
	"break\n"
	"done\n"
	"say end yes\n";

/** struct answer - where a value goes: to text of @size bytes, or to @flag */
struct answer {
	const char	*name;
	char		*text;
	size_t		size;
	bool		*flag;
};

static void take_line(const struct answer *answers, const char *line, size_t length)
{
	for (const struct answer *answer = answers; answer->name; answer++) {
		size_t n = strlen(answer->name);

		if (length <= n || strncmp(line, answer->name, n) != 0 || line[n] != ' ')
			continue;
		if (answer->flag)
			*answer->flag = true;
		else
			snprintf(answer->text, answer->size, "%.*s", (int)(length - n - 1),
				 line + n + 1);
	}
}

/* Each os line is added to those before. */
static void add_os(struct kb_ssh_probe *probe, const char *line, size_t length)
{
	size_t used = strlen(probe->os);

	snprintf(probe->os + used, sizeof(probe->os) - used, "%.*s\n", (int)length, line);
}

int kb_ssh_probe_parse(struct kb_ssh_probe *probe, const char *text, const char *host,
		       struct kb_error *err)
{
	char uid[16] = "";
	bool end = false;
	const struct answer answers[] = {
		{ "release", probe->release, sizeof(probe->release), NULL },
		{ "machine", probe->machine, sizeof(probe->machine), NULL },
		{ "bits", probe->bits, sizeof(probe->bits), NULL },
		{ "user", probe->user, sizeof(probe->user), NULL },
		{ "uid", uid, sizeof(uid), NULL },
		{ "modules", NULL, 0, &probe->modules },
		{ "headers", NULL, 0, &probe->headers },
		{ "sum", probe->sum, sizeof(probe->sum), NULL },
		{ "make", NULL, 0, &probe->make },
		{ "wanted", probe->wanted, sizeof(probe->wanted), NULL },
		{ "compiler", probe->compiler, sizeof(probe->compiler), NULL },
		{ "version", probe->version, sizeof(probe->version), NULL },
		{ "end", NULL, 0, &end },
		{ NULL, NULL, 0, NULL },
	};

	memset(probe, 0, sizeof(*probe));
	while (*text) {
		size_t length = strcspn(text, "\r\n"), n = strlen(MARK);

		if (length > n && !strncmp(text, MARK "os ", n + 3))
			add_os(probe, text + n + 3, length - n - 3);
		else if (length > n && !strncmp(text, MARK, n))
			take_line(answers, text + n, length - n);
		text += length;
		text += strspn(text, "\r\n");
	}
	probe->root = !strcmp(uid, "0");
	if (end && probe->release[0] && probe->machine[0])
		return 0;
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s does not answer as a Linux system with a "
		       "POSIX shell does: try ssh %s uname -a", host, host);
}

const struct kb_arch *kb_ssh_probe_arch(const struct kb_ssh_probe *probe, const char *host,
					struct kb_error *err)
{
	bool arm = !strncmp(probe->machine, "arm", 3) || !strcmp(probe->machine, "aarch64");

	for (const struct kb_arch *arch = kb_archs; arch->deb; arch++) {
		if (strcmp(arch->uname, probe->machine) != 0)
			continue;
		if (strcmp(probe->bits, "32") != 0)
			return arch;
		kb_fail(err, KB_EXIT_ENVIRONMENT, "%s has a kernel of 64 bits and programs of 32, "
			"whose compiler builds no modules for it: install a 64-bit system%s", host,
			arm ? " (Raspberry Pi OS, 64-bit)" : "");
		return NULL;
	}
	kb_fail(err, KB_EXIT_ENVIRONMENT, "%s is of architecture %s, for which there is no agent "
		"(there are x86_64 and aarch64)%s", host, probe->machine, arm ?
		": a Raspberry Pi 3 or later can boot a 64-bit system (Raspberry Pi OS, 64-bit)" :
		"");
	return NULL;
}

bool kb_ssh_probe_can_build(const struct kb_ssh_probe *probe, const char *host,
			    struct kb_error *err)
{
	char advice[200], packages[80];

	if (!probe->headers) {
		kb_headers_advice(probe->os, probe->release, advice, sizeof(advice));
		kb_fail(err, KB_EXIT_ENVIRONMENT, "the headers of kernel %s are missing on %s (no "
			"/lib/modules/%s/build): %s there", probe->release, host, probe->release,
			advice);
	} else if (!probe->make || !probe->compiler[0]) {
		const char *compiler = probe->compiler[0] ? "" : probe->wanted;
		bool both = !probe->make && *compiler;

		snprintf(packages, sizeof(packages), "%s%s%s", probe->make ? "" : "make",
			 both ? " " : "", compiler);
		kb_packages_advice(probe->os, packages, advice, sizeof(advice));
		kb_fail(err, KB_EXIT_ENVIRONMENT, "%s%s%s, which build%s modules, %s missing on "
			"%s: %s there", probe->make ? "" : "make", both ? " and " : "", compiler,
			both ? "" : "s", both ? "are" : "is", host, advice);
	}
	return err->exit == KB_EXIT_OK;
}
