// SPDX-License-Identifier: GPL-2.0
/* Debian's suites beside the machine's own: the data file, the mirror, the index of kernels. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debian.h"
#include "kernel.h"
#include "kernel_index.h"
#include "paths.h"

static const char targets[] =
	"|||http://other.example/apt/||stable|/etc/apt/sources.list:3\n"
	"Debian|Debian-Security|main|http://mirror.example/security/|bookworm-security|"
	"oldstable-security|/etc/apt/sources.list.d/debian.sources:2\n"
	"Debian|Debian|contrib|http://mirror.example/debian/|bookworm|oldstable|/x:1\n"
	"Debian|Debian|main|http://mirror.example/debian/|bookworm|oldstable|"
	"/etc/apt/sources.list.d/debian.sources:1\n"
	"Debian|Debian|main|http://mirror.example/debian/|bookworm-updates|oldstable-updates|"
	"/etc/apt/sources.list.d/debian.sources:1\n"
	"Debian|Debian|main|http://second.example/debian/|trixie|stable|/y:9\n"
	"Debian|Debian|main|cut off";

static void mirror(void **state)
{
	struct kb_debian debian;
	char *entry;

	(void)state;
	assert_true(kb_debian_parse(&debian, targets, &entry));
	assert_string_equal(debian.uri, "http://mirror.example/debian/");
	assert_string_equal(entry, "/etc/apt/sources.list.d/debian.sources:1");
	assert_non_null(strstr(debian.own, " bookworm "));
	assert_non_null(strstr(debian.own, " oldstable-updates "));
	/* What another mirror has is not of this one. */
	assert_null(strstr(debian.own, "trixie"));
	free(entry);
	kb_debian_clear(&debian);
}

static void no_mirror(void **state)
{
	static const char *const others[] = {
		"", "\n\n", "Ubuntu|Ubuntu|main|http://x/|noble|noble|/etc/apt/sources.list:1\n",
		"Debian|Debian Backports|main|http://x/|trixie-backports|stable-backports|/e:1\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct kb_debian debian;
		char *entry;

		assert_false(kb_debian_parse(&debian, others[i], &entry));
		assert_null(entry);
		kb_debian_clear(&debian);
	}
}

static void key_is(const char *text, bool stanzas, unsigned long number, const char *wanted)
{
	char *key = kb_debian_key(text, stanzas, number);

	if (wanted)
		assert_string_equal(key, wanted);
	else
		assert_null(key);
	free(key);
}

static void keys(void **state)
{
	static const char sources[] =
		"# The first\nTypes: deb\nURIs: http://x/\n# in between\nsigned-by: /k/a.gpg\n\n\n"
		"Types: deb\nURIs: http://y/\n\n"
		"Signed-By:\n -----BEGIN-----\n .\n abc=\n -----END-----\nTypes: deb\n";
	static const char list[] =
		"# deb http://no/ x main\n"
		"deb [arch=amd64 signed-by=/k/b.gpg] http://x/ bookworm main\n"
		"deb [ signed-by=/k/c.asc,/k/d.asc ] http://x/ trixie main\n"
		"deb http://x/signed-by=no/ sid main";

	(void)state;
	key_is(sources, true, 1, "/k/a.gpg");
	key_is(sources, true, 2, NULL);
	key_is(sources, true, 3, "\n -----BEGIN-----\n .\n abc=\n -----END-----");
	key_is(sources, true, 4, NULL);
	key_is(sources, true, 0, NULL);
	key_is(list, false, 1, NULL);
	key_is(list, false, 2, "/k/b.gpg");
	key_is(list, false, 3, "/k/c.asc,/k/d.asc");
	key_is(list, false, 4, NULL);
	key_is(list, false, 5, NULL);
}

static void suites(void **state)
{
	struct kb_debian debian = { .own = (char *)" bookworm  oldstable " };
	struct kb_error err = { 0 };
	char *names = kb_debian_suites(&debian, "# all\n\nbookworm\n trixie\n", &err);

	(void)state;
	assert_null(names);
	assert_error(&err, KB_EXIT_USAGE, "line 4");
	names = kb_debian_suites(&debian, "# all\n\nbookworm\ntrixie # 13\ntrixie-backports\r\nsid",
				 &err);
	assert_string_equal(names, "trixie trixie-backports sid");
	free(names);
	names = kb_debian_suites(&debian, "", &err);
	assert_string_equal(names, "");
	free(names);
	err = (struct kb_error){ 0 };
	assert_null(kb_debian_suites(&debian, "sid\nsid main\n", &err));
	assert_error(&err, KB_EXIT_USAGE, "line 2: 'sid main'");
	err = (struct kb_error){ 0 };
	assert_null(kb_debian_suites(&debian, "../etc\n", &err));
	assert_error(&err, KB_EXIT_USAGE, "'../etc'");
}

/* The file that comes with kbench. */
static void data_file(void **state)
{
	struct kb_debian none = { 0 };
	struct kb_error err = { 0 };
	char *text = kb_read_text(TESTS_DIR "/../runner/kernel/debian-suites", NULL);
	char *names;

	(void)state;
	assert_non_null(text);
	names = kb_debian_suites(&none, text, &err);
	if (!names)
		fail_msg("%s", err.text);
	assert_true(*names);
	free(names);
	free(text);
}

