// SPDX-License-Identifier: GPL-2.0
#include "writeup_write.h"

#include <stdlib.h>
#include <string.h>

#include "paths.h"

#ifndef KBENCH_COMMIT
#define KBENCH_COMMIT	"unknown"
#endif

#include "../../kbench/uapi/kbench.h"

/* Suites that a title has room for. */
#define TITLE_SUITES	3

/** struct part - a section; @write gets @suite, where there is one */
struct part {
	char		*title;
	int		(*write)(struct kb_writeup *page, const char *suite);
	const char	*suite;
};

/** struct parts - all of them, in order */
struct parts {
	struct part	*list;
	size_t		nr;
};

static int write_verdicts(struct kb_writeup *page, const char *suite)
{
	(void)suite;
	return kb_writeup_verdicts(page);
}

static int write_perf(struct kb_writeup *page, const char *suite)
{
	(void)suite;
	return kb_writeup_perf(page);
}

static int write_unmeasured(struct kb_writeup *page, const char *suite)
{
	(void)suite;
	return kb_writeup_unmeasured(page);
}

static int write_facts(struct kb_writeup *page, const char *suite)
{
	(void)suite;
	return kb_writeup_facts(page);
}

static int write_warnings(struct kb_writeup *page, const char *suite)
{
	(void)suite;
	kb_writeup_warnings(page);
	return 0;
}

static int write_reading(struct kb_writeup *page, const char *suite)
{
	(void)suite;
	kb_document_item(&page->doc, "PER OP", "is the time of one operation (or, with the unit "
			 "insn, its instructions) as one worker sees it: the mean of the workers' "
			 "medians. All CPUs work at the same time, so waiting for each other is "
			 "in it.");
	kb_document_item(&page->doc, "RATIO", "is the cost over that of the cheapest on as many "
			 "CPUs.");
	kb_document_item(&page->doc, "95 % INTERVAL", "is where that lies: of one boot by its "
			 "samples, of several boots between these, of a change by the boots of "
			 "both kernels.");
	kb_document_item(&page->doc, "regressed, improved:", "the whole interval is beyond the "
			 "threshold, corrected for the number of cases. equivalent: it surely is "
			 "within. inconclusive: the boots do not tell; DETECTABLE is the smallest "
			 "change that so many find in 80 of 100 experiments. differs: the "
			 "interval excludes no change, by less than the threshold or by what the "
			 "number of cases makes of it. *: an estimate that outliers do not move "
			 "is outside of the interval.");
	kb_document_item(&page->doc, "SPREAD", "is the standard deviation of the samples over "
			 "their mean, OPS what all CPUs did together in a second, FAIR the "
			 "slowest CPU's share of the fastest's.");
	kb_document_item(&page->doc, "selfcheck/empty", "is what the loop itself costs. It is "
			 "subtracted from nothing.");
	return 0;
}

static void add_part(struct parts *parts, char *title,
		     int (*write)(struct kb_writeup *page, const char *suite), const char *suite)
{
	parts->list[parts->nr++] = (struct part){ title, write, suite };
}

static int choose_parts(struct parts *parts, const struct kb_writeup *page)
{
	const json_t *value;
	const char *suite;

	parts->list = calloc(json_object_size(page->suites) + 6, sizeof(*parts->list));
	if (!parts->list)
		return -1;
	if (page->nr_verdicts)
		add_part(parts, kb_path("What changed"), write_verdicts, NULL);
	json_object_foreach(page->suites, suite, value)
		add_part(parts, kb_path("Suite %s", suite), kb_writeup_suite, suite);
	if (kb_writeup_has_perf(page))
		add_part(parts, kb_path("What perf saw"), write_perf, NULL);
	if (kb_writeup_has_unmeasured(page))
		add_part(parts, kb_path("Not measured"), write_unmeasured, NULL);
	add_part(parts, kb_path("Machine, kernel, configuration"), write_facts, NULL);
	/* Whether pictures are missing shows while they are drawn, which is behind the contents. */
	if (kb_writeup_has_warnings(page))
		add_part(parts, kb_path("Warnings"), write_warnings, NULL);
	add_part(parts, kb_path("How to read this"), write_reading, NULL);
	return 0;
}

static int write_parts(struct kb_writeup *page, const struct parts *parts)
{
	const char **titles = calloc(parts->nr + 1, sizeof(*titles));
	int bad = !titles;

	for (size_t i = 0; !bad && i < parts->nr; i++)
		titles[i] = parts->list[i].title;
	if (!bad)
		kb_document_contents(&page->doc, titles, parts->nr);
	for (size_t i = 0; !bad && i < parts->nr; i++) {
		kb_document_section(&page->doc, parts->list[i].title);
		bad = parts->list[i].write(page, parts->list[i].suite);
	}
	free(titles);
	return bad;
}

/* "locks, counters on 6.12.117+deb12-cloud-amd64", "... on 5 kernels" */
static char *make_title(const struct kb_writeup *page)
{
	size_t all = json_object_size(page->suites), nr = 0, size;
	const json_t *value;
	const char *suite;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return kb_path("kbench report");
	json_object_foreach(page->suites, suite, value) {
		if (nr == TITLE_SUITES || (nr && !strcmp(suite, "selfcheck")))
			break;
		fprintf(out, "%s%s", nr++ ? ", " : "", suite);
	}
	if (nr == TITLE_SUITES && all > nr + 1)
		fprintf(out, " and %zu more suites", all - nr);
	if (page->nr_sides == 1)
		fprintf(out, " on %s", page->sides[0].name);
	else if (page->nr_verdicts == 1 && page->compared)
		fprintf(out, ": %s against %s", page->sides[page->verdicts[0].b].name,
			page->sides[page->verdicts[0].a].name);
	else
		fprintf(out, " on %zu %s", page->nr_sides,
			page->compared ? "kernels" : "results");
	fclose(out);
	return text;
}

int kb_writeup_write(struct kb_writeup *page, enum kb_document_format format, const char *title,
		     struct kb_error *err)
{
	char *made = title ? kb_path("%s", title) : make_title(page);
	struct parts parts = { .nr = 0 };
	int bad = kb_document_begin(&page->doc, format, made) || choose_parts(&parts, page) ||
		  kb_writeup_summary(page) || kb_writeup_trust(page) ||
		  kb_writeup_stands_out(page) || write_parts(page, &parts) ||
		  kb_document_end(&page->doc, "Made by kbench " KBENCH_VERSION " (commit "
				  KBENCH_COMMIT ") from the result files named above.");

	for (size_t i = 0; i < parts.nr; i++)
		free(parts.list[i].title);
	free(parts.list);
	free(made);
	if (page->failed.exit != KB_EXIT_OK)
		return kb_fail(err, page->failed.exit, "%s", page->failed.text);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory: report fewer results") : 0;
}
