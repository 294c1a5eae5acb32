// SPDX-License-Identifier: GPL-2.0
#include "root.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "apt.h"
#include "cache.h"
#include "deb.h"
#include "debian.h"
#include "paths.h"
#include "process.h"
#include "sums.h"

/* Seconds. Some 150 MB are fetched and unpacked. */
#define MAKE_TIMEOUT	3600
/* To remove what it has made so far, when it is interrupted. */
#define MAKE_GRACE	20
#define TRY_TIMEOUT	60
/* Of roots that nothing is built in any more; the kernels' suites get new compilers. */
#define KEEP_DAYS	60
/* In an entry: the system, what its compiler says of itself, checksums. */
#define SYSTEM		"system"
#define COMPILER	"compiler"
#define SUMS		"sums"

/* Directories of the system that programs need; some are links where /usr has all. */
static const char *const places[] = {
	"usr", "etc", "bin", "sbin", "lib", "lib32", "lib64", "libx32", NULL,
};
#define NR_PLACES	(sizeof(places) / sizeof(places[0]) - 1)

/* What no compiler reads. */
static const char *const unread[] = {
	"usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", NULL,
};

static int need(const char *program, const char *package, const struct kb_root_wish *wish,
		struct kb_error *err)
{
	char *found = kb_find_program(program);

	free(found);
	if (found)
		return 0;
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "modules for this kernel are built with %s of "
		       "Debian's %s in a private root, which takes %s: apt install %s",
		       wish->compiler, wish->suite, program, package);
}

char *kb_root_program(const struct kb_root_wish *wish)
{
	bool cross = !kb_arch_is_native(wish->arch);

	return kb_path("%s%s%s", cross ? wish->arch->triplet : "", cross ? "-" : "",
		       wish->compiler);
}

/* What is to be in it; libelf-dev brings the library of the kernel's build tools, however named. */
static char *packages(const struct kb_root_wish *wish)
{
	bool cross = !kb_arch_is_native(wish->arch);

	return kb_path("--include=make,libelf-dev,%s%s%s", wish->compiler, cross ? "-" : "",
		       cross ? wish->arch->triplet : "");
}

/* Files for mmdebstrap: where packages come from, and how they are downloaded. */
static int write_settings(const struct kb_root_wish *wish, const char *sources, const char *conf,
			  struct kb_error *err)
{
	struct kb_debian debian;
	struct kb_apt apt = { 0 };
	char *text = NULL, *settings = NULL;
	int ret = kb_debian_open(&debian, NULL, kb_arch_native(), err);

	if (ret == 1)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "this machine has no %s, and its apt uses "
			      "no Debian mirror to get one from: install it by hand",
			      wish->compiler);
	if (!ret)
		ret = kb_apt_open(&apt, kb_arch_native(), false, err);
	if (!ret) {
		text = kb_debian_sources(&debian, wish->suite);
		settings = kb_apt_download_settings(&apt, err);
		ret = settings ? 0 : -1;
	}
	if (!ret)
		ret = kb_write_text(sources, text, err);
	if (!ret)
		ret = kb_write_text(conf, settings, err);
	free(settings);
	free(text);
	kb_apt_close(&apt);
	kb_debian_clear(&debian);
	return ret;
}

/* Of mmdebstrap's output: the line with the cause, which others follow. */
static void reason(const char *output, char *line, size_t size)
{
	const char *at = strstr(output, "No space left");

	while (at && at > output && at[-1] != '\n')
		at--;
	if (at)
		snprintf(line, size, "%.*s; make room there", (int)strcspn(at, "\n"), at);
	else
		kb_apt_complaint(output, line, size);
}

