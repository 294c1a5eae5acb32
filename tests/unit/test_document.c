// SPDX-License-Identifier: GPL-2.0
/* Documents: what is escaped, and how tables stand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "document.h"
#include "plain_text.h"

#define HOSTILE	"</p><script>\"x' & \x1b[1m"

static struct kb_document write_all(enum kb_document_format format)
{
	static const struct kb_tile tile = { .figure = "3", .label = HOSTILE };
	static const char *const titles[] = { HOSTILE };
	static const struct kb_picture_text text = { .caption = HOSTILE, .mark = HOSTILE };
	struct kb_document doc;
	struct kb_sheet sheet;
	struct kb_sheet_cell *row;

	assert_int_equal(kb_document_begin(&doc, format, HOSTILE), 0);
	kb_document_tiles(&doc, &tile, 1);
	kb_document_note(&doc, KB_TONE_WARN, "%s", HOSTILE);
	kb_document_item(&doc, HOSTILE, "%s", HOSTILE);
	kb_document_contents(&doc, titles, 1);
	kb_document_section(&doc, HOSTILE);
	kb_document_heading(&doc, "%s", HOSTILE);
	kb_document_text(&doc, "%s", HOSTILE);
	kb_document_picture(&doc, &text, "<svg>", 5);
	kb_sheet_begin(&sheet, "%s", HOSTILE);
	kb_sheet_column(&sheet, HOSTILE, KB_SHEET_LEFT);
	kb_sheet_column(&sheet, HOSTILE, KB_SHEET_RIGHT);
	row = kb_sheet_row(&sheet);
	assert_non_null(row);
	kb_cell(&row[0], "%s", HOSTILE);
	kb_cell(&row[1], "%s", HOSTILE);
	row[1].tone = KB_TONE_BAD;
	kb_document_sheet(&doc, &sheet);
	kb_sheet_free(&sheet);
	assert_int_equal(kb_document_end(&doc, HOSTILE), 0);
	return doc;
}

static size_t count(const char *text, const char *part)
{
	size_t nr = 0;

	for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
		nr++;
	return nr;
}

/* Titles twice, in the head and above the page; captions and marks in what names a picture, too. */
static void test_html_escapes(void **state)
{
	struct kb_document doc = write_all(KB_DOCUMENT_HTML);

	(void)state;
	assert_int_equal(count(doc.text, "<script"), 0);
	assert_int_equal(count(doc.text, "\x1b"), 0);
	assert_int_equal(count(doc.text, "&lt;/p&gt;&lt;script&gt;&quot;x&#39; &amp; "), 22);
	assert_int_equal(strlen(doc.text), doc.size);
	kb_document_free(&doc);
}

static void test_markdown_escapes(void **state)
{
	struct kb_document doc = write_all(KB_DOCUMENT_MARKDOWN);

	(void)state;
	assert_int_equal(count(doc.text, "<script"), count(doc.text, "\\<script"));
	assert_int_equal(count(doc.text, "\x1b"), 0);
	assert_int_equal(count(doc.text, "\\<script\\>\"x' \\& ?\\[1m"), 14);
	kb_document_free(&doc);
}

/* Characters of every length stay; controls, turned directions and broken UTF-8 do not. */
static void test_characters(void **state)
{
	static const struct {
		const char	*text;
		size_t		length;
	} cases[] = {
		{ "a", 1 }, { "\xc3\xa4", 2 }, { "\xe2\x82\xac", 3 }, { "\xf0\x9f\x90\xa7", 4 },
		{ "", 0 }, { "\n", 0 }, { "\x1b", 0 }, { "\x7f", 0 }, { "\xc2\x85", 0 },
		{ "\xc2\xa0", 2 }, { "\xe2\x80\xae", 0 }, { "\xe2\x80\xaf", 3 },
		{ "\xe2\x81\xa6", 0 }, { "\xe2\x80\x8e", 0 }, { "\xe2\x80\x8f", 0 },
		{ "\xe2\x80\x8d", 3 }, { "\xff", 0 }, { "\xc3", 0 }, { "\xe2\x82", 0 },
	};
	char *plain = kb_plain_text("a\xff\xc3\xa4\n");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(kb_character(cases[i].text), cases[i].length);
	assert_string_equal(plain, "a?\xc3\xa4?");
	free(plain);
}

