// SPDX-License-Identifier: GPL-2.0
/* Which specs are paths, what a kernel tree is, and what is told of one. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel_config.h"
#include "made_tree.h"
#include "paths.h"
#include "tree.h"

#define IMAGE	"arch/x86/boot/bzImage"
#define ARM	"arch/arm64/boot/"
#define CONF	"include/config/auto.conf"
#define RELEASE	"include/config/kernel.release"

/* Not at the begin of the file, at its end, and what only looks like it. */
static const char config[] = "CONFIG_X86_64=y\nCONFIG_SMP=y\nCONFIG_NR_CPUS=8\n"
			     "CONFIG_CC_VERSION_TEXT=\"gcc (Debian 12.2.0-14) 12.2.0\"\n"
			     "CONFIG_HAVE_PCI=y\n# CONFIG_ACPI is not set\nCONFIG_MODULES=y\n"
			     "CONFIG_TTY=m\nCONFIG_MY_CONFIG_UML=y\nCONFIG_PRINTK=y";

/* The same as the user's make wrote it. */
static const char as_written[] = "# by hand\nCONFIG_PRINTK=y\nCONFIG_X86_64=y\nCONFIG_SMP=y\n"
				 "CONFIG_NR_CPUS=8\nCONFIG_CC_VERSION_TEXT=gcc (Debian 12.2.0-14) "
				 "12.2.0\nCONFIG_HAVE_PCI=y\nCONFIG_MODULES=y\nCONFIG_TTY=m\n"
				 "CONFIG_MY_CONFIG_UML=y\n";

static int begin(void **state)
{
	if (made_tree_begin(state) || chdir(*state))
		return -1;
	/* The cache is beside the trees, which lie in directories of their own. */
	setenv("XDG_CACHE_HOME", *state, 1);
	return 0;
}

static int end(void **state)
{
	assert_int_equal(chdir("/"), 0);
	return made_tree_end(state);
}

/* A built tree in the directory @name of the current one. */
static void put_tree(const char *name)
{
	made_tree_put(name, "Makefile", "# kernel\n");
	made_tree_put(name, CONF, config);
	made_tree_put(name, ".config", as_written);
	made_tree_put(name, RELEASE, "6.12.0-mine+\n");
	made_tree_put(name, "Module.symvers", "");
	made_tree_put(name, IMAGE, "image");
}

static void remove_from(const char *tree, const char *name)
{
	char *path = kb_path("%s/%s", tree, name);

	assert_int_equal(unlink(path), 0);
	free(path);
}

static void specs_that_are_paths(void **state)
{
	static const char *const paths[] = {
		"./linux", "../linux", "/", "a/b", "6.1/..", ".", "..", "linux", "7.1", "linux/",
	};
	static const char *const others[] = {
		"6.12", "6.12-cloud", "6.12@arm64", "linus", "", "7.0", "file", "...",
	};

	(void)state;
	put_tree("linux");
	/* Directories that could be kernel specs: a kernel tree, and another. */
	put_tree("7.1");
	made_tree_put("7.0", "notes", "");
	made_tree_put(".", "file", "");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!kb_spec_is_path(paths[i]))
			fail_msg("'%s' is no path", paths[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (kb_spec_is_path(others[i]))
			fail_msg("'%s' is a path", others[i]);
}

static void text_is(const char *dir, const char *name, const char *wanted)
{
	char *path = kb_path("%s/%s", dir, name);
	char *text = kb_read_text(path, NULL);

	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
	free(path);
}

static void a_built_tree(void **state)
{
	char *real = kb_path("%s/linux", (const char *)*state), *title;
	struct kb_error err = { 0 };
	struct kb_kernel kernel;

	put_tree("linux");
	if (kb_tree_open(&kernel, "linux/", &err))
		fail_msg("%s", err.text);
	assert_ptr_equal(kernel.arch, kb_arch_find("amd64"));
	assert_string_equal(kernel.release, "6.12.0-mine+");
	assert_string_equal(kernel.tree, "linux");
	assert_string_equal(kernel.headers, real);
	assert_null(kernel.elf);
	if (kb_tree_check_modules(&kernel, &err))
		fail_msg("%s", err.text);
	/* What is booted is a copy: the tree may be built anew meanwhile. */
	made_tree_put("linux", IMAGE, "another");
	text_is(kernel.dir, "vmlinuz", "image");
	text_is(kernel.dir, "config", as_written);
	title = kb_kernel_title(&kernel);
	assert_string_equal(title, "6.12.0-mine+ (linux)");
	free(title);
	kb_kernel_free(&kernel);
	/* What was built counts, not what the user configured since. */
	made_tree_put("linux", ".config", "CONFIG_ARM64=y\n");
	assert_int_equal(kb_tree_open(&kernel, "linux", &err), 0);
	text_is(kernel.dir, "config", config);
	text_is(kernel.dir, "vmlinuz", "another");
	kb_kernel_free(&kernel);
	free(real);
}

/* What tells the build in "linux" from others; malloc()ed. */
static char *build_of(const char *tree)
{
	struct kb_error err = { 0 };
	struct kb_kernel kernel;
	char *build;

	if (kb_tree_open(&kernel, tree, &err))
		fail_msg("%s", err.text);
	build = kb_path("%s", kernel.build);
	kb_kernel_free(&kernel);
	return build;
}

static void each_build_is_another(void **state)
{
	static const char *const changes[][2] = {
		{ IMAGE, "image of tomorrow" }, { "Module.symvers", "0x1 printk vmlinux\n" },
		{ RELEASE, "6.12.1\n" }, { CONF, "CONFIG_X86_64=y\n" },
	};
	char *first, *second;

	(void)state;
	put_tree("linux");
	first = build_of("linux");
	put_tree("copy");
	second = build_of("copy");
	assert_string_equal(first, second);
	free(second);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		put_tree("linux");
		made_tree_put("linux", changes[i][0], changes[i][1]);
		second = build_of("linux");
		if (!strcmp(first, second))
			fail_msg("another %s makes no difference", changes[i][0]);
		free(second);
	}
	remove_from("linux", "Module.symvers");
	second = build_of("linux");
	assert_string_not_equal(first, second);
	free(second);
	free(first);
}