static void sources(void **state)
{
	struct kb_debian debian = { .uri = (char *)"http://x/" };
	char *text = kb_debian_sources(&debian, "trixie sid"), *base;

	(void)state;
	assert_string_equal(text, "Types: deb\nURIs: http://x/\nSuites: trixie sid\n"
			    "Components: main\n");
	free(text);
	debian.signed_by = (char *)"\n abc";
	text = kb_debian_sources(&debian, "sid");
	assert_non_null(strstr(text, "\nSigned-By: \n abc\n"));
	free(text);
	base = kb_debian_base("trixie-backports");
	assert_string_equal(base, "trixie");
	free(base);
	base = kb_debian_base("sid");
	assert_string_equal(base, "sid");
	free(base);
}

/* Where an image is: in 7.x in a package of binaries, signed or not; before in the image's. */
static void index_of(void **state)
{
	static const char headers[] =
		"linux-headers-7.3.4+deb13-amd64\nlinux-headers-7.3.4+deb13-common\n"
		"linux-headers-7.4.1+deb13-rt-amd64\nlinux-headers-amd64\n"
		"linux-headers-6.12.117+deb12-cloud-amd64\nlinux-headers-6.12.118+deb12-amd64\n"
		"linux-headers-6.12.119+deb12-amd64\n";
	static const char images[] =
		"linux-image-7.3.4+deb13-amd64\nlinux-image-7.4.1+deb13-rt-amd64\n"
		"linux-image-6.12.117+deb12-cloud-amd64\n"
		"linux-image-6.12.118+deb12-amd64-unsigned\nlinux-binary-7.3.4+deb13-amd64\n"
		"linux-binary-unsigned-7.4.1+deb13-rt-amd64\n";
	static const char places[] =
		"linux-headers-7.3.4+deb13-amd64 | 7.3.4-1~bpo13+1 | http://x/debian "
		"trixie-backports/main amd64 Packages\n"
		"  linux-headers-6.12.117+deb12-cloud-amd64 | 6.12.117-1 | http://y "
		"bookworm/main amd64 Packages\n"
		"linux-headers-6.12.118+deb12-amd64 | 6.12.118-1\n";
	char *index = kb_kernel_index_make(headers, images, places);

	(void)state;
	assert_string_equal(index,
			    "7.3.4+deb13-amd64 linux-binary-7.3.4+deb13-amd64 trixie-backports\n"
			    "7.4.1+deb13-rt-amd64 linux-binary-unsigned-7.4.1+deb13-rt-amd64\n"
			    "6.12.117+deb12-cloud-amd64 linux-image-6.12.117+deb12-cloud-amd64 "
			    "bookworm\n"
			    "6.12.118+deb12-amd64 linux-image-6.12.118+deb12-amd64-unsigned\n");
	free(index);
}

static bool any(const struct kb_kernel_info *info, const void *flavour)
{
	return !strcmp(info->parts.flavour, flavour);
}

static void put(struct kb_kernel_list *list, const char *release, bool other)
{
	struct kb_kernel_info *info = &list->kernels[list->nr++];

	*info = (struct kb_kernel_info){ .suites = other };
	assert_true(kb_release_parse(&info->parts, release));
	strcpy(info->release, release);
}

/* Sorted, as lists are. */
static void meant_and_near(void **state)
{
	struct kb_kernel_info kernels[40];
	struct kb_kernel_list list = { .kernels = kernels };
	struct kb_spec spec;
	char *names;

	(void)state;
	put(&list, "6.1.0-57-amd64", false);
	put(&list, "6.1.0-57-arm64", false);
	put(&list, "6.12.117+deb12-amd64", false);
	put(&list, "6.12.117+deb12-cloud-amd64", false);
	put(&list, "6.12.117+deb12-rt-amd64", false);
	put(&list, "6.12.117+deb13-amd64", true);
	put(&list, "7.2.13+deb14-amd64", true);
	put(&list, "7.2.13+deb14-rt-amd64", true);
	/* The machine's own come first, others where it has none. */
	assert_string_equal(kb_kernel_list_newest(&list, any, "cloud")->release,
			    "6.12.117+deb12-cloud-amd64");
	assert_string_equal(kb_kernel_list_newest(&list, any, "")->release,
			    "6.12.117+deb12-amd64");
	assert_null(kb_kernel_list_newest(&list, any, "none"));

	assert_true(kb_release_parse(&spec, "5.99.1-amd64"));
	names = kb_kernel_list_near(&list, &spec);
	assert_string_equal(names, "6.1, 6.12, 7.2");
	free(names);
	assert_true(kb_release_parse(&spec, "6.12.999+deb12-amd64"));
	names = kb_kernel_list_near(&list, &spec);
	assert_string_equal(names, "6.12.117+deb12-amd64, 6.12.117+deb13-amd64");
	free(names);
	assert_true(kb_release_parse(&spec, "6.12.117+deb12-foo-amd64"));
	names = kb_kernel_list_near(&list, &spec);
	assert_string_equal(names, "6.12, 6.12-cloud, 6.12-rt");
	free(names);
	for (int i = 1; i <= 20; i++) {
		char release[64];

		snprintf(release, sizeof(release), "8.%d.1-amd64", i);
		put(&list, release, true);
	}
	assert_true(kb_release_parse(&spec, "5.99.1-amd64"));
	names = kb_kernel_list_near(&list, &spec);
	assert_string_equal(names, "8.13, 8.14, 8.15, 8.16, 8.17, 8.18, 8.19, 8.20");
	free(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mirror),
		cmocka_unit_test(no_mirror),
		cmocka_unit_test(keys),
		cmocka_unit_test(suites),
		cmocka_unit_test(data_file),
		cmocka_unit_test(sources),
		cmocka_unit_test(index_of),
		cmocka_unit_test(meant_and_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
