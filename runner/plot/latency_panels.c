// SPDX-License-Identifier: GPL-2.0
/* Distributions of latencies, from the histograms in results. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "entry_name.h"
#include "latency.h"
#include "medium.h"
#include "plot_kinds.h"
#include "short_names.h"
#include "table.h"

/* Bars of a histogram to each factor of ten: fewer than buckets, so that each can be seen. */
#define BINS_A_DECADE	20

/** struct step - so many ops took that long, in the unit */
struct step {
	double	value;
	double	ops;
};

/**
 * struct distribution - of a case's latencies, all boots together
 * @name:  without what all of the result's cases have in common
 * @steps: ascending; @ops: of all
 * @timer: what timing takes, the least of the boots' medians; 0: not known
 */
struct distribution {
	char		*name;
	char		suite[KB_LABEL_LEN];
	const char	*unit;
	struct step	*steps;
	size_t		nr;
	double		ops;
	double		max;
	double		timer;
};

/** struct distributions - of a result; @common: what its cases have in common */
struct distributions {
	struct distribution	*all;
	size_t			nr;
	char			common[KB_LABEL_LEN];
};

static double number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

static int compare_steps(const void *a, const void *b)
{
	const struct step *p = a, *q = b;

	return (p->value > q->value) - (p->value < q->value);
}

/* The buckets of one boot. What is beyond all of them took at most the longest. */
static int add_steps(struct distribution *to, const json_t *histogram)
{
	const json_t *buckets = json_object_get(histogram, "buckets"), *index;
	const json_t *counts = json_object_get(buckets, "count");
	size_t more = json_array_size(json_object_get(buckets, "index")) + 1, i;
	struct step *steps = realloc(to->steps, (to->nr + more) * sizeof(*steps));
	double resolution = number(histogram, "resolution"), beyond = number(histogram, "beyond");
	double max = number(histogram, "max"), timer = number(histogram, "timer_cost");

	if (!steps)
		return -1;
	to->steps = steps;
	json_array_foreach(json_object_get(buckets, "index"), i, index) {
		unsigned int bucket = (unsigned int)json_integer_value(index);
		double ops = json_number_value(json_array_get(counts, i));

		/* An op of no tick took less than one: half of it, as an axis has no zero. */
		steps[to->nr++] = (struct step){
			fmin(fmax(kb_bucket_middle(bucket), 0.5) * resolution, max), ops,
		};
		to->ops += ops;
	}
	if (beyond > 0)
		steps[to->nr++] = (struct step){ max, beyond };
	to->ops += beyond;
	to->max = fmax(to->max, max);
	if (timer > 0 && (to->timer <= 0 || timer < to->timer))
		to->timer = timer;
	qsort(steps, to->nr, sizeof(*steps), compare_steps);
	return 0;
}

/* Of pairs of CPUs nothing but their numbers tells the cases apart. */
static int name_case(struct distribution *one, const json_t *entry)
{
	char name[KB_ENTRY_NAME_LEN];

	kb_entry_name(name, entry, !strcmp(kb_text(entry, "placement"), "pair"));
	kb_text_add(one->suite, sizeof(one->suite), "%s", kb_text(entry, "suite"));
	one->name = strdup(name);
	one->unit = kb_text(entry, "unit");
	return one->name ? 0 : -1;
}

static bool is_drawable(const json_t *entry, const char *suite)
{
	const json_t *histogram = json_object_get(entry, "histogram");

	return histogram && !strcmp(kb_text(entry, "status"), "ok") &&
	       number(histogram, "max") > 0 && number(histogram, "resolution") > 0 &&
	       (!suite || !strcmp(kb_text(entry, "suite"), suite));
}

static int collect(struct distributions *to, const json_t *result, const char *suite)
{
	const json_t *cases = json_object_get(result, "cases"), *entry, *place;
	json_t *places = json_object();
	int bad = !places;
	size_t i;

	to->all = calloc(json_array_size(cases) + 1, sizeof(*to->all));
	bad |= !to->all;
	json_array_foreach(cases, i, entry) {
		char name[KB_ENTRY_NAME_LEN];

		if (bad || !is_drawable(entry, suite))
			continue;
		kb_entry_name(name, entry, true);
		place = json_object_get(places, name);
		if (!place) {
			bad = json_object_set_new_nocheck(places, name,
							  json_integer((json_int_t)to->nr)) ||
			      name_case(&to->all[to->nr], entry);
		}
		bad |= add_steps(&to->all[place ? (size_t)json_integer_value(place) : to->nr],
				 json_object_get(entry, "histogram"));
		to->nr += !place;
	}
	json_decref(places);
	return bad ? -1 : 0;
}

static void distributions_free(struct distributions *distributions)
{
	for (size_t i = 0; distributions->all && i < distributions->nr; i++) {
		free(distributions->all[i].steps);
		free(distributions->all[i].name);
	}
	free(distributions->all);
}

static int shorten(struct distributions *distributions)
{
	size_t nr = distributions->nr;
	char **names = calloc(nr + 1, sizeof(char *));
	int ret = names ? 0 : -1;

	for (size_t i = 0; !ret && i < nr; i++)
		names[i] = distributions->all[i].name;
	if (!ret)
		ret = kb_names_shorten(names, nr, distributions->common,
				       sizeof(distributions->common));
	free(names);
	return ret;
}

/* The value that @share of the ops do not exceed. */
static double quantile(const struct distribution *one, double share)
{
	double seen = 0;

	for (size_t i = 0; i < one->nr; i++) {
		seen += one->steps[i].ops;
		if (seen >= share * one->ops)
			return one->steps[i].value;
	}
	return one->max;
}

