// SPDX-License-Identifier: GPL-2.0
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "case_name.h"
#include "screen.h"
#include "stats.h"

/* A log gets a line this often, in seconds; a terminal sees every case. */
#define PLAIN_INTERVAL	5.0

/* What a case takes beside its time, until a few have shown it. */
#define CASE_OVERHEAD_S	0.02

/* The progress whose line a note has to clear: only one can be on the screen. */
static struct kb_progress *shown;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void clear_line(void)
{
	if (!shown || !shown->drawn)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	shown->drawn = false;
}

/* @important: a plain log gets the line even if it had one a moment ago. */
static void draw(struct kb_progress *progress, const char *line, bool important)
{
	if (progress->quiet)
		return;
	if (progress->rewrite) {
		fprintf(stderr, "\r\033[K%.*s", (int)kb_terminal_width(STDERR_FILENO) - 1,
			line);
		fflush(stderr);
		progress->drawn = true;
	} else if (important || now() - progress->printed >= PLAIN_INTERVAL) {
		fprintf(stderr, "%s\n", line);
		progress->printed = now();
	}
}

void kb_progress_begin(struct kb_progress *progress, const struct kb_plan *plan, bool quiet)
{
	const char *term = getenv("TERM");

	memset(progress, 0, sizeof(*progress));
	progress->plan = plan;
	progress->quiet = quiet;
	progress->rewrite = isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
	shown = progress;
	kb_note_prepare = clear_line;
}

void kb_progress_end(struct kb_progress *progress)
{
	clear_line();
	if (shown == progress) {
		shown = NULL;
		kb_note_prepare = NULL;
	}
}

void kb_progress_boot(struct kb_progress *progress, const char *what, size_t nr_done)
{
	char line[256];

	progress->nr_done = nr_done;
	progress->boot_done = 0;
	progress->case_since = 0;
	snprintf(line, sizeof(line), "%s: starting, %zu case%s to run", what,
		 progress->plan->nr_cases - nr_done,
		 progress->plan->nr_cases - nr_done == 1 ? "" : "s");
	draw(progress, line, true);
}

static void hello(void *ctx, double boot_to_agent_s)
{
	char line[128];

	if (boot_to_agent_s >= 0.1)
		snprintf(line, sizeof(line), "ready after %.1f s", boot_to_agent_s);
	else
		snprintf(line, sizeof(line), "ready");
	draw(ctx, line, true);
}

/* Seconds for the cases that are left, this one included. */
static double time_left(const struct kb_progress *progress)
{
	size_t left = progress->plan->nr_cases - progress->nr_done;
	double each = (double)progress->plan->time_ns * 1e-9 + CASE_OVERHEAD_S;

	if (progress->boot_done)
		each = (now() - progress->case_since) / (double)progress->boot_done;
	return each * (double)left;
}

static void format_time(char *text, size_t size, double seconds)
{
	if (seconds < 90)
		snprintf(text, size, "%.0f s", seconds < 1 ? 1 : seconds);
	else
		snprintf(text, size, "%.0f min", seconds / 60);
}

static void case_begin(void *ctx, unsigned int id)
{
	struct kb_progress *progress = ctx;
	char line[KB_CASE_NAME_LEN + 160], name[KB_CASE_NAME_LEN], left[32];

	if (progress->quiet || id >= progress->plan->nr_cases)
		return;
	if (progress->case_since <= 0)
		progress->case_since = now();
	kb_case_name(name, &progress->plan->cases[id]);
	format_time(left, sizeof(left), time_left(progress));
	snprintf(line, sizeof(line), "case %zu of %zu, %s left: %s%s%s", progress->nr_done + 1,
		 progress->plan->nr_cases, left, name, *progress->estimate ? "; last " : "",
		 progress->estimate);
	draw(progress, line, false);
}

static void format_estimate(char text[KB_FIGURE_LEN], const struct kb_measured *measured)
{
	struct kb_summary summary;

	text[0] = '\0';
	if (!kb_summarize(&summary, measured, 0))
		kb_format_figure(text, summary.per_op.median, "ns");
	kb_summary_free(&summary);
}

static void case_end(void *ctx, unsigned int id, const struct kb_measured *measured)
{
	struct kb_progress *progress = ctx;

	(void)id;
	progress->nr_done++;
	progress->boot_done++;
	if (progress->quiet)
		return;
	progress->estimate[0] = '\0';
	/* Counted instructions get their scale when all is measured. */
	if (measured->status == KB_CASE_OK && !progress->plan->cases[0].every_boot)
		format_estimate(progress->estimate, measured);
}

struct kb_progress_ops kb_progress_ops(struct kb_progress *progress)
{
	return (struct kb_progress_ops){
		.hello = hello, .case_begin = case_begin, .case_end = case_end, .ctx = progress,
	};
}
