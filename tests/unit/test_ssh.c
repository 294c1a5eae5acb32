// SPDX-License-Identifier: GPL-2.0
/* Remote machines: how users name them, what ssh says, what they answer. */
#include "support.h"

#include <string.h>

#include "fidelity.h"
#include "process.h"
#include "ssh_probe.h"
#include "ssh_spec.h"
#include "ssh_words.h"
#include "target_choice.h"
#include "told_command.h"
#include "topology.h"

static void spec_is(const char *text, const char *user, const char *host, const char *port)
{
	struct kb_error err = { 0 };
	struct kb_ssh_spec spec;

	if (kb_ssh_spec_parse(&spec, text, &err))
		fail_msg("'%s' was not taken: %s", text, err.text);
	assert_string_equal(spec.user, user);
	assert_string_equal(spec.host, host);
	assert_string_equal(spec.port, port);
}

static void specs(void **state)
{
	(void)state;
	spec_is("raspberrypi", "", "raspberrypi", "");
	spec_is("pi@raspberrypi.local", "pi", "raspberrypi.local", "");
	spec_is("pi@10.0.0.5:2222", "pi", "10.0.0.5", "2222");
	spec_is("board_2:22", "", "board_2", "22");
	spec_is("root@[fe80::1%eth0]", "root", "fe80::1%eth0", "");
	spec_is("[::1]:2222", "", "::1", "2222");
}

static void bad_specs(void **state)
{
	static const char *const bad[] = {
		"", "@host", "pi@", "-oProxyCommand=id", "pi@-oX", "-l@host", "a b", "a;id",
		"a$HOME", "a`id`", "a'b", "host:", "host:0", "host:65536", "host:ssh", "::1",
		"[::1", "[::1]x", "[]", "a/b", "host\n", "pi@host:22:23",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kb_error err = { 0 };
		struct kb_ssh_spec spec;

		if (!kb_ssh_spec_parse(&spec, bad[i], &err))
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err.exit, KB_EXIT_USAGE);
	}
}

static void target_is(const char *text, size_t nr_machines)
{
	struct kb_run_options options = { .accel = "auto" };
	struct kb_error err = { 0 };

	if (kb_target_parse(&options, text, &err))
		fail_msg("'%s' was not taken: %s", text, err.text);
	assert_int_equal(options.nr_machines, nr_machines);
	assert_int_equal(options.target, KB_TARGET_SSH);
	assert_int_equal(kb_target_count(&options), nr_machines);
	assert_int_equal(kb_target_check(&options, &err), 0);
	options.boots = 2;
	assert_int_equal(kb_target_check(&options, &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "--boots");
	kb_run_options_free(&options);
}

static void targets(void **state)
{
	static const char *const bad[] = {
		"ssh", "ssh:", "ssh:a,b", "ssh:a,", "ssh:a,ssh:a", "ssh:a,host",
	};

	(void)state;
	target_is("ssh:pi@a", 1);
	target_is("ssh:pi@a,ssh:b:2222,ssh:[::1]", 3);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kb_run_options options = { .accel = "auto" };
		struct kb_error err = { 0 };

		if (!kb_target_parse(&options, bad[i], &err))
			fail_msg("'%s' was taken", bad[i]);
		assert_error(&err, KB_EXIT_USAGE, "--target");
		kb_run_options_free(&options);
	}
}

/* The result's command line is for others to read. */
static void machines_are_told_by_name(void **state)
{
	static char *machines[] = { "pi@board", "me@10.0.0.5:22", "b" };
	char *words[] = { "kbench", "-tssh:pi@board,ssh:me@10.0.0.5:22,ssh:b",
			  "--target=ssh:pi@board", "ssh:b", "ssh:bc" };
	char **told = kb_told_command(5, words, NULL, 0);

	(void)state;
	kb_told_machines(told, 5, machines, 3);
	assert_string_equal(told[0], "kbench");
	assert_string_equal(told[1], "-tssh:board,ssh:ADDRESS,ssh:b");
	assert_string_equal(told[2], "--target=ssh:board");
	assert_string_equal(told[3], "ssh:b");
	assert_string_equal(told[4], "ssh:bc");
	kb_told_command_free(told, 5);
}

static void words_are(const char *said, const char *part)
{
	const struct kb_ssh_spec spec = { .user = "pi", .host = "board", .port = "2222" };
	char text[800];

	kb_ssh_words(&spec, said, text, sizeof(text));
	if (!strstr(text, part) || strchr(text, '\n') || strchr(text, '\r'))
		fail_msg("\"%s\" became \"%s\", wanted one line with \"%s\"", said, text, part);
}

