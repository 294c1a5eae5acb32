// SPDX-License-Identifier: GPL-2.0
#include "remote_build.h"

#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "make.h"
#include "modules.h"
#include "paths.h"
#include "spec.h"
#include "tar.h"

/* In the private directory there: where the sources go, and the symbols of earlier modules. */
#define BUILD_DIR	"build"
#define SYMBOLS		"earlier.symvers"

/* What comes back may be some megabytes over a slow connection. */
#define FETCH_S		180

/* A small board compiles slowly. */
#define MAKE_S		(3 * KB_MAKE_TIMEOUT_S)

static const char *const make_variables[] = { KB_MAKE_VARIABLES };

/* The variables as words of a shell, which is to leave them alone; malloc()ed. */
static char *shell_variables(void)
{
	char *text = kb_path("%s", "");

	for (size_t i = 0; i < sizeof(make_variables) / sizeof(make_variables[0]); i++) {
		char *more = kb_path("%s '%s'", text, make_variables[i]);

		free(text);
		text = more;
	}
	return text;
}

/* The tree as it lies here goes there, with @symbols. */
static int send_tree(struct kb_remote *remote, const char *tree, const char *symbols,
		     struct kb_error *err)
{
	char *copy = kb_path("%s/" SYMBOLS, tree), *bytes = NULL;
	size_t length;
	int ret = symbols ? kb_copy_file(symbols, copy, err) : 0;

	if (!ret)
		ret = kb_tar_pack(tree, NULL, &bytes, &length, err);
	if (!ret)
		ret = kb_remote_put(remote, BUILD_DIR, bytes, length, err);
	free(bytes);
	free(copy);
	return ret;
}

/*
 * Its shell leads a process group, whose number it leaves for the keeper: a make whose user went
 * away is ended.
 */
static int run_make(struct kb_remote *remote, bool symbols, char **output, struct kb_error *err)
{
	char *dir = kb_path("%s/" BUILD_DIR, remote->dir);
	char *variables = shell_variables();
	char *script = kb_path("echo $$ >%s/build.pid\n"
			       "cd %s || exit 1\n"
			       "LC_ALL=C.UTF-8 TMPDIR=%s MAKEFLAGS= exec make -s "
			       "-j$(getconf _NPROCESSORS_ONLN) -C /lib/modules/$(uname -r)/build "
			       "M=%s%s KBUILD_EXTRA_SYMBOLS=%s%s modules 2>&1\n", remote->dir, dir,
			       dir, dir, variables, symbols ? dir : "",
			       symbols ? "/" SYMBOLS : "");
	struct kb_command command = {
		.input = script, .input_length = strlen(script), .timeout = MAKE_S,
	};
	int ret = kb_ssh_run(&remote->ssh, "exec sh -s", &command, err);

	if (ret > 0 && command.output && strstr(command.output, "No space left"))
		ret = kb_remote_refused(remote, "building the modules", command.output, err);
	if (command.output)
		kb_make_cut(command.output, dir);
	*output = command.output;
	command.output = NULL;
	kb_command_free(&command);
	free(script);
	free(variables);
	free(dir);
	return ret;
}

static bool is_product(const char *name)
{
	size_t length = strlen(name);

	return !strcmp(name, "Module.symvers") ||
	       (length > 3 && !strcmp(name + length - 3, ".ko"));
}

/* What was built comes back into the tree here; nothing of it stays there. */
static int fetch_products(struct kb_remote *remote, const char *tree, struct kb_error *err)
{
	char *words = kb_path("cd %s/" BUILD_DIR " && find . -name \"*.ko\" -o -name "
			      "Module.symvers | tar -cf - -T - && rm -rf %s/" BUILD_DIR
			      " %s/build.pid", remote->dir, remote->dir, remote->dir);
	struct kb_command command = { .timeout = FETCH_S };
	int ret = kb_ssh_run(&remote->ssh, words, &command, err);

	if (ret > 0)
		ret = kb_remote_refused(remote, "bringing the modules back", command.errors, err);
	if (!ret)
		ret = kb_tar_unpack(command.output, command.length, tree, is_product, err);
	kb_command_free(&command);
	free(words);
	return ret;
}

static int make_there(void *ctx, const char *tree, const char *symbols, char **output,
		      struct kb_error *err)
{
	struct kb_remote *remote = ctx;
	int ret = send_tree(remote, tree, symbols, err);

	*output = NULL;
	if (!ret)
		ret = run_make(remote, symbols != NULL, output, err);
	return ret ? ret : fetch_products(remote, tree, err);
}

static int build_there(char **module_dir, struct kb_remote *remote,
		       const struct kb_suite_files *suites, struct kb_error *err)
{
	const struct kb_ssh_probe *probe = &remote->probe;
	char *headers = kb_path("elsewhere %s", probe->sum);
	char *release = kb_path("%s", probe->release);
	const struct kb_kernel kernel = {
		.arch = remote->arch, .release = release, .headers = headers,
	};
	const struct kb_builder builder = {
		.host = remote->ssh.spec.host, .compiler = probe->compiler,
		.version = probe->version, .make = make_there, .ctx = remote,
	};
	int ret = kb_modules_build_elsewhere(module_dir, &kernel, &builder, suites, err);

	free(release);
	free(headers);
	return ret;
}

/*
 * For the same release as packaged, or in the tree that the user built: there are the headers, and
 * the word on the compiler.
 */
static int build_here(char **module_dir, const struct kb_remote *remote, const char *tree,
		      const struct kb_suite_files *suites, struct kb_error *err)
{
	const char *release = remote->probe.release;
	struct kb_kernel kernel = { 0 };
	struct kb_spec parts;
	int ret;

	if (!tree && (!kb_release_parse(&parts, release) || parts.arch != remote->arch))
		return kb_fail(err, KB_EXIT_USAGE, "%s is no kernel that is packaged", release);
	ret = kb_kernel_get(&kernel, tree ? tree : release, err);
	if (!ret && (strcmp(kernel.release, release) != 0 || kernel.arch != remote->arch))
		ret = kb_fail(err, KB_EXIT_USAGE, "%s runs %s, and %s is %s of %s",
			      remote->ssh.spec.host, release, tree ? tree : "what is packaged",
			      kernel.release, kernel.arch->deb);
	if (!ret)
		ret = kb_modules_build(module_dir, &kernel, suites, err);
	kb_kernel_free(&kernel);
	return ret;
}

int kb_remote_build(char **module_dir, struct kb_remote *remote, const char *tree,
		    const struct kb_suite_files *suites, struct kb_error *err)
{
	struct kb_error there = { 0 }, here = { 0 };
	const char *host = remote->ssh.spec.host;

	*module_dir = NULL;
	if (!remote->probe.modules)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "the kernel %s of %s loads no modules; "
			       "--backend bpf needs none", remote->probe.release, host);
	if (tree)
		return build_here(module_dir, remote, tree, suites, err);
	if (kb_ssh_probe_can_build(&remote->probe, host, &there))
		return build_there(module_dir, remote, suites, err);
	if (!build_here(module_dir, remote, NULL, suites, &here))
		return 0;
	/* What failed in building is worth telling; that there is no package is not. */
	if (here.exit == KB_EXIT_USAGE)
		return kb_fail(err, there.exit, "%s", there.text);
	if (here.exit == KB_EXIT_INTERRUPTED)
		return kb_fail(err, here.exit, "%s", here.text);
	return kb_fail(err, here.exit, "%s, or, to build here: %s", there.text, here.text);
}