static void arm64_trees(void **state)
{
	struct kb_error err = { 0 };
	struct kb_kernel kernel;
	const struct kb_arch *arch;
	char *text;

	(void)state;
	put_tree("linux");
	made_tree_put("linux", CONF, "CONFIG_ARM64=y\n");
	assert_int_equal(kb_tree_open(&kernel, "linux", &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, ARM "Image");
	made_tree_put("linux", ARM "Image.gz", "packed");
	err = (struct kb_error){ 0 };
	assert_int_equal(kb_tree_open(&kernel, "linux", &err), 0);
	kb_kernel_free(&kernel);
	made_tree_put("linux", ARM "Image", "plain");
	assert_int_equal(kb_tree_open(&kernel, "linux", &err), 0);
	text = kb_read_text(kernel.image, NULL);
	assert_string_equal(text, "plain");
	free(text);
	kb_kernel_free(&kernel);
	assert_int_equal(kb_kernel_arch(&arch, "./linux", &err), 0);
	assert_ptr_equal(arch, kb_arch_find("arm64"));
}

static void open_fails(const char *path, enum kb_exit exit, const char *says)
{
	struct kb_error err = { 0 };
	struct kb_kernel kernel;

	if (!kb_tree_open(&kernel, path, &err))
		fail_msg("%s was taken", path);
	assert_error(&err, exit, says);
}

static void no_trees(void **state)
{
	(void)state;
	made_tree_put("empty", "notes", "");
	made_tree_put("source", "Makefile", "");
	made_tree_put("source", "Kconfig", "");
	made_tree_put("config", ".config", config);
	open_fails("none", KB_EXIT_USAGE, "No such file");
	open_fails("empty/notes", KB_EXIT_USAGE, "no directory");
	open_fails("empty", KB_EXIT_USAGE, "no kernel tree");
	open_fails("config", KB_EXIT_USAGE, "no kernel tree");
	open_fails("source", KB_EXIT_ENVIRONMENT, "run make there");
	made_tree_put("source", ".config", config);
	open_fails("source", KB_EXIT_ENVIRONMENT, "no " IMAGE);
	made_tree_put("source", IMAGE, "image");
	open_fails("source", KB_EXIT_ENVIRONMENT, "no " RELEASE);
	made_tree_put("source", RELEASE, "../6.1\n");
	open_fails("source", KB_EXIT_ENVIRONMENT, "no release");
	made_tree_put("source", CONF, "CONFIG_RISCV=y\n");
	open_fails("source", KB_EXIT_ENVIRONMENT, "another architecture");
	made_tree_put("source", CONF, "CONFIG_X86_64=y\nCONFIG_UML=y\n");
	open_fails("source", KB_EXIT_ENVIRONMENT, "User Mode Linux");
}

static void modules_fail(const char *says)
{
	struct kb_error err = { 0 };
	struct kb_kernel kernel;

	if (kb_tree_open(&kernel, "linux", &err))
		fail_msg("%s", err.text);
	assert_int_equal(kb_tree_check_modules(&kernel, &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, says);
	kb_kernel_free(&kernel);
}

static void trees_without_modules(void **state)
{
	(void)state;
	put_tree("linux");
	remove_from("linux", "Module.symvers");
	modules_fail("no Module.symvers");
	put_tree("linux");
	made_tree_put("linux", CONF, "CONFIG_X86_64=y\n");
	modules_fail("CONFIG_MODULES=y");
	made_tree_put("linux", CONF,
		      "CONFIG_X86_64=y\nCONFIG_MODULES=y\nCONFIG_TRIM_UNUSED_KSYMS=y\n");
	modules_fail("turn CONFIG_TRIM_UNUSED_KSYMS off");
	put_tree("linux");
	made_tree_put("linux", "Makefile", "# made\nexport KBUILD_OUTPUT = /elsewhere\n");
	modules_fail("was built as /elsewhere and moved");
	put_tree("two words");
	assert_int_equal(rename("linux", "gone"), 0);
	assert_int_equal(symlink("two words", "linux"), 0);
	modules_fail("spaces or colons");
}

static void equal_configurations(void **state)
{
	(void)state;
	assert_true(kb_config_equal(config, as_written));
	assert_true(kb_config_equal("", "# CONFIG_SMP is not set\n"));
	assert_false(kb_config_equal(config, "CONFIG_X86_64=y\n"));
	assert_false(kb_config_equal("CONFIG_NR_CPUS=8\n", "CONFIG_NR_CPUS=9\n"));
	assert_false(kb_config_equal("CONFIG_A=y\n", "CONFIG_A=y\nCONFIG_B=m\n"));
}

static void options(void **state)
{
	static const char *const set[] = { "X86_64", "MODULES", "PRINTK", "HAVE_PCI" };
	static const char *const not_set[] = { "PCI", "ACPI", "TTY", "UML", "NR_CPUS", "X86", "" };
	char *value;

	(void)state;
	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
		if (!kb_config_is_set(config, set[i]))
			fail_msg("%s is not set", set[i]);
	for (size_t i = 0; i < sizeof(not_set) / sizeof(not_set[0]); i++)
		if (kb_config_is_set(config, not_set[i]))
			fail_msg("%s is set", not_set[i]);
	value = kb_config_value(config, "CC_VERSION_TEXT");
	assert_string_equal(value, "gcc (Debian 12.2.0-14) 12.2.0");
	free(value);
	assert_null(kb_config_value(config, "GCC_VERSION"));
}

static void what_guests_need(void **state)
{
	static const char good[] =
		"CONFIG_BLK_DEV_INITRD=y\nCONFIG_BINFMT_ELF=y\nCONFIG_PRINTK=y\nCONFIG_TTY=y\n"
		"CONFIG_PROC_FS=y\nCONFIG_SYSFS=y\nCONFIG_DEVTMPFS=y\nCONFIG_FUTEX=y\n"
		"CONFIG_SIGNALFD=y\nCONFIG_TIMERFD=y\nCONFIG_SERIAL_8250_CONSOLE=y\n"
		"CONFIG_SERIAL_8250_NR_UARTS=4\nCONFIG_ACPI=y\nCONFIG_PCI=y\n";
	const struct kb_arch *amd64 = kb_arch_find("amd64");
	struct kb_error err = { 0 };
	char *text;

	(void)state;
	assert_int_equal(kb_config_check_guest(good, amd64, 1, "linux", &err), 0);
	assert_int_equal(kb_config_check_guest(good, amd64, 2, "linux", &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "linux cannot be a guest: set CONFIG_SMP, and");
	err = (struct kb_error){ 0 };
	text = kb_path("%sCONFIG_SMP=y\nCONFIG_NR_CPUS=4\n", good);
	assert_int_equal(kb_config_check_guest(text, amd64, 4, "linux", &err), 0);
	assert_int_equal(kb_config_check_guest(text, amd64, 5, "linux", &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "set CONFIG_NR_CPUS=5,");
	free(text);
	err = (struct kb_error){ 0 };
	assert_int_equal(kb_config_check_guest(good, kb_arch_find("arm64"), 1, "linux", &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "CONFIG_SERIAL_AMBA_PL011_CONSOLE");
	err = (struct kb_error){ 0 };
	assert_int_equal(kb_config_check_guest("CONFIG_SERIAL_8250_RUNTIME_UARTS=1\n", amd64, 9,
					       "linux", &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "set CONFIG_BLK_DEV_INITRD, CONFIG_BINFMT_ELF,");
	assert_error(&err, KB_EXIT_ENVIRONMENT, "CONFIG_SERIAL_8250_RUNTIME_UARTS=2, CONFIG_SMP");
}

static void name_is(const char *path, const char *wanted)
{
	char *name = kb_tree_name(path);

	assert_string_equal(name, wanted);
	free(name);
}

static void names(void **state)
{
	put_tree("linux");
	assert_int_equal(chdir("linux"), 0);
	name_is("../linux-patched", "linux-patched");
	name_is("/home/me/linux//", "linux");
	name_is("linux", "linux");
	name_is(".", "linux");
	name_is("./", "linux");
	name_is("include/..", "linux");
	name_is("..", strrchr(*state, '/') + 1);
	name_is("/", "/");
	name_is("/a/b\nc\xff", "b?c?");
	name_is("/a/k\xc3\xa4rnel", "k\xc3\xa4rnel");
	assert_int_equal(chdir(".."), 0);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(specs_that_are_paths),
		TEST(a_built_tree),
		TEST(each_build_is_another),
		TEST(arm64_trees),
		TEST(no_trees),
		TEST(trees_without_modules),
		cmocka_unit_test(equal_configurations),
		cmocka_unit_test(options),
		cmocka_unit_test(what_guests_need),
		TEST(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