static int run_mmdebstrap(const struct kb_root_wish *wish, const char *dir, const char *tar,
			  struct kb_error *err)
{
	char *sources = kb_path("%s/debian.sources", dir), *conf = kb_path("%s/apt.conf", dir);
	char *include = packages(wish), *aptopt = kb_path("--aptopt=%s", conf);
	/* Its users have no access to the home that a cache may be in. */
	char *tmpdir = geteuid() == 0 || getenv("TMPDIR") ?
		       kb_path("TMPDIR=%s", geteuid() == 0 ? dir : getenv("TMPDIR")) :
		       kb_path("TMPDIR=/var/tmp");
	const char *const environment[] = { tmpdir, "LC_ALL=C.UTF-8", NULL };
	const char *const argv[] = {
		"mmdebstrap", "--variant=essential", include, aptopt,
		"--aptopt=APT::Install-Recommends \"false\"",
		wish->suite, tar, sources, NULL,
	};
	struct kb_command command = {
		.argv = argv, .environment = environment, .timeout = MAKE_TIMEOUT,
		.grace = MAKE_GRACE, .merge = true,
	};
	int ret = write_settings(wish, sources, conf, err);
	char line[640];

	if (!ret)
		ret = kb_command_run(&command, err);
	if (ret > 0) {
		reason(command.output, line, sizeof(line));
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot make a private root with %s of "
			      "Debian's %s: %s", wish->compiler, wish->suite, line);
	}
	kb_command_free(&command);
	free(tmpdir);
	free(aptopt);
	free(include);
	free(conf);
	free(sources);
	return ret;
}

/* A command while it grows; its words are malloc()ed. */
struct words {
	char	**words;
	size_t	nr;
};

static size_t count(const char *const *list)
{
	size_t nr = 0;

	while (list[nr])
		nr++;
	return nr;
}

static void add(struct words *command, const char *word)
{
	command->words[command->nr++] = kb_path("%s", word);
}

static void add_all(struct words *command, const char *const *words)
{
	for (; *words; words++)
		add(command, *words);
}

/* One of the system's directories; links, as from bin to usr/bin, become links. */
static void add_place(struct words *command, const char *root, const char *place)
{
	char *path = kb_path("%s/" SYSTEM "/%s", root, place), *inside = kb_path("/%s", place);
	char link[256] = "";

	if (readlink(path, link, sizeof(link) - 1) > 0)
		add_all(command, (const char *const[]){ "--symlink", link, inside, NULL });
	else if (kb_exists(path))
		add_all(command, (const char *const[]){ "--ro-bind", path, inside, NULL });
	free(inside);
	free(path);
}

char **kb_root_command(const char *root, const char *const *argv, const char *const *seen,
		       const char *const *changed, struct kb_error *err)
{
	static const char *const first[] = {
		"bwrap", "--unshare-all", "--die-with-parent", "--dev", "/dev", "--proc", "/proc",
		"--tmpfs", "/tmp", "--setenv", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin",
		"--unsetenv", "LD_PRELOAD", "--unsetenv", "LD_LIBRARY_PATH", NULL,
	};
	struct words command = {
		calloc(count(first) + 3 * (NR_PLACES + count(seen) + count(changed)) + 1 +
		       count(argv) + 1, sizeof(char *)), 0,
	};

	if (!command.words) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		return NULL;
	}
	add_all(&command, first);
	for (size_t i = 0; places[i]; i++)
		add_place(&command, root, places[i]);
	for (; *seen; seen++)
		add_all(&command, (const char *const[]){ "--ro-bind", *seen, *seen, NULL });
	for (; *changed; changed++)
		add_all(&command, (const char *const[]){ "--bind", *changed, *changed, NULL });
	add(&command, "--");
	add_all(&command, argv);
	return command.words;
}

void kb_root_command_free(char **command)
{
	for (size_t i = 0; command && command[i]; i++)
		free(command[i]);
	free(command);
}

