/* SPDX-License-Identifier: GPL-2.0 */
/* Results in the formats of other tools: one file a format, one table of them (formats.c). */
#ifndef KB_EXPORT_H
#define KB_EXPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "error.h"

/** enum kb_export_status - what became of a case in all boots together */
enum kb_export_status {
	KB_EXPORT_MEASURED,	/* in one boot at least */
	KB_EXPORT_SKIPPED,
	KB_EXPORT_FAILED,	/* not measured, and failed in one boot at least */
};

struct kb_export_result;

/**
 * struct kb_export_case - a case of a result, its boots taken together
 * @of:      the result
 * @entry:   of its first boot with figures, else of its first; borrowed, as all entries
 * @entries: array of those of all boots, as they stand in cases[]
 * @name:    "locks/mutex/cs=0/context=process/cpus=4", see kb_export_name()
 * @in_suite: the same behind "locks/"
 * @listed:  the numbers of its CPUs are a part of the name
 * @reason:  why it has no figures, or "1 of 3 boots failed: timed out"; "" where there is nothing
 * @boots:   how many have figures
 * @failed:  how many should have, and have none
 * @counted: the unit is instructions
 * @value:   per_op in ns or instructions: the median, of several boots their geometric mean
 * @low, @high: 95 % interval: of one boot the median's, of several Student's of their mean
 */
struct kb_export_case {
	const struct kb_export_result	*of;
	const json_t			*entry;
	json_t				*entries;
	char				*name;
	const char			*in_suite;
	bool				listed;
	enum kb_export_status		status;
	char				*reason;
	size_t				boots;
	size_t				failed;
	bool				counted;
	double				value;
	double				low;
	double				high;
};

/**
 * struct kb_export_result
 * @kernel:   release, and the tree that it was built in, where it was; of several results of one
 *            kernel each but the first has a number: "6.12.117 (2)"
 * @unnumbered: the same without it
 * @fidelity: "native", "virtual", "tcg", "icount"
 * @note:     what its figures are not good for, or NULL
 * @broken:   what went wrong with the whole run, which is then not to pass for good; or NULL
 * @cases:    those of a suite stand together
 */
struct kb_export_result {
	json_t			*result;
	char			*kernel;
	char			*unnumbered;
	const char		*fidelity;
	const char		*note;
	char			*broken;
	struct kb_export_case	*cases;
	size_t			nr;
};

/**
 * struct kb_export - what is written
 * @measured: cases that have figures
 * @halved:   of these, cases that failed in some boots
 */
struct kb_export {
	struct kb_export_result	*results;
	size_t			nr;
	size_t			nr_cases;
	size_t			measured;
	size_t			halved;
};

/**
 * struct kb_export_format
 * @says_skipped: cases without figures have a place in it
 * @write:      all of @export; 0 or -1 with @err. That @out failed, its caller notices
 * @write_case: instead of @write: a file holds one case
 * @has:        of those: whether there is anything of @kcase to write
 */
struct kb_export_format {
	const char	*name;
	const char	*help;
	bool		says_skipped;
	int		(*write)(FILE *out, const struct kb_export *export, struct kb_error *err);
	int		(*write_case)(FILE *out, const struct kb_export_case *kcase,
				      struct kb_error *err);
	bool		(*has)(const struct kb_export_case *kcase);
};

/** kb_export_formats - all of them; the last has no name */
extern const struct kb_export_format kb_export_formats[];

/** kb_export_format() - the one called @name; NULL with KB_EXIT_USAGE, naming a near one or all */
const struct kb_export_format *kb_export_format(const char *name, struct kb_error *err);

/**
 * kb_export_add() - append @result, of which a reference is taken
 * @only: NULL, or the one case that is wanted, as in kb_entry_is()
 * Return: 0, or -1 with @err, KB_EXIT_USAGE: figures that none of the formats can hold
 */
int kb_export_add(struct kb_export *export, json_t *result, const char *only,
		  struct kb_error *err);

/** kb_export_label() - once all are added: give the results of one kernel numbers. 0, or -1 */
int kb_export_label(struct kb_export *export);

/** struct kb_export_fact - what a result is of: "arch" is "x86_64"; "" where it is not known */
struct kb_export_fact {
	const char	*name;
	const char	*value;
};

#define KB_NR_EXPORT_FACTS	7

/** kb_export_facts() - kernel, arch, machine, cpu, target, backend and fidelity of @of */
void kb_export_facts(struct kb_export_fact facts[KB_NR_EXPORT_FACTS],
		     const struct kb_export_result *of);

/** kb_export_suite_end() - the first case behind those of the suite that case @first is of */
size_t kb_export_suite_end(const struct kb_export_result *of, size_t first);
void kb_export_free(struct kb_export *export);

/* Each in the file of its name. */
int kb_write_benchfmt(FILE *out, const struct kb_export *export, struct kb_error *err);
int kb_write_google_benchmark(FILE *out, const struct kb_export *export, struct kb_error *err);
int kb_write_ktap(FILE *out, const struct kb_export *export, struct kb_error *err);
int kb_write_lava(FILE *out, const struct kb_export *export, struct kb_error *err);
int kb_write_kcidb(FILE *out, const struct kb_export *export, struct kb_error *err);
int kb_write_bmf(FILE *out, const struct kb_export *export, struct kb_error *err);
int kb_write_prometheus(FILE *out, const struct kb_export *export, struct kb_error *err);
int kb_write_csv(FILE *out, const struct kb_export *export, struct kb_error *err);
int kb_write_junit(FILE *out, const struct kb_export *export, struct kb_error *err);
int kb_write_markdown(FILE *out, const struct kb_export *export, struct kb_error *err);
int kb_write_hgrm(FILE *out, const struct kb_export_case *kcase, struct kb_error *err);
bool kb_has_hgrm(const struct kb_export_case *kcase);

#endif
