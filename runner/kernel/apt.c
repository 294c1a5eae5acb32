// SPDX-License-Identifier: GPL-2.0
#include "apt.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache.h"
#include "paths.h"
#include "process.h"
#include "spec.h"

/* Seconds. Lists are some 10 MB, kernels up to 130 MB. */
#define UPDATE_TIMEOUT		600
#define DOWNLOAD_TIMEOUT	3600
#define QUERY_TIMEOUT		120
/* Between two lines of progress. */
#define PROGRESS_PERIOD		5

/*
 * On top of the machine's own configuration. What is cleared: hooks that would touch the system,
 * and index files other than package lists. %1$s is our directory, %2$s the
 * architecture.
 */
static const char config_text[] =
	"Dir::State \"%1$s\";\n"
	"Dir::State::lists \"%1$s/lists\";\n"
	"Dir::State::status \"/dev/null\";\n"
	"Dir::State::extended_states \"%1$s/extended_states\";\n"
	"Dir::Cache \"%1$s\";\n"
	"Dir::Cache::archives \"%1$s/archives\";\n"
	"Dir::Cache::pkgcache \"pkgcache.bin\";\n"
	"Dir::Cache::srcpkgcache \"\";\n"
	"Dir::Log \"%1$s\";\n"
	"#clear APT::Architectures;\n"
	"#clear APT::Update;\n"
	"#clear DPkg;\n"
	"#clear Acquire::IndexTargets;\n"
	"APT::Architecture \"%2$s\";\n"
	"APT::Architectures { \"%2$s\"; };\n"
	"APT::Update::Error-Mode \"any\";\n"
	"APT::Get::AllowUnauthenticated \"false\";\n"
	"Acquire::AllowInsecureRepositories \"false\";\n"
	"Acquire::AllowWeakRepositories \"false\";\n"
	"Acquire::Languages \"none\";\n"
	"Acquire::PDiffs \"false\";\n"
	"Acquire::Retries \"2\";\n"
	"Acquire::IndexTargets::deb::Packages {\n"
	"	MetaKey \"$(COMPONENT)/binary-$(ARCHITECTURE)/Packages\";\n"
	"	flatMetaKey \"Packages\";\n"
	"	ShortDescription \"Packages\";\n"
	"	Description \"$(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Packages\";\n"
	"	flatDescription \"$(RELEASE) Packages\";\n"
	"	Optional \"false\";\n"
	"};\n";

/*
 * For a state with suites: nothing of the machine says which sources, or which version of a package
 * is preferred.
 */
static const char config_suites[] =
	"Dir::Etc::sourcelist \"/dev/null\";\n"
	"Dir::Etc::sourceparts \"%1$s/sources\";\n"
	"Dir::Etc::preferences \"/dev/null\";\n"
	"Dir::Etc::preferencesparts \"/dev/null\";\n"
	"#clear APT::Default-Release;\n";

/* apt gives up root for its downloads, and so could not write into a cache below /root. */
static const char config_root[] = "APT::Sandbox::User \"root\";\n";

static const char *const no_translation[] = { "LC_ALL=C.UTF-8", NULL };

/* The line of apt's output that says what went wrong. */
static const char *complaint(const char *output, char *line, size_t size)
{
	static const char *const marks[] = { "\nErr:", "\nE: ", "\nW: " };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		const char *start = strstr(output, marks[i]);

		if (!start)
			continue;
		start++;
		/* What follows an Err: line is the reason, indented. */
		if (!strncmp(start, "Err:", 4) && strstr(start, "\n  "))
			start = strstr(start, "\n  ") + 3;
		snprintf(line, size, "%.*s", (int)strcspn(start, "\n"), start);
		return line;
	}
	snprintf(line, size, "%s", "it does not say why");
	return line;
}

/* What the user can do about a complaint. */
static const char *way_out(const char *line)
{
	if (strstr(line, "No space left"))
		return "make room in the cache directory";
	if (strstr(line, "NO_PUBKEY"))
		return "this machine lacks the key: apt install debian-archive-keyring, or get a "
		       "newer one of these";
	return "check the network";
}