static void words(void **state)
{
	static const char changed[] =
		"@@@@@@@@@@@@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n"
		"@@@@@@@@@@@@@@@\r\nIT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r\n"
		"Offending ED25519 key in /home/me/.ssh/known_hosts:7\r\n"
		"Host key for [board]:2222 has changed and you have requested strict checking.\r\n"
		"Host key verification failed.\r\n";

	(void)state;
	words_are(changed, "known_hosts:7");
	words_are(changed, "ssh-keygen -R '[board]:2222'");
	words_are("Host key verification failed.\r\n", "ssh -p 2222 pi@board");
	words_are("debug1: x\npi@board: Permission denied (publickey,password).\r\n",
		  "pi@board: Permission denied (publickey,password).; kbench asks for no password");
	words_are("pi@board: Permission denied (publickey).\n", "ssh-copy-id -p 2222 pi@board");
	words_are("ssh: Could not resolve hostname board: Name or service not known\r\n",
		  "Could not resolve hostname board");
	words_are("ssh: connect to host board port 2222: Connection timed out\r\n",
		  "connect to host board port 2222: Connection timed out; is it on");
	words_are("Connection timed out during banner exchange\n",
		  "ssh -p 2222 pi@board: Connection timed out during banner exchange");
	words_are("", "it ended without a word");
	words_are("\033[2Jx\n", "?[2Jx");
}

#define ANSWERS \
	"Welcome to the board\nkbench-probe release 6.12.9\r\nkbench-probe machine %s\n" \
	"kbench-probe bits %s\nkbench-probe user pi\nkbench-probe uid 1000\n" \
	"kbench-probe os ID=debian\nkbench-probe os ID_LIKE=\"x y\"\nkbench-probe modules yes\n" \
	"%skbench-probe sum 123 456\nkbench-probe wanted gcc-12\nkbench-probe end yes\n"

static void parse(struct kb_ssh_probe *probe, const char *machine, const char *bits,
		  const char *more)
{
	struct kb_error err = { 0 };
	char text[1024];

	snprintf(text, sizeof(text), ANSWERS, machine, bits, more);
	if (kb_ssh_probe_parse(probe, text, "board", &err))
		fail_msg("not taken: %s", err.text);
}

static void answers(void **state)
{
	struct kb_ssh_probe probe;
	struct kb_error err = { 0 };

	(void)state;
	parse(&probe, "aarch64", "64", "kbench-probe headers yes\nkbench-probe make yes\n"
	      "kbench-probe compiler gcc-12\nkbench-probe version gcc-12 (Debian) 12.2.0\n");
	assert_string_equal(probe.release, "6.12.9");
	assert_string_equal(probe.user, "pi");
	assert_string_equal(probe.os, "ID=debian\nID_LIKE=\"x y\"\n");
	assert_string_equal(probe.sum, "123 456");
	assert_string_equal(probe.version, "gcc-12 (Debian) 12.2.0");
	assert_false(probe.root);
	assert_true(probe.modules);
	assert_true(kb_ssh_probe_can_build(&probe, "board", &err));
	assert_string_equal(kb_ssh_probe_arch(&probe, "board", &err)->deb, "arm64");

	parse(&probe, "x86_64", "64", "kbench-probe uid 0\n");
	assert_true(probe.root);
	assert_string_equal(kb_ssh_probe_arch(&probe, "board", &err)->deb, "amd64");
	/* Cut short, or no shell of this kind at all. */
	assert_int_equal(kb_ssh_probe_parse(&probe, "kbench-probe release 6.1\n", "board", &err),
			 -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "ssh board uname -a");
}

static void what_is_missing(void **state)
{
	static const struct {
		const char	*more;
		const char	*says;
	} cases[] = {
		{ "", "headers of kernel 6.12.9 are missing on board (no "
		      "/lib/modules/6.12.9/build): sudo apt install linux-headers-6.12.9 there" },
		{ "kbench-probe headers yes\n",
		  "make and gcc-12, which build modules, are missing on board: sudo apt install "
		  "make gcc-12 there" },
		{ "kbench-probe headers yes\nkbench-probe make yes\n",
		  "gcc-12, which builds modules, is missing on board: sudo apt install gcc-12" },
		{ "kbench-probe headers yes\nkbench-probe compiler gcc\n",
		  "make, which builds modules, is missing on board: sudo apt install make" },
		{ "kbench-probe os ID=fedora\n", "linux-headers" },
	};
	struct kb_ssh_probe probe;
	struct kb_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err = (struct kb_error){ 0 };
		parse(&probe, "aarch64", "64", cases[i].more);
		assert_false(kb_ssh_probe_can_build(&probe, "board", &err));
		assert_error(&err, KB_EXIT_ENVIRONMENT, cases[i].says);
	}
	err = (struct kb_error){ 0 };
	strcpy(probe.os, "ID=fedora\n");
	kb_ssh_probe_can_build(&probe, "board", &err);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "sudo dnf install kernel-devel-6.12.9");
	err = (struct kb_error){ 0 };
	strcpy(probe.os, "ID=raspbian\nID_LIKE=debian\n");
	strcpy(probe.release, "6.1.21-v8+");
	kb_ssh_probe_can_build(&probe, "board", &err);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "sudo apt install raspberrypi-kernel-headers");
}

