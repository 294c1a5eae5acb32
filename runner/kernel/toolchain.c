// SPDX-License-Identifier: GPL-2.0
#include "toolchain.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "debian.h"
#include "headers.h"
#include "paths.h"
#include "process.h"

#define TRY_TIMEOUT	60

/* The loader's words, where a library is missing or lacks what a program was linked against. */
static bool was_refused(const char *errors)
{
	return strstr(errors, "error while loading shared libraries") ||
	       (strstr(errors, "version `") && strstr(errors, "' not found (required by"));
}

/* Without arguments they do nothing but complain. */
static bool runs(const char *program)
{
	const char *const argv[] = { program, NULL };
	struct kb_command command = { .argv = argv, .directory = "/", .timeout = TRY_TIMEOUT };
	struct kb_error unsaid = { 0 };
	bool ok = kb_command_run(&command, &unsaid) >= 0 && !was_refused(command.errors);

	kb_command_free(&command);
	return ok;
}

bool kb_toolchain_tools_run(const char *headers)
{
	/* What has several programs starts that for the kernel's architecture. */
	static const char *const tools[] = {
		"scripts/basic/fixdep", "scripts/mod/modpost*", "tools/objtool/objtool*",
	};
	bool all = true;

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]) && all; i++) {
		char *pattern = kb_path("%s/%s", headers, tools[i]);
		glob_t found;

		if (!glob(pattern, 0, NULL, &found)) {
			for (size_t j = 0; j < found.gl_pathc && all; j++)
				all = runs(found.gl_pathv[j]);
			globfree(&found);
		}
		free(pattern);
	}
	return all;
}

static int ask_version(struct kb_toolchain *toolchain, struct kb_error *err)
{
	const char *const argv[] = { toolchain->compiler, "--version", NULL };
	struct kb_command command = { .argv = argv, .timeout = TRY_TIMEOUT };
	int ret = kb_command_run(&command, err);

	if (ret > 0)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "%s does not run: %s", toolchain->compiler,
			      command.errors);
	else if (!ret)
		toolchain->version = kb_path("%.*s", (int)strcspn(command.output, "\n"),
					     command.output);
	kb_command_free(&command);
	return ret;
}

static struct kb_root_wish wish_of(const struct kb_toolchain *toolchain)
{
	return (struct kb_root_wish){ toolchain->suite, toolchain->name, toolchain->arch };
}

static int use_root(struct kb_toolchain *toolchain, const struct kb_kernel *kernel,
		    struct kb_error *err)
{
	struct kb_root_wish wish;

	toolchain->arch = kernel->arch;
	toolchain->suite = kb_debian_base(kernel->suite);
	wish = wish_of(toolchain);
	toolchain->root = kb_root_get(&wish, err);
	if (!toolchain->root)
		return -1;
	toolchain->compiler = kb_root_program(&wish);
	toolchain->version = kb_root_compiler(toolchain->root, err);
	return toolchain->version ? 0 : -1;
}

/* One of the machine's own kernels: its compiler is easily installed, too. */
static bool can_make_roots(void)
{
	char *mmdebstrap = kb_find_program("mmdebstrap"), *bwrap = kb_find_program("bwrap");
	bool can = mmdebstrap && bwrap;

	free(bwrap);
	free(mmdebstrap);
	return can;
}

int kb_toolchain_find(struct kb_toolchain *toolchain, const struct kb_kernel *kernel,
		      struct kb_error *err)
{
	struct kb_error missing = { 0 };
	bool root;
	int ret;

	*toolchain = (struct kb_toolchain){ 0 };
	toolchain->name = kernel->suite ? kb_headers_series(kernel->headers) : NULL;
	ret = kb_headers_compiler(&toolchain->compiler, kernel->headers, kernel->arch, &missing);
	/* Tools of the machine's own suites run here. */
	root = toolchain->name &&
	       (kernel->other_suite ? ret || !kb_toolchain_tools_run(kernel->headers) :
				      ret && can_make_roots());
	if (root) {
		free(toolchain->compiler);
		toolchain->compiler = NULL;
		return use_root(toolchain, kernel, err);
	}
	return ret ? kb_fail(err, missing.exit, "%s", missing.text) : ask_version(toolchain, err);
}

void kb_toolchain_clear(struct kb_toolchain *toolchain)
{
	free(toolchain->compiler);
	free(toolchain->version);
	free(toolchain->root);
	free(toolchain->suite);
	free(toolchain->name);
	*toolchain = (struct kb_toolchain){ 0 };
}

int kb_toolchain_check(const struct kb_toolchain *toolchain, struct kb_error *err)
{
	struct kb_root_wish wish = wish_of(toolchain);

	return toolchain->root ? kb_root_check(&wish, err) : 0;
}
