// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <string.h>

#include "device_trees.h"
#include "kernel.h"
#include "machine.h"
#include "qemu.h"

/* The argument behind @name, or NULL. */
static const char *after(char **args, const char *name)
{
	for (size_t i = 0; args[i] && args[i + 1]; i++)
		if (!strcmp(args[i], name))
			return args[i + 1];
	return NULL;
}

static size_t count(char **args, const char *wanted)
{
	size_t nr = 0;

	for (size_t i = 0; args[i]; i++)
		nr += !strcmp(args[i], wanted);
	return nr;
}

static struct kb_guest guest_of(const char *arch, enum kb_accel accel)
{
	return (struct kb_guest){
		.arch = kb_arch_find(arch), .kernel = "vmlinuz", .accel = accel, .cpus = 2,
		.memory_mib = 512, .seed = 3,
	};
}

/* Whatever is asked for, a board has the CPUs and the memory that it has. */
static void a_board_is_what_it_is(void **state)
{
	struct kb_guest guest = guest_of("arm64", KB_ACCEL_TCG);
	char **args;

	(void)state;
	guest.machine = kb_board_find("raspi3b");
	guest.tree = "/cache/bcm2837-rpi-3-b.dtb";
	/* All its CPUs run, however few are asked for. */
	guest.host_cpus = 2;
	args = kb_qemu_args(&guest, "initrd", "console");
	assert_string_equal(after(args, "-machine"), "raspi3b");
	assert_string_equal(after(args, "-accel"), "tcg,thread=single");
	assert_string_equal(after(args, "-cpu"), "cortex-a53,cntfrq=1000000000");
	assert_string_equal(after(args, "-smp"), "4,sockets=1,cores=4,threads=1");
	assert_string_equal(after(args, "-m"), "1024");
	assert_string_equal(after(args, "-dtb"), "/cache/bcm2837-rpi-3-b.dtb");
	/* The first port is the console, the second has the records: the order tells. */
	assert_string_equal(after(args, "-serial"), "chardev:console");
	assert_string_equal(after(args, "chardev:console"), "-serial");
	assert_int_equal(count(args, "-serial"), 2);
	assert_int_equal(count(args, "chardev:records"), 1);
	assert_non_null(strstr(after(args, "-append"), "console=ttyAMA0 kbench.port=/dev/ttyS1 "));
	kb_qemu_args_free(args);
}

static void a_board_counts_instructions(void **state)
{
	struct kb_guest guest = guest_of("arm64", KB_ACCEL_ICOUNT);
	char **args;

	(void)state;
	guest.machine = kb_board_find("raspi3b");
	guest.loud = true;
	args = kb_qemu_args(&guest, "initrd", "console");
	assert_string_equal(after(args, "-accel"), "tcg,thread=single");
	assert_string_equal(after(args, "-icount"), "shift=0,sleep=off");
	assert_string_equal(after(args, "-seed"), "3");
	assert_non_null(strstr(after(args, "-append"), "earlycon=pl011,mmio32,0x3f201000 "));
	kb_qemu_args_free(args);
}

static void threads_are(enum kb_accel accel, unsigned int cpus, unsigned int host_cpus,
			const char *wanted)
{
	struct kb_guest guest = guest_of("amd64", accel);
	char **args;

	guest.cpus = cpus;
	guest.host_cpus = host_cpus;
	args = kb_qemu_args(&guest, "initrd", "console");
	assert_string_equal(after(args, "-accel"), wanted);
	kb_qemu_args_free(args);
}

/* CPUs of which the machine has fewer take turns. */
static void cpus_beyond_the_machines(void **state)
{
	(void)state;
	threads_are(KB_ACCEL_TCG, 2, 2, "tcg,thread=multi");
	threads_are(KB_ACCEL_TCG, 3, 2, "tcg,thread=single");
	threads_are(KB_ACCEL_TCG, 8, 0, "tcg,thread=multi");
	threads_are(KB_ACCEL_KVM, 8, 2, "kvm");
	threads_are(KB_ACCEL_ICOUNT, 1, 2, "tcg,thread=single");
}

/* Without a board guests are what they were. */
static void no_board(void **state)
{
	static const char *const machines[][3] = {
		{ "amd64", "pc", "max,vendor=GenuineIntel" },
		{ "arm64", "virt,gic-version=3", "max,cntfrq=1000000000,pauth-impdef=on" },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct kb_guest guest = guest_of(machines[i][0], KB_ACCEL_TCG);
		char **args = kb_qemu_args(&guest, "initrd", "console");

		assert_string_equal(after(args, "-machine"), machines[i][1]);
		assert_string_equal(after(args, "-cpu"), machines[i][2]);
		assert_string_equal(after(args, "-smp"), "2,sockets=1,cores=2,threads=1");
		assert_string_equal(after(args, "-m"), "512");
		assert_null(after(args, "-dtb"));
		kb_qemu_args_free(args);
	}
}

/* Each row of the table says all that a board needs to boot. */
static void the_table_is_whole(void **state)
{
	(void)state;
	for (const struct kb_machine *board = kb_boards; board->name; board++) {
		const struct kb_arch *arch = NULL;
		struct kb_error err = { 0 };

		assert_ptr_equal(kb_board_find(board->name), board);
		assert_int_equal(kb_kernel_arch(&arch, board->kernel, &err), 0);
		assert_ptr_equal(arch, kb_arch_find(board->arch));
		assert_non_null(strstr(board->tree, kb_machine_tree_file(board)));
		assert_null(strchr(kb_machine_tree_file(board), '/'));
		assert_true(board->max_cpus && board->memory_mib);
	}
	assert_null(kb_board_find("raspi"));
	assert_null(kb_board_find(""));
}

static void trees_in_the_cache(void **state)
{
	static const char none[] = "/nonexistent";
	struct kb_kernel_info info = { .image = "linux-image-6.12.1+deb12-arm64" };
	const struct kb_kernel kernel = { .release = (char *)"6.12.1", .dir = (char *)none };
	struct kb_error err = { 0 };

	(void)state;
	assert_true(kb_release_parse(&info.parts, "6.12.1+deb12-arm64"));
	assert_true(kb_trees_missing(none, &info));
	/* What is packaged no more cannot be had again; others never have any. */
	info.image[0] = '\0';
	assert_false(kb_trees_missing(none, &info));
	strcpy(info.image, "linux-image");
	assert_true(kb_release_parse(&info.parts, "6.12.1+deb12-cloud-arm64"));
	assert_false(kb_trees_missing(none, &info));
	assert_true(kb_release_parse(&info.parts, "6.12.1+deb12-amd64"));
	assert_false(kb_trees_missing(none, &info));

	assert_null(kb_trees_path(&kernel, kb_board_find("raspi3b"), &err));
	assert_int_equal(err.exit, KB_EXIT_ENVIRONMENT);
	assert_non_null(strstr(err.text, "kernel 6.12.1 brings no device tree for"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_board_is_what_it_is),
		cmocka_unit_test(a_board_counts_instructions),
		cmocka_unit_test(cpus_beyond_the_machines),
		cmocka_unit_test(no_board),
		cmocka_unit_test(the_table_is_whole),
		cmocka_unit_test(trees_in_the_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