/* Whether programs run in it, and what the compiler says: its first line goes into a note. */
static int try_compiler(const char *root, const char *program, struct kb_error *err)
{
	const char *const argv[] = { program, "--version", NULL }, *const none[] = { NULL };
	char **inside = kb_root_command(root, argv, none, none, err);
	struct kb_command command = { .argv = (const char *const *)inside, .timeout = TRY_TIMEOUT };
	char *note = kb_path("%s/" COMPILER, root), *version;
	int ret = inside ? kb_command_run(&command, err) : -1;

	if (ret > 0)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "%s does not run in a private root: %.*s",
			      program, (int)strcspn(command.errors, "\n"), command.errors);
	if (!ret) {
		version = kb_path("%.*s", (int)strcspn(command.output, "\n"), command.output);
		ret = kb_write_text(note, version, err);
		free(version);
	}
	free(note);
	kb_command_free(&command);
	kb_root_command_free(inside);
	return ret;
}

static int fill_temp(const struct kb_root_wish *wish, const char *temp, struct kb_error *err)
{
	static const char *const names[] = { SYSTEM "/usr", SYSTEM "/etc", NULL };
	char *tar = kb_path("%s/root.tar", temp), *system = kb_path("%s/" SYSTEM, temp);
	char *program = kb_root_program(wish);
	int ret = run_mmdebstrap(wish, temp, tar, err);

	if (!ret)
		ret = kb_tar_extract(tar, system, places, unread, err);
	unlink(tar);
	if (!ret)
		ret = try_compiler(temp, program, err);
	if (!ret)
		ret = kb_sums_write(temp, names, NULL, SUMS, err);
	free(program);
	free(system);
	free(tar);
	return ret;
}

static int fill(const struct kb_root_wish *wish, const char *entry, struct kb_error *err)
{
	char *temp;
	int ret;

	if (need("mmdebstrap", "mmdebstrap", wish, err))
		return -1;
	temp = kb_cache_begin(entry, err);
	if (!temp)
		return -1;
	kb_note("making a private root with %s of Debian's %s, once: some 150 MB to fetch, 400 MB "
		"in the cache", wish->compiler, wish->suite);
	ret = fill_temp(wish, temp, err);
	if (!ret)
		ret = kb_cache_commit(temp, entry, err);
	else
		kb_remove_tree(temp);
	free(temp);
	return ret;
}

/* Remove roots that have not been used for long. */
static void prune(const char *entry)
{
	char *pattern = kb_path("%.*s/*", (int)(strrchr(entry, '/') - entry), entry);

	kb_cache_prune(pattern, KEEP_DAYS);
	free(pattern);
}

/* @check: its files, too, which are thousands. Return: the entry, malloc()ed, or NULL with @err */
static char *get(const struct kb_root_wish *wish, bool check, struct kb_error *err)
{
	char *program = kb_root_program(wish);
	char *entry = kb_cache_path(err, "roots/%s_%s", wish->suite, program);
	char *what = kb_path("is making a private root with %s", wish->compiler);
	char *note = kb_path("%s/" COMPILER, entry ? entry : "");
	int lock = -1, ret = -1;

	if (entry && !need("bwrap", "bubblewrap", wish, err))
		lock = kb_cache_lock(entry, what, err);
	if (lock >= 0) {
		bool whole = kb_exists(note);

		if (whole && check && kb_sums_check(entry, SUMS) != KB_SUMS_SAME) {
			kb_note("%s is damaged; making it again", entry);
			whole = false;
		}
		ret = whole ? 0 : fill(wish, entry, err);
		if (whole)
			utime(entry, NULL);	/* the time of the last use, for prune() */
		else if (!ret)
			prune(entry);
	}
	kb_cache_unlock(lock);
	free(note);
	free(what);
	free(program);
	if (!ret)
		return entry;
	free(entry);
	return NULL;
}

char *kb_root_get(const struct kb_root_wish *wish, struct kb_error *err)
{
	return get(wish, false, err);
}

int kb_root_check(const struct kb_root_wish *wish, struct kb_error *err)
{
	char *entry = get(wish, true, err);

	free(entry);
	return entry ? 0 : -1;
}

char *kb_root_compiler(const char *root, struct kb_error *err)
{
	char *path = kb_path("%s/" COMPILER, root), *text = kb_read_text(path, NULL);

	if (!text)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read %s", path);
	free(path);
	return text;
}