/* Of each step the share that took longer, which the last has none of: there one op more counts. */
static int add_curve(struct kb_panel *panel, const struct distribution *one)
{
	struct kb_line *line = &panel->lines[panel->nr_lines];
	double seen = 0;

	line->points = calloc(one->nr + 2, sizeof(*line->points));
	if (!line->points)
		return -1;
	panel->nr_lines++;
	/* The suite is in the title. */
	kb_text_add(line->label, sizeof(line->label), "%s", one->name + strlen(one->suite) + 1);
	for (size_t i = 0; i < one->nr; i++) {
		double value = one->steps[i].value;

		line->points[line->nr_points++] = (struct kb_point){
			one->ops / (one->ops - seen), value, value, value, 0,
		};
		seen += one->steps[i].ops;
	}
	line->points[line->nr_points++] = (struct kb_point){
		one->ops, one->max, one->max, one->max, 0,
	};
	return 0;
}

static int add_curves(struct kb_panels *panels, const struct distributions *from,
		      const char *name)
{
	struct kb_panel *panel = NULL;

	for (size_t i = 0; i < from->nr; i++) {
		const struct distribution *one = &from->all[i];

		if (!panel || panel->nr_lines == KB_PANEL_SERIES ||
		    strcmp(panel->suite, one->suite) != 0) {
			panel = kb_panel_add(panels, KB_PLOT_PERCENTILES, KB_PANEL_SERIES);
			if (!panel)
				return -1;
			panel->unit = one->unit;
			panel->guide = one->timer;
			kb_text_add(panel->suite, sizeof(panel->suite), "%s", one->suite);
			kb_text_add(panel->title, sizeof(panel->title), "latencies of %s %s%s%s",
				    one->suite, from->common, *name ? ", " : "", name);
			kb_text_add(panel->x_name, sizeof(panel->x_name),
				    "operations that took no longer, logarithmic");
		}
		if (add_curve(panel, one))
			return -1;
	}
	return 0;
}

static long bin_of(double value)
{
	return (long)floor(log10(value) * BINS_A_DECADE);
}

static int add_bins(struct kb_panel *panel, const struct distribution *one)
{
	struct kb_line *line = &panel->lines[0];
	long last = 0;

	line->points = calloc(one->nr + 1, sizeof(*line->points));
	if (!line->points)
		return -1;
	panel->nr_lines = 1;
	for (size_t i = 0; i < one->nr; i++) {
		long bin = bin_of(one->steps[i].value);

		if (!line->nr_points || bin != last)
			line->points[line->nr_points++] = (struct kb_point){
				.x = pow(10, (double)bin / BINS_A_DECADE),
				.high = pow(10, (double)(bin + 1) / BINS_A_DECADE),
			};
		line->points[line->nr_points - 1].value += one->steps[i].ops;
		last = bin;
	}
	panel->low = 0.9;
	for (size_t i = 0; i < line->nr_points; i++)
		panel->high = fmax(panel->high, line->points[i].value);
	panel->high = fmax(panel->high, 10);
	return 0;
}

/* "locks/mutex cs=0, 8 CPUs: 50 % 120 ns, 99 % 1.2 us, 99.9 % 3 us, longest 30 us" */
static int add_marks(struct kb_panel *panel, const struct distribution *one)
{
	static const double shares[] = { 0.5, 0.99, 0.999 };
	struct kb_line *line = &panel->lines[1];
	char figure[KB_FIGURE_LEN];

	line->points = calloc(sizeof(shares) / sizeof(shares[0]), sizeof(*line->points));
	if (!line->points)
		return -1;
	panel->nr_lines = 2;
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		double value = quantile(one, shares[i]);

		line->points[line->nr_points++].x = value;
		kb_format_figure(figure, value, one->unit);
		kb_text_add(panel->title, sizeof(panel->title), "%s %g %% %s", i ? "," : ":",
			    100 * shares[i], figure);
	}
	kb_format_figure(figure, one->max, one->unit);
	kb_text_add(panel->title, sizeof(panel->title), ", longest %s", figure);
	return 0;
}

static int add_histogram(struct kb_panels *panels, const struct distribution *one,
			 const char *name)
{
	struct kb_panel *panel = kb_panel_add(panels, KB_PLOT_HISTOGRAM, 2);

	if (!panel)
		return -1;
	panel->unit = one->unit;
	panel->guide = one->timer;
	kb_text_add(panel->suite, sizeof(panel->suite), "%s", one->suite);
	kb_text_add(panel->title, sizeof(panel->title), "%s%s%s", one->name,
		    *name ? ", " : "", name);
	kb_text_add(panel->x_name, sizeof(panel->x_name), "latency, logarithmic");
	return add_bins(panel, one) || add_marks(panel, one) ? -1 : 0;
}

int kb_latency_panels(struct kb_panels *panels, const json_t *result, enum kb_plot_kind kind,
		      const char *suite, const char *name, struct kb_error *err)
{
	struct distributions distributions = { 0 };
	int bad = collect(&distributions, result, suite) || shorten(&distributions);

	if (!bad && kind == KB_PLOT_PERCENTILES)
		bad = add_curves(panels, &distributions, name);
	for (size_t i = 0; !bad && kind == KB_PLOT_HISTOGRAM && i < distributions.nr; i++)
		bad = add_histogram(panels, &distributions.all[i], name);
	distributions_free(&distributions);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing") : 0;
}
