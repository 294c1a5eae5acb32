// SPDX-License-Identifier: GPL-2.0
#include "boot.h"

#include <stdlib.h>
#include <string.h>

#include "intake.h"

void kb_measured_clear(struct kb_measured *measured)
{
	for (size_t i = 0; i < measured->nr_series; i++)
		kb_series_free(&measured->series[i]);
	free(measured->series);
	for (size_t i = 0; i < measured->nr_histograms; i++)
		kb_histogram_free(&measured->histograms[i]);
	free(measured->histograms);
	for (size_t i = 0; i < KBENCH_MAX_COUNTERS; i++)
		free(measured->missing[i]);
	free(measured->perf_file);
	free(measured->perf_text);
	memset(measured, 0, sizeof(*measured));
}

int kb_boot_init(struct kb_boot *boot, size_t nr_cases)
{
	memset(boot, 0, sizeof(*boot));
	boot->measured = calloc(nr_cases + 1, sizeof(*boot->measured));
	boot->warnings = json_array();
	boot->log = json_array();
	boot->symbols = json_array();
	boot->nr_measured = nr_cases;
	boot->unit = "ns";
	kb_uuid(boot->id);
	if (boot->measured && boot->warnings && boot->log && boot->symbols)
		return 0;
	kb_boot_free(boot);
	return -1;
}

void kb_boot_free(struct kb_boot *boot)
{
	for (size_t i = 0; boot->measured && i < boot->nr_measured; i++)
		kb_measured_clear(&boot->measured[i]);
	free(boot->measured);
	json_decref(boot->machine);
	json_decref(boot->kernel);
	json_decref(boot->environment);
	json_decref(boot->during);
	json_decref(boot->warnings);
	json_decref(boot->log);
	json_decref(boot->symbols);
	memset(boot, 0, sizeof(*boot));
}
