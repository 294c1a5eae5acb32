// SPDX-License-Identifier: GPL-2.0
/* How far the figures can be trusted, in words. */
#include "writeup.h"

#include <math.h>
#include <string.h>

#include "losses.h"
#include "table.h"

/* An interval that reaches farther than so much to either side tells little. */
#define WIDE	0.05

/* Flags that bear on the figures, and what they say. */
static const struct {
	const char	*name;
	const char	*means;
} flags[] = {
	{ "few-samples", "have fewer than six samples of some worker (few-samples)" },
	{ "no-steady-state", "never came to a steady level (no-steady-state)" },
	{ "fixed-large", "have batches so short that reading the clock shows (fixed-large)" },
	{ "zero-time", "lost samples in which the clock did not advance (zero-time)" },
	{ "irq-off-long", "held interrupts off for more than 10 ms (irq-off-long)" },
	{ "takes-turns", "counted one CPU after the other, so that waiting for other CPUs does not "
			 "show (takes-turns)" },
	{ "state-dependent", "count otherwise from seed to seed (state-dependent)" },
};

static const struct {
	const char	*name;
	const char	*means;
} fidelities[] = {
	{ "native", "measured on the hardware itself" },
	{ "virtual", "measured in a virtual machine, whose host may take time away and adds to "
		     "what faults, interrupts and sleeping cost" },
};

static bool has_flag(const json_t *entries, const char *name)
{
	const json_t *entry, *flag;
	size_t i, j;

	json_array_foreach(entries, i, entry)
		json_array_foreach(json_object_get(entry, "flags"), j, flag)
			if (!strcmp(json_string_value(flag), name))
				return true;
	return false;
}

static size_t count_flagged(const struct kb_writeup *page, const char *flag)
{
	const json_t *entries;
	const char *name;
	size_t nr = 0;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(page->sides[s].index, name, entries)
			nr += has_flag(entries, flag);
	return nr;
}

static size_t count_cases(const struct kb_writeup *page)
{
	size_t nr = 0;

	for (size_t s = 0; s < page->nr_sides; s++)
		nr += json_object_size(page->sides[s].index);
	return nr;
}

/* What a fidelity means, once for all sides that have it; emulated ones have their own note. */
static void put_fidelities(struct kb_writeup *page)
{
	for (size_t f = 0; f < sizeof(fidelities) / sizeof(fidelities[0]); f++)
		for (size_t s = 0; s < page->nr_sides; s++) {
			const json_t *environment = json_object_get(page->sides[s].result,
								    "environment");

			if (strcmp(kb_text(environment, "fidelity"), fidelities[f].name) != 0)
				continue;
			kb_document_item(&page->doc, "Fidelity:", "%s, %s.", fidelities[f].name,
					 fidelities[f].means);
			break;
		}
}

static bool is_interleaved(const struct kb_writeup *page)
{
	for (size_t s = 0; s < page->nr_sides; s++)
		if (!json_object_get(page->sides[s].result, "experiment"))
			return false;
	return true;
}

static void put_boots(struct kb_writeup *page)
{
	size_t least, most = kb_writeup_boots(page, &least);

	if (most <= 1)
		kb_document_item(&page->doc, "Boots:", "one. Intervals are of the samples within "
				 "it; another boot can differ by more, so small differences mean "
				 "little.");
	else if (least == most)
		kb_document_item(&page->doc, "Boots:", "%zu of each kernel%s. A boot is one value; "
				 "intervals are between boots.", most,
				 page->nr_sides > 1 && is_interleaved(page) ? ", interleaved" : "");
	else
		kb_document_item(&page->doc, "Boots:", "%zu to %zu of each case. Where there are "
				 "several, a boot is one value and intervals are between boots; "
				 "intervals of one boot are of the samples within it.", least,
				 most);
}

/* "to 12 %", and where that is too large a number to mean something, that it is. */
static const char *precision(double half, char text[40])
{
	if (half > 1)
		return "which may be off by more than a factor of two";
	snprintf(text, 40, "to %.2g %%", 100 * half);
	return text;
}

static void put_wide(struct kb_writeup *page)
{
	const json_t *entries;
	const char *name, *widest = NULL;
	double most = WIDE;
	size_t wide = 0, known = 0;
	char text[40];

	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(page->sides[s].index, name, entries) {
			struct kb_writeup_figure figure = kb_writeup_figure(entries);
			double half;

			if (!(figure.value > 0) || !isfinite(figure.high))
				continue;
			half = fmax(figure.high / figure.value - 1, 1 - figure.low / figure.value);
			known++;
			wide += half > WIDE;
			if (half <= most)
				continue;
			most = half;
			widest = name;
		}
	if (wide)
		kb_document_item(&page->doc, "Intervals:", "%zu of %zu figures are known no better "
				 "than to %.0f %%; the least known is %s, %s.", wide, known,
				 100 * WIDE, kb_writeup_label(page, widest),
				 precision(most, text));
	else if (known)
		kb_document_item(&page->doc, "Intervals:", "all figures are known to %.0f %% or "
				 "better.", 100 * WIDE);
}

static void put_flags(struct kb_writeup *page)
{
	size_t all = count_cases(page);

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		size_t nr = count_flagged(page, flags[i].name);

		if (nr)
			kb_document_item(&page->doc, "Flags:", "%zu of %zu cases %s.", nr, all,
					 flags[i].means);
	}
}

/* "3 cases, in 2 boots; see below why." */
static int put_lost(struct kb_writeup *page, const char *lead, const char *status)
{
	struct kb_losses losses = { 0 };
	size_t least, nr, boots, i;
	const json_t *entry;
	char where[40] = "";
	int bad = 0;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_array_foreach(json_object_get(page->sides[s].result, "cases"), i, entry)
			if (!strcmp(kb_text(entry, "status"), status))
				bad |= kb_losses_add(&losses, entry, s);
	nr = kb_losses_cases(&losses);
	boots = kb_losses_boots(&losses);
	if (kb_writeup_boots(page, &least) > 1)
		snprintf(where, sizeof(where), ", in %zu boot%s", boots, boots == 1 ? "" : "s");
	if (nr)
		kb_document_item(&page->doc, lead, "%zu case%s%s; see below why.", nr,
				 nr == 1 ? "" : "s", where);
	kb_losses_free(&losses);
	return bad;
}

static int put_losses(struct kb_writeup *page)
{
	for (size_t s = 0; s < page->nr_sides; s++)
		if (!strcmp(kb_text(page->sides[s].result, "status"), "partial"))
			kb_document_item(&page->doc, "Partial:", "the run on %s ended early.",
					 page->sides[s].name);
	if (put_lost(page, "Failed:", "failed") || put_lost(page, "Skipped:", "skipped"))
		return -1;
	return 0;
}

static size_t count_warnings(const struct kb_writeup *page)
{
	size_t nr = json_array_size(page->notes);

	for (size_t s = 0; s < page->nr_sides; s++)
		nr += json_array_size(json_object_get(json_object_get(page->sides[s].result,
								      "environment"), "warnings"));
	return nr;
}

int kb_writeup_trust(struct kb_writeup *page)
{
	size_t warnings = count_warnings(page);
	int ret;

	kb_document_heading(&page->doc, "How far to trust it");
	put_fidelities(page);
	put_boots(page);
	put_wide(page);
	put_flags(page);
	ret = put_losses(page);
	if (warnings)
		kb_document_item(&page->doc, "Warnings:", "%zu, listed at the end.", warnings);
	return ret;
}
