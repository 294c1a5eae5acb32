// SPDX-License-Identifier: GPL-2.0
/* Where the user keeps kernel trees is not told. */
#include "support.h"

#include <string.h>

#include "told_command.h"

static void trees_lose_their_paths(void **state)
{
	static char *kernels[] = { "6.12", "/home/me/linux", "/home/me/linux-patched/", "../up" };
	static const char *const words[][2] = {
		{ "kbench", "kbench" },
		{ "/home/me/linux,/home/me/linux-patched/,../up", "linux,linux-patched,../up" },
		{ "--kernels=6.12,/home/me/linux", "--kernels=6.12,linux" },
		{ "-k/home/me/linux-patched/", "-klinux-patched" },
		{ "/home/me/linux/suite.c", "/home/me/linux/suite.c" },
		{ "", "" },
	};
	enum { NR = sizeof(words) / sizeof(words[0]) };
	char *argv[NR], **told;

	(void)state;
	for (size_t i = 0; i < NR; i++)
		argv[i] = (char *)words[i][0];
	told = kb_told_command(NR, argv, kernels, 4);
	for (size_t i = 0; i < NR; i++)
		assert_string_equal(told[i], words[i][1]);
	kb_told_command_free(told, NR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees_lose_their_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
