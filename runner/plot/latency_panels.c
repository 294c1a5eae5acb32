// SPDX-License-Identifier: GPL-2.0
/* Distributions of latencies, from the histograms in results. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "entry_name.h"
#include "files_settings.h"
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
 * @name:  of the only result without what all of its cases have in common
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

/**
 * struct distributions - of a result
 * @path:   of it
 * @result: what it is called, empty when it is the only one; malloc()ed
 * @common: what the names of its cases have lost
 */
struct distributions {
	const char		*path;
	char			*result;
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

/*
 * The buckets of one boot, but those that kbench does not write. What is beyond all of them took at
 * most the longest.
 */
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
		json_int_t bucket = json_integer_value(index);
		double ops = json_number_value(json_array_get(counts, i));

		if (bucket < 0 || bucket >= KBENCH_HISTOGRAM_BUCKETS || ops <= 0)
			continue;
		/* An op of no tick took less than one: half of it, as an axis has no zero. */
		steps[to->nr++] = (struct step){
			fmin(fmax(kb_bucket_middle((unsigned int)bucket), 0.5) * resolution, max),
			ops,
		};
		to->ops += ops;
	}
	if (beyond > 0) {
		steps[to->nr++] = (struct step){ max, beyond };
		to->ops += beyond;
	}
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

bool kb_latency_is_drawable(const json_t *entry, const char *suite)
{
	const json_t *histogram = json_object_get(entry, "histogram");

	return json_object_get(histogram, "buckets") &&
	       !strcmp(kb_text(entry, "status"), "ok") &&
	       number(histogram, "max") > 0 && number(histogram, "resolution") > 0 &&
	       (!suite || !strcmp(kb_text(entry, "suite"), suite));
}

static void drop_empty(struct distributions *distributions)
{
	size_t nr = 0;

	for (size_t i = 0; i < distributions->nr; i++) {
		struct distribution *one = &distributions->all[i];

		if (one->nr) {
			distributions->all[nr++] = *one;
			continue;
		}
		free(one->steps);
		free(one->name);
	}
	distributions->nr = nr;
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

		if (bad || !kb_latency_is_drawable(entry, suite))
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
	drop_empty(to);
	return bad ? -1 : 0;
}

