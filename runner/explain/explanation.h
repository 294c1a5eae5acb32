/* SPDX-License-Identifier: GPL-2.0 */
/* Two profiles of one case beside each other. */
#ifndef KB_EXPLANATION_H
#define KB_EXPLANATION_H

#include "profile.h"

/**
 * struct kb_explained - one function in both kernels
 * @name: points into a profile
 * @a, @b: instructions for one op; 0: it does not run there
 * @loop: it is the bench's own loop
 */
struct kb_explained {
	const char	*name;
	double		a;
	double		b;
	bool		loop;
};

/** struct kb_explanation - @functions: largest difference first; valid as long as the profiles */
struct kb_explanation {
	struct kb_explained	*functions;
	size_t			nr;
	const struct kb_profile	*a;
	const struct kb_profile	*b;
};

/**
 * struct kb_explained_side - what was explained, for the reader
 * @path, @release: the result file, and its kernel
 */
struct kb_explained_side {
	const char	*path;
	const char	*release;
};

/** kb_explain() - 0, or -1 when out of memory; kb_explanation_free() in any case */
int kb_explain(struct kb_explanation *explanation, const struct kb_profile *a,
	       const struct kb_profile *b);
void kb_explanation_free(struct kb_explanation *explanation);

/**
 * kb_explanation_print() - as a table on stdout
 * @name:  of the case
 * @sides: A and B. Return: 0 or -1 with @err
 */
int kb_explanation_print(const struct kb_explanation *explanation, const char *name,
			 const struct kb_explained_side sides[2], struct kb_error *err);

/** kb_explanation_json() - the same as an object; NULL when out of memory */
json_t *kb_explanation_json(const struct kb_explanation *explanation, const char *name,
			    const struct kb_explained_side sides[2]);

#endif