void kb_apt_complaint(const char *output, char *line, size_t size)
{
	char text[512];

	complaint(output, text, sizeof(text));
	snprintf(line, size, "%s; %s", text, way_out(text));
}

static int run(const struct kb_apt *apt, struct kb_command *command, const char *const *args,
	       struct kb_error *err)
{
	size_t nr = 0;
	const char **argv;
	int ret;

	while (args[nr])
		nr++;
	argv = calloc(nr + 3, sizeof(*argv));
	if (!argv)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	argv[0] = args[0];
	argv[1] = "-c";
	argv[2] = apt->config;
	memcpy(argv + 3, args + 1, (nr - 1) * sizeof(*argv));
	command->argv = argv;
	command->environment = no_translation;
	ret = kb_command_run(command, err);
	free(argv);
	return ret;
}

/* The sources are those that the machine's apt uses; without any there is nothing to fetch from. */
static int check_sources(const struct kb_apt *apt, struct kb_error *err)
{
	const char *const args[] = { "apt-get", "--print-uris", "update", NULL };
	struct kb_command command = { .timeout = QUERY_TIMEOUT };
	int ret = run(apt, &command, args, err);

	if (ret > 0)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "apt-get cannot read its sources: %.*s",
			      (int)strcspn(command.errors, "\n"), command.errors);
	else if (ret == 0 && !command.length)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "apt has no package source for %s; add one to /etc/apt/sources.list",
			      apt->arch->deb);
	kb_command_free(&command);
	return ret;
}

static int write_config(struct kb_apt *apt, struct kb_error *err)
{
	static const char *const dirs[] = { "lists/partial", "archives/partial", "sources" };
	char *own = kb_path(config_text, apt->dir, apt->arch->deb);
	char *suites = kb_path(config_suites, apt->dir);
	char *text = kb_path("%s%s%s", own, apt->suites ? suites : "",
			     geteuid() == 0 ? config_root : "");
	int ret = 0;

	free(suites);
	free(own);
	for (size_t i = 0; i < 2U + apt->suites && !ret; i++) {
		char *dir = kb_path("%s/%s", apt->dir, dirs[i]);

		ret = kb_make_dirs(dir, err);
		free(dir);
	}
	if (!ret)
		ret = kb_write_text(apt->config, text, err);
	free(text);
	return ret;
}

char *kb_apt_path(const struct kb_arch *arch, bool suites, const char *name,
		  struct kb_error *err)
{
	bool native = kb_arch_is_native(arch);

	return kb_cache_path(err, "apt%s%s%s%s%s", suites ? "-suites" : "", native ? "" : "-",
			     native ? "" : arch->deb, *name ? "/" : "", name);
}

int kb_apt_open(struct kb_apt *apt, const struct kb_arch *arch, bool suites,
		struct kb_error *err)
{
	static const char *const programs[] = { "apt-get", "apt-cache" };

	*apt = (struct kb_apt){ .arch = arch, .suites = suites };
	for (size_t i = 0; i < 2; i++) {
		char *found = kb_find_program(programs[i]);

		free(found);
		if (!found)
			return kb_fail(err, KB_EXIT_ENVIRONMENT,
				       "%s is missing, so no packaged kernel can be fetched; "
				       "measure the running kernel with --target host",
				       programs[i]);
	}
	apt->dir = kb_apt_path(arch, suites, "", err);
	if (!apt->dir)
		return -1;
	if (strpbrk(apt->dir, "\"\\\n")) {
		kb_fail(err, KB_EXIT_ENVIRONMENT,
			"apt cannot use %s; set XDG_CACHE_HOME to a path without quotes", apt->dir);
		kb_apt_close(apt);
		return -1;
	}
	apt->config = kb_path("%s/apt.conf", apt->dir);
	if (!write_config(apt, err))
		return 0;
	kb_apt_close(apt);
	return -1;
}