static void distributions_free(struct distributions *distributions)
{
	for (size_t i = 0; distributions->all && i < distributions->nr; i++) {
		free(distributions->all[i].steps);
		free(distributions->all[i].name);
	}
	free(distributions->all);
	free(distributions->result);
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
static int add_curve(struct kb_panel *panel, const struct distribution *one, const char *label)
{
	struct kb_line *line = &panel->lines[panel->nr_lines];
	double seen = 0;

	line->points = calloc(one->nr + 2, sizeof(*line->points));
	if (!line->points)
		return -1;
	panel->nr_lines++;
	kb_text_add(line->label, sizeof(line->label), "%s", label);
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

static struct kb_panel *begin_curves(struct kb_panels *panels, const struct distribution *one)
{
	struct kb_panel *panel = kb_panel_add(panels, KB_PLOT_PERCENTILES, KB_PANEL_SERIES);

	if (!panel)
		return NULL;
	panel->unit = one->unit;
	panel->guide = one->timer;
	kb_text_add(panel->suite, sizeof(panel->suite), "%s", one->suite);
	kb_text_add(panel->x_name, sizeof(panel->x_name),
		    "operations that took no longer, logarithmic");
	return panel;
}

/* Of one result: all cases beside each other. */
static int add_cases(struct kb_panels *panels, const struct distributions *from)
{
	struct kb_panel *panel = NULL;

	for (size_t i = 0; i < from->nr; i++) {
		const struct distribution *one = &from->all[i];

		if (!panel || panel->nr_lines == KB_PANEL_SERIES ||
		    strcmp(panel->suite, one->suite) != 0) {
			panel = begin_curves(panels, one);
			if (!panel)
				return -1;
			kb_text_add(panel->title, sizeof(panel->title), "latencies of %s %s",
				    one->suite, from->common);
		}
		/* The suite is in the title. */
		if (add_curve(panel, one, one->name + strlen(one->suite) + 1))
			return -1;
	}
	return 0;
}

static const struct distribution *find(const struct distributions *in, const char *name)
{
	for (size_t i = 0; i < in->nr; i++)
		if (!strcmp(in->all[i].name, name))
			return &in->all[i];
	return NULL;
}

/* Of several results: each case of @from's in panels of its own, with a curve for each of them. */
static int add_results(struct kb_panels *panels, const struct distributions *all, size_t nr,
		       const struct distributions *from)
{
	for (size_t i = 0; i < from->nr; i++) {
		const char *name = from->all[i].name;
		struct kb_panel *panel = NULL;

		for (size_t k = 0; k < nr; k++) {
			const struct distribution *one = find(&all[k], name);

			/* An earlier result that has it has drawn it. */
			if (one && &all[k] < from)
				break;
			if (!one)
				continue;
			if (!panel || panel->nr_lines == KB_PANEL_SERIES) {
				panel = begin_curves(panels, one);
				if (!panel)
					return -1;
				kb_text_add(panel->title, sizeof(panel->title), "latencies of %s",
					    name);
			}
			if (add_curve(panel, one, all[k].result) ||
			    kb_panels_from(panels, panels->nr_panels - 1, all[k].path))
				return -1;
		}
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

/* "latency; 50 % 120 ns, 99 % 1.2 us, 99.9 % 3 us, longest 30 us" */
static int add_marks(struct kb_panel *panel, const struct distribution *one)
{
	static const double shares[] = { 0.5, 0.99, 0.999 };
	struct kb_line *line = &panel->lines[1];
	char figure[KB_FIGURE_LEN];

	line->points = calloc(sizeof(shares) / sizeof(shares[0]), sizeof(*line->points));
	if (!line->points)
		return -1;
	panel->nr_lines = 2;
	kb_text_add(panel->x_name, sizeof(panel->x_name), "latency");
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		double value = quantile(one, shares[i]);

		line->points[line->nr_points++].x = value;
		kb_format_figure(figure, value, one->unit);
		kb_text_add(panel->x_name, sizeof(panel->x_name), "%s %g %% %s", i ? "," : ";",
			    100 * shares[i], figure);
	}
	kb_format_figure(figure, one->max, one->unit);
	kb_text_add(panel->x_name, sizeof(panel->x_name), ", longest %s", figure);
	return 0;
}

static int add_histograms(struct kb_panels *panels, const struct distributions *from)
{
	for (size_t i = 0; i < from->nr; i++) {
		const struct distribution *one = &from->all[i];
		struct kb_panel *panel = kb_panel_add(panels, KB_PLOT_HISTOGRAM, 2);

		if (!panel)
			return -1;
		panel->unit = one->unit;
		panel->guide = one->timer;
		kb_text_add(panel->suite, sizeof(panel->suite), "%s", one->suite);
		kb_text_add(panel->title, sizeof(panel->title), "%s%s%s", one->name,
			    *from->result ? ", " : "", from->result);
		if (add_bins(panel, one) || add_marks(panel, one) ||
		    kb_panels_from(panels, panels->nr_panels - 1, from->path))
			return -1;
	}
	return 0;
}

static int add_all(struct kb_panels *panels, const struct distributions *all, size_t nr,
		   enum kb_plot_kind kind)
{
	int bad = 0;

	for (size_t i = 0; !bad && i < nr; i++) {
		if (kind == KB_PLOT_HISTOGRAM)
			bad = add_histograms(panels, &all[i]);
		else if (nr == 1)
			bad = add_cases(panels, &all[i]);
		else
			bad = add_results(panels, all, nr, &all[i]);
	}
	return bad;
}

/* Names stay whole where results are to be told apart by them. */
static int collect_all(struct distributions *all, const struct kb_named_result *results, size_t nr,
		       const char *suite)
{
	int bad = 0;

	for (size_t i = 0; !bad && i < nr; i++) {
		all[i].path = results[i].path;
		all[i].result = nr > 1 ? kb_files_kernel(results[i].result) : strdup("");
		bad = !all[i].result || collect(&all[i], results[i].result, suite) ||
		      (nr == 1 && shorten(&all[i]));
	}
	return bad;
}

int kb_latency_panels(struct kb_panels *panels, const struct kb_named_result *results, size_t nr,
		      enum kb_plot_kind kind, const char *suite, struct kb_error *err)
{
	struct distributions *all = calloc(nr, sizeof(*all));
	int bad = !all || collect_all(all, results, nr, suite) || add_all(panels, all, nr, kind);

	for (size_t i = 0; all && i < nr; i++)
		distributions_free(&all[i]);
	free(all);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing") : 0;
}
