// SPDX-License-Identifier: GPL-2.0
/* kbench plot: results as a picture, in a file or on the terminal. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog.h"
#include "cli.h"
#include "command.h"
#include "paths.h"
#include "plot.h"
#include "result.h"
#include "result_files.h"
#include "screen.h"

enum {
	OPT_KIND = 256,
	OPT_TEMPLATE,
	OPT_TERM,
	OPT_WIDTH,
	OPT_PAGE,
};

/**
 * struct plot - what was asked for; texts and paths point into argv
 * @output:    NULL: none
 * @has_kind:  else the kind that fits best
 * @results:   read from @paths; paths in it are owned, too
 */
struct plot {
	char			**paths;
	int			nr_paths;
	const char		*output;
	bool			term;
	bool			has_kind;
	struct kb_plot_options	options;
	struct kb_named_result	*results;
	size_t			nr;
	struct kb_error		*err;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "the picture to write: its name ends in .png, .svg or .pdf",
	  0 },
	{ "term", OPT_TERM, NULL, 0, "draw with characters, on stdout (default on a terminal)", 0 },
	{ "kind", OPT_KIND,
	  "overview|bars|scaling|heatmap|percentiles|histogram|history|forest", 0,
	  "one of those below (default: what fits the results)", 0 },
	{ "suite", 's', "SUITE", 0, "draw this suite alone", 0 },
	{ "template", OPT_TEMPLATE, "FILE", 0, "draw with this gnuplot file in the place of "
	  "plots/KIND.gp", 0 },
	{ "width", OPT_WIDTH, "N", 0, "in pixels, or with --term in characters (default 800, or "
	  "the terminal's)", 0 },
	{ "page", OPT_PAGE, "N", 0, "of more cases than one picture can hold (default 1)", 0 },
	{ 0 },
};

static int usage(const struct plot *plot, const char *what)
{
	kb_fail(plot->err, KB_EXIT_USAGE, "%s, as in 'kbench plot results/NAME.json -o NAME.png'",
		what);
	return EINVAL;
}

static int set_kind(struct plot *plot, const char *name)
{
	const char *near = kb_near(name, kb_plot_kind_names, KB_NR_PLOT_KINDS);

	for (size_t i = 0; i < KB_NR_PLOT_KINDS; i++) {
		if (strcmp(kb_plot_kind_names[i], name) != 0)
			continue;
		plot->options.kind = (enum kb_plot_kind)i;
		plot->has_kind = true;
		return 0;
	}
	if (near)
		kb_fail(plot->err, KB_EXIT_USAGE, "no kind of plot is %s: did you mean %s?", name,
			near);
	else
		kb_fail(plot->err, KB_EXIT_USAGE, "no kind of plot is %s: they are overview, bars, "
			"scaling, heatmap, percentiles, histogram, history and forest", name);
	return EINVAL;
}

static int set_number(unsigned int *number, unsigned int least, unsigned int most,
		      const char *name, const char *text, struct kb_error *err)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value < least || value > most) {
		kb_fail(err, KB_EXIT_USAGE, "--%s %s: write a number from %u to %u", name, text,
			least, most);
		return EINVAL;
	}
	*number = (unsigned int)value;
	return 0;
}