void kb_apt_close(struct kb_apt *apt)
{
	free(apt->dir);
	free(apt->config);
	*apt = (struct kb_apt){ 0 };
}

/* A machine may have many sources; one that is down matters only if it is the one with kernels. */
static bool reached_some(const char *output)
{
	return !strncmp(output, "Get:", 4) || !strncmp(output, "Hit:", 4) ||
	       strstr(output, "\nGet:") || strstr(output, "\nHit:");
}

int kb_apt_update(const struct kb_apt *apt, struct kb_error *err)
{
	const char *const args[] = { "apt-get", "-q", "update", NULL };
	struct kb_command command = { .timeout = UPDATE_TIMEOUT, .merge = true };
	bool native = kb_arch_is_native(apt->arch);
	char line[640];
	int ret;

	if (check_sources(apt, err))
		return -1;
	kb_note("fetching the package lists%s%s%s", apt->suites ? " of other Debian suites" : "",
		native ? "" : apt->suites ? " for " : " of ", native ? "" : apt->arch->deb);
	ret = run(apt, &command, args, err);
	if (ret > 0)
		kb_apt_complaint(command.output, line, sizeof(line));
	if (ret > 0 && reached_some(command.output)) {
		kb_note("some package lists could not be fetched: %s", line);
		ret = 0;
	}
	if (ret > 0)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot fetch the package lists: %s",
			      line);
	kb_command_free(&command);
	return ret;
}

/* The output of one of apt's commands that read lists; NULL with @err. */
static char *query(const struct kb_apt *apt, const char *const *args, struct kb_error *err)
{
	struct kb_command command = { .timeout = QUERY_TIMEOUT };
	int ret = run(apt, &command, args, err);
	char *output = command.output;

	if (ret > 0)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "%s cannot read its lists: %.*s", args[0],
			(int)strcspn(command.errors, "\n"), command.errors);
	if (ret == 0)
		command.output = NULL;
	else
		output = NULL;
	kb_command_free(&command);
	return output;
}

char *kb_apt_names(const struct kb_apt *apt, const char *prefix, struct kb_error *err)
{
	return query(apt, (const char *const[]){ "apt-cache", "pkgnames", prefix, NULL }, err);
}

char *kb_apt_targets(const struct kb_apt *apt, const char *format, struct kb_error *err)
{
	return query(apt, (const char *const[]){ "apt-get", "indextargets", "--format", format,
						 "Created-By: Packages", NULL }, err);
}

char *kb_apt_madison(const struct kb_apt *apt, const char *names, struct kb_error *err)
{
	char *copy = kb_path("%s", names), *rest = copy, *name, *output;
	/* No more names than lines. */
	const char **args = calloc(strlen(names) + 3, sizeof(*args));
	size_t nr = 2;

	if (!args) {
		free(copy);
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		return NULL;
	}
	args[0] = "apt-cache";
	args[1] = "madison";
	while ((name = strsep(&rest, "\n")))
		if (*name)
			args[nr++] = name;
	output = query(apt, args, err);
	free(args);
	free(copy);
	return output;
}

/* Which indices there are is no matter of how they are downloaded. */
static bool is_of_download(const char *line)
{
	static const char *const others[] = {
		"Acquire::IndexTargets", "Acquire::Changelogs", "Acquire::cdrom",
		"Acquire::Languages", "Acquire::CompressionTypes",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strncmp(line, others[i], strlen(others[i])))
			return false;
	return true;
}

char *kb_apt_download_settings(const struct kb_apt *apt, struct kb_error *err)
{
	char *all = query(apt, (const char *const[]){ "apt-config", "dump", "--no-empty",
						      "--format", "%F \"%v\";%n", "Acquire", NULL },
			  err);
	char *to = all;

	for (char *line = all; line && *line; ) {
		size_t n = strcspn(line, "\n");

		n += line[n] == '\n';
		if (is_of_download(line)) {
			memmove(to, line, n);
			to += n;
		}
		line += n;
	}
	if (to)
		*to = '\0';
	return all;
}

