// SPDX-License-Identifier: GPL-2.0
/* kbench report: result files as one page. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>

#include "cli.h"
#include "command.h"
#include "outfile.h"
#include "writeup_files.h"
#include "writeup_make.h"
#include "writeup_pictures.h"
#include "writeup_write.h"
#include "paths.h"
#include "percent.h"

enum {
	OPT_TITLE = 0x100,
	OPT_THRESHOLD,
	OPT_NO_PLOTS,
};

/* @paths, @output, @title: point into argv; @nr_paths of the first */
struct report {
	char			**paths;
	int			nr_paths;
	const char		*output;
	const char		*title;
	bool			no_plots;
	enum kb_document_format	format;
	struct kb_compare_rules	rules;
	struct kb_error		*err;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "the report to write: its name ends in .html or .md", 0 },
	{ "title", OPT_TITLE, "TEXT", 0, "of the page, in place of what was measured", 0 },
	{ "threshold", OPT_THRESHOLD, "PERCENT", 0,
	  "changes of times below it do not matter (default 0.5%)", 0 },
	{ "no-plots", OPT_NO_PLOTS, NULL, 0, "tables and words alone", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct report *report = state->input;

	switch (key) {
	case 'o':
		report->output = arg;
		return 0;
	case OPT_TITLE:
		report->title = arg;
		return 0;
	case OPT_THRESHOLD:
		return kb_parse_threshold(&report->rules, arg, report->err) ? EINVAL : 0;
	case OPT_NO_PLOTS:
		report->no_plots = true;
		return 0;
	case ARGP_KEY_ARGS:
		report->paths = state->argv + state->next;
		report->nr_paths = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_report_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE|DIRECTORY...",
	.doc = "Write a report of result files: one page, to be sent and kept.\v"
	       "An HTML page is one file, with its plots in it. It needs no network and no script, "
	       "is light or dark as its reader has it, and can be printed. Markdown has the same "
	       "words and tables.\n\n"
	       "The page says first in words what was measured, how far to trust it and what "
	       "stands out. Results of several kernels are compared as 'kbench compare --by "
	       "kernel' does it, those of one kernel and machine taken together; the first "
	       "release is the base. Then follow the suites, the machine, kernel and "
	       "configuration, and the warnings.\n\n"
	       "Where gnuplot is missing the page has no plots, and a note says so.",
};

static int set_format(struct report *report)
{
	if (kb_ends_with(report->output, ".html") || kb_ends_with(report->output, ".htm"))
		report->format = KB_DOCUMENT_HTML;
	else if (kb_ends_with(report->output, ".md"))
		report->format = KB_DOCUMENT_MARKDOWN;
	else
		return kb_fail(report->err, KB_EXIT_USAGE, "-o %s: a report's name ends in .html "
			       "or .md", report->output);
	return 0;
}

static int check(struct report *report)
{
	if (!report->nr_paths)
		return kb_fail(report->err, KB_EXIT_USAGE, "which results? give files written by "
			       "kbench run, as in 'kbench report results/*.json -o report.html'");
	if (!report->output)
		return kb_fail(report->err, KB_EXIT_USAGE, "where to? give the page's name, as in "
			       "'-o report.html'");
	return set_format(report) || kb_outfile_check(report->output, report->err) ? -1 : 0;
}

static int put(const struct report *report, const struct kb_document *doc)
{
	struct kb_outfile file = { .fd = -1 };
	int ret = kb_outfile_open(&file, report->output, report->err) ||
		  kb_outfile_write(&file, doc->text, doc->size, report->err) ||
		  kb_outfile_sync(&file, report->err) ||
		  kb_outfile_rename(&file, report->err);

	kb_outfile_close(&file);
	return ret ? -1 : 0;
}

static int note_lean(struct kb_writeup *page, const struct kb_writeup_files *files)
{
	char *text;
	int bad;

	if (!files->lean)
		return 0;
	text = kb_path("the result files are large, %zu MB: latencies, rates and the spread "
		       "within boots are left out; report fewer of them to see these",
		       files->bytes >> 20);
	bad = json_array_append_new(page->notes, json_string(text));
	free(text);
	return bad;
}

static void note_each(const json_t *texts)
{
	const json_t *text;
	size_t i;

	json_array_foreach(texts, i, text)
		kb_note("%s", json_string_value(text));
}

static int run(const struct report *report)
{
	json_t *ignored = json_array();
	struct kb_writeup_files files = { .nr = 0 };
	struct kb_writeup page = { .nr_sides = 0 };
	int ret = kb_writeup_files_read(&files, report->paths, report->nr_paths, ignored,
					report->err);

	if (!ret)
		ret = kb_writeup_make(&page, files.results, files.nr, &report->rules, report->err);
	if (!ret && note_lean(&page, &files))
		ret = kb_fail(report->err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (!ret && report->format == KB_DOCUMENT_HTML)
		kb_writeup_pictures_begin(&page, report->no_plots);
	if (!ret)
		ret = kb_writeup_write(&page, report->format, report->title, report->err);
	if (!ret)
		ret = put(report, &page.doc);
	if (!ret) {
		note_each(ignored);
		if (page.pictureless && !report->no_plots)
			kb_note("%s has no plots: %s", report->output, page.pictureless);
	}
	kb_writeup_free(&page);
	kb_writeup_files_free(&files);
	json_decref(ignored);
	return ret;
}

int kb_cmd_report(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct report report = {
		.rules = {
			.by = KB_COMPARE_KERNEL,
			.rules = { .confidence = 0.95, .delta = KB_DEFAULT_DELTA, .power = 0.8 },
			.default_delta = true,
		},
		.err = &err,
	};
	int ret = kb_cli_parse(&kb_report_argp, argc, argv, &report, &err);

	if (ret > 0)
		return KB_EXIT_OK;
	if (!ret && !check(&report))
		run(&report);
	return kb_cli_report(&err);
}