static void architectures(void **state)
{
	static const struct {
		const char	*machine;
		const char	*bits;
		const char	*says;
	} cases[] = {
		{ "armv7l", "32", "no agent (there are x86_64 and aarch64): a Raspberry Pi 3" },
		{ "aarch64", "32", "programs of 32, whose compiler builds no modules for it: "
				   "install a 64-bit system (Raspberry Pi OS, 64-bit)" },
		{ "x86_64", "32", "install a 64-bit system" },
		{ "riscv64", "64", "architecture riscv64" },
	};
	struct kb_ssh_probe probe;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kb_error err = { 0 };

		parse(&probe, cases[i].machine, cases[i].bits, "");
		assert_null(kb_ssh_probe_arch(&probe, "board", &err));
		assert_error(&err, KB_EXIT_ENVIRONMENT, cases[i].says);
	}
}

/* This machine answers, too. */
static void script_runs(void **state)
{
	static const char *const argv[] = { "sh", "-s", NULL };
	struct kb_command command = {
		.argv = argv, .input = kb_ssh_probe_script,
		.input_length = strlen(kb_ssh_probe_script), .timeout = 60,
	};
	struct kb_ssh_probe probe;
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(kb_command_run(&command, &err), 0);
	assert_string_equal(command.errors, "");
	assert_int_equal(kb_ssh_probe_parse(&probe, command.output, "here", &err), 0);
	kb_command_free(&command);
	assert_non_null(kb_ssh_probe_arch(&probe, "here", &err));
	assert_true(probe.make);
	assert_true(probe.compiler[0] && probe.sum[0] && probe.user[0]);
	assert_non_null(strstr(probe.os, "ID="));
}

static void far_cpus(void **state)
{
	json_t *machine = json_pack("{s:[{s:i,s:i,s:i,s:i}, {s:i,s:i,s:i,s:i}, {s:i,s:i,s:i,s:i}, "
				    "{s:i,s:i,s:i,s:i}]}", "topology",
				    "cpu", 4, "core", 0, "package", 1, "node", 1,
				    "cpu", 0, "core", 0, "package", 0, "node", 0,
				    "cpu", 1, "core", 7, "package", 0, "node", 0,
				    "cpu", 3, "core", 0, "package", 0, "node", 0);
	static const unsigned int wanted[][4] = {
		{ 0, 0, 0, 0 }, { 1, 1, 0, 0 }, { 3, 0, 0, 0 }, { 4, 4, 1, 1 },
	};
	struct kb_topology topology;
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(kb_topology_of(&topology, machine, &err), 0);
	assert_int_equal(topology.nr, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(topology.cpus[i].number, wanted[i][0]);
		assert_int_equal(topology.cpus[i].core, wanted[i][1]);
		assert_int_equal(topology.cpus[i].package, wanted[i][2]);
		assert_int_equal(topology.cpus[i].node, wanted[i][3]);
	}
	kb_topology_free(&topology);
	json_decref(machine);
	assert_int_equal(kb_topology_of(&topology, NULL, &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "names no CPU");
}

static void far_fidelity(void **state)
{
	(void)state;
	assert_string_equal(kb_hypervisor_fidelity(""), "native");
	assert_string_equal(kb_hypervisor_fidelity("KVMKVMKVM"), "virtual");
	assert_string_equal(kb_hypervisor_fidelity("TCGTCGTCGTCG"), "tcg");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specs),
		cmocka_unit_test(bad_specs),
		cmocka_unit_test(targets),
		cmocka_unit_test(machines_are_told_by_name),
		cmocka_unit_test(words),
		cmocka_unit_test(answers),
		cmocka_unit_test(what_is_missing),
		cmocka_unit_test(architectures),
		cmocka_unit_test(script_runs),
		cmocka_unit_test(far_cpus),
		cmocka_unit_test(far_fidelity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