/* The value of a field in a stanza, malloc()ed, or NULL. */
static char *field(const char *stanza, const char *name)
{
	size_t n = strlen(name);

	for (const char *line = stanza; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, n) && line[n] == ':') {
			line += n + 1;
			line += strspn(line, " ");
			return kb_path("%.*s", (int)strcspn(line, "\n"), line);
		}
	}
	return NULL;
}

int kb_apt_show(const struct kb_apt *apt, const char *name, struct kb_package *package,
		struct kb_error *err)
{
	const char *const args[] = { "apt-cache", "show", "--no-all-versions", name, NULL };
	struct kb_command command = { .timeout = QUERY_TIMEOUT };
	int ret = run(apt, &command, args, err);
	char *size = NULL;

	*package = (struct kb_package){ 0 };
	if (ret == 0) {
		package->name = kb_path("%s", name);
		package->version = field(command.output, "Version");
		package->depends = field(command.output, "Depends");
		size = field(command.output, "Size");
		package->size = size ? strtoul(size, NULL, 10) : 0;
	}
	if (ret >= 0 && !package->version) {
		kb_package_clear(package);
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "package %s is not in the lists; try \"kbench kernels update\"",
			      name);
	}
	free(size);
	kb_command_free(&command);
	return ret;
}

void kb_package_clear(struct kb_package *package)
{
	free(package->name);
	free(package->version);
	free(package->depends);
	*package = (struct kb_package){ 0 };
}

/* What a download needs to say how far it is. */
struct download {
	const char	*dirs[2];	/* where files grow */
	size_t		before;		/* bytes that were there before */
	size_t		total;
	double		said;
};

static size_t bytes_in(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t bytes = 0;

	if (!dir)
		return 0;
	while ((entry = readdir(dir))) {
		struct stat st;

		if (!fstatat(dirfd(dir), entry->d_name, &st, 0) && S_ISREG(st.st_mode))
			bytes += (size_t)st.st_size;
	}
	closedir(dir);
	return bytes;
}

static void say_progress(void *ctx)
{
	struct download *download = ctx;
	size_t bytes = bytes_in(download->dirs[0]) + bytes_in(download->dirs[1]) - download->before;

	if (kb_now() - download->said < PROGRESS_PERIOD)
		return;
	download->said = kb_now();
	kb_note("fetched %zu of %zu MB", bytes / 1000000, download->total / 1000000);
}

int kb_apt_download(const struct kb_apt *apt, const struct kb_package *packages, size_t nr,
		    const char *dir, struct kb_error *err)
{
	struct download download = { .said = kb_now() };
	struct kb_command command = {
		.directory = dir, .timeout = DOWNLOAD_TIMEOUT, .merge = true,
		.tick = say_progress, .ctx = &download,
	};
	const char *args[12] = { "apt-get", "-q", "download" };
	char *wanted[8] = { NULL };
	char *partial = kb_path("%s/archives/partial", apt->dir);
	char line[640];
	int ret = 0;

	if (nr > 8)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "too many packages at once");
	for (size_t i = 0; i < nr && !ret; i++) {
		wanted[i] = kb_path("%s=%s", packages[i].name, packages[i].version);
		args[3 + i] = wanted[i];
		download.total += packages[i].size;
	}
	download.dirs[0] = dir;
	download.dirs[1] = partial;
	download.before = bytes_in(dir) + bytes_in(partial);
	if (!ret)
		ret = run(apt, &command, args, err);
	if (ret > 0) {
		kb_apt_complaint(command.output, line, sizeof(line));
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot fetch %s: %s", packages[0].name,
			      line);
	}
	for (size_t i = 0; i < 8; i++)
		free(wanted[i]);
	free(partial);
	kb_command_free(&command);
	return ret;
}
