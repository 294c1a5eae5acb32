// SPDX-License-Identifier: GPL-2.0
/* Lines broken at words, and tables that fit a screen. */
#include "support.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wrap.h"

/* @line as kb_wrap_line() prints it, without the newline at its end. */
static char *wrapped(const char *line, size_t width)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	kb_wrap_line(line, width, out);
	fclose(out);
	assert_int_equal(text[size - 1], '\n');
	text[size - 1] = '\0';
	return text;
}

static void assert_wrapped(const char *line, size_t width, const char *wanted)
{
	char *text = wrapped(line, width);

	assert_string_equal(text, wanted);
	free(text);
}

static void what_fits_stays(void **state)
{
	(void)state;
	assert_wrapped("", 10, "");
	assert_wrapped("0123456789", 10, "0123456789");
	assert_wrapped("   indented", 11, "   indented");
}

static void lines_break_at_words(void **state)
{
	(void)state;
	assert_wrapped("one two three", 9, "one two\n  three");
	assert_wrapped("one two three", 3, "one\n  t\n  w\n  o\n  t\n  h\n  r\n  e\n  e");
	assert_wrapped("  in two places", 10, "  in two\n    places");
}

static void what_follows_a_name_stands_below_its_text(void **state)
{
	(void)state;
	assert_wrapped("note     one two three four", 20, "note     one two\n         three four");
	/* No room for that: the indentation is small. */
	assert_wrapped("note     one two", 12, "note     one\n  two");
	/* Nor is there more below a name for a word that is too long beside it. */
	assert_wrapped("  35.8 %  one_two_three", 20, "  35.8 %  one_two_\n          three");
}

static void long_words_break_behind_signs(void **state)
{
	(void)state;
	assert_wrapped("/usr/lib/modules", 10, "/usr/lib/\n  modules");
	assert_wrapped("atomic_add_return:", 12, "atomic_add_\n  return:");
	assert_wrapped("abcdefghij", 6, "abcdef\n  ghij");
	assert_int_equal(kb_word_width("see /usr/lib/modules"), 7);
	assert_int_equal(kb_word_width("a,bcd,e"), 4);
}

static void width_is_what_a_screen_shows(void **state)
{
	(void)state;
	assert_int_equal(kb_columns_of("\033[31mred\033[0m"), 3);
	if (setlocale(LC_CTYPE, "C.UTF-8")) {
		assert_int_equal(kb_columns_of("\xc3\xa4\xc3\xb6"), 2);
		assert_int_equal(kb_columns_of("\xe6\x97\xa5"), 2);
		assert_wrapped("\xe6\x97\xa5\xe6\x97\xa5", 3, "\xe6\x97\xa5\n  \xe6\x97\xa5");
	}
	/* Bytes that are no character take a column each. */
	assert_int_equal(kb_columns_of("a\xff" "b"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_stays),
		cmocka_unit_test(lines_break_at_words),
		cmocka_unit_test(what_follows_a_name_stands_below_its_text),
		cmocka_unit_test(long_words_break_behind_signs),
		cmocka_unit_test(width_is_what_a_screen_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