/* Every length modulo 3, against base64's own definition: RFC 4648, section 10. */
static void test_base64(void **state)
{
	static const struct {
		const char	*plain;
		const char	*coded;
	} cases[] = {
		{ "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\xff\xef\xbe", "/+++" },
	};
	static const struct kb_picture_text text = { .caption = "c" };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kb_document doc;
		char wanted[64];

		assert_int_equal(kb_document_begin(&doc, KB_DOCUMENT_HTML, "t"), 0);
		kb_document_picture(&doc, &text, cases[i].plain, strlen(cases[i].plain));
		assert_int_equal(kb_document_end(&doc, ""), 0);
		snprintf(wanted, sizeof(wanted), "base64,%s\"", cases[i].coded);
		assert_non_null(strstr(doc.text, wanted));
		kb_document_free(&doc);
	}
}

static struct kb_document write_sheet(enum kb_document_format format, size_t folded)
{
	struct kb_document doc;
	struct kb_sheet sheet;

	assert_int_equal(kb_document_begin(&doc, format, "t"), 0);
	kb_sheet_begin(&sheet, "c");
	sheet.folded = folded;
	sheet.legend = strdup("how to read it");
	kb_sheet_column(&sheet, "NAME", KB_SHEET_LEFT);
	kb_sheet_column(&sheet, "EMPTY", KB_SHEET_LEFT);
	kb_sheet_column(&sheet, "", KB_SHEET_DRAWN);
	kb_sheet_column(&sheet, "N", KB_SHEET_RIGHT);
	for (int i = 8; i < 11; i++) {
		struct kb_sheet_cell *row = kb_sheet_row(&sheet);

		assert_non_null(row);
		kb_cell(&row[0], "a_b|%d", i);
		row[2].low = -1;
		row[2].mid = 0.25F;
		row[2].high = 2;
		kb_cell(&row[3], "%d", i);
	}
	kb_document_sheet(&doc, &sheet);
	kb_sheet_free(&sheet);
	assert_int_equal(kb_document_end(&doc, ""), 0);
	return doc;
}

/* Empty columns and drawings are not there, the others are aligned; a name's underscore stays. */
static void test_markdown_sheet(void **state)
{
	struct kb_document doc = write_sheet(KB_DOCUMENT_MARKDOWN, 1);

	(void)state;
	assert_non_null(strstr(doc.text, "| NAME    |   N |\n"
					 "| :------ | --: |\n"
					 "| a_b\\|8  |   8 |\n"
					 "| a_b\\|9  |   9 |\n"
					 "| a_b\\|10 |  10 |\n\n"));
	assert_null(strstr(doc.text, "how to read it"));
	kb_document_free(&doc);
}

/* Drawings stay within their cell; rows beyond the fold are there, in a table of their own. */
static void test_html_sheet(void **state)
{
	struct kb_document doc = write_sheet(KB_DOCUMENT_HTML, 1);

	(void)state;
	assert_null(strstr(doc.text, "EMPTY"));
	assert_int_equal(count(doc.text, "<table"), 2);
	assert_int_equal(count(doc.text, "left:0.0%;width:100.0%"), 3);
	assert_int_equal(count(doc.text, "left:25.0%"), 3);
	assert_non_null(strstr(doc.text, "2 more rows"));
	assert_non_null(strstr(doc.text, "how to read it"));
	kb_document_free(&doc);
	doc = write_sheet(KB_DOCUMENT_HTML, 3);
	assert_int_equal(count(doc.text, "<table"), 1);
	kb_document_free(&doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html_escapes),
		cmocka_unit_test(test_markdown_escapes),
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_markdown_sheet),
		cmocka_unit_test(test_html_sheet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
