/* SPDX-License-Identifier: GPL-2.0 */
/* A history for people and for programs. */
#ifndef KB_HISTORY_REPORT_H
#define KB_HISTORY_REPORT_H

#include "history.h"

/**
 * kb_history_print() - one series on stdout: a table of its cases, and one of its change points
 * @only_changed: leave out cases without one
 * @level: at which it was tested
 * Return: 0, or -1 with @err
 */
int kb_history_print(const struct kb_history_series *series, bool only_changed, double level,
		     struct kb_error *err);

/**
 * kb_history_json() - an object: confidence, series[] { name, arch, machine, fidelity, backend,
 * unit, flavour, order ("kernel" | "date"), tested, results[] { file, kernel, started }, cases[] {
 * name, suite, bench, params, phase, cpus, context, unit, exact, results[], boots[], values[],
 * ratio, p, changes[] { result, kernel, started, before, after, ratio, p, differs[] } } }
 * results[] of a case and result of a change are places in those of the series, values[] of the
 * same length. p is absent where nothing was tested. Series of one result are left out. NULL: no
 * memory
 */
json_t *kb_history_json(const struct kb_history *history, bool only_changed, double level);

#endif