static int set_page(struct plot *plot, const char *text)
{
	int ret = set_number(&plot->options.page, 1, 100000, "page", text, plot->err);

	if (!ret)
		plot->options.page--;
	return ret;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct plot *plot = state->input;

	switch (key) {
	case 'o':
		plot->output = arg;
		return 0;
	case 's':
		plot->options.suite = arg;
		return 0;
	case OPT_TERM:
		plot->term = true;
		return 0;
	case OPT_KIND:
		return set_kind(plot, arg);
	case OPT_TEMPLATE:
		plot->options.template = arg;
		return 0;
	case OPT_WIDTH:
		return set_number(&plot->options.width, 32, 4000, "width", arg, plot->err);
	case OPT_PAGE:
		return set_page(plot, arg);
	case ARGP_KEY_ARGS:
		plot->paths = state->argv + state->next;
		plot->nr_paths = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		return usage(plot, "which result? give a file written by kbench run");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_plot_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE|DIRECTORY...",
	.doc = "Draw results with gnuplot: into a file, or with characters on the terminal.\v"
	       "Kinds of plot:\n"
	       "  overview     lines, heat maps and bars: what fits each suite\n"
	       "  bars         what each case costs, the cheapest first\n"
	       "  scaling      lines over CPU counts or a parameter\n"
	       "  heatmap      what each pair of CPUs costs\n"
	       "  percentiles  latencies (of kbench run --latency)\n"
	       "  histogram    latencies: how many operations took how long\n"
	       "  history      cases over many results, with change points\n"
	       "  forest       a kernel against another, largest effects first\n\n"
	       "Without --kind one result gives an overview, two results or kernels a forest, "
	       "more a history, and those that cannot be compared an overview. "
	       "Each is a gnuplot file in plots/: copy it, change it, and name it with --template. "
	       "The first lines say what kbench puts into it.",
};

static int check(struct plot *plot)
{
	const char *template = plot->options.template;

	if (plot->output && plot->term)
		return usage(plot, "--term draws on the terminal, -o into a file: give one");
	if (!plot->output && !plot->term && !isatty(STDOUT_FILENO))
		return usage(plot, "where to? give the picture's name with -o, or --term to have "
			     "it drawn with characters");
	if (template && (!plot->has_kind || plot->options.kind == KB_PLOT_OVERVIEW))
		return kb_fail(plot->err, KB_EXIT_USAGE, "--template %s is for one kind of plot: "
			       "name it, too, as in --kind bars", template);
	if (template && (!kb_exists(template) || kb_is_directory(template)))
		return kb_fail(plot->err, KB_EXIT_USAGE, "no template %s: copy one of plots/ in "
			       "%s and change it", template, kb_data_dir());
	if (plot->output)
		return kb_plot_format_of(&plot->options.format, plot->output, plot->err);
	plot->options.format = KB_PLOT_TERM;
	return 0;
}

static int no_memory(const struct plot *plot)
{
	return kb_fail(plot->err, KB_EXIT_ENVIRONMENT, "out of memory");
}

static int add_result(void *ctx, const char *path, int argument, json_t *result)
{
	struct plot *plot = ctx;
	struct kb_named_result *more = realloc(plot->results, (plot->nr + 1) * sizeof(*more));

	if (!more)
		return no_memory(plot);
	plot->results = more;
	more[plot->nr++] = (struct kb_named_result){
		.path = kb_path("%s", path), .argument = argument, .result = json_incref(result),
	};
	return 0;
}

/* Directories are looked through as comparisons do it. @whole: with all that is in each result */
static int read_results(struct plot *plot, bool whole)
{
	json_t *ignored = json_array();
	int ret = (whole ? kb_result_files_whole : kb_result_files)(
		plot->paths, plot->nr_paths, ignored, add_result, plot, plot->err);
	const json_t *text;
	size_t i;

	if (!ret)
		json_array_foreach(ignored, i, text)
			kb_note("%s", json_string_value(text));
	json_decref(ignored);
	return ret;
}

static int read_again(struct plot *plot)
{
	for (size_t i = 0; i < plot->nr; i++) {
		json_t *result = kb_result_read(plot->results[i].path, plot->err);

		if (!result)
			return -1;
		json_decref(plot->results[i].result);
		plot->results[i].result = result;
	}
	return 0;
}

/* Kinds that compare results are content with a part of each; the others show more. */
static bool is_compared(enum kb_plot_kind kind)
{
	return kind == KB_PLOT_HISTORY || kind == KB_PLOT_FOREST;
}

static int read_all(struct plot *plot)
{
	bool whole = kb_result_files_once(plot->paths, plot->nr_paths) ||
		     (plot->has_kind && !is_compared(plot->options.kind));

	if (read_results(plot, whole))
		return -1;
	if (!plot->has_kind)
		plot->options.kind = kb_plot_best(plot->results, plot->nr,
						  plot->options.suite);
	return whole || is_compared(plot->options.kind) ? 0 : read_again(plot);
}

/* Escape sequences are for terminals that take them, and for users who did not say no. */
static bool wants_colour(void)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0 && !(no && *no);
}

static int draw_on_terminal(struct plot *plot)
{
	char *text;
	size_t size;
	int ret;

	if (!plot->options.width)
		plot->options.width = (unsigned int)kb_screen_width();
	plot->options.colour = wants_colour();
	ret = kb_plot_draw(&text, &size, &plot->options, plot->results, plot->nr, plot->err);
	if (!ret && (fwrite(text, 1, size, stdout) != size || fflush(stdout)))
		ret = kb_fail(plot->err, KB_EXIT_ENVIRONMENT, "cannot write the plot: %s",
			      strerror(errno));
	free(text);
	return ret;
}

static int draw(struct plot *plot)
{
	if (check(plot) || read_all(plot))
		return -1;
	if (plot->output)
		return kb_plot_write(plot->output, &plot->options, plot->results, plot->nr,
				     plot->err);
	return draw_on_terminal(plot);
}

int kb_cmd_plot(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct plot plot = { .err = &err };
	int ret = kb_cli_parse(&kb_plot_argp, argc, argv, &plot, &err);

	if (ret > 0)
		return KB_EXIT_OK;
	if (!ret)
		draw(&plot);
	for (size_t i = 0; i < plot.nr; i++) {
		free((char *)plot.results[i].path);
		json_decref(plot.results[i].result);
	}
	free(plot.results);
	return kb_cli_report(&err);
}
